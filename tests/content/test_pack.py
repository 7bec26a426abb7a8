"""A pack is loaded whole or not at all, and every fault in it is told at once."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from voice_assist import content
from voice_assist.config import content_folder
from voice_assist.content.fills import emergency_number
from voice_assist.errors import ContentError

EN = content_folder() / "en"
COURSE, HOLDS, ASKED = "routines/course.yaml", "routines/holds.yaml", "questions/course.yaml"
WORKOUT = "routines/workout.yaml"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    folder = tmp_path / "en"
    shutil.copytree(EN, folder)
    return folder


def replace(folder: Path, file: str, old: str, new: str) -> None:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text, f"'{old}' is not in {file}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def faults(folder: Path) -> list[str]:
    with pytest.raises(ContentError) as raised:
        content.load(folder)
    return [str(fault) for fault in raised.value.faults]


def test_the_pack_that_ships_has_no_faults() -> None:
    pack = content.load(EN)
    assert pack.start == "cramp"
    assert {"calf", "hamstring", "quadriceps", "unknown"} <= set(pack.guide.protocols)


@pytest.mark.parametrize(
    ("file", "old", "new", "reason"),
    [
        (COURSE, "run: before", "run: bfore", "there is no routine 'bfore'; did you mean 'before'?"),
        (COURSE, "ask: progress", "ask: progres", "there is no question 'progres'"),
        (HOLDS, "short: Ease off.", "short: Ease off. Let it go soft now.", "has no fewer words than"),
        (HOLDS, "short: Ease off.", "short: Off.", "begins with 'off'"),
        ("timer.yaml", "30: Thirty seconds.", "half: Thirty seconds.", "'half' is no length of a timer"),
        ("timer.yaml", "30: Thirty seconds.", "29.5: Thirty seconds.", "'29.5' is no length of a timer"),
        (WORKOUT, "learn: [lying]", "learn: lying", "learn must be a list"),
        (WORKOUT, "timer: true", "timer: 30", "timer must be true or false"),
        (COURSE, "part: move", "part: mvoe", "there is no part 'mvoe'"),
        (COURSE, "I'm here., pause: 0.2", "I'm here., pause: -1", "a duration in seconds is -1"),
        (COURSE, "when: [child]", "when: [chlid]", "there is no fact 'chlid'; did you mean 'child'?"),
        (HOLDS, "{hold: 10, unless", "{hold: ten, unless", "hold must be a number, not 'ten'"),
        (HOLDS, "{hold: 10, unless", "{hold: 10, say: x, unless", "a step does exactly one of"),
        (HOLDS, "{hold: 10, unless", "{hold: 10, cuont: full, unless", "the step 'hold' has no field 'cuont'"),
        (HOLDS, "from: [R27, R91]", "from: [R27, R999]", "there is no source 'R999'"),
        (ASKED, "goto: relieved", "goto: releived", "there is no routine 'releived'"),
        (ASKED, "place: quadriceps", "place: quad", "there is no place 'quad'"),
        ("guide.yaml", "begin: begin", "begin: start", "there is no routine 'start'"),
        ("safety.yaml", "{emergency} now.", "{emergancy} now.", "has the placeholder {emergancy}"),
        ("protocols/calf.yaml", "say: Straighten that leg.", "say: Flex that foot.", "uses the banned words 'Flex'"),
        ("protocols/calf.yaml", "tier: guided", "tier: guidde", "tier is 'guidde'"),
        ("answers/about.yaml", "says:", "say:", "lacks its field 'says'"),
        ("person.yaml", "implies: [pregnant]", "implies: [pregnnt]", "there is no 'pregnnt' in person.yaml"),
        (
            "protocols/calf.yaml",
            "say: Straighten that leg.",
            "say: Now if you can please slowly straighten that leg for me.",
            "has more than 9 words",
        ),
        ("protocols/calf.yaml", "places: [calf]", "places: [claf]", "no rule ever gives the place 'claf'"),
        ("protocols/foot.yaml", "places: [foot]", "places: [calf]", "place 'calf' has a protocol already"),
        ("protocols/calf.yaml", "course: leg", "cuorse: leg", "a protocol has no field 'cuorse'"),
    ],
)
def test_a_fault_is_told_with_file_line_and_reason(copy: Path, file: str, old: str, new: str, reason: str) -> None:
    replace(copy, file, old, new)
    line = (copy / file).read_text(encoding="utf-8").split(new)[0].count("\n") + 1
    told = faults(copy)
    mine = [fault for fault in told if reason in fault]
    assert mine, told
    assert mine[0].startswith(file)
    if not reason.startswith("no rule"):
        assert int(mine[0].split(":")[1]) in range(line - 3, line + 1)


def test_ten_faults_are_told_at_once(copy: Path) -> None:
    replace(copy, COURSE, "run: before", "run: bfore")
    replace(copy, COURSE, "rest: 20", "rset: 20")
    replace(copy, HOLDS, "{hold: 10, unless", "{hold: ten, unless")
    replace(copy, ASKED, "goto: relieved", "goto: releived")
    replace(copy, ASKED, "wait: 5", "wait: long")
    replace(copy, "guide.yaml", "begin: begin", "begin: start")
    replace(copy, "guide.yaml", "short_count: [5, 2, 1]", "short_count: 5")
    replace(copy, "safety.yaml", "{emergency} now.", "{emergancy} now.")
    replace(copy, "protocols/calf.yaml", "say: Straighten that leg.", "say: Point your toes.")
    replace(copy, "protocols/foot.yaml", "places: [foot]", "places: foot")
    told = faults(copy)
    assert len(told) >= 10
    assert {fault.split(":")[0] for fault in told} == {
        COURSE,
        HOLDS,
        ASKED,
        "guide.yaml",
        "safety.yaml",
        "protocols/calf.yaml",
        "protocols/foot.yaml",
    }


def test_a_file_that_cannot_be_parsed_does_not_drown_its_own_fault(copy: Path) -> None:
    (copy / COURSE).write_text("hold: [\n", encoding="utf-8")
    told = faults(copy)
    assert len(told) == 1
    assert told[0].startswith(f"{COURSE}:2: is not valid YAML")


def test_a_sheet_is_a_file_or_a_folder_not_both(copy: Path) -> None:
    (copy / "routines.yaml").write_text("hold: []\n", encoding="utf-8")
    assert any("stands beside a folder routines/" in fault for fault in faults(copy))


def test_a_name_stands_once_in_all_files_of_a_sheet(copy: Path) -> None:
    (copy / "routines" / "zz.yaml").write_text("leg: []\n", encoding="utf-8")
    told = [fault for fault in faults(copy) if "stands here a second time" in fault]
    assert told
    assert told[0].startswith("routines/zz.yaml:1")
    assert COURSE in told[0]


def test_a_pack_without_protocols_says_so(copy: Path) -> None:
    shutil.rmtree(copy / "protocols")
    assert any("holds no protocol" in fault for fault in faults(copy))


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    assert "there is no such folder" in faults(tmp_path / "absent")[0]


def test_numbers_are_spoken_digit_by_digit() -> None:
    pack = content.load(EN, {"emergency": emergency_number("112"), "advice": "a doctor"})
    assert "You need to call: one one two. One one two; now." in pack.lines()


def test_without_a_number_nobody_is_sent_to_a_wrong_one() -> None:
    lines = content.load(EN).lines()
    assert "You need to call your local emergency number now." in lines
    assert not [line for line in lines if any(digit in line for digit in "0123456789")]


def test_a_timer_that_can_be_asked_for_and_not_told_is_a_fault(copy: Path) -> None:
    replace(copy, "timer.yaml", "30: Thirty seconds.", "61: Half a minute or so.")
    assert "intents.yaml: a timer of 30 s can be asked for, but has no line in timer.yaml" in "\n".join(faults(copy))
