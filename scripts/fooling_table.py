"""What the tools of today make of projects that would fool a gate, and what the gates here do.

    python scripts/fooling_table.py [--only ROW] [--write FILE]

Each case is a small project. A tool (pytest-cov, coverage, pytest-benchmark, diff-cover; those
that are installed beside this package) runs on one copy of it, `pytest --spec-gates` on another, in
this run. The table is printed; with `--write` it is put into FILE between the comments
`<!-- table -->` and `<!-- end of table -->`. The numbers are those of tests/fooling. Needs git and
`pip install diff-cover`.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from fooling_cases import CASES, PYTEST, Case, Project

TOOLS = ("pytest", "pytest-cov", "coverage", "pytest-benchmark", "pytest-xdist", "diff-cover")


@dataclass(frozen=True)
class Found:
    case: Case
    theirs: int
    ours: int
    status: str
    sentence: str


def tried(case: Case, folder: Path) -> Found:
    """Both on copies of one project."""
    project = Project(folder / "project")
    project.root.mkdir(parents=True)
    case.prepare(project)
    copy = Project(folder / "copy")
    shutil.copytree(project.root, copy.root)
    theirs = case.theirs(project)
    if case.gates:
        copy.write("specs/x.spec.yaml", f"spec: x\ngates:\n  - id: g\n    {case.gates}\n")
    if case.merged:
        return merged(case, copy, theirs)
    ours = copy.run(*PYTEST, "--spec-gates", "--spec-gates-report=json:report.json", *case.ours)
    report = json.loads((copy.root / "report.json").read_text("utf-8"))
    gates = report["gates"]
    gate = next((g for g in gates if g["blocking"]), gates[0] if gates else None)
    if gate is None:
        raise RuntimeError((copy.root / "last-output.txt").read_text("utf-8"))
    return Found(case, theirs, ours, gate["status"], gate["sentence"])


def merged(case: Case, copy: Project, theirs: int) -> Found:
    files = []
    for place, *arguments in case.merged:
        assert copy.run(*PYTEST, "--spec-gates", f"--spec-gates-shard={place}", *arguments) == 0
        number, _, file = place.partition(":")
        files.append(file or f"specgates-shard-{number.replace('/', '-of-')}.json")
    command = (sys.executable, "-m", "pytest_specgates", "merge", *files)
    code = copy.run(*command, "--report=json:report.json")
    report = copy.root / "report.json"
    if not report.is_file():
        told = (copy.root / "last-output.txt").read_text("utf-8").splitlines()[0]
        return Found(case, theirs, code, "error", told)
    gate = json.loads(report.read_text("utf-8"))["gates"][0]
    return Found(case, theirs, code, gate["status"], gate["sentence"])


def verdict(code: int, should: str) -> str:
    shown = "passes" if code == 0 else "fails"
    is_wrong = (code == 0) != (should == "pass")
    return f"**{shown}** (exit {code})" if is_wrong else f"{shown} (exit {code})"


def versions() -> Iterator[str]:
    for tool in TOOLS:
        try:
            yield f"{tool} {version(tool)}"
        except PackageNotFoundError:
            continue


def table(found: Sequence[Found]) -> Iterator[str]:
    yield "| row | the way | tool | what it does | here |"
    yield "|---|---|---|---|---|"
    for one in found:
        case = one.case
        row = str(case.row) if case.row else "-"
        sentence = re.sub(r"/\S*/(copy|project)/", "", one.sentence).replace("|", "\\|")
        ours = f"{verdict(one.ours, case.should)}, {one.status}: {sentence[:150]}"
        theirs = verdict(one.theirs, case.should)
        yield f"| {row} | {case.way} | {case.tool} | {theirs} | {ours} |"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--only", type=int, metavar="ROW")
    parser.add_argument("--write", type=Path, metavar="FILE")
    asked = parser.parse_args(arguments)
    found = []
    for number, case in enumerate(CASES):
        if asked.only in (None, case.row):
            with tempfile.TemporaryDirectory() as folder:
                found.append(tried(case, Path(folder).resolve() / str(number)))
    wrong = [f for f in found if (f.theirs == 0) != (f.case.should == "pass")]
    ours = [f for f in found if (f.ours == 0) != (f.case.should == "pass")]
    made = [
        "Measured with Python "
        + ", ".join([sys.version.split()[0], *versions()])
        + f". The tools give the wrong verdict in {len(wrong)} of {len(found)} cases "
        + f"(in bold), the gates in {len(ours)}.",
        "",
        *table(found),
    ]
    print("\n".join(made))
    if asked.write:
        text = asked.write.read_text("utf-8")
        before, _, rest = text.partition("<!-- table -->\n")
        after = rest.partition("<!-- end of table -->")[2]
        lines = "\n".join(made)
        asked.write.write_text(
            f"{before}<!-- table -->\n{lines}\n<!-- end of table -->{after}", "utf-8"
        )
    return 1 if ours else 0


if __name__ == "__main__":
    sys.exit(main())
