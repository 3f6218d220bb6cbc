"""What configuration files say of pytest and coverage, and what of it got looser."""

from __future__ import annotations

import time
from fractions import Fraction
from pathlib import Path

import pytest

from pytest_specgates.errors import ProbeError, SpecError
from pytest_specgates.judge.loosened_settings import compare_settings
from pytest_specgates.measure import config
from pytest_specgates.model import Check, Quantity, Span, Surroundings
from pytest_specgates.read.configuration import coverage_configuration, pytest_configuration

INI = "[pytest]\ntestpaths = tests more\nmarkers =\n  a: first\n  b: second\n"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pytest.ini", INI),
        (".pytest.ini", INI),
        ("tox.ini", INI),
        ("setup.cfg", INI.replace("[pytest]", "[tool:pytest]")),
        (
            "pyproject.toml",
            '[tool.pytest.ini_options]\ntestpaths = ["tests", "more"]\n'
            'markers = ["a: first", "b: second"]\n',
        ),
        (
            "pyproject.toml",
            '[tool.pytest]\ntestpaths = ["tests", "more"]\nmarkers = ["a: first", "b: second"]\n',
        ),
        (
            "pytest.toml",
            '[pytest]\ntestpaths = ["tests", "more"]\nmarkers = ["a: first", "b: second"]\n',
        ),
    ],
)
def test_each_file_of_pytest(name: str, text: str) -> None:
    found = pytest_configuration({name: text})
    assert found.span.path == name
    assert found.items("testpaths") == ("tests", "more")
    assert found.items("markers") == ("a: first", "b: second")
    assert found.items("nothing") == ()


def test_the_first_file_that_speaks_of_pytest_is_taken() -> None:
    texts = {"setup.cfg": "[tool:pytest]\naddopts = -q\n", "tox.ini": "[tox]\n"}
    assert pytest_configuration(texts).items("addopts") == ("-q",)
    assert pytest_configuration({**texts, "pytest.ini": ""}).items("addopts") == ()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (".coveragerc", "[run]\nbranch = true\nomit =\n  a/*\n  b/*\n[report]\nfail_under = 80\n"),
        (
            "setup.cfg",
            "[coverage:run]\nbranch = true\nomit = a/*, b/*\n[coverage:report]\nfail_under = 80\n",
        ),
        (
            "pyproject.toml",
            '[tool.coverage.run]\nbranch = true\nomit = ["a/*", "b/*"]\n'
            "[tool.coverage.report]\nfail_under = 80\n",
        ),
    ],
)
def test_each_file_of_coverage(name: str, text: str) -> None:
    found = coverage_configuration({name: text})
    assert found.items("run.omit") == ("a/*", "b/*")
    assert found.items("run.branch") == ("true",)
    assert found.items("report.fail_under") == ("80",)


@pytest.mark.parametrize(
    ("name", "text"), [("pytest.ini", "no section\n"), ("pyproject.toml", "a = = 1\n")]
)
def test_what_cannot_be_read_is_an_error_with_its_file(name: str, text: str) -> None:
    with pytest.raises(SpecError) as caught:
        pytest_configuration({name: text})
    assert caught.value.path == name


