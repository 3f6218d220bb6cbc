"""The coverage of changed lines over a real history: what diff-cover says, and what is said here.

    python scripts/diff_cover_table.py REPOSITORY --package src/click [--commits 50] [--tests tests]

REPOSITORY is cloned. For each of the last commits that change the package, its tests run once
with coverage; diff-cover and `of: changed` judge the commit against its parent by the same data.
The table has the commits of which they count other lines, and why. What the tests need has to be
installed, with `pip install diff-cover`.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import coverage

from pytest_specgates.measure.changed_lines import changed_lines, first_lines
from pytest_specgates.measure.coverage_report import analysed, statement_lines
from pytest_specgates.measure.git import find_base
from pytest_specgates.model import CoverageData, RunEvidence, Surroundings

WITHIN = "a change within a statement, which coverage counts at its first line"
OTHER = "not explained"


@dataclass(frozen=True)
class Judged:
    """The lines that are counted of each file: covered, and not covered."""

    covered: dict[str, frozenset[int]]
    missing: dict[str, frozenset[int]]

    def lines(self) -> set[tuple[str, int, bool]]:
        return {(n, line, True) for n, lines in self.covered.items() for line in lines} | {
            (n, line, False) for n, lines in self.missing.items() for line in lines
        }


def run(root: Path, *command: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(command, cwd=root, env=env, check=False, capture_output=True, text=True)


def git(root: Path, *arguments: str) -> str:
    done = run(root, "git", *arguments)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return done.stdout.strip()


def theirs(root: Path, parent: str) -> Judged:
    tool = str(Path(sys.executable).parent / "diff-cover")
    out = "json:diff-cover.json"
    done = run(root, tool, "coverage.xml", f"--compare-branch={parent}", "--format", out, "-q")
    if not (root / "diff-cover.json").is_file():
        raise RuntimeError(done.stdout + done.stderr)
    files = json.loads((root / "diff-cover.json").read_text("utf-8"))["src_stats"]
    return Judged(
        {name: frozenset(data["covered_lines"]) for name, data in files.items()},
        {name: frozenset(data["violation_lines"]) for name, data in files.items()},
    )


def ours(root: Path, parent: str, package: str) -> tuple[Judged, dict[str, frozenset[int]]]:
    """What is counted here, and the lines of the change."""
    os.chdir(root)  # where coverage looks for its configuration
    made = coverage.Coverage(data_file=str(root / ".coverage"), config_file=True)
    made.load()
    evidence = RunEvidence(coverage=CoverageData(coverage=made))
    around = Surroundings(root, run=evidence, base=lambda: find_base(root, parent))
    change = {
        name: lines
        for name, lines in changed_lines(around).items()
        if name.startswith(f"{package}/") and lines
    }
    covered, missing = {}, {}
    for file in analysed(sorted(change), around):
        whole = file.whole
        text = (root / whole.name).read_text("utf-8")
        counted = first_lines(text, change[whole.name], statement_lines(whole, around))
        missing[whole.name] = counted & frozenset(whole.missing)
        covered[whole.name] = counted - missing[whole.name]
    return Judged(covered, missing), change


def why(one: tuple[str, int, bool], is_ours: bool, change: dict[str, frozenset[int]]) -> str:
    name, line, _ = one
    return WITHIN if is_ours and line not in change.get(name, frozenset()) else OTHER


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("repository", type=Path)
    parser.add_argument("--package", required=True)
    parser.add_argument("--tests", default="tests")
    parser.add_argument("--commits", type=int, default=50)
    asked = parser.parse_args(arguments)
    reasons: Counter[str] = Counter()
    rows, same, lines = [], 0, Counter[str]()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder).resolve() / "project"
        git(Path(folder), "clone", "-q", str(asked.repository.resolve()), str(root))
        wanted = ("log", "--no-merges", f"-{asked.commits * 3}", "--format=%H")
        seen = 0
        for commit in git(root, *wanted, "--", f"{asked.package}/*.py").split():
            if seen == asked.commits:
                break
            git(root, "checkout", "-q", "--force", "--detach", commit)
            git(root, "clean", "-q", "-fdx")
            parent = git(root, "rev-parse", f"{commit}^")
            quiet = ("-q", "-p", "no:specgates", "-p", "no:randomly", "-p", "no:cacheprovider")
            report = (f"--cov={asked.package}", "--cov-report=xml")
            run(root, sys.executable, "-m", "pytest", *quiet, *report, asked.tests)
            if not (root / "coverage.xml").is_file():
                continue
            seen += 1
            there, (here, change) = theirs(root, parent), ours(root, parent, asked.package)
            mine, other = here.lines(), there.lines()
            lines.update(ours=len(mine), theirs=len(other))
            if mine == other:
                same += 1
                continue
            apart = [(one, True) for one in mine - other] + [(one, False) for one in other - mine]
            found = Counter(why(one, is_ours, change) for one, is_ours in apart)
            for (name, line, _), is_ours in sorted(apart):
                if why((name, line, False), is_ours, change) == OTHER:
                    who = "only here" if is_ours else "only diff-cover"
                    print(f"{commit[:10]} {name}:{line} {who}", file=sys.stderr)
            reasons.update(found)
            told = "; ".join(f"{count} x {reason}" for reason, count in sorted(found.items()))
            rows.append(f"| {commit[:10]} | {len(other)} | {len(mine)} | {told} |")
    print(f"{seen} commits, {same} with the same lines; {lines['theirs']} lines counted by")
    print(f"diff-cover, {lines['ours']} here. Differences: {dict(reasons) or 'none'}\n")
    print("| commit | diff-cover | here | lines that differ |\n|---|---|---|---|")
    print("\n".join(rows))
    return 1 if reasons[OTHER] else 0


if __name__ == "__main__":
    sys.exit(main())
