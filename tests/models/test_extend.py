"""A model of ours is given more words, and stays what it is otherwise."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from voice_assist import models
from voice_assist.assembly import load_pack, unknown_words
from voice_assist.config import Settings, models_folder
from voice_assist.errors import ModelError
from voice_assist.models import extend as extending
from voice_assist.models.extend import extend, home_of, known_words, read_asked, write_graph
from voice_assist.models.lexicon import Lexicon
from voice_assist.models.openfst import read
from voice_assist.models.pronounce import GIVEN, OWNER, Pronouncer

SHIPPED = models_folder() / "en-small"

SAID: Lexicon = {"flumpish": (("F", "L", "AH", "M", "P", "IH", "SH"),)}
NOBODY = Pronouncer({}, None)
"""Knows our own lists, and no dictionary."""


@pytest.fixture
def user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let the folder of the user's models be an empty one."""
    folder = tmp_path / "data" / "models"
    monkeypatch.setattr(extending, "fetched_folder", lambda: folder)
    return folder


def files(model: Path) -> dict[str, bytes]:
    return {str(path.relative_to(model)): path.read_bytes() for path in model.rglob("*") if path.is_file()}


class TestExtend:
    def test_the_words_are_added_and_all_else_is_as_it_was(self, user: Path) -> None:
        before = files(SHIPPED)
        target = user / "en-small-extended"
        done = extend(SHIPPED, target, ["calf", "flumpish's", "flumpish", "zorble"], SAID, NOBODY)
        assert (done.folder, done.unsaid) == (target, ["flumpish's", "zorble"])
        assert {word: how.source for word, how in done.added.items()} == {"flumpish": GIVEN}
        assert known_words(target) == {**known_words(SHIPPED), **SAID}
        after = files(target)
        assert files(SHIPPED) == before
        assert after.keys() == before.keys()
        assert {name for name in after if after[name] != before[name]} == {
            f"graph/{name}" for name in ("HCLr.fst", "Gr.fst", "words.txt")
        }
        models.check(target)

    def test_words_that_were_added_before_stay_even_with_a_better_network(self, user: Path) -> None:
        target = user / "en-small-extended"
        extend(SHIPPED, target, [], SAID, NOBODY)
        extend(SHIPPED, target, [], {"zorble": (("Z", "AO", "R"),)}, NOBODY)
        assert known_words(target).keys() == {*known_words(SHIPPED), "flumpish", "zorble"}
        (target / "am" / "final.mdl").write_bytes(b"an older network")
        done = extend(SHIPPED, target, ["calf"], {}, NOBODY)
        assert not done.added
        assert (target / "am" / "final.mdl").read_bytes() == (SHIPPED / "am" / "final.mdl").read_bytes()
        assert {"flumpish", "zorble"} <= known_words(target).keys()

    def test_what_a_user_writes_counts_before_what_the_model_had(self, user: Path) -> None:
        model = user / "mine"
        shutil.copytree(SHIPPED, model)
        ways = {"calf": (("K", "AE", "F"), ("K", "AA", "L", "F"))}
        assert extend(model, model, [], ways, NOBODY).added.keys() == {"calf"}
        assert set(known_words(model)["calf"]) == set(ways["calf"])
        assert not extend(model, model, [], ways, NOBODY).added

    def test_nothing_is_copied_where_nothing_is_to_be_added(self, user: Path) -> None:
        assert not extend(SHIPPED, user / "en-small-extended", ["calf"], {}, NOBODY).added
        assert not user.exists()

    def test_what_somebody_has_is_said_like_them(self, user: Path) -> None:
        zorble = Pronouncer({"zorble": (("Z", "AO", "R"),)}, None)
        assert extend(SHIPPED, user / "new", ["zorble's"], {}, zorble).added["zorble's"].source == OWNER
        assert known_words(user / "new")["zorble's"] == (("Z", "AO", "R", "Z"),)

    def test_a_language_model_of_more_words_than_there_are_is_no_base(self, user: Path) -> None:
        model = user / "mine"
        shutil.copytree(SHIPPED, model)
        lexicon = {word: ways for word, ways in known_words(SHIPPED).items() if word != "can't"}
        with pytest.raises(ModelError, match="can't"):
            write_graph(model, lexicon, SHIPPED)

    def test_new_words_are_as_rare_as_the_rarest(self, user: Path) -> None:
        target = user / "new"
        extend(SHIPPED, target, [], SAID, NOBODY)
        lines = (target / "graph" / "words.txt").read_text(encoding="utf-8").splitlines()
        number = next(int(line.split()[1]) for line in lines if line.startswith("flumpish "))
        language = read(target / "graph" / "Gr.fst")
        (arc,) = [arc for arc in language.arcs if arc.label == number]
        assert arc.cost == max(other.cost for other in language.arcs if other.source == arc.source)

    def test_a_model_that_is_not_ours_is_refused(self, tmp_path: Path) -> None:
        model = tmp_path / "other"
        shutil.copytree(SHIPPED, model)
        (model / "graph" / "phones.txt").unlink()
        with pytest.raises(ModelError, match="only models of ours"):
            extend(model, tmp_path / "new", [], SAID, NOBODY)

    def test_where_nothing_can_be_written_is_said(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("no folder", encoding="utf-8")
        with pytest.raises(ModelError, match=f"cannot write to {tmp_path}/file"):
            extend(SHIPPED, tmp_path / "file" / "new", [], SAID, NOBODY)


class TestHome:
    def test_what_ships_is_copied_and_what_is_the_users_is_not(self, user: Path, tmp_path: Path) -> None:
        assert home_of(SHIPPED, "en-small") == user / "en-small-extended"
        assert home_of(user / "en-small-extended", "en-small-extended") == user / "en-small-extended"
        assert home_of(user / "mine", "mine") == user / "mine"
        assert home_of(tmp_path / "model", f"{tmp_path}/model") == tmp_path / "model"


class TestAsked:
    def test_a_line_holds_words_or_says_how_one_is_said(self) -> None:
        assert read_asked("# slang\nhammy HH AE M IY  # one\nhamstrung calf's\n\nhammy HH AE M\n") == (
            {"hammy", "hamstrung", "calf's"},
            {"hammy": (("HH", "AE", "M", "IY"), ("HH", "AE", "M"))},
        )

    @pytest.mark.parametrize("text", ["calf\nHamstring", "calf\nhammy HH AE1", "calf\nr2d2", "calf\nhammy AE mm"])
    def test_a_line_that_is_neither_is_a_fault(self, text: str) -> None:
        with pytest.raises(ValueError, match=r"^line 2: "):
            read_asked(text)


class TestOurModel:
    def test_it_knows_every_word_of_the_content(self) -> None:
        # If it does not: voice-assist models extend models/en-small
        assert not unknown_words(load_pack(Settings()), "en-small")

    def test_it_knows_the_words_of_our_own_lists_about_cramps(self) -> None:
        known = known_words(SHIPPED)
        assert {"hammy", "charleys", "gastrocnemius", "apixaban", "strewth", "can't", "heart"} <= known.keys()
        assert set(known["heart"]) == {("HH", "AA", "R", "T"), ("HH", "AA", "T")}
