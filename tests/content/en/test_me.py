"""routines/me.yaml and questions/me.yaml: what is known of the person, and how it is forgotten."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from voice_assist import content
from voice_assist.config import content_folder
from voice_assist.content import Pack

Walk = Callable[..., list[str]]

ALWAYS = ["Your emergency number is {number}.", "After that, you call {call_name}."]


@pytest.fixture(scope="module")
def pack() -> Pack:
    return content.load(content_folder() / "en")


def test_whatever_is_known_is_told(pack: Pack, walk: Walk) -> None:
    silent = {"phone_near"}  # A telephone within reach changes nothing at night.
    for name, attribute in pack.person.items():
        if attribute.ask and name not in silent:
            told = [line for line in walk("known_of_you", [name]) if line not in ALWAYS]
            assert len(told) == 1, name


def test_what_is_not_known_is_not_told(walk: Walk) -> None:
    assert walk("about_me") == [*ALWAYS, "I know no more about you."]
    assert "You take blood thinners." not in walk("known_of_you", ["no blood_thinners"])


def test_nothing_is_erased_but_after_a_yes(pack: Pack, walk: Walk) -> None:
    question = pack.guide.questions["forget_me"]
    kept = {question.answers["no"].goto, question.silence.goto, question.unclear.goto if question.unclear else ""}
    assert kept == {"still_known"}
    assert walk("still_known") == ["I keep what I know."]
    assert question.answers["yes"].goto == "forgotten"
