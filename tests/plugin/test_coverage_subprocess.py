"""Code that runs only in a process that a test starts counts where coverage is configured to
measure such processes, and is not covered where it is not."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import coverage
import pytest

if TYPE_CHECKING:
    from conftest import Outcome, Project

workers = pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "workers"])
branches = pytest.mark.parametrize("branch", [False, True], ids=["lines", "branches"])
patches = pytest.mark.skipif(
    coverage.version_info < (7, 10), reason="coverage has `patch = subprocess` since 7.10"
)
FOLLOWS = int(version("pytest-cov").partition(".")[0]) < 7
"""pytest-cov had each process measured that a test started, until 7."""
JOB = """
import sys


def size(value):
    if value > 1:
        return "more"
    return "less"


def unused():
    return None


if __name__ == "__main__":
    print(size(int(sys.argv[1])))
"""
STARTED = """
import pathlib
import subprocess
import sys

import pytest

JOB = pathlib.Path(__file__).parents[1] / "src/job.py"

@pytest.mark.parametrize(("value", "told"), [("2", "more"), ("0", "less")])
def test_job(value, told, tmp_path):
    command = [sys.executable, str(JOB), value]
    done = subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, text=True)
    assert done.stdout.split() == [told]
"""
FORKED = """
import multiprocessing

import job
import pytest

@pytest.mark.parametrize("method", {methods})
@pytest.mark.parametrize("value", [2, 0])
def test_job(method, value):
    process = multiprocessing.get_context(method).Process(target=job.size, args=(value,))
    process.start()
    process.join()
    assert process.exitcode == 0
