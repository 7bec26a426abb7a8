"""The model of a screen reader: it reads lines in their order, and finds what a real one loses or repeats."""

from __future__ import annotations

import pytest

from scripts.benchmarks.screen_reader import LONGEST, Reading, ScreenReader


def read(*pieces: str) -> Reading:
    reader = ScreenReader()
    for piece in pieces:
        reader.feed(piece.encode())
    return reader.end()


def test_plain_lines_are_read_in_their_order_however_they_come() -> None:
    reading = read("says: I'm h", "ere.\r\nsays: Straighten", " that leg.\r\n\r\n", "unended – é")
    assert reading.lines == ["says: I'm here.", "says: Straighten that leg.", "unended – é"]
    assert reading.faults == []
    assert reading.words == 10


def test_a_letter_that_comes_in_two_pieces_is_one() -> None:
    reader = ScreenReader()
    for byte in "…\r\n".encode():
        reader.feed(bytes([byte]))
    assert reader.end().lines == ["…"]


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ("loading\rloading more\r\n", "goes back and writes over"),
        ("10 %\b\b\b\b20 %\r\n", "backspace"),
        ("one\r\n\x1b[1Aagain\r\n", "cursor up"),
        ("\x1b[2Jmenu\r\n", "erase in display"),
        ("one\x1b[2K\r\n", "erase in line"),
        ("\x1b[31mred\x1b[0m\r\n", "select graphic rendition"),
        ("\x1b[?25lhidden\r\n", "reset mode"),
        ("\x1b[?1049h", "set mode"),
        ("┌────┐\r\n", "draws"),
        ("⠋ working\r\n", "draws"),
        ("█████     50 %\r\n", "draws"),
        ("/home/user/settings.toml:3: no setting\r\n", "begins with a place"),
        ("voice-assist: ./gone: no such model\r\n", "begins with a place"),
        ("C:\\models\\small: here\r\n", "begins with a place"),
        ("   3.24 s  says: I'm here.\r\n", "begins with a place"),
        ("03:12:07 nothing\r\n", "begins with a place"),
        (f"{'word ' * (LONGEST // 5 + 1)}\r\n", "is longer"),
    ],
)
def test_what_is_lost_on_a_screen_reader_is_a_fault(written: str, fault: str) -> None:
    faults = read(written).faults
    assert any(found.startswith(fault) for found in faults), faults


def test_a_message_with_a_path_or_a_time_behind_it_is_none() -> None:
    assert read("says: Ten. (22.82 s)\r\n", "here, in /usr/share\r\n", "111 is the number\r\n").faults == []
