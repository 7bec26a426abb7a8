"""An accessibility checker, axe-core, over a page in a real browser: WCAG 2.2 A and AA, and good practice."""

from __future__ import annotations

import importlib.util
import json
from dataclasses import dataclass
from pathlib import Path

from tests import framed
from voice_assist.paper import browser

PACKAGE = "axe_playwright_python"
"""The package that carries the checker; nothing of it is run but the script in it."""

RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")

RUN = """
<script src="axe.js"></script>
<script>
axe.run(document, {runOnly: %s, resultTypes: ['violations', 'incomplete', 'passes']}).then(found => {
  const brief = several => Object.fromEntries(
    several.map(one => [one.id, one.nodes.map(node => node.html.slice(0, 200))]));
  tell({violations: brief(found.violations), incomplete: brief(found.incomplete), passes: brief(found.passes)});
});
</script>
"""


@dataclass(frozen=True)
class Found:
    """What the checker found; a rule with the elements that it is about, as they are written."""

    violations: dict[str, list[str]]
    incomplete: dict[str, list[str]]
    """What it cannot tell by itself."""
    passes: dict[str, list[str]]


def missing() -> str:
    """Return why there can be no check here, and what to do; empty if there can."""
    try:
        browser.find()
    except browser.NoBrowserError as reason:
        return str(reason)
    return "" if _script() else "there is no accessibility checker: pip install axe-playwright-python"


def check(page: str, folder: Path, size: tuple[int, int]) -> Found:
    """Check a page in a window of this width and height."""
    script = _script()
    assert script is not None, missing()
    (folder / "axe.js").write_bytes(script.read_bytes())
    return Found(**framed.told(page, RUN % json.dumps(RULES), folder, size))


def _script() -> Path | None:
    spec = importlib.util.find_spec(PACKAGE)
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        if (script := Path(folder) / "axe.min.js").is_file():
            return script
    return None
