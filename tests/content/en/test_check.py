"""check.yaml: what is said of a self-test, and of what it found."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from voice_assist import content
from voice_assist.config import content_folder
from voice_assist.content.check import ALL_RIGHT, NEWS
from voice_assist.events import Context
from voice_assist.understand.matcher import Matcher

if TYPE_CHECKING:
    from voice_assist.content import Pack


@pytest.fixture(scope="module")
def pack() -> Pack:
    return content.load(content_folder() / "en")


def test_every_finding_is_rendered_ahead_and_says_what_is_wrong(pack: Pack) -> None:
    assert pack.check.findings
    assert set(pack.check.findings.values()) <= set(pack.lines())
    assert len(set(pack.check.findings.values())) == len(pack.check.findings)


def test_what_it_found_can_be_asked_for_and_is_told(pack: Pack) -> None:
    assert {ALL_RIGHT, NEWS} <= set(pack.guide.routines)
    understood = Matcher(pack.lexicon).match("are you all right", Context(awake=True))
    assert understood is not None
    assert understood.kind == "question"


def test_the_phrase_of_another_voice_is_a_control_that_does_nothing_asleep(pack: Pack) -> None:
    matcher = Matcher(pack.lexicon)
    awake = matcher.match(pack.check.phrase, Context(awake=True))
    assert awake is not None
    assert awake.kind == "control"
    assert matcher.match(pack.check.phrase, Context()) is None
