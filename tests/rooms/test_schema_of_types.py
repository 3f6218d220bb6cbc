"""Types of Python as schemas, and their values as JSON has them."""

from __future__ import annotations

import dataclasses
import datetime
import decimal
import enum
import uuid
from typing import Any, Literal, Optional, TypedDict

import attrs
import msgspec
import pydantic
import pytest

from pytest_specgates.errors import ProbeError
from pytest_specgates.measure.schema_of_types import NotJsonError, plain, schema_of


class Colour(enum.Enum):
    RED = "red"
    BLUE = 2


@dataclasses.dataclass
class Node:
    name: str
    colour: Colour
    kids: list[Node]
    size: Optional[int] = None  # noqa: UP045 - as older code has it


class Row(TypedDict, total=False):
    at: datetime.date
    pair: tuple[int, str]
    by: dict[str, float]
    kind: Literal["a", 1]


@attrs.define
class Disc:
    rows: list[Row]


class Model(pydantic.BaseModel):
    name: str = pydantic.Field(alias="Name")


class Struct(msgspec.Struct):
    name: str


def test_schemas() -> None:
    node = schema_of(Node, for_result=True)
    assert node["$ref"] == "#/$defs/Node"
    assert node["$defs"]["Node"] == {
        "type": "object",
        "properties": {
            "name": {"type": "string"},
            "colour": {"enum": ["red", 2]},
            "kids": {"type": "array", "items": {"$ref": "#/$defs/Node"}},
            "size": {"anyOf": [{"type": "integer"}, {"type": "null"}]},
        },
        "required": ["name", "colour", "kids", "size"],
        "additionalProperties": False,
    }
    row = schema_of(Disc, for_result=True)["$defs"]["Row"]
    assert row["required"] == []
    assert row["properties"] == {
        "at": {"type": "string", "format": "date"},
        "pair": {
            "type": "array",
            "prefixItems": [{"type": "integer"}, {"type": "string"}],
            "minItems": 2,
            "maxItems": 2,
        },
        "by": {"type": "object", "additionalProperties": {"type": "number"}},
        "kind": {"enum": ["a", 1]},
    }
    assert schema_of(Model, for_result=True)["required"] == ["Name"]
    assert schema_of(Struct, for_result=True)["$ref"] == "#/$defs/Struct"
    with pytest.raises(ProbeError, match="has no JSON Schema: name a schema file, or a model"):
        schema_of(decimal.Decimal, for_result=True)


def test_values() -> None:
    node = Node("a", Colour.RED, [Node("b", Colour.BLUE, [])])
    assert plain(node) == {
        "name": "a",
        "colour": "red",
        "kids": [{"name": "b", "colour": 2, "kids": [], "size": None}],
        "size": None,
    }
    assert plain((Model(Name="a"), Struct("b"), Disc([{}]))) == [
        {"Name": "a"},
        {"name": "b"},
        {"rows": [{}]},
    ]
    one = uuid.uuid4()
    assert plain([one, datetime.date(2020, 1, 2)]) == [str(one), "2020-01-02"]


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ({"a": [decimal.Decimal(1)]}, "/a/0: a Decimal is no value of JSON"),
        ({1: 2}, "(the whole result): the key 1 is no text"),
        (float("nan"), "(the whole result): nan is no number of JSON"),
        (b"a", "(the whole result): a bytes is no value of JSON"),
        (Node, "(the whole result): a type is no value of JSON"),
    ],
)
def test_what_is_no_json(value: Any, told: str) -> None:
    with pytest.raises(NotJsonError) as caught:
        plain(value)
    assert str(caught.value) == told
