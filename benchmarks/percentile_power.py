"""How often a latency gate passes what is over its limit: by the samples' own p95, and here.

    python benchmarks/percentile_power.py [--trials 2000]

Samples are drawn from log-normal times (sigma 0.5) whose true p95 is a tenth over the limit, and a
tenth and a third under it. Prints a table; exit code 1 if a gate here is wrong in more than 6 %.
"""

from __future__ import annotations

import argparse
import math
import random
import sys
from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from math import exp
from pathlib import Path

from pytest_specgates.judge.compare import compare
from pytest_specgates.measure.benchmarks import probe
from pytest_specgates.model import (
    Check,
    Quantity,
    RunEvidence,
    Samples,
    Surroundings,
    TestRef,
    TestResult,
)

COUNTS = (5, 20, 50, 100, 300, 1_000)
SIGMA = 0.5
P95 = exp(SIGMA * 1.6448536269514722)
TRUTHS = {"a tenth over": 1.1, "a tenth under": 0.9, "a third under": 0.67}


def here(samples: Sequence[float], limit: Fraction) -> str:
    """The verdict of the gate `latency: p95 < limit`, by its own probe and comparison."""
    ref = TestRef("t", is_benchmark=True)
    run = RunEvidence(
        results={"t": TestResult(ref, "passed")},
        collected=frozenset(("t",)),
        roots=(".",),
        samples={"t": Samples(tuple(samples))},
    )
    check = Check("latency", "latency", "<", Quantity(limit, "s", "limit"), "p95")
    around = Surroundings(root=Path(), run=run)
    return compare(check, probe(check, around)).status


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--trials", type=int, default=2_000)
    trials = parser.parse_args(arguments).trials
    draw = random.Random(20_261_126)
    is_wrong = False
    print("| samples | true p95 | passes by their own p95 | passed here | failed | unmeasured |")
    print("|---|---|---|---|---|---|")
    for count in COUNTS:
        for name, factor in TRUTHS.items():
            limit = Fraction(P95 / factor)
            naive, ours = 0, Counter[str]()
            for _ in range(trials):
                samples = [draw.lognormvariate(0, SIGMA) for _ in range(count)]
                naive += sorted(samples)[math.ceil(0.95 * len(samples)) - 1] < limit
                ours[here(samples, limit)] += 1
            wrong = ours["passed"] if factor > 1 else ours["failed"]
            is_wrong = is_wrong or wrong > trials * 0.06
            parts = (f"{ours[one] / trials:.1%}" for one in ("passed", "failed", "unmeasured"))
            print(f"| {count:,} | {name} | {naive / trials:.1%} | {' | '.join(parts)} |")
    return int(is_wrong)


if __name__ == "__main__":
    sys.exit(main())
