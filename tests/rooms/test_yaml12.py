"""The bounded reader of YAML: values of YAML 1.2, places, limits."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from pytest_specgates.errors import SpecError
from pytest_specgates.yaml12 import Limits, documents, plain


def read(text: str) -> Any:
    return [plain(node) for node in documents(text, "x.yaml")]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("on", "on"),
        ("no", "no"),
        ("yes", "yes"),
        ("true", True),
        ("False", False),
        ("1:30", "1:30"),
        ("012", 12),
        ("0o14", 12),
        ("0x1F", 31),
        ("1_000", "1_000"),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("-.inf", float("-inf")),
        ("~", None),
        ("2026-01-31", "2026-01-31"),
        ('"true"', "true"),
        ("'1'", "1"),
        ("!!str 1", "1"),
    ],
)
def test_scalars_are_those_of_yaml_1_2(text: str, value: object) -> None:
    assert read(f"- {text}") == [[value]]


# Without controls and line separators, which JSON and YAML write in different ways.
texts = st.text(st.characters(categories=["L", "M", "N", "P", "S", "Zs"]))
json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)


@given(json_values)
def test_json_is_read_as_json(value: object) -> None:
    assert read(json.dumps(value, ensure_ascii=False)) == [value]


@given(st.text(alphabet="ab:- \n[]{}&*!|>'\"#%@`,?\t\u00e9", max_size=60))
def test_any_text_gives_values_or_an_error_with_its_line(text: str) -> None:
    errors = []
    try:
        read(text)
    except SpecError as error:
        errors.append(error)
    for found in errors:
        assert 1 <= found.line <= text.count("\n") + 2
        assert found.path == "x.yaml"


def test_places_count_from_one_and_from_the_offset_given() -> None:
    (node,) = documents("a:\n  - é: b\n", "x.md", first_line=10, first_column=3)
    item = node.pairs[0][1].items[0]
    assert (item.line, item.column) == (11, 7)
    key, value = item.pairs[0]
    assert (key.text, value.line, value.column) == ("é", 11, 10)


def test_deep_nesting_is_an_error_and_no_crash() -> None:
    for text in ("[" * 100_000, "{a: " * 100_000, "- " * 100_000):
        with pytest.raises(SpecError, match="nested deeper"):
            read(text)


def test_an_alias_bomb_is_an_error_in_bounded_time() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    for n in range(1, 9):
        lines.append(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]")
    start = time.perf_counter()
    with pytest.raises(SpecError, match="aliases written out"):
        read("\n".join(lines))
    assert time.perf_counter() - start < 5


def test_an_alias_within_itself_is_an_error() -> None:
    with pytest.raises(SpecError, match="complete before it"):
        read("a: &a [*a]")


def test_a_text_over_the_limit_is_an_error() -> None:
    with pytest.raises(SpecError, match="at most 10"):
        list(documents("a" * 11, "x.yaml", limits=Limits(characters=10)))


def test_the_values_are_those_of_pyyaml_where_the_two_yamls_agree() -> None:
    text = "a: &x {b: [1, 2.5, null, text]}\nc: *x\nd: |\n  one\n  two\ne: >\n  one\n  two\n"
    assert read(text) == [yaml.safe_load(text)]


def test_a_number_of_thousands_of_digits_is_a_text() -> None:
    assert read("9" * 5_000) == ["9" * 5_000]
