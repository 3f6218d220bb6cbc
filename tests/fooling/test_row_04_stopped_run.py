"""Row 4: the run is stopped (`-x`, `--maxfail`, Ctrl-C, `pytest.exit`) before its gates."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Outcome, Project

GATES = ("floor", "unit", "there")
workers = pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "workers"])


@pytest.fixture
def stopped(shop: Project) -> Project:
    """The first test is to be written; two more would run after it. Every gate would pass."""
    shop.write("tests/unit/test_shop_again.py", "def test_again():\n    assert True\n")
    shop.write("tests/unit/test_zero.py", "def test_zero():\n    assert True\n")
    shop.spec(
        """
        spec: x
        gates:
          - {id: floor, coverage: ">= 10%", of: src}
          - {id: unit, tests: all pass, of: tests/unit}
          - {id: there, exists: src/shop.py}
        """
    )
    return shop


def check(outcome: Outcome) -> None:
    """No gate passed, not one of them is lost, and the report says why."""
    assert outcome.exit != 0
    assert outcome.report["verdict"] in ("failed", "incomplete")
    assert outcome.report["interrupted"] or outcome.verdict == "failed"
    told = {gate["nodeid"]: "not judged" for gate in outcome.report["not_judged"]}
    told |= {gate["nodeid"]: gate["status"] for gate in outcome.report["gates"]}
    assert sorted(told) == [f"specs/x.spec.yaml::{name}" for name in sorted(GATES)]
    for name in ("floor", "unit"):
        assert told[f"specs/x.spec.yaml::{name}"] in ("not judged", "unmeasured")
        assert outcome.junit.get(f"specs.x.spec.yaml::{name}") in (None, "failure")


@pytest.mark.parametrize(
    "options", [("-x",), ("--maxfail=1",), ("-x", "-n", "2")], ids=["x", "maxfail", "x-workers"]
)
def test_stopped_at_the_first_failure(stopped: Project, options: tuple[str, ...]) -> None:
    stopped.write("tests/unit/test_a.py", "def test_a():\n    assert False\n")
    outcome = stopped.run(*options)
    check(outcome)
    assert "INCOMPLETE: stopping after 1 failures" in outcome.output


def test_stopped_at_the_last_test(stopped: Project) -> None:
    stopped.write("tests/unit/test_zzz.py", "def test_zzz():\n    assert False\n")
    check(stopped.run("-x"))


@workers
def test_interrupted(stopped: Project, workers: tuple[str, ...]) -> None:
    stopped.write("tests/unit/test_a.py", "def test_a():\n    raise KeyboardInterrupt\n")
    outcome = stopped.run(*workers)
    check(outcome)
    assert outcome.exit == 2


@pytest.mark.parametrize(
    ("name", "workers"),
    [("test_a", ()), ("test_zzz", ()), ("test_a", ("-n", "2"))],
    ids=["first", "last", "first-workers"],
)
def test_exit_with_status_0(stopped: Project, name: str, workers: tuple[str, ...]) -> None:
    stopped.write(
        f"tests/unit/{name}.py",
        f"""
        import pytest

        def {name}():
            pytest.exit("enough", returncode=0)
        """,
    )
    check(stopped.run(*workers))


def test_the_floor_of_the_coverage_report_is_not_checked(stopped: Project) -> None:
    stopped.write(
        "tests/unit/test_a.py",
        """
        import pytest

        def test_a():
            pytest.exit("enough", returncode=0)
        """,
    )
    assert stopped.run_bare("--cov=src", "--cov-fail-under=99").exit == 0
