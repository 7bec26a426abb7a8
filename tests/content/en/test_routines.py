"""routines/: the courses end, lead where the source says, and nothing stronger follows "worse"."""

from __future__ import annotations

import pytest

from tests.content.en.test_protocols import leaves, reach
from tests.evening import Evening
from voice_assist import content
from voice_assist.config import content_folder
from voice_assist.content import Pack
from voice_assist.guide.protocol import Ask, Goto, Hold, Only, Run, Say, Step, spoken

AGAIN = "Again. Same move. Firm but gentle."
ASKED = "Better, same, or worse?"
EASED = "Good. That's letting go."
LEGS = ("calf", "foot", "hamstring", "quadriceps", "unknown")
GENTLE = ("inner_thigh", "buttock", "shin", "hand", "forearm")
SCREENED = ("hip_flexor", "biceps", "triceps")
COMFORT = ("neck", "upper_back", "lower_back")
PUSHES = ("Firm but gentle", "Press", "Push", "Tighten", "Pull", "Hold.")
"""What a command to use strength has in it."""


@pytest.fixture(scope="module")
def pack() -> Pack:
    return content.load(content_folder() / "en")


def bare(step: Step) -> Step:
    return step.step if isinstance(step, Only) else step


def questions(pack: Pack, routine: str) -> list[str]:
    steps = map(bare, pack.guide.routines[routine].steps)
    return [step.question for step in steps if isinstance(step, Ask)]


def after(evening: Evening, line: str) -> list[str]:
    return evening.texts[evening.texts.index(line) :]


@pytest.mark.parametrize("place", LEGS)
def test_a_leg_acts_twice_before_it_asks_how_it_is(pack: Pack, place: str) -> None:
    evening = Evening(pack).hears("start", place=place).lives(most=100.0)
    before = evening.texts[: evening.texts.index(ASKED)]
    assert before.count("Ease off. Let it go soft.") == 2
    assert "Does the leg feel swollen or hot?" not in before


@pytest.mark.parametrize("place", ["calf", "shin", "buttock"])
def test_the_screens_come_after_three_holds_that_did_not_help(pack: Pack, place: str) -> None:
    evening = Evening(pack).hears("start", place=place).lives()
    first = evening.texts[: evening.texts.index("Does the leg feel swollen or hot?")]
    assert first.count("Ease off. Let it go soft.") == 3
    assert evening.texts.count("Does the foot feel cold and numb?") == 1
    assert evening.texts.count("Did it get hit, or pop?") == 1


@pytest.mark.parametrize("place", ["hand", "forearm", "biceps", "triceps"])
def test_an_arm_is_screened_as_an_arm(pack: Pack, place: str) -> None:
    evening = Evening(pack).hears("start", place=place).lives()
    assert {"Does the arm feel swollen or hot?", "Does the hand feel cold and numb?"} <= set(evening.texts)
    assert not [line for line in evening.texts if "leg" in line.split() or "foot" in line.split()]


@pytest.mark.parametrize("place", [*LEGS, *GENTLE, *SCREENED, *COMFORT])
def test_every_coached_place_reaches_the_ten_minutes_and_no_further(pack: Pack, place: str) -> None:
    evening = Evening(pack).hears("start", place=place).lives()
    assert evening.texts.count("Ten minutes is long for a cramp.") == 1
    assert evening.at("Ten minutes is long for a cramp.") <= 620.0
    assert evening.state == "asleep"


@pytest.mark.parametrize("place", [*LEGS, *GENTLE, *SCREENED])
def test_after_worse_there_is_a_smaller_move_once_and_nothing_stronger(pack: Pack, place: str) -> None:
    evening = Evening(pack).hears("start", place=place).lives(feels=["worse", "same"])
    rest = after(evening, "Stop pushing. Let it rest.")
    assert rest[:3] == [
        "Stop pushing. Let it rest.",
        "Leave it where it wants to be.",
        "Breathe in. Now a long breath out.",
    ]
    smaller = "Now a smaller move. Half as far."
    assert rest.count(smaller) == 1
    assert rest[3 : rest.index(smaller)].count("Small breath in.") == 3
    assert AGAIN not in rest
    assert "Again. Same move. Light only." not in rest
    assert rest.count("Ease off. Let it go soft.") == 1
    assert "Did it get hit, or pop?" in rest, "the screens come"


