"""The sittings of a set-up: each a session of its own, by ear or by keyboard, and what comes of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from voice_assist import room
from voice_assist.assembly import Assistant, Tell, assemble, assemble_typing, load_pack
from voice_assist.config import Settings
from voice_assist.content import SETUP, Pack
from voice_assist.devices.keyboard import Lines, converse, follow
from voice_assist.devices.live import Live
from voice_assist.diary.store import Store, diary_file
from voice_assist.duty.hours import within
from voice_assist.errors import ContentError, Fault, VoiceAssistError
from voice_assist.events import Intent
from voice_assist.output import OnAction, both
from voice_assist.session import Session
from voice_assist.setup.course import remaining, unhurried
from voice_assist.setup.errands import Errands, erased
from voice_assist.setup.interview import Interview
from voice_assist.setup.typed import TypedSetup

BY_NIGHT = "22:00-07:00"
"""When nobody is asked anything, where no quiet hours are set."""


@dataclass(frozen=True)
class Edge:
    """Where a set-up takes its answers from, and who is told what happens."""

    tell: Tell
    on_action: OnAction
    lines: Lines | None = None
    """Typed lines; None where it listens."""
    paced: bool = True
    """Whether what is typed comes from somebody who sits there: then a cramp is coached by the clock on the wall."""


def check_hour(settings: Settings, now: dt.datetime) -> None:
    """Raise VoiceAssistError at night: then nobody is asked anything (safety.md section 1)."""
    hours = settings.quiet_hours or BY_NIGHT
    if within(hours, f"{now:%H:%M}"):
        raise VoiceAssistError(
            f"it is night ({hours}), and questions wait; set up by day, or: voice-assist setup --now"
        )


def interview(settings: Settings, file: Path, edge: Edge, zone: str, *, fresh: bool = False) -> Interview:
    """Hold one interview, from where the last one ended or `fresh`, and return what came of it.

    Raises SettingsError where an answer cannot be kept, and what an assistant raises that cannot be put together.
    """

    def load(settings: Settings) -> Pack:
        pack = setup_pack(settings)
        return pack if fresh else remaining(pack, settings)

    assistant = _assistant(settings, edge, load)
    with closing(assistant.session):
        session = assistant.session

        def erase() -> None:
            erased(file, settings, assistant.pack)
            session.forget_person()
            # Beside a set-up no diary listens; what was kept before goes with the rest.
            if diary_file().exists():
                with closing(Store()) as store:
                    store.erase()

        taken = Interview(session, assistant.pack, file, settings, zone, erased=erase)
        session.in_room(room.load(edge.tell).echo_delay)
        session.act(Intent("question", "question", {"topic": SETUP}))
        _run(assistant, edge, taken, lambda: session.idle or taken.again, settings)
    return taken


def setup_pack(settings: Settings) -> Pack:
    """Return the content with what is asked to set up. Raises ContentError, also where a pack has no set-up."""
    pack = load_pack(settings, parts=(SETUP,))
    if f"question.{SETUP}" not in pack.guide.activities:
        raise ContentError([Fault("guide.yaml", 0, f"no activity '{SETUP}': this pack has no set-up yet")])
    return unhurried(pack)


PRACTICE = "practice"
"""The activity of a pack that rehearses a cramp from its start to its end."""


def practice(settings: Settings, file: Path, edge: Edge) -> None:
    """Rehearse a cramp with what was set up; nothing is kept of it. Raises as `interview` does."""
    assistant = _assistant(settings, edge, load_pack)
    with closing(assistant.session) as session:
        begins = Errands(assistant, settings, file, edge.tell)
        session.act(Intent("question", "question", {"topic": PRACTICE}))
        on_action = both(edge.on_action, begins)
        if edge.lines is None:
            Live(settings.microphone, settings.loudspeaker).run(session, on_action, lambda: session.idle)
        elif edge.paced:
            converse(session, _UntilIdle(session, edge.lines), on_action)
        else:
            follow(session, (), on_action)


class _UntilIdle:
    """Typed lines, until the session sleeps."""

    def __init__(self, session: Session, lines: Lines) -> None:
        self._session, self._lines = session, lines

    def wait(self, timeout_s: float) -> str | None:
        """Return the next line, or None if none came in time. Raises EOFError at their end, or of the session."""
        if self._session.idle:
            raise EOFError
        return self._lines.wait(timeout_s)


def _assistant(settings: Settings, edge: Edge, load: Callable[[Settings], Pack]) -> Assistant:
    if edge.lines is not None:
        return assemble_typing(settings, edge.tell, load)
    return assemble(settings, edge.tell, patient=False, load=load)


def _run(assistant: Assistant, edge: Edge, taken: Interview, over: Callable[[], bool], settings: Settings) -> None:
    on_action = both(edge.on_action, taken)
    if edge.lines is None:
        Live(settings.microphone, settings.loudspeaker).run(assistant.session, on_action, over)
        return
    typed = TypedSetup(assistant.session, assistant.pack, taken, on_action, edge.tell)
    typed.run(edge.lines, over)
    if typed.helping and edge.paced:
        converse(assistant.session, _UntilIdle(assistant.session, edge.lines), on_action)
    elif typed.helping:
        follow(assistant.session, (), on_action)
