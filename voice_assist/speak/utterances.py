"""What is said, by number: from its text to its first sample in the air and its last."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from voice_assist.events import Said, Say
from voice_assist.samples import Samples
from voice_assist.speak.playout import Ended, Playout, Started


class Utterances:
    """The utterances of a playout, and their texts."""

    def __init__(self, playout: Playout) -> None:
        self._playout = playout
        self._count = 0
        self._texts: dict[int, str] = {}
        """Those that are not over yet."""
        self.sounding: Started | None = None
        """The one that is being played."""

    def say(self, text: str, pcm: Samples, at: int) -> int:
        """Queue the sound of a text for sample `at`, or the first free one after it; return where it begins."""
        self._count += 1
        self._texts[self._count] = text
        return self._playout.say(self._count, pcm, at)

    def hush(self) -> None:
        """Fade out what sounds, and drop what waits."""
        for never_begun in self._playout.hush():
            del self._texts[never_begun]

    def told(self, marks: Iterable[Started | Ended]) -> Iterator[Say | Said]:
        """Yield what began and ended as it is told to the outside."""
        for mark in marks:
            if isinstance(mark, Started):
                self.sounding = mark
                yield Say(mark.at, mark.utterance, self._texts[mark.utterance])
            else:
                self.sounding = None
                yield Said(mark.at, mark.utterance, self._texts.pop(mark.utterance), mark.cut)
