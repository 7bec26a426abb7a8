"""A fault that ends a service: printed each time, said once and by day, and no reason to keep the processor busy."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

import numpy as np
import pytest

from voice_assist import config, content, room
from voice_assist.assembly import Assistant
from voice_assist.clocks import wall
from voice_assist.commands import cli, listen
from voice_assist.config import Settings
from voice_assist.devices.edge import Passing
from voice_assist.duty import aloud, restarts, vigil
from voice_assist.duty.restarts import FILE, LONGEST_S, MOST_SAID, OTHER_S, PROVEN, Restarts
from voice_assist.errors import DeviceError, OnDutyError, SettingsError, VoiceAssistError
from voice_assist.samples import BLOCK, Samples
from voice_assist.testing import scripted_session

TYPO = SettingsError("settings.toml:3: no setting 'volum'; did you mean 'volume'?")
OTHER_TYPO = SettingsError("settings.toml:4: no setting 'rat'; did you mean 'rate'?")


class Loudspeaker:
    """What was played, in place of a sound card; `missing` is one that is not there."""

    def __init__(self) -> None:
        self.played: list[Samples] = []
        self.missing = False

    def play(self, sound: Samples, name: str) -> None:
        del name
        if self.missing:
            raise DeviceError("no loudspeaker was found")
        self.played.append(sound)


@pytest.fixture
def loudspeaker(monkeypatch: pytest.MonkeyPatch) -> Loudspeaker:
    fake = Loudspeaker()
    monkeypatch.setattr(aloud, "play", fake.play)
    return fake


@pytest.fixture(autouse=True)
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "data"
    monkeypatch.setattr(restarts, "folders", lambda: (folder, tmp_path / "run"))
    return folder


class Service:
    """A program that is started again whenever it ends."""

    def __init__(self, quiet_hours: str = "") -> None:
        self.settings = Settings(quiet_hours=quiet_hours)
        self.time = "15:00"
        self.waited: list[float] = []

    def start(self, fault: VoiceAssistError | None, listens: float = 0.0) -> None:
        """Start once, listen for so many samples, and end with the fault if there is one."""
        hour, minute = map(int, self.time.split(":"))
        moment = dt.datetime(2026, 11, 27, hour, minute, tzinfo=dt.timezone.utc)
        run = Restarts(lambda: moment, self.waited.append)
        if listens:
            run.listens()
        for _ in range(round(listens / BLOCK)):
            run.passed(BLOCK)
        if fault is not None:
            run.failed(fault, self.settings)


def test_a_fault_that_lasts_is_said_once_however_often_it_is_started(loudspeaker: Loudspeaker) -> None:
    service = Service()
    for _ in range(5):
        service.start(TYPO)
    (said,) = loudspeaker.played
    assert np.abs(said).max() > 300, "three sentences in the real voice"
    service.start(OTHER_TYPO)
    assert len(loudspeaker.played) == 2, "another fault is news"
    service.start(TYPO)
    assert len(loudspeaker.played) == 2


def test_a_fault_whose_line_changes_each_time_falls_silent_too(loudspeaker: Loudspeaker) -> None:
    for number in range(3 * MOST_SAID):
        Service().start(VoiceAssistError(f"process {number} died"))
    assert len(loudspeaker.played) == MOST_SAID


def test_in_quiet_hours_nothing_is_said_and_the_next_start_by_day_says_it(loudspeaker: Loudspeaker) -> None:
    service = Service(quiet_hours="22:00-07:00")
    for service.time in ("22:00", "03:12", "06:59"):
        service.start(TYPO)
    assert not loudspeaker.played
    service.time = "07:00"
    service.start(TYPO)
    service.start(TYPO)
    assert len(loudspeaker.played) == 1


def test_a_start_that_only_listens_for_a_moment_is_no_cure(loudspeaker: Loudspeaker) -> None:
    service = Service()
    for _ in range(3):
        service.start(TYPO, listens=PROVEN / 2)
    assert len(loudspeaker.played) == 1
    assert service.waited == [1.0, 1.0, 1.0], "it is there again soon"


def test_once_it_listened_for_long_enough_all_is_forgotten(loudspeaker: Loudspeaker, kept: Path) -> None:
    service = Service()
    service.start(TYPO)
    assert (kept / FILE).exists()
    service.start(None, listens=PROVEN)
    assert not (kept / FILE).exists()
    service.start(TYPO)
    assert len(loudspeaker.played) == 2


def test_nothing_is_written_where_nothing_went_wrong(kept: Path) -> None:
    Service().start(None, listens=PROVEN)
    assert not kept.exists()


def test_each_start_that_fails_waits_longer_up_to_a_limit(loudspeaker: Loudspeaker, kept: Path) -> None:
    service = Service()
    for _ in range(12):
        service.start(TYPO)
    assert service.waited == [1, 2, 4, 8, 16, 32, 64, 128, 256, LONGEST_S, LONGEST_S, LONGEST_S]
    (kept / FILE).write_text(f'{{"starts": {10**6}, "said": []}}')
    service.start(TYPO)
    assert service.waited[-1] == LONGEST_S, "after months, too"
    assert loudspeaker.played


def test_without_a_loudspeaker_it_is_said_when_there_is_one(loudspeaker: Loudspeaker) -> None:
    service = Service()
    loudspeaker.missing = True
    service.start(TYPO)
    loudspeaker.missing = False
    service.start(TYPO)
    service.start(TYPO)
    assert len(loudspeaker.played) == 1


@pytest.mark.parametrize("broken", ["", "{", "[]", '{"starts": "x", "said": []}', '{"starts": 1}', '{"said": 3}'])
def test_a_file_that_was_half_written_is_as_none(loudspeaker: Loudspeaker, kept: Path, broken: str) -> None:
    kept.mkdir()
    (kept / FILE).write_text(broken)
    service = Service()
    service.start(TYPO)
    service.start(TYPO)
    assert len(loudspeaker.played) == 1


def test_what_a_disk_does_not_take_is_kept_in_another_folder(
    loudspeaker: Loudspeaker, kept: Path, tmp_path: Path
) -> None:
    service = Service()
    service.start(TYPO)
    known = (kept / FILE).read_text()
    (kept / FILE).unlink()
    kept.rmdir()
    kept.write_text("in the way")
    service.start(OTHER_TYPO)
    service.start(OTHER_TYPO)
    assert (tmp_path / "run" / FILE).exists()
    assert len(loudspeaker.played) == 2
    # The disk takes it again, and what it held before is not lost.
    kept.unlink()
    kept.mkdir()
    (kept / FILE).write_text(known)
    service.start(OTHER_TYPO)
    service.start(TYPO)
    assert len(loudspeaker.played) == 2
    assert not (tmp_path / "run" / FILE).exists()


def test_what_cannot_be_kept_is_not_said_and_one_line_tells_why(
    loudspeaker: Loudspeaker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setattr(restarts, "folders", lambda: (tmp_path / "file" / "below",))
    service = Service()
    service.start(TYPO)
    assert not loudspeaker.played
    assert service.waited == [LONGEST_S], "nobody can count its starts"
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("voice-assist: not said aloud: ")


def test_where_another_listens_nothing_is_said_and_it_tries_again_soon(loudspeaker: Loudspeaker, kept: Path) -> None:
    service = Service()
    for _ in range(20):
        service.start(OnDutyError("it listens already"))
    assert service.waited == [OTHER_S] * 20
    assert not loudspeaker.played
    assert not kept.exists()


# The command itself


def ends(arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> int:
    """Run the command in this process, without its waits; return its exit code."""
    monkeypatch.setattr(restarts, "LONGEST_S", 0.0)
    monkeypatch.setattr(sys, "argv", ["voice-assist"])
    return int(cli.main(arguments, standalone_mode=False) or 0)


def test_a_service_says_a_wrong_setting_once_and_prints_it_each_time(
    loudspeaker: Loudspeaker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = tmp_path / "settings.toml"
    settings.write_text("volum = 3\n")
    monkeypatch.setenv("VOICE_ASSIST_SETTINGS", str(settings))
    for _ in range(3):
        assert ends(["listen", "--wait"], monkeypatch) == 1
        assert capsys.readouterr().err == f"voice-assist: no setting 'volum'; did you mean 'volume'? ({settings}:1)\n"
    assert len(loudspeaker.played) == 1
    for _ in range(2):
        assert ends(["listen"], monkeypatch) == 1
    assert len(loudspeaker.played) == 3, "by hand it is said each time"


@pytest.mark.parametrize("broken", ["{hours}\nvolum = 3\n", "volume 3\n{hours}\n"])
@pytest.mark.parametrize(("begin", "said"), [(-1, 0), (+1, 1)])
def test_the_quiet_hours_hold_in_a_file_with_faults(
    loudspeaker: Loudspeaker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: str, begin: int, said: int
) -> None:
    around = [wall() + dt.timedelta(hours=hours) for hours in (begin, begin + 2)]
    hours = f'quiet_hours = "{around[0]:%H:%M}-{around[1]:%H:%M}"'
    settings = tmp_path / "settings.toml"
    settings.write_text(broken.format(hours=hours))
    monkeypatch.setenv("VOICE_ASSIST_SETTINGS", str(settings))
    assert ends(["listen", "--wait"], monkeypatch) == 1
    assert len(loudspeaker.played) == said


class Line:
    """A sound system through which so many samples go."""

    def __init__(self, count: int) -> None:
        self._count = count

    def run(self, session: object, on_action: object, passing: Passing, overhearing: object) -> None:
        del session, on_action, overhearing
        passing.passed(self._count)

    def open(self) -> None:
        pass

    def close(self) -> None:
        pass


@pytest.mark.parametrize(("count", "left"), [(BLOCK, '{"starts": 0, "said": ["a"]}'), (PROVEN, None)])
def test_a_command_that_listens_tells_so(
    kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int, left: str | None
) -> None:
    kept.mkdir()
    (kept / FILE).write_text('{"starts": 3, "said": ["a"]}')
    pack = content.load(config.content_folder() / "en")
    monkeypatch.setattr(listen, "assemble", lambda *_, **__: Assistant(scripted_session(pack), pack, lambda _: None))
    monkeypatch.setattr(listen, "Live", lambda *_, **__: Line(count))
    monkeypatch.setattr(vigil, "lock_folders", lambda: (tmp_path,))
    monkeypatch.setattr(room, "data_folder", lambda: tmp_path)
    settings = tmp_path / "settings.toml"
    settings.write_text("keep_awake = false\ndiary = false\n")
    monkeypatch.setenv("VOICE_ASSIST_SETTINGS", str(settings))
    assert ends(["listen", "--wait"], monkeypatch) == 0
    assert ((kept / FILE).read_text() if (kept / FILE).exists() else None) == left
