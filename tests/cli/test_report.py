"""`specgates report REPORT --format X`: another format of a JSON report, later."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from pytest_specgates.report.formats import FORMATS

REPORTS = Path(__file__).parents[1] / "reports"
SAMPLE = REPORTS / "sample.json"


def report(*arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    done = subprocess.run(
        [sys.executable, "-m", "pytest_specgates", "report", *arguments],
        capture_output=True,
        check=False,
        env={**os.environ, **environment},
    )
    assert b"Traceback" not in done.stderr
    return done


def test_every_format_goes_to_a_file(tmp_path: Path) -> None:
    for name in ("junit", "badge-svg"):
        file = tmp_path / "new" / name
        done = report(str(SAMPLE), "--format", name, "--output", str(file))
        assert (done.returncode, done.stdout) == (0, b"")
        expected = REPORTS / f"sample.{FORMATS[name].default_file}"
        assert file.read_bytes() == expected.read_bytes()


def test_markdown_to_the_standard_output_by_default() -> None:
    done = report(str(SAMPLE), PYTHONIOENCODING="utf-8")
    assert done.returncode == 0
    assert done.stdout.decode() == (REPORTS / "sample.specgates-report.md").read_text("utf-8")


def test_a_stream_that_cannot_hold_a_sign_gets_its_escape(tmp_path: Path) -> None:
    data = json.loads(SAMPLE.read_text("utf-8"))
    data["notes"] = ["größer"]
    file = tmp_path / "report.json"
    file.write_text(json.dumps(data), encoding="utf-8")
    done = report(str(file), PYTHONIOENCODING="ascii")
    assert (done.returncode, b"gr\\xf6\\xdfer" in done.stdout) == (0, True)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "not JSON"),
        ("{}", "not a report of pytest-specgates"),
        ('{"format": "pytest-specgates report", "format_version": 2}', "format_version"),
    ],
)
def test_what_is_no_report(tmp_path: Path, text: str, told: str) -> None:
    file = tmp_path / "report.json"
    file.write_text(text, encoding="utf-8")
    done = report(str(file), "--format", "junit")
    assert done.returncode == 2
    assert done.stdout == b""
    assert told.encode() in done.stderr
    assert b"write it with: pytest --spec-gates" in done.stderr


def test_a_format_that_is_not_known() -> None:
    done = report(str(SAMPLE), "--format", "jnit")
    assert done.returncode == 2
    assert b'"jnit" is not known; did you mean "junit"?' in done.stderr


def test_a_file_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    done = report(str(SAMPLE), "--output", str(tmp_path / "file" / "report.md"))
    assert done.returncode == 1
    assert b"report.md: " in done.stderr
