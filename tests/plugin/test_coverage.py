"""Coverage gates in real runs: their numbers are coverage's own, whatever they are asked of."""

from __future__ import annotations

import json
import subprocess
import sys
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Outcome, Project

workers = pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "workers"])
CODE = """
class Cart:
    def __init__(self):
        self.items = []

    def add(self, item, count=1):
        if count < 1:
            raise ValueError(count)
        for _ in range(count):
            self.items.append(item)

    def clear(self):
        self.items = []  # pragma: no cover


def total(cart, prices):
    found = 0
    for item in cart.items:
        if item in prices:
            found += prices[item]
        else:
            found += 1
    return found


def unused(
    one,
    two,
):
    return (
        one,
        two,
    )
"""


@pytest.fixture
def cart(project: Project) -> Project:
    project.write("src/cart.py", CODE)
    project.write("src/db/store.py", "def save(x):\n    return x\n\n\ndef load(x):\n    return x\n")
    project.write("src/empty.py", "")
    project.write(
        "tests/unit/test_cart.py",
        """
        import cart
        from db import store

        def test_total():
            one = cart.Cart()
            one.add("a")
            assert cart.total(one, {"a": 3}) == 3
            assert store.save(1) == 1
        """,
    )
    project.config("testpaths = tests\npythonpath = src\n")
    return project


def spec(project: Project, *gates: str) -> None:
    lines = "".join(f"  - {{id: g{number}, {gate}}}\n" for number, gate in enumerate(gates))
    project.spec(f"spec: x\ngates:\n{lines}")


def value(outcome: Outcome, name: str) -> Any:
    return outcome.gate(name)["checks"][0]["measurement"]["values"]


def _share(summary: dict[str, Any]) -> float:
    statements, missing = int(summary["num_statements"]), int(summary["missing_lines"])
    return (statements - missing) * 100 / statements


