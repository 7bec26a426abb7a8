"""Plain words for what a content pack names in short: facts, tiers, controls, routines, times."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

TIERS: Mapping[str, str] = {
    "guided": "Guided: the first command comes at once; the screening questions follow after the first round.",
    "gentle": "Guided gently: as above, with less effort, thinner evidence and more questions.",
    "screened": "Screened first: every gate question is answered before any command is given.",
    "comfort": "Comfort only: screened first; then a resting position, breathing and small easy movement. "
    "No contraction, no stretch.",
    "never": "Never guided: a safety answer is spoken instead of coaching.",
}

FACTS: Mapping[str, str] = {
    "over_65": "the person is 65 or older",
    "pregnant": "the person is pregnant",
    "pregnant_late": "pregnant from 28 weeks",
    "blood_thinners": "the person takes blood thinners",
    "diabetes": "the person has diabetes",
    "numb_feet": "the person has numb feet",
    "poor_circulation": "the person has poor circulation in the legs",
    "clot_risk": "the person's risk of a clot is raised",
    "fluid_limit": "the person has a fluid or salt limit",
    "medicines": "the person takes a statin, a diuretic or an inhaler",
    "joint_replacement": "the person has a hip or knee replacement",
    "hip_replacement": "the person has a hip replacement",
    "fragile": "fracture, cast, recent surgery, osteoporosis or spine disease",
    "sickle_cell": "the person has sickle cell trait or disease",
    "blood_pressure": "high blood pressure, eye surgery or hernia",
    "child": "the cramp is a child's",
    "stands_safely": "the person stands safely",
    "lives_alone": "the person lives alone",
    "only_thigh": "“thigh” alone named the place",
    "only_toe": "“toe” alone named the place",
    "only_hip": "“hip” alone named the place",
    "only_shin": "“shin” alone named the place",
    "only_chin": "“chin” alone named the place",
    "only_back": "“back” alone named the place",
    "only_bottom": "“bottom” alone named the place",
    "stitch": "a stitch was named",
    "period": "period pain was named",
    "both_hands": "both hands were named",
    "yawned": "it came with a yawn",
    "top_of_foot": "the toes are pulled up",
    "straight_fingers": "the fingers are locked straight",
    "back_of_forearm": "it is the back of the forearm",
    "after_effort": "running, exercise or heat was named",
    "them": "somebody else has the cramp",
    "water": "the person is in the water",
    "wheel": "the person is driving",
    "several": "two places or more were named",
    "brief": "lines are kept brief (profile workout)",
    "upright": "somebody is up and about, on a floor (profile workout, or said)",
    "lying": "somebody says that they lie or sit",
    "on_feet": "somebody is coached on their feet",
    "attack": "a cramp is being coached and has not eased",
    "relapse": "the cramp came back within ten minutes",
    "swollen": "the leg feels swollen or hot",
    "cold_numb": "the foot feels cold and numb",
    "injury": "it got hit, or popped",
    "heart_signs": "chest pain or trouble breathing",
    "faint_signs": "sweaty, sick, faint, or one side weak",
}
"""What a fact says of the person or of the cramp; a pack's other facts are read as they are written."""


def human(name: str) -> str:
    """Return a name of the pack as words."""
    return name.replace("_", " ").replace(".", ": ").strip()


def title(name: str) -> str:
    """Return a name of the pack as a heading."""
    words = human(name)
    return words[:1].upper() + words[1:]


def fact(name: str) -> str:
    """Return a fact, or `no FACT`, in plain words."""
    plain = name.removeprefix("no ")
    words = FACTS.get(plain, human(plain))
    return words if plain == name else f"“no” to: {words}"


def condition(when: Iterable[str], unless: Iterable[str]) -> str:
    """Return the condition of a step in plain words; empty where it has none."""
    parts = [f"only if {' and '.join(map(fact, sorted(when)))}"] if (when := tuple(when)) else []
    parts += [f"not if {' or '.join(map(fact, sorted(unless)))}"] if (unless := tuple(unless)) else []
    return "; ".join(parts)


def seconds(length: float) -> str:
    """Return a duration in seconds, or in minutes where that says more."""
    if length >= 120 and not length % 60:  # noqa: PLR2004 - two minutes: below, seconds are clearer
        return f"{length / 60:g} min"
    return f"{length:.1f}".removesuffix(".0") + " s"


def clock(at: float) -> str:
    """Return minutes and seconds of a clock."""
    minutes, rest = divmod(round(at), 60)
    return f"{minutes}:{rest:02}"


def times(count: int | None) -> str:
    """Return how often a loop is run."""
    return "again and again until an answer, a word or the clock ends it" if count is None else f"{count} times in all"
