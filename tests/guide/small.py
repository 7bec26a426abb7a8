"""A small guide, for what the dialogue does whatever the subject."""

from __future__ import annotations

from voice_assist.events import Intent
from voice_assist.guide.dialogue import Dialogue
from voice_assist.guide.facts import ATTACK
from voice_assist.guide.orders import Order, Speak
from voice_assist.guide.pacing import Pace
from voice_assist.guide.protocol import (
    HELPED,
    OTHERWISE,
    SUSPECTED,
    Ask,
    Branch,
    Breath,
    Guide,
    Hold,
    Leave,
    Loop,
    Only,
    Part,
    Protocol,
    Question,
    Relapse,
    Rest,
    Routine,
    Say,
    Step,
)
from voice_assist.samples import samples

ROUTINES: dict[str, tuple[Step, ...]] = {
    "begin": (Say("Here."),),
    "course": (Part("gate"), Part("move"), Part("other"), Ask("progress"), Loop((Rest(samples(30)),))),
    "relieved": (Say("Good."), Say("Rest now."), Rest(samples(60))),
    "gentler": (Say("Let it rest."), Rest(samples(60))),
    "relapse": (Say("Back again."), Part(HELPED), Rest(samples(60))),
    "other_side": (Say("Other side."),),
    "untaught": (Say("Not that."),),
    "later": (Say("Later."),),
    "unsourced": (Say("From nobody."),),
    "source.R1": (Say("From a book."),),
    "bedtime": (Say("Stretch."), Hold(10), Say("Done.")),
    "why": (
        Say("Because."),
        Only(Leave(), when=frozenset({ATTACK})),
        Ask("more"),
        Say("And so."),
        Only(Rest(samples(8)), unless=frozenset({ATTACK})),
    ),
}
ALARMS: dict[str, tuple[Step, ...]] = {
    "emergency.heart": (Loop((Say("Call."), Rest(samples(5))), 2), Rest(samples(600))),
    "emergency.lung": (Loop((Say("Call, lung."), Rest(samples(5))), 2), Rest(samples(600))),
    "urgent.late": (Say("Too long."),),
}
QUESTIONS = (
    Question("doubt", "A cramp?", {"yes": Branch(place="same"), "no": Branch(sleep=True)}, Branch(sleep=True)),
    Question("progress", "Better?", {"better": Branch(goto="relieved"), "same": Branch()}),
    Question("more", "More?", {"yes": Branch(), "no": Branch(leave=True)}, Branch(leave=True)),
    Question(
        "sure",
        "Chest pain?",
        {"yes": Branch(goto="emergency.heart"), "no": Branch()},
        silence=Branch(goto="emergency.heart"),
        unclear=Branch(goto="emergency.heart"),
    ),
    Question("help", "Help?", {"yes": Branch(goto=SUSPECTED), "no": Branch()}, Branch(goto=SUSPECTED)),
    Question("swollen", "Swollen?", {"yes": Branch(learn=("swollen",)), "no": Branch(learn=("no swollen",))}),
    Question("stopped", "Have you stopped?", {"yes": Branch(), "no": Branch(say="Stop first.", again=True)}),
)
PROTOCOLS = (
    Protocol(
        "calf",
        ("calf", "unknown"),
        "course",
        {
            "gate": (
                Only(Ask("stopped"), when=frozenset({"wheel"})),
                Only(Ask("swollen"), when=frozenset({"old"})),
                Only(Say("No rubbing."), unless=frozenset({"no swollen"})),
            ),
            "move": (Say("Toes up.", sources=("R1",)), Hold(10)),
            "other": (Say("Foot flat."),),
        },
    ),
    Protocol("shin", ("shin",), "course", {"move": (Say("Press."),)}, tier="gentle"),
    Protocol("neck", ("neck",), "course", {"move": (Say("Rest your head."),)}, tier="comfort"),
)


def guide() -> Guide:
    routines = {name: Routine(name, steps) for name, steps in ROUTINES.items()}
    routines |= {name: Routine(name, steps, alarm=True) for name, steps in ALARMS.items()}
    routines["untaught"] = Routine("untaught", ROUTINES["untaught"], alarm=True)
    return Guide(
        protocols={place: protocol for protocol in PROTOCOLS for place in protocol.places},
        routines=routines,
        questions={question.name: question for question in QUESTIONS},
        reactions={"better": "relieved", "another_way": "gentler"},
        asides={"why": "why", "question.why": "why"},
        activities={"question.bedtime": "bedtime"},
        later="later",
        confirm={"emergency.heart": "sure", OTHERWISE: "help"},
        relapse=Relapse(samples(600), "relapse", ("move", "other")),
        sources={"R1": "source.R1"},
        unsourced="unsourced",
        begin="begin",
        doubt="doubt",
        untaught="untaught",
        other_side="other_side",
        clock=samples(600),
        overtime="urgent.late",
        numbers=("One.", "Two.", "Three."),
        short_count=(1,),
        breath=Breath("In.", 4, "Out.", 6),
    )


class Talk:
    """A dialogue on the small guide, and what it says."""

    def __init__(self, person: dict[str, bool] | None = None) -> None:
        self.now = 0
        self.said: list[str] = []
        self.dialogue = Dialogue(guide(), lambda _: samples(1), Pace(pause=0), person)

    @property
    def state(self) -> str:
        return self.dialogue.state.value

    def hears(self, what: str, /, **slots: str) -> list[str]:
        """Take in an intent; return what is said at once."""
        return self._take(self.dialogue.handle(Intent(what, what, slots), self.now))

    def mumbles(self) -> list[str]:
        """Take in something that is not understood; return what is said at once."""
        return self._take(self.dialogue.unclear(self.now))

    def passes(self, duration: float) -> list[str]:
        """Let seconds go by; return what is said meanwhile."""
        end = self.now + samples(duration)
        said: list[str] = []
        while (due := self.dialogue.due) is not None and due <= end:
            self.now = due
            said += self._take(self.dialogue.tick(due))
        self.now = end
        return said

    def _take(self, orders: tuple[Order, ...]) -> list[str]:
        said = [order.text for order in orders if isinstance(order, Speak)]
        self.said += said
        return said
