"""How often a regression gate accuses what is the same, and finds what is slower.

    python benchmarks/regression_power.py [--same 200] [--slower 75] [--compare 20] [--quiet]

Three functions (about 10 us, 1 ms and 20 ms), in a git repository of its own: the base, and a
change that does 0, 5, 10 or 20 % more of the same work. Each trial is one measurement as a gate
`regression: latency <= base + 2.5 %` makes it, while another process is busy now and then.
`--compare` trials of two runs of pytest-benchmark with `--benchmark-compare-fail` stand beside
them. Prints tables; exit code 1 where a figure misses what is promised.
"""

from __future__ import annotations

import argparse
import contextlib
import multiprocessing
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from pytest_specgates.adapter import side_by_side, trees
from pytest_specgates.judge.sequential import decision, greatest

LEVELS = (0, 5, 10, 20)
SIZES = {"10 us": 140, "1 ms": 14_000, "20 ms": 280_000}
LIMIT = greatest(2.5)
CODE = """
def work(n):
    total = 0
    for i in range(n):
        total += i * i % 7
    return total
"""


@dataclass
class Row:
    """The trials of one function and one level."""

    outcomes: Counter[str] = field(default_factory=Counter)
    pairs: list[int] = field(default_factory=list)


def git(root: Path, *arguments: str) -> None:
    who = ("-c", "user.name=t", "-c", "user.email=t@example.org")
    subprocess.run(["git", *who, *arguments], cwd=root, check=True, capture_output=True)


def write(root: Path, level: int) -> None:
    """The tree of a change that does so many per cent more."""
    tests = ["import work\n"]
    for name, size in SIZES.items():
        calls = f"work.{_function(name)}"
        tests.append(f"def test_{_function(name)}(benchmark):\n    benchmark({calls})\n")
        more = size * (100 + level) // 100
        (root / "src").mkdir(exist_ok=True)
        with (root / "src/work.py").open("a" if name != "10 us" else "w") as file:
            file.write(CODE if name == "10 us" else "")
            file.write(f"\n\ndef {_function(name)}():\n    return work({more})\n")
    (root / "tests").mkdir(exist_ok=True)
    (root / "tests/test_speed.py").write_text("\n".join(tests))
    (root / "pytest.ini").write_text("[pytest]\ntestpaths = tests\npythonpath = src\n")


def _function(name: str) -> str:
    return "f_" + name.replace(" ", "_")


def node_ids() -> dict[str, str]:
    return {f"tests/test_speed.py::test_{_function(name)}": name for name in SIZES}


def trial(root: Path) -> tuple[dict[str, tuple[str, int]], float]:
    """The decision and the number of pairs of each function, and the seconds of all."""
    option = SimpleNamespace(override_ini=None, plugins=None, no_cov=True)
    config: Any = SimpleNamespace(
        rootpath=root,
        inipath=root / "pytest.ini",
        option=option,
        get_verbosity=lambda: -1,  # no line of progress
    )
    started = time.monotonic()
    with trees.both(root, "main", []) as both:
        found = side_by_side.measure(config, both, {one: [LIMIT] for one in node_ids()})
    seconds = time.monotonic() - started
    told: dict[str, tuple[str, int]] = {}
    for nodeid, name in node_ids().items():
        one = found[nodeid]
        if one.reason:
            raise RuntimeError(one.reason)
        told[name] = decision(one.pairs, LIMIT), len(one.pairs)
    return told, seconds


def _noise(seed: int) -> None:
    """Busy for a while, and quiet for a while, for ever."""
    draw = random.Random(seed)
    while True:
        end = time.monotonic() + draw.expovariate(1 / 0.4)
        while time.monotonic() < end:
            sum(range(1_000))
        time.sleep(draw.expovariate(1 / 0.8))


@contextlib.contextmanager
def noise(is_on: bool) -> Iterator[None]:
    made = multiprocessing.Process(target=_noise, args=(7,), daemon=True)
    if is_on:
        made.start()
    try:
        yield
    finally:
        if is_on:
            made.kill()