@pytest.mark.parametrize("place", [*LEGS, *GENTLE, *SCREENED])
def test_twice_worse_there_are_no_more_moves_but_the_screens(pack: Pack, place: str) -> None:
    evening = Evening(pack).hears("start", place=place).lives(feels=["worse", "worse", "same"])
    texts = evening.texts
    second = [index for index, text in enumerate(texts) if text == "Stop pushing. Let it rest."][1]
    rest = texts[second + 1 :]
    assert "Did it get hit, or pop?" in rest
    assert not [line for line in rest if line.startswith(PUSHES) or "Sway" in line or "smaller" in line]


@pytest.mark.parametrize("place", [*LEGS, *GENTLE, *SCREENED])
def test_another_way_rests_breathes_and_sways_and_neither_pulls_nor_pushes(pack: Pack, place: str) -> None:
    evening = Evening(pack).hears("start", place=place).lives(most=45.0).hears("control", word="another_way").lives()
    rest = after(evening, "Stop pushing. Let it rest.")
    sway = next(index for index, line in enumerate(rest) if line.startswith("Sway that"))
    assert rest[:sway].count("Small breath in.") == 3
    assert rest[sway + 1] == "Bring it back to the middle. Let it rest."
    assert not [line for line in rest if line.startswith(PUSHES)]


@pytest.mark.parametrize("place", COMFORT)
@pytest.mark.parametrize("feels", [["worse", "same"], ["worse", "worse"]])
def test_neck_and_back_only_rest_when_it_gets_worse_and_then_call(pack: Pack, place: str, feels: list[str]) -> None:
    evening = Evening(pack).hears("start", place=place).lives(feels=feels)
    rest = after(evening, "Stop. Let it rest.")
    assert not [line for line in rest if line.startswith(PUSHES) or "smaller" in line or "Sway" in line]
    called = "Rest it now. Call a doctor for advice." in rest
    assert called
    assert ("Ten minutes is long for a cramp." in rest) == (feels == ["worse", "same"])


@pytest.mark.parametrize("place", COMFORT)
def test_neck_and_back_are_neither_lengthened_nor_stroked(pack: Pack, place: str) -> None:
    evening = Evening(pack).hears("start", place=place).lives(feels=["better"])
    assert after(evening, "Good. That's letting go.")[:2] == [
        "Good. That's letting go.",
        "Good. Rest it now. Covers loose.",
    ]


@pytest.mark.parametrize("place", [*LEGS, *GENTLE, *SCREENED, *COMFORT])
@pytest.mark.parametrize(
    "feels", [["better"], ["same", "better"], ["same", "same", "same", "better"], ["worse", "better"]]
)
def test_after_relief_there_are_two_lines_and_then_quiet(pack: Pack, place: str, feels: list[str]) -> None:
    """Of somebody of whom nothing is known: "better" is answered, what lengthens and strokes is led, and no more."""
    led = {EASED, *guided(pack, place, "stretch"), *reach(pack, (Run("rub"),), pack.guide.protocols[place], set())}
    evening = Evening(pack).hears("start", place=place).lives(feels=feels)
    told = [line for line in after(evening, EASED) if line not in led]
    assert 0 < len(told) <= 2
    assert evening.texts[-len(told) :] == told, "they come last"
    assert evening.state == "asleep"
    said = len(evening.texts)
    assert len(evening.passes(3600.0).texts) == said, "an hour of silence"


@pytest.mark.parametrize("place", [*LEGS, *GENTLE, *SCREENED, *COMFORT])
def test_who_eases_before_any_move_hears_two_lines_too(pack: Pack, place: str) -> None:
    evening = Evening(pack).hears("start", place=place).passes(1.0).hears("answer", value="better").passes(3600.0)
    led = {EASED, *guided(pack, place, "stretch")}
    assert 0 < len([line for line in after(evening, EASED) if line not in led]) <= 2
    assert evening.state == "asleep"


def test_every_place_that_is_coached_is_among_these(pack: Pack) -> None:
    coached = {name for name, protocol in pack.guide.protocols.items() if protocol.course != "never"}
    assert coached == {*LEGS, *GENTLE, *SCREENED, *COMFORT}


