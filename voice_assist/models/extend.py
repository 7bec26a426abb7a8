"""More words for a model of ours: its graph is made anew, its network stays as it is, and nothing is trained.

| what | where it is from |
| --- | --- |
| words that the model has | recovered, with the ways to say them, from its own graph; none is ever taken out |
| how a new word is said | what the user wrote, our lists in `words/`, the CMU dictionary, espeak-ng: `pronounce` |
| how likely it is where no list of phrases is given | as the rarest of the words before it |

One tree of sounds holds every word, and each word stands on the arc into its last sound: so the tree can be read back.
With no word added the files come out byte for byte as they were.
"""

from __future__ import annotations

import filecmp
import os
import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from voice_assist.errors import ModelError
from voice_assist.models import fetched_folder
from voice_assist.models.graph import UNKNOWN, renumbered, tree, words_of
from voice_assist.models.lexicon import Lexicon, chosen, is_word, read_lexicon
from voice_assist.models.openfst import EPSILON, const_file, look_ahead_file, read
from voice_assist.models.phones import Phones, read_phones
from voice_assist.models.pronounce import Pronouncer, Said

ENDING = "-extended"
"""What the name of a copy with more words ends in."""


@dataclass(frozen=True)
class Extended:
    """A model with more words."""

    folder: Path
    added: Mapping[str, Said]
    """The new words, and those that are now said as the user wrote."""
    unsaid: Sequence[str]
    """The words that nobody knows how to say: they were not added."""


def read_asked(text: str) -> tuple[set[str], Lexicon]:
    """Read the words that a user asks for: lines of words, or `word SOUND SOUND …` for how one is said.

    `#` begins a comment. Raises ValueError, naming the line, where a line is neither.
    """
    words: set[str] = set()
    said = []
    for number, line in enumerate(text.splitlines(), 1):
        fields = line.split("#")[0].split()
        # Words are lower case, sounds upper: what follows a word tells which line it is.
        if len(fields) > 1 and fields[1].isupper():
            said.append(line)
            continue
        said.append("")
        if wrong := [field for field in fields if not is_word(field)]:
            raise ValueError(f"line {number}: '{wrong[0]}' is no word in lower case, such as: calf's")
        words |= set(fields)
    lexicon = read_lexicon("\n".join(said))
    return words | set(lexicon), lexicon


def home_of(model: Path, name: str) -> Path:
    """Return the folder that a model with more words goes to, given where the model is and how the user named it.

    A model of the user's, or one named by its path, is extended where it is; one that ships is copied among the user's.
    """
    by_path = os.sep in name or "/" in name
    if model.parent == fetched_folder() or (by_path and os.access(model.parent, os.W_OK)):
        return model
    return fetched_folder() / (model.name.removesuffix(ENDING) + ENDING)


def known_words(model: Path) -> Lexicon:
    """Return the words that a model of ours knows, and how they are said. Raises ModelError where it is not ours."""
    return words_of(read(model / "graph" / "HCLr.fst"), _words(model / "graph"), _phones(model))


def extend(model: Path, target: Path, asked: Iterable[str], said: Lexicon, pronouncer: Pronouncer) -> Extended:
    """Write to `target` the model with the words of `asked`, those of `said` just as it says.

    `target` may be the model itself. What a folder there knew besides, it still knows. Nothing of it is touched
    before all of it is made. Raises ModelError where the model is not one of ours or cannot be written.
    """
    had = known_words(model)
    stale = False
    if target != model and target.is_dir():
        had = {**known_words(target), **had}
        # The program came with a better network since: the words that were added go on with it.
        stale = not filecmp.cmp(model / "am" / "final.mdl", target / "am" / "final.mdl", shallow=False)
    wanted = {word: pronouncer.said(word) for word in sorted(set(asked) - set(had) - set(said))}
    found = {word: how for word, how in wanted.items() if how}
    # Every way in the graph is also one more that other people's talk can be taken for: British ones for what is asked
    # for alone, and not for little words.
    ways = chosen({word: how.ways for word, how in found.items()}, found.keys() - pronouncer.weak)
    changed = {word: Said.given(ways) for word, ways in said.items() if set(had.get(word, ())) != set(ways)}
    try:
        if found or changed or stale:
            _write(model, target, {**had, **ways, **said})
    except OSError as error:
        raise ModelError(f"cannot write to {error.filename or target.parent}: {error.strerror or error}") from None
    return Extended(target, {**found, **changed}, [word for word, how in wanted.items() if not how])


def write_graph(model: Path, lexicon: Lexicon, base: Path) -> None:
    """Write HCLr.fst, words.txt and Gr.fst, in the same numbers of words, into the graph folder of a model of ours.

    The language model is that of `base`, the folder of a model, which may be the same one. UNKNOWN needs no
    pronunciation. Raises ModelError where the base knows a word that the lexicon lacks.
    """
    phones, before = _phones(model), _words(base / "graph")
    if lost := sorted({word for number, word in before.items() if number != EPSILON} - {*lexicon, UNKNOWN}):
        raise ModelError(f"{base}: its language model has words without a pronunciation: {', '.join(lost[:9])}")
    language = read(base / "graph" / "Gr.fst")
    first = {word: number for number, word in enumerate(sorted({*lexicon, UNKNOWN}), 1)}
    sounds, new = look_ahead_file(tree(lexicon, first, phones))
    after = {word: new[number] for word, number in first.items()}
    listed = sorted(after.items(), key=lambda pair: pair[1])
    text = "".join(f"{word} {number}\n" for word, number in [("<eps>", EPSILON), *listed])
    (model / "graph" / "HCLr.fst").write_bytes(sounds)
    (model / "graph" / "words.txt").write_bytes(text.encode())
    (model / "graph" / "Gr.fst").write_bytes(const_file(renumbered(language, before, after)))


def _write(model: Path, target: Path, lexicon: Lexicon) -> None:
    """Make the whole model beside the target, and give it its name last."""
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=".", dir=target.parent))
    try:
        shutil.copytree(model, fresh / "new", copy_function=shutil.copyfile)
        write_graph(fresh / "new", lexicon, model)
        if target.exists():
            target.rename(fresh / "old")
        (fresh / "new").rename(target)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _phones(model: Path) -> Phones:
    try:
        return read_phones(model / "graph")
    except (FileNotFoundError, ValueError):
        raise ModelError(f"{model}: only models of ours, such as en-small, can be given more words") from None


def _words(graph: Path) -> dict[int, str]:
    lines = (graph / "words.txt").read_text(encoding="utf-8").splitlines()
    return {int(number): word for word, number in map(str.split, lines)}
