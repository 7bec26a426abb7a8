"""Files of OpenFst by our own writer: what OpenFst itself writes, byte for byte."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from voice_assist.config import models_folder
from voice_assist.errors import ModelError
from voice_assist.models.graph import UNKNOWN, tree, words_of
from voice_assist.models.lookahead import reach
from voice_assist.models.openfst import Arc, Fst, const_file, look_ahead_file, read
from voice_assist.models.phones import read_phones

OURS = models_folder() / "en-small" / "graph"
BY_OPENFST = Path(__file__).resolve().parents[3] / "shared" / "models" / "en-small" / "graph"
LIBRARY = next(Path("/usr/lib").glob("*/libfstlookahead.so.*"), None)
with_tools = pytest.mark.skipif(
    not LIBRARY or not shutil.which("fstcompile"), reason="OpenFst is not here: Debian's libfst-tools"
)


def numbers(graph: Path) -> dict[int, str]:
    lines = (graph / "words.txt").read_text(encoding="utf-8").splitlines()
    return {int(number): word for word, number in map(str.split, lines)}


def in_order(fst: Fst) -> Fst:
    """Number the states as OpenFst's compiler does: in the order in which they are named."""
    new: dict[int, int] = {}
    for arc in fst.arcs:
        for state in (arc.source, arc.target):
            new.setdefault(state, len(new))
    arcs = [arc._replace(source=new[arc.source], target=new[arc.target]) for arc in fst.arcs]
    return Fst(arcs, {new[state]: cost for state, cost in fst.final.items()})


def openfst(program: str, *arguments: str, given: bytes = b"") -> bytes:
    # Debian's programs know the look-ahead types only with the library that holds them loaded first.
    done = subprocess.run(
        [program, *arguments],
        input=given,
        capture_output=True,
        check=True,
        env={**os.environ, "LD_PRELOAD": str(LIBRARY)},
    )
    return done.stdout


def as_text(fst: Fst) -> bytes:
    lines = [f"{arc.source} {arc.target} {arc.label} {arc.word} {arc.cost!r}" for arc in fst.arcs]
    return "\n".join([*lines, *(f"{state} {cost!r}" for state, cost in fst.final.items()), ""]).encode()


def some_fst(seed: int, labels: int) -> Fst:
    """Return a transducer of the shape of ours: a start of its own, words on some arcs, loops without a word."""
    draw = random.Random(seed)  # noqa: S311 - nothing is secret here
    count = draw.randint(4, 40)
    arcs = [Arc(0, 1, 0, 0)]
    for state in range(1, count):
        # A way on, so that an end can be reached, a loop, and arcs to anywhere, the first state being the loop's.
        arcs.append(Arc(state, state % (count - 1) + 1, draw.randint(1, 9), 0, 0.5))
        arcs.append(Arc(state, state, draw.randint(10, 19), 0, 0.25))
        arcs += [
            Arc(state, draw.randint(1, count - 1), draw.randint(20, 90), draw.randint(0, labels))
            for _ in range(draw.randint(0, 4))
        ]
    return Fst(list(dict.fromkeys(arcs)), {1: 0.0, draw.randint(1, count - 1): 1.5})


def anew(graph: Path, order: Callable[[Fst], Fst]) -> tuple[bytes, dict[int, str]]:
    """Make the graph of a model anew from the words that it holds; return it, and its numbers of words."""
    words, phones = numbers(graph), read_phones(graph)
    lexicon = words_of(read(graph / "HCLr.fst"), words, phones)
    first = {word: number for number, word in enumerate(sorted({*lexicon, UNKNOWN}), 1)}
    made, new = look_ahead_file(order(tree(lexicon, first, phones)))
    return made, {new[number]: word for word, number in first.items()} | {0: "<eps>"}


def test_our_model_with_no_word_added_comes_out_byte_for_byte() -> None:
    assert anew(OURS, lambda fst: fst) == ((OURS / "HCLr.fst").read_bytes(), numbers(OURS))


@pytest.mark.skipif(not BY_OPENFST.exists(), reason="needs ../shared/models")
def test_a_model_that_openfst_wrote_comes_out_byte_for_byte() -> None:
    assert anew(BY_OPENFST, in_order) == ((BY_OPENFST / "HCLr.fst").read_bytes(), numbers(BY_OPENFST))


def test_a_language_model_comes_out_byte_for_byte() -> None:
    assert const_file(read(OURS / "Gr.fst")) == (OURS / "Gr.fst").read_bytes()


@with_tools
@pytest.mark.parametrize("seed", range(12))
def test_openfst_writes_the_same(seed: int, tmp_path: Path) -> None:
    fst = some_fst(seed, labels=8)
    plain = openfst("fstcompile", "--keep_state_numbering", given=as_text(fst))
    by_label = openfst("fstarcsort", given=plain)
    assert but_properties(const_file(fst)) == but_properties(openfst("fstconvert", "--fst_type=const", given=by_label))
    given, made, pairs = tmp_path / "given", tmp_path / "made", tmp_path / "pairs"
    given.write_bytes(openfst("fstarcsort", "--sort_type=olabel", given=plain))
    openfst("fstconvert", "--fst_type=olabel_lookahead", f"--save_relabel_opairs={pairs}", str(given), str(made))
    ours, new = look_ahead_file(fst)
    assert but_properties(ours) == but_properties(made.read_bytes())
    renumbered = {tuple(map(int, line.split())) for line in pairs.read_text(encoding="ascii").splitlines()}
    # It lists more: numbers that are none of a label, but might be taken for one.
    assert renumbered >= set(new.items())


def but_properties(data: bytes) -> bytes:
    """Return a file without what its headers tell of its shape: these transducers are not of the shape of ours."""
    first, *rest = data.split(b"standard")
    return b"standard".join([first, *(part[:8] + part[16:] for part in rest)])


class TestReach:
    def test_labels_that_come_next_from_one_state_stand_together(self) -> None:
        # 0 goes to 1 and 2 in silence; 1 has the labels 7 and 5, 2 has 6 and may be the end.
        found = reach([[(0, 1), (0, 2)], [(7, 0), (5, 0)], [(6, 0)]], [False, False, True])
        assert found.numbers == {7: 1, 5: 2, 6: 3}
        assert found.end == 4
        assert found.spans == [((1, 5),), ((1, 3),), ((3, 5),)]

    def test_states_that_reach_each_other_in_silence_reach_the_same(self) -> None:
        found = reach([[(0, 1), (9, 2)], [(0, 0)], [(8, 0)]], [False, False, True])
        assert found.spans[0] == found.spans[1]
        assert found.numbers.keys() == {8, 9}
        assert found.end not in found.numbers.values()


class TestReading:
    def test_what_is_damaged_is_said(self, tmp_path: Path) -> None:
        file = tmp_path / "Gr.fst"
        whole = (OURS / "Gr.fst").read_bytes()
        for data in (b"", b"no transducer at all", whole[:50], whole[:-1]):
            file.write_bytes(data)
            with pytest.raises(ModelError, match="is damaged"):
                read(file)

    def test_a_type_that_is_not_of_ours_is_said(self, tmp_path: Path) -> None:
        file = tmp_path / "Gr.fst"
        file.write_bytes((OURS / "Gr.fst").read_bytes().replace(b"const", b"ngram", 1))
        with pytest.raises(ModelError, match="of the type ngram"):
            read(file)
