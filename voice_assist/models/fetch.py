"""Fetch a model of the manifest: the only part of the program that opens a connection, and only when told to."""

from __future__ import annotations

import hashlib
import http.client
import shutil
import stat
import tempfile
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import IO
from urllib.parse import urlsplit

from voice_assist import __version__
from voice_assist.errors import ModelError
from voice_assist.models import Entry, check, fetched_folder
from voice_assist.progress import Quarters

_PATIENCE = 30.0
"""Seconds without a byte after which a connection counts as lost."""
_PIECE = 1 << 16
"""Bytes read at a time."""
_MOST_FILES = 1_000
_MOST_GROWTH = 20
"""Bounds on what an archive may unpack to; a model holds some twenty files and grows to about double."""

Say = Callable[[str], None]


def fetch(entry: Entry, say: Say, into: Path | None = None) -> Path:
    """Fetch a model, check its size and SHA-256, unpack it, and return its folder.

    What an earlier try left is gone on with. Nothing stands under the model's name before it is
    whole. `say` gets a line at the start, at each quarter and at the end. Raises ModelError, in one
    line, where there is no network, no room, or not the file that the manifest names.
    """
    parent = into or fetched_folder()
    target = parent / entry.name
    if _whole(target):
        say(f"{entry.name} is already in {target}")
        return target
    archive = parent / f"{entry.name}.zip.part"
    try:
        parent.mkdir(parents=True, exist_ok=True)
        _download(entry, archive, say)
        _verify(entry, archive)
        _unpack(archive, target)
        archive.unlink()
    except OSError as error:
        raise ModelError(f"cannot write to {parent}: {error.strerror or error}") from None
    say(f"{entry.name} is in {target}")
    return target


def _whole(folder: Path) -> bool:
    try:
        check(folder)
    except ModelError:
        return False
    return True


def _download(entry: Entry, archive: Path, say: Say) -> None:
    """Bring the archive to its full size, from where it was left."""
    have = archive.stat().st_size if archive.exists() else 0
    if have > entry.size:
        archive.unlink()
        have = 0
    if have == entry.size:
        return
    again = f"; going on after {_mb(have)}" if have else ""
    say(f"Fetching {entry.name} ({_mb(entry.size)}) from {_host(entry)}{again}")
    with _open(entry, have) as answer:
        # A server that does not know ranges answers 200 and begins anew.
        goes_on = answer.status == http.HTTPStatus.PARTIAL_CONTENT
        announced = answer.headers.get("Content-Length")
        if announced and int(announced) + (have if goes_on else 0) != entry.size:
            raise _another(entry)
        with archive.open("ab" if goes_on else "wb") as file:
            _copy(entry, answer, file, say)
        got = archive.stat().st_size
    if got != entry.size:
        raise _broken(entry, got)


def _open(entry: Entry, have: int) -> http.client.HTTPResponse:
    headers = {"User-Agent": f"voice-assist/{__version__}"} | ({"Range": f"bytes={have}-"} if have else {})
    if urlsplit(entry.address).scheme not in ("http", "https"):
        raise ModelError(f"{entry.name}: its address in the manifest is not one of the web: {entry.address}")
    request = urllib.request.Request(entry.address, headers=headers)  # noqa: S310 - the scheme is checked above
    try:
        answer: http.client.HTTPResponse = urllib.request.urlopen(request, timeout=_PATIENCE)  # noqa: S310 - as above
    except urllib.error.HTTPError as error:
        error.close()
        raise ModelError(f"{_host(entry)} answers {error.code} ({error.reason}) for {entry.address}") from None
    except (OSError, http.client.HTTPException) as error:
        reason = getattr(error, "reason", error)
        raise ModelError(
            f"cannot reach {_host(entry)} ({reason}); connect to the internet once, or copy the model here by hand"
        ) from None
    return answer


def _copy(entry: Entry, answer: http.client.HTTPResponse, file: IO[bytes], say: Say) -> None:
    got = file.seek(0, 2)
    quarters = Quarters(entry.size, say)
    while piece := _read(entry, answer, got):
        if got + len(piece) > entry.size:
            raise ModelError(
                f"{_host(entry)} sends more than the {_mb(entry.size)} of {entry.name}; it is another file"
            )
        file.write(piece)
        got += len(piece)
        quarters.done(got)


def _read(entry: Entry, answer: http.client.HTTPResponse, got: int) -> bytes:
    try:
        return answer.read(_PIECE)
    except (OSError, http.client.HTTPException):
        raise _broken(entry, got) from None


def _another(entry: Entry) -> ModelError:
    return ModelError(f"{_host(entry)} offers another file than {entry.name}: its size is not {entry.size} bytes")


def _broken(entry: Entry, got: int) -> ModelError:
    return ModelError(f"the connection to {_host(entry)} broke after {_mb(got)}; run the same command again to go on")


def _verify(entry: Entry, archive: Path) -> None:
    digest = hashlib.sha256()
    with archive.open("rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
    if digest.hexdigest() != entry.sha256:
        archive.unlink()
        raise ModelError(f"what {_host(entry)} sent is not {entry.name}: its SHA-256 differs; it is deleted, try again")


def _unpack(archive: Path, target: Path) -> None:
    """Unpack beside the target, check it there, and give it its name last."""
    fresh = Path(tempfile.mkdtemp(prefix=".", dir=target.parent))
    try:
        with zipfile.ZipFile(archive) as packed:
            for member in _safe(packed):
                packed.extract(member, fresh)
        folder = next((path.parent.parent for path in fresh.glob("**/am/final.mdl")), fresh)
        check(folder)
        if target.exists():
            shutil.rmtree(target)
        folder.rename(target)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        archive.unlink()
        raise ModelError(f"the archive of {target.name} cannot be unpacked: {error}") from None
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _safe(packed: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """Return the members of an archive, all of which stay inside the folder and within bounds.

    zipfile itself makes harmless what points outside; an archive that tries is refused all the same.
    """
    members = packed.infolist()
    for member in members:
        path = PurePosixPath(member.filename.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or ":" in member.filename:
            raise zipfile.BadZipFile(f"{member.filename!r} points outside the folder")
        if stat.S_ISLNK(member.external_attr >> 16):
            raise zipfile.BadZipFile(f"{member.filename!r} is a link")
    packed_size = sum(member.compress_size for member in members)
    if len(members) > _MOST_FILES or sum(member.file_size for member in members) > _MOST_GROWTH * packed_size:
        raise zipfile.BadZipFile("it would unpack to far more than a model")
    return members


def _host(entry: Entry) -> str:
    return urlsplit(entry.address).hostname or entry.address


def _mb(count: int) -> str:
    return f"{count / 1_000_000:.1f} MB"
