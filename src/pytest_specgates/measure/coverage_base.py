"""Coverage against that of the base: the same measurement, of its tests on its code."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction

from ..errors import ProbeError
from ..model import Base, Check, Measurement, Surroundings, Value, absence
from . import git
from .coverage_scope import UNNAMED, changed_scope
from .paths import covers

Measure = Callable[[Check, Surroundings], Measurement]


def against_base(
    check: Check, now: Measurement, measured: Measure, around: Surroundings
) -> Measurement:
    """What was measured now, with what the base has of the same. Raises ProbeError for the lines
    of a change, which the base does not have."""
    if "from" in check.options:
        raise ProbeError("a file of coverage has no base: write a number in place of `base`")
    if any(changed_scope(subject) is not None for subject in check.subject):
        raise ProbeError("the lines of a change are not on the base: leave out `of: changed`")
    base = around.base()
    if base.reason:
        return absence(base.reason, "name the base with --spec-gates-base=REF")
    if now.absent is not None:
        return now
    told = f"{base.ref} ({base.commit[:10]})"
    if not base.changed:
        return absence(f"nothing differs from {told}", status="not-applicable")
    run = around.base_run()
    if run.reason:
        return absence(f"the coverage of {told} is not known: {run.reason}", run.next_step)
    there = replace(
        around, root=run.root, run=run.run, cache=around.cache.setdefault(("base",), {})
    )
    before = measured(check, there)
    if before.absent is not None:
        step = "state a floor, as in `>= 80%`, until the base has it"
        return absence(f"on {told}: {before.reason}", step, before.absent)
    if all(_is_nothing(value, check) for value in (*now.values, *before.values)):
        return absence(
            f"no test covered anything of it, neither here nor on {told}",
            "let the tests import the code that is here, not an installed copy; or state a floor",
        )
    values, fresh = _paired(now.values, before.values, _earlier_names(around, base))
    if not values:
        return absence(f"nothing of it is on {told}", "state a floor, as in `>= 80%`")
    if check.op in ("<", ">") and not check.quantity.value and _stands_still(check, values, base):
        return absence(
            f"no file of it differs from {told}, and it is as covered as there",
            status="not-applicable",
        )
    evidence = [*now.evidence, f"base: {told}, {run.told}"]
    if fresh:
        shown = ", ".join(fresh[:5]) + (" ..." if len(fresh) > 5 else "")
        evidence.append(f"new, so not compared: {len(fresh)} ({shown})")
    return replace(now, values=tuple(values), evidence=tuple(evidence))


def _is_nothing(value: Value, check: Check) -> bool:
    return value.value == (0 if check.quantity.unit == "pp" else value.samples)


def _paired(
    now: Sequence[Value], before: Sequence[Value], earlier: dict[str, str]
) -> tuple[list[Value], list[str]]:
    """The values that the base has too, with its own, and the names of the others."""
    known = {value.subject: value for value in before}
    values: list[Value] = []
    fresh: list[str] = []
    for value in now:
        file, separator, region = value.subject.partition("::")
        found = known.get(value.subject) or known.get(earlier.get(file, file) + separator + region)
        # A gate of coverage measures fractions and counts only.
        if found is None or not isinstance(found.value, int | Fraction):
            fresh.append(value.subject)
        else:
            values.append(replace(value, base=Fraction(found.value)))
    return values, fresh


def _earlier_names(around: Surroundings, base: Base) -> dict[str, str]:
    try:
        return dict(git.renames(around.root, base.commit))
    except git.GitError as error:
        raise ProbeError(f"git: {error}") from error


def _stands_still(check: Check, values: Sequence[Value], base: Base) -> bool:
    """Whether nothing of the scope has changed, so that nothing can be asked to rise."""
    scopes = check.subject or (UNNAMED,)
    touched = any(
        name.endswith(".py") and covers(scope, name) for scope in scopes for name in base.changed
    )
    return not touched and all(value.value == value.base for value in values)
