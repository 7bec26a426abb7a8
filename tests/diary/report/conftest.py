"""A year of a made diary, and its report."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import pytest

from voice_assist.config import content_folder
from voice_assist.content import Pack, load
from voice_assist.diary.entries import Entry
from voice_assist.diary.report.facts import chosen
from voice_assist.diary.report.nights import Period
from voice_assist.diary.report.page import Report, written
from voice_assist.testing import made_diary

LAST = date(2026, 3, 2)
KNOWN = {"blood_thinners": True, "statin": False, "diabetes": True}


@pytest.fixture(scope="session")
def pack() -> Pack:
    return load(content_folder() / "en")


@pytest.fixture(scope="session")
def diary() -> Sequence[Entry]:
    """Return fourteen months of cramps: two more than the report is about."""
    return made_diary(14 / 12, LAST)


@pytest.fixture(scope="session")
def report(diary: Sequence[Entry], pack: Pack) -> Report:
    places = {protocol.name: protocol.title for protocol in pack.guide.protocols.values()}
    period = Period(LAST - timedelta(days=364), LAST)
    facts = chosen(["medicines"], KNOWN, pack.person)
    return Report(diary, period, LAST + timedelta(days=1), facts, places)


@pytest.fixture(scope="session")
def page(report: Report) -> str:
    html, missing = written(report)
    if missing:
        pytest.skip(missing)
    return html
