"""Schemas of files: read, checked, and compiled to what says of a record whether it is valid.

A reference to a schema is a path within the root, with a JSON Pointer where it is a part of the
file: `openapi.yaml#/components/schemas/Track`. Nothing is fetched.
"""

from __future__ import annotations

import json
import posixpath
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

from ..errors import ProbeError, SpecError
from ..json_schema import escaped, unescaped
from ..model import Surroundings
from ..yaml12 import DATA_LIMITS, documents, plain
from . import paths
from .json_keys import has_each_key_once, once
from .keywords import misspelt
from .schema_dialects import IN_URIS, dialect, is_of_its_own, is_openapi, normalized, with_uris
from .schema_loops import endless
from .uncollected import without_gc

if TYPE_CHECKING:
    import jsonschema_rs

_MASK = "\ue000"
"""Stands for the value in the messages of the validator, which would write it out whole."""
_LONGEST_VALUE = 80


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a value of a record: where it is, which keyword says so, and how."""

    path: tuple[str | int, ...]
    keyword: str
    message: str

    @property
    def pointer(self) -> str:
        """As a JSON Pointer (RFC 6901); "" for the whole record."""
        return "".join(f"/{escaped(part)}" for part in self.path)


@dataclass(frozen=True, slots=True)
class Schema:
    """A compiled schema: the part at `pointer` of a document. `is_valid` takes a record of plain
    values, whose keys are texts."""

    name: str
    is_valid: Callable[[Any], bool]
    validator: jsonschema_rs.Validator
    document: Any
    pointer: str

    def problems(self, record: Any, most: int = sys.maxsize) -> Iterator[Problem]:
        """All that is wrong with a record; nothing if it is valid. After so many the message, which
        costs most, is left out."""
        for number, error in enumerate(self.validator.iter_errors(record)):
            message = _message(error) if number < most else ""
            yield Problem(tuple(error.instance_path), error.kind.name, message)

    def faults(self, record: Any) -> list[tuple[tuple[str | int, ...], str]]:
        """The paths and keywords of these problems alone: a fraction of the time."""
        errors = self.validator.iter_errors(record)
        return [(tuple(error.instance_path), error.kind.name) for error in errors]


def compiled(reference: str, around: Surroundings) -> Schema:
    """The schema that `path` or `path#/pointer` names. Raises ProbeError where it is not there, is
    no valid JSON Schema, or refers to what is not there."""
    key = ("compiled schema", reference)
    if key not in around.cache:
        around.cache[key] = _compiled(reference, around)
    made: Schema = around.cache[key]
    return made


def loaded(path: str, around: Surroundings) -> Any:
    """The document of a schema's file (JSON or YAML), as plain values. Raises ProbeError."""
    path = path.partition("#")[0]
    key = ("schema", path)
    if key not in around.cache:
        around.cache[key] = _read(path, around.root)
    return around.cache[key]


def part(reference: str, around: Surroundings) -> Any:
    """The schema itself that a reference names, within its document. Raises ProbeError."""
    path, _, pointer = reference.partition("#")
    found = loaded(path, around)
    for name in pointer.lstrip("/").split("/") if pointer.strip("/") else ():
        key = unescaped(unquote(name))
        if isinstance(found, Mapping) and key in found:
            found = found[key]
        elif isinstance(found, list) and key.isdigit() and int(key) < len(found):
            found = found[int(key)]
        else:
            raise ProbeError(f'the schema {reference}: nothing stands at "{key[:100]}" in {path}')
    if not isinstance(found, (dict, bool)):
        raise ProbeError(f"the schema {reference} is not a JSON Schema: an object is expected")
    return found


def follower(reference: str, around: Surroundings) -> Callable[[str], Any]:
    """What gives the schema that a `$ref` of this schema names, or None where that is nowhere."""
    path = reference.partition("#")[0]

    def follow(target: str) -> Any:
        file, _, pointer = target.partition("#")
        file = posixpath.normpath(posixpath.join(posixpath.dirname(path), file)) if file else path
        try:
            return part(f"{file}#{pointer}", around)
        except (ProbeError, OSError):
            return None

    return follow


