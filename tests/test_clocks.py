"""What is asked of the clocks outside the session."""

from __future__ import annotations

import sys
import time

import pytest

from voice_assist.clocks import elapsed


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="CLOCK_BOOTTIME: only Linux has it")
def test_the_time_that_the_machine_is_suspended_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    awake, slept = 1000.0, 8 * 3600.0
    clocks = {time.CLOCK_MONOTONIC: awake, time.CLOCK_BOOTTIME: awake + slept}
    monkeypatch.setattr("voice_assist.clocks.time.clock_gettime", clocks.__getitem__)
    monkeypatch.setattr("voice_assist.clocks.time.monotonic", lambda: awake)
    assert elapsed() == awake + slept


def test_it_never_goes_back() -> None:
    asked = [elapsed() for _ in range(1000)]
    assert asked == sorted(asked)
