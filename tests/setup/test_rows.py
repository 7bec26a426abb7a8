"""Each row of safety.md section 6, from the answer at set-up to the night that it changes.

What a row changes in every place, and in every course that a night can take, `tests/content/en/test_profiles.py` holds;
here it is that a "yes" of the day is there at night, and a "no" changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from tests.evening import Evening
from tests.setup.conftest import ZONE, Keyboard
from voice_assist import config
from voice_assist.assembly import known_of, load_pack, manner_for
from voice_assist.config import Settings
from voice_assist.content import Pack
from voice_assist.events import Action, Intent, Say
from voice_assist.setup.interview import Interview
from voice_assist.setup.typed import TypedSetup
from voice_assist.testing import scripted_session

NUMBER = {"Which country are you in?": "germany", "Is that your emergency number?": "yes"}

MOST = 80
"""Questions that a set-up may ask."""

SWOLLEN = "Does the leg feel swollen or hot?"
RUB = "Stroke it lightly with your palm."


class Answers(Keyboard):
    """Answers by the question that is open: "no" to those that are not among them."""

    def __init__(self, answers: dict[str, str], says: list[str]) -> None:
        super().__init__(())
        self._answers = answers
        self._says = says

    def wait(self, timeout_s: float) -> str | None:
        """Return the answer to what was said last."""
        del timeout_s
        self.left.append(self._says[-1])
        assert len(self.left) < MOST, f"it never ends: {self.left[-3:]}"
        return self._answers.get(self._says[-1], "no")


def said_at_set_up(pack: Pack, file: Path, *yes: str, **answers: str) -> list[str]:
    """Set up by keyboard, with "yes" to these questions and "no" to all others; return what was said."""
    session = scripted_session(pack)
    taken = Interview(session, pack, file, Settings(), ZONE)
    says: list[str] = []

    def on_action(action: Action) -> None:
        taken(action)
        if isinstance(action, Say):
            says.append(action.text)

    session.act(Intent("question", "question", {"topic": "setup"}))
    keyboard = Answers({**NUMBER, **dict.fromkeys(yes, "yes"), **answers}, says)
    typed = TypedSetup(session, pack, taken, on_action, lambda _: None)
    typed.run(keyboard, lambda: session.idle or taken.again)
    session.close()
    assert taken.ended
    assert set(yes) <= set(says), "it was never asked"
    return says


def set_up(pack: Pack, file: Path, *yes: str, **answers: str) -> Settings:
    """Set up as `said_at_set_up` does; return what is read of it later."""
    said_at_set_up(pack, file, *yes, **answers)
    return config.load(file)


@cache
def spoken_to() -> Pack:
    """Return the pack of the night, with the number and the name that are set up here."""
    return load_pack(Settings(emergency_number="112", call_name="your daughter"))


def night(settings: Settings, place: str = "calf", feels: str = "same", **how: str) -> list[str]:
    """Return what is said to whom these settings belong, in a night with a cramp."""
    evening = Evening(spoken_to(), person=known_of(settings, spoken_to()))
    return evening.hears("start", place=place, **how).lives(feels=[feels]).texts


def asked(settings: Settings, topic: str) -> list[str]:
    """Return what is said to a question in peace."""
    pack = spoken_to()
    return Evening(pack, person=known_of(settings, pack)).hears("question", topic=topic).passes(40.0).texts


def first(lines: list[str], line: str) -> int:
    return lines.index(line) if line in lines else len(lines)


def asks_of_clots_first(settings: Settings) -> bool:
    lines = night(settings)
    return first(lines, SWOLLEN) < first(lines, "Straighten that leg.") and RUB not in lines


CLOTS = "Ever a blood clot, cancer, or recent surgery?"
STILL = "A long trip, much bed rest, or oestrogen?"
FEET = "Do you have diabetes, or numb feet?"
FLUIDS = "Kidney disease, a weak heart, or little salt?"
MEDICINES = "A statin, a water medicine, or an inhaler?"
JOINTS = "A new hip or knee, or a fracture?"
BONES = "Brittle bones, or a disease of the spine?"
PRESSURE = "High blood pressure, a hernia, or eye surgery?"

ROWS: dict[str, tuple[tuple[str, ...], Callable[[Settings], bool]]] = {
    "65 or older": (
        ("Are you sixty-five or older?",),
        lambda settings: "Sit on the bed edge before you stand." in night(settings, feels="better"),
    ),
    "65 or older: louder": (
        ("Are you sixty-five or older?",),
        lambda settings: manner_for(settings, spoken_to()).volume > Settings().volume,
    ),
    "pregnant": (("Are you pregnant?",), asks_of_clots_first),
    "pregnant from 28 weeks": (
        ("Are you pregnant?", "Are you past twenty-eight weeks?"),
        lambda settings: not [line for line in night(settings, "hamstring") if line.startswith("Lie back")],
    ),
    "blood thinners": (
        ("Do you take blood thinners?",),
        lambda settings: RUB not in (lines := night(settings)) and "Use your shin. Firm but gentle." not in lines,
    ),
    "blood thinners, hip": (
        ("Do you take blood thinners?",),
        lambda settings: "Blood thinners can cause hidden bleeding." in night(settings, "hip_flexor"),
    ),
    # Whether the skin feels normal is asked of everybody before a pack; here it is asked before any advice, too.
    "diabetes": (
        (FEET, "Do you have diabetes?"),
        lambda settings: "Numb skin there, or poor blood flow?" in asked(settings, "sore_or_tight"),
    ),
    "numb feet": (
        (FEET, "Do your feet often feel numb?"),
        lambda settings: "Skip heat and cold. Ask your doctor." in asked(settings, "sore_or_tight"),
    ),
    "poor circulation": (
        ("Do your legs hurt when you walk?",),
        lambda settings: "Rest that leg on a pillow." not in asked(settings, "elevate"),
    ),
    "a clot before": ((CLOTS, "Have you ever had a blood clot?"), asks_of_clots_first),
    "cancer": ((CLOTS, "Do you have cancer, or its treatment?"), asks_of_clots_first),
    "recent surgery": (
        (CLOTS, "Any operation in the last three months?"),
        lambda settings: "Any break, cast, or new surgery there?" in night(settings),
    ),
    "a long trip": ((STILL, "Any long journey in the last four weeks?"), asks_of_clots_first),
    "lying much": ((STILL, "Do you mostly lie or sit still?"), asks_of_clots_first),
    "oestrogen": ((STILL, "Do you take oestrogen, or birth control?"), asks_of_clots_first),
    **{
        question: (
            (FLUIDS, question),
            lambda settings: "Sip some water, if you're allowed fluids." not in asked(settings, "water"),
        )
        for question in (
            "Do you have kidney disease, or dialysis?",
            "Do you have a weak heart?",
            "Must you limit salt or fluids?",
        )
    },
    "statin": (
        (MEDICINES, "Do you take a statin for cholesterol?"),
        lambda settings: "On a statin with muscle pain? Ask today." in night(settings, feels="better"),
    ),
    **{
        question: (
            (MEDICINES, question),
            lambda settings: "New medicine lately? Ask your pharmacist." in night(settings, feels="better"),
        )
        for question in ("Do you take a diuretic, or water medicine?", "Do you use an inhaler every day?")
    },
    **{
        question: (
            (group, question),
            lambda settings: "Lie back. Bend both knees." not in night(settings, "buttock"),
        )
        for group, question in (
            (JOINTS, "Do you have a new hip?"),
            (JOINTS, "Do you have a new knee?"),
            (BONES, "Do you have brittle bones?"),
            (BONES, "Do you have a disease of the spine?"),
        )
    },
    "fracture": (
        (JOINTS, "Do you have a fracture, or a cast?"),
        lambda settings: "Any break, cast, or new surgery there?" in night(settings),
    ),
    "sickle cell": (
        ("Do you have sickle cell, or its trait?",),
        lambda settings: any("one one two" in line for line in night(settings, after="after_effort")),
    ),
    **{
        question: ((PRESSURE, question), lambda settings: "Keep breathing." in night(settings)[:16])
        for question in (
            "Do you have high blood pressure?",
            "Do you have a hernia?",
            "Any eye operation in the last three months?",
        )
    },
    "a child": (("Is this for a child?",), lambda settings: "Can your child stand and walk?" in night(settings)),
    "hears badly": (
        ("Do you hear badly at night?",),
        lambda settings: manner_for(settings, spoken_to()).volume >= Settings().volume + 8,
    ),
}
"""Row to the questions that are answered with "yes", and what of the night tells that it was."""


@pytest.fixture(scope="module")
def nothing(pack: Pack, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of somebody who said no to everything."""
    return set_up(pack, tmp_path_factory.mktemp("own") / "settings.toml")


