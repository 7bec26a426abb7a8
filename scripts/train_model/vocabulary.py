"""The words that the model is to know, and how they are said.

    python -m scripts.train_model.vocabulary DATA LEXICON

It needs the extra `train`: the dictionary, espeak-ng's rules, and pocketsphinx, whose language model tells which words
are common.
"""

from __future__ import annotations

import csv
import importlib
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

from voice_assist.assembly import load_pack
from voice_assist.config import Settings, models_folder
from voice_assist.errors import VoiceAssistError
from voice_assist.models.espeak import Espeak
from voice_assist.models.lexicon import Lexicon, Pronunciation, Way, as_text, chosen, is_word, read_words, words_in
from voice_assist.models.pronounce import Pronouncer, cmu_dictionary
from voice_assist.understand.grammar import sentences
from voice_assist.understand.spans import UNKNOWN

COMMON = 15_000
"""How many of the most common words it knows besides: for other packs, and so that other people's talk has words."""

_WANTED = Path(__file__).with_name("wanted.txt")
_SCALE = 1.0001
"""Base of the logarithms that pocketsphinx counts in; any will do to put words in order."""
_NEVER = -500_000
"""Less than any word of its language model has in those logarithms."""


def main() -> None:
    """Write the lexicon of all words."""
    if len(sys.argv) != 3:  # noqa: PLR2004 - see the docstring of the module
        sys.exit(__doc__)
    try:
        print(write_lexicon(Path(sys.argv[1]), Path(sys.argv[2])))
    except (VoiceAssistError, ImportError, OSError, ValueError) as fault:
        sys.exit(f"vocabulary: {fault}")


def write_lexicon(data: Path, path: Path) -> str:
    """Write lines `word SOUND SOUND …`, every way of every word; return what was done, in a few lines.

    `data` is the folder with the speech to train on (`training/`) and to test with (`audio/`).
    """
    ways, unsaid = ways_of(vocabulary(data))
    path.write_text(as_text(chosen(ways)), encoding="utf-8")
    return "\n".join(
        (
            f"{len(ways)} words, said in {sum(map(len, ways.values()))} ways, are in {path}",
            f"{len(unsaid)} that nobody knows how to say: {', '.join(unsaid)}",
        )
    )


def vocabulary(data: Path) -> set[str]:
    """Return every word that the model is to know."""
    known = (models_folder() / "en-small" / "graph" / "words.txt").read_text(encoding="utf-8")
    return (
        content_words()
        # No word is ever taken out.
        | {word for word in map(_first, known.splitlines()) if is_word(word)}
        | Pronouncer({}, None).listed
        | read_words(_WANTED.read_text(encoding="utf-8"))
        | words_in(_column(data / "training" / "SEGMENTS.tsv", "text"))
        | words_in(_column(data / "audio" / "MANIFEST.tsv", "label_or_transcript", "words/"))
        | set(common(cmu_dictionary(), COMMON))
    )


def content_words() -> set[str]:
    """Return the words of the phrases that the content tells the recognizer to expect, near forms included."""
    lexicon = load_pack(Settings()).lexicon
    forms = (" ".join(form.words) for forms in lexicon.forms_by_concept.values() for form in forms)
    return words_in([*sentences(lexicon), *forms]) - words_in([UNKNOWN])


def heard_british() -> set[str]:
    """Return the words whose British ways are listened for, too: those of the content.

    Of voices with other accents more is heard so. With the British ways of all words, other people's talk is taken for
    commands more often.
    """
    return content_words() - Pronouncer({}, None).weak


def told_apart(ways: Lexicon) -> Lexicon:
    """Leave out each way of a near form that is also a way of what it is mistaken for, where others are left.

    An American "cough" may sound as a British "calf" does. Both would be listened for, and half of what is said be
    heard as the other.
    """
    lexicon = load_pack(Settings()).lexicon
    meant: defaultdict[tuple[str, str], set[Pronunciation]] = defaultdict(set)
    forms = [(form, form.words[0]) for form in lexicon.forms if len(form.words) == 1 and form.words[0] in ways]
    for form, word in forms:
        if not form.near:
            meant[form.concept, form.value].update(ways[word])
    kept = dict(ways)
    for form, word in forms:
        left = tuple(way for way in kept[word] if way not in meant[form.concept, form.value])
        if form.near and left:
            kept[word] = left
    return kept


def common(words: Iterable[str], most: int) -> list[str]:
    """Return those of the words that are most common in English, the most common first."""
    pocketsphinx = importlib.import_module("pocketsphinx")  # of the extra `train`
    model = pocketsphinx.NGramModel(
        pocketsphinx.Config(lm=None),
        pocketsphinx.LogMath(_SCALE),
        pocketsphinx.get_model_path("en-us/en-us.lm.bin"),
    )
    found = sorted((-model.prob([word]), word) for word in words if is_word(word))
    return [word for cost, word in found[:most] if cost < -_NEVER]


def ways_of(words: Iterable[str]) -> tuple[Mapping[str, tuple[Way, ...]], list[str]]:
    """Return every way to say each word, in alphabetical order, and the words that nobody knows how to say."""
    pronouncer = Pronouncer(cmu_dictionary(), Espeak())
    said = {word: pronouncer.said(word) for word in sorted(words)}
    return {word: found.ways for word, found in said.items() if found}, [word for word in said if not said[word]]


def _first(line: str) -> str:
    return line.split(maxsplit=1)[0]


def _column(path: Path, name: str, under: str = "") -> list[str]:
    """Return one column of a table; with `under`, of the rows whose file lies there."""
    with path.open(encoding="utf-8", newline="") as file:
        return [
            row[name]
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
            if not under or row["path"].startswith(under)
        ]


if __name__ == "__main__":
    main()