def compile_schema(
    name: str, document: Any, uri: str, pointer: str, fetch: Callable[[str], Any]
) -> Schema:
    """A schema of a document that has this URI, to which its references are relative; `fetch` gives
    other documents. Raises ProbeError."""
    import jsonschema_rs

    failures: list[Exception] = []
    broken = (jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError)
    try:
        try:
            validator = _validator(name, document, uri, pointer, fetch, failures)
        except broken:
            # A reference may be none only by how it is written. To look at every one of them first
            # would cost all schemas what few need.
            def written_out(wanted: str) -> Any:
                return with_uris(fetch(wanted))

            again = with_uris(document)
            failures.clear()
            validator = _validator(name, again, uri, pointer, written_out, failures)
    except broken as error:
        raise _unusable(name, error, failures) from error
    return Schema(name, validator.is_valid, validator, document, pointer)


def _validator(
    name: str,
    document: Any,
    uri: str,
    pointer: str,
    fetch: Callable[[str], Any],
    failures: list[Exception],
) -> jsonschema_rs.Validator:
    """Raises what the engine does; why another document could not be had is in `failures`."""
    import jsonschema_rs

    def retrieve(wanted: str) -> Any:
        try:
            return document if wanted == uri else normalized(fetch(wanted))
        except Exception as error:
            failures.append(error)
            raise

    registry = None
    make: Callable[..., jsonschema_rs.Validator] = jsonschema_rs.validator_for
    if is_of_its_own(document):
        try:
            own = document["$schema"], fetch(document["$schema"])
        except (ProbeError, OSError, ValueError):
            own = None
        if own is not None:
            registry = jsonschema_rs.Registry([own], retriever=retrieve)
    if registry is None:
        make = dialect(document, name).validator()
    document = normalized(document)
    return make(
        {"$ref": f"{uri}#{quote(pointer, safe=IN_URIS)}"} if pointer else document,
        # In drafts up to 7 a `$ref` beside it hides an `$id`: a base has to be given.
        base_uri=f"{uri}?part" if pointer else uri,
        retriever=retrieve,
        registry=registry,
        validate_formats=True,
        mask=_MASK,
    )


# --- files --------------------------------------------------------------------------------


def _compiled(reference: str, around: Surroundings) -> Schema:
    path, _, pointer = reference.partition("#")
    inner, document = part(reference, around), loaded(path, around)
    _spelt(inner, path, pointer)
    loop = endless(inner, document)
    if loop:
        raise ProbeError(f"{reference} refers to itself without end, by {loop}")
    root = around.root.resolve()
    home = root.as_uri().rstrip("/") + "/"

    def fetch(uri: str) -> Any:
        if not uri.startswith(home):
            raise ProbeError(f"{uri} is no file of this project, and nothing is fetched")
        path = unquote(uri.removeprefix(home))
        found = loaded(path, around)
        if not is_openapi(found):
            _spelt(found, path)
        return found

    uri = (root / paths.inside(around.root, path)).as_uri()
    if pointer.strip("/"):
        _check(reference, inner, document)
    try:
        return compile_schema(reference, document, uri, pointer.rstrip("/"), fetch)
    except ProbeError as error:
        raise ProbeError(str(error).replace(home, "")) from error


def _spelt(schema: Any, path: str, pointer: str = "") -> None:
    wrong = misspelt(schema)
    if wrong is not None:
        at = f"{pointer}{wrong.pointer}"
        told = f"{path}#{at}" if at else path
        raise ProbeError(
            f'the schema {told}: "{wrong.written}" is no {wrong.what}; '
            f'did you mean "{wrong.meant}"?'
        )


