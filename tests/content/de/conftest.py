"""The German pack, read once."""

from __future__ import annotations

import pytest

from voice_assist import content
from voice_assist.config import content_folder
from voice_assist.content import Pack
from voice_assist.understand.matcher import Matcher


@pytest.fixture(scope="session")
def pack() -> Pack:
    return content.load(content_folder() / "de")


@pytest.fixture(scope="session")
def matcher(pack: Pack) -> Matcher:
    return Matcher(pack.lexicon)
