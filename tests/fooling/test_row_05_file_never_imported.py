"""Row 5: a file of the scope that no test imports is left out of the coverage total."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Project

JUNIT = "specs.x.spec.yaml::floor"
workers = pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "workers"])
given = pytest.mark.parametrize("given", [(), ("--cov",), ("--cov=src",)], ids=str)


@pytest.fixture
def forgotten(shop: Project) -> Project:
    """Beside the 10 statements of src/shop.py, 10 in a file that nothing imports."""
    lines = "\n".join(f"A{n} = {n}" for n in range(10))
    shop.write("src/inner/forgotten.py", lines + "\n")
    return shop


@workers
@given
@pytest.mark.parametrize(
    ("subject", "measured"), [("src", "45 %"), ("src/inner/forgotten.py", "0 %")]
)
def test_a_file_that_nothing_imports_counts_as_not_covered(
    forgotten: Project,
    subject: str,
    measured: str,
    given: tuple[str, ...],
    workers: tuple[str, ...],
) -> None:
    forgotten.spec(
        f"""
        spec: x
        gates:
          - {{id: floor, coverage: ">= 80%", of: {subject}}}
        """
    )
    outcome = forgotten.run(*given, *workers)
    gate = outcome.gate("floor")
    assert (gate["status"], gate["blocking"]) == ("failed", True)
    assert measured in gate["sentence"]
    assert gate["measured"] == measured
    assert "src/inner/forgotten.py" in str(gate["checks"][0]["evidence"])
    assert (outcome.verdict, outcome.exit) == ("failed", 1)
    assert outcome.junit[JUNIT] == "failure"


def test_the_floor_of_the_coverage_report_lets_it_pass(forgotten: Project) -> None:
    assert forgotten.run_bare("--cov", "--cov-fail-under=80").exit == 0


@workers
@given
def test_it_counts_where_the_spec_names_no_scope(
    forgotten: Project, given: tuple[str, ...], workers: tuple[str, ...]
) -> None:
    forgotten.spec("spec: x\ngates:\n  - {id: floor, coverage: '>= 90%'}\n")
    outcome = forgotten.run(*given, *workers)
    gate = outcome.gate("floor")
    assert gate["status"] in ("failed", "unmeasured"), gate["sentence"]
    assert gate["blocking"] is True
    assert (outcome.verdict, outcome.exit) == ("failed", 1)
    assert outcome.junit[JUNIT] == "failure"
