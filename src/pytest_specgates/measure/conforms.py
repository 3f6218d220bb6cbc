"""`conforms`: every record of the files is valid under a JSON Schema.

Records are JSON documents, lines of JSONL, or documents of YAML. Formats are asserted.
References stay within the root; nothing is fetched.
"""

from __future__ import annotations

import codecs
import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from ..errors import ProbeError, SpecError
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
    absence,
)
from ..yaml12 import DATA_LIMITS, documents, plain
from . import conforms_api, git, paths, schemas
from .json_keys import once
from .keywords import misspelt

_SHOWN = 10
_LARGE = 50_000
"""Bytes: validating them costs some ten times what a worker costs (1 ms)."""
_MOST_FILES = 500
_LINES = (".jsonl", ".ndjson")


@dataclass(frozen=True, slots=True)
class _NotARecord:
    """A piece of a file that is not JSON or YAML, and why."""

    reason: str


def probe(check: Check, around: Surroundings) -> Measurement:
    schema = check.options["asked"][0]
    if any(map(conforms_api.is_api, check.subject)):
        return conforms_api.probe(check, around)
    return _measured(_validator(schema, around), schema, around.root, check.subject)


def _measured(validator: Any, schema: str, root: Path, subjects: Sequence[str]) -> Measurement:
    values: list[Value] = []
    evidence: list[str] = []
    unshown = 0
    for pattern in subjects:
        files = paths.matching(root, pattern)
        if not files:
            return absence(f"no file matches {pattern}", "make the data, or correct `of:`")
        for name in files:
            records, invalid = 0, 0
            for place, record in _records(root / name, name):
                records += 1
                problems = (
                    [record.reason]
                    if isinstance(record, _NotARecord)
                    else _problems(validator, record, place, schema)
                )
                invalid += bool(problems)
                for problem in problems:
                    if len(evidence) < _SHOWN:
                        evidence.append(f"{place}: {problem}")
                    else:
                        unshown += 1
            if not records:
                return absence(f"{name} has no record", "an empty file shows nothing")
            values.append(Value(name, invalid, samples=records))
    if unshown:
        evidence.append(f"and {unshown} more")
    total = sum(value.samples for value in values)
    return Measurement(
        tuple(values),
        evidence=(f"{total} records in {len(values)} files", *evidence),
        next_step=f"mend {evidence[0].partition(': ')[0]}" if evidence else "",
    )


def is_work(check: Check, around: Surroundings) -> bool:
    """Whether the data are large, and committed, so that no test of this run writes them."""
    if any(map(conforms_api.is_api, check.subject)):
        return True
    names = [name for pattern in check.subject for name in paths.matching(around.root, pattern)]
    if len(names) > _MOST_FILES:
        return False
    size = sum((around.root / name).stat().st_size for name in names)
    return size >= _LARGE and git.are_committed(around.root, names)


def _problems(validator: Any, record: Any, place: str, schema: str) -> list[str]:
    """What is wrong with a record. Raises ProbeError where its schema cannot be followed."""
    from referencing.exceptions import Unresolvable

    try:
        return [_problem(error) for error in validator.iter_errors(record)]
    except Unresolvable as error:
        raise ProbeError(f"{schema}: the reference {error.ref} leads nowhere") from error
    except RecursionError as error:
        raise ProbeError(
            f"{place}: nested too deeply, or {schema} refers to itself without end"
        ) from error
    except ArithmeticError as error:
        # An integer of hundreds of digits has no float to be compared as.
        return [f"a number in it cannot be compared: {error}"]


def _problem(error: Any) -> str:
    pointer = "".join(
        "/" + str(part).replace("~", "~0").replace("/", "~1") for part in error.absolute_path
    )
    message = error.message if len(error.message) <= 200 else error.message[:197] + "..."
    return f"{pointer or '(the whole record)'}: {message}"