@pytest.mark.parametrize(
    ("name", "base", "now", "kinds"),
    [
        ("run.omit", ["a"], ["a", "b"], ["weakened"]),
        ("run.omit", ["a", "b"], ["a"], ["tightened"]),
        ("report.exclude_also", [], ["pass"], ["weakened"]),
        ("run.source", ["a", "b"], ["a"], ["weakened"]),
        ("run.source", ["a"], ["a", "b"], ["tightened"]),
        ("run.source", [], ["a"], ["weakened"]),
        ("testpaths", ["tests", "more"], ["tests"], ["weakened"]),
        ("markers", ["a: b"], ["a: b", "c: d"], ["tightened"]),
        ("run.branch", ["true"], ["false"], ["weakened"]),
        ("run.branch", ["false"], ["true"], ["tightened"]),
        ("xfail_strict", ["true"], [], ["weakened"]),
        ("report.fail_under", ["80"], ["70"], ["weakened"]),
        ("report.fail_under", ["80"], [], ["weakened"]),
        ("report.fail_under", ["80"], ["90"], ["tightened"]),
        ("addopts", ["-q"], ["-q", "--ignore=tests/a"], ["weakened"]),
        ("addopts", ["-q"], ["-q", "--deselect", "tests/a.py"], ["weakened"]),
        ("addopts", ["-q"], ["-q", "-k", "not slow"], ["weakened"]),
        ("addopts", ["-q"], ["-q", "-p", "no:cov"], ["weakened"]),
        ("addopts", ["--strict-markers"], [], ["weakened"]),
        ("addopts", ["--ignore=a"], [], ["tightened"]),
        ("addopts", ["-q"], ["-v"], ["changed", "changed"]),
        ("specgates_waiver_days", ["30"], ["300"], ["weakened"]),
        ("specgates_waiver_days", ["300"], ["30"], ["tightened"]),
        ("specgates_waiver_days", [], ["30"], ["tightened"]),
        ("log_level", ["INFO"], ["DEBUG"], []),
        ("run.omit", ["a"], ["a"], []),
    ],
)
def test_settings(name: str, base: list[str], now: list[str], kinds: list[str]) -> None:
    span = Span("pytest.ini", 1, 1)
    found = compare_settings("x", {name: tuple(base)}, {name: tuple(now)}, span)
    assert [change.kind for change in found] == kinds


def test_a_line_of_much_space_takes_no_time() -> None:
    began = time.process_time()
    found = pytest_configuration(
        {"pytest.ini": "[pytest]\ntestpaths = a\n  b" + " " * 60_000 + "c"}
    )
    assert found.items("testpaths") == ("a", "b", "c")
    with pytest.raises(SpecError, match="not readable"):
        coverage_configuration({".coveragerc": "[run]\nsource = src\n[repor" + " " * 60_000})
    assert time.process_time() - began < 2


def test_a_line_that_goes_on_from_a_key_without_a_value_is_told() -> None:
    with pytest.raises(SpecError, match="not readable"):
        pytest_configuration({"pytest.ini": "[pytest]\ntestpaths\n  tests\n"})


@pytest.mark.parametrize(
    "text",
    [
        "[" + "a." * 500 + "a]\n",
        "a" + ".a" * 30_000 + " = 1\n",
        "a = " + "[" * 200 + "]" * 200 + "\n",
        "a = " + "[" * 5_000 + "]" * 5_000 + "\n",
        "".join(
            f"[{'.'.join(['a'] * 90)}]\nb{n} = {{c = {'[' * 30}{']' * 30}}}\n" for n in range(1)
        ),
    ],
    ids=["table", "key", "list", "deep list", "both"],
)
def test_toml_that_is_nested_deeply_is_refused(tmp_path: Path, text: str) -> None:
    began = time.process_time()
    with pytest.raises(SpecError, match=r"not TOML: (a key of|nested)"):
        pytest_configuration({"pyproject.toml": text})
    (tmp_path / "a.toml").write_text(text, "utf-8")
    number = Quantity(Fraction(0), "count", "0")
    check = Check("config", "missing", "==", number, subject=("a.toml",), options={"asked": ("a",)})
    with pytest.raises(ProbeError, match=r"a\.toml cannot be read"):
        config.probe(check, Surroundings(tmp_path))
    assert time.process_time() - began < 2


def test_much_space_in_an_ini_file_of_a_gate_takes_no_time(tmp_path: Path) -> None:
    (tmp_path / "a.ini").write_text("[a]\nb = 3\nlong" + " " * 60_000 + "x\n", "utf-8")
    check = Check(
        "config",
        "missing",
        "==",
        Quantity(Fraction(0), "count", "0"),
        subject=("a.ini",),
        options={"asked": ("a.b",)},
    )
    began = time.process_time()
    with pytest.raises(ProbeError, match=r"a\.ini cannot be read"):
        config.probe(check, Surroundings(tmp_path))
    assert time.process_time() - began < 2
