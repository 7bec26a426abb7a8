"""What the recognizer's process does besides recognizing."""

from __future__ import annotations

import ctypes
import sys

import pytest

from voice_assist.hear.child import give_back_memory, resident

GLIBC = sys.platform == "linux" and hasattr(ctypes.CDLL(None), "malloc_trim")


@pytest.mark.skipif(not GLIBC, reason="only glibc is asked to give memory back")
def test_memory_between_what_is_kept_is_given_back() -> None:
    held = [bytes(2000) for _ in range(20_000)]
    kept = held[::100]
    full = resident()
    held.clear()
    give_back_memory()
    assert full - resident() > 20 * 2**20
    assert len(kept) == 200
