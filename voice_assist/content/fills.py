"""What stands for {emergency}, {advice} and {contact} in a spoken line, and how a telephone number is spoken."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

FILLS: Mapping[str, str] = {
    "emergency": "your local emergency number",
    "advice": "a doctor",
    "contact": "somebody you trust",
}
"""What stands for a number that the user has not set (safety.md section 7), and for a person that nobody named."""

DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
"""In words: every voice reads them one by one, and our own "one one two" is known for ours when it comes back
from the loudspeaker, where the recognizer writes words too."""


def spoken_number(number: str, digits: Sequence[str] = DIGITS) -> str:
    """Return a telephone number digit by digit, with a pause where its digits are grouped: `116 117`."""
    return ", ".join(" ".join(digits[int(digit)] for digit in group) for group in re.findall(r"\d+", number))


def emergency_number(number: str, digits: Sequence[str] = DIGITS) -> str:
    """Return an emergency number as it fills a line: twice, a pause before, between and after.

    (delivery.md section 1, R116; safety.md section 4.) The marks make the pauses: about 0.4 s, 0.55 s and 0.4 s
    with the voice that ships, and none within the number, so that it is heard as one.
    """
    spoken = spoken_number(number, digits)
    return f": {spoken}. {spoken.capitalize()};"


class _Fills(dict[str, str]):
    """What is not filled when a line is loaded stays as it is: it is filled when the line is spoken."""

    def __missing__(self, name: str) -> str:
        return f"{{{name}}}"


def filled(line: str, fills: Mapping[str, str]) -> str:
    """Return a line with its placeholders filled, its marks and capitals set right again."""
    if "{" not in line or not fills:
        return line
    text = re.sub(r"\s+:", ":", line.format_map(_Fills(fills)))
    # One mark makes one pause.
    text = re.sub(r"([.?!,:]):", r"\1", text)
    text = re.sub(r";(?=[.?!,])", "", text)
    return re.sub(r"(?<=[.?!] )[^\W\d_]", lambda letter: letter[0].upper(), text)
