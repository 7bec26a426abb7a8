"""How loud we speak: soft at first, as loud as the person, louder where nobody answers, never above the ceiling."""

from __future__ import annotations

STEP = 6.0
"""dB of one "louder" or "quieter": clearly heard, not frightening (delivery.md section 1)."""

SOFTEST, LOUDEST = -30.0, 12.0
"""dB. Below, a voice is lost under a pillow; above, the playout's ceiling takes over."""

USUAL = 30.0
"""dB by which somebody who speaks as usual is louder than a quiet bedroom, at the microphone beside the bed."""

SHARE, SOFTER, LOUDER = 0.5, -3.0, 9.0
"""How much of the difference to that we follow, and the bounds in dB: a scream is not to be answered by a scream, and a
whisper must still be heard by somebody whose ears are on the pillow."""

UNANSWERED = 3.0
"""dB for each question that has to be put again (delivery.md section 6: rise if there is no response)."""


class Volume:
    """The volume of one session, in dB."""

    def __init__(self, base: float, ceiling: float = LOUDEST) -> None:
        """Take where a night begins, and what is never exceeded."""
        self._base, self._ceiling = base, ceiling
        self._asked = self._follows = self._raised = 0.0

    @property
    def now(self) -> float:
        """The volume."""
        return self._held(self._base + self._asked + self._follows + self._raised)

    def change(self, steps: int) -> None:
        """Take in that somebody asked for louder (+1) or quieter (-1): it holds until they ask again."""
        wanted = self._held(self.now + steps * STEP)
        self._asked = wanted - self._base - self._follows - self._raised

    def follow(self, above: float) -> None:
        """Take in by how many dB a cry for help was louder than the room; it holds to the end of the episode."""
        self._follows = min(max(SHARE * (above - USUAL), SOFTER), LOUDER)

    def unanswered(self) -> None:
        """Take in that nobody answered a question."""
        self._raised += UNANSWERED

    def rest(self) -> None:
        """Take in that the episode is over: the next begins as softly as the first."""
        self._follows = self._raised = 0.0

    def _held(self, volume: float) -> float:
        return min(max(volume, SOFTEST), self._ceiling)
