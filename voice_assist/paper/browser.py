"""A browser without a window: it prints a page as a PDF, and the tests look through it."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from voice_assist.errors import VoiceAssistError

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
"""Programs that print by the same switches, in the order in which they are tried."""

PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
    r"C:\Program Files\Microsoft\Edge\Application\msedge.exe",
)
"""Where macOS and Windows have the same programs: there they are on no search path."""

PATIENCE_S = 120.0
"""Seconds after which a browser that does not end has failed."""

QUIET = (
    "--headless",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--no-first-run",
    "--no-default-browser-check",
    # Nothing is asked of any host, whatever the page says.
    "--host-resolver-rules=MAP * ~NOTFOUND",
)


class NoBrowserError(VoiceAssistError):
    """There is no browser, or it did not do what it was asked; the message says which, and what to do."""


def find() -> str:
    """Return the path of a browser, or raise NoBrowserError."""
    for name in (*NAMES, *PLACES):
        if path := shutil.which(name):
            return path
    raise NoBrowserError(
        "no browser was found that prints (Chromium, Chrome, Edge); open the HTML file in any browser "
        "and print it there, or install one (Debian and Ubuntu: sudo apt-get install chromium)"
    )


def run(*arguments: str) -> str:
    """Run the browser with `arguments` to its end and return what it printed. Raises NoBrowserError."""
    # A profile of its own: the user's is not touched, and nothing stays behind.
    with tempfile.TemporaryDirectory(prefix="voice-assist-paper-", ignore_cleanup_errors=True) as profile:
        command = [find(), *QUIET, f"--user-data-dir={profile}", *_sandbox(), *arguments]
        try:
            done = subprocess.run(  # noqa: S603 - a browser, and never through a shell
                command,
                capture_output=True,
                text=True,
                encoding="utf-8",
                timeout=PATIENCE_S,
                check=False,
                umask=0o077,  # what it writes is the user's alone
            )
        except subprocess.TimeoutExpired:
            raise NoBrowserError(f"the browser did not end within {PATIENCE_S:g} s: {command[0]}") from None
    if done.returncode:
        told = done.stderr.strip().splitlines()
        raise NoBrowserError(f"the browser failed ({done.returncode}): {told[-1] if told else 'it does not say why'}")
    return done.stdout


def print_pdf(page: Path, pdf: Path) -> None:
    """Print a page as a PDF with tags, by which a screen reader finds its way. Raises NoBrowserError."""
    # An older one would be taken for this one's, where the browser says nothing and writes nothing.
    pdf.unlink(missing_ok=True)
    tagged = ("--export-tagged-pdf", "--generate-pdf-document-outline")
    run(*tagged, "--no-pdf-header-footer", f"--print-to-pdf={pdf.resolve()}", page.resolve().as_uri())
    if not pdf.is_file():
        raise NoBrowserError("the browser ended well and wrote no PDF; open the HTML file in it and print it there")


def _sandbox() -> tuple[str, ...]:
    """Return the switch that a browser needs where it runs as root: in a container, as on a build machine."""
    return ("--no-sandbox",) if hasattr(os, "geteuid") and os.geteuid() == 0 else ()
