"""A schema with the files that it refers to, as one whole whose references are all absolute."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ..errors import ProbeError
from ..json_schema import VALUES, unescaped
from .schema_dialects import dialect
from .schemas import ASSERTIONS

_MOST_FILES = 200
_NOWHERE = object()


class Files:
    """The documents by path. References in them are `PATH#FRAGMENT`; those that lead out, or
    nowhere, are left to the validator, which tells of them."""

    def __init__(self, first: str, read: Callable[[str], Any]) -> None:
        """`first` is `path` or `path#/pointer`; `read` gives the document of a path. Raises
        ProbeError where it cannot."""
        self._documents: dict[str, Any] = {}
        self._path, _, pointer = first.partition("#")
        self._first = f"{self._path}#{pointer}"
        waiting = [self._path]
        while waiting:
            path = waiting.pop()
            if path in self._documents:
                continue
            if len(self._documents) >= _MOST_FILES:
                raise ProbeError(f"{first} refers to more than {_MOST_FILES} files")
            self._documents[path] = _absolute(read(path), path, waiting)

    @property
    def first(self) -> Any:
        """The schema itself that was named."""
        return self.target(self._first)

    @property
    def names(self) -> list[str]:
        return list(self._documents)

    def all(self) -> Iterator[Any]:
        yield from self._documents.values()

    @property
    def draft(self) -> str:
        return dialect(self._documents[self._path], self._path).uri

    @property
    def can_be_followed(self) -> bool:
        """Whether all references lead somewhere, by what stands in the files alone."""
        return all(
            self._leads_somewhere(one)
            for document in self.all()
            for one in _references(document, is_first=True)
        )

    def _leads_somewhere(self, reference: str) -> bool:
        return self.target(reference, _NOWHERE) is not _NOWHERE

    def target(self, reference: str, nowhere: Any = True) -> Any:
        """What a reference names; where it cannot be followed here `nowhere`, else the schema of
        any document."""
        path, _, fragment = reference.partition("#")
        found = self._documents.get(path, nowhere)
        if fragment and not fragment.startswith("/"):
            return _anchored(found, fragment, nowhere)
        for part in fragment.split("/")[1:]:
            name = unescaped(part.replace("%25", "%"))
            if isinstance(found, list) and name.isdigit() and int(name) < len(found):
                found = found[int(name)]
            else:
                found = found.get(name, nowhere) if isinstance(found, Mapping) else nowhere
        return found

    def asserts_alone(self, schema: Mapping[str, Any], key: str) -> bool:
        """Whether a keyword is the only one of the schema that can refuse something."""
        return not any(name in ASSERTIONS and name != key for name in schema) or (
            key == "$ref" and self.ignores_beside_references(schema)
        )

    def ignores_beside_references(self, schema: Mapping[str, Any]) -> bool:
        """Whether what stands beside a `$ref` means nothing, as up to draft 7."""
        return "$ref" in schema and "/draft-0" in self.draft


def _absolute(value: Any, path: str, waiting: list[str]) -> Any:
    """The document with absolute references; the files that they name are appended."""
    if isinstance(value, list):
        return [_absolute(one, path, waiting) for one in value]
    if not isinstance(value, Mapping):
        return value
    made = {}
    for key, one in value.items():
        if key == "$ref" and isinstance(one, str) and "://" not in one:
            file, _, fragment = one.partition("#")
            name = posixpath.normpath(posixpath.join(posixpath.dirname(path), file))
            name = name if file else path
            if not name.startswith((".", "/")):
                waiting.append(name)
            made[key] = f"{name}#{fragment}"
        else:
            made[key] = one if key in VALUES else _absolute(one, path, waiting)
    return made


def _anchored(document: Any, name: str, nowhere: Any) -> Any:
    for one in mappings(document):
        if name in (one.get("$anchor"), str(one.get("$id", "")).removeprefix("#")):
            return one
    return nowhere


def _references(document: Any, is_first: bool) -> Iterator[str]:
    """The references of a document. A part with an `$id` of its own resolves them otherwise: it
    gives one that leads nowhere."""
    if isinstance(document, list):
        for one in document:
            yield from _references(one, is_first=False)
    elif isinstance(document, Mapping):
        own = document.get("$id", document.get("id"))
        if isinstance(own, str) and not is_first and not own.startswith("#"):
            yield f"{own}#"
        if isinstance(reference := document.get("$ref"), str):
            yield reference
        for key, one in document.items():
            if key not in VALUES:
                yield from _references(one, is_first=False)


def mappings(document: Any) -> Iterator[Mapping[str, Any]]:
    """All mappings within a document."""
    waiting = [document]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Mapping):
            yield one
            waiting.extend(one.values())
        elif isinstance(one, list):
            waiting.extend(one)
