"""Row 3: only a part of the suite runs; a gate is judged where all of its tests ran."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Outcome, Project

SPEC = "specs/x.spec.yaml"
JUNIT = "specs.x.spec.yaml::"
GATES = ("floor", "price", "unit", "smoke", "every")
workers = pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "workers"])


@pytest.fixture
def narrow(shop: Project) -> Project:
    """Two folders of tests; gates on one test, on each folder, and on the whole run."""
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
        """
    )
    return shop


def check(outcome: Outcome, *judged: str) -> None:
    """These gates passed; every other one was not measured, because the run was partial."""
    for name in GATES:
        gate = outcome.gate(f"::{name}")
        if name in judged:
            assert (gate["status"], gate["blocking"]) == ("passed", False), gate["sentence"]
            assert outcome.junit[JUNIT + name] == "passed"
        else:
            assert (gate["status"], gate["blocking"]) == ("unmeasured", True), name
            assert "partial run" in gate["sentence"], name
            assert outcome.junit[JUNIT + name] == "failure"
    blocked = len(judged) < len(GATES)
    assert (outcome.verdict, outcome.exit) == (("failed", 1) if blocked else ("passed", 0))


@workers
def test_the_whole_suite_is_judged(narrow: Project, workers: tuple[str, ...]) -> None:
    check(narrow.run(*workers), *GATES)


@workers
@pytest.mark.parametrize(
    "narrowing",
    [("-k", "not tax"), ("-m", "not slow"), ("--deselect", "tests/unit/test_tax.py::test_tax")],
    ids=["keyword", "marker", "deselect"],
)
def test_deselected_tests(
    narrow: Project, narrowing: tuple[str, ...], workers: tuple[str, ...]
) -> None:
    outcome = narrow.run(*narrowing, *workers)
    check(outcome, "price", "smoke")
    for name in ("floor", "unit", "every"):
        assert "tests/unit/test_tax.py::test_tax" in outcome.gate(f"::{name}")["sentence"]


@workers
def test_a_benchmark_that_is_left_out(narrow: Project, workers: tuple[str, ...]) -> None:
    narrow.write(
        "tests/perf/test_perf.py",
        """
        def test_quick(benchmark):
            benchmark(int)

        def test_sluggish(benchmark):
            benchmark(int)
        """,
    )
    narrow.spec(
        """
        spec: x
        gates:
          - {id: both, latency: mean < 10 s, of: tests/perf}
          - {id: fast, latency: mean < 10 s, of: "tests/perf/test_perf.py::test_quick"}
        """
    )
    outcome = narrow.run("-k", "not sluggish", *workers)
    both, fast = outcome.gate("both"), outcome.gate("fast")
    assert (both["status"], both["blocking"]) == ("unmeasured", True), both["sentence"]
    assert "partial run" in both["sentence"]
    assert "test_sluggish" in both["sentence"]
    assert (fast["status"], fast["blocking"]) == ("passed", False), fast["sentence"]
    assert (outcome.junit[JUNIT + "both"], outcome.junit[JUNIT + "fast"]) == ("failure", "passed")
    assert (outcome.verdict, outcome.exit) == ("failed", 1)


@pytest.mark.parametrize(
    ("option", "value", "kept"), [("-k", "price", ["price"]), ("-m", "slow", [])]
)
def test_gates_that_are_deselected_themselves_are_counted(
    narrow: Project, option: str, value: str, kept: list[str]
) -> None:
    outcome = narrow.run(option, value)
    assert list(outcome.statuses) == kept
    assert len(outcome.report["not_judged"]) == len(GATES) - len(kept)
    assert outcome.report["counts"]["not-judged"] == len(GATES) - len(kept)
    assert outcome.verdict == "incomplete"
    assert f"INCOMPLETE: {len(GATES) - len(kept)} gates not judged" in outcome.output


@workers
def test_a_node_id_and_the_spec(narrow: Project, workers: tuple[str, ...]) -> None:
    check(narrow.run("tests/unit/test_shop.py::test_price", SPEC, *workers), "price")


@workers
def test_one_folder_and_the_spec(narrow: Project, workers: tuple[str, ...]) -> None:
    check(narrow.run("tests/unit", SPEC, *workers), "price", "unit")


