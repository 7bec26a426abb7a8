"""OpenFst's programs: Debian's package libfst-tools."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from voice_assist.errors import ModelError

LIBRARIES = Path("/usr/lib")
LOOK_AHEAD = "olabel_lookahead"
"""The type of transducer that libvosk composes with a list of phrases at run time."""


def printed(path: Path) -> list[str]:
    """Return the lines that describe a transducer file. Raises ModelError where OpenFst cannot read it."""
    return _run("fstprint", str(path)).decode("ascii").splitlines()


def compile_tree(text: str, path: Path) -> dict[int, int]:
    """Write a transducer for look-ahead to a file; return the new number of each output label.

    OpenFst renumbers the labels so that those which are reached together stand together.
    """
    with TemporaryDirectory() as folder:
        pairs = Path(folder) / "pairs"
        sorted_fst = Path(folder) / "sorted.fst"
        sorted_fst.write_bytes(_run("fstarcsort", "--sort_type=olabel", given=_run("fstcompile", given=text.encode())))
        _run("fstconvert", f"--fst_type={LOOK_AHEAD}", f"--save_relabel_opairs={pairs}", str(sorted_fst), str(path))
        lines = pairs.read_text(encoding="ascii").splitlines()
    return {int(old): int(new) for old, new in map(str.split, lines)}


def compile_language(text: str, path: Path) -> None:
    """Write a language model to a file, sorted by word, in the type that needs the least room."""
    sorted_fst = _run(
        "fstarcsort", "--sort_type=ilabel", given=_run("fstcompile", "--keep_state_numbering", given=text.encode())
    )
    path.write_bytes(_run("fstconvert", "--fst_type=const", given=sorted_fst))


def _run(program: str, *arguments: str, given: bytes = b"") -> bytes:
    found = shutil.which(program)
    # Debian's programs do not know the look-ahead types until the library that holds them is loaded first.
    library = next(LIBRARIES.glob("*/libfstlookahead.so.*"), None)
    if found is None or library is None:
        raise ModelError("OpenFst is not here: install Debian's package libfst-tools")
    done = subprocess.run(
        [found, *arguments],
        input=given,
        capture_output=True,
        check=False,
        env={**os.environ, "LD_PRELOAD": str(library)},
    )
    if done.returncode:
        raise ModelError(f"{program} failed: {done.stderr.decode(errors='replace').strip()}")
    return done.stdout
