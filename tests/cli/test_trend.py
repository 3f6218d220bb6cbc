"""specgates trend: a gate by any of its names, its values, and errors that say what next."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from pytest_specgates.cli.main import main
from pytest_specgates.model import PastCheck, PastGate, PastRun, Status
from pytest_specgates.pipeline.history import entries, keep

SLOW = "specs/shop.spec.yaml::perf::fast"


def _run(number: int, seconds: float) -> PastRun:
    milliseconds = PastCheck("p95 latency", "s", seconds, f"{seconds * 1000:g} ms")
    status: Status = "passed" if seconds < 0.01 else "failed"
    tests = PastCheck("failing", "count", 0.0, "0 of 9 failing")
    return PastRun(
        commit=f"{number}" * 40,
        dirty=False,
        stage="pre-merge",
        ended=f"2026-02-0{number}T10:00:00.000Z",
        verdict="passed",
        gates={
            SLOW: PastGate("shop/perf.fast", status, (milliseconds,)),
            "specs/shop.spec.yaml::tests": PastGate("shop/tests", "passed", (tests,)),
            "specs/api.spec.yaml::tests": PastGate("api/tests", "passed", (tests,)),
        },
    )


@pytest.fixture
def history(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "kept"
    for number, seconds in enumerate((0.004, 0.005, 0.012), 1):
        keep(folder, _run(number, seconds))
    return folder


@pytest.mark.parametrize("name", ["shop/perf.fast", "perf.fast", "fast", SLOW])
def test_a_gate_is_found_by_each_of_its_names(
    name: str, history: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["trend", name, "--history", "kept"]) == 0
    assert capsys.readouterr().out == (
        f"shop/perf.fast  {SLOW}  3 runs\n\n"
        "p95 latency  ▁▂█\n\n"
        "commit      ended (UTC)       status  measured  change\n"
        "1111111111  2026-02-01 10:00  passed  4 ms\n"
        "2222222222  2026-02-02 10:00  passed  5 ms      +25 %\n"
        "3333333333  2026-02-03 10:00  failed  12 ms     +140 %\n"
    )


def test_the_last_runs_of_the_configured_history(
    history: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("pytest.ini").write_text("[pytest]\nspecgates_history = kept\n", "utf-8")
    assert main(["trend", "fast", "--last", "1"]) == 0
    assert capsys.readouterr().out.splitlines()[-1].startswith("3333333333")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (
            ["shop/perf.fats", "--history", "kept"],
            'no run in the history has a gate "shop/perf.fats"; did you mean "shop/perf.fast"?\n',
        ),
        (["tests", "--history", "kept"], '"tests" names 2 gates: api/tests, shop/tests\n'),
        (
            ["x", "--history", "nowhere"],
            "nowhere: no run is kept there\n"
            "keep one with: pytest --spec-gates --spec-gates-history=nowhere\n",
        ),
        (
            ["x"],
            "no history is named: give --history DIR, or set `specgates_history` in the pytest "
            "configuration\n",
        ),
    ],
)
def test_errors_say_what_to_do(
    arguments: list[str], told: str, history: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["trend", *arguments]) == 2
    assert capsys.readouterr() == ("", told)


def test_a_number_of_runs_is_one(history: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["trend", "fast", "--history", "kept", "--last", "0"])
    assert '"0" is not a number of runs' in capsys.readouterr().err


def test_what_is_damaged_is_told_and_the_rest_printed(
    history: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    entries(history)[0].path.write_text("{", "utf-8")
    assert main(["trend", "fast", "--history", "kept"]) == 0
    told = capsys.readouterr()
    assert "damaged entry" in told.err
    assert "2 runs" in told.out


def test_a_stream_that_has_no_blocks_gets_none(
    history: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", stream)
    assert main(["trend", "fast", "--history", "kept"]) == 0
    stream.seek(0)
    text = stream.read()
    assert "\\u" not in text
    assert "+140 %" in text


def test_the_page_shows_what_is_printed(history: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = (Path(__file__).parents[2] / "docs" / "history.md").read_text("utf-8")
    line, _, shown = page.partition("$ specgates ")[2].partition("\n")
    assert main(line.split()) == 0
    assert shown.partition("```")[0] == capsys.readouterr().out
