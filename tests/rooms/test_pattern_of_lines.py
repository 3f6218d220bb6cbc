"""What the expression for the lines of a file matches is valid: it passes nothing that reading the
line and asking the engine would refuse."""

from __future__ import annotations

import json
import math
import re
import time
from fractions import Fraction
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st
from hypothesis.errors import HypothesisException

from pytest_specgates.measure.conforms_lines import NotJSONError, read_json
from pytest_specgates.measure.documents import documents
from pytest_specgates.measure.pattern_of_lines import line_pattern
from pytest_specgates.measure.pattern_of_numbers import number
from pytest_specgates.measure.pattern_of_texts import FORMATS, of_ecma, text
from pytest_specgates.measure.schema_references import Files

VALIDATORS = [
    jsonschema_rs.Draft4Validator,
    jsonschema_rs.Draft6Validator,
    jsonschema_rs.Draft7Validator,
    jsonschema_rs.Draft201909Validator,
    jsonschema_rs.Draft202012Validator,
]


def written(record: Any, blank: str = " ") -> str:
    return json.dumps(record, ensure_ascii=False, separators=(f",{blank}", f":{blank}"))


def made(schema: Any, *records: Any, blank: str = " ", pointer: str = "") -> re.Pattern[str]:
    found = line_pattern(schema, pointer, records, blank)
    assert found is not None
    return found


def is_valid(schema: Any, line: str, validator: Any = jsonschema_rs.Draft202012Validator) -> bool:
    """By the slow way: what a line that is not matched goes through."""
    try:
        record = read_json(line.encode())
    except NotJSONError:
        return False
    found: bool = validator(schema, validate_formats=True).is_valid(record)
    return found


# --- what is matched ------------------------------------------------------------------------

ORDER = {
    "type": "object",
    "required": ["id", "total", "lines"],
    "additionalProperties": False,
    "$defs": {"line": {"properties": {"sku": {"pattern": "^A-[0-9]{2,4}$"}, "n": {"minimum": 1}}}},
    "properties": {
        "id": {"type": "string", "format": "uuid"},
        "at": {"type": "string", "format": "date-time"},
        "total": {"type": "number", "minimum": 0, "maximum": 1000},
        "lines": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/line"}},
        "state": {"enum": ["new", "sent", None]},
        "note": {"anyOf": [{"type": "string", "maxLength": 9}, {"type": "null"}]},
    },
}
RECORD = {
    "id": "0b6f2f6e-0d3c-4a0b-9d39-3f1b8f2b6a10",
    "at": "2026-11-27T09:30:00.25+01:00",
    "total": 12.5,
    "lines": [{"sku": "A-17", "n": 2}, {"sku": "A-2000", "n": 1}],
    "state": "new",
    "note": "Größe: M",
}


@pytest.mark.parametrize("blank", ["", " "])
def test_lines_that_are_like_the_records(blank: str) -> None:
    least = {key: RECORD[key] for key in ("id", "total", "lines")}
    pattern = made(ORDER, RECORD, {**RECORD, "note": None}, least, blank=blank)
    for record in (RECORD, least, {**least, "note": None}, {**RECORD, "total": 1000}):
        assert pattern.search(written(record, blank))


@pytest.mark.parametrize(
    "change",
    [
        *({"total": -1}, {"total": 1000.5}, {"total": "1"}, {"lines": []}, {"state": "lost"}),
        *({"id": "0b6f2f6e"}, {"at": "2026-02-30T09:30:00Z"}, {"note": "longer than nine"}),
        *({"lines": [{"sku": "B-17"}]}, {"lines": [{"n": 0}]}, {"more": 1}, {"state": 1}),
    ],
)
def test_lines_that_are_invalid(change: dict[str, Any]) -> None:
    pattern = made(ORDER, RECORD, {**RECORD, **change})
    line = written({**RECORD, **change})
    assert not is_valid(ORDER, line)
    assert not pattern.search(line)


