"""The English words, read once."""

from __future__ import annotations

import pytest

from voice_assist.config import content_folder
from voice_assist.content.lexicon import read_lexicon
from voice_assist.content.sheet import Faults
from voice_assist.understand.lexicon import Lexicon
from voice_assist.understand.matcher import Matcher


@pytest.fixture(scope="session")
def lexicon() -> Lexicon:
    faults = Faults()
    lexicon = read_lexicon(content_folder() / "en", faults)
    assert not faults.found
    return lexicon


@pytest.fixture(scope="session")
def matcher(lexicon: Lexicon) -> Matcher:
    return Matcher(lexicon)
