"""Our own voice is not a command: what we say is known, word by word, with its time.

No signal processing: this works with any loudspeaker and any room, because it compares words, not
sound. An echo canceller can help in front of it and is not needed by it.
"""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass, replace

from rapidfuzz import fuzz

from voice_assist.events import Hypothesis, Word
from voice_assist.samples import samples

SLACK = samples(0.25)
"""How far the heard word may lie from where we said it: word times in our own lines are estimated from
the letters. More would also take away "better" from somebody who answers before we have finished asking."""

ALIKE = 80.0
"""Likeness from which a heard word counts as the one that we said: echoes come back misheard."""

ALIKE_SO_FAR = 70.0
"""The same for a word of a partial, which may be taken back: "push" is "hush" for a moment."""

TAIL = samples(0.2)
"""How long a room goes on sounding, and how badly a recognizer places the edge of a word."""

OVER = samples(0.4)
"""How far back the newest word of a partial without times may lie."""

RECENT = samples(1.5)
"""How far back the words of a partial may lie that has no times."""

MEMORY = samples(15.0)
"""How long a line is remembered after its end: longer than any utterance that it could have begun."""


@dataclass(frozen=True)
class _Own:
    text: str
    start: int
    end: int


class OwnVoice:
    """Remembers what was said lately, and takes it out of what is heard."""

    def __init__(self) -> None:
        self._words: deque[_Own] = deque()

    def said(self, text: str, start: int, length: int) -> None:
        """Note a line that begins to sound at sample `start` and takes `length` samples."""
        while self._words and self._words[0].end < start - MEMORY:
            self._words.popleft()
        words = re.findall(r"(?:[^\W_]|')+", text.lower())
        letters = sum(len(word) + 1 for word in words)
        position = 0
        for word in words:
            begin = start + length * position // letters
            position += len(word) + 1
            self._words.append(_Own(word, begin, start + length * position // letters))

    def cut(self, at: int) -> None:
        """Note that our voice fell silent at a sample: what would have followed was never said."""
        self._words = deque(word for word in self._words if word.start < at)

    def removed_from(self, heard: Hypothesis, now: int, lag: int = 0) -> Hypothesis:
        """Return what is heard by sample `now` without our own words.

        `lag` is how late our sound reaches the microphone. A partial without word times loses every
        word that we said within the last RECENT samples, or that begins like one of them: "stop" may
        be the beginning of our "straighten". Its final tells more, a moment later. What was heard as
        `barge_in` loses whole words only: there are too few for a beginning to be one of them; and of its rivals every
        one that holds a word of ours.
        """
        if heard.typed or not self._words:
            return heard
        recent = Word("", max(0, now - RECENT), now)
        words = heard.words or tuple(replace(recent, text=text) for text in heard.text.split())
        beginnings = not (heard.words or heard.barge_in)
        kept = tuple(word for word in words if not self._is_ours(word, lag, beginnings=beginnings))
        if heard.barge_in:
            others = [rival for rival in heard.rivals if not self._holds_ours(rival[0], recent, lag)]
            heard = replace(heard, rivals=tuple(others))
        if len(kept) == len(words):
            return heard
        return replace(heard, text=" ".join(word.text for word in kept), words=kept if heard.words else ())

    def over(self, heard: Hypothesis, now: int, lag: int = 0) -> bool:
        """Tell whether our voice was sounding while half of this was said, or more: then it may be made of ours."""
        words = heard.words or (Word("", now - OVER, now),)
        covered = sum(any(self._covers(own, word, lag) for own in self._words) for word in words)
        return 2 * covered >= len(words)

    @staticmethod
    def _covers(own: _Own, word: Word, lag: int) -> bool:
        return own.start + lag - TAIL < word.end and word.start < own.end + lag + TAIL

    def _holds_ours(self, text: str, when: Word, lag: int) -> bool:
        return any(self._is_ours(replace(when, text=word), lag, beginnings=False) for word in text.split())

    def _is_ours(self, word: Word, lag: int, *, beginnings: bool) -> bool:
        return any(
            own.start + lag - SLACK <= word.end
            and word.start <= own.end + lag + SLACK
            and (
                fuzz.ratio(own.text, word.text) >= (ALIKE_SO_FAR if beginnings else ALIKE)
                or (beginnings and own.text[:2] == word.text[:2])
            )
            for own in self._words
        )
