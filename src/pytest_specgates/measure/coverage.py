"""`coverage`: of lines or branches, in total, per file or per directory.

Read through coverage's own API from this run's data. A file of the scope that was never
imported has no line covered; a scope without a statement is unmeasured.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from ..errors import ProbeError
from ..model import Check, Kind, Measurement, Metric, Surroundings, Value, absence
from . import paths
from .tests import incomplete

_WORST = 10
_UNNAMED = "**/*.py"


@dataclass(frozen=True, slots=True)
class FileCoverage:
    """Counts of one file; `missing` are line numbers; branches are None if not asked for."""

    name: str
    statements: int
    missing: tuple[int, ...]
    excluded: int
    branches: int = 0
    taken: int = 0


def probe(check: Check, around: Surroundings) -> Measurement:
    data = around.run.coverage
    if data.coverage is None:
        return absence(data.reason, data.next_step)
    gap = incomplete("", around)
    if gap:
        return absence(*gap)
    branch = check.metric == "branch coverage"
    if branch and not data.coverage.get_data().has_arcs():
        return absence(
            "branches were not measured", "run with --cov-branch, or leave coverage to the gates"
        )
    values: list[Value] = []
    evidence: list[str] = []
    missing: list[str] = []
    for subject in check.subject or (_UNNAMED,):
        names, omitted = files_of(subject, around)
        if names and not _was_asked_for(subject, names, around):
            return absence(
                f"{subject} was not measured: it is no source of --cov",
                "leave out --cov, or name it too",
            )
        files = [_file(name, around, branch) for name in names]
        if not files:
            why = f" ({omitted} omitted by the coverage configuration)" if omitted else ""
            return absence(f"no Python file matches {subject}{why}", "correct `of:` or `scope:`")
        for group, members in _groups(subject, files, check.options.get("per")):
            covered, total = _counts(members, branch)
            if total == 0 and check.options.get("per"):
                continue
            if total == 0:
                thing = "branch" if branch else "statement"
                hidden = sum(f.excluded for f in members)
                return absence(f"{group} has no {thing} to cover ({hidden} lines excluded)")
            values.append(Value(group, Fraction(covered * 100, total), samples=total))
        if not _any_measured(names, around):
            evidence.append(
                f"no test imported anything of {subject}: is an installed copy tested instead?"
            )
        excluded = sum(f.excluded for f in files)
        evidence.append(
            f"{subject}: {len(files)} files, {sum(f.statements for f in files)} statements, "
            f"{excluded} lines excluded" + (f", {omitted} files omitted" if omitted else "")
        )
        worst = sorted((f for f in files if f.missing), key=lambda f: (-len(f.missing), f.name))
        missing.extend(f"{f.name}: lines {ranges(f.missing)}" for f in worst[:_WORST])
    if not values:
        return absence(f"{', '.join(check.subject)}: no statement to cover")
    return Measurement(
        tuple(values),
        evidence=(*evidence, *missing[:_WORST]),
        next_step=f"cover {missing[0]}" if missing else "",
    )


def _any_measured(names: list[str], around: Surroundings) -> bool:
    measured = around.run.coverage.coverage.get_data().measured_files()
    wanted = {os.path.realpath(around.root / name) for name in names}
    return any(os.path.realpath(name) in wanted for name in measured)


def _was_asked_for(subject: str, names: list[str], around: Surroundings) -> bool:
    """Whether coverage was asked to measure the subject, so that silence means 0 %."""
    sources = around.run.coverage.coverage.get_option("run:source")
    if not isinstance(sources, list) or not sources or _any_measured(names, around):
        return True
    for source in sources:
        path = os.path.realpath(os.path.join(around.root, str(source)))
        if not os.path.exists(path):
            return True  # a package by its name: coverage knows where it is
        files = (os.path.realpath(around.root / name) for name in names)
        if any(file == path or file.startswith(path + os.sep) for file in files):
            return True
    return False


def files_of(subject: str, around: Surroundings) -> tuple[list[str], int]:
    """The Python files of a subject that the coverage configuration does not omit."""
    if subject == _UNNAMED:
        found = _unnamed_scope(around)
    else:
        found = [n for n in paths.matching(around.root, subject) if n.endswith(".py")]
    omit = _omit_matcher(around)
    kept = [name for name in found if omit is None or not omit.match(str(around.root / name))]
    return kept, len(found) - len(kept)


def _unnamed_scope(around: Surroundings) -> list[str]:
    """Where nobody named a scope: the code that was measured, without the tests, and all
    other code in the same top-level folders, imported or not."""
    root = os.path.realpath(around.root)
    measured = around.run.coverage.coverage.get_data().measured_files()
    relative = (os.path.relpath(os.path.realpath(name), root) for name in measured)
    names = {name.replace(os.sep, "/") for name in relative if not name.startswith("..")}
    test_files = {nodeid.partition("::")[0] for nodeid in around.run.results}
    test_folders = {name.partition("/")[0] for name in test_files if "/" in name}

    def is_test(name: str) -> bool:
        return name in test_files or name.partition("/")[0] in test_folders

    code = {name for name in names if not is_test(name) and not name.endswith("conftest.py")}
    for folder in {name.partition("/")[0] for name in code if "/" in name}:
        code.update(n for n in paths.matching(around.root, folder) if n.endswith(".py"))
    return sorted(code - test_files)


def _omit_matcher(around: Surroundings) -> Any:
    key = ("coverage", "omit")
    if key not in around.cache:
        from coverage.files import GlobMatcher, prep_patterns

        config = around.run.coverage.coverage
        patterns: list[str] = []
        for option in ("run:omit", "report:omit"):
            value = config.get_option(option)
            patterns.extend(value if isinstance(value, list) else [])
        prepared = prep_patterns(patterns)
        around.cache[key] = GlobMatcher(prepared, "specgates_omit") if prepared else None
    return around.cache[key]


def _file(name: str, around: Surroundings, branch: bool) -> FileCoverage:
    key = ("coverage", name, branch)
    known = around.cache.get(key)
    if isinstance(known, FileCoverage):
        return known
    from coverage.exceptions import CoverageException

    coverage = around.run.coverage.coverage
    path = str(around.root / name)
    try:
        _, statements, excluded, missing, _ = coverage.analysis2(path)
        stats = coverage.branch_stats(path) if branch else {}
    except CoverageException as error:
        raise ProbeError(f"{name}: {error}") from error
    made = FileCoverage(
        name,
        len(statements),
        tuple(missing),
        len(excluded),
        sum(total for total, _ in stats.values()),
        sum(taken for _, taken in stats.values()),
    )
    around.cache[key] = made
    return made


def _groups(
    subject: str, files: list[FileCoverage], per: str | None
) -> Iterable[tuple[str, list[FileCoverage]]]:
    if per == "file":
        return [(file.name, [file]) for file in files]
    if per == "directory":
        groups: dict[str, list[FileCoverage]] = {}
        for file in files:
            groups.setdefault(file.name.rpartition("/")[0] or ".", []).append(file)
        return sorted(groups.items())
    return [("what was measured" if subject == _UNNAMED else subject, files)]


def _counts(files: list[FileCoverage], branch: bool) -> tuple[int, int]:
    if branch:
        return sum(f.taken for f in files), sum(f.branches for f in files)
    total = sum(f.statements for f in files)
    return total - sum(len(f.missing) for f in files), total


def ranges(lines: tuple[int, ...]) -> str:
    """`3-5, 9`: at most twelve ranges, the rest counted."""
    made: list[list[int]] = []
    for line in lines:
        if made and line == made[-1][1] + 1:
            made[-1][1] = line
        else:
            made.append([line, line])
    shown = [str(a) if a == b else f"{a}-{b}" for a, b in made]
    more = f" and {len(shown) - 12} more ranges" if len(shown) > 12 else ""
    return ", ".join(shown[:12]) + more


KIND = Kind(
    name="coverage",
    summary="Lines (or branches) of a scope that this run's tests covered.",
    value={"type": "string"},
    metrics=(
        Metric(
            "line coverage",
            "percent",
            (">", ">=", "=="),
            words=("line", "lines", "coverage", "statement"),
        ),
        Metric("branch coverage", "percent", (">", ">=", "=="), words=("branch", "branches")),
    ),
    probe=probe,
    takes=("of", "per"),
    needs="run",
    scope_is_subject=True,
    example='`coverage: ">= 90%"` with `of: src/package`',
)
