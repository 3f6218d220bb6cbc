"""Keywords and formats of a JSON Schema that are misspelt: what is none asserts nothing.

An unknown keyword is a remark to every validator. One that is nearly a keyword was not meant so.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Literal, NamedTuple

from .schemas import ASSERTIONS

_ONE = frozenset(
    (
        *("additionalItems", "additionalProperties", "contains", "contentSchema", "else", "if"),
        *("items", "not", "propertyNames", "then", "unevaluatedItems", "unevaluatedProperties"),
    )
)
_LIST = frozenset(("allOf", "anyOf", "items", "oneOf", "prefixItems"))
_MAP = frozenset(
    ("$defs", "definitions", "dependencies", "dependentSchemas", "patternProperties", "properties")
)
_REMARKS = frozenset(
    (
        *("$anchor", "$comment", "$dynamicAnchor", "$id", "$recursiveAnchor", "$schema"),
        *("$vocabulary", "contentEncoding", "contentMediaType", "default", "deprecated"),
        *("description", "discriminator", "example", "examples", "externalDocs", "id", "name"),
        *("nullable", "readOnly", "title", "writeOnly", "xml"),
    )
)
"""Those that assert nothing, of OpenAPI too."""
_KEYWORDS = ASSERTIONS | _ONE | _MAP
_FORMATS = frozenset(
    (
        *("date", "date-time", "duration", "email", "hostname", "idn-email", "idn-hostname"),
        *("ipv4", "ipv6", "iri", "iri-reference", "json-pointer", "regex", "relative-json-pointer"),
        *("time", "uri", "uri-reference", "uri-template", "uuid"),
    )
)
_NEAR_FORMAT = 0.8
"""`emial` and `datetime` are as near to a format; `int32` and `password` are none of these."""
_NEAR = 0.85
"""`requird`, `minimun` and `additionalproperties` are as near to a keyword; `requiredBy` is not."""


class Slip(NamedTuple):
    """A keyword or a format that is none: where it stands (a JSON Pointer), and what was meant."""

    pointer: str
    what: Literal["keyword", "format"]
    written: str
    meant: str


def misspelt(schema: Any) -> Slip | None:
    """The first misspelt keyword, or format: one that is unknown asserts nothing."""
    import difflib

    for pointer, inner in schemas_in(schema):
        form = inner.get("format")
        if isinstance(form, str) and form not in _FORMATS and (meant := _format_near(form)):
            return Slip(f"{pointer}/format", "format", form, meant)
        for key in inner:
            if not isinstance(key, str) or key in _KEYWORDS or key in _REMARKS:
                continue
            near = difflib.get_close_matches(key, _KEYWORDS, 1, _NEAR)
            lower = next((word for word in _KEYWORDS if word.lower() == key.lower()), "")
            if lower or near:
                return Slip(pointer, "keyword", key, lower or near[0])
    return None


@lru_cache(maxsize=256)
def _format_near(written: str) -> str:
    import difflib

    return next(iter(difflib.get_close_matches(written.lower(), _FORMATS, 1, _NEAR_FORMAT)), "")


def schemas_in(schema: Any) -> Iterator[tuple[str, dict[Any, Any]]]:
    """The schema and all in it, each with its pointer."""
    waiting: list[tuple[str, Any]] = [("", schema)]
    while waiting:
        pointer, found = waiting.pop()
        if not isinstance(found, dict):
            continue
        yield pointer, found
        for key, value in found.items():
            place = f"{pointer}/{key}"
            if key in _ONE and isinstance(value, dict):
                waiting.append((place, value))
            elif key in _LIST and isinstance(value, list):
                waiting.extend((f"{place}/{number}", one) for number, one in enumerate(value))
            elif key in _MAP and isinstance(value, dict):
                waiting.extend((f"{place}/{name}", one) for name, one in value.items())
