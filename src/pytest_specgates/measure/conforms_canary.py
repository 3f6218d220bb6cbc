"""What a `conforms` gate can come to, and records that it has to refuse."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Sequence
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
from .conforms_clauses import is_of_fields, of_check
from .conforms_fields import Wanted, path_of
from .conforms_files import records
from .conforms_rows import NotARecord
from .conforms_scan import columns, measured
from .schema_files import Schema, compiled, loaded, part

_MADE = "a-canary.json"
_MADE_LINES = "a-canary.jsonl"


def possible(check: Check, gate: Gate, around: Surroundings) -> Possible | None:
    """No record is invalid under a schema that accepts everything."""
    if is_of_api(check):
        return None
    if is_of_fields(check) or check.metric == "records":
        return _of_fields(check)
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


def _of_fields(check: Check) -> Possible | None:
    """What fields can come to, whatever the schema says."""
    if check.quantity.unit == "%":
        return Possible(highest=Fraction(100))
    if check.options.get("of") == "range":
        return None
    return Possible(is_whole=check.quantity.unit != "s")


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
    if check.metric == "records" and not check.is_named_freely:
        return CounterExample(untried="too few records are none that could be tried")
    schema = compiled(check.options["asked"][0], around)
    if is_of_fields(check):
        return CounterExample(_of_made_fields(check, wrong, schema))
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


def _of_made_fields(check: Check, wrong: Value, schema: Schema) -> Measurement:
    """The probe on lines whose fields miss the check."""
    asked = of_check(check)
    made = _field_records(check, asked, wrong)
    with tempfile.TemporaryDirectory() as folder:
        lines = "".join(f"{json.dumps(one)}\n" for one in made)
        Path(folder, _MADE_LINES).write_text(lines, encoding="utf-8")
        around = Surroundings(root=Path(folder).resolve())
        return measured(check, schema, (_MADE_LINES,), around)


def _field_records(check: Check, asked: Wanted, wrong: Value) -> list[Any]:
    if asked.what == "unique":
        return [_nested(asked.fields, 1)] * (int(wrong.value or 0) + 1)
    if asked.what == "nulls":
        return [_nested(asked.fields, None)]
    if asked.what == "newest":
        age = float(wrong.value or 0)
        return [_nested(asked.fields, max(time.time() - age - 1, 0))]
    return [_nested(asked.fields, float(wrong.value or 0))]


def _nested(fields: Sequence[str], value: Any) -> Any:
    """A record with these fields, which may stand within others."""
    made: dict[str, Any] = {}
    for name in fields:
        *outer, last = path_of(name)
        here = made
        for key in outer:
            here = here.setdefault(key, {})
        here[last] = value
    return made


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
