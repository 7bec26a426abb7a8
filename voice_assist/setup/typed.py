"""A set-up by keyboard: a line for a question, and nobody is hurried. An empty line skips."""

from __future__ import annotations

from collections.abc import Callable

from voice_assist.assembly import Tell
from voice_assist.content import Pack
from voice_assist.devices.keyboard import Lines
from voice_assist.events import Action, Context, Intent, Said, Say, Unclear, Understood
from voice_assist.names import spoken_name
from voice_assist.output import OnAction
from voice_assist.samples import BLOCK, samples, silence
from voice_assist.session import Session
from voice_assist.setup.interview import NAMED, Interview
from voice_assist.understand.matcher import Matcher

SKIP = "skip"
"""What an empty line says."""

WHOM = "whom"
"""The question that any name answers."""

TURN = samples(0.3)
"""Silence after our last word in which a line is waited for."""


class TypedSetup:
    """Takes a line for each question; between them time goes by as fast as it can, for nothing is heard."""

    def __init__(self, session: Session, pack: Pack, interview: Interview, on_action: OnAction, tell: Tell) -> None:
        self._session, self._interview, self._on_action, self._tell = session, interview, on_action, tell
        self._match = Matcher(pack.lexicon).match
        whom = pack.guide.questions.get(WHOM)
        self._whom = whom.say if whom else ""
        self._names = Context(awake=True, expected=frozenset(whom.answers if whom else ()), spelled=True)
        self._asked = ""
        self._speaking, self._quiet = False, 0
        self.helping = False
        """True once something else was wanted: a cramp has begun, or there is an emergency."""

    def run(self, lines: Lines, over: Callable[[], bool]) -> None:
        """Run until `over()`, until something else is wanted, or until the lines end."""
        while not over() and not self.helping:
            if self._session.state in ("asking", "paused") and not self._speaking and self._quiet >= TURN:
                try:
                    line = lines.wait(1.0)
                except EOFError:
                    return
                if line is None:
                    continue
                self._take(line.strip())
            self._pass()

    def _take(self, line: str) -> None:
        self._quiet = 0
        if not line or self._asked != self._whom or self._match(line.lower(), self._names) is not None:
            self._session.type(line or SKIP)
            return
        try:
            self._interview.typed_name = spoken_name(line)
        except ValueError as fault:
            self._tell(f"That name {fault}.")
        else:
            self._session.act(Intent("answer", "answer", {"value": NAMED}))

    def _pass(self) -> None:
        self._session.hear(silence(BLOCK))
        self._quiet += BLOCK
        for action in self._session.actions():
            self._note(action)
            self._on_action(action)
        self._session.speak(BLOCK)

    def _note(self, action: Action) -> None:
        if isinstance(action, Say | Said):
            self._speaking, self._asked, self._quiet = isinstance(action, Say), action.text, 0
        elif isinstance(action, Unclear):
            # The question is still open: without a word whoever typed would answer the next one here.
            self._tell(f"Not understood; Enter alone skips it. {self._asked}")
        elif isinstance(action, Understood):
            self.helping |= action.intent.kind in ("start", "emergency", "urgent")
