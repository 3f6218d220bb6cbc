"""The numbers of coverage gates on real packages, by those of `coverage json` on the same data.

    python scripts/coverage_packages.py [NAME...]

The source of each package is downloaded and installed, with what its tests need, in a virtual
environment of its own. Its own suite runs, alone and with two workers, with gates on lines and
branches: in total, per file, per directory, and the count of what is not covered. Then `coverage
json` reads the data that this very run left, by the package's own configuration. Exit code 1 if
any number of any file differs. The packages are those that PACKAGES has.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tarfile
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent.parent
RUNS: tuple[tuple[str, tuple[str, ...]], ...] = (("alone", ()), ("`-n 2`", ("-n", "2")))


@dataclass(frozen=True)
class Package:
    """A release with its tests in it. `scope` is the folder of its code, `needs` what its tests
    import; with `branches` gates ask for branches too."""

    release: str
    scope: str
    needs: tuple[str, ...] = ()
    branches: bool = True

    @property
    def name(self) -> str:
        return self.release.partition("==")[0]


PACKAGES = {
    package.name: package
    for package in (
        # Small, lines only. Its tests lie within it, and are omitted.
        Package("toolz==1.2.0", "toolz", branches=False),
        # Nothing is configured: the gates switch everything on.
        Package("markdown-it-py==4.3.0", "markdown_it", ("pytest-regressions", "pytest-timeout")),
        # `parallel`, `patch = subprocess`, `source_pkgs` and patterns of excluded lines.
        Package("attrs==26.1.0", "src", ("cloudpickle", "hypothesis", "pympler")),
        # Large; pytest itself imports some of it, before coverage begins.
        Package("pygments==2.21.0", "pygments", ("wcag-contrast-ratio",)),
    )
}


@dataclass(frozen=True)
class Compared:
    """What one run came to. `differences` are texts, and `differing` the files they are of."""

    tests: int
    totals: Mapping[str, Any]
    here: Fraction
    differing: int
    differences: tuple[str, ...]


def run(root: Path, *command: str, fine: Sequence[int] = (0,)) -> str:
    """The output of a command. Raises RuntimeError where it ends with another exit code."""
    # What is set for the tests of somebody else is not for these.
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST", "COV", "PYTHON"))}
    done = subprocess.run(
        command, cwd=root, env=kept, check=False, capture_output=True, text=True, errors="replace"
    )
    if done.returncode not in fine:
        raise RuntimeError(f"{' '.join(command)}\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}")
    return done.stdout


def source_of(package: Package, folder: Path) -> Path:
    """The folder of the package's source, as its release has it."""
    pip = (sys.executable, "-m", "pip", "download", "--quiet", "--no-deps")
    run(folder, *pip, "--no-binary", package.name, "--dest", str(folder), package.release)
    (archive,) = folder.glob("*.tar.gz")
    with tarfile.open(archive) as packed:
        packed.extractall(folder / "source", filter="data")
    (root,) = (folder / "source").iterdir()
    return root


def environment(package: Package, folder: Path, root: Path) -> str:
    """The Python of a new environment, in which the package is its source."""
    run(folder, sys.executable, "-m", "venv", str(folder / "venv"))
    python = str(folder / "venv" / "bin" / "python")
    wanted = (str(HERE), "pytest-cov", "pytest-xdist", *package.needs)
    run(folder, python, "-m", "pip", "install", "--quiet", *wanted, "-e", str(root))
    return python


def spec(package: Package) -> str:
    lines = ["tests: all pass", *_gates("line", "uncovered lines", package.scope)]
    if package.branches:
        lines += _gates("branch", "uncovered branches", package.scope)
    return "spec: same\ngates:\n" + "".join(f"  - {{{line}}}\n" for line in lines)


def _gates(metric: str, count: str, scope: str) -> Iterator[str]:
    for per in ("", "file", "directory"):
        each = f", per: {per}" if per else ""
        name = f"{metric}-{per or 'total'}"
        yield f"id: {name}, coverage: {metric} >= 1%, of: {scope}{each}"
    yield f"id: {metric}-count, coverage: {count} <= 1, of: {scope}"


def compared(package: Package, python: str, root: Path, options: Sequence[str]) -> Compared:
    """Run the suite, and hold the gates against what coverage tells of the same data."""
    report = root / "specgates.json"
    report.unlink(missing_ok=True)
    gates = ("--spec-gates", f"--spec-gates-report=json:{report}")
    shown = run(root, python, "-m", "pytest", "-q", *gates, *options, fine=(0, 1))
    if not report.is_file():
        raise RuntimeError(shown[-4000:])
    here = json.loads(report.read_text("utf-8"))
    out = root / "coverage-here.json"
    only = (f"--include={package.scope}/*", "--fail-under=0")
    run(root, python, "-m", "coverage", "json", "-q", "-o", str(out), *only)
    there = json.loads(out.read_text("utf-8"))
    values = dict(_values(here))
    differences = [*_of_files(here, there), *_of_gates(values, there, package)]
    (tests,) = values.pop("tests-all-pass").values()
    totals = there["totals"]
    return Compared(
        int(tests["samples"]),
        {**totals, "files": len(there["files"])},
        _number(next(iter(values["line-total"].values()))),
        len({name for name, _ in differences}),
        tuple(f"{name}: {told}" for name, told in differences),
    )


