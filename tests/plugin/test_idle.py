"""Installed and not used: nothing of the package but the options is imported."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Project

PROBE = """
import sys

def test_imports():
    mine = sorted(name for name in sys.modules if name.startswith("pytest_specgates"))
    assert mine == [
        "pytest_specgates",
        "pytest_specgates.adapter",
        "pytest_specgates.adapter.options",
        "pytest_specgates.plugin",
    ], mine
    assert "yaml" not in sys.modules
    assert "jsonschema" not in sys.modules
"""


def test_nothing_is_imported_before_it_is_needed(project: Project) -> None:
    project.write("tests/test_probe.py", PROBE)
    result = project.run_bare("-p", "no:cov", "-p", "no:hypothesispytest")
    assert result.exit == 0, result.output


def test_heavy_libraries_wait_for_a_gate_that_needs_them(project: Project) -> None:
    project.spec("spec: x\ngates:\n  - exists: pytest.ini\n")
    project.write(
        "conftest.py",
        """
        import sys

        def pytest_unconfigure():
            mine = {f"pytest_specgates.{n}" for n in ("measure.load", "adapter.side_by_side")}
            heavy = {"asyncio", "jsonschema", "coverage", "hypothesis", "jinja2", *mine}
            heavy &= set(sys.modules)
            print("heavy:", sorted(heavy))
        """,
    )
    result = project.run("-p", "no:anyio", "-p", "no:hypothesispytest", "-p", "no:cov", "-s")
    assert "heavy: []" in result.output
