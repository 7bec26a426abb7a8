"""The recognizer port: sound in, hypotheses out. Engines stand behind it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from voice_assist.events import Hypothesis
from voice_assist.samples import Samples


class Recognizer(Protocol):
    """A speech recognizer told beforehand which sentences to expect.

    Word times in its hypotheses are samples counted over everything accepted since the last
    `reset()` (or since it was made); the caller adds where that stream began.
    """

    @property
    def name(self) -> str:
        """Which model listens, in a few plain words for the user."""
        ...

    @property
    def missing(self) -> frozenset[str]:
        """Words of the grammar that the model cannot hear; phrases with them are not listened for."""
        ...

    def accept(self, pcm: Samples, *, barge_in: bool = False) -> Sequence[Hypothesis]:
        """Take in sound and return what is new: changed partials, finals at the engine's endpoint.

        With `barge_in` it also listens for the few words that are said over our voice, from a little before on, and
        marks what it hears so; without it, that utterance is over.
        An engine in another process may answer a little later: with the next call.
        """
        ...

    def finish(self) -> Sequence[Hypothesis]:
        """End the utterance now and return its final hypothesis (none if nothing was heard).

        The stream's sample count goes on: only `reset()` sets it to zero.
        """
        ...

    def look_again(self, since: int, *, expected: bool = False) -> Sequence[Hypothesis]:
        """Hear all from sample `since` on a second time, in any words or, if `expected`, in those that are expected.

        Returns one hypothesis that is marked `again`, with other wordings as its rivals; none where an engine cannot do
        that, or knows no more of the sound. An engine in another process may answer a little later, as to `accept`.
        """
        ...

    def reset(self) -> None:
        """Forget the utterance and count samples from zero again."""
        ...

    def troubles(self) -> Sequence[str]:
        """Return what went wrong since the last call, a line each: a restart, for example."""
        ...

    def close(self) -> None:
        """Let go of the engine. Safe to call twice."""
        ...
