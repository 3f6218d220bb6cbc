"""Row 3: only a part of the suite runs; a gate is judged where all of its tests ran."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Outcome, Project

SPEC = "specs/x.spec.yaml"
JUNIT = "specs.x.spec.yaml::"
workers = pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "workers"])


@pytest.fixture
def narrow(shop: Project) -> Project:
    """Three folders of tests and gates on one test, two folders, and the whole run."""
    shop.write(
        "tests/unit/test_tax.py",
        """
        import pytest

        @pytest.mark.slow
        def test_tax():
            assert True
        """,
    )
    shop.write("tests/smoke/test_smoke.py", "def test_smoke():\n    assert True\n")
    shop.write("tests/perf/test_perf.py", "def test_perf(benchmark):\n    benchmark(int)\n")
    # No cacheprovider is turned off here: --lf needs it.
    shop.write(
        "pytest.ini",
        """
        [pytest]
        addopts = -p no:randomly --benchmark-max-time=0.01
        testpaths = tests
        markers = slow
        """,
    )
    shop.spec(
        """
        spec: x
        gates:
          - {id: floor, coverage: ">= 90%", of: src}
          - {id: price, tests: all pass, of: "tests/unit/test_shop.py::test_price"}
          - {id: unit, tests: all pass, of: tests/unit}
          - {id: smoke, tests: all pass, of: tests/smoke}
          - {id: every, tests: all pass}
          - {id: speed, latency: mean < 10 s, of: tests/perf}
        """
    )
    return shop


def check(outcome: Outcome, *judged: str) -> None:
    """These gates passed; every other one was not measured, because the run was partial."""
    for name in ("floor", "price", "unit", "smoke", "every", "speed"):
        gate = outcome.gate(f"::{name}")
        if name in judged:
            assert (gate["status"], gate["blocking"]) == ("passed", False), gate["sentence"]
            assert outcome.junit[JUNIT + name] == "passed"
        else:
            assert (gate["status"], gate["blocking"]) == ("unmeasured", True), name
            assert "partial run" in gate["sentence"], name
            assert outcome.junit[JUNIT + name] == "failure"
    blocked = len(judged) < 6
    assert (outcome.verdict, outcome.exit) == (("failed", 1) if blocked else ("passed", 0))


@workers
def test_the_whole_suite_is_judged(narrow: Project, workers: tuple[str, ...]) -> None:
    check(narrow.run(*workers), "floor", "price", "unit", "smoke", "every", "speed")


@workers
@pytest.mark.parametrize(
    "narrowing",
    [("-k", "not tax"), ("-m", "not slow"), ("--deselect", "tests/unit/test_tax.py::test_tax")],
    ids=lambda given: str(given[0]),
)
def test_deselected_tests(
    narrow: Project, narrowing: tuple[str, ...], workers: tuple[str, ...]
) -> None:
    outcome = narrow.run(*narrowing, *workers)
    check(outcome, "price", "smoke", "speed")
    for name in ("floor", "unit", "every"):
        assert "tests/unit/test_tax.py::test_tax" in outcome.gate(f"::{name}")["sentence"]


@workers
def test_a_benchmark_left_out(narrow: Project, workers: tuple[str, ...]) -> None:
    assert narrow.run_bare("-k", "not perf", "--benchmark-only", *workers).exit in (0, 4, 5)
    outcome = narrow.run("-k", "not perf", *workers)
    check(outcome, "price", "unit", "smoke")


@workers
@pytest.mark.parametrize("given", ["-k", "-m"])
def test_gates_that_are_deselected_themselves_are_counted(
    narrow: Project, given: str, workers: tuple[str, ...]
) -> None:
    outcome = narrow.run(given, "price" if given == "-k" else "slow", *workers)
    assert outcome.verdict == "incomplete"
    kept = ["price"] if given == "-k" else []
    assert [name.rpartition("::")[2] for name in outcome.statuses] == kept
    assert len(outcome.report["not_judged"]) == 6 - len(kept)
    assert outcome.report["counts"]["not-judged"] == 6 - len(kept)
    assert "INCOMPLETE" in outcome.output


@workers
def test_a_node_id_and_the_spec(narrow: Project, workers: tuple[str, ...]) -> None:
    check(narrow.run("tests/unit/test_shop.py::test_price", SPEC, *workers), "price")


@workers
def test_one_folder_and_the_spec(narrow: Project, workers: tuple[str, ...]) -> None:
    check(narrow.run("tests/unit", SPEC, *workers), "price", "unit")


@workers
def test_one_folder_alone_judges_nothing(narrow: Project, workers: tuple[str, ...]) -> None:
    outcome = narrow.run("tests/unit", *workers)
    assert (outcome.verdict, outcome.statuses) == ("incomplete", {})
    assert len(outcome.report["not_judged"]) == 6
    assert "only tests/unit was run" in outcome.output


@workers
def test_an_ignored_file(narrow: Project, workers: tuple[str, ...]) -> None:
    outcome = narrow.run("--ignore=tests/unit/test_tax.py", "tests", SPEC, *workers)
    for name in ("floor", "unit", "every"):
        gate = outcome.gate(f"::{name}")
        assert (gate["status"], gate["blocking"]) == ("unmeasured", True), name
        assert "partial run" in gate["sentence"]
        assert outcome.junit[JUNIT + name] == "failure"
    assert (outcome.verdict, outcome.exit) == ("failed", 1)


@workers
def test_only_what_failed_last(narrow: Project, workers: tuple[str, ...]) -> None:
    # One test fails and is mended: --lf then runs it alone and leaves the other files out.
    test = narrow.root / "tests/unit/test_shop.py"
    text = test.read_text("utf-8")
    test.write_text(text.replace("== 6", "== 7  # wrong"), encoding="utf-8")
    assert narrow.run_bare().exit == 1
    test.write_text(text, encoding="utf-8")
    outcome = narrow.run("--lf", "tests", SPEC, *workers)
    assert "tests/unit/test_tax.py" not in outcome.junit
    for name in ("floor", "unit", "smoke", "every", "speed"):
        gate = outcome.gate(f"::{name}")
        assert (gate["status"], gate["blocking"]) == ("unmeasured", True), name
        assert outcome.junit[JUNIT + name] == "failure"
    assert (outcome.verdict, outcome.exit) == ("failed", 1)


@workers
def test_only_what_failed_last_without_the_spec(
    narrow: Project, workers: tuple[str, ...]
) -> None:
    test = narrow.root / "tests/unit/test_shop.py"
    text = test.read_text("utf-8")
    test.write_text(text.replace("== 6", "== 7  # wrong"), encoding="utf-8")
    assert narrow.run_bare().exit == 1
    test.write_text(text, encoding="utf-8")
    outcome = narrow.run("--lf", *workers)
    assert (outcome.verdict, outcome.statuses) == ("incomplete", {})
    assert "--lf leaves tests out" in outcome.output
