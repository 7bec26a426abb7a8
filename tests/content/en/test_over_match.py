"""No utterance of one intent is stolen by another, in any state of the dialogue in which it can be said.

The tables in `utterances/` were written from the sources, not from the words of the pack. Each section names what
the dialogue is ready to hear: `asleep`, `awake`, or the answers that an open question waits for.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

import pytest

from tests.content.en.tables import ROWS, TABLES, Row, context_of, is_right, told
from voice_assist import content
from voice_assist.config import content_folder
from voice_assist.events import CONTROLS, Context, Intent
from voice_assist.understand.matcher import Matcher

BAR = 0.98
"""Least share of each table that must be understood where it is said."""

WRONG_PLACES = 0.005
"""Largest share of places told, in all states, that coach another muscle."""

QUIET_QUESTIONS = 0.02
"""Largest share of lines that mean nothing, yet get "Do you have a cramp?"; any other start is one too many."""

LEAST = {
    ("cramp", 30): "calf foot hamstring quadriceps",
    ("cramp", 15): """inner_thigh hip_flexor buttock shin hand forearm biceps triceps neck upper_back lower_back
        abdomen chest jaw groin everywhere unknown""",
    ("cramp", 12): """only_thigh only_toe only_hip only_shin only_chin only_back only_bottom stitch period both_hands
        several yawned top_of_foot straight_fingers back_of_forearm after_effort them child water wheel""",
    ("cramp", 6): "left right",
    ("emergency", 20): "heart lung stroke limb back neck jaw groin heat fit pregnancy general",
    ("urgent", 12): "clot injury bleed muscle child",
    ("control", 12): " ".join(CONTROLS),
    (
        "answer",
        12,
    ): """standing lying better same worse yes no front back one both leg spine thigh groin muscle tummy period
        other sore tight""",
    ("question", 12): """causes why how_long sore_or_tight cold_pack warm_pack rub self_massage bedtime elevate
        exercise water food nutrients supplements quinine pickle painkillers medicines prevention stretching shoes
        sitting covers pregnancy doctor serious what_can_i_ask pins_and_needles restless_legs twitch period_pain
        alcohol walking age source timer diary_night diary_week diary_month diary_last diary_trend erase_diary""",
    ("nothing", 420): "",
    ("harmless", 100): "",
}
"""How many utterances of each intent and value there are, at the least."""

CLAIMS = {
    "back": ["control back", "cramp lower_back"],
    "leg": ["cramp calf", "cramp unknown"],
    "spine": ["cramp lower_back", "cramp upper_back"],
    "thigh": ["cramp quadriceps", "cramp inner_thigh", "cramp hamstring"],
    "groin": ["cramp groin", "cramp inner_thigh"],
    "muscle": ["cramp unknown", "cramp biceps"],
    "tummy": ["cramp abdomen"],
    "period": ["cramp abdomen period", "question period_pain"],
    "other": ["control another_way"],
    "both": ["cramp hand both_hands"],
    "yes": ["answer better", "urgent clot", "urgent injury", "urgent bleed", "urgent muscle", "answer yes"],
    "no": ["answer same", "urgent child", "answer no"],
    "same": ["answer no"],
    "sore": ["question sore_or_tight"],
    "tight": ["question sore_or_tight"],
    "better": ["answer yes"],
}
"""What an open question's own answer may claim: when it asks for the back or the front, `back` is the back."""

GONE = frozenset(
    {"hammy's gone", "me hammy's gone", "my hammy has gone", "my leg's gone", "oh god my leg's gone", "my back's gone"}
)
"""A cramp when nobody asked, and relief to "Better, same, or worse?": `better` may claim these very words."""

YES_OR_NO = frozenset({"yes", "no"})
"""What a gate waits for: "no, it's my calf" denies its sign, so `no` may claim that there, and nowhere else."""

OPPOSITE = {("yes", "no"), ("no", "yes"), ("better", "worse"), ("worse", "better"), ("worse", "yes"), ("yes", "worse")}
"""Answers that may never be taken for each other, whatever the question waits for."""


Match = tuple[Row, Context, Intent | None]
"""What became of an utterance in a state."""


def _state(context: Context) -> str:
    return " ".join(sorted(context.expected)) or ("awake" if context.awake else "asleep")


def _report(wrong: Sequence[Match]) -> str:
    """Tell each utterance once with what became of it, and in which states."""
    states: defaultdict[str, list[str]] = defaultdict(list)
    for row, context, intent in wrong:
        said = f"{row.table}: '{row.said}' should be {' or '.join(row.right)}, is {sorted(told(intent))}"
        states[said].append(_state(context))
    return f"{len(states)} utterances\n" + "\n".join(f"{said} in {' | '.join(where)}" for said, where in states.items())


@pytest.fixture(scope="module")
def questions() -> list[Context]:
    """What each question of the pack waits for, each set once."""
    pack = content.load(content_folder() / "en")
    waits = {frozenset(question.answers) for question in pack.guide.questions.values()}
    return [Context(awake=True, expected=expected) for expected in sorted(waits, key=sorted)]


def _elsewhere(row: Row, questions: list[Context]) -> list[Context]:
    """Return the other states in which these words can be said, asleep left out."""
    here = context_of(row.section)
    states = [Context(awake=True), *questions] if not here.expected else questions
    return [state for state in states if state != here and here.expected <= state.expected]


