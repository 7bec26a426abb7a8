"""What being on duty takes of the machine: that we are the only one who listens, and that it does not fall asleep."""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import platformdirs
from filelock import FileLock, Timeout

from voice_assist.errors import OnDutyError

LOCK = "voice-assist.lock"

Tell = Callable[[str], None]


def runtime_folder() -> Path:
    """Return the user's folder for running programs; it need not exist."""
    with warnings.catch_warnings():
        # Where the system names none it says so, in two lines that help nobody.
        warnings.simplefilter("ignore")
        return platformdirs.user_runtime_path()


def lock_folders() -> Sequence[Path]:
    """Return where the lock may lie: the user's folder for running programs, or else any that can be written."""
    return runtime_folder(), Path(tempfile.gettempdir())


@contextmanager
def alone(tell: Tell) -> Iterator[None]:
    """Be the only one of this user who listens while the block runs.

    The system lets go of the lock when a process ends, however it ends. Raises OnDutyError where another listens;
    tells where no lock can be made, and goes on.
    """
    for folder in lock_folders():
        lock = FileLock(folder / LOCK)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            lock.acquire(blocking=False)
        except Timeout:
            raise OnDutyError(
                "it listens already; end the other first, with Ctrl-C or: voice-assist service remove"
            ) from None
        except OSError:
            continue
        try:
            yield
        finally:
            lock.release()
        return
    tell("No folder can be written: a second one that listens would not be noticed.")
    yield


@contextmanager
def awake(tell: Tell, *, wanted: bool) -> Iterator[None]:
    """Hold off the machine's own falling asleep while the block runs; its lid and its user may still put it to sleep.

    Tells where the system offers nothing for it.
    """
    if not wanted:
        yield
        return
    # Late: it takes a while, and only listening needs it.
    from wakepy import keep  # noqa: PLC0415

    with keep.running(on_fail="pass") as mode:
        if not mode.active:
            tell("This machine may fall asleep, and then nobody listens: set it to stay awake in its power settings.")
        yield
