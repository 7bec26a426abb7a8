"""Put an assistant together from the settings: content, recognizer, voice, session."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from voice_assist import content, models
from voice_assist.choices import check_hears
from voice_assist.config import HOLDS, PLAYABLE, Settings, settings_file
from voice_assist.content import Pack
from voice_assist.content.fills import filled, spoken_number
from voice_assist.content.language import ENGLISH, Language, language_of
from voice_assist.content.person import CONTACT, follow
from voice_assist.errors import ModelError, SettingsError
from voice_assist.hear.canceller import EchoCanceller, EchoMask, NoCanceller
from voice_assist.hear.process import Child
from voice_assist.hear.quiet_check import SelfCheck
from voice_assist.hear.recognizer import Recognizer
from voice_assist.hear.voice_activity import Silero
from voice_assist.hear.worker import open_recognizer
from voice_assist.journal import JournalRecognizer
from voice_assist.models.calibration import UNCALIBRATED, Calibration, calibration_of
from voice_assist.models.ngram import ngram_model
from voice_assist.progress import Quarters
from voice_assist.samples import samples
from voice_assist.session import Session
from voice_assist.speak.manner import Manner
from voice_assist.speak.phrasebook import Phrasebook
from voice_assist.speech import speech_of
from voice_assist.starting import uncollected
from voice_assist.understand.grammar import over_our_voice, sentences, whole_sentences

MANY = 100
"""Phrases from which on it is told how far their rendering has come: on a small computer they take a minute."""

Tell = Callable[[str], None]
"""Takes one plain line for the user."""


@dataclass(frozen=True)
class Assistant:
    """A session, ready, and the content it speaks from."""

    session: Session
    pack: Pack
    prepare: Callable[[Iterable[str]], None]
    """Has the voice know lines before they are said, in memory only: they tell of a person. It may be called from
    another thread. Raises RenderError."""


def load_pack(settings: Settings, parts: Sequence[str] = ()) -> Pack:
    """Load the content pack, and parts of it, with the user's own numbers in its lines.

    Raises ContentError, and SettingsError where the settings tell of the person what the pack does not know.
    """
    fills = language_of(settings.content).fills(settings.emergency_number, settings.advice_line, settings.call_name)
    pack = content.load(settings.content, fills, parts)
    if unknown := [name for name in settings.person if name not in pack.person]:
        raise SettingsError(f"{settings_file()}: [person] has no '{unknown[0]}'; it knows {', '.join(pack.person)}")
    return pack


@uncollected()
def assemble(
    settings: Settings,
    tell: Tell,
    *,
    patient: bool,
    self_check: SelfCheck | None = None,
    load: Callable[[Settings], Pack] = load_pack,
) -> Assistant:
    """Make a session that listens with the settings' model; `patient` is for recordings, `load` gives the content.

    Tells which model listens, which words it lacks, and whatever works less well than it should.
    Raises ModelError, ContentError, RenderError.
    """
    folder = models.find(settings.model)
    # First: it takes as long as the content, and there is another core for it.
    child = Child(folder)
    try:
        pack = load(settings)
        check_hears(folder, pack.language)
        calibration = calibration_of(folder)
        graph = graph_folder(folder, pack, calibration, settings.cache, tell)
        phrasebook = _phrasebook(settings, pack, tell)
        recognizer = open_recognizer(
            folder,
            sentences(pack.lexicon, calibration.weights),
            patient=patient,
            graph=graph,
            barge_in=over_our_voice(pack.lexicon),
            child=child,
            meanwhile=lambda: phrasebook.recall(pack.lines()),
        )
    except BaseException:
        child.end()
        raise
    try:
        tell(f"Listening with the model {recognizer.name}, on this machine.")
        if not calibration.own:
            tell(f"{recognizer.name} brings no calibration: values that suit most models are used.")
        if unknown := speakable(recognizer.missing):
            tell(_lacks(unknown, settings, pack.language))
        canceller = EchoMask() if settings.echo_cancellation else NoCanceller()
        session = _session(settings, pack, recognizer, phrasebook, tell, calibration, canceller, self_check)
        return Assistant(session, pack, partial(phrasebook.prepare, stored=False))
    except BaseException:
        recognizer.close()
        raise


def graph_folder(folder: Path, pack: Pack, calibration: Calibration, cache: Path, tell: Tell) -> Path | None:
    """Return the model's copy with a graph of its own for the pack; None where a list is to do.

    Tells where the copy cannot be made: a list hears less well, and is better than no ears.
    """
    if calibration.ngram is None:
        return None
    try:
        return ngram_model(folder, whole_sentences(pack.lexicon), calibration.ngram, cache)
    except ModelError as error:
        tell(f"{error}; listening with a list of phrases instead, which mishears more.")
        return None


def unknown_words(pack: Pack, model: str) -> Sequence[str]:
    """Return the words of a pack that a model cannot hear, in alphabetical order. Raises ModelError."""
    folder = models.find(model)
    check_hears(folder, pack.language)
    with closing(open_recognizer(folder, sentences(pack.lexicon), patient=True)) as recognizer:
        return speakable(recognizer.missing)


def assemble_typing(settings: Settings, tell: Tell, load: Callable[[Settings], Pack] = load_pack) -> Assistant:
    """Make a session without ears: what is typed is all it takes in. Raises ContentError, RenderError."""
    pack = load(settings)
    phrasebook = _phrasebook(settings, pack, tell)
    session = _session(settings, pack, JournalRecognizer(()), phrasebook, tell)
    return Assistant(session, pack, partial(phrasebook.prepare, stored=False))


def _phrasebook(settings: Settings, pack: Pack, tell: Tell) -> Phrasebook:
    return speech_of(settings, tell, pack.language).phrasebook(settings.cache, pack.guide.numbers)


def _session(
    settings: Settings,
    pack: Pack,
    recognizer: Recognizer,
    phrasebook: Phrasebook,
    tell: Tell,
    calibration: Calibration = UNCALIBRATED,
    canceller: EchoCanceller | None = None,
    self_check: SelfCheck | None = None,
) -> Session:
    quarters: list[Quarters] = []

    def progress(done: int, of: int) -> None:
        if done == 1 and of > 1:
            tell(f"Rendering {of} phrases, once; this takes some seconds.")
            quarters.append(Quarters(of, tell))
        if of >= MANY:
            quarters[0].done(done)

    if pack.language.review:
        tell(f"The content pack in {pack.language.name}: {pack.language.review}.")
    if not settings.emergency_number:
        tell("No emergency number is set, and none is guessed; to set yours: voice-assist setup")
    phrasebook.prepare(pack.lines(), progress)
    for trouble in phrasebook.troubles:
        tell(trouble)
    session = Session(
        pack,
        recognizer,
        phrasebook,
        Silero(),
        manner_for(settings, pack),
        known_of(settings, pack),
        timing=calibration.timing,
        doubts=calibration.doubts,
        canceller=canceller,
        self_check=self_check,
    )
    session.know({"number": spoken(settings.emergency_number, pack), "call_name": settings.call_name})
    return session


def spoken(number: str, pack: Pack) -> str:
    """Return a telephone number digit by digit, in the language of a pack."""
    return spoken_number(number, pack.language.digits)


def forget_phrases(settings: Settings, pack: Pack) -> None:
    """Delete from disk what was rendered with the user's own number or with a name. Raises OSError."""
    own = [one for one in (spoken(settings.emergency_number, pack), settings.call_name) if one]
    told = {"number": spoken(settings.emergency_number, pack), "call_name": settings.call_name}
    lines = [filled(line, told) for line in pack.guide.lines()]
    _phrasebook(settings, pack, lambda _line: None).forget(
        line for line in lines if any(one.lower() in line.lower() for one in own)
    )


