from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from main import main

pytestmark = pytest.mark.integration

Diagnose = Callable[[Path], subprocess.CompletedProcess[str]]


@pytest.fixture
def diagnose(project_root: Path) -> Diagnose:
    script = Path("scripts", "tools", "database_diagnostics.py")

    def run(config: Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, str(script), "--config", str(config)],
            cwd=project_root,
            capture_output=True,
            text=True,
            timeout=60,
        )

    return run


def test_without_a_database(
    diagnose: Diagnose, write_config: Callable[..., Path], tmp_path: Path
) -> None:
    result = diagnose(write_config())
    assert result.returncode == 0, result.stderr
    assert "tracks: 4 rows\nanalyses: 8 rows\nintegrity: ok\n" in result.stdout
    assert [path.name for path in tmp_path.iterdir()] == ["config.yaml"]


def test_with_a_database(diagnose: Diagnose, write_config: Callable[..., Path]) -> None:
    path = write_config()
    assert main(["--run", "--config", str(path)]) == 0
    result = diagnose(path)
    assert result.returncode == 0, result.stderr
    assert result.stdout.startswith("database: test.sqlite3\n")


def test_empty_database(
    diagnose: Diagnose, write_config: Callable[..., Path], tmp_path: Path
) -> None:
    (tmp_path / "test.sqlite3").touch()
    result = diagnose(write_config())
    assert result.returncode == 1
    assert "problem: tracks is empty\n" in result.stderr


def test_damaged_database(
    diagnose: Diagnose, write_config: Callable[..., Path], tmp_path: Path
) -> None:
    (tmp_path / "test.sqlite3").write_text("plain text, " * 100, encoding="utf-8")
    result = diagnose(write_config())
    assert result.returncode == 1
    assert "problem: file is not a database\n" in result.stderr