def _check(reference: str, inner: Any, document: Any) -> None:
    """A part of a document is held against its draft: the document may be no schema."""
    import jsonschema_rs

    if isinstance(inner, dict):
        draft = dialect(document, reference)
        try:
            jsonschema_rs.meta.validate({**normalized(inner), "$schema": draft.uri})
        except jsonschema_rs.ValidationError as error:
            raise _unusable(reference, error, []) from error


def _read(path: str, root: Path) -> Any:
    found = paths.matching(root, path)
    if len(found) != 1:
        raise ProbeError(f"the schema {path} is not there")
    file = root / found[0]
    try:
        text = file.read_text(encoding="utf-8-sig")
        if file.suffix.lower() in (".yaml", ".yml"):
            several = documents(text, found[0], limits=DATA_LIMITS)
            record = next((plain(node) for node in several), None)
        elif file.suffix.lower() == ".json":
            record = _of_json(text)
        else:
            raise ProbeError(f"the schema {path}: write it in a file .json, .yaml or .yml")
    except SpecError as error:
        raise ProbeError(f"the schema {found[0]}:{error.line}: {error.message}") from error
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        raise ProbeError(f"the schema {found[0]}:{line}: not valid: {error}") from error
    if not isinstance(record, (dict, bool)):
        raise ProbeError(f"the schema {path} is not a JSON Schema: an object is expected")
    return record


def _of_json(text: str) -> Any:
    # To look at every object takes longer than to read them all.
    with without_gc():
        found = json.loads(text, parse_constant=_refused)
    if not has_each_key_once(found, text.encode("utf-8")):
        found = json.loads(text, parse_constant=_refused, object_pairs_hook=once)
    return found


def _refused(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


# --- in words -----------------------------------------------------------------------------


def _unusable(name: str, error: Exception, failures: list[Exception]) -> ProbeError:
    """Why a schema cannot be used, from what the compiler says."""
    known = next((one for one in failures if isinstance(one, ProbeError)), None)
    if known is not None:
        return ProbeError(f"{name} refers to what cannot be used: {known}")
    kind = getattr(getattr(error, "kind", None), "name", "")
    if not kind or kind in ("referencing", "$ref"):
        message = getattr(error, "message", str(error))
        return ProbeError(f"{name}: a reference leads nowhere: {message}")
    problem = Problem(tuple(getattr(error, "instance_path", ())), kind, _message(error))
    return ProbeError(f"{name} is not a valid JSON Schema: {shown(problem)}")


def shown(problem: Problem) -> str:
    """`/price: -1 is less than the minimum of 0`."""
    return f"{problem.pointer or '(the whole record)'}: {problem.message}"


def _message(error: Any, depth: int = 2) -> str:
    message: str = error.message
    if _MASK in message:
        message = message.replace(_MASK, short(error.instance))
    message = message if len(message) <= 300 else message[:297] + "..."
    branches = getattr(error.kind, "context", None) if depth else None
    if not branches:
        return message
    # That branch is told which has fewest problems, of these the one that came farthest.
    nearest = min(
        filter(None, branches),
        key=lambda branch: (
            any(one.instance_path == error.instance_path for one in branch),
            len(branch),
            -max(len(one.instance_path) for one in branch),
        ),
        default=None,
    )
    if nearest is None:
        return message
    inner = nearest[0]
    found = Problem(tuple(inner.instance_path), inner.kind.name, _message(inner, depth - 1))
    return f"{message}; the nearest says {shown(found)}"


def short(value: Any) -> str:
    """A value as JSON, cut short."""
    if isinstance(value, str) and len(value) > _LONGEST_VALUE:
        value = value[:_LONGEST_VALUE]
        return f"{json.dumps(value, ensure_ascii=False)[:-1]}..."
    try:
        text = json.dumps(value, ensure_ascii=False, default=str)
    except (RecursionError, ValueError):
        text = str(type(value).__name__)
    return text if len(text) <= _LONGEST_VALUE else f"{text[: _LONGEST_VALUE - 3]}..."