def guided(pack: Pack, place: str, part: str) -> list[str]:
    """Return what is said while a part of a place is done."""
    steps = leaves(pack, place, part)
    lines = [step.text for step in steps if isinstance(step, Say)]
    return lines + [step.midway for step in steps if isinstance(step, Hold)]


GATES = {
    "hip_flexor": ["Do you take blood thinners?", "Any lump, fever, or tummy pain?", "Any lump, or testicle pain?",
                   "Have you had a hip replacement?"],
    "biceps": ["Any chest pain, or trouble breathing?", "Sweaty, sick, faint, or one side weak?"],
    "triceps": ["Any chest pain, or trouble breathing?", "Sweaty, sick, faint, or one side weak?"],
    "neck": ["Any chest pain, or trouble breathing?", "Sweaty, sick, faint, or one side weak?",
             "Fever, bad headache, or a rash?", "Dizzy, slurring, or one side weak?", "Did you fall or hit your head?"],
    "upper_back": ["Any chest pain, or trouble breathing?", "Sweaty, sick, faint, or one side weak?",
                   "Did it start suddenly, tearing or ripping?"],
    "lower_back": ["Any numbness between your legs?", "Trouble peeing, or weak legs?", "Tummy pain, fever, or a fall?"],
    "inner_thigh": ["Is it thigh muscle, or pain in the groin?", "Any lump, or testicle pain?"],
    "forearm": ["Any chest pain, or trouble breathing?"],
}  # fmt: skip
"""What is asked before anything else."""


@pytest.mark.parametrize("place", GATES)
def test_the_gates_come_before_any_move(pack: Pack, place: str) -> None:
    evening = Evening(pack).hears("start", place=place).lives(most=90.0)
    assert evening.texts[: 1 + len(GATES[place])] == ["I'm here.", *GATES[place]]


def moves(pack: Pack, place: str) -> set[str]:
    parts = pack.guide.protocols[place].parts
    return {line for name, steps in parts.items() if name != "gate" for line in spoken(steps)}


CASES = [(place, number) for place, gates in GATES.items() for number in range(len(gates))]


@pytest.mark.parametrize(("place", "number"), CASES)
@pytest.mark.parametrize("how", ["yes", "silence", "muddle", "next", "worse", "better", "another way", "other side"])
def test_nothing_passes_a_gate_by(pack: Pack, place: str, number: int, how: str) -> None:
    """No move is told before the question has its "no": not by silence, nor by any other word."""
    gate = GATES[place][number]
    evening = Evening(pack).hears("start", place=place)
    answers = dict.fromkeys(GATES[place][number:], "")
    while evening.question != gate:
        evening.lives(most=(evening.dialogue.due or 0) / 16000 - evening.now / 16000 + 0.02, answers=answers)
    if how == "muddle":
        for _ in range(2):
            evening._take(evening.dialogue.unclear(evening.now))
    elif how in ("next", "other side", "another way"):
        evening.hears("control", word=how.replace(" ", "_"))
    elif how in ("worse", "better"):
        evening.hears("answer", value=how)
    elif how == "yes":
        evening.hears("answer", value="groin" if "groin" in gate else "yes")
    evening.passes(60.0)
    assert not set(evening.texts) & moves(pack, place)
    assert evening.state in ("asleep", "alarmed")


def test_the_rub_needs_two_answers(pack: Pack) -> None:
    rub = "Stroke it lightly with your palm."
    eased = Evening(pack).hears("start", place="calf").lives(feels=["better"])
    screened = Evening(pack).hears("start", place="calf").lives(feels=["same", "better"])
    unsure = Evening(pack).hears("start", place="calf")
    unsure.lives(feels=["same", "better"], answers={"Does the leg feel swollen or hot?": ""})
    assert [rub in evening.texts for evening in (eased, screened, unsure)] == [False, True, False]


def test_a_cramp_that_is_back_gets_what_helped(pack: Pack) -> None:
    evening = Evening(pack).hears("start", place="hamstring").lives(feels=["same", "better"])
    evening.passes(60.0).hears("start", place="unknown")
    before = len(evening.texts)
    evening.passes(6.0)
    alternative = list(spoken(pack.guide.protocols["hamstring"].parts["alternative"]))
    assert evening.texts[before - 1 :][:2] == ["I'm here.", *alternative]


