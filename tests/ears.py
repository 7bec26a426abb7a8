"""Ears for a session."""

from __future__ import annotations

from voice_assist.events import Hypothesis
from voice_assist.samples import Samples


class NoEars:
    """Hear nothing; what hears something is made of them."""

    name = "none"
    missing: frozenset[str] = frozenset()

    def accept(self, pcm: Samples, *, barge_in: bool = False) -> list[Hypothesis]:
        del pcm, barge_in
        return []

    def finish(self) -> list[Hypothesis]:
        return []

    def look_again(self, since: int, *, expected: bool = False) -> list[Hypothesis]:
        del since, expected
        return []

    def reset(self) -> None:
        pass

    def troubles(self) -> list[str]:
        return []

    def close(self) -> None:
        pass
