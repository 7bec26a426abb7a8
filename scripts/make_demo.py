"""Make the recording that ships with the content: a night call, spoken by the synthesizer.

    scripts/make_demo.py content/en/demo.flac

Nobody was recorded. The person's voice is another one than the assistant's.
"""

from __future__ import annotations

import sys
from pathlib import Path

import soundfile

from voice_assist.samples import RATE, samples, silence
from voice_assist.speak.engine import Pyttsx3Renderer

VOICE, SPEED = "en-gb+m3", 160
CALL = ((1.0, "oh, my calf is cramping"), (60.0, "a bit better"))
"""Seconds from the start, and what the person says then: at first, and when asked."""
LENGTH = 64.0


def main() -> None:
    """Write the recording."""
    sound = silence(samples(LENGTH))
    for at, words in CALL:
        pcm = Pyttsx3Renderer().render(words, VOICE, SPEED) // 2
        sound[samples(at) : samples(at) + len(pcm)] = pcm
    soundfile.write(Path(sys.argv[1]), sound, RATE, subtype="PCM_16")


if __name__ == "__main__":
    main()
