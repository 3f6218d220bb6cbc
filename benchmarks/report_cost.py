"""What the HTML report costs: bytes, seconds and memory by the number of gates.

    python benchmarks/report_cost.py [--gates 1000 10000] [--runs 20] [--keep FOLDER]

The gates are of the kinds and in the shares of the bundled example: of ten, two ask for coverage,
one for a latency, and one fails. Seconds are the least of three, beside those of `render_json` of
the same report in the same process, and memory is the most that Python allocated while the page
was made. With --keep the pages are left in a folder.
"""

from __future__ import annotations

import argparse
import datetime
import random
import time
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from pytest_specgates import pipeline
from pytest_specgates.measure.benchmarks import probe
from pytest_specgates.model import (
    Gate,
    GateReport,
    History,
    Identity,
    JudgedGate,
    Measurement,
    PastCheck,
    RunEvidence,
    Samples,
    Surroundings,
    TestRef,
    TestResult,
    Value,
)
from pytest_specgates.report.history_file import past_run
from pytest_specgates.report.html import render_html
from pytest_specgates.report.json_report import render_json

_A_SPEC = 40
"""So many gates has a spec."""
_LINES = (
    "  - tests: all pass\n    of: tests/unit/test_part_{n}.py\n",
    '  - coverage: ">= 90%"\n    of: src/part_{n}.py\n',
    "  - latency: p95 < 500 ms\n    of: tests/perf/test_part_{n}.py::test_call\n",
    "  - Unit tests of part {n} (>90% coverage)\n",
    "  - exists: docs/parts/part_{n}.md\n",
    "  - conforms: schemas/part_{n}.json\n    of: data/part_{n}.jsonl\n",
    "  - command: python main.py --part {n}\n",
    "  - Code review of part {n} completed: {{level: should, reason: two people work here}}\n",
    "  - All tests of part {n} pass\n",
    "  - config: parts.part_{n}\n    of: config.yaml\n",
)


def report(count: int, runs: int = 0) -> GateReport:
    """A report of so many gates, judged by made values, after so many runs before it."""
    kinds = pipeline.kinds()
    texts = {}
    for start in range(0, count, _A_SPEC):
        lines = [
            _LINES[n % len(_LINES)].format(n=n) for n in range(start, min(start + _A_SPEC, count))
        ]
        name = f"part_{start // _A_SPEC}"
        texts[f"specs/{name}.spec.yaml"] = f"spec: {name}\ngates:\n{''.join(lines)}"
    loaded = pipeline.load(texts, kinds)
    gates = [gate for file in loaded.files.values() for gate in file.gates]
    assert len(gates) == count
    judged = tuple(_judged(n, gate) for n, gate in enumerate(gates))
    moment = "2026-01-31T00:00:00.000Z"
    return GateReport(
        identity=Identity(
            commit="0" * 40,
            dirty=False,
            spec_digest=loaded.digest,
            versions={"pytest-specgates": "0", "pytest": "9"},
            machine={"system": "Linux"},
            started=moment,
            ended=moment,
            stage="pre-merge",
        ),
        judged=judged,
        unjudged=(),
        statements=(),
        errors=(),
        notes=(),
        history=history(judged, runs) if runs else None,
    )


def history(judged: tuple[JudgedGate, ...], runs: int) -> History:
    """Runs in which every time and every percentage was another one."""
    now, noise = past_run(_bare(judged)), random.Random(8)
    made = tuple(
        replace(
            now,
            gates={
                nodeid: replace(gate, checks=tuple(_moved(c, noise) for c in gate.checks))
                for nodeid, gate in now.gates.items()
            },
        )
        for _ in range(runs)
    )
    return History(made, made[-1])


def _bare(judged: tuple[JudgedGate, ...]) -> GateReport:
    moment = "2026-01-30T00:00:00.000Z"
    identity = Identity("1" * 40, False, "0" * 64, {}, {}, moment, moment, "pre-merge")
    return GateReport(identity, judged, (), (), (), ())


def _moved(check: PastCheck, noise: random.Random) -> PastCheck:
    if check.value is None or check.unit not in ("s", "%"):
        return check
    return replace(check, value=check.value * noise.uniform(0.8, 1.0))


def _judged(number: int, gate: Gate) -> JudgedGate:
    measurements = [m for check in gate.checks for m in _measured(number, gate, check.kind)]
    preset = pipeline.preset(gate, "pre-merge", Surroundings(Path()))
    verdict = preset or pipeline.judge(gate, measurements, datetime.date(2026, 1, 31))
    return JudgedGate(gate, verdict)


def _measured(number: int, gate: Gate, kind: str) -> Iterator[Measurement]:
    (check,) = (check for check in gate.checks if check.kind == kind)
    subject = check.subject[0] if check.subject else f"part {number}"
    misses = number % 10 == (number // 10) % 10
    if kind == "latency":
        rounds = tuple(0.2 + 0.001 * (n * 37 % 200) + 0.2 * misses for n in range(100))
        ref = TestRef(subject, is_benchmark=True)
        run = RunEvidence(
            results={subject: TestResult(ref, "passed")},
            samples={subject: Samples(rounds)},
            roots=("tests",),
        )
        yield probe(check, Surroundings(Path(), run=run))
        return
    value = Fraction(80 if misses else 96) if kind == "coverage" else Fraction(int(misses))
    if kind == "attested":
        value = Fraction(1)
    told = f"{subject}: 12 passed" if kind == "tests" else f"{subject}: 24 statements"
    yield Measurement((Value(subject, value, samples=24),), evidence=(told,))


def _least(call: Callable[[], object]) -> float:
    found = []
    for _ in range(3):
        start = time.process_time()
        call()
        found.append(time.process_time() - start)
    return min(found)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gates", type=int, nargs="+", default=[1_000, 10_000])
    parser.add_argument("--runs", type=int, default=0, help="runs before it, in a history")
    parser.add_argument("--keep", type=Path)
    arguments = parser.parse_args()
    render_html(report(1))  # the import and the template, which a run pays once
    print("| gates | bytes | a gate | seconds of CPU | by those of JSON | memory |")
    print("|---|---|---|---|---|---|")
    for count in arguments.gates:
        made = report(count, arguments.runs)
        text = render_html(made).encode()
        seconds = _least(lambda made=made: render_html(made))  # type: ignore[misc]  # bound at once
        ratio = seconds / _least(lambda made=made: render_json(made))  # type: ignore[misc]  # as above
        tracemalloc.start()
        render_html(made)
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        print(
            f"| {count:,} | {len(text):,} | {len(text) // count:,} | {seconds:.2f} | {ratio:.1f} "
            f"| {most / 2**20:.0f} MiB |"
        )
        if arguments.keep:
            (arguments.keep / f"gates-{count}.html").write_bytes(text)


if __name__ == "__main__":
    main()
