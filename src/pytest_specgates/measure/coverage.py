"""`coverage`: of lines or branches, in total, per file, directory, function or class, of a change.

Read from coverage's own report of this run's data. A file of the scope that was never
imported has no line covered; a scope without a statement is unmeasured.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from ..model import Check, FileCoverage, Kind, Measurement, Metric, Surroundings, Value, absence
from ..ranges import arcs, ranges
from .changed_lines import changed_lines, first_lines
from .coverage_contexts import contexts
from .coverage_report import Analysed, analysed, statement_lines
from .coverage_scope import (
    OF_BRANCHES,
    UNNAMED,
    any_measured,
    changed_scope,
    files_of,
    was_asked_for,
)
from .processes import measure_by_configuration
from .tests import incomplete

_WORST = 10


@dataclass(frozen=True, slots=True)
class _Group:
    """What is judged as one value."""

    name: str
    members: Sequence[FileCoverage]


@dataclass(frozen=True, slots=True)
class _Scope:
    """What a subject comes to. `absent` is there where nothing can be said of it."""

    groups: Sequence[_Group] = ()
    evidence: str = ""
    absent: Measurement | None = None


def probe(check: Check, around: Surroundings) -> Measurement:
    data = around.run.coverage
    if data.coverage is None:
        return absence(data.reason, data.next_step)
    gap = incomplete("", around)
    if gap:
        return absence(*gap)
    of_branches = check.metric in OF_BRANCHES
    if of_branches and not data.coverage.get_data().has_arcs():
        return _no_branches(data.coverage)
    by = contexts(str(check.options.get("by", "")), around)
    if isinstance(by, Measurement):
        return by
    values: list[Value] = []
    evidence: list[str] = []
    seen: dict[str, FileCoverage] = {}
    for subject in check.subject or (UNNAMED,):
        scope = _scope(subject, check, around, by)
        if scope.absent is not None:
            return scope.absent
        evidence.append(scope.evidence)
        for group in scope.groups:
            value = _value(group, check.metric)
            if value is None and check.options.get("per"):
                continue
            if value is None:
                thing = "branch" if of_branches else "statement"
                hidden = sum(len(one.excluded) for one in group.members)
                return absence(f"{group.name} has no {thing} to cover ({hidden} lines excluded)")
            values.append(value)
            seen.update((one.name, one) for one in group.members)
    if not values:
        return absence(f"{', '.join(check.subject)}: no statement to cover")
    missing = _worst(list(seen.values()), of_branches)
    return Measurement(
        tuple(values),
        evidence=(*evidence, *missing),
        next_step=f"cover {missing[0]}" if missing else "",
    )


def _no_branches(coverage: Any) -> Measurement:
    if coverage.get_option("run:branch"):
        return absence(
            "coverage has no data: no test ran any code of its sources",
            "see whether an installed copy is tested, or code in processes that coverage "
            "is not configured to measure",
        )
    if measure_by_configuration(coverage):
        # --cov-branch would end the run: the processes do not know of it.
        return absence(
            "branches were not measured: processes measure by the configuration of coverage",
            "set `branch = true` in it",
        )
    return absence(
        "branches were not measured", "run with --cov-branch, or leave coverage to the gates"
    )


def _scope(subject: str, check: Check, around: Surroundings, by: str) -> _Scope:
    part = changed_scope(subject)
    if part is not None:
        return _of_change(subject, part, check, around, by)
    names = files_of(subject, around)
    if names and not was_asked_for(names, around):
        return _Scope(
            absent=absence(
                f"{subject} was not measured: it is no source of --cov",
                "leave out --cov, or name it too",
            )
        )
    files = _files(names, around, by)
    omitted = len(names) - len(files)
    if not files:
        why = f" ({omitted} omitted by the coverage configuration)" if omitted else ""
        return _Scope(
            absent=absence(f"no Python file matches {subject}{why}", "correct `of:` or `scope:`")
        )
    wholes = [file.whole for file in files]
    told = (
        f"{subject}: {len(files)} files, {sum(one.statements for one in wholes)} statements, "
        f"{sum(len(one.excluded) for one in wholes)} lines excluded"
        + (f", {omitted} files omitted" if omitted else "")
    )
    if not any_measured(names, around):
        told += f"; no test imported anything of {subject}: is an installed copy tested instead?"
    shown = "what was measured" if subject == UNNAMED else subject
    return _grouped(shown, files, check.options.get("per"), told)


def _files(names: Sequence[str], around: Surroundings, by: str) -> list[Analysed]:
    """The files, with what the contexts covered. What runs when a file is imported belongs to no
    test; it counts for those that go on to use the file."""
    if not by:
        return analysed(names, around)
    used = {one.whole.name for one in analysed(names, around, by) if one.whole.executed}
    with_import = analysed([name for name in names if name in used], around, f"{by}|^$")
    unused = analysed([name for name in names if name not in used], around, by)
    return sorted((*with_import, *unused), key=lambda one: one.whole.name)


def _grouped(shown: str, files: Sequence[Analysed], per: str | None, told: str) -> _Scope:
    if per in ("function", "class"):
        is_function = per == "function"
        parts = [p for file in files for p in (file.functions if is_function else file.classes)]
        if not parts:
            return _Scope(
                absent=absence(
                    f"{shown}: coverage tells no {per}",
                    f"correct `of:`, or take a version of coverage that tells each {per}",
                )
            )
        return _Scope([_Group(part.name, (part,)) for part in parts], told)
    wholes = [file.whole for file in files]
    if per == "file":
        return _Scope([_Group(one.name, (one,)) for one in wholes], told)
    if per == "directory":
        folders: dict[str, list[FileCoverage]] = {}
        for one in wholes:
            folders.setdefault(one.name.rpartition("/")[0] or ".", []).append(one)
        return _Scope([_Group(name, members) for name, members in sorted(folders.items())], told)
    return _Scope([_Group(shown, wholes)], told)


def _of_change(subject: str, part: str, check: Check, around: Surroundings, by: str) -> _Scope:
    """The statements of a scope that differ from the base."""
    base = around.base()
    if base.reason:
        step = "name the base with --spec-gates-base=REF (in CI: fetch its history too)"
        return _Scope(absent=absence(base.reason, step))
    against = f"{base.ref} ({base.commit[:10]})"
    of_change = changed_lines(around)
    inside = [n for n in files_of(part, around) if of_change.get(n)]
    if not inside:
        where = "no Python file" if part == UNNAMED else f"no Python file of {part}"
        told = f"{where} differs from {against}"
        return _Scope(absent=absence(told, status="not-applicable"))
    if not was_asked_for(inside, around):
        return _Scope(
            absent=absence(
                f"{inside[0]} has changed and was not measured: it is no source of --cov",
                "leave out --cov, or name it too",
            )
        )
    narrowed = [_changed_part(f.whole, of_change, around) for f in _files(inside, around, by)]
    lines = sum(len(of_change[name]) for name in inside)
    statements = sum(one.statements for one in narrowed)
    differ = f"{lines} lines of {len(inside)} files differ from {against}"
    told = f"{subject}: {differ}, {statements} statements are in them"
    hidden = sum(len(one.excluded) for one in narrowed)
    if narrowed and not statements and not hidden:
        return _Scope(absent=absence(f"{told}: nothing to cover", status="not-applicable"))
    if check.options.get("per") == "file":
        return _Scope([_Group(one.name, (one,)) for one in narrowed], told)
    return _Scope([_Group("the changed lines", narrowed)], told)


def _changed_part(
    whole: FileCoverage, of_change: dict[str, frozenset[int]], around: Surroundings
) -> FileCoverage:
    lines = of_change[whole.name]
    statements = statement_lines(whole, around)
    text = (around.root / whole.name).read_text("utf-8", errors="replace")
    changed = first_lines(text, lines, statements)
    missing = tuple(line for line in whole.missing if line in changed)
    return replace(
        whole,
        statements=len(changed),
        executed=tuple(line for line in whole.executed if line in changed),
        missing=missing,
        excluded=tuple(line for line in whole.excluded if line in lines),
        branches=0,
        untaken=(),
    )


def _value(group: _Group, metric: str) -> Value | None:
    """The group's value; None where it has nothing to cover."""
    if metric in OF_BRANCHES:
        total = sum(one.branches for one in group.members)
        uncovered = sum(len(one.untaken) for one in group.members)
    else:
        total = sum(one.statements for one in group.members)
        uncovered = sum(len(one.missing) for one in group.members)
    if total == 0:
        return None
    if metric.startswith("uncovered"):
        return Value(group.name, uncovered, samples=total)
    return Value(group.name, Fraction((total - uncovered) * 100, total), samples=total)


