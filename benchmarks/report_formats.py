"""What the formats of the report cost: seconds of CPU and memory of each, for a report of so many
gates of which a third does not hold, after so many runs in a history.

    python benchmarks/report_formats.py [--gates 10000] [--runs 20]

Seconds are the least of five; memory is the most that Python allocated while a text was made, and
at last the most that the whole process took, with the report and the text that it is made into.
Prints a table; exit code 1 if all formats together take more than 3 s for 10,000 gates, or the
process more than 300 MiB.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import replace

from report_cost import history

from pytest_specgates import pipeline
from pytest_specgates.model import (
    Gate,
    GateReport,
    Identity,
    JudgedGate,
    Lines,
    Measurement,
    Value,
)
from pytest_specgates.report.formats import FORMATS
from pytest_specgates.report.terminal import render

BUDGET = 3.0
"""Seconds for 10,000 gates."""
MEMORY = 300
"""MiB of the process."""
IDENTITY = Identity(
    commit="0" * 40,
    dirty=False,
    spec_digest="0" * 64,
    versions={"pytest-specgates": "1"},
    machine={"system": "any"},
    started="2026-01-31T00:00:00.000Z",
    ended="2026-01-31T00:00:01.000Z",
    stage="pre-merge",
)


def report_of(count: int) -> GateReport:
    """A report of so many gates, in specs of a hundred each."""
    kinds = pipeline.kinds(third_party=False)
    judged: list[JudgedGate] = []
    for spec in range(-(-count // 100)):
        gates = "".join(
            f"  - {{coverage: '>= 90%', of: src/part_{spec}_{number}.py, id: part-{number}}}\n"
            for number in range(min(100, count - 100 * spec))
        )
        path = f"specs/part_{spec}.spec.yaml"
        file = pipeline.load({path: f"spec: part-{spec}\ngates:\n{gates}"}, kinds).files[path]
        judged += [_judged(gate, number) for number, gate in enumerate(file.gates)]
    return GateReport(IDENTITY, tuple(judged), (), (), (), ())


def _judged(gate: Gate, number: int) -> JudgedGate:
    subject = gate.checks[0].subject[0]
    measurement = Measurement(
        (Value(subject, 80 if number % 3 == 0 else 95, samples=200),),
        evidence=(f"{subject}: 1 files, 200 statements, 0 lines excluded",),
        next_step=f"cover {subject}: lines 3-5, 9",
        places=(Lines(subject, 3, 5), Lines(subject, 9, 9)),
    )
    return JudgedGate(gate, pipeline.judge(gate, [measurement]))


def _on_terminal(report: GateReport) -> str:
    return "\n".join(text for line in render(report, 80, show="all") for text, _ in line)


def _seconds(made: Callable[[GateReport], str], report: GateReport) -> float:
    started = time.process_time()
    made(report)
    return time.process_time() - started


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gates", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=20)
    given = parser.parse_args()
    count = given.gates
    report = report_of(count)
    if given.runs:
        report = replace(report, history=history(report.judged, given.runs))
    few = replace(report, judged=report.judged[:10])
    renderers = {name: made.render for name, made in FORMATS.items()}
    renderers["terminal"] = _on_terminal
    seconds = {}
    for name, made in renderers.items():
        made(few)  # its modules are imported
        seconds[name] = min(_seconds(made, report) for _ in range(5))
    peak_of_all = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print("| format | s | to `json` | MB of text | MB at most |\n|---|---|---|---|---|")
    for name, made in renderers.items():
        tracemalloc.start()
        size = len(made(report))
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        took, ratio = seconds[name], seconds[name] / seconds["json"]
        shown = f"{took:.2f} | {ratio:.2f} | {size / 1e6:.2f} | {peak / 1e6:.1f}"
        print(f"| `{name}` | {shown} |", flush=True)
    total = sum(seconds.values())
    told = f"{total:.2f} | {total / seconds['json']:.2f} | | {peak_of_all:.0f} MiB, the process"
    print(f"| all | {told} |")
    return int(total * 10_000 / count > BUDGET or peak_of_all > MEMORY)


if __name__ == "__main__":
    sys.exit(main())
