"""A page as it is seen in a window of any size, a phone's too: no browser makes its own window as narrow."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path
from typing import Any

from voice_assist.paper import browser

FRAME = """<!DOCTYPE html><html lang="en"><title>Frame</title><body>
<iframe title="page" src="framed.html" width="{width}" height="{height}" style="border: 0"></iframe>
<script>
addEventListener('message', told => {{
  const shown = document.createElement('pre');
  shown.id = 'told';
  shown.textContent = told.data;
  document.body.append(shown);
}});
</script></body></html>
"""

TELL = "<script>const tell = found => parent.postMessage(JSON.stringify(found), '*');</script>"


def told(page: str, script: str, folder: Path, size: tuple[int, int]) -> Any:
    """Open a copy of a page in a frame, `size` being its width and height; return what the script in it tells.

    `script` is markup that calls `tell(value)` once.
    """
    # As it is, the page lets no script run; not even this one.
    allowed = re.sub(r"<meta http-equiv[^>]*>", "", page)
    (folder / "framed.html").write_text(allowed.replace("</body>", f"{TELL}{script}</body>"), encoding="utf-8")
    frame = folder / "frame.html"
    frame.write_text(FRAME.format(width=size[0], height=size[1]), encoding="utf-8")
    # What is waited for takes its time; the clock of the page goes as fast as there is nothing to do.
    dom = browser.run("--window-size=1400,1000", "--virtual-time-budget=60000", "--dump-dom", frame.as_uri())
    return json.loads(unescape(dom.rpartition('<pre id="told">')[2].partition("</pre>")[0]))
