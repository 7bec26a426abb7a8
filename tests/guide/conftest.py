"""A dialogue on the pack that ships, and a clock that jumps from one due time to the next."""

from __future__ import annotations

import pytest

from tests.evening import Evening
from voice_assist import content
from voice_assist.config import content_folder
from voice_assist.content import Pack


@pytest.fixture(scope="module")
def pack() -> Pack:
    return content.load(content_folder() / "en")


@pytest.fixture
def evening(pack: Pack) -> Evening:
    return Evening(pack)
