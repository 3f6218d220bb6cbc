"""What frames of zstd hold, read as a file, that says so where the last of them is cut off.

The reader of `zstandard` takes the end of a file for the end of its data, wherever it comes: half a
file reads as a shorter one.
"""

from __future__ import annotations

import io
from typing import IO, Any

_PIECE = 1 << 10
"""Compressed bytes that are taken at once. A block of four bytes can hold 128 KiB, so that this is
32 MiB at most."""
_DONE = b""


class Frames(io.RawIOBase):
    """The data of all frames of a stream, one after the other. Reading raises EOFError where the
    stream ends within a frame, and zstandard.ZstdError for what is none."""

    def __init__(self, packed: IO[bytes]) -> None:
        self._packed = packed
        self._frame: Any = None
        self._rest = _DONE
        self._ready = memoryview(_DONE)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._ready:
            raw = self._rest or self._packed.read(_PIECE)
            if not raw:
                if self._frame is not None:
                    raise EOFError("it ends within a frame")
                return 0
            self._ready = memoryview(self._unpacked(raw))
        room = memoryview(buffer).cast("B")
        count = min(len(room), len(self._ready))
        room[:count] = self._ready[:count]
        self._ready = self._ready[count:]
        return count

    def _unpacked(self, raw: bytes) -> bytes:
        import zstandard

        if self._frame is None:
            self._frame = zstandard.ZstdDecompressor().decompressobj()
        found: bytes = self._frame.decompress(raw)
        self._rest = _DONE
        if self._frame.eof:
            self._rest = self._frame.unused_data
            self._frame = None
        return found
