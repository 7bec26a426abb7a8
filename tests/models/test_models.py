from __future__ import annotations

import hashlib
import io
import re
import shutil
import stat
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from voice_assist import models
from voice_assist.config import models_folder
from voice_assist.errors import ModelError
from voice_assist.models import Entry
from voice_assist.models.fetch import fetch

OURS = models_folder() / "en-small"


@pytest.fixture(autouse=True)
def user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let the user's data folder be an empty one, and keep loopback away from any proxy."""
    monkeypatch.setattr(models, "data_folder", lambda: tmp_path / "data")
    monkeypatch.setenv("no_proxy", "*")
    return tmp_path / "data" / "models"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    folder = tmp_path / "copy"
    # File by file: what ships may be read-only, and the tests damage it.
    for path in OURS.rglob("*"):
        if path.is_file():
            target = folder / path.relative_to(OURS)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
    return folder


def complaint(folder: Path) -> str:
    with pytest.raises(ModelError) as error:
        models.check(folder)
    assert "\n" not in str(error.value)
    return str(error.value)


class TestCheck:
    def test_our_own_model_is_whole(self) -> None:
        models.check(OURS)

    @pytest.mark.parametrize("name", models._NEEDED)
    @pytest.mark.parametrize("how", ["missing", "empty"])
    def test_a_file_that_lacks_is_named(self, copy: Path, name: str, how: str) -> None:
        (copy / name).unlink()
        if how == "empty":
            (copy / name).touch()
        assert f"{name} is missing or empty" in complaint(copy)

    def test_words_are_needed_where_the_graph_has_none(self, copy: Path) -> None:
        (copy / "graph/words.txt").unlink()
        assert "graph/words.txt is missing" in complaint(copy)

    @pytest.mark.parametrize("name", ["am/final.mdl", "graph/HCLr.fst", "graph/Gr.fst"])
    @pytest.mark.parametrize("content", [b"x", b"not what it should be, by far", b"\xd6\xfd\xb2\x7e\xff\xff\xff\x7f"])
    def test_a_damaged_file_is_named(self, copy: Path, name: str, content: bytes) -> None:
        (copy / name).write_bytes(content)
        assert f"{name} is damaged" in complaint(copy)

    def test_a_fixed_graph_takes_no_phrases(self, copy: Path) -> None:
        (copy / "graph/HCLG.fst").touch()
        assert "takes no phrases" in complaint(copy)

    def test_what_is_no_model_at_all(self, tmp_path: Path) -> None:
        assert "is not a Vosk model" in complaint(tmp_path)
        assert "no such model folder" in complaint(tmp_path / "nowhere")


class TestFind:
    def test_a_model_that_ships(self) -> None:
        assert models.find("en-small") == OURS

    def test_a_model_of_the_user(self, user: Path, copy: Path) -> None:
        user.mkdir(parents=True)
        copy.rename(user / "mine")
        assert models.find("mine") == user / "mine"

    def test_a_path(self, copy: Path) -> None:
        assert models.find(str(copy)) == copy

    @pytest.mark.parametrize(
        ("name", "said"),
        [
            ("en-smal", "did you mean en-small?"),
            ("something", "there are en-small, "),
            ("", "there are en-small, "),
            ("some/where", "some/where: no such model folder"),
            ("vosk-model-small-en-us-0.15", "voice-assist models fetch vosk-model-small-en-us-0.15"),
        ],
    )
    def test_what_is_not_there_is_said_with_a_cure(self, name: str, said: str) -> None:
        with pytest.raises(ModelError, match=re.escape(said)):
            models.find(name)

    def test_a_model_that_is_not_whole_is_no_silent_fallback(self, user: Path) -> None:
        (user / "mine").mkdir(parents=True)
        with pytest.raises(ModelError, match="is not a Vosk model"):
            models.find("mine")


