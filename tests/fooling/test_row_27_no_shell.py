"""Row 27: `cmd || true`, `cmd && echo OK || echo OK`, `cmd | tee`: the shell eats the failure."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Project

JUNIT = "specs.x.spec.yaml::"
LINES = {
    "or-true": "python check.py || true",
    "and-echo": "python check.py && echo OK || echo OK",
    "tee": "python check.py | tee log.txt",
    "then": "python check.py ; true",
    "background": "python check.py &",
    "redirected": "python check.py > log.txt 2>&1",
    "negated": "python check.py || exit 0",
}


@pytest.fixture
def check(project: Project) -> Project:
    """check.py shows its arguments and exits with 3."""
    project.write("check.py", "import sys\nprint('saw', sys.argv[1:])\nsys.exit(3)\n")
    project.write("tests/test_a.py", "def test_a():\n    pass\n")
    project.config("testpaths = tests\nspecgates_allow = command\n")
    return project


def test_a_shell_lets_it_pass(check: Project) -> None:
    line = LINES["and-echo"].replace("python", sys.executable, 1)
    assert subprocess.run(line, shell=True, cwd=check.root, check=False).returncode == 0


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "workers"])
def test_the_exit_status_is_that_of_the_command(check: Project, workers: tuple[str, ...]) -> None:
    gates = "".join(f"  - {{id: {name}, command: '{line}'}}\n" for name, line in LINES.items())
    check.spec(f"spec: x\ngates:\n{gates}")
    outcome = check.run(*workers)
    for name, line in LINES.items():
        gate = outcome.gate(f"::{name}")
        assert (gate["status"], gate["blocking"], gate["measured"]) == ("failed", True, "exit 3")
        assert gate["checks"][0]["evidence"][1] == f"  saw {line.split()[2:]}"
        assert outcome.junit[JUNIT + name] == "failure"
    assert (outcome.verdict, outcome.exit, outcome.junit_failures) == ("failed", 1, len(LINES))
    # Nothing that only a shell would have made.
    assert not (check.root / "log.txt").exists()


def test_the_line_is_shown_as_it_was_run(check: Project) -> None:
    check.spec(
        "spec: x\ngates:\n"
        "  - {id: bad, command: 'python check.py || echo \"all is well\" $HOME *.py'}\n"
        "  - {id: good, command: 'echo fine || true'}\n"
    )
    outcome = check.run()
    bad, good = outcome.gate("::bad"), outcome.gate("::good")
    ran = f"ran: {sys.executable} check.py '||' echo 'all is well' '$HOME' '*.py' ("
    assert bad["checks"][0]["evidence"][0].startswith(ran)
    assert ran in outcome.output
    assert good["checks"][0]["evidence"][0].startswith("ran: echo fine '||' true (")
    assert good["checks"][0]["evidence"][1] == "  fine || true"


def test_a_shell_that_is_asked_for_is_shown_too(check: Project) -> None:
    check.spec("spec: x\ngates:\n  - {id: shell, command: 'sh -c \"exit 3 || true\"'}\n")
    outcome = check.run()
    gate = outcome.gate("::shell")
    assert gate["status"] == "failed"  # `exit` ends the shell before `true` has its turn
    assert "ran: sh -c 'exit 3 || true' (" in gate["checks"][0]["evidence"][0]
    assert (outcome.verdict, outcome.exit, outcome.junit[f"{JUNIT}shell"]) == (
        "failed",
        1,
        "failure",
    )


def test_what_the_shell_alone_knows_is_an_error(check: Project) -> None:
    check.spec(
        "spec: x\ngates:\n  - {id: built-in, command: exit 0}\n"
        "  - {id: open, command: \"echo 'open\"}\n  - {id: negated, command: '! python check.py'}\n"
    )
    outcome = check.run()
    assert outcome.statuses == dict.fromkeys(("built-in", "open", "negated"), "error")
    assert (outcome.verdict, outcome.exit, outcome.junit_failures) == ("failed", 1, 3)