@pytest.mark.parametrize("asleep", [True, False])
def test_how_it_was_named_still_holds_when_it_is_back(pack: Pack, asleep: bool) -> None:  # noqa: FBT001
    evening = Evening(pack).hears("start", place="foot", kind_of="top_of_foot").lives(most=60.0, feels=["better"])
    evening.passes(120.0 if asleep else 0.0)
    assert (evening.state == "asleep") == asleep
    evening.hears("start", place="unknown").passes(60.0)
    assert evening.texts.count("Curl your toes gently, like gripping sand.") >= 2
    assert "Bring your toes back toward your nose." not in evening.texts


def test_who_drives_still_drives_when_another_place_is_named(pack: Pack) -> None:
    evening = Evening(pack).hears("start", place="calf", where="wheel").passes(8.0).hears("start", place="foot")
    evening.passes(60.0)
    assert not set(evening.texts) & (moves(pack, "foot") | moves(pack, "calf"))


def test_somebody_elses_leg_is_helped_with_hands_as_a_wall(pack: Pack) -> None:
    evening = Evening(pack).hears("start", place="calf", who="them").until("Hold. Keep breathing.")
    assert evening.texts[1:-1] == [
        "Help them straighten that leg.",
        "Let them bring their toes toward their nose.",
        "Hold your palms flat against that foot.",
        "Keep your hands still, like a wall.",
    ]
    assert not [line for line in evening.texts if "pull" in line.lower()]


@pytest.mark.parametrize(
    ("where", "first", "question"),
    [
        ("wheel", "Pull over safely first.", "Have you stopped?"),
        ("water", "Turn on your back and float.", "Are you out of the water?"),
    ],
)
@pytest.mark.parametrize("place", ["calf", "biceps", "neck", "shin"])
def test_nobody_is_coached_at_the_wheel_or_in_water(
    pack: Pack, where: str, first: str, question: str, place: str
) -> None:
    evening = Evening(pack).hears("start", place=place, where=where)
    evening.lives(answers={question: "no"}, most=500.0)
    assert evening.texts[1] == first
    assert not set(evening.texts) & moves(pack, place)
    evening.hears("answer", value="worse").hears("control", word="another_way").passes(30.0)
    assert not set(evening.texts) & moves(pack, place)
    evening.until(question).hears("answer", value="yes").lives(most=60.0)
    assert set(evening.texts) & moves(pack, place)


def test_a_childs_legs_are_asked_about_after_the_first_round(pack: Pack) -> None:
    evening = Evening(pack).hears("start", place="calf", who="child").lives(most=200.0)
    asked = evening.texts.index("Can your child stand and walk?")
    assert evening.texts[:asked].count("Ease off. Let it go soft.") == 3


@pytest.mark.parametrize("fact", ["several", "after_effort"])
def test_heat_is_asked_about_after_the_first_move(pack: Pack, fact: str) -> None:
    slots = {"places": "calf foot"} if fact == "several" else {"after": fact}
    evening = Evening(pack).hears("start", place="calf", **slots).lives(most=60.0)
    asked = evening.texts.index("Are you very hot, dizzy, or confused?")
    assert evening.texts[:asked].count("Ease off. Let it go soft.") == 1


def test_after_relief_nobody_is_told_to_drink_unasked(pack: Pack) -> None:
    evening = Evening(pack).hears("start", place="calf", after="after_effort").lives(feels=["better"])
    assert evening.texts[-2:] == ["Good. Rest it now. Covers loose.", "If it comes back, just say cramp."]


