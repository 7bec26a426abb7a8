"""The profile `workout`: brief lines, on the feet, heat and effort first, a timer, the other side after the end."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.evening import Evening
from voice_assist import content
from voice_assist.config import HOLDS, PROFILES, content_folder
from voice_assist.content import Pack
from voice_assist.events import Context
from voice_assist.guide.pacing import Pace
from voice_assist.guide.protocol import Goto, Loop, Only, Part, Protocol, Run, Say, Step
from voice_assist.samples import samples
from voice_assist.understand.matcher import Matcher

MOVED = ("calf", "foot", "hamstring", "quadriceps", "unknown", "inner_thigh", "hip_flexor", "buttock", "shin", "hand",
         "forearm", "biceps", "triceps")  # fmt: skip
"""The places of leg, foot, hand and arm that are coached with a move."""

SHORT = 4
"""Words from which on a line is no longer short."""

TO_THE_LETTER = {
    "Turn on your back and float.": "a danger, and the source's words",
    "Get out of the water and rest.": "the same",
    "Rest before you drive on.": "no attack any more",
    "Heat cramp? Call a doctor today.": "a sentence of safety, after relief",
    "On a statin with muscle pain? Ask today.": "the same",
    "New medicine lately? Ask your pharmacist.": "the same",
}
"""Longer lines without a short form, and why."""

NOT_THERE = {"brief", "upright"}
"""Facts of the profile: what is said unless they hold is not said there."""

WORKOUT = dict.fromkeys(HOLDS["workout"], True)
HEAT = "Are you very hot, dizzy, or confused?"
STANDING = "Calf. Heel down, toes up."
COUNT = ["One.", "Two.", "Three.", "Four.", "Five.", "Six.", "Seven.", "Eight.", "Nine.", "Ten."]


CALF = [
    (0.0, "Calf. Heel down, toes up."),
    (3.0, "Knee straight."),
    (4.8, "Gently, with your shin."),
    (7.4, "Hold. Keep breathing."),
    *((18.8 - number, COUNT[number - 1]) for number in range(10, 0, -1)),
    (18.8, "Ease off."),
    (23.8, HEAT),
    (23.8, "Again. Same move."),
    (25.4, "Keep breathing."),
    (31.4, "Five."),
    (34.4, "Two."),
    (35.4, "One."),
    (36.4, "Ease off."),
    (41.4, "Better, same, or worse?"),
    (41.4, "Good. That's letting go."),
    (43.6, "Now lengthen it."),
    (45.4, "Heel down. Lean in."),
    (58.0, "Halfway. Breathe out."),
    (68.0, "Ease off."),
    (73.0, "Heel down. Lean in."),
    (85.6, "Halfway. Breathe out."),
    (95.6, "Good. Rest it now."),
    (97.8, "Back again? Say cramp."),
]
"""Seconds and lines of a calf that is better after two holds; each is answered at once, a word takes 0.4 s."""


@pytest.fixture(scope="module")
def pack() -> Pack:
    return content.load(content_folder() / "en")


def gym(pack: Pack, *person: str) -> Evening:
    """Return an evening in the gym, of somebody below 65 unless told otherwise, with these facts."""
    return _gym(pack, {"over_65": False, **dict.fromkeys(person, True)})


def _gym(pack: Pack, person: dict[str, bool]) -> Evening:
    evening = Evening(pack, person={**WORKOUT, **person})
    evening.dialogue._acts.pace = Pace(samples(PROFILES["workout"].pause))
    return evening


def types(evening: Evening, matcher: Matcher, text: str) -> Evening:
    """Have something typed: what it means where the dialogue stands."""
    context = evening.dialogue.context
    intent = matcher.match(text, Context(context.awake, context.expected, spelled=True))
    assert intent is not None, text
    kind = {"control": "word", "answer": "value"}.get(intent.kind, "")
    slots = dict(intent.slots)
    return evening.hears(intent.kind, *([slots.pop(kind)] if kind else []), **slots)


def attack(pack: Pack, place: str) -> Iterator[Say]:
    """Yield every line that a cramp of a place can lead to before anything is an alarm."""
    protocol, seen = pack.guide.protocols[place], set[str]()
    pending = [protocol.course, *pack.guide.reactions.values(), pack.guide.begin, pack.guide.other_side]
    while pending:
        name = pending.pop()
        routine = pack.guide.routines[name]
        if name not in seen and not routine.alarm:
            seen.add(name)
            pending += routine.reactions.values()
            yield from _lines(routine.steps, protocol, pending)


def _lines(steps: tuple[Step, ...], protocol: Protocol, pending: list[str]) -> Iterator[Say]:
    for step in steps:
        if isinstance(step, Only) and step.unless & NOT_THERE:
            continue
        bare = step.step if isinstance(step, Only) else step
        if isinstance(bare, Say):
            yield bare
        elif isinstance(bare, Loop):
            yield from _lines(bare.steps, protocol, pending)
        elif isinstance(bare, Part):
            yield from _lines(protocol.parts.get(bare.name, ()), protocol, pending)
        elif isinstance(bare, Run | Goto):
            pending.append(bare.routine)


@pytest.mark.parametrize("place", MOVED)
def test_every_line_of_an_attack_has_a_short_form_or_is_short(pack: Pack, place: str) -> None:
    lines = list(attack(pack, place))
    assert len(lines) >= 20
    long = {line.text for line in lines if not line.short and len(line.text.split()) > SHORT}
    assert long <= set(TO_THE_LETTER)


def test_a_short_form_is_short(pack: Pack) -> None:
    for place in MOVED:
        assert [line.short for line in attack(pack, place) if len(line.short.split()) > SHORT + 1] == []


def test_of_whom_nothing_is_known_sits_down_first_unless_they_tell_that_they_stand(
    pack: Pack, matcher: Matcher
) -> None:
    unknown = types(_gym(pack, {}), matcher, "my calf is cramping").passes(3.0)
    assert unknown.texts[0] == "Sit down first."
    stands = types(_gym(pack, {}), matcher, "my calf is cramping i'm standing").passes(3.0)
    assert stands.texts[0] == STANDING
    old = types(_gym(pack, {"over_65": True}), matcher, "my calf is cramping i'm standing").passes(3.0)
    assert old.texts[0] == "Sit down first."


def test_a_calf_from_the_first_word_to_the_end(pack: Pack, matcher: Matcher) -> None:
    evening = types(gym(pack), matcher, "my calf is cramping").until(HEAT)
    types(evening, matcher, "no").until("Better, same, or worse?")
    types(evening, matcher, "better").passes(90.0)
    assert evening.state == "asleep"
    assert [(round(at, 1), line) for at, line in evening.spoken] == [(round(at, 1), line) for at, line in CALF]


def test_without_the_profile_nothing_is_short_and_nobody_stands(pack: Pack) -> None:
    short = {line.short for place in MOVED for line in attack(pack, place)} - {""}
    full = {line.text for place in MOVED for line in attack(pack, place)}
    for place in MOVED:
        evening = Evening(pack).hears("start", place=place).lives(feels=["same", "better"])
        assert not set(evening.texts) & (short - full)
        assert not [line for line in evening.texts if "floor" in line]
        assert evening.texts[0] == "I'm here."


@pytest.mark.parametrize("place", ["calf", "foot", "hamstring", "quadriceps", "unknown"])
def test_the_first_line_names_the_place_and_a_move_and_nobody_is_told_of_a_bed(pack: Pack, place: str) -> None:
    evening = gym(pack).hears("start", place=place).lives(feels=["same", "better"])
    assert evening.spoken[0][0] == 0.0
    assert evening.texts[0].startswith(("Calf. ", "Foot. ", "Thigh. ", "Leg. "))
    assert not [line for line in evening.texts if "bed" in line or "Covers" in line or "pillow" in line]


UNSTEADY = ("over_65", "pregnant", "pregnant_late", "immobile", "numb_feet", "osteoporosis", "spine_disease",
            "hip_replacement", "knee_replacement")  # fmt: skip


@pytest.mark.parametrize("fact", UNSTEADY)
@pytest.mark.parametrize("place", ["calf", "foot", "hamstring", "quadriceps", "unknown"])
def test_who_may_fall_is_sat_down_first(pack: Pack, place: str, fact: str) -> None:
    evening = gym(pack, fact).hears("start", place=place).lives(feels=["worse", "better"])
    standing = {line for name in ("calf", "leg", "foot", "hamstring") for line in _standing(pack, name)}
    assert not standing & set(evening.texts)
    assert "Thigh. Hold something solid." not in evening.texts
    if place in ("calf", "foot", "unknown"):
        assert "Sit down first." in evening.texts


def _standing(pack: Pack, name: str) -> set[str]:
    steps = pack.guide.routines[f"{name}_on_feet"].steps
    return {step.short for step in steps if isinstance(step, Say)}


def test_over_65_stands_only_who_is_known_to_stand_safely(pack: Pack) -> None:
    assert gym(pack, "over_65").hears("start", place="calf").texts[0] == "Sit down first."
    assert gym(pack, "over_65", "stands_safely").hears("start", place="calf").texts[0] == STANDING
    assert gym(pack, "pregnant", "stands_safely").hears("start", place="calf").passes(1.0).texts[0] != STANDING


def test_who_says_so_is_coached_lying_or_standing(pack: Pack, matcher: Matcher) -> None:
    evening = types(gym(pack), matcher, "my calf is cramping").passes(2.0)
    types(evening, matcher, "i'm lying down").passes(6.0)
    assert evening.texts == [STANDING, "Straighten that leg.", "Push your heel away.", "Toes to your nose."]
    types(evening, matcher, "i'm standing").passes(1.0)
    assert evening.texts[-1] == STANDING
    night = types(Evening(pack), matcher, "my calf is cramping").passes(2.0)
    types(night, matcher, "i'm standing").passes(3.0)
    assert night.texts[-1] == "Keep your heel down, and lift your toes."


def test_a_position_told_after_relief_begins_nothing_anew(pack: Pack) -> None:
    evening = gym(pack).hears("start", place="calf").lives(most=60.0, feels=["better"])
    before = len(evening.texts)
    evening.hears("answer", "lying").passes(60.0)
    assert STANDING not in evening.texts[before:]
    assert "Straighten that leg." not in evening.texts[before:]


def test_a_position_is_no_way_out_of_a_question_of_the_heart(pack: Pack) -> None:
    evening = gym(pack).hears("start", place="calf").passes(2.0).hears("emergency", "heart", doubt="yes")
    evening.hears("answer", "lying").passes(10.0)
    assert evening.state == "alarmed"


@pytest.mark.parametrize(
    "said", ["everything is cramping", "i'm cramping all over", "both my legs are cramping", "both calves have cramped"]
)
def test_more_than_one_place_is_asked_of_heat_before_any_move(pack: Pack, matcher: Matcher, said: str) -> None:
    evening = types(gym(pack), matcher, said)
    assert evening.texts == [HEAT]
    types(evening, matcher, "yes").passes(1.0)
    assert evening.state == "alarmed"
    assert evening.texts[1] == "Stop. This could be heatstroke."


def test_at_night_both_legs_are_asked_of_heat_after_the_first_round(pack: Pack, matcher: Matcher) -> None:
    evening = types(Evening(pack), matcher, "both my legs are cramping").lives(most=90.0)
    assert evening.texts.index(HEAT) > evening.texts.index("Ease off. Let it go soft.")
    run = types(Evening(pack), matcher, "both my legs are cramping after my run").passes(3.0)
    assert run.texts == ["I'm here.", HEAT]


def test_with_sickle_cell_effort_is_an_emergency_sooner(pack: Pack) -> None:
    several = gym(pack, "sickle_cell").hears("start", place="unknown", kind_of="several")
    assert several.state == "alarmed"
    one = gym(pack, "sickle_cell").hears("start", place="calf").lives()
    assert [line for line in one.texts if line.startswith("Call your local")]


def test_with_a_limit_of_fluids_a_heat_cramp_gets_medical_help(pack: Pack) -> None:
    line = "Heat cramp? Call a doctor today."
    assert line in gym(pack, "kidney_disease").hears("start", place="calf").lives(feels=["better"]).texts
    assert line not in gym(pack).hears("start", place="calf").lives(feels=["better"]).texts


def test_a_stitch_is_of_the_exercise_there_and_gets_the_words_of_the_source(pack: Pack, matcher: Matcher) -> None:
    evening = types(gym(pack), matcher, "i've got a stitch").until("Any chest pain, or trouble breathing?")
    assert evening.texts == [
        "Slow down and stop.",
        "Breathe out slowly and fully.",
        "Lean forward a little. It should fade.",
        "Any chest pain, or trouble breathing?",
    ]
    # At rest it is a belly, until somebody says that it came with exercise.
    assert types(Evening(pack), matcher, "i've got a stitch").passes(2.0).texts[-1] == "Did it start while exercising?"
    assert gym(pack, "pregnant").hears("start", place="abdomen", kind_of="stitch").state == "alarmed"


def test_the_other_side_follows_the_end_for_some_minutes(pack: Pack, matcher: Matcher) -> None:
    evening = gym(pack).hears("start", place="calf").lives(feels=["better"])
    assert evening.state == "asleep"
    before = len(evening.texts)
    types(evening.passes(120.0), matcher, "again on the other side").passes(3.0)
    assert evening.texts[before:] == ["Change sides. Same move.", STANDING]
    late = gym(pack).hears("start", place="calf").lives(feels=["better"]).passes(601.0)
    before = len(late.texts)
    late.hears("control", "other_side").passes(10.0)
    assert (late.state, late.texts[before:]) == ("asleep", [])


def test_asleep_there_is_no_other_side_of_nothing(pack: Pack) -> None:
    evening = Evening(pack).hears("control", "other_side").passes(10.0)
    assert (evening.state, evening.texts) == ("asleep", [])