def _records(path: Path, name: str) -> Iterator[tuple[str, Any]]:
    ending = path.suffix.lower()
    try:
        if ending in _LINES:
            yield from _json_lines(path, name)
        elif ending in (".yaml", ".yml"):
            text = path.read_text(encoding="utf-8-sig")
            for node in documents(text, name, limits=DATA_LIMITS):
                record = plain(node)
                if _has_no_number(record):
                    record = _NotARecord("NaN and infinity are no numbers of JSON")
                yield f"{name}:{node.line}", record
        elif ending == ".json":
            text = path.read_text(encoding="utf-8-sig")
            if text.strip():
                yield name, _json(text)
        else:
            raise ProbeError(f"{name}: a conforms gate reads .json, .jsonl, .ndjson, .yaml, .yml")
    except SpecError as error:
        yield f"{name}:{error.line}", _NotARecord(error.message)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        yield f"{name}:{line}", _NotARecord(f"not valid: {error}")


def _json_lines(path: Path, name: str) -> Iterator[tuple[str, Any]]:
    # Bytes, so that a line which is no UTF-8 costs no other line.
    with path.open("rb") as lines:
        for number, written in enumerate(lines, 1):
            line = written.removeprefix(codecs.BOM_UTF8) if number == 1 else written
            if not line.strip():
                continue
            try:
                yield f"{name}:{number}", _json(line.decode("utf-8"))
            except UnicodeDecodeError as error:
                yield f"{name}:{number}", _NotARecord(f"not UTF-8: {error.reason}")
            except (ValueError, RecursionError) as error:
                yield f"{name}:{number}", _NotARecord(f"not valid JSON: {error}")


def _has_no_number(record: Any) -> bool:
    """Whether a NaN or an infinity stands in it, which every limit of a schema lets pass."""
    waiting = [record]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
        elif isinstance(value, float) and not math.isfinite(value):
            return True
    return False


def _json(text: str) -> Any:
    return json.loads(text, parse_constant=_refuse_constant, object_pairs_hook=once)


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _validator(schema_path: str, around: Surroundings) -> Any:
    key = ("schema", schema_path)
    if key in around.cache:
        return around.cache[key]
    from jsonschema import FormatChecker, exceptions, validators
    from referencing import Registry, Resource
    from referencing.exceptions import NoSuchResource
    from referencing.jsonschema import DRAFT202012

    def retrieve(uri: str) -> Any:
        root = around.root.resolve().as_uri() + "/"
        if not uri.startswith(root):
            raise NoSuchResource(uri)
        inner = _schema(uri.removeprefix(root), around)
        return Resource.from_contents(inner, default_specification=DRAFT202012)

    schema = _schema(schema_path, around)
    if isinstance(schema, dict) and not isinstance(schema.get("$schema", ""), str):
        raise ProbeError(f"{schema_path} is not a valid JSON Schema: `$schema` is not a text")
    cls = validators.validator_for(schema, default=validators.Draft202012Validator)
    try:
        cls.check_schema(schema)
    except exceptions.SchemaError as error:
        raise ProbeError(f"{schema_path} is not a valid JSON Schema: {_problem(error)}") from error
    except RecursionError as error:
        raise ProbeError(f"{schema_path} is nested too deeply") from error
    except ArithmeticError as error:
        raise ProbeError(f"{schema_path} has a number that cannot be compared: {error}") from error
    base = (around.root.resolve() / paths.inside(around.root, schema_path)).as_uri()
    resource = Resource.from_contents(schema, default_specification=DRAFT202012)
    registry: Any = Registry(retrieve=retrieve).with_resource(base, resource)  # type: ignore[call-arg]
    # That of a draft knows only its own formats: `date` would be a remark in draft 4.
    checker = FormatChecker()
    newest = validators.Draft202012Validator.FORMAT_CHECKER
    checker.checkers = {**newest.checkers, **cls.FORMAT_CHECKER.checkers}
    made = cls(
        {"$ref": base} if not isinstance(schema, dict) or "$id" not in schema else schema,
        registry=registry,
        format_checker=checker,
    )
    around.cache[key] = made
    return made


def _schema(path: str, around: Surroundings) -> Any:
    found = paths.matching(around.root, path)
    if len(found) != 1:
        raise ProbeError(f"the schema {path} is not there")
    place, record = next(iter(_records(around.root / found[0], found[0])), ("", None))
    if isinstance(record, _NotARecord):
        raise ProbeError(f"the schema {place}: {record.reason}")
    if not isinstance(record, (dict, bool)):
        raise ProbeError(f"the schema {path} is not a JSON Schema: an object is expected")
    wrong = misspelt(record)
    if wrong is not None:
        pointer, key, meant = wrong
        where = f"{path}#{pointer}" if pointer else path
        raise ProbeError(f'the schema {where}: "{key}" is no keyword; did you mean "{meant}"?')
    return record


