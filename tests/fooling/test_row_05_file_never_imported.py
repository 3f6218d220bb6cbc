"""Row 5: a file of the scope that no test imports is left out of the coverage total."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Project

JUNIT = "specs.x.spec.yaml::"


@pytest.fixture
def forgotten(shop: Project) -> Project:
    """Beside the 10 statements of src/shop.py, 10 in a file that nothing imports."""
    lines = "\n".join(f"A{n} = {n}" for n in range(10))
    shop.write("src/forgotten.py", lines + "\n")
    return shop


@pytest.mark.parametrize(
    "given",
    [(), ("--cov",), ("--cov=src",), ("--cov", "-n", "2")],
    ids=["nothing", "bare", "src", "bare-workers"],
)
def test_a_file_that_nothing_imports_counts_as_not_covered(
    forgotten: Project, given: tuple[str, ...]
) -> None:
    forgotten.spec(
        """
        spec: x
        gates:
          - {id: folder, coverage: ">= 80%", of: src}
          - {id: file, coverage: "> 0%", of: src/forgotten.py}
        """
    )
    outcome = forgotten.run(*given)
    for name, measured in (("folder", "45 %"), ("file", "0 %")):
        gate = outcome.gate(name)
        assert (gate["status"], gate["blocking"]) == ("failed", True)
        assert (gate["measured"], measured in gate["sentence"]) == (measured, True)
        assert "src/forgotten.py: lines 1-10" in gate["checks"][0]["evidence"]
        assert outcome.junit[JUNIT + name] == "failure"
    assert (outcome.verdict, outcome.exit) == ("failed", 1)


def test_the_floor_of_the_coverage_report_lets_it_pass(forgotten: Project) -> None:
    # The plugin under test is off, lest its own code is in the total of a bare --cov.
    assert forgotten.run_bare("-p", "no:specgates", "--cov", "--cov-fail-under=80").exit == 0


@pytest.mark.parametrize("given", [(), ("--cov",), ("--cov=src",)], ids=["nothing", "bare", "src"])
def test_it_counts_where_the_spec_names_no_scope(
    forgotten: Project, given: tuple[str, ...]
) -> None:
    forgotten.spec("spec: x\ngates:\n  - {id: floor, coverage: '>= 80%'}\n")
    outcome = forgotten.run(*given)
    gate = outcome.gate("floor")
    assert gate["status"] in ("failed", "unmeasured"), gate["sentence"]
    assert gate["blocking"] is True
    assert (outcome.verdict, outcome.exit) == ("failed", 1)
    assert outcome.junit[JUNIT + "floor"] == "failure"
