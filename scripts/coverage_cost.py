"""What the coverage gates cost, by the cost of one `coverage json` on the same data.

    python scripts/coverage_cost.py [--files N] [--lines N] [--rounds N]

Makes a tree of N files, with N statements each, of which a part is covered, with branches. Then, in
turn and several times, `coverage json` is called in this process, and 1, 10 and 1,000 gates are
measured, each set with fresh data. CPU seconds; the shortest of the rounds.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import coverage

from pytest_specgates import pipeline
from pytest_specgates.model import CoverageData, RunEvidence, Surroundings

SHARE = 3
"""Of so many files each second one is executed, and the last one never imported."""


def tree(root: Path, files: int, lines: int) -> None:
    for number in range(files):
        folder = root / "src" / f"package{number // 20:03}"
        folder.mkdir(parents=True, exist_ok=True)
        text = []
        for function in range(lines // 10):
            text += [
                f"def function{function}(value, other={function}):",
                "    found = 0",
                "    for one in value:",
                "        if one > other:",
                "            found += one",
                "        elif one == 0:",
                "            continue",
                "        else:",
                "            found -= 1",
                "    result = (found,",
                "        other)",
                "    return result",
                "",
            ]
        (folder / f"module{number:04}.py").write_text("\n".join(text), "utf-8")


def data_of(root: Path, files: int) -> None:
    """The data of a run in which two of three files were executed, each of them by half."""
    data = coverage.CoverageData(basename=str(root / ".coverage"))
    arcs: dict[str, Any] = {}
    for number in range(files):
        if number % SHARE == 0:
            continue
        name = root / "src" / f"package{number // 20:03}" / f"module{number:04}.py"
        count = name.read_text("utf-8").count("\n")
        arcs[str(name)] = [(n, n + 1) for n in range(1, count // 2)]
    data.add_arcs(arcs)
    # As coverage does at the end of a run with a source: files that nobody imported are known.
    data.touch_files([str(name) for name in sorted((root / "src").rglob("*.py"))])
    data.write()


def loaded(root: Path) -> coverage.Coverage:
    made = coverage.Coverage(
        data_file=str(root / ".coverage"),
        config_file=False,
        source=[str(root / "src")],
        branch=True,
    )
    made.load()
    return made


def json_report(root: Path) -> None:
    loaded(root).json_report(outfile=str(root / "coverage.json"))


def gates(count: int, files: int) -> Callable[[Path], None]:
    folders = max(1, files // 20)
    text = "".join(
        f"  - {{coverage: '{'branch ' if n % 3 else ''}>= {n % 90 + 1}%', "
        f"of: src/package{n % folders:03}, per: {'file' if n % 2 else 'directory'}}}\n"
        for n in range(count - 1)
    )
    whole = "  - {coverage: '>= 90%', of: src}\n"
    texts = {"x.spec.yaml": f"spec: x\ngates:\n{whole}{text}"}
    known = pipeline.kinds(third_party=False)
    every = pipeline.load(texts, known).files["x.spec.yaml"].gates
    assert len(every) == count

    def measure(root: Path) -> None:
        run = RunEvidence(roots=(".",), coverage=CoverageData(coverage=loaded(root)))
        verdicts = pipeline.judge_all(every, known, Surroundings(root, run=run), "pre-merge")
        assert {v.status for v in verdicts.values()} <= {"passed", "failed"}

    return measure


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--files", type=int, default=2000)
    parser.add_argument("--lines", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder).resolve()
        tree(root, asked.files, asked.lines)
        data_of(root, asked.files)
        os.chdir(root)
        work: dict[str, Callable[[Path], None]] = {"coverage json": json_report}
        work |= {f"{n} gates": gates(n, asked.files) for n in (1, 10, 1000)}
        best = dict.fromkeys(work, float("inf"))
        for _ in range(asked.rounds):
            for name, call in work.items():
                began = time.process_time()
                call(root)
                best[name] = min(best[name], time.process_time() - began)
    unit = best["coverage json"]
    for name, seconds in best.items():
        print(f"{name:>14}: {seconds:7.2f} s  {seconds / unit:5.2f} x")


if __name__ == "__main__":
    main()