class TestManifest:
    def test_every_entry_is_complete(self) -> None:
        for entry in models.manifest().values():
            assert entry.about
            assert entry.language[:2] in ("en", "de")
            assert entry.licence
            if entry.address:
                assert entry.address.startswith("https://")
                assert entry.size > 0
                assert re.fullmatch("[0-9a-f]{64}", entry.sha256)
            else:
                models.check(models_folder() / entry.name)

    def test_only_what_has_an_address_can_be_fetched(self) -> None:
        assert models.fetchable("vosk-model-small-en-us-0.15").size == 41_205_931
        with pytest.raises(ModelError, match="nothing to fetch"):
            models.fetchable("en-small")
        with pytest.raises(ModelError, match=re.escape("did you mean vosk-model-small-en-us-0.15?")):
            models.fetchable("vosk-model-small-en-us-0.16")

    def test_the_listing_tells_what_is_here_what_is_broken_and_what_can_be_fetched(self, user: Path) -> None:
        (user / "broken").mkdir(parents=True)
        listed = {model.name: model for model in models.listing()}
        assert listed["en-small"].folder == OURS
        assert not listed["en-small"].fault
        assert "is not a Vosk model" in listed["broken"].fault
        assert listed["vosk-model-small-en-us-0.15"].folder is None


class Host(ThreadingHTTPServer):
    """A web server on loopback that serves one file, and can be told to misbehave."""

    daemon_threads = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.archive = b""
        self.knows_ranges = True
        self.breaks_after: int | None = None
        """Bytes of a body after which the connection is closed."""
        self.ranges: list[str] = []
        """The Range header of each request, empty where it had none."""

    def entry(self, archive: bytes, name: str = "tiny") -> Entry:
        """Serve an archive and return the manifest's entry that describes it."""
        self.archive = archive
        address = f"http://127.0.0.1:{self.server_port}/{name}.zip"
        return Entry(name, "a test", "en", "none", address, len(archive), hashlib.sha256(archive).hexdigest())


class _Handler(BaseHTTPRequestHandler):
    server: Host

    def do_GET(self) -> None:
        asked = self.headers.get("Range", "")
        self.server.ranges.append(asked)
        start = int(asked.removeprefix("bytes=").rstrip("-")) if asked and self.server.knows_ranges else 0
        body = self.server.archive[start:]
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: self.server.breaks_after])

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the library's
        pass


