"""The notation of the content's phrases: `(one|other)` is a choice, `(this)?` may be left out; they nest."""

from __future__ import annotations

import re
from itertools import product

_PIECE = re.compile(r"\)\?|[()|]|[^()|]+")
_CLOSING = (")", ")?")

LIMIT = 512
"""Most phrases one pattern may stand for. More is a slip: the grammar, and so the start, would grow with it."""


class PatternError(ValueError):
    """A pattern cannot be read; the message says where and why."""


def expand(pattern: str) -> tuple[str, ...]:
    """Return every phrase a pattern stands for, in a fixed order, without doubles.

    Raises PatternError for brackets that do not match, and for a pattern that stands for nothing
    or for more than LIMIT phrases.
    """
    pieces = _PIECE.findall(pattern)
    phrases = _choices(pieces, pattern)
    if pieces:
        raise PatternError(f"'{pattern}' closes a bracket that it never opened")
    found = tuple(dict.fromkeys(" ".join(phrase.split()) for phrase in phrases))
    if "" in found:
        raise PatternError(f"'{pattern}' may be left out as a whole; something of it must always be said")
    return found


def _choices(pieces: list[str], pattern: str) -> list[str]:
    """Take alternatives from the front of `pieces`, up to a closing bracket; return their phrases."""
    phrases = _sequence(pieces, pattern)
    while pieces and pieces[0] == "|":
        del pieces[0]
        phrases += _sequence(pieces, pattern)
    return phrases


def _sequence(pieces: list[str], pattern: str) -> list[str]:
    """Take words and brackets from the front of `pieces`, up to the next `|` or closing bracket."""
    phrases = [""]
    while pieces and pieces[0] != "|" and pieces[0] not in _CLOSING:
        piece = pieces.pop(0)
        some = _bracket(pieces, pattern) if piece == "(" else [piece]
        phrases = [head + tail for head, tail in product(phrases, some)]
        if len(phrases) > LIMIT:
            raise PatternError(f"'{pattern}' stands for more than {LIMIT} phrases; split it")
    return phrases


def _bracket(pieces: list[str], pattern: str) -> list[str]:
    """Take what stands in a bracket that was just opened, and the bracket's end."""
    some = _choices(pieces, pattern)
    if not pieces:
        raise PatternError(f"'{pattern}' opens a bracket that it never closes")
    return ["", *some] if pieces.pop(0) == ")?" else some
