"""Load and validate a content pack. The loader is the validator: there is no second schema."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from voice_assist.content.check import CheckLines
from voice_assist.content.diary import DiaryLines
from voice_assist.content.guide import Guiding, read_guide
from voice_assist.content.language import ENGLISH, Language, read_language
from voice_assist.content.lexicon import read_lexicon
from voice_assist.content.person import Attribute
from voice_assist.content.sheet import Faults
from voice_assist.errors import ContentError, Fault
from voice_assist.guide.episode import UNKNOWN
from voice_assist.guide.facts import OWN
from voice_assist.guide.intake import NO_FACTS, SECONDS
from voice_assist.guide.protocol import Guide
from voice_assist.guide.told import is_told
from voice_assist.understand.lexicon import Lexicon


@dataclass(frozen=True)
class Pack:
    """A subject: what is understood, and how it is guided."""

    folder: Path
    lexicon: Lexicon
    guide: Guide
    person: Mapping[str, Attribute] = field(default_factory=dict)
    """What may be known of the person."""
    notices: Mapping[str, str] = field(default_factory=dict)
    """What is said of devices that fail, by the names of `notices.NOTICES`."""
    claims: Mapping[str, tuple[tuple[str, int], ...]] = field(default_factory=dict)
    """Id of a source, or of an item of one, to the file and line of each line that carries it."""

    check: CheckLines = field(default_factory=CheckLines)
    """What is said of a self-test."""
    diary: DiaryLines = field(default_factory=DiaryLines)
    """What is said of the diary."""
    language: Language = ENGLISH

    @property
    def start(self) -> str:
        """The intent that begins a protocol, by the pack's name for it."""
        return next(rule.intent for rule in self.lexicon.rules if rule.kind == "start")

    def lines(self) -> tuple[str, ...]:
        """Return every line that can be spoken and is known beforehand: none that is filled when it is spoken."""
        return tuple(line for line in dict.fromkeys((*self.guide.lines(), *self.notices.values())) if not is_told(line))


SETUP = "setup"
"""The part of a pack that is about setting up: what is asked by day, and never understood at night."""


def parts_of(folder: Path) -> tuple[str, ...]:
    """Return the parts that a pack has."""
    return (SETUP,) if (folder / SETUP).is_dir() else ()


def load(folder: Path, fills: Mapping[str, str] | None = None, parts: Sequence[str] = ()) -> Pack:
    """Read a pack, with the parts of it that are named.

    `fills` is what stands for placeholders such as {emergency}: the language's own words for those left out. Raises
    ContentError with every fault in it, each with file, line and reason.
    """
    if not folder.is_dir():
        raise ContentError([Fault(str(folder), 0, "there is no such folder; name the folder of a content pack")])
    faults = Faults()
    language = read_language(folder, faults)
    lexicon = read_lexicon(folder, faults, language, parts)
    guiding = read_guide(folder, faults, {**language.unset, **(fills or {})}, language, parts)
    if not faults.unreadable:
        _check_together(lexicon, guiding, faults)
    if faults.found:
        raise ContentError(faults.found)
    claims = {claim: tuple((cell.file, cell.line) for cell in cells) for claim, cells in guiding.names.claims.items()}
    return Pack(
        folder,
        lexicon,
        guiding.guide,
        guiding.person,
        claims=claims,
        notices=guiding.notices,
        check=guiding.check,
        diary=guiding.diary,
        language=language,
    )


def _check_together(lexicon: Lexicon, guiding: Guiding, faults: Faults) -> None:
    """Check what only both halves can tell: what is guided must be understood, what is waited for be told."""
    if not any(rule.kind == "start" for rule in lexicon.rules):
        faults.add("intents.yaml", 0, "no rule is of kind start; nothing could ever begin")
    heard = lexicon.values("place") | {UNKNOWN}
    for place, protocol in guiding.guide.protocols.items():
        if place not in heard:
            faults.add(
                f"protocols/{protocol.name}.yaml",
                0,
                f"no rule ever gives the place '{place}'; known are {', '.join(sorted(heard))}",
            )
    spans = guiding.guide.spans
    for told in sorted(lexicon.values(SECONDS)):
        if not (told.isdecimal() and int(told) in spans):
            faults.add("intents.yaml", 0, f"a timer of {told} s can be asked for, but has no line in timer.yaml")
    guiding.names.check({"fact": {*guiding.person, *guiding.names.learned, *_told(lexicon), *OWN}})


def _told(lexicon: Lexicon) -> frozenset[str]:
    """Return the facts that the naming of a cramp can tell: the values of its slots."""
    starts = {rule.intent for rule in lexicon.rules if rule.kind == "start"}
    slots = {slot for rule in lexicon.rules if rule.intent in starts for slot in rule.slots} - NO_FACTS
    return frozenset().union(*(lexicon.values(slot, intent) for slot in slots for intent in starts))