@pytest.mark.parametrize(
    "line",
    [
        '{"a": 1, "a": 2}',
        '{"a": 1, "b": 2, }',
        '{"a": 1 "b": 2}',
        '{"a": 01, "b": 2}',
        '{"a": 1, "b": +2}',
        '{"a": 1., "b": 2}',
        '{"a": 1, "b": 2}}',
        '{"a": 1, "b": 2} ',
        '{"a": 1, "b": NaN}',
        '{"a": 1, "b": "x\ty"}',
        '{"a": 1, "b": "\\ud800"}',
        '{"a": 1, "b": "\\x41"}',
        '{"a": \u0661, "b": 2}',
        '{"a": 1, "c": 2}',
        "{}",
        "",
    ],
)
def test_what_is_no_record_or_not_like_them_is_left(line: str) -> None:
    schema = {"required": ["a"], "properties": {"c": False}}
    some = [{"a": 1, "b": 2}, {"a": 1}, {"a": 1, "b": "x"}, {"a": 1, "c": 1}, {"b": 1}]
    assert not made(schema, *some).search(line)


def test_all_members_may_be_missing() -> None:
    pattern = made({}, {"a": 1}, {"b": 2}, {"a": 1, "b": 2, "c": 3}, {})
    for keys in ("", "a", "b", "c", "ab", "ac", "bc", "abc"):
        assert pattern.search(written(dict.fromkeys(keys, 1)))
    for line in ('{,"a": 1}', '{"a": 1,}', '{"a": 1, }', '{"a": 1"b": 1}', '{"b": 1, "a": 1}'):
        assert not pattern.search(line)


@pytest.mark.parametrize(
    "schema",
    [
        {"not": {"type": "string"}},
        {"uniqueItems": True},
        {"items": {"$ref": "other.json"}},
        {"items": {"$ref": "#/$defs/gone"}},
        {"items": {"$ref": "#/$defs/a"}, "$defs": {"a": {"$id": "https://e.org/a"}}},
        {"items": {"$ref": "#/$defs/a/items"}, "$defs": {"a": {"$id": "b", "items": {}}}},
        {"items": {"oneOf": [{"type": "string"}, {"pattern": "a"}]}},
        {"items": {"oneOf": [{"type": "string"}, {"type": "string"}]}},
        {"items": {"oneOf": [{"enum": [1.5]}, {"type": "number"}]}},
        {"items": {"type": "string", "anyOf": [{"minLength": 2}]}},
        {"items": {"format": "regex"}},
        {"items": {"pattern": "a|b"}},
        {"items": {"multipleOf": 2}},
        {"x-own": 1},
        {"minItems": 1_500_000, "maxItems": 2_000_000},
        {"minItems": 10**30, "maxItems": 10**30},
        {"items": {"pattern": "^" + "a?" * 990}},
        {"items": {"anyOf": [{"items": {"type": "string"}}, {"properties": {}}]}},
        # `#` may be something else: engines know this one, and t.json may say that it is this one.
        {
            "$id": "https://json-schema.org/draft/2020-12/meta/validation",
            "items": {"$ref": "#/$defs/a"},
            "$defs": {"a": {}},
        },
        {"items": {"$ref": "#/$defs/a"}, "$defs": {"a": {}, "b": {"$ref": "t.json"}}},
        {"$schema": "own.json", "items": {"$ref": "#/$defs/a"}, "$defs": {"a": {}}},
    ],
)
def test_what_is_not_translated_has_no_expression(schema: Any) -> None:
    assert line_pattern(schema, "", [["a", 1, {}]], " ") is None


@pytest.mark.parametrize(
    ("schema", "records", "line"),
    [
        ({"oneOf": [{"enum": ["x", 1]}, {"type": "string"}]}, [1], "x"),
        ({"oneOf": [{"const": "x"}, {"type": "string"}]}, [], "x"),
        ({"anyOf": [{"const": True}, {"enum": [False, "a"]}]}, [True, "a"], "b"),
    ],
)
def test_branches_of_types_that_did_not_occur(schema: Any, records: list[Any], line: str) -> None:
    items = {"items": schema}
    assert not is_valid(items, written([line]))
    pattern = line_pattern(items, "", [records], " ")
    assert pattern is None or not pattern.search(written([line]))


@pytest.mark.parametrize(
    ("branches", "values"),
    [
        ([{"type": "string"}, {"pattern": "^b+$"}], ["a", "b", "a\n"]),
        ([{"maxLength": 1}, {"format": "date"}], ["a", "2026-11-27"]),
        ([{"type": "integer"}, {"minimum": 10, "maximum": 20}], [-3, 12, 12.5]),
        ([{"const": True}, {"type": ["boolean", "null"]}], [True, False, None]),
    ],
)
def test_branches_that_overlap(branches: list[Any], values: list[Any]) -> None:
    pattern = made({"items": {"anyOf": branches}}, values)
    assert all(pattern.search(written([value, value])) for value in values)


