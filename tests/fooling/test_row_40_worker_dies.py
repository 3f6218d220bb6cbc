"""Row 40: a worker of pytest-xdist dies, and the results of its tests are lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Project

PREFIX = "specs.x.spec.yaml::"


@pytest.fixture
def deadly(shop: Project) -> Project:
    for name in ("a", "b", "c"):
        shop.write(f"tests/unit/test_{name}.py", f"def test_{name}():\n    assert True\n")
    shop.spec(
        """
        spec: x
        gates:
          - {id: floor, coverage: ">= 50%", of: src}
          - {id: unit, tests: all pass, of: tests/unit}
          - {id: deadly, tests: all pass, of: tests/unit/test_deadly.py}
          - {id: every, tests: all pass}
          - {id: there, exists: src/shop.py}
        """
    )
    return shop


@pytest.mark.parametrize(
    ("workers", "status"),
    [
        pytest.param(("-n", "2"), 1, id="replaced"),
        pytest.param(("-n", "2", "--max-worker-restart=0"), 1, id="not replaced"),
        pytest.param(("-n", "1", "--max-worker-restart=0"), 0, id="no worker left"),
    ],
)
def test_gates_on_the_tests_of_a_dead_worker_are_unmeasured(
    deadly: Project, workers: tuple[str, ...], status: int
) -> None:
    deadly.write(
        "tests/unit/test_deadly.py", f"import os\n\ndef test_deadly():\n    os._exit({status})\n"
    )
    outcome = deadly.run(*workers)
    for name in ("floor", "unit", "deadly", "every"):
        gate = outcome.gate(f"::{name}")
        assert (gate["status"], gate["blocking"]) == ("unmeasured", True), gate["sentence"]
        assert "died" in gate["sentence"]
        assert outcome.junit[PREFIX + name] == "failure"
    assert outcome.gate("::there")["status"] == "passed"
    assert outcome.junit[PREFIX + "there"] == "passed"
    assert outcome.verdict == "failed"
    assert outcome.exit != 0
    assert outcome.junit["tests.unit.test_deadly::test_deadly"] in ("failure", "error")


def test_where_none_dies_they_pass(deadly: Project) -> None:
    deadly.write("tests/unit/test_deadly.py", "def test_deadly():\n    assert True\n")
    outcome = deadly.run()
    assert set(outcome.statuses.values()) == {"passed"}
    assert (outcome.verdict, outcome.exit, outcome.junit_failures) == ("passed", 0, 0)