@pytest.mark.parametrize("row", ROWS)
def test_what_was_told_by_day_is_there_at_night_and_nowhere_else(
    row: str, pack: Pack, tmp_path: Path, nothing: Settings
) -> None:
    questions, shows = ROWS[row]
    assert shows(set_up(pack, tmp_path / "yes.toml", *questions))
    assert not shows(nothing)


def test_the_number_and_who_is_called_are_spoken_in_an_emergency(pack: Pack, tmp_path: Path) -> None:
    settings = set_up(pack, tmp_path / "settings.toml", **{"Whom do I tell you to call next?": "my daughter"})
    assert settings.call_name == "your daughter"
    told = spoken_to()
    texts = Evening(told, person=known_of(settings, told)).hears("emergency", kind="heart").passes(60.0).texts
    assert any("one one two. One one two" in text for text in texts)
    assert "Then call your daughter." in texts


@pytest.mark.parametrize(
    ("answered", "tip"),
    [
        (("Do you live alone?",), "Give somebody the code for your door."),
        ((), "Keep a phone within reach of your bed."),
        ((FEET, "Do you have diabetes?"), "Check your feet for wounds by day."),
        ((FEET, "Do your feet often feel numb?"), "Check your feet for wounds by day."),
    ],
)
def test_what_is_for_the_day_is_advised_by_day(pack: Pack, tmp_path: Path, answered: tuple[str, ...], tip: str) -> None:
    assert tip in said_at_set_up(pack, tmp_path / "settings.toml", *answered)
