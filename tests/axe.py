"""An accessibility checker, axe-core, over a page in a real browser: WCAG 2.2 A and AA, and good practice."""

from __future__ import annotations

import importlib.util
import json
import re
from dataclasses import dataclass
from html import unescape
from pathlib import Path

from voice_assist.paper import browser

PACKAGE = "axe_playwright_python"
"""The package that carries the checker; nothing of it is run but the script in it."""

RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")

RUN = """
<script>
axe.run(document, {runOnly: %s, resultTypes: ['violations', 'incomplete', 'passes']}).then(found => {
  const told = document.createElement('pre');
  told.id = 'axe-found';
  const brief = several => Object.fromEntries(
    several.map(one => [one.id, one.nodes.map(node => node.html.slice(0, 200))]));
  told.textContent = JSON.stringify({violations: brief(found.violations), incomplete: brief(found.incomplete),
    passes: brief(found.passes)});
  document.body.append(told);
});
</script>
"""


def missing() -> str:
    """Return why there can be no check here, and what to do; empty if there can."""
    try:
        browser.find()
    except browser.NoBrowserError as reason:
        return str(reason)
    return "" if _script() else "there is no accessibility checker: pip install axe-playwright-python"


@dataclass(frozen=True)
class Found:
    """What the checker found; a rule with the elements that it is about, as they are written."""

    violations: dict[str, list[str]]
    incomplete: dict[str, list[str]]
    """What it cannot tell by itself."""
    passes: dict[str, list[str]]


def check(page: str, folder: Path, size: str) -> Found:
    """Open a copy of a page that checks itself, in a window of `size` ("390,844"), and return what was found."""
    script = _script()
    assert script is not None, missing()
    copy = folder / "checked.html"
    # As it is, the page lets no script run; not even this one.
    allowed = re.sub(r"<meta http-equiv[^>]*>", "", page)
    run = RUN % json.dumps(RULES)
    (folder / "axe.js").write_bytes(script.read_bytes())
    copy.write_text(allowed.replace("</body>", f'<script src="axe.js"></script>{run}</body>'), encoding="utf-8")
    dom = browser.run(f"--window-size={size}", "--virtual-time-budget=60000", "--dump-dom", copy.as_uri())
    told = unescape(dom.rpartition('<pre id="axe-found">')[2].partition("</pre>")[0])
    return Found(**json.loads(told))


def _script() -> Path | None:
    spec = importlib.util.find_spec(PACKAGE)
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        if (script := Path(folder) / "axe.min.js").is_file():
            return script
    return None
