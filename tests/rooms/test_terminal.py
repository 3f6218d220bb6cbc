"""The terminal's lines: the worst first, aligned in columns, what passed counted."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_specgates.report.recorded import read_report
from pytest_specgates.report.restored import restored
from pytest_specgates.report.terminal import cells, cut, render, text_of

REPORTS = Path(__file__).parents[1] / "reports"
REPORT = restored(read_report((REPORTS / "sample.json").read_text("utf-8")))


@pytest.mark.parametrize(
    ("name", "width", "verbosity", "show"),
    [
        ("quiet", 80, -1, "auto"),
        ("plain", 80, 0, "auto"),
        ("narrow", 44, 0, "auto"),
        ("wide", 140, 0, "failed"),
        ("verbose", 100, 1, "auto"),
        ("very-verbose", 100, 2, "auto"),
    ],
)
def test_a_terminal_is_as_its_snapshot(
    name: str, width: int, verbosity: int, show: str, request: pytest.FixtureRequest
) -> None:
    lines = render(REPORT, width, verbosity, show)
    shown = "".join(f"{text_of(line).rstrip()}\n" for line in lines)
    snapshot = REPORTS / f"terminal-{name}.txt"
    if request.config.getoption("--update-snapshots"):
        snapshot.write_text(shown, encoding="utf-8")
    assert shown == snapshot.read_text("utf-8")


def test_only_the_words_that_matter_have_a_colour() -> None:
    styled = [part for line in render(REPORT, 80) for part in line if part[1]]
    assert ("failed         ", "red") in styled
    assert ("waived         ", "cyan") in styled
    assert ("passed         ", "green") in styled
    assert ("3 failed", "red") in styled
    assert styled[-1] == ("FAILED: 4 of 10 gates block, 1 spec error", "red")


def test_columns_are_those_that_a_terminal_shows() -> None:
    assert [cells(text) for text in ("abc", "数値", "e\u0301", "")] == [3, 4, 1, 0]
    assert cut("数値が高い", 8) == "数値..."
    assert cut("abcdef", 6) == "abcdef"
    assert cut("abcdefg", 6) == "abc..."
