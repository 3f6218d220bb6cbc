"""`coverage`: of lines or branches, in total, per file, directory, function or class, of a change.

Read from coverage's own report of this run's data. A file of the scope that was never
imported has no line covered; a scope without a statement is unmeasured.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from ..errors import ProbeError
from ..model import (
    Check,
    FileCoverage,
    Kind,
    Lines,
    Measurement,
    Metric,
    Surroundings,
    Value,
    absence,
)
from ..ranges import arcs, ranges, runs
from .changed_lines import changed_lines, first_lines
from .coverage_base import against_base
from .coverage_contexts import contexts
from .coverage_report import Analysed
from .coverage_scope import OF_BRANCHES, UNNAMED, changed_scope, files_of
from .coverage_source import OfRun, Source
from .paths import covers
from .tests import incomplete

_WORST = 10
_SHOWN = 12
"""So many places of a file are told."""


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
    now = _measured(check, around)
    return against_base(check, now, _measured, around) if check.against else now


def _measured(check: Check, around: Surroundings) -> Measurement:
    source = _source(check, around)
    if isinstance(source, Measurement):
        return source
    of_branches = check.metric in OF_BRANCHES
    without = source.no_branches() if of_branches else None
    if without is not None:
        return without
    if "by" in check.options and "from" in check.options:
        raise ProbeError("`by:` is of the tests of this run; a file of coverage has none")
    by = contexts(str(check.options.get("by", "")), around)
    if isinstance(by, Measurement):
        return by
    values: list[Value] = []
    evidence: list[str] = []
    seen: dict[str, FileCoverage] = {}
    for subject in check.subject or (UNNAMED,):
        scope = _scope(subject, check, source, around, by)
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
    worst = _worst(list(seen.values()), of_branches)
    missing = _told(worst, of_branches)
    return Measurement(
        tuple(values),
        evidence=(*evidence, *missing),
        next_step=f"cover {missing[0]}" if missing else "",
        places=tuple(place for file in worst for place in _places(file, of_branches)),
    )


def _source(check: Check, around: Surroundings) -> Source | Measurement:
    """Where the numbers come from, or why there are none."""
    if "from" in check.options:
        from .coverage_given import from_file

        return from_file(check.options["from"], around)
    data = around.run.coverage
    if data.coverage is None:
        # For a scope that is not there alone nobody switches coverage on: --cov is no help.
        return _nowhere(check, around) or absence(data.reason, data.next_step)
    gap = incomplete("", around)
    return absence(*gap) if gap else OfRun(around)


def _nowhere(check: Check, around: Surroundings) -> Measurement | None:
    """That a scope names no file, which can be said without coverage."""
    for subject in check.subject:
        scope = changed_scope(subject) or subject
        if scope != UNNAMED and not files_of(scope, around):
            return _no_match(OfRun(around).what, scope)
    return None


def _no_match(what: str, subject: str, why: str = "") -> Measurement:
    return absence(f"no {what} matches {subject}{why}", "correct `of:` or `scope:`")


def _names(subject: str, check: Check, source: Source) -> list[str]:
    omit = check.options.get("omit", ())
    return [n for n in source.names(subject) if not any(covers(one, n) for one in omit)]


def _scope(subject: str, check: Check, source: Source, around: Surroundings, by: str) -> _Scope:
    part = changed_scope(subject)
    if part is not None:
        return _of_change(subject, part, check, source, around, by)
    names = _names(subject, check, source)
    gap = source.gap(subject, names)
    if gap is not None:
        return _Scope(absent=gap)
    files = source.files(names, by)
    omitted = len(names) - len(files)
    if not files:
        why = f" ({omitted} omitted by the coverage configuration)" if omitted else ""
        return _Scope(absent=_no_match(source.what, subject, why))
    wholes = [file.whole for file in files]
    told = (
        f"{subject}: {len(files)} files, {sum(one.statements for one in wholes)} statements, "
        f"{sum(len(one.excluded) for one in wholes)} lines excluded"
        + (f", {omitted} files omitted" if omitted else "")
    )
    told = "; ".join(filter(None, (told, source.told(names))))
    shown = "what was measured" if subject == UNNAMED else subject
    return _grouped(shown, files, check.options.get("per"), told)


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


def _of_change(
    subject: str, part: str, check: Check, source: Source, around: Surroundings, by: str
) -> _Scope:
    """The statements of a scope that differ from the base."""
    base = around.base()
    if base.reason:
        step = "name the base with --spec-gates-base=REF (in CI: fetch its history too)"
        return _Scope(absent=absence(base.reason, step))
    against = f"{base.ref} ({base.commit[:10]})"
    of_change = changed_lines(around, source.endings)
    inside = [n for n in _names(part, check, source) if of_change.get(n)]
    if not inside:
        where = f"no {source.what}" if part == UNNAMED else f"no {source.what} of {part}"
        told = f"{where} differs from {against}"
        return _Scope(absent=absence(told, status="not-applicable"))
    gap = source.gap(f"{inside[0]} has changed and", inside)
    if gap is not None:
        return _Scope(absent=gap)
    narrowed = [_changed_part(f.whole, of_change, source, around) for f in source.files(inside, by)]
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
    whole: FileCoverage,
    of_change: dict[str, frozenset[int]],
    source: Source,
    around: Surroundings,
) -> FileCoverage:
    lines = of_change[whole.name]
    statements = source.statement_lines(whole)
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


def _worst(seen: Sequence[FileCoverage], of_branches: bool) -> list[FileCoverage]:
    """The files in which most is missing."""

    def missing(file: FileCoverage) -> int:
        return len(file.untaken if of_branches else file.missing)

    return sorted(filter(missing, seen), key=lambda file: (-missing(file), file.name))[:_WORST]


def _told(files: Sequence[FileCoverage], of_branches: bool) -> list[str]:
    """What is missing of each file: `src/a.py: lines 3-5, 9`."""
    if of_branches:
        return [f"{file.name}: branches {arcs(file.untaken)}" for file in files]
    return [f"{file.name}: lines {ranges(file.missing)}" for file in files]


def _places(file: FileCoverage, of_branches: bool) -> list[Lines]:
    lines = sorted({line for line, _ in file.untaken}) if of_branches else file.missing
    path = file.name.partition("::")[0]  # a function or class stands in a file
    return [Lines(path, first, last) for first, last in runs(lines)[:_SHOWN] if first > 0]


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
            against_base="points",
        ),
        Metric(
            "branch coverage",
            "percent",
            (">", ">=", "=="),
            words=("branch", "branches"),
            against_base="points",
        ),
        Metric(
            "uncovered lines",
            "count",
            ("<", "<=", "=="),
            words=("uncovered", "missing lines"),
            against_base="count",
        ),
        Metric(
            "uncovered branches",
            "count",
            ("<", "<=", "=="),
            words=("missing branches",),
            against_base="count",
        ),
    ),
    words={"rising": "> base", "branch rising": "branch > base"},
    probe=probe,
    takes=("of", "per"),
    keys={
        "by": {"type": "string"},
        "from": {"type": "string"},
        "omit": {"type": ["string", "array"], "items": {"type": "string"}},
    },
    needs="run",
    scope_is_subject=True,
    example='`coverage: ">= 90%"` with `of: src/package`',
)
