"""What gates on a function of 1 ms add to a run.

    python benchmarks/gate_cost.py [--rounds 7] [--benchmarks 1] [--only TEXT]

A project with benchmarks, in a git repository, of which a change differs from its base. Each
round runs pytest without gates and with one gate, by turns. Prints the median of the differences.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

CODE = """
def work(n=14_000):
    total = 0
    for i in range(n):
        total += i * i % 7
    return total
"""
TEST = """
import pytest
import work

@pytest.mark.parametrize("number", range({benchmarks}))
def test_work(benchmark, number):
    benchmark(work.work)
"""
GATES = {
    "latency: median < 1 s": "latency: median < 1 s",
    "latency: p95 < 1 s": "latency: p95 < 1 s",
    "latency: p99 < 1 s": "latency: p99 < 1 s",
    "regression: latency <= base + 5 %": "regression: latency <= base + 5 %",
    "memory: peak < 1 GiB": "memory: peak < 1 GiB",
    "regression: memory <= base + 10 %, by: tracemalloc": (
        "regression: memory <= base + 10 %\n    by: tracemalloc"
    ),
}


def git(root: Path, *arguments: str) -> None:
    who = ("-c", "user.name=t", "-c", "user.email=t@example.org")
    subprocess.run(["git", *who, *arguments], cwd=root, check=True, capture_output=True)


def made(root: Path, benchmarks: int) -> None:
    (root / "src").mkdir()
    (root / "tests").mkdir()
    (root / "specs").mkdir()
    (root / "src/work.py").write_text(CODE)
    (root / "tests/test_work.py").write_text(TEST.format(benchmarks=benchmarks))
    (root / "pytest.ini").write_text("[pytest]\ntestpaths = tests\npythonpath = src\n")
    (root / ".gitignore").write_text("__pycache__\n")
    git(root, "init", "-q", "-b", "main")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "base")
    git(root, "checkout", "-q", "-b", "work")
    (root / "src/work.py").write_text(CODE + "\n")


def seconds(root: Path, gate: str, workers: Sequence[str]) -> float:
    text = f"spec: x\ngates:\n  - {gate}\n    of: tests/test_work.py\n"
    (root / "specs/x.spec.yaml").write_text(text)
    command = [sys.executable, "-m", "pytest", "-q", *workers, *(["--spec-gates"] if gate else [])]
    started = time.perf_counter()
    done = subprocess.run(command, cwd=root, capture_output=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stdout.decode())
    return time.perf_counter() - started


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--benchmarks", type=int, default=1)
    parser.add_argument("--only", default="", help="the gates that have this in their text")
    given = parser.parse_args(arguments)
    print("| gate | adds | with `-n 2` |")
    print("|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder).resolve()
        made(root, given.benchmarks)
        for name, gate in GATES.items():
            if given.only not in name:
                continue
            cells = []
            for workers in ((), ("-n", "2")):
                seconds(root, gate, workers)
                found = [
                    seconds(root, gate, workers) - seconds(root, "", workers)
                    for _ in range(given.rounds)
                ]
                cells.append(f"{median(found):.2f} s")
            print(f"| `{name}` | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
