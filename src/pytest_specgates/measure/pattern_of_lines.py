"""Lines that a schema surely accepts, as one regular expression.

Most files of lines are written by one program: the same keys in the same order, the same blanks.
To match such lines takes a fraction of the time to read and to judge them. What the expression
allows comes from the schema; records of the file only say in which order keys stand, which may be
missing, and which types occur. So it matches no line that is not valid JSON, that has a key twice,
or that the schema refuses. Of a line that it does not match nothing is known yet. Where a schema
asks for what is not translated here there is no expression.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from itertools import islice
from typing import Any
from urllib.parse import unquote

from ..json_schema import unescaped
from .pattern_of_numbers import number
from .pattern_of_texts import literal, text
from .schema_dialects import is_of_its_own
from .schema_parts import TYPES, names_of, type_of

_TRANSLATED = frozenset(
    (
        *("$ref", "additionalProperties", "allOf", "anyOf", "const", "enum", "exclusiveMaximum"),
        *("exclusiveMinimum", "format", "items", "maxItems", "maxLength", "maximum", "minItems"),
        *("minLength", "minimum", "oneOf", "pattern", "properties", "required", "type"),
        "uniqueItems",
    )
)
_REMARKS = frozenset(
    (
        *("$comment", "$defs", "$schema", "default", "definitions", "deprecated", "description"),
        *("example", "examples", "externalDocs", "readOnly", "title", "writeOnly", "xml"),
    )
)
_COMBINED = ("$ref", "allOf", "anyOf", "oneOf")
_REFERENCES = ("$ref", "$dynamicRef", "$recursiveRef")
_DEEPEST = 64
_LONGEST = 20_000
_MOST_WORK = 200_000
"""Signs written, and parts of the schema looked at: neither a schema nor data may cost more."""
_MOST_VALUES = 200
"""Looked at of one place of the schema."""
_MOST_KEYS = 500
_MOST_ITEMS = 1_000_000
_BOOLEAN = "(?:true|false)"

_Alternatives = dict[str, str]
"""An expression for each type that may occur. One that is missing is refused, or did not occur."""


class _NotTranslatedError(Exception):
    """The schema asks for what has no expression here."""


def line_pattern(
    whole: Any, pointer: str, records: Sequence[Any], blank: str
) -> re.Pattern[str] | None:
    """Lines that a schema accepts, the part at `pointer` of a document that is normalized, in the
    layout of these records. `blank` stands behind every comma and colon."""
    made = _Patterns(whole, f",{blank}", f":{blank}")
    try:
        line = _any_of(made.of(made.at(pointer), records).values())
        return re.compile(f"^{line}$", re.MULTILINE) if len(line) <= _LONGEST else None
    except (_NotTranslatedError, RecursionError):
        return None


def _any_of(patterns: Iterable[str]) -> str:
    several = list(patterns)
    if not several:
        raise _NotTranslatedError
    return f"(?:{'|'.join(several)})" if len(several) > 1 else several[0]


class _Patterns:
    """Expressions for the parts of a document, `whole`."""

    def __init__(self, whole: Any, comma: str, colon: str) -> None:
        self.whole = whole
        self.comma = comma
        self.colon = colon
        self.is_alone = _is_alone(whole)
        self.left = _MOST_WORK

    def spend(self, work: int) -> None:
        self.left -= work
        if self.left < 0:
            raise _NotTranslatedError

    def at(self, pointer: str) -> Any:
        """The part at a JSON Pointer, to which a reference within it is not relative."""
        found = self.whole
        for name in unquote(pointer).split("/")[1:]:
            key = unescaped(name)
            if not isinstance(found, Mapping) or key not in found:
                raise _NotTranslatedError
            found = found[key]
            if isinstance(found, Mapping) and _has_own_base(found):
                raise _NotTranslatedError
        return found

    def of(self, schema: Any, values: Iterable[Any], depth: int = 0) -> _Alternatives:
        """What of the types of these values the schema accepts."""
        if schema is False:
            return {}
        schema = {} if schema is True else schema
        if not isinstance(schema, Mapping) or depth > _DEEPEST:
            raise _NotTranslatedError
        self.spend(1 + len(schema))
        asked = schema.keys() - _REMARKS
        if schema is self.whole:
            asked -= {"$id", "id"}
        if asked - _TRANSLATED:
            raise _NotTranslatedError
        some = list(islice(values, _MOST_VALUES))
        for key in _COMBINED:
            if key in asked:
                if len(asked) > 1:
                    raise _NotTranslatedError
                return self._of_combined(key, schema[key], some, depth + 1)
        if asked & {"const", "enum"}:
            if asked - {"const", "enum", "type"}:
                raise _NotTranslatedError
            return self._of_values(schema, {_family(value) for value in some})
        return self._of_types(schema, some, depth + 1)

    def _of_combined(
        self, key: str, value: Any, values: Sequence[Any], depth: int
    ) -> _Alternatives:
        if key == "$ref":
            if not isinstance(value, str) or not re.match(r"#(?:/|$)", value) or not self.is_alone:
                raise _NotTranslatedError
            return self.of(self.at(value[1:]), values, depth)
        if not isinstance(value, list) or (key == "allOf" and len(value) != 1):
            raise _NotTranslatedError
        found: dict[str, dict[str, None]] = {}
        for schema in value:
            for name, pattern in self.of(schema, values, depth).items():
                # An object that two branches may accept would be looked at twice, and so on
                # within it. What two branches accept is one too many for `oneOf`.
                if name in found and (key == "oneOf" or name in ("object", "array")):
                    raise _NotTranslatedError
                found.setdefault(name, {})[pattern] = None
        return {name: self._one_way(name, list(several)) for name, several in found.items()}

    def _one_way(self, name: str, several: Sequence[str]) -> str:
        """Several alternatives of one type. What two of them match is looked at once: what stands
        in a lookahead is not tried again."""
        if len(several) == 1:
            return several[0]
        self.spend(sum(map(len, several)))
        either = _any_of(several)
        if name == "number":
            return f"(?={either}(?![0-9.eE+-])){number({}, is_whole=False)}"
        return f"(?={either}){text({}) if name == 'string' else _BOOLEAN}"

    def _of_types(
        self, schema: Mapping[str, Any], values: Sequence[Any], depth: int
    ) -> _Alternatives:
        allowed = names_of(schema.get("type", list(TYPES)))
        by_type: dict[str, list[Any]] = {}
        for value in values:
            by_type.setdefault(_family(value), []).append(value)
        found: dict[str, str | None] = {}
        for name, some in sorted(by_type.items(), key=lambda one: -len(one[1])):
            if name not in allowed and not (name == "number" and "integer" in allowed):
                continue
            if name == "object":
                found[name] = self._object(schema, some, depth)
            elif name == "array":
                found[name] = self._array(schema, some, depth)
            elif name == "string":
                found[name] = text(schema)
            elif name == "number":
                found[name] = number(schema, is_whole="number" not in allowed)
            else:
                found[name] = "null" if name == "null" else _BOOLEAN
        known = {name: pattern for name, pattern in found.items() if pattern is not None}
        if len(known) < len(found):
            raise _NotTranslatedError
        self.spend(sum(map(len, known.values())))
        return known

    def _object(self, schema: Mapping[str, Any], objects: Sequence[Any], depth: int) -> str:
        required, properties = schema.get("required", []), schema.get("properties", {})
        others = schema.get("additionalProperties", True)
        if not isinstance(required, list) or not isinstance(properties, Mapping):
            raise _NotTranslatedError
        missing = {key for key in required if isinstance(key, str)}
        if len(missing) < len(required):  # engines differ where one stands twice
            raise _NotTranslatedError
        if any(len(one) > _MOST_KEYS for one in objects):
            raise _NotTranslatedError
        needed = frozenset(missing)
        seen = Counter(key for one in objects for key in one)
        members: list[tuple[str, bool]] = []
        order = _in_order(objects)
        if 2 * sum(_stands_in(order, one) for one in objects) < len(objects):
            raise _NotTranslatedError
        for key in order:
            name = literal(key)
            inner = properties.get(key, others)
            try:
                of_key = (one[key] for one in objects if key in one)
                value = _any_of(self.of(inner, of_key, depth).values())
            except _NotTranslatedError:
                name = None
            if name is None:  # a line that has this key is then not matched
                continue
            missing.discard(key)
            is_optional = key not in needed and seen[key] < len(objects)
            members.append((f"{name}{self.colon}{value}", is_optional))
            self.spend(len(members[-1][0]))
        if missing:
            raise _NotTranslatedError
        return rf"\{{{''.join(self._members(members))}\}}"

    def _members(self, members: Sequence[tuple[str, bool]]) -> Iterable[str]:
        needed = [n for n, (_, is_optional) in enumerate(members) if not is_optional]
        last = needed[-1] if needed else -1
        # Behind the last that has to be there, any other may be the last that is.
        end = rf'(?:{self.comma}(?=")|(?=\}}))'
        for place, (member, is_optional) in enumerate(members):
            between = self.comma if place < last else end
            made = member if place == len(members) - 1 else f"{member}{between}"
            yield f"(?:{made})?" if is_optional else made

    def _array(self, schema: Mapping[str, Any], arrays: Sequence[Any], depth: int) -> str:
        least, most = schema.get("minItems", 0), schema.get("maxItems", _MOST_ITEMS)
        if schema.get("uniqueItems", False) is not False:
            raise _NotTranslatedError
        if not isinstance(least, int) or not isinstance(most, int):
            raise _NotTranslatedError
        most = min(most, _MOST_ITEMS)
        items = (one for array in arrays for one in array)
        inner = self.of(schema.get("items", True), items, depth)
        if not inner:
            most = 0
        if most < least:
            raise _NotTranslatedError
        if most == 0:
            return r"\[\]"
        item = _any_of(inner.values())
        self.spend(2 * len(item))
        several = f"{item}(?:{self.comma}{item}){{{max(least - 1, 0)},{most - 1}}}"
        return rf"\[{several}\]" if least > 0 else rf"\[(?:{several})?\]"

    def _of_values(self, schema: Mapping[str, Any], families: Container[str]) -> _Alternatives:
        """Of `enum` and `const`, those values that the type allows too, of types that occur."""
        values = [schema["const"]] if "const" in schema else schema["enum"]
        if ("const" in schema and "enum" in schema) or not isinstance(values, list):
            raise _NotTranslatedError
        allowed = names_of(schema.get("type", list(TYPES)))
        found: dict[str, dict[str, None]] = {}
        for value in values:
            name = type_of(value)
            written: str | None = None
            if name == "string":
                written = literal(value)
            elif name in ("null", "boolean"):
                written = {None: "null", True: "true", False: "false"}[value]
            elif name == "integer" and abs(value) < 10**15:
                written = str(value)
            if written is None:
                raise _NotTranslatedError
            self.spend(len(written))
            is_allowed = name in allowed or (name == "integer" and "number" in allowed)
            if is_allowed and _family(value) in families:
                found.setdefault(_family(value), {})[written] = None
        return {name: _any_of(several) for name, several in found.items()}


def _family(value: Any) -> str:
    """The type of a value, of which whole numbers have none of their own."""
    name = type_of(value)
    return "number" if name == "integer" else name


def _is_alone(document: Any) -> bool:
    """Whether `#/...` in a document is a part of it for sure: neither does it say that it is
    another one, nor are there others, which may say that they are this one."""
    if isinstance(document, Mapping):
        own = document.get("$id", document.get("id"))
        if isinstance(own, str) and "json-schema.org" in own:
            return False
    if is_of_its_own(document):
        return False
    waiting = [document]
    while waiting:
        found = waiting.pop()
        if isinstance(found, list):
            waiting += found
        elif isinstance(found, Mapping):
            refers = (found.get(key) for key in _REFERENCES)
            if any(isinstance(one, str) and not one.startswith("#") for one in refers):
                return False
            waiting += found.values()
    return True


def _has_own_base(schema: Mapping[str, Any]) -> bool:
    return isinstance(schema.get("$id"), str) or isinstance(schema.get("id"), str)


def _in_order(objects: Sequence[Mapping[str, Any]]) -> list[str]:
    """All keys, in the order of the objects that have most of them, and of most such objects."""
    found: list[str] = []
    orders = Counter(map(tuple, objects)).items()
    for keys, _ in sorted(orders, key=lambda one: (-len(one[0]), -one[1])):
        at = 0
        for key in keys:
            if key in found:
                at = max(at, found.index(key) + 1)
            else:
                found.insert(at, key)
                at += 1
        if len(found) > _MOST_KEYS:
            raise _NotTranslatedError
    return found


def _stands_in(order: Sequence[str], keys: Iterable[str]) -> bool:
    """Whether the keys stand in this order."""
    left = iter(order)
    return all(key in left for key in keys)
