"""What is printed: the message first, its time and place behind it, and with --quiet only what does not work."""

from __future__ import annotations

import io

import pytest

from voice_assist.events import Action, Intent, Say, Trouble, Unclear, Understood
from voice_assist.output import NOT_UNDERSTOOD, PlainLines, message_first, print_line
from voice_assist.samples import samples
from voice_assist.testing import said

HAPPENED: tuple[Action, ...] = (
    said("ow my calf is cramping", 1.0),
    Understood(samples(1.0), Intent("cramp", "start", {"place": "calf"})),
    Say(samples(1.02), 1, "I'm here."),
    Trouble(samples(2.5), "the microphone is gone; plug it in again"),
)


def printed(**how: bool) -> list[str]:
    file = io.StringIO()
    lines = PlainLines(file, **{"words": False, **how})
    for action in HAPPENED:
        lines(action)
    return file.getvalue().splitlines()


def test_a_line_is_its_message() -> None:
    assert printed() == [
        "understood: cramp, place calf",
        "says: I'm here.",
        "trouble: the microphone is gone; plug it in again",
    ]


def test_times_stand_behind_the_message_where_they_are_asked_for() -> None:
    assert printed(times=True, words=True) == [
        "heard: ow my calf is cramping (1.00 s)",
        "understood: cramp, place calf (1.00 s)",
        "says: I'm here. (1.02 s)",
        "trouble: the microphone is gone; plug it in again (2.50 s)",
    ]


@pytest.mark.parametrize("quiet", [False, True])
def test_who_typed_what_means_nothing_is_told_so(*, quiet: bool) -> None:
    file = io.StringIO()
    PlainLines(file, words=False, only_troubles=quiet)(Unclear(samples(2.0)))
    assert file.getvalue() == NOT_UNDERSTOOD + "\n"


def test_quiet_leaves_the_word_to_the_voice() -> None:
    assert printed(only_troubles=True, words=True) == ["trouble: the microphone is gone; plug it in again"]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("settings.toml:2: no setting 'volum'", "no setting 'volum' (settings.toml:2)"),
        ("/home/a b/settings.toml: is not UTF-8 text", "is not UTF-8 text (/home/a b/settings.toml)"),
        ("./gone: no such model folder; see: models", "no such model folder; see: models (./gone)"),
        ("protocols/calf.yaml:7: hold must be a number", "hold must be a number (protocols/calf.yaml:7)"),
        ("nobody listens; begin it with: voice-assist listen", "nobody listens; begin it with: voice-assist listen"),
        ("en-small: its graph is missing", "en-small: its graph is missing"),
        ("the journal /tmp/x cannot be written: no space", "the journal /tmp/x cannot be written: no space"),
        ("no colon at all", "no colon at all"),
    ],
)
def test_the_place_of_a_fault_stands_behind_it(line: str, told: str) -> None:
    assert message_first(line) == told


def test_a_line_is_printed_in_one_piece_so_that_no_thread_gets_in_between() -> None:
    pieces: list[str] = []

    class Pieces(io.StringIO):
        def write(self, text: str) -> int:
            pieces.append(text)
            return len(text)

    print_line("the microphone is back", Pieces())
    assert pieces == ["the microphone is back\n"]