@pytest.fixture
def host() -> Iterator[Host]:
    with Host() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def zipped(extra: dict[str, bytes] | None = None, *, top: str = "tiny/") -> bytes:
    """Return our model as an archive, the way the official ones are packed: under one folder."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(OURS.rglob("*")):
            if path.is_file():
                # Only the first bytes are looked at: enough for a whole model, and quick.
                archive.writestr(top + path.relative_to(OURS).as_posix(), path.read_bytes()[:2_000])
        for name, data in (extra or {}).items():
            archive.writestr(name, data)
    return buffer.getvalue()


def quiet(_line: str) -> None:
    """Take a line of progress and leave it unsaid."""


def left_over(user: Path) -> list[str]:
    return sorted(path.name for path in user.iterdir())


def refused(entry: Entry, user: Path) -> str:
    with pytest.raises(ModelError) as error:
        fetch(entry, quiet)
    assert "\n" not in str(error.value)
    assert not (user / entry.name).exists()
    return str(error.value)


class TestFetch:
    def test_a_model_is_fetched_whole_and_told_in_a_few_lines(self, host: Host, user: Path) -> None:
        said: list[str] = []
        folder = fetch(host.entry(zipped()), said.append)
        models.check(folder)
        assert folder == models.find("tiny") == user / "tiny"
        assert left_over(user) == ["tiny"]
        assert 2 <= len(said) <= 5

    def test_an_archive_without_a_top_folder_is_as_good(self, host: Host) -> None:
        models.check(fetch(host.entry(zipped(top="")), quiet))

    def test_what_is_here_is_not_fetched_again(self, host: Host) -> None:
        entry = host.entry(zipped())
        fetch(entry, quiet)
        fetch(entry, quiet)
        assert len(host.ranges) == 1

    def test_a_broken_folder_is_replaced(self, host: Host, user: Path) -> None:
        (user / "tiny/am").mkdir(parents=True)
        models.check(fetch(host.entry(zipped()), quiet))

    def test_a_broken_connection_is_gone_on_with(self, host: Host, user: Path) -> None:
        entry = host.entry(zipped())
        host.breaks_after = 1_000
        assert "run the same command again" in refused(entry, user)
        assert (user / "tiny.zip.part").stat().st_size == 1_000
        host.breaks_after = None
        models.check(fetch(entry, quiet))
        assert host.ranges == ["", "bytes=1000-"]

    def test_a_server_without_ranges_begins_anew(self, host: Host, user: Path) -> None:
        entry = host.entry(zipped())
        user.mkdir(parents=True)
        (user / "tiny.zip.part").write_bytes(b"x" * 1_000)
        host.knows_ranges = False
        models.check(fetch(entry, quiet))

    def test_a_part_that_is_too_long_is_thrown_away(self, host: Host, user: Path) -> None:
        entry = host.entry(zipped())
        user.mkdir(parents=True)
        (user / "tiny.zip.part").write_bytes(b"x" * (entry.size + 1))
        models.check(fetch(entry, quiet))

    def test_another_content_is_deleted(self, host: Host, user: Path) -> None:
        entry = replace(host.entry(zipped()), sha256="0" * 64)
        assert "SHA-256 differs" in refused(entry, user)
        assert left_over(user) == []

    @pytest.mark.parametrize("difference", [-1, 1])
    def test_another_size_is_refused_before_it_is_loaded(self, host: Host, user: Path, difference: int) -> None:
        entry = host.entry(zipped())
        assert "offers another file" in refused(replace(entry, size=entry.size + difference), user)

    def test_a_file_that_is_no_archive(self, host: Host, user: Path) -> None:
        assert "cannot be unpacked" in refused(host.entry(b"<html>not found</html>" * 9), user)
        assert left_over(user) == []

    @pytest.mark.parametrize("name", ["../out", "tiny/../../out", "/out", "C:/out", "..\\out"])
    def test_a_path_that_leaves_the_folder(self, host: Host, user: Path, name: str) -> None:
        assert "points outside" in refused(host.entry(zipped({name: b"!"})), user)
        assert left_over(user) == []
        assert not list(user.parent.parent.rglob("out"))

    def test_a_link(self, host: Host, user: Path) -> None:
        buffer = io.BytesIO(zipped())
        with zipfile.ZipFile(buffer, "a") as archive:
            link = zipfile.ZipInfo("tiny/link")
            link.external_attr = (stat.S_IFLNK | 0o777) << 16
            archive.writestr(link, "/etc")
        assert "is a link" in refused(host.entry(buffer.getvalue()), user)

    def test_an_archive_that_grows_without_bound(self, host: Host, user: Path) -> None:
        assert "far more than a model" in refused(host.entry(zipped({"tiny/zeros": bytes(9_000_000)})), user)

    def test_an_archive_of_something_else(self, host: Host, user: Path) -> None:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            archive.writestr("readme", "hello")
        assert "is not a Vosk model" in refused(host.entry(buffer.getvalue()), user)

    def test_no_such_file_on_the_server(self, host: Host, user: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(_Handler, "do_GET", lambda self: self.send_error(404))
        assert "answers 404 (Not Found)" in refused(host.entry(zipped()), user)

    def test_no_network(self, host: Host, user: Path) -> None:
        entry = host.entry(zipped())
        nobody = replace(entry, address="http://127.0.0.1:1/tiny.zip")
        assert "cannot reach 127.0.0.1" in refused(nobody, user)

    def test_an_address_that_is_not_of_the_web(self, user: Path) -> None:
        assert "not one of the web" in refused(Entry("tiny", "", "en", "", "file:///etc/passwd", 9, ""), user)

    def test_a_folder_that_cannot_be_written(self, host: Host, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        with pytest.raises(ModelError, match="cannot write to"):
            fetch(host.entry(zipped()), quiet, into=tmp_path / "file" / "models")
