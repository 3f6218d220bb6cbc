"""What `specgates prove` and lint say of limits is what the one comparison says of values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pytest_specgates import pipeline
from pytest_specgates.errors import ProbeError
from pytest_specgates.judge.compare import compare
from pytest_specgates.judge.proving import failing_value, passing_value, usual
from pytest_specgates.measure import schemas
from pytest_specgates.measure.registry import BUILT_IN
from pytest_specgates.model import (
    Check,
    CounterExample,
    Gate,
    Kind,
    Measurement,
    Possible,
    Surroundings,
    Value,
)
from pytest_specgates.pipeline.proving import prove, reach
from pytest_specgates.understand.condition import limits
from pytest_specgates.understand.doubts import doubts

KINDS = pipeline.kinds(third_party=False)
UNITS = {
    "time": ("ms", "s", "min"),
    "rate": ("/s", "/min"),
    "percent": ("%",),
    "count": ("",),
    "size": (" B", " KiB", " MB"),
    "growth": (" B per call", " kB per 100 calls"),
}
EXAMPLES = settings(max_examples=300, deadline=None)


def status(check: Check, value: Any) -> str:
    return compare(check, Measurement((Value("", value),))).status


@st.composite
def checks(draw: st.DrawFn) -> Check:
    """A check of any kind, by a condition that the grammar of its kind reads."""
    kind = draw(st.sampled_from(BUILT_IN))
    metric = draw(st.sampled_from(kind.metrics))
    op = draw(st.sampled_from(metric.ops))
    number = draw(
        st.integers(-3, 130).map(str)
        | st.decimals(-2, 130, places=2).map(str)
        | st.sampled_from(["0", "100", "0.0", "100.0", "1e3", "1e-9"])
    )
    if metric.is_named_freely:
        statistic = draw(st.sampled_from(["", "mean", "max"]))
        name = draw(st.sampled_from(["accuracy", "exit", "value", "missing"]))
        text = f"{statistic} {name} {op} {number} {draw(st.sampled_from(['', '%', 'ms', 'B']))}"
    elif metric.dimension == "any":
        literal = draw(st.sampled_from([number, "true", "false", "text", '"3"']))
        text = f"{op} {literal}"
    else:
        unit = draw(st.sampled_from(UNITS[metric.dimension]))
        name = f"{metric.words[0] if metric.words else metric.name} "
        name = name if metric.dimension == "count" or draw(st.booleans()) else ""
        text = f"{name}{op} {number}{unit}"
    try:
        (limit,) = limits(text, kind)
    except ValueError:
        assume(False)  # a reading that the grammar refuses is no check
        raise
    asked = draw(st.lists(st.sampled_from(["a", ".", "**"]), min_size=1, max_size=3, unique=True))
    options = {"asked": tuple(asked)} if kind.condition_in == "must" else {}
    return Check(
        kind.name,
        limit.metric,
        limit.op,
        limit.quantity,
        limit.statistic,
        (),
        options,
        is_named_freely=limit.is_named_freely,
    )


def values(check: Check, possible: Possible) -> st.SearchStrategy[Any]:
    """What the check can be measured with."""
    if not isinstance(check.quantity.value, Fraction):
        return st.booleans() | st.text(min_size=1) | st.just(check.quantity.value)
    low, high = possible.lowest, possible.highest
    near = check.quantity.value
    if possible.is_whole:
        whole = st.integers(
            None if low is None else int(low), None if high is None else int(high)
        ).map(Fraction)
        close = st.sampled_from([Fraction(int(near) + d) for d in (-1, 0, 1)])
    else:
        whole = st.fractions(low, high)
        close = st.fractions(near - 1, near + 1)

    def fits(value: Fraction) -> bool:
        above = low is None or value > low or (value == low and not possible.is_open)
        return above and (high is None or value <= high)

    return (whole | close).filter(fits)


@EXAMPLES
@given(st.data())
def test_what_is_said_of_a_check_holds_for_all_values(data: st.DataObject) -> None:
    check = data.draw(checks())
    narrowed = KINDS[check.kind].possible
    gate = gate_of("{exists: a, when: [a, c]}")
    around = Surroundings(root=Path("/nowhere-at-all"))
    possible = (narrowed and narrowed(check, gate, around)) or usual(check)
    # Too few people signed: nobody failed at it.
    missed = "unattested" if check.kind == "attested" else "failed"
    for wanted, found in (
        (missed, failing_value(check, possible)),
        ("passed", passing_value([check], possible)),
    ):
        if found is None:
            drawn = data.draw(values(check, possible))
            assert status(check, drawn) != wanted, drawn
        else:
            assert status(check, found) == wanted


@EXAMPLES
@given(st.data())
def test_limits_of_one_metric_pass_together_or_not(data: st.DataObject) -> None:
    first = data.draw(checks().filter(lambda c: isinstance(c.quantity.value, Fraction)))
    limit = first.quantity.value
    assert isinstance(limit, Fraction)
    op = data.draw(st.sampled_from(["<", "<=", "==", "!=", ">", ">="]))
    more = data.draw(st.integers(-2, 2) | st.fractions(-2, 2))
    second = replace(first, op=op, quantity=replace(first.quantity, value=limit + more))
    possible = usual(first)
    both = [first, second]
    found = passing_value(both, possible)
    drawn = data.draw(values(first, possible)) if found is None else found
    assert (found is not None) == all(status(check, drawn) == "passed" for check in both)


# --- the whole gate --------------------------------------------------------------------------


def gates_of(text: str) -> list[Gate]:
    file = pipeline.load({"x.spec.yaml": text}, KINDS).files["x.spec.yaml"]
    assert file.all_errors == []
    return list(file.gates)


def gate_of(line: str) -> Gate:
    (gate,) = gates_of(f"spec: x\ngates:\n  - {line}\n")
    return gate


@EXAMPLES
@given(st.data())
def test_lint_says_what_prove_says(data: st.DataObject) -> None:
    check = data.draw(checks())
    gate = gate_of("exists: a")
    gate = replace(gate, reading=replace(gate.reading, checks=(check,)))
    around = Surroundings(root=Path("/nowhere-at-all"))
    found = reach(gate, KINDS, around)
    said = {one.rule for one in doubts([gate], lambda one: reach(one, KINDS, around))}
    outcome = prove(gate, KINDS, around).outcome
    assert ("vacuous" in said) == bool(found.cannot_fail) == (outcome == "cannot fail")
    assert ("impossible" in said) == bool(found.cannot_pass)
    if not found.cannot_fail:
        assert ("impossible" in said) == (outcome == "cannot pass")
        assert len(found.failing) == 1


@pytest.mark.parametrize(
    ("line", "cannot"),
    [
        ("Error rate <= 100%", "fail"),
        ("Uptime >= 0%", "fail"),
        ("Uptime >= 110%", "pass"),
        ("Uptime >= 99%", ""),
        ("Growth against the baseline >= 0%", ""),
        ("Frobs frobbed", ""),
        ("exists: [README.md, .]", ""),
        ("exists: [x, .], must: any exists", "fail"),
        ("exists: x.spec.yaml", ""),
        ("exists: './**/*'", "fail"),
        ("exists: docs/**", ""),
        ("exists: [a, b], must: present > 1", ""),
        ("exists: [a, b], must: present > 2", "pass"),
        ("changed: docs/**", ""),
        ("changed: '*'", ""),
        ("changed: [README.md, '**/*'], must: all changed", ""),
        ("changed: ['./', '**/*'], must: all changed", "fail"),
        ("changed: ['**'], must: changed >= 2", ""),
        ("changed: 'docs/**', when: 'src/**'", ""),
        ("changed: ['a/**'], when: ['a/**', 'b/**']", ""),
        ("changed: ['a/**', b], when: ['a/**', 'b/x.py']", "fail"),
        ("changed: ['a/**', b], when: ['a/**', 'b/x.py'], must: all changed", ""),
        ("changed: src, when: src/a.py", "fail"),
        ("changed: 'src/**', when: 'src/*.py'", "fail"),
        ("changed: 'src/*', when: 'src/**'", ""),
        ("changed: 'src/*.py', when: 'src/*'", ""),
        ("changed: 'src/**/*.py', when: 'src/**'", ""),
        ("changed: '**/q', when: 'src/**'", ""),
        ("command: make check", ""),
        ("command: /bin/true", "fail"),
        ("command: env true", "fail"),
        ("command: python -c pass", "fail"),
        ("command: python -c raise", ""),
        ("command: 'sh -c \"make check; true\"'", "fail"),
        ("command: 'sh -c \"make check; exit 0\"'", "fail"),
        ("command: 'sh -c \"set -e; make check; true\"'", ""),
        ("command: 'sh -c \"make check || exit 1; true\"'", ""),
        ("command: 'sh -c \"make check && true\"'", ""),
        ("command: 'sh -c true'", "fail"),
        ("command: echo, must: exit 1", "pass"),
        ("command: exit 3", "pass"),
        ("command: exit 3, must: exit 3", "fail"),
        ("command: x, must: exit != 1000", "fail"),
        ("command: x, must: exit 0 within 0 s", "pass"),
        ("throughput: '> 0/s'", "fail"),
        ("latency: measured", ""),
        ("tests: failing < 0.5", ""),
        ("tests: failing == 0.5", "pass"),
        ("config: a, of: c.yaml, must: '== \"\"'", "pass"),
        ("config: a, of: c.yaml, must: '!= 3'", ""),
        ("attested: review", ""),
    ],
)
def test_a_gate(line: str, cannot: str, tmp_path: Path) -> None:
    gate = gate_of(f"{{{line}}}" if ": " in line and not line.startswith("Growth") else line)
    found = reach(gate, KINDS, Surroundings(root=tmp_path))
    assert (bool(found.cannot_fail), bool(found.cannot_pass)) == (
        cannot == "fail",
        cannot == "pass",
    ), found


def test_a_limit_that_no_value_meets_and_one_that_all_do() -> None:
    gate = gate_of("{latency: 'samples >= 0, p95 < 0 s'}")
    proof = prove(gate, KINDS, Surroundings(root=Path("/nowhere-at-all")))
    assert proof.outcome == "cannot fail"
    assert proof.told == (">= 0 is true of every value", "no value can meet it")
    meant = replace(gate, reading=replace(gate.reading, why="a start"))
    around = Surroundings(root=Path("/nowhere-at-all"))
    assert prove(meant, KINDS, around).outcome == "cannot fail"


# --- kinds of other packages -----------------------------------------------------------------


def other_kind(**more: Any) -> dict[str, Kind]:
    made = replace(KINDS["tests"], name="words", canary=None, possible=None, needs="files", **more)
    return {**KINDS, "words": made}


def test_a_kind_of_another_package_without_a_canary(tmp_path: Path) -> None:
    kinds = other_kind()
    text = "spec: x\ngates:\n  - {words: failing <= 3, of: a}\n"
    (gate,) = pipeline.load({"x.spec.yaml": text}, kinds).files["x.spec.yaml"].gates
    proof = prove(gate, kinds, Surroundings(root=tmp_path))
    assert proof.outcome == "can fail"
    assert proof.told == ("4 fails failing <= 3",)


def broken(check: Check, wrong: Value, around: Surroundings) -> CounterExample:
    raise KeyError("x")


def absent(check: Check, wrong: Value, around: Surroundings) -> CounterExample:
    raise ProbeError("the tool is not there")


def blind(check: Check, wrong: Value, around: Surroundings) -> CounterExample:
    return CounterExample(Measurement((Value("", Fraction(0)),)))


def sharp(check: Check, wrong: Value, around: Surroundings) -> CounterExample:
    return CounterExample(Measurement((wrong,)))


@pytest.mark.parametrize(
    ("canary", "outcome", "told"),
    [
        (broken, "not shown", "the probe of `words` broke: KeyError: 'x'"),
        (absent, "not shown", "the tool is not there"),
        (blind, "not caught", "is not refused: 0, required failing <= 3"),
        (sharp, "can fail", "is refused: 4, required failing <= 3"),
    ],
)
def test_a_kind_of_another_package(canary: Any, outcome: str, told: str, tmp_path: Path) -> None:
    kinds = {**KINDS, "words": replace(other_kind()["words"], canary=canary)}
    text = "spec: x\ngates:\n  - {words: failing <= 3, of: a}\n"
    (gate,) = pipeline.load({"x.spec.yaml": text}, kinds).files["x.spec.yaml"].gates
    proof = prove(gate, kinds, Surroundings(root=tmp_path))
    assert proof.outcome == outcome
    assert told in proof.told[-1]


# --- what a schema accepts -------------------------------------------------------------------


@pytest.mark.parametrize(
    "schema",
    [
        True,
        {},
        {"title": "x", "$defs": {"a": {"type": "string"}}, "requird": ["a"]},
        {"properties": {"a": True}, "additionalProperties": {}, "required": []},
        {"type": ["object", "array", "string", "number", "boolean", "null"]},
        {"anyOf": [{"type": "string"}, {}]},
        {"oneOf": [{}]},
        {"allOf": [{}, {"minItems": 0}]},
        {"not": False},
        {"not": {"enum": []}},
        {"$ref": "#/$defs/a", "$defs": {"a": {"description": "x"}}},
        {"if": {"type": "string"}, "then": {}},
        {"then": {"type": "string"}},
        {"items": {}, "uniqueItems": False},
    ],
)
def test_a_schema_that_accepts_everything(schema: Any) -> None:
    assert schemas.accepts_all(schema, schema)
    assert refusals(schema) == []


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "object"},
        {"required": ["a"]},
        {"properties": {"a": {"type": "integer"}}},
        {"properties": {"a": {"properties": {"b": {"minimum": 3}}}}},
        {"items": {"required": ["a"]}},
        {"anyOf": [{"type": "string"}, {"type": "object", "required": ["a"]}]},
        {"oneOf": [{}, {}]},
        {"allOf": [{}, {"minItems": 1}]},
        {"$ref": "#/$defs/a", "$defs": {"a": {"maxLength": 3}}},
        {
            "if": {"properties": {"kind": {"const": "song"}}, "required": ["kind"]},
            "then": {"required": ["isrc"]},
        },
        {"properties": {"date": {"format": "date"}}},
        {"uniqueItems": True},
        {"maxItems": 40},
        {"additionalProperties": False},
        {"not": {"const": "only this"}},
        {"properties": {"a": {"items": {"properties": {"b": {"pattern": "^x"}}}}}},
        False,
    ],
)
def test_a_record_that_a_schema_refuses_is_found(schema: Any) -> None:
    assert not schemas.accepts_all(schema, schema)
    assert refusals(schema) != []


def refusals(schema: Any) -> list[Any]:
    from jsonschema import Draft202012Validator

    validator = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    return [one for one in schemas.suspects(schema) if not validator.is_valid(one)]


@pytest.mark.parametrize(
    ("schema", "refuses"),
    [
        (False, True),
        ({"not": {}}, True),
        ({"enum": []}, True),
        ({"allOf": [{}, False]}, True),
        ({"anyOf": [False, {"not": True}]}, True),
        ({"$ref": "#/$defs/a", "$defs": {"a": False}}, True),
        ({"$ref": "#"}, False),
        ({"$ref": "#/definitions/a", "not": {}, "definitions": {"a": {}}}, True),
        (
            {
                "$schema": "http://json-schema.org/draft-07/schema#",
                "$ref": "#/definitions/a",
                "not": {},
                "definitions": {"a": {}},
            },
            False,
        ),
        ({"anyOf": [False, {}]}, False),
        ({"type": "object"}, False),
        (True, False),
    ],
)
def test_a_schema_that_refuses_everything(schema: Any, refuses: bool) -> None:
    assert schemas.refuses_all(schema, schema) == refuses


def test_every_keyword_that_can_refuse_is_known() -> None:
    from jsonschema import validators

    def keywords() -> Iterator[str]:
        for name in ("Draft3", "Draft4", "Draft6", "Draft7", "Draft201909", "Draft202012"):
            yield from getattr(validators, f"{name}Validator").VALIDATORS

    assert set(keywords()) <= schemas.ASSERTIONS


def test_a_schema_that_is_a_knot() -> None:
    knot = {"$ref": "#", "allOf": [{"$ref": "#"}], "properties": {"a": {"$ref": "#"}}}
    assert not schemas.accepts_all(knot, knot)
    assert len(list(schemas.suspects(knot))) <= 2_000
    names = [f"#/$defs/{n}" for n in range(40)]
    some = {"anyOf": [{"$ref": name} for name in names]}
    wide = {**some, "$defs": {str(n): {**some, "minItems": 1} for n in range(40)}}
    assert not schemas.accepts_all(wide, wide)
    assert not schemas.refuses_all(wide, wide)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner),
    max_leaves=8,
)
SCHEMA = st.recursive(
    st.booleans() | st.just({}) | st.sampled_from([{"type": "string"}, {"minItems": 0}]),
    lambda inner: st.one_of(
        st.fixed_dictionaries({"allOf": st.lists(inner, min_size=1, max_size=2)}),
        st.fixed_dictionaries({"anyOf": st.lists(inner, min_size=1, max_size=2)}),
        st.fixed_dictionaries({"oneOf": st.lists(inner, min_size=1, max_size=2)}),
        st.fixed_dictionaries({"not": inner}),
        st.fixed_dictionaries({"if": inner, "then": inner, "else": inner}),
        st.fixed_dictionaries({"properties": st.dictionaries(st.sampled_from("ab"), inner)}),
        st.fixed_dictionaries({"items": inner, "additionalProperties": inner}),
    ),
    max_leaves=5,
)


@EXAMPLES
@given(SCHEMA, JSON)
def test_what_is_said_of_a_schema_holds_for_all_records(schema: Any, record: Any) -> None:
    from jsonschema import Draft202012Validator

    is_valid = Draft202012Validator(schema).is_valid(record)
    assert is_valid or not schemas.accepts_all(schema, schema)
    assert not (is_valid and schemas.refuses_all(schema, schema))
