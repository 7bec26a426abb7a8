"""What makes a start shorter: whoever waits for it lies in the dark with a cramp."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Look for no garbage while the block runs, and never among what it made.

    Next to all that a start makes is kept all night; to look through it again and again takes a tenth of the start.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
