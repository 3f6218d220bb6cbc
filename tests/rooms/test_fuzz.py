"""Texts that nobody meant: a result, or an error with its place; never a traceback."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_specgates import pipeline
from pytest_specgates.errors import SpecError
from pytest_specgates.yaml12 import documents

ROOT = Path(__file__).parents[2]
KINDS = pipeline.kinds(third_party=False)
PIECES = st.sampled_from(
    [
        *(
            "spec: x\n",
            "gates:\n",
            "  - ",
            "- ",
            ": ",
            "{",
            "}",
            "[",
            "]",
            "&a ",
            "*a",
            "!t ",
            "<<: ",
        ),
        *("\n", "  ", "\t", "#", '"', "'", "`", "|", ">", "---\n", "```yaml\n", "```\n", "# H\n"),
        *("coverage: ", ">= 90%", "latency: p95 < 500 ms", "tests: all pass", "conforms: ", "of: "),
        *(
            "- [ ] a\n",
            "validation:\n",
            "bindings:\n",
            "waivers:\n",
            "p(95)<200",
            "1e999",
            "\ud800",
        ),
        *("²", "٣", "\x00", "\ufeff", "≥", "é", "99999999999999999999", "NaN", ".inf", "-0"),
    ]
)
TEXTS = st.lists(st.one_of(PIECES, st.text(max_size=5)), max_size=30).map("".join)
NAMES = st.sampled_from(
    [
        *("x.spec.yaml", "a.md", "bindings.yaml", "waivers.yaml", "codecov.yml", "x.slo.yaml"),
        *(
            "requirements.md",
            "spec.md",
            "tasks.md",
            "load.k6.js",
            "lighthouserc.json",
            "budget.json",
        ),
    ]
)


@settings(max_examples=400, deadline=None)
@given(NAMES, TEXTS)
def test_a_text_of_any_name(name: str, text: str) -> None:
    for file in pipeline.load({name: text}, KINDS).files.values():
        for error in file.all_errors:
            assert error.path == name
            assert error.line >= 1


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_yaml(text: str) -> None:
    line = 1
    try:
        list(documents(text, "x.yaml"))
    except SpecError as error:
        line = error.line
    assert 1 <= line <= text.count("\n") + text.count("\r") + 2


@pytest.mark.parametrize(
    "text",
    [
        "spec: -0\nates:\n  - exists: {path: README.md}\n>   - tests: [a, b≤  - exists: []\n> ",
        "spec: x\ngates:\n  - exists: \ud800\n",
        "spec: &a [x, x]\ngates: [*a, *a]\n",
    ],
)
def test_texts_that_once_broke_it(text: str) -> None:
    (file,) = pipeline.load({"x.spec.yaml": text}, KINDS).files.values()
    assert file.all_errors


def test_aliases_that_stand_for_much_are_refused() -> None:
    rows = "a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n"
    rows += "".join(
        f"{two}: &{two} [{', '.join([f'*{one}'] * 10)}]\n"
        for one, two in zip("abc", "bcd", strict=True)
    )
    with pytest.raises(SpecError, match="more than 10,000"):
        list(documents(rows + f"e: [{', '.join(['*d'] * 5)}]\n", "x.yaml"))


def test_the_script_finds_nothing() -> None:
    done = subprocess.run(
        [sys.executable, "scripts/fuzz.py", "--inputs", "2000", "--seed", "3"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert "2000 inputs, 0 findings" in done.stdout
