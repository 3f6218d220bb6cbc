"""What the formats of the report cost: seconds of CPU and memory of each, for a report of so many
gates of which a third does not hold.

    python benchmarks/report_formats.py [--gates 10000]

Prints a table; exit code 1 if all formats together take more than 1.5 s for 10,000 gates.
"""

from __future__ import annotations

import argparse
import sys
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import replace

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

BUDGET = 1.5
"""Seconds for 10,000 gates."""
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
    count = parser.parse_args().gates
    report = report_of(count)
    few = replace(report, judged=report.judged[:10])
    renderers = {name: made.render for name, made in FORMATS.items()}
    renderers["terminal"] = _on_terminal
    print("| format | s | to `json` | MB of text | MB at most |\n|---|---|---|---|---|")
    total = first = 0.0
    for name, made in renderers.items():
        made(few)  # its modules are imported
        seconds = min(_seconds(made, report) for _ in range(2))
        total, first = total + seconds, first or seconds
        tracemalloc.start()
        size = len(made(report))
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        shown = f"{seconds:.2f} | {seconds / first:.2f} | {size / 1e6:.2f} | {peak / 1e6:.1f}"
        print(f"| `{name}` | {shown} |", flush=True)
    print(f"| all | {total:.2f} | {total / first:.2f} | | |")
    return int(total * 10_000 / count > BUDGET)


if __name__ == "__main__":
    sys.exit(main())
