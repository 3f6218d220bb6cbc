"""The drafts of JSON Schema: which one a document is written in, and what OpenAPI makes of it."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import quote

from ..errors import ProbeError, did_you_mean
from ..json_schema import VALUES
from .keywords import schemas_in


class Dialect(NamedTuple):
    """A draft: the URI of its meta-schema, and its name for the validator."""

    uri: str
    name: str

    def validator(self) -> Any:
        import jsonschema_rs

        return getattr(jsonschema_rs, f"{self.name}Validator")


_OLD = "http://json-schema.org"
_NEW = "https://json-schema.org"
NEWEST = Dialect(f"{_NEW}/draft/2020-12/schema", "Draft202012")
_DRAFT_4 = Dialect(f"{_OLD}/draft-04/schema#", "Draft4")
_DIALECTS = {
    "json-schema.org/draft-04/schema": _DRAFT_4,
    "json-schema.org/draft-06/schema": Dialect(f"{_OLD}/draft-06/schema#", "Draft6"),
    "json-schema.org/draft-07/schema": Dialect(f"{_OLD}/draft-07/schema#", "Draft7"),
    "json-schema.org/draft/2019-09/schema": Dialect(f"{_NEW}/draft/2019-09/schema", "Draft201909"),
    "json-schema.org/draft/2020-12/schema": NEWEST,
    "json-schema.org/schema": NEWEST,
    "spec.openapis.org/oas/3.1/dialect/base": NEWEST,
}


def dialect(document: Any, name: str) -> Dialect:
    """The draft of a document: by `$schema`, by the version of OpenAPI, else the newest. Raises
    ProbeError for one that is not known."""
    if not isinstance(document, Mapping):
        return NEWEST
    written = document.get("$schema", document.get("jsonSchemaDialect"))
    if written is None:
        return _DRAFT_4 if _is_openapi_3_0(document) else NEWEST
    if not isinstance(written, str):
        raise ProbeError(f"{name} is not a valid JSON Schema: `$schema` is not a text")
    known = _known(document)
    if known is None:
        uris = [one.uri for one in _DIALECTS.values()]
        raise ProbeError(
            f'{name}: "$schema" is "{written[:200]}", which is no draft that is known; '
            + did_you_mean(written, uris)
        )
    return known


def normalized(document: Any) -> Any:
    """The document with its `$schema` as the draft itself writes it; of OpenAPI 3.0, `nullable` as
    a type; of draft 4, which does not know it, `const` as an `enum`: else it would assert nothing.
    """
    if not isinstance(document, Mapping):
        return document
    if _is_openapi_3_0(document):
        document = _without_nullable(document)
    known = _known(document)
    if known is _DRAFT_4:
        document = _with_const(document)
    return {**document, "$schema": known.uri} if known and "$schema" in document else document


def with_uris(value: Any) -> Any:
    """A document in whose references stands nothing that may not stand in a URI: generators write
    `#/definitions/List<Item>`."""
    if isinstance(value, list):
        return [with_uris(one) for one in value]
    if not isinstance(value, Mapping):
        return value
    return {
        key: quote(one, safe=IN_URIS)
        if key == "$ref" and isinstance(one, str)
        else (one if key in VALUES else with_uris(one))
        for key, one in value.items()
    }


IN_URIS = "%/:?#[]@!$&'()*+,;=~"


def is_of_its_own(document: Any) -> bool:
    """Whether the document names a meta-schema that is no draft: it may be a file."""
    written = document.get("$schema") if isinstance(document, Mapping) else None
    return isinstance(written, str) and _known(document) is None


def _known(document: Mapping[str, Any]) -> Dialect | None:
    written = document.get("$schema", document.get("jsonSchemaDialect"))
    return _DIALECTS.get(_bare(written)) if isinstance(written, str) else None


def is_openapi(document: Any) -> bool:
    """Whether a document has schemas in it, and is none itself."""
    return isinstance(document, Mapping) and ("openapi" in document or "swagger" in document)


def _bare(uri: str) -> str:
    return uri.partition("://")[2].rstrip("#").rstrip("/")


def _is_openapi_3_0(document: Mapping[str, Any]) -> bool:
    return str(document.get("openapi", "")).startswith("3.0") or "swagger" in document


def _with_const(document: Mapping[str, Any]) -> Mapping[str, Any]:
    if not any("const" in inner for _, inner in schemas_in(document)):
        return document
    made = copy.deepcopy(document)
    for _, inner in schemas_in(made):
        if "const" in inner:
            only = {"enum": [inner.pop("const")]}
            own = inner.get("allOf")
            inner["allOf"] = [*(own if isinstance(own, list) else ()), only]
    return made


def _without_nullable(value: Any) -> Any:
    if isinstance(value, list):
        return [_without_nullable(one) for one in value]
    if not isinstance(value, Mapping):
        return value
    made = {key: _without_nullable(one) for key, one in value.items()}
    if made.get("nullable") is True and isinstance(made.get("type"), str):
        made["type"] = [made["type"], "null"]
        if isinstance(made.get("enum"), list) and None not in made["enum"]:
            made["enum"] = [*made["enum"], None]
    return made
