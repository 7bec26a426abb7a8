"""HTML, built so that no text from elsewhere can become markup by accident."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape


class Markup(str):
    """HTML that may stand as it is; any other text is escaped."""

    __slots__ = ()


def element(name: str, /, *content: str, **attributes: str | float) -> Markup:
    """Return an element; an attribute's `_` is written `-`, and one at its end is dropped (`class_`)."""
    given = "".join(f' {_attribute(key)}="{escape(str(value))}"' for key, value in attributes.items())
    if name in _VOID:
        return Markup(f"<{name}{given}>")
    return Markup(f"<{name}{given}>{joined(content)}</{name}>")


def joined(parts: Iterable[str], between: str = "") -> Markup:
    """Return parts one after the other, texts escaped."""
    return Markup(escape(between).join(part if isinstance(part, Markup) else escape(part) for part in parts))


def listed(items: Iterable[str], **attributes: str) -> Markup:
    """Return an unordered list; nothing where there are no items."""
    entries = [element("li", item) for item in items]
    return element("ul", *entries, **attributes) if entries else Markup("")


def table(
    heads: tuple[str, ...], rows: Iterable[Iterable[str]], *, caption: str = "", named: bool = False, **attributes: str
) -> Markup:
    """Return a table, with a caption and column heads if there are any; if `named`, a row's first cell is its head."""
    title = element("caption", caption) if caption else ""
    columns = [element("th", text, scope="col") for text in heads]
    head = element("thead", element("tr", *columns)) if columns else ""
    body = [row if isinstance(row, Markup) else element("tr", *_cells(row, named=named)) for row in rows]
    return element("table", title, head, element("tbody", *body), **attributes)


def paragraph(*content: str, **attributes: str) -> Markup:
    """Return a paragraph."""
    return element("p", *content, **attributes)


def page(title: str, style: str, *content: str, language: str = "en") -> str:
    """Return a whole document that needs nothing but itself; `style` is CSS of our own."""
    head = element(
        "head",
        element("meta", charset="utf-8"),
        # Whatever the content holds, the page loads nothing from anywhere.
        element("meta", http_equiv="Content-Security-Policy", content="default-src 'none'; style-src 'unsafe-inline'"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("title", title),
        element("style", Markup(style)),
    )
    return f"<!DOCTYPE html>\n{element('html', head, element('body', *content), lang=language)}\n"


def _cells(row: Iterable[str], *, named: bool) -> list[Markup]:
    return [
        element("th", cell, scope="row") if named and not number else element("td", cell)
        for number, cell in enumerate(row)
    ]


def _attribute(key: str) -> str:
    return key.rstrip("_").replace("_", "-")


_VOID = frozenset({"meta", "br", "hr"})
