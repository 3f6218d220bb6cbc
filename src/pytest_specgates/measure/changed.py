"""`changed`: what differs from the base, committed or not, includes these paths.

What people signed off is about the change, and no part of it."""

from __future__ import annotations

import posixpath
import secrets
from dataclasses import replace
from fractions import Fraction

from ..model import (
    Base,
    Check,
    CounterExample,
    Gate,
    Kind,
    Measurement,
    Metric,
    Possible,
    Surroundings,
    Value,
    absence,
)
from . import paths
from .statements import without_statements

_SHOWN = 5


def probe(check: Check, around: Surroundings) -> Measurement:
    base = without_statements(around.base(), around.attestations)
    if base.reason:
        return absence(
            base.reason, "name the base with --spec-gates-base=REF (in CI: fetch its history too)"
        )
    against = f"{base.ref} ({base.commit[:10]})"
    if not base.changed:
        return absence(f"nothing differs from {against}", status="not-applicable")
    missing = []
    seen = []
    for asked in check.options["asked"]:
        pattern = paths.inside(around.root, asked)
        hits = [name for name in base.changed if paths.covers(pattern, name)]
        seen.extend(hits)
        if not hits:
            missing.append(asked)
    seen = sorted(set(seen))
    value = len(missing) if check.metric == "unchanged" else len(seen)
    some = ", ".join(base.changed[:_SHOWN]) + (", ..." if len(base.changed) > _SHOWN else "")
    evidence = [f"{len(base.changed)} files differ from {against}: {some}"]
    if seen:
        evidence.append("changed: " + ", ".join(seen[:10]))
    return Measurement(
        (Value(", ".join(missing or check.options["asked"]), value),),
        evidence=tuple(evidence),
        next_step=f"change {missing[0]} together with the code" if missing else "",
    )


def possible(check: Check, gate: Gate, around: Surroundings) -> Possible:
    """Where nothing changed, or nothing of `when:`, the gate is not applicable: what covers all
    that makes it applicable has always changed."""
    asked = check.options["asked"]
    when = gate.reading.when or ("**",)
    what = "what `when:` names" if gate.reading.when else "any change"
    why = f"{', '.join(asked)} covers {what}, without which nothing is asked"
    if check.metric == "unchanged":
        always = sum(all(_implies(one, path) for one in when) for path in asked)
        high = Fraction(len(asked) - always)
        return Possible(highest=high, is_whole=True, why="" if high else why)
    is_always = all(any(_implies(one, path) for path in asked) for one in when)
    return Possible(Fraction(is_always), is_whole=True, why=why if is_always else "")


def _implies(when: str, path: str) -> bool:
    """Whether a change of what the first names is one of what the second names."""
    clean = posixpath.normpath(path) if path.strip() else path
    return when == path or all(paths.covers(clean, name) for name in _names_of(when))


def _names_of(pattern: str) -> list[str]:
    """Names that the pattern covers, with nothing else in common: only a pattern that covers
    whatever it does covers them all."""
    pattern = posixpath.normpath(pattern)
    if not paths.is_pattern(pattern):
        return [pattern, *(f"{pattern}/{name}" for name in _ANY_NAMES)]
    if "[" in pattern:
        return ["", *_ANY_NAMES]  # what it stands for is not looked into
    found = []
    for name in _ANY_NAMES:
        some = pattern.replace("**", "\0").replace("*", name.rpartition("/")[2])
        found.append(some.replace("?", name[0]).replace("\0", name))
    return found


_ANY_NAMES = ("q", "Z9/x.y", "\u00e9/.h/w w")


def canary(check: Check, wrong: Value, around: Surroundings) -> CounterExample:
    """The probe on a change that touches a file of no project."""
    base = Base("a canary", "0" * 10, (f"{secrets.token_hex(8)}/canary",))
    return CounterExample(probe(check, replace(around, base=lambda: base)))


KIND = Kind(
    name="changed",
    summary="The change against the base touches these paths.",
    value={"type": ["string", "array"], "items": {"type": "string"}, "minItems": 1},
    metrics=(
        Metric("unchanged", "count", ("==",)),
        Metric("changed", "count", (">=", ">")),
    ),
    probe=probe,
    possible=possible,
    canary=canary,
    takes=(),
    needs="files",
    condition_in="must",
    default_condition="any changed",
    words={"all changed": "unchanged == 0", "any changed": "changed >= 1"},
    example="`changed: [README.md, docs/**]` with `when: src/**`",
)
