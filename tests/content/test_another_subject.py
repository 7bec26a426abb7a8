"""Another subject is another folder: a nosebleed is guided from words alone, with no line of code."""

from __future__ import annotations

from pathlib import Path

import pytest

from voice_assist import content
from voice_assist.content import Pack
from voice_assist.events import Action, Say, Understood
from voice_assist.testing import play, said, scripted_session

FILES = {
    "concepts.yaml": """
where:
  nose: {says: [nose, nostril]}
  gum: {says: [gum, mouth]}
bleeding: [bleeding, bleeds]
mine: [my]
word: {stop: [stop], pause: [wait], resume: [go on], repeat: [again], why: [why]}
progress: {better: [stopped, better], worse: [worse]}
gush: {severe: {says: [pouring out], deniable: true}}
""",
    "talk.yaml": """
fillers: [is, the, a, and, it, it's]
cries: [oh no]
negations: [not]
corrections: [sorry]
decoys: [roses, reading]
""",
    "intents.yaml": """
kinds: {nosebleed: start, control: control, answer: answer, emergency: emergency}
rules:
  - {intent: emergency, needs: [gush], slots: {kind: "{gush}"}, when: [asleep, awake], absolute: true, least: 0.5}
  - {intent: control, needs: [word=stop], slots: {word: stop}, absolute: true, least: 0.4}
  - intent: nosebleed
    needs: [where, bleeding]
    with: [mine]
    slots: {place: "{where}"}
    when: [asleep, awake]
    sentences: ["my {where} is bleeding"]
  - {intent: answer, needs: [progress], slots: {value: "{progress}"}}
  - {intent: control, needs: [word], slots: {word: "{word}"}}
""",
    "guide.yaml": """
begin: begin
doubt: sure
untaught: untaught
other_side: again
clock: {after: 60, run: emergency.severe}
reactions: {better: done, worse: emergency.severe}
asides: {why: why}
numbers: [One., Two., Three.]
short_count: [1]
breath: {in: {say: In., seconds: 3}, out: {say: Out., seconds: 3}}
wording: {most_words: 8, banned: [tilt back]}
""",
    "routines.yaml": """
begin: [{say: I am here., pause: 0.2}]
again: [{say: The same again.}]
why: [{say: Pressing closes the vessel.}]
done: [{say: Good. Rest now.}]
untaught: {alarm: true, steps: [{say: I cannot help with that.}]}
press:
  - part: move
  - loop: [{hold: 3, count: full}, {ask: stopped}]
""",
    "questions.yaml": """
sure: {say: Is it bleeding?, answers: {better: {sleep: true}}, silence: {sleep: true}}
stopped: {say: Has it stopped?, answers: {better: {goto: done}, worse: {goto: emergency.severe}}, wait: 2}
""",
    "safety.yaml": """
emergency:
  times: 2
  repeat_after: 5
  answers: {severe: [{say: "Call {emergency} now."}]}
""",
    "protocols/nose.yaml": """
protocol: nose
places: [nose]
course: press
parts:
  move: [{say: Sit up. Lean forward.}, {say: Pinch the soft part.}]
""",
}


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    folder = tmp_path_factory.mktemp("nosebleed")
    (folder / "protocols").mkdir()
    for name, text in FILES.items():
        Path(folder, name).write_text(text, encoding="utf-8")
    return content.load(folder)


def texts(actions: list[Action]) -> list[str]:
    return [action.text for action in actions if isinstance(action, Say)]


def test_it_is_understood_and_guided(pack: Pack) -> None:
    script = [said("oh no my nose is bleeding", 1.0), said("why", 5.0), said("it stopped", 20.0)]
    actions, _ = play(scripted_session(pack, script), 40.0)
    named = [
        (action.intent.name, *action.intent.slots.values()) for action in actions if isinstance(action, Understood)
    ]
    assert named == [("nosebleed", "nose"), ("control", "why"), ("answer", "better")]
    said_then = texts(actions)
    assert said_then[:3] == ["I am here.", "Sit up. Lean forward.", "Pressing closes the vessel."]
    assert "Has it stopped?" in said_then
    assert said_then[-1] == "Good. Rest now."


def test_its_emergencies_pre_empt_and_its_clock_runs_out(pack: Pack) -> None:
    actions, _ = play(scripted_session(pack, [said("my nose is bleeding", 1.0)]), 80.0)
    assert texts(actions).count("Call your local emergency number now.") == 2
    actions, _ = play(scripted_session(pack, [said("it's pouring out", 1.0)]), 5.0)
    assert texts(actions) == ["Call your local emergency number now."]


def test_its_untaught_place_and_its_stop(pack: Pack) -> None:
    actions, _ = play(scripted_session(pack, [said("my gum is bleeding", 1.0), said("stop", 2.0)]), 10.0)
    assert texts(actions) == ["I cannot help with that."]
    assert scripted_session(pack).idle
