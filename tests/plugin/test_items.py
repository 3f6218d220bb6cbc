"""Gates are ordinary pytest items: listed, selected, counted, reported."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Project

SPEC = """
spec: x
phase_1_build:
  deliverables:
    - src/shop.py
    - docs/missing.md
quality_gates:
  - All tests pass
  - exists: README.md
    id: readme
    level: should
    reason: not written yet
"""


@pytest.fixture
def run(shop: Project) -> Project:
    shop.spec(SPEC)
    return shop


def test_collect_only_lists_the_node_ids(run: Project) -> None:
    output = run.run_bare("--spec-gates", "--collect-only", "-q").output
    assert "specs/x.spec.yaml::phase_1_build::src-shop-py" in output
    assert "specs/x.spec.yaml::quality_gates::readme" in output
    assert "tests/unit/test_shop.py::test_price" in output


@pytest.mark.parametrize("more", [(), ("-n", "2")], ids=["serial", "-n 2"])
def test_selection_by_keyword_marker_path_and_node_id(run: Project, more: tuple[str, ...]) -> None:
    name = "quality_gates::readme"
    by_keyword = run.run("-k", "readme", *more)
    assert by_keyword.statuses == {name: "failed"}
    assert by_keyword.verdict == "incomplete"
    assert by_keyword.exit == 0
    by_marker = run.run("-m", "spec_gate", *more)
    assert by_marker.statuses["quality_gates::all-tests-pass"] == "unmeasured"
    by_path = run.run("specs/x.spec.yaml", *more)
    assert len(by_path.statuses) == 4
    assert by_path.gate("all-tests-pass")["status"] == "unmeasured"
    by_id = run.run(f"specs/x.spec.yaml::{name}", *more)
    assert by_id.statuses == {name: "failed"}
    assert by_id.exit == 0


def test_verbose_counts_and_short_summary(run: Project) -> None:
    result = run.run("-v", "-rx")
    assert "specs/x.spec.yaml::phase_1_build::src-shop-py PASSED" in result.output
    assert "specs/x.spec.yaml::phase_1_build::docs-missing-md FAILED" in result.output
    assert "specs/x.spec.yaml::quality_gates::readme XFAIL" in result.output
    assert "1 failed, 3 passed, 1 xfailed" in result.output
    assert "not written yet" in result.output
    assert result.exit == 1


def test_a_failure_says_what_to_do(run: Project) -> None:
    output = run.run().output
    for text in (
        "failed: 1 missing (docs/missing.md), required all present",
        "specs/x.spec.yaml:5:7",
        "criterion: docs/missing.md",
        "read as:   exists docs/missing.md: all exist",
        "measured:  1 missing; required: all present",
        "next:      create docs/missing.md",
    ):
        assert text in output


def test_the_plans_of_a_spec_are_printed_when_a_must_gate_fails(run: Project) -> None:
    run.spec(
        """
        spec: x
        gates:
          - exists: nowhere.txt
        rollback_plan:
          - Take it back
        escalation_path:
          level_1: "Ask"
        """
    )
    output = run.run().output
    assert "rollback_plan:\n    - Take it back" in output
    assert "escalation_path:\n    - level_1: Ask" in output


def test_gates_are_judged_after_everything_else(run: Project) -> None:
    run.write("specs/test_inside.py", "def test_not_collected(): assert False\n")
    output = run.run("-v").output
    assert output.index("test_price PASSED") < output.index("all-tests-pass PASSED")
    assert "test_not_collected" not in output


def test_teardown_code_of_the_session_counts_as_covered(run: Project) -> None:
    """Were a gate the last item of the loop, coverage would miss what runs at the end."""
    run.write(
        "tests/conftest.py",
        """
        import pytest

        @pytest.fixture(scope="session", autouse=True)
        def closing():
            yield
            import shop
            try:
                shop.price(-1, 1)
            except ValueError:
                pass
        """,
    )
    run.spec("spec: x\nscope: src\ngates:\n  - coverage: '>= 100%'\n")
    assert run.run().statuses == {"coverage-at-least-100-percent": "passed"}


def test_a_gate_that_a_hook_drops_is_missed(run: Project) -> None:
    run.write(
        "conftest.py",
        """
        def pytest_collection_modifyitems(items):
            items[:] = [item for item in items if "missing" not in item.nodeid]
        """,
    )
    result = run.run()
    assert result.verdict == "incomplete"
    assert [g["nodeid"] for g in result.report["not_judged"]] == [
        "specs/x.spec.yaml::phase_1_build::docs-missing-md"
    ]


def test_a_hook_cannot_turn_a_gate_green(run: Project) -> None:
    run.write(
        "conftest.py",
        """
        import pytest

        @pytest.hookimpl(wrapper=True)
        def pytest_runtest_makereport(item, call):
            report = yield
            report.outcome = "passed"
            return report

        def pytest_collection_modifyitems(items):
            for item in items:
                item.add_marker(pytest.mark.skip)
        """,
    )
    result = run.run()
    assert result.gate("docs-missing-md")["status"] == "failed"
    assert result.exit == 1


def test_a_waiver_turns_a_failure_into_an_xfail_until_its_day(run: Project) -> None:
    spec = """
    spec: x
    gates:
      - exists: nowhere.txt
    waivers:
      - gate: exists-nowhere-txt
        owner: ana
        reason: comes with the next release
        expires: {day}
    """
    soon = datetime.datetime.now(datetime.timezone.utc).date() + datetime.timedelta(9)
    run.spec(spec.replace("{day}", str(soon)))
    waived = run.run()
    assert (waived.exit, waived.statuses) == (0, {"exists-nowhere-txt": "waived"})
    assert waived.gate("nowhere-txt")["waiver"]["owner"] == "ana"
    assert waived.gate("nowhere-txt")["underlying"] == "failed"
    assert waived.junit["specs.x.spec.yaml::exists-nowhere-txt"] == "skipped"
    run.spec(spec.replace("{day}", "2020-01-01"))
    expired = run.run()
    assert (expired.exit, expired.statuses) == (1, {"exists-nowhere-txt": "failed"})
    assert "expired on 2020-01-01" in expired.gate("nowhere-txt")["sentence"]


def test_a_markdown_file_given_as_an_argument(run: Project) -> None:
    run.write(
        "docs/bars.md",
        """
        # Bars

        ```yaml
        spec: good
        gates:
          - exists: src/shop.py
        ```

        ```yaml
        spec: broken
        checklist:
          - [ ] All tests pass
        ```
        """,
    )
    result = run.run("docs/bars.md")
    assert result.exit == 2
    assert "docs/bars.md:12:" in result.output
    assert '- "[ ] All tests pass"' in result.output
    assert result.verdict == "failed"
    judged = run.run("docs/bars.md", "--continue-on-collection-errors")
    assert judged.report["gates"][0]["nodeid"] == "docs/bars.md::good::exists-src-shop-py"
    assert judged.statuses == {"good::exists-src-shop-py": "passed"}
    assert judged.exit == 1
    assert judged.verdict == "failed"


def test_a_benchmark_only_run_lists_gates_without_an_internal_error(run: Project) -> None:
    result = run.run("--benchmark-only")
    assert "INTERNALERROR" not in result.output
    assert result.gate("all-tests-pass")["status"] == "unmeasured"


def test_gates_on_commands_need_the_projects_leave(run: Project) -> None:
    run.spec("spec: x\ngates:\n  - command: python -c 'print(1)'\n    id: c\n")
    assert run.run().statuses == {"c": "passed"}
    run.config("testpaths = tests\n")
    denied = run.run()
    assert denied.statuses == {"c": "unmeasured"}
    assert "specgates_allow = command" in denied.output


def test_strict_markers_know_the_marker_of_gates(run: Project) -> None:
    assert "spec_gate" in run.run_bare("--spec-gates", "--markers").output
    assert run.run("--strict-markers").gate("src-shop-py")["status"] == "passed"
