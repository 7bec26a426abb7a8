"""What is news: told once, to nobody at night, and not twice to who asked."""

from __future__ import annotations

import pytest

from voice_assist.guide.standing import Standing


@pytest.fixture
def standing() -> Standing:
    standing = Standing()
    standing.found(["unheard"], ["unheard"])
    standing.remind(["follow_up"])
    return standing


def test_what_is_due_is_news_and_nothing_wrong(standing: Standing) -> None:
    assert standing.facts == {"stands unheard", "news unheard", "news follow_up"}
    assert standing.pressing


def test_at_night_and_in_quiet_hours_it_waits(standing: Standing) -> None:
    standing.night = True
    assert not standing.pressing
    standing.night, standing.quiet = False, True
    assert not standing.pressing


def test_all_news_is_told_together_and_once(standing: Standing) -> None:
    standing.tell()
    assert not standing.pressing
    # While it is told it holds: the steps that say it ask for it.
    assert "news follow_up" in standing.facts
    standing.over()
    assert standing.facts == {"stands unheard"}
    assert not standing.pressing


def test_who_asks_is_told_what_is_wrong_and_then_what_is_due(standing: Standing) -> None:
    standing.report()
    assert standing.pressing
    assert standing.facts == {"stands unheard", "news follow_up"}
    standing.tell()
    standing.over()
    assert standing.facts == {"stands unheard"}


def test_an_answer_that_was_broken_off_leaves_what_is_due(standing: Standing) -> None:
    standing.report()
    standing.over()
    assert standing.facts == {"stands unheard", "news follow_up"}


def test_a_device_that_is_lost_now_is_not_what_is_due(standing: Standing) -> None:
    standing.lack(["microphone_other"])
    standing.defer("microphone_other")
    standing.remind([])
    assert standing.facts >= {"news microphone_other", "news unheard"}
    standing.lack([])
    assert "news microphone_other" not in standing.facts
