"""What the synthetic persons say: a fixed sample of the phrases that were written from the sources, not from the pack.

Start phrases are all of `phrases.yaml` that name a place, and of the table of places those that are told asleep and
mean one place and nothing besides, in turn from every place, drawn with SEED. Words of control and signs of danger
come from their tables. Nobody says what stands there as misheard ("my cough is cramping"): such lines are left out.
So every phrase is right as text, and what is missed is missed by ear. Each is said by several of VOICES, in turn, so
that every voice says some of everything.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import zip_longest

from scripts.benchmarks import commands, sounds
from tests.content.en.tables import ROWS, Row, context_of, is_right
from voice_assist.assembly import load_pack
from voice_assist.config import Settings
from voice_assist.guide.episode import UNKNOWN as NO_PLACE
from voice_assist.samples import Samples
from voice_assist.understand.matcher import Matcher
from voice_assist.understand.spans import UNKNOWN

PLAIN = ("en-gb-x-rp", "en-029", "en-gb-x-gbclan")
VARIED = ("en-us+f4", "en-us+f5", "en-us+m7")
BOTH = ("en-gb-x-rp+f5", "en-029+f4", "en-gb-x-gbclan+m7")
VOICES = tuple(voice for voices in zip(PLAIN, VARIED, BOTH, strict=True) for voice in voices)
"""Voices that no model of ours was trained or tuned on: three accents, three timbres, and both at once."""

SEED = 1

STARTS, DANGERS, CONTROLS = 100, 40, 3
"""How many start phrases, how many signs of danger, how many ways to say each word of control."""

WORDS_OF_CONTROL = 3
"""A word of control said alone has no more words than this."""


@dataclass(frozen=True)
class Phrase:
    """What is said, and what is right."""

    text: str
    wanted: str
    """The place, or the answer in the words of the tables."""
    row: Row | None = None
    """Where it stands in the tables, if it does."""


@dataclass(frozen=True)
class Utterance:
    """A phrase as one person says it."""

    phrase: Phrase
    voice: str
    number: int
    """Counted from 0 over a set: it chooses the noise."""
    sound: Samples
    """From its first voiced block to its last, at `voice_assist.testing.NEAR`."""


def starts() -> list[Phrase]:
    """Return the start phrases with a place."""
    written = [Phrase(text, place) for place, text in commands.phrases() if place != NO_PLACE]
    rows = (row for row in _rows("places", "asleep") if _one_place(row))
    by_place: defaultdict[str, list[Phrase]] = defaultdict(list)
    for row in rows:
        by_place[_place(row)].append(Phrase(row.said, _place(row), row))
    known = {phrase.text.lower().replace(",", "") for phrase in written}
    drawn = (phrase for phrase in _in_turn(by_place.values()) if phrase.text not in known)
    return [*written, *drawn][:STARTS]


def controls() -> list[Phrase]:
    """Return words of control said alone, each in CONTROLS ways."""
    short = (row for row in _rows("controls", "awake") if len(row.said.split()) <= WORDS_OF_CONTROL)
    by_word: defaultdict[str, list[Phrase]] = defaultdict(list)
    for row in short:
        by_word[row.right[0]].append(Phrase(row.said, row.right[0], row))
    return [phrase for ways in by_word.values() for phrase in ways[:CONTROLS]]


def dangers() -> list[Phrase]:
    """Return signs of danger that count asleep."""
    by_kind: defaultdict[str, list[Phrase]] = defaultdict(list)
    for row in _rows("emergencies", "asleep"):
        by_kind[row.right[0]].append(Phrase(row.said, row.right[0], row))
    return list(_in_turn(by_kind.values()))[:DANGERS]


def spoken(phrases: Sequence[Phrase], voices: int, *, quick: bool) -> list[Utterance]:
    """Return phrases as so many voices each say them; the voices that say a phrase lie as far apart as can be.

    With `quick` a sample: every so many phrases, one voice each.
    """
    step = max(1, len(phrases) // 12) if quick else 1
    asked = [
        (phrase, VOICES[(number + turn * len(VOICES) // voices) % len(VOICES)])
        for number, phrase in enumerate(phrases[::step])
        for turn in range(1 if quick else voices)
    ]
    said = {
        voice: sounds.spoken(voice, tuple(dict.fromkeys(phrase.text for phrase, other in asked if other == voice)))
        for voice in dict.fromkeys(voice for _, voice in asked)
    }
    return [Utterance(phrase, voice, number, said[voice][phrase.text]) for number, (phrase, voice) in enumerate(asked)]


def _in_turn(groups: Iterable[Sequence[Phrase]]) -> Iterator[Phrase]:
    """Yield one of each group, then another of each, drawn always the same way."""
    draw = random.Random(SEED)  # noqa: S311 - nothing secret
    mixed = [draw.sample(group, len(group)) for group in groups]
    for turn in zip_longest(*mixed):
        yield from (phrase for phrase in turn if phrase is not None)


def _rows(table: str, section: str) -> Iterator[Row]:
    """Yield what is said, word for word, in a context."""
    context = replace(context_of(section), spelled=True)
    for row in ROWS:
        # A groan can be written, not spoken.
        if (row.table, row.section) == (table, section) and UNKNOWN not in row.said.split():
            intent = _matcher().match(row.said, context)
            place = intent.slots.get("place") if intent else None
            # Of several places the first is coached: right in the table, and more than one here.
            if is_right(intent, row) and place in (None, *_places(row)):
                yield row


@lru_cache(maxsize=1)
def _matcher() -> Matcher:
    return Matcher(load_pack(Settings()).lexicon)


def _one_place(row: Row) -> bool:
    """Tell whether a row has one right answer, a cramp of one place that has a protocol, and nothing besides."""
    return len(row.right) == 1 and len(_places(row)) == 1 and _place(row) != NO_PLACE


def _places(row: Row) -> list[str]:
    """Return what a right answer tells besides its name: a place, where it is a start."""
    return row.right[0].split()[1:]


def _place(row: Row) -> str:
    return _places(row)[0]