def test_one_folder_alone_judges_nothing(narrow: Project) -> None:
    outcome = narrow.run("tests/unit")
    assert (outcome.verdict, outcome.statuses) == ("incomplete", {})
    assert len(outcome.report["not_judged"]) == len(GATES)
    assert "only tests/unit was run" in outcome.output


@workers
def test_an_ignored_file(narrow: Project, workers: tuple[str, ...]) -> None:
    outcome = narrow.run("--ignore=tests/unit/test_tax.py", "tests", SPEC, *workers)
    check(outcome, "price", "smoke")


def break_and_mend(project: Project, *, with_gates: bool = False) -> None:
    """A run in which one test (and what rests on it) fails; then the test is right again."""
    test = project.root / "tests/unit/test_shop.py"
    text = test.read_text("utf-8")
    test.write_text(text.replace("== 6", "== 7  # wrong"), encoding="utf-8")
    failed = project.run() if with_gates else project.run_bare()
    assert failed.exit == 1
    test.write_text(text, encoding="utf-8")


def check_last_failed(outcome: Outcome, *gates: str) -> None:
    """--lf left a file out, so gates that rest on it are unmeasured and block."""
    assert "tests.unit.test_tax::test_tax" not in outcome.junit
    for name in gates:
        gate = outcome.gate(f"::{name}")
        assert (gate["status"], gate["blocking"]) == ("unmeasured", True), gate["sentence"]
        assert "partial run" in gate["sentence"]
        assert outcome.junit[JUNIT + name] == "failure"
    assert (outcome.verdict, outcome.exit) == ("failed", 1)


@workers
def test_only_the_tests_that_failed_last(narrow: Project, workers: tuple[str, ...]) -> None:
    break_and_mend(narrow)
    outcome = narrow.run("--lf", "tests", SPEC, *workers)
    check_last_failed(outcome, "floor", "unit", "smoke", "every")


def test_only_the_tests_and_gates_that_failed_last(narrow: Project) -> None:
    break_and_mend(narrow, with_gates=True)
    check_last_failed(narrow.run("--lf", "tests", SPEC), "unit", "every")


def test_only_what_failed_last_without_the_spec_is_no_pass(narrow: Project) -> None:
    break_and_mend(narrow)
    outcome = narrow.run("--lf")
    assert "passed" not in [outcome.verdict, *outcome.statuses.values()]
    told = {gate["nodeid"] for part in ("gates", "not_judged") for gate in outcome.report[part]}
    assert len(told) == len(GATES)
    assert "PASSED" not in outcome.output


@workers
@pytest.mark.parametrize(
    "given",
    [
        ("-o", "python_functions=test_price"),
        ("-opython_files=test_shop.py",),
        ("--override-ini=norecursedirs=smoke",),
        ("-o", "addopts=--ignore=tests/smoke"),
        ("@narrow.txt",),
    ],
    ids=" ".join,
)
def test_settings_of_the_command_line_narrow_the_run(
    narrow: Project, given: tuple[str, ...], workers: tuple[str, ...]
) -> None:
    narrow.write("narrow.txt", "--ignore=tests/smoke\n")
    result = narrow.run(*given, *workers)
    assert result.gate("::every")["status"] == "unmeasured"
    assert "partial run" in result.gate("::every")["sentence"]


@workers
def test_a_module_that_skips_itself_is_skipped(narrow: Project, workers: tuple[str, ...]) -> None:
    narrow.write("tests/unit/test_none.py", "import pytest\npytest.importorskip('no_such_one')\n")
    narrow.spec("spec: x\ngates:\n  - tests: all pass, none skipped\n")
    result = narrow.run(*workers)
    (gate,) = result.report["gates"]
    assert gate["status"] == "failed"
    assert "1 skipped" in str(gate)


@workers
def test_a_late_conftest_that_drops_tests_before_all_others_is_seen(
    narrow: Project, workers: tuple[str, ...]
) -> None:
    narrow.write(
        "tests/smoke/conftest.py",
        """
        import pytest

        @pytest.hookimpl(wrapper=True, tryfirst=True)
        def pytest_collection_modifyitems(items):
            items[:] = [item for item in items if item.name != "test_smoke"]
            return (yield)
        """,
    )
    result = narrow.run(*workers)
    assert result.gate("::smoke")["status"] == "unmeasured"
    assert result.gate("::every")["status"] == "unmeasured"
