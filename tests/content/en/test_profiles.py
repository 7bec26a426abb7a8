"""What a person's facts change: each row of safety.md section 6 that changes a protocol, walked through every place."""

from __future__ import annotations

import pytest

from tests.evening import Evening
from voice_assist import content
from voice_assist.config import content_folder
from voice_assist.content import Pack

COACHED = ("calf", "foot", "hamstring", "quadriceps", "unknown", "inner_thigh", "hip_flexor", "buttock", "shin", "hand",
           "forearm", "biceps", "triceps", "neck", "upper_back", "lower_back")  # fmt: skip
NIGHTS = (["same"], ["better"], ["same", "better"], ["worse", "same"], ["worse", "worse", "same"])
"""How a night can go: the answers to "Better, same, or worse?"; the last one is given again and again."""

NOT_FOR_YOU = "I can't coach that after surgery or injury."
BLEED = "Blood thinners can cause hidden bleeding."
RUB = "Stroke it lightly with your palm."
ON_THE_BACK = ("Lie back", "Lie flat")
WATER = "Sip some water, if you're allowed fluids."


@pytest.fixture(scope="module")
def pack() -> Pack:
    return content.load(content_folder() / "en")


def nights(pack: Pack, place: str, *person: str, **how: str) -> list[Evening]:
    """Return a night of each kind, and one with another way, for a person with these facts."""
    told = dict.fromkeys(person, True)
    found = [Evening(pack, person=told).hears("start", place=place, **how).lives(feels=feels) for feels in NIGHTS]
    other = Evening(pack, person=told).hears("start", place=place, **how).lives(most=30.0)
    return [*found, other.hears("control", word="another_way").lives()]


def heard(evenings: list[Evening]) -> set[str]:
    return {line for evening in evenings for line in evening.texts}


@pytest.mark.parametrize("place", COACHED)
def test_from_28_weeks_nobody_is_told_to_lie_on_the_back(pack: Pack, place: str) -> None:
    lines = heard(nights(pack, place, "pregnant_late", "stands_safely"))
    assert not [line for line in lines if any(words in line for words in ON_THE_BACK)]
    assert "Press that knee into the bed." not in lines


def test_the_places_that_lie_on_the_back_lie_on_the_side_then(pack: Pack) -> None:
    for place in ("hamstring", "inner_thigh", "buttock", "lower_back"):
        assert [line for line in heard(nights(pack, place)) if any(words in line for words in ON_THE_BACK)], place
        assert [line for line in heard(nights(pack, place, "pregnant_late")) if line.startswith("Lie on your side.")]


def test_pregnant_there_is_no_hip_flexor_and_no_wide_inner_thigh(pack: Pack) -> None:
    assert NOT_FOR_YOU in heard(nights(pack, "hip_flexor", "pregnant"))
    assert "Squeeze the bottom on that side." not in heard(nights(pack, "hip_flexor", "pregnant"))
    lines = heard(nights(pack, "inner_thigh", "pregnant"))
    assert not lines & {"Let that knee drift outward.", "Let both knees fall open. Rest there."}
    assert "Put a pillow between your knees." in lines


@pytest.mark.parametrize("fact", ["pregnant", "past_clot", "long_trip", "cancer", "immobile", "oestrogen"])
@pytest.mark.parametrize("place", ["calf", "unknown"])
def test_who_may_have_a_clot_is_asked_before_the_first_move_and_never_rubbed(pack: Pack, place: str, fact: str) -> None:
    for evening in nights(pack, place, fact):
        assert evening.texts[1] == "Does the leg feel swollen or hot?"
        assert RUB not in evening.texts


@pytest.mark.parametrize("fact", ["pregnant", "past_clot", "blood_thinners", "osteoporosis"])
@pytest.mark.parametrize("place", ["calf", "hand", "hamstring"])
def test_the_excluded_are_never_rubbed_and_others_are(pack: Pack, fact: str, place: str) -> None:
    assert RUB in heard(nights(pack, place))
    assert RUB not in heard(nights(pack, place, fact))


@pytest.mark.parametrize("place", [place for place in COACHED if place not in ("inner_thigh", "hip_flexor")])
def test_on_blood_thinners_effort_is_light_and_swelling_a_bleed(pack: Pack, place: str) -> None:
    evenings = nights(pack, place, "blood_thinners")
    assert not [line for line in heard(evenings) if "Firm" in line]
    swollen = Evening(pack, person={"blood_thinners": True}).hears("start", place=place)
    swollen.lives(
        answers=dict.fromkeys(("Does the leg feel swollen or hot?", "Does the arm feel swollen or hot?"), "yes")
    )
    if place not in ("neck", "upper_back", "lower_back"):
        assert BLEED in swollen.texts
        assert "Stop. This may be a blood clot." not in swollen.texts


@pytest.mark.parametrize("place", ["inner_thigh", "hip_flexor"])
def test_on_blood_thinners_groin_and_hip_are_a_bleed_before_any_move(pack: Pack, place: str) -> None:
    for evening in nights(pack, place, "blood_thinners"):
        assert BLEED in evening.texts
        assert not [line for line in evening.texts if line.startswith(("Lie", "Squeeze", "Press"))]


