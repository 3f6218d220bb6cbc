"""`exists`: files, folders or globs are there."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from ..model import (
    Check,
    CounterExample,
    Gate,
    Kind,
    Measurement,
    Metric,
    Possible,
    Surroundings,
    Value,
)
from . import paths


def probe(check: Check, around: Surroundings) -> Measurement:
    present: list[str] = []
    missing: list[str] = []
    for asked in check.options["asked"]:
        found = paths.matching(around.root, asked)
        folder = not paths.is_pattern(asked) and (around.root / asked).is_dir()
        (present if found or (folder and not asked.endswith("/")) else missing).append(asked)
    subject = ", ".join(missing or present)
    value = len(missing) if check.metric == "missing" else len(present)
    evidence = [f"there: {', '.join(present)}"] if present else []
    if missing:
        evidence.append(f"not there: {', '.join(missing)}")
    return Measurement(
        (Value(subject, value),),
        evidence=tuple(evidence),
        next_step=f"create {missing[0]}" if missing else "",
    )


def possible(check: Check, gate: Gate, around: Surroundings) -> Possible:
    """As many as are asked for; those that are always there are never missing."""
    asked = check.options["asked"]
    always = [path for path in asked if _is_root(path)]
    low, high = 0, len(asked)
    if check.metric == "missing":
        high -= len(always)
    else:
        low = len(always)
    why = f"{always[0]} is always there" if always else ""
    return Possible(Fraction(low), Fraction(high), is_whole=True, why=why)


def _is_root(path: str) -> bool:
    """Whether the root is meant, or any of what is in it. The gate's own spec is not
    always there: it may be moved."""
    parts = path.replace("\\", "/").strip().split("/")
    return all(part in ("", ".", "*", "**") for part in parts) and not path.startswith("/")


def canary(check: Check, wrong: Value, around: Surroundings) -> CounterExample:
    """The probe in a folder with nothing in it."""
    import tempfile

    with tempfile.TemporaryDirectory() as empty:
        return CounterExample(probe(check, replace(around, root=Path(empty).resolve())))


KIND = Kind(
    name="exists",
    summary="Files, folders (`dir/`: with at least one file in it) or globs are there.",
    value={"type": ["string", "array"], "items": {"type": "string"}, "minItems": 1},
    metrics=(
        Metric("missing", "count", ("==",)),
        Metric("present", "count", (">=", ">")),
    ),
    probe=probe,
    possible=possible,
    canary=canary,
    takes=(),
    needs="files",
    condition_in="must",
    default_condition="all exist",
    words={"all exist": "missing == 0", "any exists": "present >= 1"},
    example="`exists: docs/usage.md`",
)