def possible(check: Check, gate: Gate, around: Surroundings) -> Possible | None:
    """No record is invalid under a schema that accepts everything."""
    if any(map(conforms_api.is_api, check.subject)):
        return None
    name = check.options["asked"][0]
    key = ("what it accepts", name)
    if key not in around.cache:
        around.cache[key] = _possible(name, around)
    found: Possible | None = around.cache[key]
    return found


def _possible(name: str, around: Surroundings) -> Possible | None:
    try:
        schema = _schema(name, around)
        if schemas.accepts_all(schema, schema):
            why = f"{name} accepts every document"
            return Possible(highest=Fraction(0), is_whole=True, why=why)
        if schemas.refuses_all(schema, schema):
            return Possible(Fraction(1), is_whole=True, why=f"{name} refuses every document")
    except (ProbeError, OSError, RecursionError):
        return None  # a schema that cannot be read, or followed, is told where it is used
    return None


def canary(check: Check, wrong: Value, around: Surroundings) -> CounterExample:
    """The probe on records that must be invalid: those of the files of `canary:`, each of which
    the schema has to refuse, else one that is made. They count as often as it takes to exceed
    what the gate tolerates."""
    if any(map(conforms_api.is_api, check.subject)):
        return CounterExample(untried="no server was started that answers something else")
    name = check.options["asked"][0]
    validator = _validator(name, around)
    named = check.options.get("canary")
    if named is None:
        import tempfile

        record = _refused(validator, name, around)
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, _MADE).write_text(json.dumps(record), encoding="utf-8")
            found = _measured(validator, name, Path(folder).resolve(), (_MADE,))
        return CounterExample(_often_enough(check, found, f"{json.dumps(record)[:80]}: "))
    files = paths.matching(around.root, named)
    if not files:
        raise ProbeError(f"canary: no file matches {named}; write it, or correct `canary:`")
    for place, record in (p for file in files for p in _records(around.root / file, file)):
        if isinstance(record, _NotARecord):
            raise ProbeError(
                f"canary: {place}: {record.reason}: the schema was not asked; "
                "write a record that it has to refuse"
            )
        if not _problems(validator, record, place, name):
            return CounterExample(let_through=f"{place} is valid under {name}")
    found = _measured(validator, name, around.root, (named,))
    if found.absent is not None:
        raise ProbeError(f"canary: {found.reason}; write a record that must be refused")
    return CounterExample(_often_enough(check, found, ""))


_MADE = "a-canary.json"


def _often_enough(check: Check, found: Measurement, lead: str) -> Measurement:
    """The measurement as if the records were there often enough to exceed the limit."""
    limit = check.quantity.value
    tolerated = int(limit) if isinstance(limit, Fraction) else 0
    values = []
    for value in found.values:
        invalid = int(value.value or 0)
        times = tolerated // invalid + 1 if invalid else 1
        told = f"{lead}{found.evidence[1]}" if len(found.evidence) > 1 else value.subject
        often = f", {times} times over" if times > 1 else ""
        values.append(Value(f"{told}{often}", invalid * times, samples=value.samples * times))
    return replace(found, values=tuple(values))


def _refused(validator: Any, name: str, around: Surroundings) -> Any:
    """A record that the schema refuses. Raises ProbeError where none was found."""
    for record in schemas.suspects(_schema(name, around)):
        if _problems(validator, record, "a canary", name):
            return record
    raise ProbeError(
        f"{name} refuses no record that was tried; name a file of records that it has to refuse "
        "with `canary:`"
    )


KIND = Kind(
    name="conforms",
    summary="Every record of JSON, JSONL and YAML files is valid under a JSON Schema.",
    value={"type": "string"},
    metrics=(Metric("invalid", "count", ("==", "<=", "<"), words=("invalid_records",)),),
    probe=probe,
    takes=("of", "after"),
    needs="files",
    condition_in="must",
    default_condition="all valid",
    words={"all valid": "invalid == 0"},
    subject_is_required=True,
    is_work=is_work,
    possible=possible,
    canary=canary,
    keys={"canary": {"type": "string"}, **conforms_api.KEYS},
    example="`conforms: schemas/track.json` with `of: data/*.jsonl`",
)
