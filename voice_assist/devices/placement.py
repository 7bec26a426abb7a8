"""Where the sound server has put our streams, and whether they are still at home.

A sound server whose device goes away moves its streams to another one, and no stream tells. On PulseAudio and PipeWire
the microphone is then often the monitor of our own loudspeaker: blocks keep coming, and nobody is heard. pactl, which
comes with either, is asked only when it says that something has changed.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

ANSWER_S = 2.0
"""Seconds that pactl may take to answer; a sound server that stands still answers nothing."""

AGAIN_S = 1.0
"""Seconds to the next look for a sound server that is not there."""


@dataclass(frozen=True)
class Placement:
    """Where our two streams are, by the sound server's names."""

    source: str
    """What our microphone's stream hears; empty while there is none."""
    sink: str
    """What our loudspeaker's stream plays to; empty while there is none."""
    monitor_of: str
    """The loudspeaker whose sound the source is; empty for a real microphone."""
    sources: frozenset[str]
    sinks: frozenset[str]
    """All there are."""
    hearing: int = -1
    playing: int = -1
    """The server's numbers of our streams."""


def read_placement(listed: Mapping[str, Any], pid: int) -> Placement:
    """Return where the streams of a process are, from what `pactl -f json list` says."""
    sources = {entry["index"]: entry for entry in listed.get("sources", ())}
    sinks = {entry["index"]: entry for entry in listed.get("sinks", ())}
    hearing = _ours(listed.get("source_outputs", ()), pid)
    playing = _ours(listed.get("sink_inputs", ()), pid)
    source = sources.get(hearing.get("source"), {})
    return Placement(
        source.get("name", ""),
        sinks.get(playing.get("sink"), {}).get("name", ""),
        source.get("monitor_source", ""),
        frozenset(entry["name"] for entry in sources.values()),
        frozenset(entry["name"] for entry in sinks.values()),
        hearing.get("index", -1),
        playing.get("index", -1),
    )


def _ours(streams: Sequence[Mapping[str, Any]], pid: int) -> Mapping[str, Any]:
    """Return the latest stream of a process."""
    own = [stream for stream in streams if stream["properties"].get("application.process.id") == str(pid)]
    return max(own, key=lambda stream: int(stream["index"]), default={})


class Home:
    """Remembers which devices are ours, and tells which of them our streams had to leave."""

    def __init__(self) -> None:
        self.microphone = self.loudspeaker = ""
        """The sound server's names of our devices; empty until they are known."""
        self._astray: set[str] = set()

    def judge(self, now: Placement) -> Away:
        """Take in where the streams are now."""
        source, sink = now.source, now.sink
        at_home = self._at_home("microphone", self.microphone, source, now.sources)
        if source and at_home and not (now.monitor_of == sink and self.microphone != source):
            self.microphone = source
        if sink and self._at_home("loudspeaker", self.loudspeaker, sink, now.sinks):
            self.loudspeaker = sink
        deaf = bool(source) and source != self.microphone and bool(now.monitor_of)
        astray = bool(sink) and sink != self.loudspeaker
        return Away(
            deaf=deaf,
            microphone=source if source and source != self.microphone and not deaf else "",
            loudspeaker=sink if astray else "",
            back=tuple(self._ways_back(now, deaf=deaf)),
        )

    def _at_home(self, kind: str, home: str, here: str, there_are: frozenset[str]) -> bool:
        """Tell whether a stream is where it belongs: at home, or where the user has put it."""
        if home and home not in there_are:
            self._astray.add(kind)
        if here == home:
            self._astray.discard(kind)
        return kind not in self._astray

    def _ways_back(self, now: Placement, *, deaf: bool) -> list[tuple[str, str, str]]:
        ways = []
        if (deaf or "microphone" in self._astray) and now.hearing >= 0 and self.microphone in now.sources:
            ways.append(("move-source-output", str(now.hearing), self.microphone))
        if "loudspeaker" in self._astray and now.playing >= 0 and self.loudspeaker in now.sinks:
            ways.append(("move-sink-input", str(now.playing), self.loudspeaker))
        return ways


@dataclass(frozen=True)
class Away:
    """What is not where it belongs."""

    deaf: bool = False
    """True if we hear what a loudspeaker plays, and no room."""
    microphone: str = ""
    """The microphone that is heard instead of ours, by the sound server's name."""
    loudspeaker: str = ""
    """The loudspeaker that plays instead of ours."""
    back: tuple[tuple[str, str, str], ...] = ()
    """Orders to pactl that bring a stream home: its device is there again."""


Ask = Callable[..., str]
"""Runs pactl with arguments and returns what it prints; raises OSError or SubprocessError."""


def _pactl(*arguments: str) -> str:
    # In the plain locale: others write numbers that are no JSON.
    done = subprocess.run(  # noqa: S603 - no shell
        ["pactl", *arguments],  # noqa: S607 - wherever the system has it
        env=_environment(),
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        timeout=ANSWER_S,
        check=True,
    )
    return done.stdout


def _environment() -> Mapping[str, str]:
    return {**os.environ, "LC_ALL": "C"}


class SoundServer:
    """Watches where the sound server has our streams, in a thread of its own; nothing where there is no pactl."""

    def __init__(self, ask: Ask = _pactl) -> None:
        self.away = Away()
        """What is not where it belongs, as far as is known."""
        self._ask = ask
        self._home = Home()
        self._events: subprocess.Popen[str] | None = None
        self._ended = threading.Event()

    def start(self) -> None:
        """Begin to watch."""
        if shutil.which("pactl") is not None:
            threading.Thread(target=self._watch, name="sound server", daemon=True).start()

    def close(self) -> None:
        """Watch no more. Safe to call twice."""
        self._ended.set()
        if self._events is not None:
            self._events.kill()

    def look(self) -> None:
        """Ask where the streams are, and bring home what can go there."""
        with suppress(OSError, subprocess.SubprocessError, ValueError, KeyError, TypeError, AttributeError):
            self.away = self._home.judge(read_placement(json.loads(self._ask("-f", "json", "list")), os.getpid()))
            for order in self.away.back:
                self._ask(*order)

    def _watch(self) -> None:
        while not self._ended.is_set():
            with suppress(OSError):
                self._follow()
            self.away = Away()  # no server, no streams: what else is known of the devices counts
            self._ended.wait(AGAIN_S)

    def _follow(self) -> None:
        """Look after each change, until the server is gone."""
        with subprocess.Popen(
            ["pactl", "subscribe"],  # noqa: S607 - wherever the system has it
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        ) as self._events:
            self.look()
            for line in self._events.stdout or ():
                if self._ended.is_set():
                    self._events.kill()
                elif "source" in line or "sink" in line:
                    self.look()