def _values(report: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The measured values of each gate, by what they are of."""
    for gate in report["gates"]:
        (check,) = gate["checks"]
        values = check["measurement"]["values"]
        if not values:
            raise RuntimeError(f"{gate['nodeid']}: {gate['sentence']}")
        name = gate["nodeid"].rpartition("::")[2]
        yield name, {value["subject"]: value for value in values}


def _of_files(here: Mapping[str, Any], there: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Each file whose lines or branches are others."""
    mine = {file["path"]: file for file in here["coverage"]}
    for name in sorted(mine.keys() | there["files"].keys()):
        if name not in mine or name not in there["files"]:
            yield name, "only here" if name in mine else "only in coverage json"
            continue
        file, other = mine[name], there["files"][name]
        summary = other["summary"]
        pairs = {
            "statements": (file["statements"], summary["num_statements"]),
            "missing lines": (file["missing"], other["missing_lines"]),
            "excluded lines": (file["excluded"], other["excluded_lines"]),
            "branches": (file["branches"], summary.get("num_branches", 0)),
            "missing branches": (file["missing_branches"], other.get("missing_branches", [])),
        }
        for what, (one, two) in pairs.items():
            if one != two:
                yield name, f"{what}: {one} here, {two} in coverage json"


def _of_gates(
    values: Mapping[str, Mapping[str, Any]], there: Mapping[str, Any], package: Package
) -> Iterator[tuple[str, str]]:
    """Each value that a gate was judged by and that coverage has another number for."""
    files = {name: file["summary"] for name, file in there["files"].items()}
    folders: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for name, summary in files.items():
        folders[name.rpartition("/")[0]].append(summary)
    groups = {
        "total": {package.scope: [there["totals"]]},
        "file": {name: [summary] for name, summary in files.items()},
        "directory": folders,
    }
    metrics = {"line": ("num_statements", "missing_lines")}
    if package.branches:
        metrics["branch"] = ("num_branches", "missing_branches")
    for metric, (of, without) in metrics.items():
        for per, parts in groups.items():
            # What has nothing to cover is left out of both.
            wanted = {
                name: Fraction((whole - sum(s[without] for s in parts[name])) * 100, whole)
                for name in parts
                if (whole := sum(s[of] for s in parts[name]))
            }
            found = {name: _number(v) for name, v in values[f"{metric}-{per}"].items()}
            for name in sorted(wanted.keys() | found.keys()):
                if found.get(name) != wanted.get(name):
                    told = f"{found.get(name)} here, {wanted.get(name)} in coverage json"
                    yield name, f"{metric} coverage: {told}"
        (count,) = values[f"{metric}-count"].values()
        if count["value"] != there["totals"][without]:
            told = f"{count['value']} here, {there['totals'][without]} in coverage json"
            yield package.scope, f"uncovered ({metric}): {told}"


def _number(value: Mapping[str, Any]) -> Fraction:
    return Fraction(value.get("exact") or value["value"])


def row(package: Package, label: str, found: Compared) -> str:
    totals = found.totals
    covered = Fraction((totals["num_statements"] - totals["missing_lines"]) * 100)
    name, _, version = package.release.partition("==")
    cells = (
        *(name, version, label, totals["files"], totals["num_statements"]),
        *(totals.get("num_branches", "-"), found.tests, found.differing),
        *(_percent(found.here), _percent(covered / totals["num_statements"])),
    )
    return "| " + " | ".join(map(str, cells)) + " |"


def _percent(number: Fraction) -> str:
    return f"{float(number):.4f} %"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(PACKAGES))
    asked = parser.parse_args(arguments)
    unknown = [name for name in asked.names if name not in PACKAGES]
    if unknown:
        parser.error(f"not in PACKAGES: {', '.join(unknown)}")
    head = (
        *("package", "version", "run", "files", "statements", "branches", "tests"),
        *("files that differ", "lines covered, here", "by coverage json"),
    )
    print("| " + " | ".join(head) + " |\n|" + "---|" * len(head), flush=True)
    differences = []
    for name in asked.names or PACKAGES:
        package = PACKAGES[name]
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place).resolve()
            root = source_of(package, folder)
            python = environment(package, folder, root)
            (root / "specs").mkdir(exist_ok=True)
            (root / "specs" / "same.spec.yaml").write_text(spec(package), "utf-8")
            for label, options in RUNS:
                found = compared(package, python, root, options)
                print(row(package, label, found), flush=True)
                differences += [f"{name}, {label}: {told}" for told in found.differences]
    print("\n" + "\n".join(differences or ["No file differs."]))
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
