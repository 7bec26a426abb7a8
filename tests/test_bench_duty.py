# ruff: noqa: E402 - the benches are found only once the checkout is on the path
from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
if not (ROOT / "scripts" / "benchmarks").is_dir():
    pytest.skip("the scripts are not here", allow_module_level=True)
sys.path.insert(0, str(ROOT))

from scripts.benchmarks import duty, faults, runner
from scripts.benchmarks.duty import Duty, Line, heard, stopped, understood
from scripts.benchmarks.faults import Scene, _one, _summed_up, _survive
from scripts.benchmarks.figures import row
from scripts.benchmarks.programs import FailedError

CALF = {"event": "intent", "name": "cramp", "slots": {"place": "calf"}}


def line(**entry: object) -> Line:
    return Line(0.0, "", entry)


def test_only_words_of_the_call_count_as_hearing_it() -> None:
    assert heard(line(event="heard", text="my calf"))
    assert not heard(line(event="heard", text="stop"))
    assert not heard(line(event="heard", text=""))
    assert not heard(line(event="say", text="my calf"))


def test_a_call_in_doubt_is_not_understood() -> None:
    assert understood(line(**CALF))
    assert not understood(line(**{**CALF, "slots": {"place": "calf", "doubt": "yes"}}))
    assert not understood(line(**{**CALF, "slots": {"place": "foot"}}))
    assert stopped(line(event="intent", slots={"word": "stop"}))
    assert not stopped(line(**CALF))


@pytest.fixture
def program(monkeypatch: pytest.MonkeyPatch) -> Iterator[Duty]:
    """A program that prints two lines and ends."""
    code = 'print(\'Listening. Say\'); print(\'{"event": "heard", "text": "calf"}\'); input()'
    monkeypatch.setattr(duty, "PROGRAM", (sys.executable, "-c", code))
    program = Duty({"PYTHONUNBUFFERED": "1"})
    yield program
    program.close()


def test_what_it_prints_is_waited_for_and_its_end_is_noticed(program: Duty) -> None:
    first = program.wait(duty.listening)
    assert program.wait(heard, first.at).entry["text"] == "calf"
    with pytest.raises(FailedError, match="calf"):
        program.wait(understood)


def test_a_fault_that_cannot_be_done_is_no_survival(
    tmp_path: Path, program: Duty, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(scene: Scene) -> float:
        raise FailedError(f"not in {scene.folder}")

    monkeypatch.setattr(faults, "SETTLE_S", 0.0)
    person = object.__new__(duty.Person)
    assert _survive(Scene({}, tmp_path, program), person, broken) == f"not in {tmp_path}"


def test_each_fault_has_a_figure_of_its_own_and_the_worst_is_named() -> None:
    assert row(_one("unplugged", 1.5)).split() == ["unplugged", "1.50", "s", "at", "most", "2,", "met"]
    assert "NOT met" in row(_one("unplugged", 2.5))
    assert row(_one("unplugged", "it ended")).split()[1:7] == ["nan", "s", "at", "most", "2,", "NOT"]
    assert _one("unplugged", "it ended").basis == "not survived: it ended"
    injected, survived, worst = _summed_up({"unplugged": 1.0, "killed": 2.5}, {"hung": "it ended"})
    assert (injected.value, survived.value, survived.bar, survived.met) == (3, 2, 3, False)
    assert (worst.value, worst.met) == (2.5, False)
    assert worst.basis.startswith("killed; ")


def test_where_no_fault_is_survived_the_worst_time_meets_no_bar() -> None:
    *_, worst = _summed_up({}, {"hung": "it ended"})
    assert worst.met is False


def test_minutes_belong_to_the_soak(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        runner.main(["idle", "--minutes", "5"])
    assert ended.value.code == 2
    assert "--minutes belongs to the bench 'soak'" in capsys.readouterr().err
