"""Every word of the report that comes from no content pack and no person: English, in this one place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from voice_assist.diary.report.nights import DAY, NOON, Month

LANGUAGE = "en"

TITLE = "Diary of muscle cramps"

MADE_BY = (
    "Written by the patient’s own device, from what was said to it at the time. Nobody has verified it. It is no "
    "medical record, and it draws no conclusion."
)
NO_ENTRY = (
    "A night without an entry may be a night without a cramp, or one on which the device was off or nothing was said "
    f"to it. A night lasts from noon to noon ({NOON}:00) and carries the date of its evening."
)

CHOSEN = "What the patient chose to tell; not verified"

CALENDAR = "A dark box is a night with a cramp; dots under its number, more than one. A light box is a night without."
TREND = "Nights with a cramp, month by month; empty outside the period"

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

SIDES: Mapping[str, str] = {"left": "Left", "right": "Right", "both": "Both"}
NO_SIDE = "Side not told"

PLACES: Mapping[str, str] = {"unknown": "Place not told", "": "Place not told"}
"""What outranks the pack's name of a place."""

NOT_TOLD = "not told"
"""Stands where nothing is known: a dash is read aloud as nothing, or as its name."""


def human(name: str) -> str:
    """Return a name as words, as a heading has them."""
    words = name.replace("_", " ").replace(".", ": ").strip()
    return words[:1].upper() + words[1:]


def place(name: str, places: Mapping[str, str]) -> str:
    """Return the name of a place: the pack's, if it has one."""
    return PLACES.get(name) or places.get(name) or human(name)


def side(name: str) -> str:
    """Return a side, or that none was told."""
    return SIDES.get(name, human(name)) if name else NO_SIDE


def day(when: date) -> str:
    """Return a date: 3 March 2026."""
    return f"{of_year(when)} {when.year}"


def of_year(when: date) -> str:
    """Return a date without its year: 3 March."""
    return f"{when.day} {MONTHS[when.month - 1]}"


def month(when: Month) -> str:
    """Return a month: March 2026."""
    return f"{MONTHS[when[1] - 1]} {when[0]}"


def clock(when: datetime) -> str:
    """Return a time of day: 3:12."""
    return f"{when.hour}:{when.minute:02}"


def length(seconds: float | None) -> str:
    """Return how long something took, to the second below ten minutes."""
    if seconds is None:
        return NOT_TOLD
    minutes, rest = divmod(round(seconds), 60)
    if minutes >= 10:  # noqa: PLR2004 - ten minutes: seconds say nothing more
        return f"{round(seconds / 60)} min"
    return " ".join([f"{minutes} min"] * bool(minutes) + [f"{rest} s"] * bool(rest or not minutes))


def count(number: int, one: str, many: str = "") -> str:
    """Return a number with what it counts: 1 cramp, 2 cramps."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def cramps(number: int) -> str:
    """Return a number of cramps."""
    return count(number, "cramp")


def nights(number: int) -> str:
    """Return a number of nights."""
    return count(number, "night")


def listing(parts: Iterable[str]) -> str:
    """Return parts as a list in a sentence, or that there are none."""
    return ", ".join(parts) or NOT_TOLD


def hour(number: int) -> str:
    """Return the hour that begins at a full hour: 3:00 to 4:00."""
    return f"{number}:00 to {(number + 1) % 24}:00"


BY_DAY = f"by day ({DAY.start}:00 to {DAY.stop}:00)"
AT_NIGHT = f"at night ({DAY.stop}:00 to {DAY.start}:00)"

PARTS: Mapping[str, str] = {
    "move": "Main move",
    "smaller": "Smaller main move",
    "alternative": "Another move",
}
"""Parts of a protocol; a pack's other ones are read as they are written."""

ENDED: Mapping[str, str] = {
    "eased": "It eased",
    "stopped": "The person said stop",
    "handed_over": "Advice to get medical help was spoken",
    "timed_out": "It had not eased when the time was up",
    "broken_off": "The machine was suspended",
    "": "Not known",
}

FELT: Mapping[str, str] = {"better": "better", "same": "the same", "worse": "worse"}
"""What was answered last."""


def part(name: str) -> str:
    """Return what was tried."""
    return PARTS.get(name, human(name))


def ended(name: str) -> str:
    """Return how a cramp ended."""
    return ENDED.get(name, human(name))
