"""`record_measurement`, and `value` gates on what it recorded, in real runs."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest

from pytest_specgates.adapter.figures import recording

if TYPE_CHECKING:
    from conftest import Project

TESTS = """
    import pytest
    from decimal import Decimal
    from fractions import Fraction

    @pytest.mark.parametrize("n", [0.93, 0.95])
    def test_model(record_measurement, n):
        record_measurement("accuracy", n)
        record_measurement("accuracy", Fraction(9, 10))
        record_measurement("error_rate", Decimal("0.5"), unit="%")
        record_measurement("tenth", 0.1)

    @pytest.fixture
    def measured(record_measurement):
        record_measurement("size", 2_500_000, unit="B")
        yield
        record_measurement("teardown", 12.5, "ms")

    def test_fixture(measured):
        pass

    def test_breaks(record_measurement):
        record_measurement("broken", 1)
        raise RuntimeError

    tries = []

    @pytest.mark.flaky(reruns=1)
    def test_flaky(record_measurement):
        tries.append(1)
        record_measurement("tries", len(tries))
        assert len(tries) > 1
"""
SPEC = """
    spec: x
    gates:
      - {id: each, value: accuracy >= 0.9, of: tests/test_m.py::test_model}
      - {id: mean, value: mean accuracy > 0.92, of: tests/test_m.py::test_model}
      - {id: one-misses, value: accuracy > 0.9, of: tests/test_m.py::test_model}
      - {id: tenth, value: "tenth <= 0.1 and tenth >= 0.1", of: "tests/test_m.py::test_model"}
      - {id: percent, value: error_rate < 1%, of: tests/test_m.py::test_model}
      - {id: phases, value: "size <= 3 MB, teardown < 13 ms", of: tests/test_m.py::test_fixture}
      - {id: guess, value: accuracy >= 90%, of: tests/test_m.py::test_model}
      - {id: failed, value: broken >= 0}
      - {id: rerun, value: tries == 2, of: tests/test_m.py::test_flaky}
      - {id: slip, value: acuracy >= 0.9, of: tests/test_m.py::test_model}