def _worst(seen: Sequence[FileCoverage], of_branches: bool) -> list[str]:
    """What is missing, worst first: `src/a.py: lines 3-5, 9`."""
    if of_branches:
        worst = sorted((f for f in seen if f.untaken), key=lambda f: (-len(f.untaken), f.name))
        return [f"{f.name}: branches {arcs(f.untaken)}" for f in worst[:_WORST]]
    worst = sorted((f for f in seen if f.missing), key=lambda f: (-len(f.missing), f.name))
    return [f"{f.name}: lines {ranges(f.missing)}" for f in worst[:_WORST]]


KIND = Kind(
    name="coverage",
    summary="Lines (or branches) of a scope that this run's tests covered.",
    value={"type": ["string", "object"]},
    metrics=(
        Metric(
            "line coverage",
            "percent",
            (">", ">=", "=="),
            words=("line", "lines", "coverage", "statement"),
        ),
        Metric("branch coverage", "percent", (">", ">=", "=="), words=("branch", "branches")),
        Metric("uncovered lines", "count", ("<", "<=", "=="), words=("uncovered", "missing lines")),
        Metric("uncovered branches", "count", ("<", "<=", "=="), words=("missing branches",)),
    ),
    probe=probe,
    takes=("of", "per"),
    keys={"by": {"type": "string"}},
    needs="run",
    scope_is_subject=True,
    example='`coverage: ">= 90%"` with `of: src/package`',
)
