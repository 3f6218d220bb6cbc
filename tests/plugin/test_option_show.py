"""--spec-gates-show: which gates have a line of their own on the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Project


@pytest.fixture
def many(project: Project) -> Project:
    """Of 27 gates 25 pass, one fails and one is deferred."""
    project.write("there.md", "x")
    gates = [f"  - {{exists: there.md, id: there-{number}}}" for number in range(25)]
    gates.insert(12, "  - {exists: gone.md, id: gone}")
    gates.append("  - {exists: there.md, id: later, stage: post-deploy}")
    project.spec("\n".join(["spec: many", "gates:", *gates, ""]))
    return project


def section(output: str) -> list[str]:
    """The lines on the gates of the spec."""
    after = output.partition("= spec gates =")[2]
    return [line.rstrip() for line in after.partition("\n\n")[0].splitlines()[1:]]


def test_many_that_passed_are_counted(many: Project) -> None:
    for given, lines in (((), 4), (("--spec-gates-show=all",), 28), (("-v",), 28 + 27 * 2)):
        shown = section(many.run_bare("--spec-gates", *given).output)
        assert len(shown) == lines, given
        assert shown[0] == "many  specs/x.spec.yaml"
        assert shown[1].split() == [
            *("failed", "exists:", "gone.md", "1", "missing", "(gone.md),", "required", "..."),
        ]
    # `-v` has shown the last: the others are told above.
    shown = section(many.run_bare("--spec-gates").output)
    assert shown[2].split()[0] == "deferred"
    assert shown[3] == "    25 passed"


def test_only_what_does_not_hold(many: Project) -> None:
    shown = section(many.run_bare("--spec-gates", "--spec-gates-show=failed").output)
    assert [line.split()[0] for line in shown] == ["many", "failed", "25"]
    assert shown[2] == "    25 passed, 1 deferred"


def test_a_slip_is_a_usage_error(many: Project) -> None:
    result = many.run_bare("--spec-gates", "--spec-gates-show=fail")
    assert result.exit == 4
    assert '--spec-gates-show: "fail" is not known; did you mean "failed"?' in result.output