def known_of(settings: Settings, pack: Pack) -> dict[str, bool]:
    """Return what is known of the person, by the pack's names."""
    named = bool(settings.call_name) and CONTACT in pack.person
    held = dict.fromkeys(HOLDS.get(settings.profile, ()), True)
    return {**held, **settings.person, **({CONTACT: True} if named else {})}


def manner_for(settings: Settings, pack: Pack) -> Manner:
    """Return how to speak to this person: what is known of them changes what nobody has set."""
    known = follow(settings.person, pack.person)
    told = [attribute for name, attribute in pack.person.items() if known.get(name)]
    louder = 0.0 if "volume" in settings.chosen else max((one.louder for one in told), default=0.0)
    pause = 0.0 if "pause" in settings.chosen else max((one.pause for one in told), default=0.0)
    volume = max(settings.volume, min(settings.volume + louder, PLAYABLE))
    loudest = settings.loudest if "loudest" in settings.chosen else max(settings.loudest, volume)
    return Manner(min(volume, loudest), samples(max(settings.pause, pause)), loudest)


def speakable(words: Iterable[str]) -> Sequence[str]:
    """Return the words that somebody could say, sorted: digits and single letters are for the keyboard."""
    return sorted(word for word in words if len(word) > 1 and not any(letter.isdigit() for letter in word))


def how_to_teach(settings: Settings, language: Language) -> str:
    """Return what makes the settings' model hear the words of the settings' pack."""
    if language.code != ENGLISH.code:
        return "models of ours alone can be taught, and they are English; write words in the pack that it knows"
    return f"voice-assist models extend {settings.model} --content {settings.content}"


def _lacks(unknown: Sequence[str], settings: Settings, language: Language, most: int = 3) -> str:
    rest = len(unknown) - most
    some = ", ".join(unknown[:most]) + (f" and {rest} more" if rest > 0 else "")
    return f"It does not know the words {some}; to teach it: {how_to_teach(settings, language)}"
