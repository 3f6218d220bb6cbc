"""What stands on the terminal: colours only where they are seen, as much as was asked for."""

from __future__ import annotations

import os
import re
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Project

_ESCAPE = re.compile(r"\x1b\[[0-9;]*m")


@pytest.fixture
def small(project: Project) -> Project:
    project.spec(
        """
        spec: x
        gates:
          - {exists: pytest.ini, id: settings}
          - {exists: gone.md, id: gone, owner: ana}
        activities:
          - Think
        """
    )
    return project


def test_colours(small: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    piped = small.run_bare("--spec-gates").output
    assert "\x1b" not in piped
    asked = small.run_bare("--spec-gates", "--color=yes").output
    line = next(line for line in asked.splitlines() if "exists: gone.md " in line)
    assert re.search(r"\x1b\[31m\x1b\[1mfailed +\x1b\[0mexists: gone.md", line)
    assert "\x1b[31m\x1b[1mFAILED: 1 of 2 gates blocks\x1b[0m" in asked
    assert "\x1b[32m\x1b[1m1 passed\x1b[0m" in asked
    assert _ESCAPE.sub("", line) in piped.splitlines()


def on_terminal(project: Project) -> bytes:
    """What a run writes to a terminal of its own."""
    import pty

    pid, master = pty.fork()
    if pid == 0:  # pragma: no cover  # another process
        os.chdir(project.root)
        os.execv(sys.executable, [sys.executable, "-m", "pytest", "--spec-gates"])
    written = b""
    while True:
        try:
            piece = os.read(master, 65536)
        except OSError:  # its other end is closed
            break
        if not piece:
            break
        written += piece
    os.waitpid(pid, 0)
    os.close(master)
    return written


@pytest.mark.skipif(sys.platform == "win32", reason="there is no pseudo terminal")
def test_on_a_terminal_of_its_own(small: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PY_COLORS", raising=False)  # set by pytester
    monkeypatch.setenv("TERM", "xterm")
    for value, coloured in (("", True), ("1", False)):
        monkeypatch.setenv("NO_COLOR", value)
        written = on_terminal(small)
        assert b"FAILED: 1 of 2 gates blocks" in written
        assert (b"\x1b[31m" in written) == coloured


@pytest.mark.skipif(sys.platform == "win32", reason="memory is not measured there")
def test_what_takes_long_is_told_when_it_begins(
    small: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    small.spec("spec: x\ngates:\n  - memory: peak < 1 GiB\n    of: tests/test_a.py\n")
    small.write("tests/test_a.py", "def test_a(): pass\ndef test_b(): pass\n")
    lines = small.run_bare("--spec-gates").output.splitlines()
    told = lines.index("spec gates: measuring the memory of tests")
    assert lines[told - 1].startswith("tests/test_a.py ..")
    assert next(filter(None, lines[told + 1 :])).startswith("specs/x.spec.yaml .")
    monkeypatch.setenv("NO_COLOR", "1")
    written = on_terminal(small)
    assert b"\rspec gates: measuring the memory of tests: 1 of 2" in written
    assert b"\rspec gates: measuring the memory of tests: 2 of 2" in written


@pytest.mark.skipif(sys.platform == "win32", reason="there is no pseudo terminal")
def test_pairs_beside_the_base_are_counted_on_one_line(
    small: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    small.spec(
        "spec: x\ngates:\n  - regression: memory <= base + 10 %\n    by: tracemalloc\n"
        "    of: tests/test_a.py::test_a\n"
    )
    small.write("tests/test_a.py", "def test_a():\n    assert [str(i) for i in range(9999)]\n")
    small.commit_base()
    small.write("new.txt", "a change")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "80")
    written = on_terminal(small).decode()
    told = r"spec gates: measuring memory beside the base, test 1 of 1, pair: (\d+) of \d+"
    assert re.findall(rf"\r{told}", written)[:2] == ["1", "2"]
    # It is no longer than the terminal, and what comes next does not stand behind it.
    assert max(len(one.group()) for one in re.finditer(told, written)) < 80
    assert "\nspecs/x.spec.yaml ." in written


def test_as_much_as_was_asked_for(small: Project) -> None:
    quiet = small.run_bare("--spec-gates", "-q").output
    assert "exists: pytest.ini" not in quiet
    assert "FAILED: 1 of 2 gates blocks" in quiet
    verbose = small.run_bare("--spec-gates", "-v").output
    assert "read as exists gone.md" in verbose
    assert "not a gate: specs/x.spec.yaml:6 Think" in verbose
    assert "level must" not in verbose
    very = small.run_bare("--spec-gates", "-vv").output
    assert "level must, stage pre-merge, owner ana" in very
    assert "measured 1 missing; required all present" in very


def test_a_gate_counts_as_an_item_while_the_run_goes_on(small: Project) -> None:
    small.write("tests/test_a.py", "def test_a(): pass\ndef test_b(): pass\n")
    output = small.run_bare("--spec-gates", "-o", "console_output_style=count").output
    lines = {line.split()[0]: line.split()[-2:] for line in output.splitlines() if "[" in line}
    assert lines["tests/test_a.py"] == ["[2/4]"] or lines["tests/test_a.py"][-1] == "[2/4]"
    assert lines["specs/x.spec.yaml"][-1] == "[4/4]"