@pytest.mark.parametrize("fact", ["hip_replacement", "knee_replacement", "osteoporosis", "spine_disease", "fracture"])
@pytest.mark.parametrize("place", ["inner_thigh", "hip_flexor", "buttock"])
def test_with_new_joints_or_brittle_bones_thigh_hip_and_buttock_are_off(pack: Pack, place: str, fact: str) -> None:
    for evening in nights(pack, place, fact):
        assert NOT_FOR_YOU in evening.texts
        assert not [line for line in evening.texts if line.startswith(("Lie", "Lift", "Squeeze", "Let that knee"))]


def test_with_a_new_hip_no_leg_is_lifted(pack: Pack) -> None:
    lift = "Lift the leg a little. Stop at mild."
    assert lift in heard(nights(pack, "hamstring"))
    for fact in ("hip_replacement", "pregnant_late", "poor_circulation"):
        lines = heard(nights(pack, "hamstring", fact))
        assert lift not in lines
        assert "Keep that shape, half as strong." in lines
    assert "Hold your ankle. Heel a little closer." not in heard(nights(pack, "quadriceps", "knee_replacement"))


@pytest.mark.parametrize("fact", ["fracture", "recent_surgery"])
@pytest.mark.parametrize("place", COACHED)
@pytest.mark.parametrize("answer", ["yes", "", "no"])
def test_what_is_mending_is_not_moved(pack: Pack, place: str, fact: str, answer: str) -> None:
    question = "Any break, cast, or new surgery there?"
    evening = Evening(pack, person={fact: True}).hears("start", place=place)
    evening.lives(most=60.0, answers={question: answer})
    assert evening.texts[1] == question
    ends = {"yes": NOT_FOR_YOU, "": "I can't coach that without an answer."}
    assert (ends.get(answer, "") in evening.texts) == (answer != "no")
    assert ("Hold. Keep breathing." in evening.texts) <= (answer == "no")


@pytest.mark.parametrize("place", COACHED)
def test_only_who_stands_safely_is_told_to_stand(pack: Pack, place: str) -> None:
    stand = "Stand slowly. Press that heel into the floor."
    assert stand not in heard(nights(pack, place))
    assert stand not in heard(nights(pack, place, "over_65"))
    evening = Evening(pack, person={"stands_safely": True}).hears("start", place=place).lives()
    assert (stand in evening.texts) == (place in ("calf", "foot", "unknown"))
    if stand in evening.texts:
        steps = ["Sit on the bed edge first.", "Wait until your head feels clear.",
                 "Hold something solid. Light on if you can.", stand]  # fmt: skip
        first = evening.texts.index(steps[0])
        assert evening.texts[first : first + 4] == steps


@pytest.mark.parametrize("place", ["calf", "hand", "biceps"])
def test_over_65_hears_of_falls_and_of_medicines_once_it_has_eased(pack: Pack, place: str) -> None:
    old = Evening(pack, person={"over_65": True}).hears("start", place=place).lives(feels=["better"])
    assert old.texts[-2:] == ["Sit on the bed edge before you stand.", "New medicine lately? Ask your pharmacist."]
    young = Evening(pack).hears("start", place=place).lives(feels=["better"])
    assert young.texts[-1] == "If it comes back, just say cramp."


@pytest.mark.parametrize(
    ("fact", "line"),
    [
        ("statin", "On a statin with muscle pain? Ask today."),
        ("diuretic", "New medicine lately? Ask your pharmacist."),
        ("inhaler", "New medicine lately? Ask your pharmacist."),
    ],
)
def test_medicines_get_one_sentence_after_relief(pack: Pack, fact: str, line: str) -> None:
    evening = Evening(pack, person={fact: True, "over_65": True}).hears("start", place="calf").lives(feels=["better"])
    said = [text for text in evening.texts if "Ask your" in text or "Ask today" in text]
    assert said == [line]


@pytest.mark.parametrize("fact", ["kidney_disease", "heart_failure", "low_salt"])
def test_whose_fluids_are_limited_hears_no_word_of_water(pack: Pack, fact: str) -> None:
    asked = Evening(pack).hears("question", topic="water").passes(30.0)
    assert WATER in asked.texts
    asked = Evening(pack, person={fact: True}).hears("question", topic="water").passes(30.0)
    assert WATER not in asked.texts
    assert "Heat cramp? Call a doctor today." in heard(nights(pack, "calf", fact, after="after_effort"))


@pytest.mark.parametrize("place", ["calf", "shin", "biceps", "neck"])
def test_with_sickle_cell_cramps_of_effort_reach_help_after_one_round(pack: Pack, place: str) -> None:
    call = "Call your local emergency number now. I can't call for you."
    for evening in nights(pack, place, "sickle_cell", after="after_effort"):
        eased = "Good. That's letting go." in evening.texts
        assert (call in evening.texts) != eased
    assert call not in heard(nights(pack, place, "sickle_cell"))


@pytest.mark.parametrize("fact", ["high_pressure", "eye_surgery", "hernia"])
@pytest.mark.parametrize("place", ["calf", "shin", "inner_thigh"])
def test_whom_a_held_breath_harms_is_reminded_in_the_middle_of_a_hold(pack: Pack, place: str, fact: str) -> None:
    def first_hold(*person: str) -> list[str]:
        evening = Evening(pack, person=dict.fromkeys(person, True)).hears("start", place=place).lives(most=60.0)
        return evening.texts[: evening.texts.index("Ease off. Let it go soft.")]

    assert "Keep breathing." in first_hold(fact)
    assert "Keep breathing." not in first_hold()
