"""diary.yaml, and the questions, routines and answers of the diary; and what a pack without it does."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from voice_assist import content
from voice_assist.config import content_folder
from voice_assist.content import Pack
from voice_assist.content.check import NEWS as NEWS_ROUTINE
from voice_assist.content.diary import FOLLOW_UP, NEWS, SENTENCES, DiaryLines, read_diary
from voice_assist.content.sheet import Cell, Faults
from voice_assist.content.steps import Names, StepReader
from voice_assist.content.wording import read_wording
from voice_assist.errors import ContentError
from voice_assist.guide.protocol import Only, Run, Say

Walk = Callable[..., list[str]]
TOPICS = ("diary_night", "diary_week", "diary_month", "diary_last", "diary_trend")


@pytest.fixture(scope="module")
def pack() -> Pack:
    return content.load(content_folder() / "en")


def test_every_sentence_and_every_place_that_is_coached_has_its_words(pack: Pack) -> None:
    assert set(pack.diary.sentences) == set(SENTENCES)
    coached = {place for place, protocol in pack.guide.protocols.items() if protocol.tier != "never"}
    assert coached <= set(pack.diary.places)
    assert set(pack.diary.news) == set(NEWS)


def test_no_line_of_ours_has_a_cramp_and_a_place_together(pack: Pack) -> None:
    with_place = [name for name in SENTENCES if "place" in SENTENCES[name]]
    assert with_place
    assert not [name for name in with_place if "cramp" in pack.diary.sentences[name].lower()]
    assert not [place for place in pack.diary.places.values() if "cramp" in place]


def test_what_is_due_is_news_and_how_it_is_comes_first(pack: Pack) -> None:
    steps = pack.guide.routines[NEWS_ROUTINE].steps
    assert steps[0] == Only(Run("how_is_it"), when=frozenset({f"news {FOLLOW_UP}"}))
    told = [step for step in steps if isinstance(step, Only) and isinstance(step.step, Say)]
    assert [step.when for step in told[:2]] == [frozenset({f"news {name}"}) for name in NEWS]
    assert set(pack.diary.news.values()) <= set(pack.lines())


def test_more_or_worse_deserves_a_doctors_visit_in_the_words_of_the_source(pack: Pack) -> None:
    for name in NEWS:
        assert pack.diary.news[name].endswith("Frequent cramps deserve a doctor's visit.")
        assert pack.diary.sentences[name].endswith("Frequent cramps deserve a doctor's visit.")
    assert any(file == "diary.yaml" for file, _ in pack.claims["000-85"])


@pytest.mark.parametrize("topic", TOPICS)
def test_every_question_has_its_answer_and_waits_in_an_attack(pack: Pack, walk: Walk, topic: str) -> None:
    assert pack.guide.asides[f"question.{topic}"] == f"answer.{topic}"
    assert walk(f"answer.{topic}")[0] == f"{{{topic}}}"
    assert walk(f"answer.{topic}", ["attack"]) == ["Let it ease first. Then ask again."]


def test_only_yes_erases(pack: Pack) -> None:
    question = pack.guide.questions["erase_diary"]
    assert pack.guide.activities["question.erase_diary"] == "erase_diary"
    branches = {**question.answers, "silence": question.silence, "unclear": question.unclear}
    assert {name for name, branch in branches.items() if branch and branch.goto} == {"yes"}


def read(**fields: object) -> tuple[DiaryLines, list[str]]:
    """Read a small diary.yaml; return it, and its faults."""
    faults = Faults()

    def cell(value: object) -> Cell:
        if isinstance(value, dict):
            value = {name: cell(one) for name, one in value.items()}
        elif isinstance(value, list):
            value = [cell(one) for one in value]
        return Cell(value, "diary.yaml", 1, faults)

    sheet = {
        "sentences": dict.fromkeys(SENTENCES, "Well."),
        "places": {"calf": "your calf"},
        "times": ["once"],
        "often": "often",
        "hours": ["at one"] * 24,
        "days": ["one day"] * 7,
        "weeks": ["a week ago"],
        "long_ago": "long ago",
        "news": dict.fromkeys(NEWS, "More."),
    }
    wording = read_wording(cell({"most_words": 4.0}), {})
    found = read_diary(cell({**sheet, **fields}), StepReader(wording, Names()))
    return found, [fault.reason for fault in faults.found]


def test_a_sentence_is_checked_with_the_longest_words_that_it_may_get() -> None:
    sentences = dict.fromkeys(SENTENCES, "Well.") | {"last_hour": "{day}, {hour}."}
    assert read(sentences=sentences)[1] == []
    days = ["today", *["such a long day"] * 6]
    assert "more than 4 words" in read(sentences=sentences, days=days)[1][0]


def test_words_that_a_sentence_cannot_get_and_lists_that_are_too_short_are_faults() -> None:
    sentences = dict.fromkeys(SENTENCES, "Well.") | {"week": "{tims} a week."}
    assert read(sentences=sentences)[1] == ["'{tims} a week.' has {tims}; did you mean 'times'?"]
    assert read(hours=["at one"])[1] == ["hours has 1 texts; it must have 24"]


def test_a_sentence_begins_with_a_capital() -> None:
    sentences = dict.fromkeys(SENTENCES, "Well.") | {"week": "{times} a week."}
    assert read(sentences=sentences)[0].said("week", times="once") == "Once a week."


def test_a_pack_without_it_has_nothing_to_say_of_a_diary() -> None:
    found = read_diary(Cell(None, "diary.yaml", 1, Faults()), StepReader(read_wording(None, {}), Names()))
    assert found == DiaryLines()
    assert found.steps() == ()


def test_a_place_that_has_no_protocol_is_a_fault_of_an_otherwise_good_pack(tmp_path: Path) -> None:
    copy = tmp_path / "en"
    shutil.copytree(content_folder() / "en", copy)
    shutil.copy(content_folder() / "emergency_numbers.yaml", tmp_path)
    file = copy / "diary.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("  calf: your calf", "  clf: your calf"), encoding="utf-8")
    with pytest.raises(ContentError, match="there is no place with a protocol 'clf'; did you mean 'calf'"):
        content.load(copy)
