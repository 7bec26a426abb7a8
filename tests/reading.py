"""A page as its reader sees it."""

from __future__ import annotations

import re
from html import unescape


def plain(html: str) -> str:
    """Return what a reader sees, the blanks between words made one."""
    body = html.partition("<body>")[2]
    # An element that stands in a line ends no word; a row or a paragraph does.
    lined = re.sub(r"</?(span|b|i|q|a)\b[^>]*>", "", body)
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", lined)).split())
