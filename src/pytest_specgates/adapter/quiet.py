"""A pytest of its own, without workers and coverage, once the run is done. Benchmarks under
xdist are measured there."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Generator, Sequence
from dataclasses import asdict
from pathlib import Path

import pytest

from ..measure.processes import untraced
from ..model import Samples, TestRef
from . import sampling
from .recorder import Recorder

_LIMIT = 1800


def measure_quietly(
    config: pytest.Config, nodeids: Sequence[str], needed: dict[str, tuple[int, bool]]
) -> tuple[dict[str, Samples], str]:
    """The samples of the benchmarks, taken by a pytest of their own without workers and
    without coverage; and the reason why there are none ("" if there are)."""
    with tempfile.TemporaryDirectory(prefix="specgates-") as folder:
        plan, out = Path(folder, "plan.json"), Path(folder, "samples.json")
        plan.write_text(json.dumps({"out": str(out), "needed": needed}), encoding="utf-8")
        try:
            done = run_quietly(config, nodeids, ["--spec-gates-samples", str(plan)], folder, _LIMIT)
        except subprocess.TimeoutExpired:
            return {}, f"the quiet run of the benchmarks took more than {_LIMIT} s"
        if not out.is_file():
            return {}, f"the quiet run of the benchmarks failed: {last_line(done)}"
        read = json.loads(out.read_text(encoding="utf-8"))
    samples = {
        nodeid: Samples(
            tuple(entry["rounds"]),
            entry["iterations"],
            f"{entry['source']}, in a quiet process after the workers",
            entry["lost"],
            entry["seconds"],
        )
        for nodeid, entry in read.items()
    }
    return samples, "" if samples else "benchmarks are disabled in this project's configuration"


def run_quietly(
    config: pytest.Config,
    nodeids: Sequence[str],
    options: Sequence[str],
    folder: str,
    limit: float,
) -> subprocess.CompletedProcess[bytes]:
    """Run the tests with the configuration of this run. Raises TimeoutExpired after so many
    seconds."""
    names = Path(folder, "tests.txt")
    names.write_text("\n".join(nodeids) + "\n", encoding="utf-8")
    command = [sys.executable, "-m", "pytest", f"@{names}", *options]
    command += ["--rootdir", str(config.rootpath), "-q", "--no-header"]
    command += ["-p", "no:cacheprovider"]
    if hasattr(config.option, "numprocesses"):
        command.append("-n0")
    if config.inipath is not None:
        command += ["-c", str(config.inipath)]
    if hasattr(config.option, "no_cov"):
        command.append("--no-cov")
    for override in config.option.override_ini or ():
        command += ["-o", override]
    for plugin in config.option.plugins or ():
        if plugin not in ("no:terminal", "no:cacheprovider"):
            command += ["-p", plugin]
    environment = {
        name: value for name, value in untraced().items() if not name.startswith("PYTEST_XDIST")
    }
    return subprocess.run(
        command,
        cwd=config.rootpath,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=limit,
        check=False,
    )


def last_line(done: subprocess.CompletedProcess[bytes]) -> str:
    return " ".join(done.stdout.decode("utf-8", "replace").strip().splitlines()[-1:])


def _is(nodeid: str) -> Callable[[TestRef], bool]:
    return lambda ref: ref.nodeid == nodeid


class SampleTaker:
    """The plugin of the quiet process: asks for the samples, runs, writes them down."""

    def __init__(self, plan_file: str) -> None:
        read = json.loads(Path(plan_file).read_text(encoding="utf-8"))
        needed: dict[str, list[int]] = read["needed"]
        plan: sampling.Plan = [
            (_is(nodeid), fewest, bool(single)) for nodeid, (fewest, single) in needed.items()
        ]
        self.out = Path(read["out"])
        self.recorder = Recorder(plan, is_worker=False)

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self.recorder.note_items(session)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        return (yield from self.recorder.pytest_runtest_makereport(item, call))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.recorder.pytest_runtest_logreport(report)

    def pytest_sessionfinish(self) -> None:
        passed = {
            nodeid: {**asdict(samples), "rounds": list(samples.rounds)}
            for nodeid, samples in self.recorder.samples.items()
            if self.recorder.results[nodeid].outcome in ("passed", "xpassed")
        }
        self.out.write_text(json.dumps(passed), encoding="utf-8")
