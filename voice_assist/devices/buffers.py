"""Between the sound card's threads and ours: two bounded buffers, the only places where threads meet."""

from __future__ import annotations

import queue
import threading


class Capture:
    """Blocks from a microphone, counting what is lost instead of waiting for room."""

    def __init__(self, most: int) -> None:
        self._blocks: queue.Queue[tuple[int, bytes]] = queue.Queue(most)
        self._lost = 0

    def put(self, sound: bytes, frames: int, lost: int = 0) -> None:
        """Take a block of `frames`, from the card's thread; the card says that `lost` frames went before it."""
        lost += self._lost
        try:
            self._blocks.put_nowait((lost, sound))
        except queue.Full:
            self._lost = lost + frames
        else:
            self._lost = 0

    def take(self, timeout_s: float) -> tuple[int, bytes] | None:
        """Return the frames lost before the next block, and that block; None if none came in time."""
        try:
            return self._blocks.get(timeout=timeout_s)
        except queue.Empty:
            return None


class Playback:
    """Sound on its way to a loudspeaker: short, so that an answer starts and stops at once.

    Two clocks meet here, the microphone's and the loudspeaker's. Where the loudspeaker is behind,
    silent blocks are left out; where it is ahead and runs dry, silence goes in until `cushion`
    bytes are waiting again. Sound is never left out, unless `limit` bytes say that nobody plays it.
    """

    def __init__(self, cushion: int, most: int, limit: int) -> None:
        self._cushion, self._most, self._limit = cushion, most, limit
        self._sound = bytearray()
        self._dry = True
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._sound)

    def write(self, sound: bytes, *, silent: bool) -> None:
        """Queue sound; `silent` sound only while there is no more than `most` bytes of delay."""
        with self._lock:
            if len(self._sound) < (self._most if silent else self._limit):
                self._sound += sound

    def fill(self, size: int) -> bytes:
        """Return exactly `size` bytes to play now, from the card's thread."""
        with self._lock:
            if self._dry and len(self._sound) < self._cushion:
                return bytes(size)
            sound = bytes(self._sound[:size])
            del self._sound[:size]
            self._dry = len(sound) < size
        return sound.ljust(size, b"\0")
