"""At every rate that can be set a hold is as long as it is, to the sample, with the real voice and as it is played."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ears import NoEars
from voice_assist import content
from voice_assist.config import RATES, content_folder
from voice_assist.content import Pack
from voice_assist.events import Intent, Say
from voice_assist.guide.pacing import Pace, perform
from voice_assist.guide.protocol import Breathe, Hold
from voice_assist.guide.protocol import Say as SayStep
from voice_assist.samples import BLOCK, RATE, seconds, silence
from voice_assist.session import Session
from voice_assist.speak.engine import Pyttsx3Renderer
from voice_assist.speak.phrasebook import COUNTED, Phrasebook
from voice_assist.speak.playout import Ended, Playout, Started
from voice_assist.speak.utterances import Utterances
from voice_assist.testing import Quiet

real_voice = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the voices of this system are its own")

TRIED = (RATES[0], 100, 120, 145, 200, 300, RATES[-1])

MIDWAY = "Keep breathing."


@cache
def pack() -> Pack:
    return content.load(content_folder() / "en")


@cache
def book(rate: int) -> Phrasebook:
    """Return the real voice at a rate, with what a hold and a breath need."""
    guide = pack().guide
    phrases = Phrasebook(Pyttsx3Renderer(), "", rate, None, guide.numbers)
    phrases.prepare([*guide.numbers, MIDWAY, guide.breath.line_in, guide.breath.line_out, "Ease off. Let it go soft."])
    return phrases


def played(rate: int, steps: list[Hold | Breathe | SayStep], *, full: bool) -> Iterator[tuple[str, int, int, int]]:
    """Play steps one after the other; yield each line with where it should begin, where it began, and its end."""
    phrases, playout = book(rate), Playout()
    utterances = Utterances(playout)
    planned: list[tuple[str, int]] = []
    start = 0

    def length(text: str) -> int:
        return len(phrases.sound(text))

    for step in steps:
        lines, lasts = perform(step, pack().guide, Pace(), length, full=full)
        for line in lines:
            planned.append((line.text, start + line.offset))
            utterances.say(line.text, phrases.sound(line.text), start + line.offset)
        start += lasts
    _, marks = playout.play(start + RATE)
    begun = [mark.at for mark in marks if isinstance(mark, Started)]
    ended = [mark.at for mark in marks if isinstance(mark, Ended)]
    for (text, at), began, over in zip(planned, begun, ended, strict=True):
        yield text, at, began, over


@real_voice
@settings(deadline=None, max_examples=60)
@given(
    rate=st.sampled_from(TRIED),
    hold=st.integers(1, 30),
    how=st.sampled_from(["auto", "full", "short", "none"]),
    midway=st.sampled_from(["", MIDWAY]),
    full=st.booleans(),
)
def test_a_hold_is_exact_at_every_rate(rate: int, hold: int, how: str, midway: str, *, full: bool) -> None:
    steps: list[Hold | Breathe | SayStep] = [Hold(hold, how, midway), SayStep("Ease off. Let it go soft.")]
    for text, wanted, began, over in played(rate, steps, full=full):
        assert began == wanted, text
        if not text.startswith("Ease"):
            assert wanted % RATE == 0, text
            assert over <= hold * RATE, text
        else:
            assert began == hold * RATE


@real_voice
@pytest.mark.parametrize("rate", TRIED)
def test_breaths_are_never_late_at_any_rate(rate: int) -> None:
    lines = list(played(rate, [Breathe(2)], full=True))
    assert all(began == wanted for _, wanted, began, _ in lines)
    breath = pack().guide.breath
    both = (breath.line_in, breath.line_out)
    a_breath = breath.seconds_in + breath.seconds_out
    begun = [began for text, _, began, _ in lines if text in both]
    assert begun == [seconds * RATE for seconds in (0, 4, a_breath, a_breath + 4)]


@real_voice
@pytest.mark.parametrize("rate", TRIED)
def test_numbers_leave_a_silence_before_the_next(rate: int) -> None:
    for number in pack().guide.numbers:
        assert BLOCK < len(book(rate).sound(number)) <= COUNTED, number


@real_voice
def test_what_is_asked_for_is_about_what_is_spoken() -> None:
    sentences = [line for line in pack().lines() if re.fullmatch(r"(\w+ ){3,}\w+\.", line)][::5]
    words = sum(len(line.split()) for line in sentences)
    for rate in TRIED:
        sounds = Pyttsx3Renderer().render_all(sentences, "", rate)
        spoken = 60 * words / sum(seconds(len(pcm)) for _, pcm in sounds)
        # Short sentences: what they end with takes its time at 400, too.
        assert spoken == pytest.approx(rate, rel=0.15), rate


@real_voice
@pytest.mark.parametrize("rate", [RATES[0], RATES[-1]])
def test_the_calf_is_held_for_ten_seconds_by_the_whole_machine(rate: int) -> None:
    phrases = Phrasebook(Pyttsx3Renderer(), "", rate, None, pack().guide.numbers)
    session = Session(pack(), NoEars(), phrases, Quiet())
    session.act(Intent(pack().start, "start", {"place": "calf"}))
    said: list[Say] = []
    sound = []
    while not any(before.text == "One." for before in said[:-1]):
        assert session.now < 120 * RATE
        session.hear(silence(BLOCK))
        sound.append(session.speak(BLOCK))
        said += [action for action in session.actions() if isinstance(action, Say)]
    texts = [line.text for line in said]
    ten, after = said[texts.index("Ten.")], said[texts.index("One.") + 1]
    assert after.text.startswith("Ease off.")
    assert after.at - ten.at == 10 * RATE
    # And in what was played: nothing just before the two lines, and sound right after their beginning.
    session.hear(silence(RATE))
    pcm = np.concatenate((*sound, session.speak(RATE))).astype(int)
    for line in (ten, after):
        assert np.abs(pcm[line.at - 2 * BLOCK : line.at]).max() == 0
        assert np.abs(pcm[line.at : line.at + 3 * BLOCK]).max() > 100