def _claimed(intent: Intent, row: Row, context: Context) -> bool:
    """Tell whether an open question's own answer may have these words."""
    if intent.kind != "answer":
        return False
    value = intent.slots["value"]
    if value in context.expected:
        if value == "better" and row.said in GONE:
            return True
        if value == "no" and row.said.startswith("no ") and context.expected == YES_OR_NO:
            return True
        claims = [set(claim.split()) for claim in CLAIMS.get(value, [])]
        if any(claim <= set(answer.split()) for claim in claims for answer in row.right):
            return True
    # An answer that nobody waits for means little; what it means must not be turned round.
    meant = [answer.split()[1] for answer in row.right if answer.startswith("answer ")]
    return bool(meant) and not any((value, other) in OPPOSITE for other in meant)


@pytest.fixture(scope="module")
def here(matcher: Matcher) -> list[Match]:
    """Every utterance where its table says it."""
    return [(row, context_of(row.section), matcher.match(row.said, context_of(row.section))) for row in ROWS]


@pytest.fixture(scope="module")
def elsewhere(matcher: Matcher, questions: list[Context]) -> list[Match]:
    """Every utterance in every other state of a waking dialogue in which it can be said."""
    rows = [row for row in ROWS if row.right != ("nothing",)]
    return [(row, state, matcher.match(row.said, state)) for row in rows for state in _elsewhere(row, questions)]


def test_there_are_enough_utterances_of_everything() -> None:
    count: Counter[str] = Counter()
    for row in ROWS:
        for answer in row.right:
            name, *values = answer.split()
            count.update({f"{name} {value}" for value in values} or {name})
    wanted = [
        (f"{name} {value}".strip(), least)
        for (name, least), values in LEAST.items()
        for value in values.split() or [""]
    ]
    few = [f"{key}: {count[key]} of {least}" for key, least in wanted if count[key] < least]
    assert not few


def test_no_utterance_stands_twice() -> None:
    rows: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for row in ROWS:
        rows[row.section, row.said].append(" or ".join(row.right))
    assert not {pair: rights for pair, rights in rows.items() if len(rights) > 1}


@pytest.mark.parametrize("table", TABLES)
def test_what_is_said_is_understood(here: list[Match], table: str) -> None:
    matches = [match for match in here if match[0].table == table]
    wrong = [(row, state, intent) for row, state, intent in matches if not is_right(intent, row)]
    assert len(wrong) <= (1 - BAR) * len(matches), f"of {len(matches)}, {_report(wrong)}"


def test_no_sign_of_danger_is_missed_in_any_state(here: list[Match], elsewhere: list[Match]) -> None:
    missed = [
        (row, state, intent)
        for row, state, intent in (*here, *elsewhere)
        # What is asked back in one state may be plain in another: either alarms.
        if row.table == "emergencies" and not is_right(intent, row, doubt=False)
    ]
    assert not missed, _report(missed)


def test_no_utterance_is_stolen_in_any_state(elsewhere: list[Match]) -> None:
    stolen = [
        (row, state, intent)
        for row, state, intent in elsewhere
        if intent is not None and not is_right(intent, row, doubt=False) and not _claimed(intent, row, state)
    ]
    assert not stolen, _report(stolen)


def test_no_utterance_is_lost_because_a_question_is_open(here: list[Match], elsewhere: list[Match]) -> None:
    understood = {row for row, _, intent in here if is_right(intent, row)}
    lost = [
        (row, state, intent)
        for row, state, intent in elsewhere
        if intent is None and row in understood and not is_right(intent, row)
    ]
    assert not lost, _report(lost)


def test_hardly_a_wrong_place_is_coached(here: list[Match], elsewhere: list[Match]) -> None:
    starts = [(row, state, intent) for row, state, intent in (*here, *elsewhere) if intent and intent.kind == "start"]
    wrong = [
        (row, state, intent)
        for row, state, intent in starts
        if intent.slots["place"] not in {"unknown"}.union(*(answer.split() for answer in row.right))
    ]
    assert len(wrong) <= WRONG_PLACES * len(starts), f"{len(wrong)} of {len(starts)}, {_report(wrong)}"


def test_what_steers_a_waking_assistant_begins_nothing_asleep(matcher: Matcher) -> None:
    asleep = Context(awake=False)
    wrong = []
    for row in ROWS:
        # What answers a question is said only then. A name of a place, or a sign, may well begin something.
        if row.section != "awake" or row.table not in ("controls", "answers", "topics", "nothing"):
            continue
        intent = matcher.match(row.said, asleep)
        # The quiet question is no harm, and neither is a help or a wake-up.
        quiet = intent is None or "doubt" in intent.slots or intent.kind == "control"
        if not quiet and not is_right(intent, row, doubt=False):
            wrong.append((row, asleep, intent))
    assert not wrong, _report(wrong)


def test_television_starts_nothing(here: list[Match]) -> None:
    lines = [(row, state, intent) for row, state, intent in here if row.right == ("nothing",)]
    begun = [(row, state, intent) for row, state, intent in lines if intent is not None]
    asked = [match for match in begun if match[2].kind == "start" and "doubt" in match[2].slots]
    wrong = [match for match in begun if match not in asked]
    assert not wrong, _report(wrong)
    assert len(asked) <= QUIET_QUESTIONS * len(lines), _report(asked)
