"""Put an assistant together from the settings: content, recognizer, voice, session."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from voice_assist import content, models
from voice_assist.config import Settings
from voice_assist.content import Pack
from voice_assist.hear.recognizer import Recognizer
from voice_assist.hear.voice_activity import Silero, VoiceActivity
from voice_assist.hear.worker import open_recognizer
from voice_assist.journal import JournalRecognizer
from voice_assist.samples import samples
from voice_assist.session import Manner, Session
from voice_assist.speak.engine import Pyttsx3Renderer
from voice_assist.speak.phrasebook import Phrasebook
from voice_assist.understand.grammar import sentences

Tell = Callable[[str], None]
"""Takes one plain line for the user."""


@dataclass(frozen=True)
class Assistant:
    """A session, ready, and the content it speaks from."""

    session: Session
    pack: Pack


def load_pack(settings: Settings) -> Pack:
    """Load the content pack with the user's own numbers in its lines. Raises ContentError."""
    fills = dict(content.FILLS)
    if settings.emergency_number:
        fills["emergency"] = content.spoken_number(settings.emergency_number)
    if settings.advice_line:
        fills["advice"] = content.spoken_number(settings.advice_line)
    return content.load(settings.content, fills)


def assemble(settings: Settings, tell: Tell, *, patient: bool) -> Assistant:
    """Make a session that listens with the settings' model; `patient` is for recordings.

    Tells which model listens, which words it lacks, and whatever works less well than it should.
    Raises ModelError, ContentError, RenderError.
    """
    folder = models.find(settings.model)
    pack = load_pack(settings)
    recognizer = open_recognizer(folder, sentences(pack.lexicon), patient)
    try:
        tell(f"Listening with the model {recognizer.name}, on this machine.")
        if recognizer.missing:
            tell(f"It does not know {_words(recognizer.missing)}; other words for the same are listened for.")
        return Assistant(_session(settings, pack, recognizer, Silero(), tell), pack)
    except BaseException:
        recognizer.close()
        raise


def assemble_typing(settings: Settings, tell: Tell) -> Assistant:
    """Make a session without ears: what is typed is all it takes in. Raises ContentError, RenderError."""
    pack = load_pack(settings)
    return Assistant(_session(settings, pack, JournalRecognizer(()), Silero(), tell), pack)


def _session(
    settings: Settings, pack: Pack, recognizer: Recognizer, voice_activity: VoiceActivity, tell: Tell
) -> Session:
    phrasebook = Phrasebook(Pyttsx3Renderer(), settings.voice, settings.rate, settings.cache / "voice")
    started = False

    def progress(done: int, of: int) -> None:
        nonlocal started
        if not started and of > 1:
            tell(f"Rendering {of} phrases, once; this takes some seconds.")
        started = True

    phrasebook.prepare(pack.lines(), progress)
    for trouble in phrasebook.troubles:
        tell(trouble)
    return Session(pack, recognizer, phrasebook, voice_activity, Manner(settings.volume, samples(settings.pause)))


def _words(missing: frozenset[str], most: int = 8) -> str:
    shown = sorted(missing)[:most]
    rest = len(missing) - len(shown)
    return ", ".join(shown) + (f" and {rest} more" if rest else "")
