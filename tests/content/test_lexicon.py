"""Every fault of a pack's words is found in one pass, with its file and its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from voice_assist.content.lexicon import read_lexicon
from voice_assist.content.sheet import Faults
from voice_assist.understand.lexicon import Lexicon

CONCEPTS = "spot: {nose: [nose], ear: [ear]}\nbleed: [bleeding, bleeds]\nword: {stop: [stop]}\n"
TALK = "fillers: [my, is]\n"
INTENTS = """kinds: {nosebleed: start, control: control}
rules:
  - {intent: nosebleed, needs: [spot, bleed], slots: {place: "{spot}"}, when: [asleep, awake]}
  - {intent: control, needs: [word], slots: {word: "{word}"}}
"""


def read(folder: Path, concepts: str = CONCEPTS, talk: str = TALK, intents: str = INTENTS) -> tuple[Lexicon, list[str]]:
    for name, text in (("concepts", concepts), ("talk", talk), ("intents", intents)):
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    faults = Faults()
    lexicon = read_lexicon(folder, faults)
    return lexicon, [str(fault) for fault in sorted(faults.found)]


def test_a_sound_pack_has_no_fault(tmp_path: Path) -> None:
    lexicon, faults = read(tmp_path)
    assert faults == []
    assert lexicon.values("place") == {"nose", "ear"}
    assert lexicon.values("word", "control") == {"stop"}
    assert lexicon.values("word", "nosebleed") == frozenset()
    assert lexicon.values("nothing") == frozenset()


@pytest.mark.parametrize(
    ("concepts", "where", "reason"),
    [
        ("spot: [(nose]", "concepts.yaml:1", "never closes"),
        ("spot: [nose)]", "concepts.yaml:1", "never opened"),
        ("spot: ['(nose)?']", "concepts.yaml:1", "left out as a whole"),
        ("spot: [Nose]", "concepts.yaml:1", "'Nose' is not written as it is heard"),
        ("spot: [nose-bleed]", "concepts.yaml:1", "no hyphen"),
        ("spot:\n  nose: [nose]\n  ear: [nose]", "concepts.yaml:3", "stands for nose already; it cannot mean ear too"),
        ("spot:\n  nose: {sounds: [rose]}", "concepts.yaml:2", "lacks its field 'says'"),
        ("spot:\n  nose: {says: [nose], alike: {only_nose: [nose]}}", "concepts.yaml:2", "tell two things besides"),
        ("spot:\n  nose: {says: [nose], facts: [tip]}", "concepts.yaml:2", "must be a mapping"),
        ("spot:\n  nose: {says: [nose], hears: [rose]}", "concepts.yaml:2", "no field 'hears'"),
        ("spot:\n  nose: {says: [nose], vague: maybe}", "concepts.yaml:2", "vague must be true or false"),
        ("spot: [nose]\ncry: [ow]", "concepts.yaml:2", "'cry' is kept for talk.yaml"),
        ("spot: nose", "concepts.yaml:1", "must be a mapping"),
        ("spot: [nose, ", "concepts.yaml", "not valid YAML"),
    ],
)
def test_a_faulty_concept(tmp_path: Path, concepts: str, where: str, reason: str) -> None:
    _, faults = read(tmp_path, concepts=concepts)
    assert any(fault.startswith(where) and reason in fault for fault in faults), faults


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        ("{needs: [spot]}", "lacks its field 'intent'"),
        ("{intent: nosebleed}", "lacks its field 'needs'"),
        ("{intent: nosebleed, needs: []}", "at least one concept"),
        ("{intent: sneeze, needs: [spot]}", "intent 'sneeze' has no kind"),
        ("{intent: nosebleed, needs: [sport]}", "no concept 'sport'"),
        ("{intent: nosebleed, needs: ['spot=toe']}", "'toe' is no value of spot"),
        ("{intent: nosebleed, needs: [spot], with: [blood]}", "no concept 'blood'"),
        ("{intent: nosebleed, needs: [spot], without: [blood]}", "no concept 'blood'"),
        ("{intent: nosebleed, needs: [spot], slots: {place: '{sport}'}}", "no concept 'sport'"),
        ("{intent: nosebleed, needs: [spot], slots: {place: '{spot:likely}'}}", "'likely' is nothing that a concept"),
        ("{intent: nosebleed, needs: [spot], slots: {place: '{spot'}}", "it takes a fixed text"),
        ("{intent: nosebleed, needs: [spot], least_asleep: 2}", "between 0 and 1"),
        ("{intent: nosebleed, needs: [spot], when: [dreaming]}", "'dreaming' is no state"),
        ("{intent: nosebleed, needs: [spot], least: 2}", "between 0 and 1"),
        ("{intent: nosebleed, needs: [spot], absolute: often}", "absolute must be true or false"),
        ("{intent: nosebleed, needs: [spot], sentences: ['my {sport}']}", "no concept 'sport'"),
        ("{intent: nosebleed, needs: [spot], sentences: ['my (nose']}", "never closes"),
        ("{intent: nosebleed, needs: [spot], urgent: true}", "no field 'urgent'"),
        ("{intent: control, needs: [spot], slots: {word: halt}}", "'halt' is no control"),
    ],
)
def test_a_faulty_rule_is_told_with_its_line(tmp_path: Path, rule: str, reason: str) -> None:
    _, faults = read(tmp_path, intents=f"{INTENTS}  - {rule}\n")
    line = 2 if "is no control" in reason else 5
    assert any(fault.startswith(f"intents.yaml:{line}:") and reason in fault for fault in faults), faults


def test_a_kind_that_does_not_exist(tmp_path: Path) -> None:
    _, faults = read(tmp_path, intents=INTENTS.replace("nosebleed: start", "nosebleed: begin"))
    assert any("intents.yaml:1: 'begin' is no kind of intent" in fault for fault in faults)


def test_an_assistant_that_cannot_be_stopped_is_a_fault(tmp_path: Path) -> None:
    _, faults = read(tmp_path, concepts=CONCEPTS.replace("stop: [stop]", "next: [next]"))
    assert any("no rule means the control 'stop'" in fault for fault in faults)


def test_all_faults_are_found_at_once(tmp_path: Path) -> None:
    concepts = CONCEPTS + "limb: [(arm]\nface:\n  chin: {says: [Chin]}\n"
    talk = TALK + "shouts: [hey]\n"
    intents = INTENTS + "  - {intent: sneeze, needs: [sport], least: 3}\n"
    _, faults = read(tmp_path, concepts, talk, intents)
    assert [fault.split(": ")[0] for fault in faults] == [
        "concepts.yaml:4",
        "concepts.yaml:6",
        "intents.yaml:5",
        "intents.yaml:5",
        "intents.yaml:5",
        "talk.yaml:2",
    ]


def test_a_file_that_cannot_be_read_is_one_fault_not_a_hundred(tmp_path: Path) -> None:
    (tmp_path / "talk.yaml").write_text(TALK, encoding="utf-8")
    (tmp_path / "intents.yaml").write_text(INTENTS, encoding="utf-8")
    faults = Faults()
    read_lexicon(tmp_path, faults)
    assert [fault.file for fault in faults.found] == ["concepts.yaml"]
