"""A pytest of its own, without workers and coverage, once the run is done. Benchmarks under
xdist are measured there."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Callable, Generator, Sequence
from dataclasses import asdict
from pathlib import Path

import pytest

from ..model import Samples, TestRef
from . import own_pytest, sampling
from .recorder import Recorder

_LIMIT = 1800


def measure_quietly(
    config: pytest.Config, nodeids: Sequence[str], needed: dict[str, tuple[int, bool]]
) -> tuple[dict[str, Samples], str]:
    """The samples of the benchmarks, taken by a pytest of their own without workers and
    without coverage; and the reason why there are none ("" if there are)."""
    with tempfile.TemporaryDirectory(prefix="specgates-") as folder:
        plan, out = Path(folder, "plan.json"), Path(folder, "samples.json")
        tests = Path(folder, "tests.txt")
        tests.write_text("\n".join(nodeids) + "\n", encoding="utf-8")
        plan.write_text(json.dumps({"out": str(out), "needed": needed}), encoding="utf-8")
        try:
            options = ["--spec-gates-samples", str(plan), *own_pytest.alone(config), f"@{tests}"]
            done = own_pytest.run(config, config.rootpath, options, _LIMIT)
        except subprocess.TimeoutExpired:
            return {}, f"the quiet run of the benchmarks took more than {_LIMIT} s"
        if not out.is_file():
            return {}, f"the quiet run of the benchmarks failed: {own_pytest.last_line(done)}"
        read = json.loads(out.read_text(encoding="utf-8"))
    samples = {
        nodeid: Samples(
            tuple(entry["rounds"]),
            entry["iterations"],
            f"{entry['source']}, in a quiet process after the workers",
            entry["lost"],
            entry["seconds"],
            tuple(entry["counts"]),
        )
        for nodeid, entry in read.items()
    }
    return samples, "" if samples else "benchmarks are disabled in this project's configuration"


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
