"""Row 9: the same shard twice, shards of two commits, shards with different specs."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Project


@pytest.fixture
def sharded(shop: Project) -> Project:
    shop.spec("spec: x\ngates:\n  - {id: all, tests: all pass}\n")
    shop.write(".gitignore", "*.json\n*.xml\n.coverage*\n__pycache__\nrunpytest-*\nstd*\n")
    shop.commit_all()
    done = shop.run_bare("--spec-gates", "--spec-gates-shard=1/2")
    assert done.exit == 0, done.output
    # The second shard, as the same run would have written it.
    shard = json.loads((shop.root / ONE).read_text("utf-8"))
    (shop.root / TWO).write_text(json.dumps({**shard, "number": 2}), encoding="utf-8")
    return shop


ONE, TWO = "specgates-shard-1-of-2.json", "specgates-shard-2-of-2.json"


def test_shards_of_one_run_are_merged(sharded: Project) -> None:
    command = [sys.executable, "-m", "pytest_specgates", "merge", ONE, TWO]
    assert subprocess.run(command, cwd=sharded.root, check=False).returncode == 0


def refused(project: Project, *shards: str) -> str:
    """Why the shards are not merged. No report is written, and the exit code is 2."""
    done = project.specgates("merge", *shards, "--report=json:report.json")
    assert done.returncode == 2, done.stdout
    assert not (project.root / "report.json").exists()
    assert "Traceback" not in done.stderr
    return done.stderr


def test_the_same_shard_twice(sharded: Project) -> None:
    assert f"shard 1 of 2 is given twice: {ONE}, {ONE}" in refused(sharded, ONE, ONE)


def test_shards_of_two_commits(sharded: Project) -> None:
    sharded.write("src/other.py", "x = 1\n")
    sharded.commit_all("another")
    sharded.run_bare("--spec-gates", "--spec-gates-shard=2/2")
    assert f"{ONE} is of commit" in refused(sharded, ONE, TWO)
    assert "check it out" in refused(sharded, TWO, ONE)


def test_shards_with_other_specs(sharded: Project) -> None:
    sharded.spec("spec: x\ngates:\n  - {id: all, tests: <= 3 failing}\n")
    assert f"{ONE} is of other specs" in refused(sharded, ONE, TWO)


def _edited(field: str, value: Any) -> Callable[[dict[str, Any]], None]:
    def edit(data: dict[str, Any]) -> None:
        data[field] = value

    return edit


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        (_edited("count", 3), f"{ONE} is shard 1 of 2, {TWO} is shard 2 of 3"),
        (_edited("number", 7), "there is no such shard"),
        (_edited("count", 10**18), "count: 1000000000000000000 is greater than the maximum"),
        (_edited("whole", ["elsewhere"]), "different testpaths"),
        (_edited("dirty", True), "not committed here"),
        (_edited("results", []), 'results: [] is not of type "object"'),
        (_edited("format", "x"), "not a shard"),
        (
            _edited(
                "coverage",
                {
                    "has_arcs": False,
                    "sources": [],
                    "config": "",
                    "files": {"a.py": {"": [["DROP TABLE file", 1]]}},
                },
            ),
            "line numbers",
        ),
    ],
)
def test_shards_that_contradict(
    sharded: Project, edit: Callable[[dict[str, Any]], None], told: str
) -> None:
    file = sharded.root / TWO
    data = json.loads(file.read_text("utf-8"))
    edit(data)
    file.write_text(json.dumps(data), encoding="utf-8")
    assert told in refused(sharded, ONE, TWO)


def test_no_file_and_no_json(sharded: Project) -> None:
    assert "absent.json: there is no such file" in refused(sharded, ONE, "absent.json")
    (sharded.root / TWO).write_text('{"format": ', encoding="utf-8")
    assert f"{TWO}: not JSON" in refused(sharded, ONE, TWO)
