"""The service manager is told that sound goes through, by the sound and not by the clock."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.devices.conftest import ServiceManager
from voice_assist.devices.watch import FEEDS, Watch
from voice_assist.samples import BLOCK, samples

pytestmark = pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="no local sockets here: systemd's are such")

BITES = 30.0


@pytest.fixture
def address(tmp_path: Path) -> str:
    return str(tmp_path / "notify")


@pytest.fixture
def manager(address: str) -> Iterator[ServiceManager]:
    manager = ServiceManager(address)
    yield manager
    manager.close()


def watch(address: str) -> Watch:
    return Watch({"NOTIFY_SOCKET": address, "WATCHDOG_USEC": str(int(BITES * 1e6))})


def test_it_is_told_once_that_we_listen(manager: ServiceManager, address: str) -> None:
    watch(address).ready()
    assert manager.told == ["READY=1"]


def test_it_is_fed_some_times_before_it_bites(manager: ServiceManager, address: str) -> None:
    one = watch(address)
    for _ in range(samples(BITES) // BLOCK):
        one.passed(BLOCK)
    assert manager.told == ["WATCHDOG=1"] * FEEDS


def test_where_no_sound_goes_through_it_starves(manager: ServiceManager, address: str) -> None:
    one = watch(address)
    one.passed(samples(BITES) // FEEDS - 1)
    assert manager.told == []
    one.passed(1)
    assert manager.told == ["WATCHDOG=1"]


@pytest.mark.skipif(not Path("/proc/net/unix").exists(), reason="abstract sockets are Linux's own")
def test_an_abstract_socket_is_found_by_its_at() -> None:
    manager = ServiceManager("\0voice-assist-test")
    watch("@voice-assist-test").ready()
    assert manager.told == ["READY=1"]
    manager.close()


def test_nobody_there_harms_nothing(address: str) -> None:
    watch(address).ready()
    Watch({}).ready()
    Watch({}).passed(samples(999.0))
    assert not Path(address).exists()
