"""Files are written whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import stat
from pathlib import Path


def write_whole(path: Path, data: bytes) -> None:
    """Put a file in its place at once, where a link leads if the path is one; its mode is kept.

    Raises OSError, whose `strerror` says why: the file is then as it was, and nothing is left
    beside it.
    """
    real = Path(os.path.realpath(path))
    mode = _mode(real)
    temporary = real.parent / f".{real.name[:100]}-{secrets.token_hex(8)}"
    # Opened in the usual way, so that a new file has the mode that the umask gives it.
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    handle = os.open(temporary, flags, 0o666)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if mode is not None:
            os.chmod(temporary, mode)
        os.replace(temporary, real)
    except BaseException:
        # What cannot be removed either is not worth more than the first error.
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise
    _keep_name(real.parent)


def _mode(path: Path) -> int | None:
    """The mode of a file that may be replaced; None where there is none yet."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(found.st_mode):
        raise OSError(errno.EINVAL, "not a regular file", str(path))
    # A folder that may be written would let a file be replaced that may not.
    if not os.access(path, os.W_OK):
        raise PermissionError(errno.EACCES, "the file may not be written", str(path))
    return stat.S_IMODE(found.st_mode)


def _keep_name(folder: Path) -> None:
    """Let the new name outlive a crash, where the system can be asked for it."""
    # The file is whole and in its place: a system that cannot do this much has lost nothing.
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
