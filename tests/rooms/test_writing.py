"""A file is written whole or it is as it was."""

from __future__ import annotations

import errno
import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pytest_specgates.writing import write_whole

posix = pytest.mark.skipif(os.name != "posix", reason="modes and links of POSIX")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_new_file_and_one_that_is_replaced(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    for data in (b"one\n", b"two\r\n\0", b""):
        write_whole(file, data)
        assert file.read_bytes() == data
        assert [path.name for path in tmp_path.iterdir()] == ["a.json"]


@posix
@pytest.mark.parametrize("mask", [0o022, 0o077, 0o002])
def test_a_new_file_has_the_mode_of_the_umask(tmp_path: Path, mask: int) -> None:
    before = os.umask(mask)
    try:
        write_whole(tmp_path / "a", b"x")
    finally:
        os.umask(before)
    assert mode(tmp_path / "a") == 0o666 & ~mask


@posix
def test_the_mode_of_a_file_is_kept(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_bytes(b"old")
    file.chmod(0o741)
    write_whole(file, b"new")
    assert (file.read_bytes(), mode(file)) == (b"new", 0o741)


@posix
def test_a_link_stays_and_what_it_leads_to_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    real = tmp_path / "deep" / "real"
    real.write_bytes(b"old")
    link = tmp_path / "link"
    link.symlink_to(real)
    write_whole(link, b"new")
    assert link.is_symlink()
    assert real.read_bytes() == b"new"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["deep", "link"]


@posix
def test_what_is_no_regular_file_is_not_replaced(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", tmp_path):
        with pytest.raises(OSError, match="not a regular file"):
            write_whole(path, b"x")
    assert [path.name for path in tmp_path.iterdir()] == ["pipe"]


@pytest.mark.parametrize("call", ["open", "fsync", "replace"])
@pytest.mark.parametrize("is_there", [True, False])
def test_a_failure_leaves_the_file_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, is_there: bool
) -> None:
    file = tmp_path / "a"
    if is_there:
        file.write_bytes(b"old")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, call, full)
        with pytest.raises(OSError, match="No space left"):
            write_whole(file, b"new")
    assert [path.name for path in tmp_path.iterdir()] == (["a"] if is_there else [])
    assert not is_there or file.read_bytes() == b"old"


@posix
def test_a_file_that_outgrows_its_limit_is_not_half_written(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_bytes(b"old")
    code = (
        "import pathlib, resource, signal, sys\n"
        "from pytest_specgates.writing import write_whole\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "try:\n"
        "    write_whole(pathlib.Path(sys.argv[1]), b'x' * 100_000)\n"
        "except OSError as error:\n"
        "    print(error.strerror)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(file)], capture_output=True, text=True, check=True
    )
    assert done.stdout == "File too large\n"
    assert file.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


@posix
@pytest.mark.skipif(os.name == "posix" and os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written(tmp_path: Path) -> None:
    tmp_path.chmod(0o555)
    try:
        with pytest.raises(PermissionError):
            write_whole(tmp_path / "a", b"x")
    finally:
        tmp_path.chmod(0o755)
    assert list(tmp_path.iterdir()) == []


@posix
def test_a_file_that_may_not_be_written_is_not_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "a"
    file.write_bytes(b"old")
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(PermissionError, match="may not be written"):
        write_whole(file, b"x")
    assert file.read_bytes() == b"old"


WRITER = """
import sys
from pathlib import Path
from pytest_specgates.writing import write_whole

print("ready", flush=True)
number = 0
while True:
    number += 1
    write_whole(Path(sys.argv[1]), (b"%d\\n" % number) * 200_000)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="nothing is killed like that here")
def test_a_kill_at_any_moment_leaves_the_old_or_the_new_file(tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    seen = set()
    for attempt in range(15):
        with subprocess.Popen(
            [sys.executable, "-c", WRITER, str(file)], stdout=subprocess.PIPE
        ) as writer:
            assert writer.stdout is not None
            assert writer.stdout.readline() == b"ready\n"
            time.sleep(0.001 + 0.007 * attempt)
            writer.send_signal(signal.SIGKILL)
        if file.exists():
            lines = file.read_bytes().splitlines()
            assert (len(lines), len(set(lines))) == (200_000, 1)
            seen.add(lines[0])
    assert seen
