"""Both devices, opened beside the session: what hangs, what is preferred, what is used meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from voice_assist.devices import pair
from voice_assist.devices.pair import FIRST_S, HUNG_S, LOOK_S, SUSPECT_S, Pair
from voice_assist.devices.portaudio import Kind
from voice_assist.errors import DeviceError

PATIENCE_S = 30.0


class Device:
    def __init__(self, name: str, clock: SimpleNamespace) -> None:
        self.name = name
        self.active = self.started = True
        self.opened = self.beat = clock.now
        self.closed = False
        self.hangs = threading.Event()
        self.hangs.set()

    def let_go(self) -> None:
        self.hangs.wait(PATIENCE_S)
        self.closed = True

    close = let_go


class System:
    """A sound system: the devices that are there, the first of which is the default."""

    def __init__(self, clock: SimpleNamespace) -> None:
        self.there: dict[Kind, list[str]] = {"microphone": ["Desk", "Webcam"], "loudspeaker": ["Box"]}
        self.opened: list[Device] = []
        self.restarts = 0
        self._clock = clock

    def open(self, kind: Kind, name: str) -> Device:
        found = [there for there in self.there[kind] if name in there]
        if not found:
            raise DeviceError(f"no {kind}")
        self.opened.append(Device(found[0], self._clock))
        return self.opened[-1]

    def restart(self) -> None:
        self.restarts += 1


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    clock = SimpleNamespace(now=100.0)
    monkeypatch.setattr(pair, "time", SimpleNamespace(monotonic=lambda: clock.now))
    return clock


@pytest.fixture
def system(monkeypatch: pytest.MonkeyPatch, clock: SimpleNamespace) -> System:
    system = System(clock)
    monkeypatch.setattr(
        pair,
        "_OPEN",
        {
            "microphone": lambda name: system.open("microphone", name),
            "loudspeaker": lambda name: system.open("loudspeaker", name),
        },
    )
    monkeypatch.setattr(pair, "restart", system.restart)
    monkeypatch.setattr(pair, "listed_anew", lambda kind: system.there[kind])
    return system


@pytest.fixture
def both(system: System) -> Iterator[Pair]:
    assert system.restarts == 0
    both = Pair("", "")
    both.open()
    yield both
    for device in system.opened:
        device.hangs.set()
    both.close()


def name(both: Pair, kind: Kind) -> str:
    return both._devices[kind].name


def mended(both: Pair) -> None:
    assert both._work is not None
    both._work.join(PATIENCE_S)
    assert not both.mending


def test_one_is_opened_anew_while_the_other_goes_on(both: Pair, system: System) -> None:
    loudspeaker = both._devices["loudspeaker"]
    both.mend("microphone", anew=False)
    mended(both)
    assert [device.closed for device in system.opened] == [True, False, False]
    assert both._devices["loudspeaker"] is loudspeaker
    assert system.restarts == 0


def test_anew_both_are_opened_by_a_sound_system_that_looks_again(both: Pair, system: System) -> None:
    both.mend("microphone", anew=True)
    mended(both)
    assert (system.restarts, len(system.opened)) == (1, 4)


def test_what_is_not_there_stays_absent(both: Pair, system: System) -> None:
    system.there["microphone"] = []
    both.mend("microphone", anew=False)
    mended(both)
    assert both.absent("microphone")
    assert not both.absent("loudspeaker")


def test_another_is_used_until_the_one_that_it_was_is_there_again(
    both: Pair, system: System, clock: SimpleNamespace
) -> None:
    system.there["microphone"] = ["Webcam"]
    both.mend("microphone", anew=True)
    mended(both)
    assert both.instead == {"microphone": "Webcam"}
    clock.now += LOOK_S + 1
    seen(both)
    assert both.came_back() == set()
    system.there["microphone"] = ["Webcam", "Desk"]
    clock.now += LOOK_S + 1
    seen(both)
    assert both.came_back() == {"microphone"}
    both.mend(anew=True)
    mended(both)
    assert (name(both, "microphone"), both.instead) == ("Desk", {})
    assert both.came_back() == set()


def seen(both: Pair) -> None:
    """Have it look for devices, and wait until it has."""
    both.came_back()
    assert both._look is not None
    both._look.join(PATIENCE_S)


def test_a_sound_system_that_hangs_is_waited_for_and_given_up_at_last(
    both: Pair, system: System, clock: SimpleNamespace
) -> None:
    system.opened[0].hangs.clear()
    both.mend("microphone", anew=False)
    assert both.mending
    assert both.absent("microphone"), "the session goes on without"
    clock.now += HUNG_S + 1
    with pytest.raises(DeviceError, match=r"^the computer's sound system does not answer; start again$"):
        assert both.mending
    system.opened[0].hangs.set()
    mended(both)
    assert not both.absent("microphone"), "it came back after all"


def test_one_that_does_not_call_is_suspect_but_not_just_after_opening(
    both: Pair, system: System, clock: SimpleNamespace
) -> None:
    start = clock.now
    clock.now += SUSPECT_S + 0.1
    assert not both.still("microphone", start)
    clock.now = start + FIRST_S + 0.1
    assert both.still("microphone", start)
    assert not both.still("microphone", clock.now - 1.0), "we stood still ourselves"
    system.opened[0].beat = clock.now - 1.0
    assert not both.still("microphone", start)


def test_a_missing_one_is_told_and_leaves_none_open(system: System) -> None:
    system.there["loudspeaker"] = []
    with pytest.raises(DeviceError):
        Pair("", "").open()
    assert [device.closed for device in system.opened] == [True]
