"""`changed`: what differs from the base, committed or not, includes these paths.

What people signed off is about the change, and no part of it."""

from __future__ import annotations

from ..model import Check, Kind, Measurement, Metric, Surroundings, Value, absence
from . import paths
from .statements import without_statements


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
    evidence = [f"{len(base.changed)} files differ from {against}"]
    if seen:
        evidence.append("changed: " + ", ".join(seen[:10]))
    return Measurement(
        (Value(", ".join(missing or check.options["asked"]), value),),
        evidence=tuple(evidence),
        next_step=f"change {missing[0]} together with the code" if missing else "",
    )


KIND = Kind(
    name="changed",
    summary="The change against the base touches these paths.",
    value={"type": ["string", "array"], "items": {"type": "string"}, "minItems": 1},
    metrics=(
        Metric("unchanged", "count", ("==",)),
        Metric("changed", "count", (">=", ">")),
    ),
    probe=probe,
    takes=(),
    needs="files",
    condition_in="must",
    default_condition="any changed",
    words={"all changed": "unchanged == 0", "any changed": "changed >= 1"},
    example="`changed: [README.md, docs/**]` with `when: src/**`",
)
