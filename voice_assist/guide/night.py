"""How often a night may ask of its own accord: somebody who only talks in their sleep wants to go on sleeping.

Only the quiet question is counted, which a bare word such as "calf" gets asleep. Whoever tells of a cramp, calls, or
names a danger is answered however often it was wrong before.
"""

from __future__ import annotations

from voice_assist.samples import samples

FALSE_QUESTIONS = 2
"""Questions that nobody answered after which none is asked until morning. One less for each time that somebody said
"that was nothing" in this room."""

NIGHT = samples(8 * 3600.0)
"""Until morning, where no quiet hours tell when that is: a long night's sleep after the question."""

REFRACTORY = samples(120.0)
"""After an episode: what is mumbled then is about the cramp that has just gone. "Cramp" begins at once as ever."""


class Night:
    """Counts the questions that nobody answered."""

    def __init__(self) -> None:
        self._false_alarms = 0
        self._unanswered: list[int] = []
        self._quiet_until = 0
        self._quiet_hours = False

    @property
    def false_alarms(self) -> int:
        """How often it was said in this room that there was nothing."""
        return self._false_alarms

    def may_ask(self, now: int) -> bool:
        """Tell whether a bare word at sample `now` may get the quiet question."""
        self._unanswered = [asked for asked in self._unanswered if self._quiet_hours or now - asked < NIGHT]
        return now >= self._quiet_until and len(self._unanswered) < FALSE_QUESTIONS - self._false_alarms

    def asked(self, now: int) -> None:
        """Take note that it was asked; that counts as a false question until somebody answers."""
        self._unanswered.append(now)

    def answered(self) -> None:
        """Take note that there was a cramp: the questions before were no nuisance."""
        self._unanswered.clear()

    def taught(self, times: int = 1) -> None:
        """Take note that somebody said so many times that there was nothing."""
        self._false_alarms += times

    def hours(self, *, quiet: bool) -> None:
        """Take note that quiet hours begin, or end: until then no night is over, and then every count is."""
        if quiet != self._quiet_hours:
            self._unanswered.clear()
        self._quiet_hours = quiet

    def over(self, now: int) -> None:
        """Take note that an episode has ended."""
        self._quiet_until = now + REFRACTORY
