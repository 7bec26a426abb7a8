"""What a setting may name: a country, and somebody who is called. Each reader raises the rest of a sentence."""

from __future__ import annotations

import re

LONGEST = 40
"""Letters of a name that is called."""


def country_code(text: str) -> str:
    """Return the code of a country, two capital letters, or nothing for none. Raises ValueError."""
    code = text.strip().upper()
    if code and not re.fullmatch(r"[A-Z]{2}", code, re.ASCII):
        raise ValueError(f"is '{code}'; it must be two letters, such as \"NZ\"")
    return code


def spoken_name(text: str) -> str:
    """Return a name as it is called, or nothing for nobody. Raises ValueError where it cannot be said aloud."""
    name = " ".join(text.split())
    if len(name) > LONGEST or not re.fullmatch(r"(?:[^\W\d_]|['. -])*", name):
        raise ValueError(f"is '{name}'; it must be a name of letters, {LONGEST} at most: it is said aloud")
    return name