"""
EXPECTED = {
    "each": "passed",
    "mean": "failed",
    "one-misses": "failed",
    "tenth": "passed",
    "percent": "passed",
    "phases": "passed",
    "guess": "error",
    "failed": "unmeasured",
    "rerun": "passed",
    "slip": "unmeasured",
}


def test_the_same_gates_alone_and_under_xdist(project: Project) -> None:
    project.write("tests/test_m.py", TESTS)
    project.spec(SPEC)
    alone = project.run()
    assert alone.statuses == EXPECTED, alone.output
    assert "test_breaks failed" in alone.gate("failed")["sentence"]
    assert 'did you mean "accuracy"?' in alone.gate("slip")["sentence"]
    each = alone.gate("::each")["checks"][0]
    assert each["evidence"][0] == "tests/test_m.py::test_model[0.93]: 2 of accuracy, 9/10 to 0.93"
    assert alone.gate("::mean")["measured"] == "0.92"
    distributed = project.run("-n", "2")
    assert distributed.statuses == EXPECTED, distributed.output

    def told(report: dict[str, Any]) -> list[Any]:
        return [[c["measurement"] for c in gate["checks"]] for gate in report["gates"]]

    assert told(distributed.report) == told(alone.report)


def test_a_part_of_the_tests_is_not_all_that_recorded(project: Project) -> None:
    project.write("tests/test_m.py", TESTS)
    project.spec(SPEC)
    part = project.run("-k", "not 0.93 and not breaks")
    assert part.gate("::each")["status"] == "unmeasured"
    assert "partial run: 1 of its tests were not selected" in part.gate("::each")["sentence"]
    assert part.gate("::phases")["status"] == "passed"


def test_without_the_option_it_checks_and_without_the_plugin_it_is_not_there(
    project: Project,
) -> None:
    project.write(
        "tests/test_m.py",
        """
        import sys

        def test_idle():
            assert not [name for name in sys.modules if "specgates.model" in name]

        def test_recorded(record_measurement):
            record_measurement("accuracy", 0.9)

        def test_refused(record_measurement):
            record_measurement("accuracy", True)
        """,
    )
    without = project.run_bare("-p", "no:hypothesispytest", "-v")
    assert without.output.count("PASSED") == 2, without.output
    assert "record_measurement('accuracy'): the value is an int, float" in without.output
    absent = project.run_bare("-p", "no:specgates", "-k", "recorded")
    assert "fixture 'record_measurement' not found" in absent.output


def test_shards_are_judged_together_and_verified(project: Project) -> None:
    for name, value in (("one", "0.93"), ("two", "0.95")):
        project.write(
            f"tests/{name}/test_{name}.py",
            f"def test_{name}(record_measurement): record_measurement('accuracy', {value})\n",
        )
    project.spec(
        """
        spec: x
        gates:
          - {id: mean, value: mean accuracy >= 0.94}
          - {id: each, value: accuracy > 0.92}
        """
    )
    project.write(".gitignore", "*.json\n*.xml\n__pycache__\nrunpytest-*\nstd*\n")
    project.commit_all()
    files = []
    for number, name in enumerate(("one", "two"), 1):
        shard = f"--spec-gates-shard={number}/2"
        assert project.run_bare("--spec-gates", shard, f"tests/{name}").exit == 0
        files.append(f"specgates-shard-{number}-of-2.json")
    code, output = specgates(project, "merge", *files, "--report=json:merged.json")
    assert code == 0, output
    assert "0.94 (mean accuracy >= 0.94)" in output
    code, output = specgates(project, "verify", "merged.json")
    assert (code, output.strip()) == (0, "ACCEPTED: 2 gates, none blocks")
    merged = json.loads((project.root / "merged.json").read_text("utf-8"))
    merged["gates"][0]["checks"][0]["measurement"]["values"][0].update(value=0.93, exact="93/100")
    (project.root / "merged.json").write_text(json.dumps(merged), "utf-8")
    code, output = specgates(project, "verify", "merged.json")
    assert code == 3
    assert "from what it measured follows 'failed'" in output


def test_a_test_that_is_skipped_now_weakens_the_gates_that_it_recorded_for(
    project: Project,
) -> None:
    test = "def test_one(record_measurement): record_measurement('accuracy', 0.93)\n"
    project.write("tests/test_m.py", test)
    project.spec("spec: x\ngates:\n  - value: mean accuracy >= 0.9\n    id: mean\n")
    project.commit_base()
    project.write("tests/test_m.py", f"import pytest\n\n@pytest.mark.skip\n{test}")
    project.spec("spec: x\ngates:\n  - value: mean accuracy >= 0.8\n    id: mean\n")
    code, output = specgates(project, "diff", "main")
    assert code == 1
    assert "weakened: test tests/test_m.py::test_one: is marked" in output
    told = "value: mean accuracy >= 0.8, on the base value: mean accuracy >= 0.9"
    assert f"weakened: x/mean: {told}" in output


def specgates(project: Project, *arguments: str) -> tuple[int, str]:
    command = [sys.executable, "-m", "pytest_specgates", *arguments]
    done = subprocess.run(command, cwd=project.root, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


# --- the fixture, in this run


@pytest.mark.parametrize("value", [True, "0.9", None, 1j, b"1", [1]])
def test_what_is_no_number_is_refused(record_measurement: Callable[..., None], value: Any) -> None:
    with pytest.raises(TypeError, match=r"record_measurement\('accuracy'\): the value is an int"):
        record_measurement("accuracy", value)


@pytest.mark.parametrize(
    "value",
    [
        float("nan"),
        float("inf"),
        Decimal("NaN"),
        Decimal("sNaN"),
        Decimal("-Infinity"),
        Decimal("1e999999"),
        Decimal("1e-999999"),
        10**3000,
        Fraction(1, 10**3000),
    ],
    ids=lambda value: f"{type(value).__name__}",
)
def test_what_cannot_be_compared_is_refused(
    record_measurement: Callable[..., None], value: Any
) -> None:
    with pytest.raises(ValueError, match=r"record_measurement\('accuracy'\)"):
        record_measurement("accuracy", value)


@pytest.mark.parametrize("name", ["", "two words", "a>b", "-x", "1", "a,b"])
def test_a_name_is_a_word(record_measurement: Callable[..., None], name: str) -> None:
    with pytest.raises(ValueError, match="record_measurement: the name is a word"):
        record_measurement(name, 1)


def test_name_and_unit_are_texts(record_measurement: Callable[..., None]) -> None:
    with pytest.raises(TypeError, match="record_measurement: the name"):
        record_measurement(3, 1)
    with pytest.raises(TypeError, match=r"record_measurement\('a'\): the unit"):
        record_measurement("a", 1, unit=None)


def test_numbers_are_taken(record_measurement: Callable[..., None]) -> None:
    for value in (0, -1.5, 5e-324, 1.7e280, Fraction(-1, 3), Decimal("1E+3")):
        record_measurement("F1.score-b_2", value, unit="req/s")


def test_after_its_test_nothing_is_recorded(request: pytest.FixtureRequest) -> None:
    steps = recording(request.node)
    record = next(steps)
    record("accuracy", 0.9)
    assert list(steps) == []
    with pytest.raises(RuntimeError, match="called after its test had ended"):
        record("accuracy", 0.9)