@pytest.mark.parametrize("sign", [1, -1])
def test_bounds_of_very_many_digits(sign: int) -> None:
    for key in LIMITS:
        schema = {"items": {key: sign * 10**400}}
        found = line_pattern(schema, "", [[1]], " ")
        assert (found is not None) == (key.lower().endswith("imum") and (sign > 0) == ("ax" in key))


def test_a_part_of_a_document() -> None:
    whole = {
        "openapi": "3.1.0",
        "components": {"schemas": {"A": {"items": {"$ref": "#/components/schemas/B%20b"}}}},
    }
    whole["components"]["schemas"]["B b"] = {"type": "integer"}  # type: ignore[index]  # as read
    pattern = made(whole, [1], pointer="/components/schemas/A")
    assert pattern.search("[1, 2]")
    assert not pattern.search('[1, "2"]')


def test_a_key_that_is_required_twice() -> None:
    """Where no meta-schema looks, the engine counts it twice."""
    assert line_pattern({"required": ["a", "a"]}, "", [{"a": 1}], " ") is None


def test_a_schema_that_refers_to_itself() -> None:
    tree = {"properties": {"n": {"type": "integer"}, "in": {"items": {"$ref": "#"}}}}
    pattern = made(tree, {"n": 1, "in": [{"n": 2, "in": [{"n": 3}]}]})
    assert pattern.search('{"n": 1, "in": [{"n": 2, "in": []}, {"n": 3, "in": [{"n": 4}]}]}')
    assert not pattern.search('{"n": 1, "in": [{"n": 2, "in": [{"n": "3"}]}]}')


# --- nothing that is wrong ------------------------------------------------------------------

_NAMES = st.sampled_from(["a", "b", "ä", "id", 'q"'])
_SMALL = st.integers(0, 3)
_VALUES = st.sampled_from([None, True, False, 0, 1, -2, "a", "b1", 'q"', 2.5])
_KEYWORDS: dict[str, st.SearchStrategy[Any]] = {
    "minimum": st.integers(-30, 300) | st.floats(-5, 5),
    "maximum": st.integers(-30, 3000) | st.floats(-5, 5),
    "exclusiveMinimum": st.integers(-3, 30) | st.floats(-5, 5),
    "exclusiveMaximum": st.integers(-3, 30) | st.floats(-5, 5),
    "minLength": _SMALL,
    "maxLength": _SMALL,
    "pattern": st.sampled_from(["^a", "^[ab]{1,2}$", "^(a|b1)$", "^[^b]*$", "^.$", "a", "^\\d+"]),
    "format": st.sampled_from([*sorted(FORMATS), "regex", "own"]),
    "enum": st.lists(_VALUES, min_size=1, max_size=3, unique_by=repr),
    "const": _VALUES,
    "minItems": _SMALL,
    "maxItems": _SMALL,
    "uniqueItems": st.booleans(),
    "required": st.lists(_NAMES, max_size=2, unique=True),
    "type": st.lists(
        st.sampled_from(["object", "array", "string", "number", "integer", "boolean", "null"]),
        min_size=1,
        max_size=3,
        unique=True,
    ),
    "title": st.just("t"),
    "multipleOf": st.just(2),
}


