"""Row 8: one of two shards is missing when what they showed is put together."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Project

workers = pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "workers"])


@pytest.fixture
def sharded(shop: Project) -> Project:
    """Two folders of tests, of which each covers a half that the other does not."""
    shop.write(
        "tests/api/test_refused.py",
        """
        import sys, pathlib
        sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "src"))
        import pytest
        import shop

        def test_refused():
            with pytest.raises(ValueError):
                shop.price(-1, 1)
        """,
    )
    shop.spec(
        """
        spec: x
        gates:
          - {id: floor, coverage: '>= 95%', of: src}
          - {id: all, tests: all pass}
          - {id: unit, tests: all pass, of: tests/unit}
          - {id: readme, exists: pytest.ini}
        """
    )
    shop.write(".gitignore", "*.json\n*.xml\n.coverage*\n__pycache__\n")
    shop.commit_all()
    return shop


def merge(project: Project, *arguments: str) -> tuple[int, str, dict[str, Any]]:
    """`specgates merge` in a process of its own: exit code, output, JSON report."""
    report = project.root / "report.json"
    report.unlink(missing_ok=True)
    done = project.specgates("merge", *arguments)
    found = json.loads(report.read_text("utf-8")) if report.is_file() else {}
    return done.returncode, done.stdout + done.stderr, found


def shard(project: Project, number: int, *arguments: str) -> Path:
    file = project.root / f"shard-{number}.json"
    done = project.run_bare(
        "--spec-gates", f"--spec-gates-shard={number}/2:{file.name}", *arguments
    )
    assert done.exit == 0, done.output
    assert file.is_file()
    return file


@workers
def test_both_shards_are_judged_as_one_run(sharded: Project, workers: tuple[str, ...]) -> None:
    shard(sharded, 1, "tests/unit", *workers)
    shard(sharded, 2, "tests/api", *workers)
    code, output, report = merge(
        sharded, "shard-1.json", "shard-2.json", "--report=json:report.json"
    )
    assert code == 0, output
    assert {g["nodeid"].rpartition("::")[2]: g["status"] for g in report["gates"]} == dict.fromkeys(
        ("floor", "all", "unit", "readme"), "passed"
    )
    assert report["verdict"] == "passed"
    whole = sharded.run()
    assert [g["checks"][0]["value"] for g in whole.report["gates"]] == [
        g["checks"][0]["value"] for g in report["gates"]
    ]


def test_one_that_is_missing_leaves_its_gates_unmeasured(sharded: Project) -> None:
    shard(sharded, 1, "tests/unit")
    code, output, report = merge(sharded, "shard-1.json", "--report=json:report.json")
    gates = {g["nodeid"].rpartition("::")[2]: g for g in report["gates"]}
    assert {name: g["status"] for name, g in gates.items()} == {
        "floor": "unmeasured",
        "all": "unmeasured",
        "unit": "unmeasured",
        "readme": "passed",
    }
    assert "shard 2 of 2 is missing" in gates["floor"]["sentence"]
    assert "shard 2 of 2 is missing" in output
    assert (code, report["verdict"]) == (1, "failed")


def test_a_folder_that_no_shard_ran_is_seen(sharded: Project) -> None:
    shard(sharded, 1, "tests/unit")
    shard(sharded, 2, "tests/unit")
    code, _, report = merge(sharded, "shard-1.json", "shard-2.json", "--report=json:report.json")
    gates = {g["nodeid"].rpartition("::")[2]: g for g in report["gates"]}
    assert (gates["all"]["status"], gates["unit"]["status"]) == ("unmeasured", "passed")
    assert "tests/api/test_refused.py is in no shard" in gates["all"]["sentence"]
    assert code == 1


def test_a_test_that_no_shard_selected_is_seen(sharded: Project) -> None:
    shard(sharded, 1, "--deselect", "tests/unit/test_shop.py::test_price")
    shard(sharded, 2, "--deselect", "tests/unit/test_shop.py::test_price")
    code, _, report = merge(sharded, "shard-1.json", "shard-2.json", "--report=json:report.json")
    gates = {g["nodeid"].rpartition("::")[2]: g for g in report["gates"]}
    assert gates["all"]["status"] == "unmeasured"
    assert "tests/unit/test_shop.py::test_price" in gates["all"]["sentence"]
    assert code == 1


def test_combined_coverage_says_nothing_elsewhere(sharded: Project) -> None:
    """What coverage itself does: the data of one shard are combined, and nobody misses one."""
    env = sharded.root / ".coverage.one"
    sharded.run_bare("-p", "no:specgates", "--cov=src", "tests/unit")
    (sharded.root / ".coverage").rename(env)
    run = [sys.executable, "-m", "coverage"]
    assert subprocess.run([*run, "combine"], cwd=sharded.root, check=False).returncode == 0
    floor = [*run, "report", "--fail-under=90"]
    assert subprocess.run(floor, cwd=sharded.root, check=False).returncode == 0
