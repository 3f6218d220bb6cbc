"""What a JSON Schema accepts, as far as reading it shows; and records that may break it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from ..json_schema import unescaped

_KEYWORDS = """
$ref $dynamicRef $recursiveRef additionalItems additionalProperties allOf anyOf const contains
dependencies dependentRequired dependentSchemas disallow divisibleBy else enum
exclusiveMaximum exclusiveMinimum extends format if items maxContains maxItems maxLength
maxProperties maximum minContains minItems minLength minProperties minimum multipleOf not
oneOf pattern patternProperties prefixItems properties propertyNames required then type
unevaluatedItems unevaluatedProperties uniqueItems
"""
ASSERTIONS = frozenset(_KEYWORDS.split())
"""The keywords that can refuse something, in any draft. Any other is a remark: `requird`, too."""
_TYPES = frozenset(("object", "array", "string", "number", "boolean", "null"))
_MOST = 2_000


Known = dict[tuple[str, int], bool]
"""What was found of a part of the document already, or False while it is looked at: a schema
that refers to itself is then followed once."""


def accepts_all(schema: Any, whole: Any, known: Known | None = None) -> bool:
    """Whether the schema surely accepts every record. `whole` is the document it is part of."""
    if not isinstance(schema, Mapping):
        return schema is True
    known = {} if known is None else known
    key = ("accepts", id(schema))
    if key not in known:
        known[key] = False
        known[key] = all(
            _is_void(name, value, schema, whole, known)
            for name, value in schema.items()
            if name in ASSERTIONS
        )
    return known[key]


def _is_void(key: str, value: Any, schema: Mapping[str, Any], whole: Any, known: Known) -> bool:
    """Whether a keyword of the schema refuses nothing."""

    def open_(one: Any) -> bool:
        return accepts_all(one, whole, known)

    if key in ("properties", "patternProperties", "dependentSchemas"):
        return isinstance(value, Mapping) and all(map(open_, value.values()))
    if key in ("allOf", "prefixItems"):
        return isinstance(value, list) and all(map(open_, value))
    if key == "items" and isinstance(value, list):
        return all(map(open_, value))
    if key.startswith(("additional", "unevaluated")) or key in ("items", "propertyNames"):
        return open_(value)
    if key == "anyOf":
        return isinstance(value, list) and any(map(open_, value))
    if key == "oneOf":
        return isinstance(value, list) and len(value) == 1 and open_(value[0])
    if key == "not":
        return refuses_all(value, whole, known)
    if key == "$ref":
        return open_(_target(value, whole))
    if key in ("required", "dependentRequired"):
        return not value
    if key in ("minItems", "minLength", "minProperties"):
        return bool(value == 0)
    if key == "type":
        if isinstance(value, list):
            return {one for one in value if isinstance(one, str)} >= _TYPES
        return bool(value == "any")
    if key == "uniqueItems":
        return value is False
    if key in ("if", "then", "else"):
        return "if" not in schema or all(open_(schema.get(k, True)) for k in ("then", "else"))
    return False


def refuses_all(schema: Any, whole: Any, known: Known | None = None) -> bool:
    """Whether the schema surely refuses every record."""
    if not isinstance(schema, Mapping):
        return schema is False
    known = {} if known is None else known
    key = ("refuses", id(schema))
    if key not in known:
        known[key] = False
        known[key] = _is_shut(schema, whole, known)
    return known[key]


def _is_shut(schema: Mapping[str, Any], whole: Any, known: Known) -> bool:
    def shut(one: Any) -> bool:
        return refuses_all(one, whole, known)

    some, every = schema.get("anyOf"), schema.get("allOf")
    draft = str(whole.get("$schema", "")) if isinstance(whole, Mapping) else ""
    if "$ref" in schema and "/draft-0" in draft:  # what stands beside it means nothing there
        return shut(_target(schema["$ref"], whole))
    return (
        ("not" in schema and accepts_all(schema["not"], whole, known))
        or schema.get("enum") == []
        or (isinstance(every, list) and any(map(shut, every)))
        or (isinstance(some, list) and bool(some) and all(map(shut, some)))
        or ("$ref" in schema and shut(_target(schema["$ref"], whole)))
    )


def _target(reference: Any, whole: Any) -> Any:
    """What a reference within the document names; None where it leads elsewhere."""
    if not isinstance(reference, str) or not reference.startswith("#"):
        return None
    found = whole
    for part in reference[1:].strip("/").split("/") if len(reference) > 1 else ():
        name = unescaped(part)
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


# --- records that may break it --------------------------------------------------------------


def suspects(schema: Any, whole: Any = None) -> Iterator[Any]:
    """Records of every simple shape; then what the schema names itself, with one thing wrong.
    Whether it refuses one of them is for the validator to say. `whole` is the document that the
    schema is part of, if it is not the whole itself."""
    return islice(_wrong(schema, schema if whole is None else whole, 4), _MOST)


def _wrong(schema: Any, whole: Any, deep: int) -> Iterator[Any]:
    yield from (
        None,
        True,
        0,
        -1,
        1.5,
        10**9,
        "",
        "a canary",
        [],
        {},
        [None, None],
        {"a canary": None},
    )
    if not isinstance(schema, Mapping) or deep == 0:
        return
    for key in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"):
        if isinstance(limit := schema.get(key), (int, float)):
            yield from (limit - 1, limit, limit + 1)
    if isinstance(most := schema.get("maxLength"), int) and most < 100_000:
        yield "x" * (most + 1)
    if isinstance(most := schema.get("maxItems"), int) and most < 10_000:
        yield [_sample(schema.get("items"), whole, deep)] * (most + 1)
    inner = [schema.get(key) for key in ("not", "if", "then", "else")]
    for key in ("allOf", "anyOf", "oneOf"):
        inner.extend(schema[key] if isinstance(schema.get(key), list) else ())
    inner.append(_target(schema.get("$ref"), whole))
    fine = _sample(schema, whole, deep)
    for one in inner:
        if one is None:
            continue
        yield _sample(one, whole, deep)
        for wrong in _wrong(one, whole, deep - 1):
            yield wrong
            if isinstance(fine, dict) and isinstance(wrong, dict):
                yield {**fine, **wrong}
    if isinstance(fine, dict):
        yield from ({k: v for k, v in fine.items() if k != left} for left in fine)
        yield {**fine, "a canary": None}
        for name, one in _properties(schema).items():
            yield from ({**fine, name: wrong} for wrong in _wrong(one, whole, deep - 1))
    items = schema.get("items")
    if isinstance(items, Mapping):
        sample = _sample(items, whole, deep)
        yield [sample, sample]
        yield from ([wrong] for wrong in _wrong(items, whole, deep - 1))


def _properties(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    found = schema.get("properties")
    return found if isinstance(found, Mapping) else {}


def _sample(schema: Any, whole: Any, deep: int) -> Any:
    """A record that the schema may accept."""
    if not isinstance(schema, Mapping) or deep == 0:
        return None
    if "const" in schema:
        return schema["const"]
    for key in ("enum", "examples"):
        if isinstance(given := schema.get(key), list) and given:
            return given[0]
    if "$ref" in schema:
        return _sample(_target(schema["$ref"], whole), whole, deep - 1)
    kind = schema.get("type")
    kind = kind[0] if isinstance(kind, list) and kind else kind
    if kind == "object" or "properties" in schema or "then" in schema:
        made = _sample(schema["if"], whole, deep - 1) if "if" in schema else {}
        made = made if isinstance(made, dict) else {}
        return {
            **{str(n): _sample(one, whole, deep - 1) for n, one in _properties(schema).items()},
            **made,
        }
    return {"array": [], "string": "a", "integer": 1, "number": 1, "boolean": True}.get(str(kind))
