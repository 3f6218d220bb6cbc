from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from main import main
from src import __version__

pytestmark = pytest.mark.integration


@pytest.mark.smoke
def test_info_in_a_subprocess(project_root: Path) -> None:
    result = subprocess.run(
        [sys.executable, "main.py", "--info"],
        cwd=project_root,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert result.returncode == 0, result.stderr
    assert f"lyrics-example {__version__}" in result.stdout


def test_version_agrees_with_pyproject(project_root: Path) -> None:
    text = (project_root / "pyproject.toml").read_text(encoding="utf-8")
    assert f'\nversion = "{__version__}"\n' in text


def test_info(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--info"]) == 0
    output = capsys.readouterr().out
    assert "  lrc_files: enabled, 60000 requests per minute\n" in output
    assert "  readability: easy_from=80, hard_below=50\n" in output


def test_info_shows_disabled_sources(
    write_config: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    source = {"enabled": False, "path": "data/lrc", "requests_per_minute": 0.5}
    path = write_config(data_sources={"lrc_files": source})
    assert main(["--info", "--config", str(path)]) == 0
    assert "  lrc_files: disabled, 0.5 requests per minute\n" in capsys.readouterr().out


def test_benchmark(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--benchmark"]) == 0
    match = re.search(r"^(\d+) analyses per minute$", capsys.readouterr().out, re.MULTILINE)
    assert match and int(match[1]) > 0


def test_health_is_ok_before_and_after_the_first_run(
    write_config: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    path = str(write_config())
    assert main(["--test", "--config", path]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "OK source lrc_files: 4 tracks",
        "OK source catalog_csv: loaded",
        "OK analyzer sentiment: positive (1)",
        "OK analyzer readability: easy (100.24)",
        "OK database: not created yet, opened in memory",
    ]
    assert main(["--run", "--config", path]) == 0
    assert capsys.readouterr().out == "4 tracks and 8 analyses in test.sqlite3\n"
    assert main(["--test", "--config", path]) == 0
    assert "OK database: opened\n" in capsys.readouterr().out


def test_health_reports_every_failure(
    write_config: Callable[..., Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "lrc").mkdir()
    (tmp_path / "test.sqlite3").write_text("plain text, " * 100, encoding="utf-8")
    rate = {"enabled": True, "requests_per_minute": 60000}
    sources = {
        "lrc_files": {**rate, "path": "lrc"},
        "catalog_csv": {**rate, "path": "none.csv"},
    }
    assert main(["--test", "--config", str(write_config(data_sources=sources))]) == 1
    output = capsys.readouterr().out
    assert "FAILED source lrc_files: no tracks\n" in output
    assert "FAILED source catalog_csv: " in output
    assert "FAILED database: file is not a database\n" in output
    assert "OK analyzer sentiment" in output


def test_health_reports_an_inconsistent_database(
    write_config: Callable[..., Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = str(write_config())
    assert main(["--run", "--config", path]) == 0
    connection = sqlite3.connect(tmp_path / "test.sqlite3")
    with connection:
        connection.execute("DELETE FROM tracks WHERE title = 'Timetable'")
    connection.close()
    assert main(["--test", "--config", path]) == 1
    assert "FAILED database: row " in capsys.readouterr().out


def test_configuration_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--info", "--config", str(tmp_path / "none.yaml")]) == 2
    assert capsys.readouterr().err.startswith("configuration error: cannot read")


@pytest.mark.parametrize("arguments", [[], ["--info", "--test"]])
def test_exactly_one_command(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as error:
        main(arguments)
    assert error.value.code == 2