"""
ALL = [1, 4, 5, 6, 7, 10, 11, 14, 15]
"""The statements of JOB: what is not covered where nobody imports it."""


@pytest.fixture
def job(project: Project) -> Project:
    project.write("src/job.py", JOB)
    project.write("tests/test_job.py", STARTED)
    project.config("testpaths = tests\npythonpath = src\nspecgates_allow = command\n")
    return project


def spec(project: Project, *, branch: bool, more: str = "") -> None:
    gates = ["{id: lines, coverage: line >= 80%, of: src}"]
    if branch:
        gates.append("{id: branches, coverage: branch >= 70%, of: src}")
    project.spec("spec: x\ngates:\n" + "".join(f"  - {gate}\n" for gate in gates) + more)


def told(outcome: Outcome) -> dict[str, Any]:
    (file,) = outcome.report["coverage"]
    found: dict[str, Any] = file
    return found


def same_as_coverage_json(project: Project, outcome: Outcome) -> None:
    command = [sys.executable, "-m", "coverage", "json", "-q", "-o", "-"]
    done = subprocess.run(command, cwd=project.root, check=True, capture_output=True)
    (file,) = json.loads(done.stdout)["files"].values()
    assert told(outcome)["missing"] == file["missing_lines"]
    assert told(outcome)["missing_branches"] == file.get("missing_branches", [])


def no_data_left(project: Project) -> None:
    """A file of a process that was not combined would be of no gate."""
    left = {file.name for file in project.root.glob(".coverage*")}
    # pytest-cov before 7 has processes write once more when all is done.
    assert FOLLOWS or left - {".coveragerc"} == {".coverage"}


@patches
@workers
@branches
def test_what_ran_in_a_process_is_covered_where_coverage_follows_it(
    job: Project, workers: tuple[str, ...], branch: bool
) -> None:
    job.write(".coveragerc", "[run]\npatch = subprocess\n")
    spec(job, branch=branch)
    outcome = job.run(*workers)
    assert told(outcome)["missing"] == [11]
    # Both ways of `value > 1`; the file was never imported, so the last `if` has gone one way.
    assert told(outcome)["missing_branches"] == ([[14, -1]] if branch else [])
    assert set(outcome.statuses.values()) == {"passed"}
    same_as_coverage_json(job, outcome)
    no_data_left(job)


@pytest.mark.skipif(FOLLOWS, reason="pytest-cov has processes measured without being asked")
@workers
def test_without_that_nothing_of_it_is_covered(job: Project, workers: tuple[str, ...]) -> None:
    spec(job, branch=True)
    outcome = job.run(*workers)
    assert told(outcome)["missing"] == ALL
    assert outcome.gate("lines")["status"] == "failed"
    assert outcome.gate("lines")["sentence"].startswith("0 %")
    # Data without a line has no branches either; that they were not asked for is not why.
    gate = outcome.gate("branches")
    assert gate["status"] == "unmeasured"
    assert gate["sentence"] == "coverage has no data: no test ran any code of its sources"
    assert outcome.exit == 1
    same_as_coverage_json(job, outcome)


@workers
@pytest.mark.parametrize(
    ("config", "methods"),
    [
        ("concurrency = multiprocessing\nbranch = true", ["fork", "spawn"]),
        pytest.param("patch = subprocess", ["spawn"], marks=patches),
    ],
    ids=["concurrency", "patch"],
)
def test_what_ran_in_a_process_of_multiprocessing(
    job: Project, config: str, methods: list[str], workers: tuple[str, ...]
) -> None:
    job.write("tests/test_job.py", FORKED.format(methods=methods))
    spec(job, branch=True)
    if not FOLLOWS:
        # A fork goes on with coverage of the process that it is a copy of, and tells nobody.
        assert told(job.run(*workers))["missing"] == [5, 6, 7, 11, 15]
    job.write(".coveragerc", f"[run]\n{config}\n")
    outcome = job.run(*workers)
    assert told(outcome)["missing"] == [11, 15]
    same_as_coverage_json(job, outcome)
    no_data_left(job)


@workers
@pytest.mark.parametrize("by", ["concurrency", "environment"])
def test_branches_that_the_processes_would_not_measure_are_not_switched_on(
    job: Project, by: str, workers: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """They read the configuration, which says nothing of branches; pytest-cov ends a run with
    data of lines and of branches."""
    config = f"[run]\nparallel = true\ndata_file = {job.root}/.coverage\n"
    if by == "concurrency":
        job.write("tests/test_job.py", FORKED.format(methods=["fork"]))
        config += "concurrency = multiprocessing\n"
    else:
        monkeypatch.setenv("COVERAGE_PROCESS_START", str(job.root / ".coveragerc"))
    job.write(".coveragerc", config)
    spec(job, branch=True)
    outcome = job.run(*workers)
    assert outcome.exit == 1
    gate = outcome.gate("branches")
    assert gate["status"] == "unmeasured"
    assert "processes measure by the configuration" in gate["sentence"]
    assert gate["next_step"] == "set `branch = true` in it"


# --- processes that no test starts, and tests that start none --------------------------------


@patches
@workers
def test_what_a_command_of_a_gate_runs_is_covered_by_no_test(
    job: Project, workers: tuple[str, ...]
) -> None:
    job.write(".coveragerc", "[run]\npatch = subprocess\n")
    job.write("tests/test_job.py", "import job\n\n\ndef test_job():\n    job.size(2)\n")
    line = f"{sys.executable} src/job.py 0"
    spec(job, branch=False, more=f"  - {{id: command, command: '{line}'}}\n")
    outcome = job.run(*workers)
    assert outcome.gate("command")["status"] == "passed"
    assert told(outcome)["missing"] == [7, 11, 15]
    no_data_left(job)


@patches
def test_benchmarks_are_timed_in_a_process_that_is_not_traced(job: Project) -> None:
    job.write(".coveragerc", "[run]\npatch = subprocess\n")
    job.write(
        "tests/test_speed.py",
        """
        import os
        import pathlib

        def test_speed(benchmark):
            benchmark(int)
            followed = [name for name in os.environ if name.startswith("COVERAGE_PROCESS")]
            pathlib.Path("followed.txt").write_text(str(followed))
        """,
    )
    speed = "  - {id: speed, latency: p95 < 1 s, of: tests/test_speed.py}\n"
    spec(job, branch=False, more=speed)
    outcome = job.run("-n", "2")
    assert outcome.gate("speed")["status"] == "passed"
    assert "quiet process" in outcome.gate("speed")["checks"][0]["evidence"][0]
    assert (job.root / "followed.txt").read_text("utf-8") == "[]"
    no_data_left(job)


@patches
def test_by_whom_is_not_known_of_what_processes_cover(job: Project) -> None:
    """coverage has it without a test, as it has what runs at import: it would count for all."""
    job.write(".coveragerc", "[run]\npatch = subprocess\n")
    job.write("tests/unit/test_size.py", "import job\n\n\ndef test_size():\n    job.size(2)\n")
    by = "  - {id: by, coverage: line >= 80%, of: src, by: tests/unit}\n"
    spec(job, branch=False, more=by)
    outcome = job.run()
    assert outcome.gate("lines")["status"] == "passed"
    assert outcome.gate("by")["status"] == "unmeasured"
    assert "in the processes that tests start" in outcome.gate("by")["sentence"]
    (job.root / ".coveragerc").unlink()
    assert outcome.exit == 1
    assert job.run().gate("by")["status"] == "failed"
