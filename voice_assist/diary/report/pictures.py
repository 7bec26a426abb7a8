"""A picture with all that stands in for it: a name, a description, and the table of the same numbers."""

from __future__ import annotations

import re

from voice_assist.paper.html import Markup, element


def labelled(
    anchor: str, title: str, described: str, drawing: Markup, width: float, height: float, **attributes: str
) -> Markup:
    """Return an SVG of our own shapes, `width` by `height` units, that a screen reader reads as one picture."""
    return element(
        "svg",
        element("title", title, id=f"{anchor}-title"),
        element("desc", described, id=f"{anchor}-desc"),
        drawing,
        viewBox=f"0 0 {width:g} {height:g}",
        role="img",
        # Both in the name: not every screen reader reads a description of a picture.
        aria_labelledby=f"{anchor}-title {anchor}-desc",
        **attributes,
    )


def adopted(anchor: str, title: str, described: str, svg: str) -> Markup:
    """Return an SVG file of a plotting library as a part of a page, with a name and a description.

    Its names become its own, so that two of them in one page do not meet; its style sheet would be the page's.
    """
    box = re.search(r'<svg\b[^>]*\bviewBox="0 0 ([\d.]+) ([\d.]+)"[^>]*>', svg)
    if box is None:
        raise ValueError(f"the drawing of '{anchor}' is no SVG with a viewBox")
    inner = svg[box.end() : svg.rindex("</svg>")]
    inner = re.sub(r"<metadata>.*?</metadata>|<style\b.*?</style>|<!--.*?-->", "", inner, flags=re.DOTALL)
    inner = re.sub(r'(\bid="|url\(#|href="#)', rf"\1{anchor}-", inner)
    return labelled(anchor, title, described, Markup(inner), float(box[1]), float(box[2]), class_="plot")
