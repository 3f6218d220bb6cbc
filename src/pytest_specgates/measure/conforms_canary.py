"""What a `conforms` gate can come to, and records that it has to refuse."""

from __future__ import annotations

import json
import tempfile
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from ..errors import ProbeError
from ..model import (
    Check,
    CounterExample,
    Gate,
    Measurement,
    Possible,
    Surroundings,
    Value,
)
from . import paths, schemas
from .conforms_api import is_of_api
from .conforms_files import records
from .conforms_rows import NotARecord
from .conforms_scan import columns, measured
from .schema_files import Schema, compiled, loaded, part

_MADE = "a-canary.json"


def possible(check: Check, gate: Gate, around: Surroundings) -> Possible | None:
    """No record is invalid under a schema that accepts everything."""
    if is_of_api(check):
        return None
    name = check.options["asked"][0]
    key = ("what it accepts", name)
    if key not in around.cache:
        around.cache[key] = _accepts(name, around)
    accepts: bool | None = around.cache[key]
    if accepts is None:
        return None
    why = f"{name} {'accepts' if accepts else 'refuses'} every document"
    if check.metric == "valid":
        share = Fraction(100 if accepts else 0)
        return Possible(lowest=share, highest=share, why=why)
    if accepts:
        return Possible(highest=Fraction(0), is_whole=True, why=why)
    return Possible(Fraction(1), is_whole=True, why=why)


def _accepts(name: str, around: Surroundings) -> bool | None:
    """Whether the schema accepts everything, or nothing; None for what is between."""
    try:
        schema, document = part(name, around), loaded(name, around)
        if schemas.accepts_all(schema, document):
            return True
        return False if schemas.refuses_all(schema, document) else None
    except (ProbeError, OSError, RecursionError):
        return None  # a schema that cannot be read, or followed, is told where it is used


def canary(check: Check, wrong: Value, around: Surroundings) -> CounterExample:
    """The probe on records that must be invalid: those of the files of `canary:`, each of which
    the schema has to refuse, else one that is made. They count as often as it takes to exceed
    what the gate tolerates."""
    if is_of_api(check):
        return CounterExample(untried="no API was started that answers something else")
    schema = compiled(check.options["asked"][0], around)
    named = check.options.get("canary")
    if named is None:
        record = _refused(schema, around)
        text = json.dumps(record)
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, _MADE).write_text(text, encoding="utf-8")
            found = measured(check, schema, (_MADE,), Surroundings(root=Path(folder).resolve()))
        return CounterExample(_often_enough(check, found, f"{text[:80]}: "))
    files = paths.matching(around.root, named)
    if not files:
        raise ProbeError(f"canary: no file matches {named}; write it, or correct `canary:`")
    for name in files:
        for record, (line, _), _ in records(around.root, name, columns(schema.name, around)):
            place = f"{name}:{line}"
            if isinstance(record, NotARecord):
                raise ProbeError(
                    f"canary: {place}: {record.reason}: the schema was not asked; "
                    "write a record that it has to refuse"
                )
            if schema.is_valid(record):
                return CounterExample(let_through=f"{place} is valid under {schema.name}")
    found = measured(check, schema, (named,), around)
    if found.absent is not None:
        raise ProbeError(f"canary: {found.reason}; write a record that must be refused")
    return CounterExample(_often_enough(check, found, ""))


def _often_enough(check: Check, found: Measurement, lead: str) -> Measurement:
    """The measurement as if the records were there often enough to exceed the limit."""
    limit = check.quantity.value
    tolerated = int(limit) if isinstance(limit, Fraction) and check.metric != "valid" else 0
    values = []
    for value in found.values:
        count = int(value.value or 0)
        times = tolerated // count + 1 if count else 1
        told = f"{lead}{found.evidence[1]}" if len(found.evidence) > 1 else value.subject
        often = f", {times} times over" if times > 1 else ""
        made = value.value if check.metric == "valid" else count * times
        values.append(Value(f"{told}{often}", made, samples=value.samples * times))
    return replace(found, values=tuple(values))


def _refused(schema: Schema, around: Surroundings) -> Any:
    """A record that the schema refuses. Raises ProbeError where none was found."""
    inner, document = part(schema.name, around), loaded(schema.name, around)
    for record in schemas.suspects(inner, document):
        if not schema.is_valid(record):
            return record
    raise ProbeError(
        f"{schema.name} refuses no record that was tried; name a file of records that it has to "
        "refuse with `canary:`"
    )
