"""How often a night may ask of its own accord: somebody who only talks in their sleep wants to go on sleeping.

Only the quiet question is counted, which a bare word such as "calf" gets asleep. Whoever tells of a cramp, calls, or
names a danger is answered however often it was wrong before.

    one question a night; another once a cramp was coached since; none after two that nobody answered,
    and then starts are doubted as if so often somebody had said "that was nothing", until morning
"""

from __future__ import annotations

from voice_assist.samples import samples

FALSE_QUESTIONS = 2
"""Questions that nobody answered after which none is asked until morning, and starts are doubted more. One less for
each time that somebody said "that was nothing" in this room."""

NIGHT = samples(8 * 3600.0)
"""Until morning, where nobody tells when that is: a long night's sleep after the question."""

REFRACTORY = samples(120.0)
"""After an episode: what is mumbled then is about the cramp that has just gone. "Cramp" begins at once as ever."""


class Night:
    """Counts the questions that nobody answered: silence, "no" and "that was nothing" are no answers."""

    def __init__(self) -> None:
        self._false_alarms = 0
        self._unanswered = 0
        self._spent = False
        """True from a question to the next cramp that is coached."""
        self._open = False
        """True from a question until it is known whether there was a cramp."""
        self._asked_at = 0
        self._quiet_until = 0
        self._told = False
        """True while somebody tells when the night is over."""

    @property
    def unanswered(self) -> int:
        """How many questions of this night nobody has answered."""
        return self._unanswered

    @property
    def false_alarms(self) -> int:
        """How often, for all that starts are doubted by, it was said in this room that there was nothing."""
        return self._false_alarms + (FALSE_QUESTIONS if self._unanswered >= FALSE_QUESTIONS else 0)

    def may_ask(self, now: int) -> bool:
        """Tell whether a bare word at sample `now` may get the quiet question."""
        if not self._told and now - self._asked_at >= NIGHT:
            self._over()
        most = FALSE_QUESTIONS - self._false_alarms
        return now >= self._quiet_until and not self._spent and self._unanswered < most

    def asked(self, now: int) -> None:
        """Take note that it was asked; that counts as a false question until somebody answers."""
        self._unanswered += 1
        self._spent = self._open = True
        self._asked_at = now

    def answered(self) -> None:
        """Take note that there is a cramp: a question that is open was none too many, and another may be asked."""
        self._unanswered -= self._open
        self._spent = self._open = False

    def taught(self, times: int = 1) -> None:
        """Take note that somebody said so many times that there was nothing."""
        self._false_alarms += times
        # What was coached since the last question was no cramp.
        self._spent = self._unanswered > 0

    def hours(self, *, night: bool, unanswered: int = 0) -> None:
        """Take note that the night begins, or ends; so many of its questions got no answer before we began."""
        self._over(unanswered)
        self._told = night

    def over(self, now: int, *, cramp: bool) -> None:
        """Take note that we sleep again, after a cramp or for nothing."""
        self._open = False
        if cramp:
            self._quiet_until = now + REFRACTORY

    def _over(self, unanswered: int = 0) -> None:
        self._unanswered = unanswered
        self._spent = unanswered > 0