def coverage_json(project: Project) -> dict[str, Any]:
    """What `coverage json` makes of the data that the run left."""
    command = [sys.executable, "-m", "coverage", "json", "-q", "-o", "-"]
    done = subprocess.run(command, cwd=project.root, check=True, capture_output=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@workers
def test_the_numbers_are_those_of_coverage(cart: Project, workers: tuple[str, ...]) -> None:
    spec(
        cart,
        "coverage: '>= 1%', of: src",
        "coverage: branch >= 1%, of: src",
        "coverage: '>= 1%', of: src, per: file",
        "coverage: '>= 0.1%', of: src, per: function",
        "coverage: '>= 1%', of: src, per: class",
        "coverage: uncovered lines <= 100, of: src",
        "coverage: uncovered branches <= 100, of: src",
    )
    outcome = cart.run(*workers)
    found = coverage_json(cart)
    totals = found["totals"]

    def number(name: str) -> Fraction:
        (one,) = value(outcome, name)
        return Fraction(one["exact"] or one["value"])

    lines = Fraction(totals["covered_lines"] * 100, totals["num_statements"])
    branches = Fraction(totals["covered_branches"] * 100, totals["num_branches"])
    assert (number("g0"), number("g1")) == (lines, branches)
    assert number("g5") == totals["missing_lines"] > 0
    assert number("g6") == totals["missing_branches"] > 0

    def parts(kind: str) -> dict[str, float]:
        return {
            f"{name}::{part}" if kind else name: _share(data["summary"])
            for name, file in found["files"].items()
            for part, data in (file[kind] if kind else {"": file}).items()
            if data["summary"]["num_statements"] and (part or not kind)
        }

    told = {one["subject"]: one["value"] for one in value(outcome, "g2")}
    assert told == pytest.approx(parts(""))
    if "functions" not in found["files"]["src/cart.py"]:
        for name in ("g3", "g4"):  # coverage before 7.6
            assert outcome.gate(name)["status"] == "unmeasured"
        return
    for name, kind in (("g3", "functions"), ("g4", "classes")):
        told = {one["subject"]: one["value"] for one in value(outcome, name)}
        assert told == pytest.approx(parts(kind)), name
    assert outcome.gate("g3")["status"] == "failed"
    assert "src/cart.py::unused" in outcome.gate("g3")["sentence"]


def test_different_floors_for_different_patterns(cart: Project) -> None:
    spec(cart, "coverage: {src/cart.py: '>= 60%', 'src/db/**': '>= 90%, branch >= 1%'}")
    outcome = cart.run()
    gate = outcome.gate("g0")
    assert [(c["subject"], c["status"]) for c in gate["checks"]] == [
        (["src/cart.py"], "passed"),
        (["src/db/**"], "failed"),
        (["src/db/**"], "unmeasured"),
    ]
    assert "src/db/store.py: lines 6" in outcome.output
    assert outcome.exit == 1


def test_what_is_missing_is_named_worst_first(cart: Project) -> None:
    lines = "coverage: uncovered lines == 0, of: src"
    spec(cart, lines, "coverage: uncovered branches < 1, of: src")
    outcome = cart.run()
    missing, branches = (outcome.gate(name)["checks"][0]["evidence"] for name in ("g0", "g1"))
    assert missing[1:] == ["src/cart.py: lines 7, 21, 29", "src/db/store.py: lines 6"]
    assert branches[1:] == ["src/cart.py: branches 6 to 7, 18 to 21"]
    assert "cover src/cart.py: lines 7, 21, 29" in outcome.output


@pytest.mark.parametrize(
    ("gate", "told"),
    [
        ("coverage: {}", "names nothing"),
        ("coverage: {src: 5}", "%"),
        ("coverage: {src: [1]}", "is a condition"),
        ("coverage: {src: '>= 90%'}, of: src", "leave out `of:`"),
        ("coverage: uncovered lines >= 5", "does not fit uncovered lines"),
        ("coverage: uncovered lines <= 5%", "%"),
        ("coverage: '>= 90%', per: method", "per"),
    ],
)
def test_what_is_not_understood_is_an_error(cart: Project, gate: str, told: str) -> None:
    spec(cart, gate)
    outcome = cart.run()
    assert outcome.exit != 0
    assert told in outcome.output


# --- the lines of a change ------------------------------------------------------------------


@pytest.fixture
def changed(cart: Project) -> Project:
    cart.write(".gitignore", "__pycache__\n*.json\n*.xml\n.coverage\nstd*\nrunpytest-*\n")
    cart.commit_base()
    return cart


def edit(project: Project, before: str, after: str) -> None:
    file = project.root / "src/cart.py"
    text = file.read_text("utf-8")
    assert before in text
    file.write_text(text.replace(before, after), "utf-8")


@workers
def test_the_statements_that_differ_from_the_base(
    changed: Project, workers: tuple[str, ...]
) -> None:
    edit(changed, "    found = 0\n", "    found = 0\n    if not prices:\n        return None\n")
    spec(changed, "coverage: '>= 60%', of: changed", "coverage: '>= 70%', of: 'changed:src'")
    outcome = changed.run(*workers)
    assert outcome.gate("g0")["sentence"].startswith("50 %")
    assert outcome.gate("g0")["status"] == outcome.gate("g1")["status"] == "failed"
    evidence = outcome.gate("g1")["checks"][0]["evidence"]
    assert evidence[0].startswith("changed:src: 2 lines of 1 files differ from main (")
    assert evidence[1] == "src/cart.py: lines 18"


def test_a_change_within_a_statement_counts_as_the_statement(changed: Project) -> None:
    """The changed line is an argument; coverage has the statement at its first line."""
    edit(changed, "        two,\n    )", "        two + 1,\n    )")
    spec(changed, "coverage: '>= 60%', of: 'changed:src'")
    outcome = changed.run()
    assert outcome.gate("g0")["sentence"].startswith("0 % (the changed lines)")


@pytest.mark.parametrize(
    ("before", "after", "status", "told"),
    [
        (
            "    found = 0\n",
            "    # 0\n    found = 0\n",
            "not-applicable",
            "nothing to cover",
        ),
        (
            "    return found\n",
            "    if found < 0:  # pragma: no cover\n        found = 0\n    return found\n",
            "unmeasured",
            "2 lines excluded",
        ),
        ("    return found\n", "    return found + 0\n", "passed", "100 %"),
        ("    found = 0\n", "    found = 0\n", "not-applicable", "no Python file of src differs"),
    ],
    ids=["a comment", "excluded", "covered", "nothing"],
)
def test_changes_without_a_statement(
    changed: Project, before: str, after: str, status: str, told: str
) -> None:
    edit(changed, before, after)
    spec(changed, "coverage: '>= 60%', of: 'changed:src'")
    outcome = changed.run()
    assert outcome.gate("g0")["status"] == status
    assert told in outcome.gate("g0")["sentence"]
    assert outcome.exit == (1 if status == "unmeasured" else 0)


def test_new_files_count_also_those_that_git_does_not_know(changed: Project) -> None:
    changed.write("src/fresh.py", "def fresh():\n    return 1\n")
    spec(changed, "coverage: '>= 60%', of: changed, per: file")
    changed.spec((changed.root / "specs/x.spec.yaml").read_text("utf-8") + "scope: src\n")
    outcome = changed.run()
    assert outcome.gate("g0")["sentence"].startswith("0 % (src/fresh.py)")
    assert outcome.gate("g0")["checks"][0]["subject"] == ["changed:src"]


def test_a_file_outside_of_the_sources_was_not_measured(changed: Project) -> None:
    changed.write("lib/fresh.py", "def fresh():\n    return 1\n")
    spec(changed, "coverage: '>= 60%', of: 'changed:lib'")
    outcome = changed.run("--cov=src")
    assert outcome.gate("g0")["status"] == "unmeasured"
    assert "lib/fresh.py has changed and was not measured" in outcome.gate("g0")["sentence"]


def test_without_a_base_there_is_no_change_to_speak_of(cart: Project) -> None:
    spec(cart, "coverage: '>= 60%', of: 'changed:src'")
    outcome = cart.run()
    assert outcome.gate("g0")["status"] == "unmeasured"
    assert "no git repository" in outcome.gate("g0")["sentence"]


def test_prose_on_changed_lines_is_a_gate(changed: Project) -> None:
    edit(changed, "    found = 0\n", "    found = 0\n    found += 0\n")
    changed.spec("spec: x\nscope: src\nquality_gates:\n  - New code coverage >= 80%\n")
    outcome = changed.run()
    (gate,) = outcome.report["gates"]
    assert (gate["status"], gate["checks"][0]["subject"]) == ("passed", ["changed:src"])


# --- by whom --------------------------------------------------------------------------------


@pytest.fixture
def by_whom(cart: Project) -> Project:
    """Unit tests cover what test_total does; a slow test covers all the rest of src/cart.py."""
    cart.write(
        "tests/api/test_all.py",
        """
        import pytest
        import cart

        @pytest.mark.slow
        @pytest.mark.parametrize("count", [0, 2])
        def test_all(count):
            one = cart.Cart()
            try:
                one.add("b", count)
            except ValueError:
                pass
            cart.total(one, {})
            cart.unused(1, 2)
        """,
    )
    cart.config("testpaths = tests\npythonpath = src\nmarkers =\n  slow: takes long\n")
    return cart


@workers
def test_the_coverage_by_some_of_the_tests(by_whom: Project, workers: tuple[str, ...]) -> None:
    spec(
        by_whom,
        "coverage: '>= 100%', of: src/cart.py",
        "coverage: '>= 100%', of: src/cart.py, by: tests/unit",
        "coverage: '>= 100%', of: src/cart.py, by: 'marker:slow'",
        "coverage: '>= 100%', of: src/cart.py, by: 'tests/api/test_all.py::test_all'",
        "coverage: '>= 1%', of: src/cart.py, by: tests/e2e",
    )
    outcome = by_whom.run(*workers)
    told = {name: outcome.gate(name)["sentence"] for name in ("g0", "g1", "g2", "g3", "g4")}
    assert told["g0"].startswith("100 %")
    assert outcome.gate("g1")["checks"][0]["evidence"][1] == "src/cart.py: lines 7, 21, 29"
    assert outcome.gate("g2")["checks"][0]["evidence"][1] == "src/cart.py: lines 19"
    assert told["g3"] == told["g2"]
    assert told["g4"] == "no test matches tests/e2e"
    assert "coverage of src, test by test (which takes longer)" in outcome.output


@workers
def test_the_tests_that_cover_a_file_are_shown(by_whom: Project, workers: tuple[str, ...]) -> None:
    spec(by_whom, "coverage: '>= 1%', of: src")
    outcome = by_whom.run("--spec-gates-report=md:page.md", *workers)
    assert {file["tests"] for file in outcome.report["coverage"]} == {None}
    options = ("--cov=src", "--cov-context=test", "--cov-report=")
    outcome = by_whom.run("--spec-gates-report=md:page.md", *options, *workers)
    tests = {file["path"]: file["tests"] for file in outcome.report["coverage"]}
    assert tests["src/empty.py"] == {"count": 0, "first": []}
    assert tests["src/cart.py"]["count"] == len(tests["src/cart.py"]["first"]) > 0
    assert "tests/unit/test_cart.py::test_total" in tests["src/cart.py"]["first"]
    page = (by_whom.root / "page.md").read_text("utf-8")
    row = "| src/db/store.py | 4 | 1 | 6 | tests/unit/test\\_cart.py::test\\_total |"
    assert row in page


def test_without_contexts_nobody_knows_by_whom(by_whom: Project) -> None:
    spec(by_whom, "coverage: '>= 1%', of: src/cart.py, by: tests/unit")
    outcome = by_whom.run("--cov=src")
    assert outcome.gate("g0")["status"] == "unmeasured"
    assert "--cov-context=test" in outcome.gate("g0")["next_step"]
    outcome = by_whom.run("--cov=src", "--cov-context=test")
    assert outcome.gate("g0")["status"] == "passed"


def test_no_context_is_recorded_that_no_gate_needs(by_whom: Project) -> None:
    spec(by_whom, "coverage: '>= 1%', of: src")
    outcome = by_whom.run()
    assert "test by test" not in outcome.output


# --- what reports say of files --------------------------------------------------------------


@workers
def test_the_reports_have_every_file_of_the_scope(cart: Project, workers: tuple[str, ...]) -> None:
    spec(cart, "coverage: branch >= 90%, of: src", "coverage: '>= 90%', of: src/db")
    outcome = cart.run(*workers, "--spec-gates-report=md:report.md")
    found = {file["path"]: file for file in outcome.report["coverage"]}
    told = coverage_json(cart)["files"]
    assert found.keys() == told.keys() == {"src/cart.py", "src/db/store.py", "src/empty.py"}
    for path, file in found.items():
        data = told[path]
        assert file["missing"] == data["missing_lines"]
        assert file["excluded"] == data["excluded_lines"]
        assert file["missing_branches"] == data["missing_branches"]
        assert (file["statements"], file["branches"]) == (
            data["summary"]["num_statements"],
            data["summary"]["num_branches"],
        )
    page = (cart.root / "report.md").read_text("utf-8")
    assert "<summary>Not covered</summary>\n" in page
    assert "| src/cart.py | 18 | 3 | 7, 21, 29 |" in page
    assert page.index("src/cart.py | 18") < page.index("src/db/store.py | 4")


def test_two_configurations_of_coverage_are_told(cart: Project) -> None:
    spec(cart, "coverage: '>= 1%', of: src")
    cart.write("pyproject.toml", "[tool.coverage.report]\nexclude_also = ['def unused']\n")
    assert "coverage is configured" not in cart.run().output
    cart.write(".coveragerc", "[run]\nomit = src/db/*\n")
    told = "coverage is configured by .coveragerc; what pyproject.toml says of it does not count"
    outcome = cart.run()
    assert told in outcome.report["notes"]
    (evidence,) = outcome.gate("g0")["checks"][0]["evidence"][:1]
    assert evidence == "src: 2 files, 18 statements, 1 lines excluded, 1 files omitted"


def test_no_file_is_looked_at_without_a_gate_on_coverage(cart: Project) -> None:
    spec(cart, "exists: pytest.ini")
    assert cart.run("--cov=src").report["coverage"] == []


@workers
@pytest.mark.parametrize("others", [(), ("coverage: '>= 1%', of: src",)], ids=["alone", "beside"])
def test_a_scope_that_is_not_there_is_named(
    cart: Project, others: tuple[str, ...], workers: tuple[str, ...]
) -> None:
    spec(cart, "coverage: '>= 80%', of: scr/tiny", *others)
    outcome = cart.run(*workers)
    told = "no Python file matches scr/tiny"
    assert (outcome.gate("g0")["status"], outcome.gate("g0")["sentence"]) == ("unmeasured", told)
    assert outcome.gate("g0")["next_step"] == "correct `of:` or `scope:`"
    switched = [note for note in outcome.report["notes"] if note.startswith("switched on")]
    assert switched == ["switched on for the gates: coverage of src"] * len(others)


def test_a_spec_whose_scope_is_not_there_is_told_so(cart: Project) -> None:
    cart.spec("spec: x\nscope: scr/tiny\ngates:\n  - coverage: branch >= 80%\n    id: g0\n")
    outcome = cart.run()
    assert outcome.gate("g0")["sentence"] == "no Python file matches scr/tiny"
    assert outcome.report["notes"] == []


def test_a_file_that_is_no_python_is_an_error_of_its_gate_alone(cart: Project) -> None:
    cart.write("src/old/print.py", "print 'two'\n")
    spec(
        cart,
        "coverage: '>= 1%', of: src",
        "coverage: '>= 1%', of: src/cart.py",
        "coverage: '>= 1%', of: src/db, per: directory",
    )
    outcome = cart.run()
    statuses = {name: outcome.gate(name)["status"] for name in ("g0", "g1", "g2")}
    assert statuses == {"g0": "error", "g1": "passed", "g2": "passed"}
    assert outcome.gate("g0")["sentence"].startswith("src/old/print.py: ")
    assert outcome.exit == 1


def test_a_test_that_changes_the_folder_changes_no_name(cart: Project) -> None:
    """coverage shows names by the folder that it was last set up in."""
    cart.write(
        "tests/unit/test_elsewhere.py",
        """
        import os
        import coverage

        def test_elsewhere(tmp_path):
            here = os.getcwd()
            os.chdir(tmp_path)
            try:
                coverage.Coverage(data_file=None)
            finally:
                os.chdir(here)
        """,
    )
    spec(cart, "coverage: '>= 1%', of: src, per: file")
    outcome = cart.run()
    assert outcome.gate("g0")["status"] == "passed"
    assert {file["path"] for file in outcome.report["coverage"]} == {
        "src/cart.py",
        "src/db/store.py",
        "src/empty.py",
    }


@workers
@pytest.mark.parametrize("gone", [False, True], ids=["left", "gone"])
def test_a_test_that_stays_in_another_folder_changes_no_pattern(
    cart: Project, gone: bool, workers: tuple[str, ...]
) -> None:
    """Patterns of the configuration are relative to the folder that the run began in."""
    cart.write(".coveragerc", "[run]\nomit = src/db/*\n")
    cart.write(
        "tests/unit/test_leaves.py",
        f"""
        import os
        import shutil

        def test_leaves(tmp_path):
            os.chdir(tmp_path)
            if {gone}:
                shutil.rmtree(tmp_path)
        """,
    )
    spec(cart, "coverage: '>= 1%', of: src, per: file")
    outcome = cart.run(*workers)
    assert outcome.gate("g0")["status"] == "passed"
    assert {file["path"] for file in outcome.report["coverage"]} == {"src/cart.py", "src/empty.py"}
