from __future__ import annotations

import pytest

from voice_assist.progress import Quarters


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        (range(1, 101), ["25 percent", "50 percent", "75 percent"]),
        ([60, 61, 62, 100], ["50 percent"]),
        ([100], []),
        ([], []),
        ([24], []),
    ],
)
def test_each_quarter_is_told_once_and_the_end_by_whoever_did_the_work(parts: list[int], told: list[str]) -> None:
    lines: list[str] = []
    quarters = Quarters(100, lines.append)
    for part in parts:
        quarters.done(part)
    assert lines == told


def test_nothing_to_do_is_no_fault() -> None:
    lines: list[str] = []
    Quarters(0, lines.append).done(0)
    assert lines == []
