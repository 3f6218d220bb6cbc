"""`conforms`: every record of the files is valid under a JSON Schema.

Records are documents, lines, rows: see `conforms_files`. Formats are asserted. References stay
within the root; nothing is fetched.
"""

from __future__ import annotations

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
from . import conforms_api, git, paths
from .conforms_clauses import CLAUSES, KEYS

_LARGE = 50_000
"""Bytes: to validate them costs about what a worker costs (1 ms), as YAML more."""
_MOST_FILES = 500


def probe(check: Check, around: Surroundings) -> Measurement:
    if conforms_api.is_of_api(check):
        return conforms_api.probe(check, around)
    # Most runs have no such gate, and what reads data is large.
    from .conforms_scan import measured
    from .schema_files import compiled

    schema = compiled(check.options["asked"][0], around)
    return measured(check, schema, check.subject, around)


def is_work(check: Check, around: Surroundings) -> bool:
    """Whether the data are large, and committed, so that no test of this run writes them."""
    if conforms_api.is_of_api(check):
        return True
    names = [name for pattern in check.subject for name in paths.matching(around.root, pattern)]
    if len(names) > _MOST_FILES:
        return False
    size = sum((around.root / name).stat().st_size for name in names)
    return size >= _LARGE and git.are_committed(around.root, names)


def possible(check: Check, gate: Gate, around: Surroundings) -> Possible | None:
    from . import conforms_canary

    return conforms_canary.possible(check, gate, around)


def canary(check: Check, wrong: Value, around: Surroundings) -> CounterExample:
    from . import conforms_canary

    return conforms_canary.canary(check, wrong, around)


KIND = Kind(
    name="conforms",
    summary="Every record of data files is valid under a JSON Schema.",
    value={"type": "string"},
    metrics=(
        Metric("invalid", "count", ("==", "<=", "<"), words=("invalid_records",)),
        Metric("valid", "percent", (">=", ">", "=="), words=("valid_records",)),
        Metric("errors", "count", ("==", "<=", "<")),
    ),
    probe=probe,
    takes=("of", "after"),
    needs="files",
    condition_in="must",
    default_condition="all valid",
    words={"all valid": "invalid == 0", "all": "invalid == 0"},
    subject_is_required=True,
    is_work=is_work,
    possible=possible,
    canary=canary,
    keys={"canary": {"type": "string"}, **KEYS, **conforms_api.KEYS},
    clauses=CLAUSES,
    example="`conforms: schemas/track.json` with `of: data/*.jsonl`",
)