def compared(root: Path, level: int, trials: int) -> Counter[str]:
    """How often `--benchmark-compare-fail=mean:5%` accuses each function."""
    failed: Counter[str] = Counter()
    for _ in range(trials):
        with tempfile.TemporaryDirectory() as store:
            base = [sys.executable, "-m", "pytest", "-q", "-p", "no:randomly", "--no-cov"]
            base.append(f"--benchmark-storage=file://{store}")
            write(root, 0)
            _run(root, *base, "--benchmark-autosave")
            write(root, level)
            options = ("--benchmark-compare", "--benchmark-compare-fail=mean:5%")
            told = _run(root, *base, *options)
            for name in SIZES:
                failed[name] += f"test_{_function(name)}" in _regressed(told)
    return failed


def _run(root: Path, *command: str) -> str:
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


def _regressed(output: str) -> str:
    """The lines that name what was accused."""
    return "\n".join(line for line in output.splitlines() if " - Field " in line)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--same", type=int, default=200, help="trials of no change")
    parser.add_argument("--slower", type=int, default=75, help="trials of each slower change")
    parser.add_argument("--compare", type=int, default=0, help="trials of pytest-benchmark")
    parser.add_argument("--quiet", action="store_true", help="no other process is busy")
    asked = parser.parse_args(arguments)
    rows = {(name, level): Row() for name in SIZES for level in LEVELS}
    seconds: list[float] = []
    order = [0] * asked.same + [level for level in LEVELS[1:] for _ in range(asked.slower)]
    random.Random(3).shuffle(order)
    with tempfile.TemporaryDirectory() as folder, noise(not asked.quiet):
        root = Path(folder).resolve()
        write(root, 0)
        git(root, "init", "-q", "-b", "main")
        git(root, "add", "-A")
        git(root, "commit", "-q", "-m", "base")
        for level in order:
            write(root, level)
            told, spent = trial(root)
            seconds.append(spent)
            print(f"{level} %: {told}, {spent:.1f} s", file=sys.stderr, flush=True)
            for name, (outcome, pairs) in told.items():
                rows[name, level].outcomes[outcome] += 1
                rows[name, level].pairs.append(pairs)
        print(f"{len(order)} trials, {sum(seconds) / max(1, len(seconds)):.2f} s each for")
        print(f"{len(SIZES)} benchmarks ({max(seconds, default=0):.1f} s the longest)\n")
        print("| function | slower by | trials | accused | let through | undecided | pairs |")
        print("|---|---|---|---|---|---|---|")
        for (name, level), row in rows.items():
            count = max(1, sum(row.outcomes.values()))
            parts = (row.outcomes[one] for one in ("misses", "holds", "undecided"))
            cells = " | ".join(f"{part} ({part / count:.1%})" for part in parts)
            mean = sum(row.pairs) / max(1, len(row.pairs))
            print(f"| {name} | {level} % | {count} | {cells} | {mean:.1f} |")
        if asked.compare:
            print("\n| `--benchmark-compare-fail=mean:5%` | " + " | ".join(SIZES) + " |")
            print("|---" * (len(SIZES) + 1) + "|")
            for level in LEVELS:
                failed = compared(root, level, asked.compare)
                cells = " | ".join(f"{failed[name]} of {asked.compare}" for name in SIZES)
                print(f"| {level} % slower | {cells} |")
    return _missed(rows)


def _missed(rows: dict[tuple[str, int], Row]) -> int:
    """1 where the rule does not keep what it promises."""
    for (_, level), row in rows.items():
        count = sum(row.outcomes.values())
        accused = row.outcomes["misses"] / count if count else 0
        least = {0: 0, 5: 0.97, 10: 0.995, 20: 0.995}[level]
        if count and (accused < least or (level == 0 and accused > 0.01)):
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
