"""An order from elsewhere reaches the one that listens, once, and nobody else's does."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from voice_assist.duty import call_button, vigil
from voice_assist.duty.call_button import FILE, CallButton, call
from voice_assist.errors import NobodyListensError


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(vigil, "lock_folders", lambda: (tmp_path / "run", tmp_path / "tmp"))
    return tmp_path / "run"


def taken_by(button: CallButton, orders: list[str]) -> Callable[[float], object]:
    """Return a wait in which somebody looks for orders."""

    def wait(_seconds: float) -> None:
        if order := button.order():
            orders.append(order)

    return wait


def test_an_order_is_taken_once(folder: Path) -> None:
    button, orders = CallButton(), list[str]()
    call("cramp calf", wait=taken_by(button, orders))
    assert orders == ["cramp calf"]
    assert button.order() is None
    assert list(folder.iterdir()) == []


def test_where_nobody_listens_it_is_said_and_nothing_is_left_to_begin_later(folder: Path) -> None:
    with pytest.raises(NobodyListensError, match=r"^nobody listens; begin it with: voice-assist listen$"):
        call("cramp", patience_s=0.0)
    assert list(folder.iterdir()) == []


def test_what_was_left_from_before_begins_nothing(folder: Path) -> None:
    folder.mkdir()
    (folder / FILE).write_text("cramp\n")
    assert CallButton().order() is None
    assert list(folder.iterdir()) == []


def test_the_next_folder_serves_where_the_first_takes_nothing(folder: Path) -> None:
    folder.write_text("no folder")
    button, orders = CallButton(), list[str]()
    call("stop", wait=taken_by(button, orders))
    assert orders == ["stop"]


def test_no_folder_at_all_is_one_line(folder: Path) -> None:
    folder.write_text("no folder")
    folder.with_name("tmp").write_text("no folder")
    with pytest.raises(NobodyListensError, match=r"^no folder takes the order \(.*\); make .* writable$"):
        call("stop")


@pytest.mark.skipif(sys.platform == "win32", reason="files have no such rights there")
def test_an_order_is_for_nobody_else_to_read(folder: Path) -> None:
    seen: list[int] = []

    def wait(_seconds: float) -> None:
        seen.append((folder / FILE).stat().st_mode)
        (folder / FILE).unlink()

    call("cramp", wait=wait)
    assert [stat.S_IMODE(mode) for mode in seen] == [0o600]
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pipes of this kind, and links need rights")
@pytest.mark.parametrize("kind", ["link", "pipe", "somebody else's", "folder"])
def test_what_is_no_order_of_ours_is_not_obeyed(folder: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    button = CallButton()
    folder.mkdir()
    order = folder / FILE
    if kind == "link":
        (folder / "other").write_text("cramp")
        order.symlink_to(folder / "other")
    elif kind == "pipe":
        os.mkfifo(order)
    elif kind == "folder":
        order.mkdir()
    else:
        order.write_text("cramp")
        us = os.getuid()
        monkeypatch.setattr(os, "getuid", lambda: us + 1)
    assert button.order() is None


def test_what_is_no_text_stops_nobody(folder: Path) -> None:
    button = CallButton()
    folder.mkdir()
    (folder / FILE).write_bytes(b"\xff\x00" * 5_000)
    order = button.order()
    assert order is not None
    assert len(order) <= call_button.LONGEST
    (folder / FILE).write_bytes(b"")
    assert button.order() is None
    assert list(folder.iterdir()) == []
