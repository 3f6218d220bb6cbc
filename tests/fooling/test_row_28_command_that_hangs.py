"""Row 28: a command hangs, prints without end, or leaves a child behind that lives on."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Project

pytestmark = pytest.mark.skipif(os.name != "posix", reason="process groups")
JUNIT = "specs.x.spec.yaml::"
workers = pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "workers"])
SLEEP = "import os, pathlib, sys, time\npathlib.Path(sys.argv[1]).write_text(str(os.getpid()))\n"
PARENT = """
import pathlib, subprocess, sys, time

out, how, wait = sys.argv[1:]
more = {"start_new_session": True} if how == "away" else {}
if how == "quiet":
    more = dict.fromkeys(("stdout", "stderr"), subprocess.DEVNULL)
subprocess.Popen([sys.executable, "sleep.py", out], **more)
while not pathlib.Path(out).is_file() or not pathlib.Path(out).read_text():
    time.sleep(0.01)
print("the child is there", flush=True)
if wait == "wait":
    time.sleep(60)
"""
MEMORY = """
import pathlib, resource

def pytest_unconfigure():
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    pathlib.Path("memory.txt").write_text(str(used))
"""


@pytest.fixture
def commands(project: Project) -> Project:
    project.write("sleep.py", f"{SLEEP}time.sleep(60)\n")
    project.write("parent.py", PARENT)
    project.write("tests/test_a.py", "def test_a():\n    pass\n")
    project.config("testpaths = tests\nspecgates_allow = command\n")
    return project


def lives(project: Project, name: str) -> bool:
    """Whether the process that wrote its number into the file is still there."""
    number = int((project.root / name).read_text("utf-8"))
    for _ in range(50):
        try:
            os.kill(number, 0)
            with open(f"/proc/{number}/stat", encoding="utf-8") as file:
                if file.read().rpartition(")")[2].split()[0] == "Z":
                    return False  # dead, and only not yet waited for
        except (ProcessLookupError, FileNotFoundError):
            return False
        time.sleep(0.02)
    os.kill(number, 9)
    return True


@workers
def test_a_command_that_hangs_is_stopped(commands: Project, workers: tuple[str, ...]) -> None:
    commands.spec(
        """
        spec: x
        gates:
          - {id: hangs, command: python sleep.py pid.txt, timeout: 1}
          - {id: deaf, command: 'sh -c "trap : TERM INT HUP; sleep 60; sleep 60"', timeout: 1}
          - {id: slow, command: python sleep.py pid2.txt, must: within 0.5 s, timeout: 1}
        """
    )
    start = time.monotonic()
    outcome = commands.run(*workers)
    assert time.monotonic() - start < 30
    for name in ("hangs", "deaf"):
        gate = outcome.gate(f"::{name}")
        assert (gate["status"], gate["blocking"]) == ("error", True), gate["sentence"]
        assert "time limit" in gate["sentence"]
        assert gate["measured"] is None
    assert outcome.gate("::slow")["status"] == "failed"
    assert not lives(commands, "pid.txt")
    assert not lives(commands, "pid2.txt")
    assert [outcome.junit[JUNIT + name] for name in ("hangs", "deaf", "slow")] == ["failure"] * 3
    assert (outcome.verdict, outcome.exit, outcome.junit_failures) == ("failed", 1, 3)


def test_output_is_bounded(commands: Project) -> None:
    commands.write("conftest.py", MEMORY)
    commands.write(
        "prints.py",
        "import sys\nfor n in range(int(sys.argv[1])):\n    print('x' * 999_999)\nprint('last')\n",
    )
    used = []
    for megabytes in (0, 100):
        commands.spec(
            "spec: x\ngates:\n"
            f"  - {{id: prints, command: python prints.py {megabytes}, must: exit 1}}\n"
        )
        outcome = commands.run()
        used.append(int((commands.root / "memory.txt").read_text("utf-8")))
    gate = outcome.gate("::prints")
    assert (gate["status"], gate["measured"]) == ("failed", "exit 0")
    evidence = gate["checks"][0]["evidence"]
    assert evidence[-1] == "  last"
    assert sum(map(len, evidence)) < 10_000
    assert (commands.root / "report.json").stat().st_size < 50_000
    assert (commands.root / "junit.xml").stat().st_size < 50_000
    assert len(outcome.output) < 50_000
    assert used[1] - used[0] < 30_000, used  # kilobytes
    assert (outcome.verdict, outcome.exit, outcome.junit[f"{JUNIT}prints"]) == (
        "failed",
        1,
        "failure",
    )


def test_output_that_never_ends_is_stopped(commands: Project) -> None:
    commands.spec("spec: x\ngates:\n  - {id: endless, command: 'yes', timeout: 1}\n")
    outcome = commands.run()
    gate = outcome.gate("::endless")
    assert (gate["status"], gate["blocking"]) == ("error", True)
    assert (commands.root / "report.json").stat().st_size < 50_000


@workers
@pytest.mark.parametrize("how", ["same", "quiet"])
def test_a_child_that_is_left_behind_is_killed(
    commands: Project, how: str, workers: tuple[str, ...]
) -> None:
    commands.spec(
        f"""
        spec: x
        gates:
          - {{id: ends, command: python parent.py ends.txt {how} go, timeout: 20}}
          - {{id: waits, command: python parent.py waits.txt {how} wait, timeout: 2}}
        """
    )
    start = time.monotonic()
    outcome = commands.run(*workers)
    assert time.monotonic() - start < 30
    assert outcome.statuses == {"ends": "passed", "waits": "error"}
    assert not lives(commands, "ends.txt")
    assert not lives(commands, "waits.txt")
    assert (outcome.verdict, outcome.exit) == ("failed", 1)


def test_a_child_with_a_session_of_its_own_does_not_hold_the_run(commands: Project) -> None:
    commands.spec(
        "spec: x\ngates:\n  - {id: ends, command: python parent.py ends.txt away go, timeout: 20}\n"
    )
    start = time.monotonic()
    outcome = commands.run()
    alive = lives(commands, "ends.txt")
    assert time.monotonic() - start < 30
    assert outcome.gate("::ends")["status"] in ("passed", "error")
    assert not alive, "what the command left running is killed"
