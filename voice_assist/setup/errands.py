"""What a pack has done outside the dialogue while we listen: erasing what is known of the person, and practice."""

from __future__ import annotations

from pathlib import Path

from voice_assist.assembly import Assistant, Tell, forget_phrases
from voice_assist.config import Settings
from voice_assist.content import Pack
from voice_assist.errors import SettingsError
from voice_assist.events import Action, Errand, Intent
from voice_assist.setup import keeping
from voice_assist.setup.interview import ERASE, PRACTISE

NOT_ERASED = "not_erased"
"""The activity of a pack that says that something could not be erased."""

PLACE = "place"
"""The concept of places; what is rehearsed is the first that the pack names."""


class Errands:
    """Does them. Told every action of a session."""

    def __init__(self, assistant: Assistant, settings: Settings, file: Path, tell: Tell) -> None:
        self._session, self._pack = assistant.session, assistant.pack
        self._settings, self._file, self._tell = settings, file, tell

    def __call__(self, action: Action) -> None:
        """Take in an action of the session."""
        if isinstance(action, Errand) and action.name == ERASE:
            self._erase()
        elif isinstance(action, Errand) and action.name == PRACTISE:
            forms = self._pack.lexicon.forms_by_concept[PLACE]
            place = next(form.value for form in forms if form.value in self._pack.guide.protocols)
            self._session.act(Intent(self._pack.start, "start", {"place": place}))

    def _erase(self) -> None:
        self._session.forget_person()
        try:
            erased(self._file, self._settings, self._pack)
        except SettingsError as fault:
            self._tell(f"Not erased: {fault}")
            # Nobody shall believe that it is: what the pack says next is this.
            self._session.act(Intent("question", "question", {"topic": NOT_ERASED}))


def erased(file: Path, settings: Settings, pack: Pack) -> None:
    """Erase what is known of the person, and what was rendered of it. Raises SettingsError where that fails."""
    keeping.erase(file)
    try:
        forget_phrases(settings, pack)
    except OSError as error:
        raise SettingsError(f"{error.filename}: cannot be deleted: {error.strerror}; delete it yourself") from None
