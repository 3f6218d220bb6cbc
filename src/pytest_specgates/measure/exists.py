"""`exists`: files, folders or globs are there."""

from __future__ import annotations

from dataclasses import replace

from ..model import Check, Kind, Measurement, Metric, Surroundings, Value
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


def canary(check: Check, around: Surroundings) -> Measurement:
    """The probe on a file that is not there."""
    return probe(replace(check, options={**check.options, "asked": (_NOT_THERE,)}), around)


_NOT_THERE = "a-canary-that-is-not-there"

KIND = Kind(
    name="exists",
    summary="Files, folders (`dir/`: with at least one file in it) or globs are there.",
    value={"type": ["string", "array"], "items": {"type": "string"}, "minItems": 1},
    metrics=(
        Metric("missing", "count", ("==",)),
        Metric("present", "count", (">=", ">")),
    ),
    probe=probe,
    canary=canary,
    takes=(),
    needs="files",
    condition_in="must",
    default_condition="all exist",
    words={"all exist": "missing == 0", "any exists": "present >= 1"},
    example="`exists: docs/usage.md`",
)