@pytest.mark.parametrize(
    ("place", "slots", "answers", "last"),
    [
        ("abdomen", {}, {}, "I can't coach tummy pain."),
        ("abdomen", {"kind_of": "period"}, {}, "I can't coach tummy pain."),
        ("abdomen", {"kind_of": "stitch"}, {"Did it start while exercising?": "no"}, "I can't coach tummy pain."),
        ("abdomen", {"kind_of": "stitch"}, {"Did it start while exercising?": ""}, "I can't coach tummy pain."),
        ("abdomen", {"kind_of": "stitch"}, {"Did it start while exercising?": "yes"}, "Slow down and stop."),
        ("abdomen", {"kind_of": "stitch", "after": "after_effort"}, {}, "Slow down and stop."),
        ("chest", {}, {}, "I can't coach chest or rib pain."),
        ("jaw", {}, {}, "A locked jaw needs a hospital now."),
        (
            "jaw",
            {"kind_of": "yawned"},
            {"Can you open and close your mouth?": "no"},
            "A locked jaw needs a hospital now.",
        ),
        ("jaw", {"kind_of": "yawned"}, {"Can you open and close your mouth?": "yes"}, "Let your mouth close softly."),
        ("jaw", {"alike": "only_chin"}, {"Shin, in your leg?": "no"}, "A locked jaw needs a hospital now."),
        ("jaw", {"alike": "only_chin"}, {"Shin, in your leg?": ""}, "A locked jaw needs a hospital now."),
        ("jaw", {"alike": "only_chin"}, {"Shin, in your leg?": "yes"}, "Rest your foot against something."),
        ("shin", {"alike": "only_shin"}, {"Shin, in your leg?": "no"}, "A locked jaw needs a hospital now."),
        ("lower_back", {"alike": "only_back"}, {"Leg or spine?": "leg"}, "Straighten that leg. Heel away from you."),
        ("hand", {"kind_of": "both_hands"}, {}, "Fast breathing can do this. Slow it down."),
        ("hand", {}, {"One hand, or both hands?": "both"}, "Fast breathing can do this. Slow it down."),
        ("foot", {"kind_of": "top_of_foot"}, {}, "Curl your toes gently, like gripping sand."),
        ("hand", {"kind_of": "straight_fingers"}, {}, "Gently make a soft fist."),
        ("forearm", {"kind_of": "back_of_forearm"}, {}, "Make a soft fist. Let it hang."),
        ("quadriceps", {"alike": "only_thigh"}, {"Is it your thigh, front or back?": "back"}, "Lie back if you can."),
        ("quadriceps", {}, {"Did something hit it?": "yes"}, "Stop. It may be torn or bruised."),
        ("buttock", {"alike": "only_bottom"}, {"Buttock, or bottom of your leg?": "leg"}, "Straighten that leg."),
    ],
)
def test_how_it_was_named_decides_what_is_done(
    pack: Pack, place: str, slots: dict[str, str], answers: dict[str, str], last: str
) -> None:
    evening = Evening(pack).hears("start", place=place, **slots).lives(most=60.0, answers=answers)
    assert last in evening.texts
    others = {
        "Bring your toes back toward your nose.",
        "Spread your fingers wide.",
        "Bring your hand back, fingers long.",
    }
    assert not set(evening.texts) & others or "kind_of" not in slots


def test_a_stitch_that_does_not_fade_is_a_belly(pack: Pack) -> None:
    evening = Evening(pack).hears("start", place="abdomen", kind_of="stitch", after="after_effort").lives()
    assert evening.texts[1:4] == [
        "Slow down and stop.",
        "Breathe out slowly and fully.",
        "Lean forward a little. It should fade.",
    ]
    assert "I can't coach tummy pain." in evening.texts


def test_no_routine_is_left_over(pack: Pack) -> None:
    guide = pack.guide
    used = {guide.begin, guide.untaught, guide.other_side, guide.overtime, guide.later, guide.unsourced, guide.news}
    used |= {*guide.reactions.values(), *guide.asides.values(), *guide.activities.values()}
    used |= {protocol.course for protocol in guide.protocols.values()}
    used |= {guide.relapse.routine} if guide.relapse else set()
    for question in guide.questions.values():
        branches = [*question.answers.values(), question.silence, question.unclear]
        used |= {branch.goto for branch in branches if branch}
    bodies = [routine.steps for routine in guide.routines.values()]
    bodies += [steps for protocol in guide.protocols.values() for steps in protocol.parts.values()]
    for routine in guide.routines.values():
        used |= set(routine.reactions.values())
    for steps in bodies:
        used |= {step.routine for step in map(bare, steps) if isinstance(step, Run | Goto)}
    alarms = {name for name, routine in guide.routines.items() if routine.alarm}
    left = {name for name in set(guide.routines) - used - alarms if not name.startswith(("answer.", "source."))}
    assert not left
