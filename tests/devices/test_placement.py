"""Where the sound server has our streams: read from its own words, judged by where they were."""

from __future__ import annotations

import json
import os
import subprocess
from typing import Any

import pytest

from voice_assist.devices.placement import Home, Placement, SoundServer, read_placement

PID = 7
DESK, WEBCAM, OURS = "desk", "webcam", "speaker.monitor"
SINKS = frozenset({"speaker"})


def listed(source: int, sink: int) -> dict[str, Any]:
    mine = {"application.process.id": str(PID)}
    other = {"application.process.id": "8"}
    return {
        "sources": [
            {"index": 1, "name": DESK, "monitor_source": ""},
            {"index": 2, "name": OURS, "monitor_source": "speaker"},
        ],
        "sinks": [{"index": 5, "name": "speaker"}],
        "source_outputs": [
            {"index": 20, "source": 1, "properties": other},
            {"index": 21, "source": source, "properties": mine},
        ],
        "sink_inputs": [{"index": 30, "sink": sink, "properties": mine}, {"index": 31, "sink": 9, "properties": {}}],
    }


def placed(source: str, *sources: str, sink: str = "speaker", sinks: frozenset[str] = SINKS) -> Placement:
    monitor = source.removesuffix(".monitor") if source.endswith(".monitor") else ""
    return Placement(source, sink, monitor, frozenset({*sources, OURS}), sinks, 21, 30)


def test_our_streams_are_found_among_others() -> None:
    found = read_placement(listed(2, 5), PID)
    assert (found.source, found.sink, found.monitor_of) == (OURS, "speaker", "speaker")
    assert (found.hearing, found.playing) == (21, 30)
    assert (found.sources, found.sinks) == (frozenset({DESK, OURS}), SINKS)


def test_without_streams_nothing_is_known() -> None:
    found = read_placement(listed(1, 5), 99)
    assert (found.source, found.sink, found.hearing) == ("", "", -1)
    assert Home().judge(found).deaf is False


def test_moved_to_our_own_monitor_we_are_deaf_until_the_microphone_is_there_again() -> None:
    home = Home()
    assert not home.judge(placed(DESK, DESK)).deaf
    away = home.judge(placed(OURS))
    assert (away.deaf, away.microphone, away.back) == (True, "", ())
    back = home.judge(placed(OURS, DESK))
    assert back.back == (("move-source-output", "21", DESK),), "it is taken home"
    assert not home.judge(placed(DESK, DESK)).deaf


def test_moved_to_our_own_monitor_by_anybody_it_is_taken_home_at_once() -> None:
    home = Home()
    home.judge(placed(DESK, DESK))
    assert home.judge(placed(OURS, DESK)).back == (("move-source-output", "21", DESK),)


def test_started_without_a_microphone_the_monitor_is_none() -> None:
    home = Home()
    assert home.judge(placed(OURS)).deaf
    assert not home.judge(placed(DESK, DESK)).deaf
    assert home.microphone == DESK


def test_another_microphone_in_its_place_is_heard_and_the_first_is_preferred() -> None:
    home = Home()
    home.judge(placed(DESK, DESK, WEBCAM))
    away = home.judge(placed(WEBCAM, WEBCAM))
    assert (away.deaf, away.microphone) == (False, WEBCAM)
    assert home.judge(placed(WEBCAM, WEBCAM, DESK)).back == (("move-source-output", "21", DESK),)
    assert home.judge(placed(DESK, WEBCAM, DESK)).microphone == ""


def test_where_the_user_puts_it_is_home() -> None:
    home = Home()
    home.judge(placed(DESK, DESK, WEBCAM))
    assert home.judge(placed(WEBCAM, DESK, WEBCAM)).back == ()
    assert home.microphone == WEBCAM


def test_another_loudspeaker_in_its_place_is_told_and_ours_is_preferred() -> None:
    home, both = Home(), frozenset({"speaker", "screen"})
    home.judge(placed(DESK, DESK, sinks=both))
    gone = home.judge(placed(DESK, DESK, sink="screen", sinks=frozenset({"screen"})))
    assert gone.loudspeaker == "screen"
    assert home.judge(placed(DESK, DESK, sink="screen", sinks=both)).back == (("move-sink-input", "30", "speaker"),)
    assert home.judge(placed(DESK, DESK, sinks=both)).loudspeaker == ""


def test_looking_moves_what_can_go_home() -> None:
    here = {"source": 1}
    asked: list[tuple[str, ...]] = []

    def pactl(*arguments: str) -> str:
        asked.append(arguments)
        return json.dumps(listed(here["source"], 5)).replace(f'"{PID}"', f'"{os.getpid()}"')

    server = SoundServer(pactl)
    server.look()
    here["source"] = 2
    server.look()
    assert server.away.deaf
    assert asked[-1] == ("move-source-output", "21", DESK)


@pytest.mark.parametrize("answer", ["", "not JSON", "[]", '{"source_outputs": [{}]}'])
def test_an_answer_that_is_none_changes_nothing(answer: str) -> None:
    server = SoundServer(lambda *_: answer)
    server.look()
    assert server.away.deaf is False


def test_a_server_that_does_not_answer_changes_nothing() -> None:
    def silent(*arguments: str) -> str:
        raise subprocess.TimeoutExpired(arguments, 2.0)

    server = SoundServer(silent)
    server.look()
    assert server.away.back == ()
