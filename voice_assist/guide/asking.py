"""A question that is open: how long it waits, and what silence and a muddle come to."""

from __future__ import annotations

from dataclasses import dataclass

from voice_assist.guide.protocol import Branch, Question
from voice_assist.samples import samples, whole_blocks

ANSWERING = samples(1.2)
"""A question waits at least this long after a word was last heard: slow, sleepy speakers are not cut off
(end-of-speech silence of about 1.2 s is customary: delivery.md section 5, R145)."""

MUDDLES = 2
"""So many utterances that are no answer count as an unclear answer (safety.md section 1, rule 3)."""


@dataclass
class Asking:
    """A question that is open."""

    question: Question
    guessed: bool = False
    """True if it was asked on suspicion, of whoever is there. It may be a television: then silence means sleep, and
    what goes on to be said means nothing."""
    about: str = ""
    """The safety answer that is suspected."""
    prompts: int = 0
    muddles: int = 0
    latest: int = 0
    """Sample at which silence counts even if somebody speaks, where it was asked on suspicion."""

    @property
    def expected(self) -> frozenset[str]:
        """The answers it waits for."""
        return frozenset(self.question.answers)

    def put(self, end: int) -> int:
        """Take note that the question will have been spoken by sample `end`; return when silence counts."""
        self.prompts += 1
        due = end + self.question.wait
        self.latest = due + whole_blocks(ANSWERING)
        return due

    def patience(self, due: int, heard: int) -> int:
        """Return when silence counts, given that somebody was speaking at sample `heard`."""
        later = max(due, whole_blocks(heard + ANSWERING))
        # A television never ends its sentences.
        return min(later, self.latest) if self.guessed else later

    def silence(self) -> Branch | None:
        """Return where silence leads; None if it is to be asked once more first."""
        if self.guessed:
            return Branch(sleep=True)
        return None if self.question.reprompt and self.prompts == 1 else self.question.silence

    def muddle(self) -> Branch | None:
        """Take in an utterance that is no answer; return where that leads, if it leads anywhere."""
        if self.guessed:
            return None
        self.muddles += 1
        return self.question.unclear if self.muddles >= MUDDLES else None
