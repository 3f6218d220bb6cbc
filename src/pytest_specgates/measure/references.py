"""`gates`: other gates of the same spec hold ("Performance targets met")."""

from __future__ import annotations

from fnmatch import fnmatchcase

from ..model import (
    NOT_MET,
    STATUSES,
    Check,
    Gate,
    Kind,
    Measurement,
    Metric,
    Surroundings,
    Value,
    absence,
)


def probe(check: Check, around: Surroundings) -> Measurement:
    names = check.options["refers_to"]
    if not names:
        return absence(
            f"{', '.join(check.options['asked'])}: refers to nothing, "
            "no other gate of this spec matches",
            "state the target as a gate of its own, or name gates that there are",
            status="unbound",
        )
    if check.metric == "defined":
        return Measurement((Value("gates", len(names)),), evidence=tuple(names[:10]))
    verdicts = {name: around.verdicts[name] for name in names if name in around.verdicts}
    unjudged = [name for name in names if name not in verdicts]
    if unjudged:
        return absence(f"{unjudged[0]} was not judged in this run", "run all gates of the spec")
    evidence = tuple(
        f"{verdict.status}: {name.rpartition('::')[2]}" for name, verdict in verdicts.items()
    )
    failed = sum(verdict.status in ("failed", "error") for verdict in verdicts.values())
    if not failed:
        worst = min((v.status for v in verdicts.values()), key=STATUSES.index)
        if worst in NOT_MET:
            count = sum(v.status == worst for v in verdicts.values())
            return absence(f"{count} of {len(verdicts)} gates are {worst}", evidence[0])
        if not any(v.status in ("passed", "waived") for v in verdicts.values()):
            return absence(f"all {len(verdicts)} gates are {worst}", status=worst)
    return Measurement(
        (Value("gates", failed, samples=len(verdicts)),),
        evidence=evidence[:20],
        next_step="mend the gates above" if failed else "",
    )


def refers_to(check: Check, own: Gate, gates: list[Gate]) -> tuple[str, ...]:
    """The node ids of the gates that a reference means: by name, phase, kind or metric.

    References are not counted in, so that no two can rest on each other.
    """
    found = []
    for gate in gates:
        if gate is own or any(c.kind == "gates" for c in gate.checks):
            continue
        names = {gate.name.lower(), gate.criterion.phase.lower()}
        names.update(c.metric.lower() for c in gate.checks)
        names.update(c.kind for c in gate.checks if c.metric != "samples")
        if any(
            fnmatchcase(name, asked.lower()) for asked in check.options["asked"] for name in names
        ):
            found.append(gate.nodeid)
    return tuple(found)


KIND = Kind(
    name="gates",
    summary="Other gates of the spec hold: named by `phase.criterion`, phase, or metric.",
    value={"type": ["string", "array"], "items": {"type": "string"}, "minItems": 1},
    metrics=(
        Metric("failing", "count", ("==",)),
        Metric("defined", "count", (">=", ">")),
    ),
    probe=probe,
    takes=(),
    needs="gates",
    condition_in="must",
    default_condition="all pass",
    words={"all pass": "failing == 0", "defined": "defined >= 1"},
    example="`gates: [latency, throughput]`",
)