def _schemas(keywords: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[Any]:
    def deeper(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
        known = {
            **keywords,
            "properties": st.dictionaries(_NAMES, inner, max_size=3),
            "additionalProperties": inner,
            "items": inner,
            "anyOf": st.lists(inner, min_size=1, max_size=3),
            "oneOf": st.lists(inner, min_size=1, max_size=3),
            "allOf": st.lists(inner, min_size=1, max_size=1),
        }
        return st.lists(st.sampled_from(sorted(known)), max_size=3, unique=True).flatmap(
            lambda names: st.fixed_dictionaries({name: known[name] for name in names})
        )

    return st.recursive(st.booleans() | deeper(st.booleans()), deeper, max_leaves=8)


PARTS = _schemas(_KEYWORDS)
SCHEMAS = _schemas({**_KEYWORDS, "$ref": st.just("#/$defs/d")})
SIGNS = st.sampled_from([*'{}[]",:0123456789.-+eE\\abä ', "", "true", "null", '"a"', ', "a": 1'])


@st.composite
def lines(draw: Any) -> tuple[Any, list[Any], list[str]]:
    """A schema, records of which most are valid, and lines that are theirs or nearly so."""
    schema, part = draw(SCHEMAS), draw(PARTS)
    if isinstance(schema, dict):
        schema = {**schema, "$defs": {"d": part}}
    try:
        jsonschema_rs.meta.validate(schema)
        valid = documents(Files("a.json", lambda _: schema))
        records = draw(st.lists(valid, min_size=1, max_size=4))
    except (HypothesisException, jsonschema_rs.ValidationError, RecursionError, ValueError):
        assume(False)
    texts = [written(record) for record in records]
    changed = []
    for _ in range(draw(st.integers(1, 4))):
        line = draw(st.sampled_from(texts))
        at, until = sorted(draw(st.integers(0, len(line))) for _ in range(2))
        changed.append(line[:at] + draw(SIGNS) + line[draw(st.sampled_from([at, until])) :])
    return schema, records, [*texts, *changed]


@settings(
    deadline=None,
    max_examples=300,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)
@given(lines(), st.data())
def test_what_is_matched_is_valid(case: tuple[Any, list[Any], list[str]], data: Any) -> None:
    schema, records, some = case
    pattern = line_pattern(schema, "", records, " ")
    assume(pattern is not None)
    assert pattern is not None
    some.append(data.draw(st.from_regex(pattern)))
    for line in some:
        for one in line.split("\n"):
            assert not pattern.search(one) or is_valid(schema, one), (schema, one)


def test_the_language_that_is_drawn_is_matched_often() -> None:
    """Else the test above would show nothing."""
    told: list[bool] = []

    @settings(
        deadline=None,
        max_examples=200,
        database=None,
        derandomize=True,
        suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
    )
    @given(lines())
    def look(case: tuple[Any, list[Any], list[str]]) -> None:
        schema, records, some = case
        pattern = line_pattern(schema, "", records, " ")
        told.append(pattern is not None and any(map(pattern.search, some)))

    look()
    assert sum(told) > len(told) / 5


# --- numbers --------------------------------------------------------------------------------

BOUNDS = st.integers(-(10**17), 10**17) | st.integers(-200, 200) | st.floats(-300, 300)
LIMITS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
TEXTS = st.from_regex(r"-?(0|[1-9][0-9]{0,16})(\.[0-9]{1,3})?([eE][+-]?[0-9])?", fullmatch=True)


@settings(deadline=None, max_examples=200)
@given(
    st.fixed_dictionaries(
        {},
        optional=dict.fromkeys(
            ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"), BOUNDS
        ),
    ),
    TEXTS,
    st.booleans(),
    st.data(),
)
@example({"minimum": 10**15, "maximum": 10**15}, "1", True, None)
@example({"maximum": 0}, "-0", True, None)
@example({"maximum": 10**16}, "9e99", False, None)
@example({"exclusiveMaximum": 9.7e26, "minimum": -(10**17)}, "9.7e26", False, None)
def test_numbers_between_bounds(
    schema: dict[str, Any], drawn: str, is_whole: bool, data: Any
) -> None:
    found = number(schema, is_whole=is_whole)
    if found is None:
        return
    pattern = re.compile(found)
    some = [drawn, "0", "-0", "", "1", "-1"]
    some += [data.draw(st.from_regex(pattern, fullmatch=True))] if data is not None else []
    whole = {"type": "integer" if is_whole else "number"}
    for one in some:
        if pattern.fullmatch(one):
            for validator in VALIDATORS[1:]:
                assert is_valid({**schema, **whole}, one, validator), (schema, one)
            assert is_valid(whole, one, jsonschema_rs.Draft4Validator), (schema, one)


@pytest.mark.parametrize(
    ("low", "high"), [(0, 0), (7, 7), (0, 99), (38, 4512), (95, 105), (-12, 7)]
)
def test_every_whole_number_between_bounds(low: int, high: int) -> None:
    whole = re.compile(str(number({"minimum": low, "maximum": high}, is_whole=True)))
    either = re.compile(str(number({"minimum": low, "maximum": high}, is_whole=False)))
    for one in range(-5000, 5000):
        assert bool(whole.fullmatch(str(one))) == (low <= one <= high)
        assert bool(either.fullmatch(str(one))) == (low <= one <= high)
        half = f"{one}.5"
        assert bool(either.fullmatch(half)) == (low <= Fraction(half) <= high)


@pytest.mark.parametrize("bound", [True, "1", None, math.inf])
def test_a_bound_that_is_no_number(bound: Any) -> None:
    assert number({"minimum": 1, "exclusiveMinimum": bound}, is_whole=False) is None


# --- texts ----------------------------------------------------------------------------------


@settings(deadline=None, max_examples=60)
@given(st.data())
@pytest.mark.parametrize("name", sorted(FORMATS))
def test_formats(name: str, data: Any) -> None:
    found = data.draw(st.from_regex(re.compile(FORMATS[name]), fullmatch=True))
    for validator in VALIDATORS:
        assert is_valid({"format": name}, json.dumps(found), validator)


ECMA = {
    "^a$": ("a", "aa"),
    "^a": ("abc", "ba"),
    "^[a-f]+-[0-9]{2,}$": ("abc-123", "abc-1"),
    "^[A-Z]{3}$": ("ABC", "ABCD"),
    "^[A-Z]{2,3}": ("ABx", "Ax"),
    "^\\d{4}/\\d\\d$": ("2026/11", "2026-11"),
    "^\\w+@\\w+\\.org$": ("a_b@c.org", "a_b@c,org"),
    "^[^@ ]+@x$": ("a.b@x", "a b@x"),
    "^(new|sent|lost)$": ("sent", "send"),
    "^(?:a|b):x?$": ("b:", "c:x"),
    "^.{2}-$": ("---", "--"),
    "^[\\w.\\-]{3}$": ("a.-", "a.+"),
    "^x[+-]?$": ("x+", "x*"),
    "^v\\.?[a-z]*": ("v.x", "w"),
}


@pytest.mark.parametrize("written_", ECMA)
def test_simple_expressions_are_translated(written_: str) -> None:
    found = of_ecma(written_)
    assert found is not None
    matching, other = ECMA[written_]
    assert re.fullmatch(found, matching)
    assert not re.fullmatch(found, other)


@pytest.mark.parametrize(
    "written_",
    [
        *("a", "a$", "^a|b$", "^(a+)+$", "^(a|ab)$", "^a*a*b$", "^[a-z]+[a-c]$", "^(?=a)a$"),
        *(
            "^(?!a)b$",
            "^a\\b$",
            "^\\p{L}$",
            "^ä$",
            "^[]a]$",
            "^[^]$",
            '^"$',
            "^\\\\$",
            "^a{1,2}?$",
            "^a++$",
        ),
        *(
            "^\\\\$",
            "^(a)\\1$",
            "^[a-\\d]$",
            "^[[a]$",
            "^a$b",
            "^a^b$",
            "^(a|b)+$",
            "^[a&&b]$",
            "^a{x}$",
        ),
        *("^\\n$", "^\\u0041$", "^\\cA$", "^[\\b]$", "^(?<n>a)$", "^()$", "^(|a)$", "^a{1,2"),
    ],
)
def test_others_are_not(written_: str) -> None:
    assert of_ecma(written_) is None


_ATOMS = st.sampled_from(
    [
        *("a", "b", "[ab]", "[^a]", "[a-c1-3]", "\\d", "\\w", "\\.", ".", "-", "(a|b1)", "(?:b|c)"),
        *("[\\w-]", "[^\\d]", "\\D", "\\W", "/", "\\/", "[.]", "[+--]", "@"),
    ]
)
_TIMES = st.sampled_from(["", "", "", "?", "*", "+", "{2}", "{1,3}", "{2,}", "{0}"])
_SEQUENCES = st.lists(st.tuples(_ATOMS, _TIMES).map("".join), min_size=1, max_size=4).map("".join)


@settings(deadline=None, max_examples=300)
@given(_SEQUENCES, st.sampled_from(["", "$"]), st.text("ab1-._@/cZ", max_size=6), st.data())
def test_what_a_translation_matches_the_engine_does(
    sequence: str, end: str, drawn: str, data: Any
) -> None:
    found = of_ecma(f"^{sequence}{end}")
    assume(found is not None)
    pattern = re.compile(str(found))
    schema = {"pattern": f"^{sequence}{end}"}
    validator = jsonschema_rs.Draft202012Validator(schema)
    for one in (drawn, data.draw(st.from_regex(pattern, fullmatch=True))):
        assert not pattern.fullmatch(one) or validator.is_valid(one), (schema, one)
    if drawn.isascii() and "." not in drawn:
        assert bool(pattern.fullmatch(drawn)) == validator.is_valid(drawn)


def test_what_is_asked_of_a_text_together() -> None:
    asked = {"pattern": "^[a-z]+", "minLength": 3, "maxLength": 5, "format": "hostname"}
    pattern = re.compile(str(text(asked)))
    some = ["abc", "abcde", "ab", "abcdef", "a_c", "Abc", "a.b", 'a"c']
    assert [one for one in some if pattern.fullmatch(f'"{one}"')] == ["abc", "abcde", "a.b"]
    assert text({"minLength": 2, "maxLength": 1}) is None
    assert text({"minLength": "2"}) is None


# --- time -----------------------------------------------------------------------------------


def spent(pattern: re.Pattern[str], line: str) -> float:
    start = time.perf_counter()
    assert not pattern.search(line)
    return time.perf_counter() - start


@pytest.mark.parametrize(
    ("schema", "record", "line"),
    [
        ({}, {"a": "x"}, '{{"a": "{}'),
        ({}, {"a": "\\n"}, '{{"a": "{}\\n\\'),
        ({}, {"a": [1, 2]}, '{{"a": [{}1]'),
        ({"items": {"format": "email"}}, ["a@b.org"], '["{}@'),
        ({"items": {"format": "uri"}}, ["http://a/b"], '["http://a/{}'),
        ({"items": {"pattern": "^[ab]+-[cd]+"}}, ["a-c"], '["{}'),
        ({"items": {"anyOf": [{"type": "string"}, {"minLength": 1}]}}, ["a"], "[{}!"),
        ({"items": {"anyOf": [{"type": "integer"}, {"type": "number"}]}}, [1], "[{}!"),
        ({"items": {"enum": ["a", "a"]}}, ["a"], "[{}!"),
    ],
)
def test_a_line_that_nearly_matches_costs_in_proportion(
    schema: Any, record: Any, line: str
) -> None:
    """200 times the text may take 10,000 times as long here; in a square it would take 40,000."""
    pattern = made(schema, record)
    filling = "a/a.a" if "uri" in str(schema) else "a"
    if "[{}" in line:
        filling = '"a", ' if '"a"' in written(record) else "1, "
    short = min(spent(pattern, line.format(filling * 1_000)) for _ in range(5))
    long = min(spent(pattern, line.format(filling * 200_000)) for _ in range(2))
    assert long < max(short, 5e-6) * 10_000


def _by_references(levels: int) -> Any:
    parts = {f"d{n}": {"anyOf": [{"$ref": f"#/$defs/d{n + 1}"}] * 2} for n in range(levels)}
    return {"$ref": "#/$defs/d0", "$defs": {**parts, f"d{levels}": {"type": "string"}}}


def _nested(depth: int) -> Any:
    return [_nested(depth - 1)] if depth else 1


@pytest.mark.parametrize(
    ("schema", "record"),
    [
        ({}, _nested(60)),
        (_by_references(30), 1),
        ({}, {f"k{number}": 1 for number in range(60_000)}),
        ({"required": [f"k{number}" for number in range(50_000)]}, {"a": 1}),
        (
            {"additionalProperties": {"enum": [f"v{number}" for number in range(20_000)]}},
            {f"k{number}": "v1" for number in range(400)},
        ),
        ({"additionalProperties": {"pattern": "^[" + " -~" * 150 + "]$"}}, {"a": "a"}),
    ],
)
def test_what_an_expression_may_cost(schema: Any, record: Any) -> None:
    start = time.perf_counter()
    found = line_pattern(schema, "", [record] * 10, " ")
    assert time.perf_counter() - start < 5
    assert found is None or len(found.pattern) < 30_000
