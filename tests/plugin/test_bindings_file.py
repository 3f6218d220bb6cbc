"""The project's bindings file: found, obeyed, counted, and its errors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Project

BOTH = pytest.mark.parametrize("more", [(), ("-n", "2")], ids=["serial", "-n 2"])


@pytest.fixture
def bound(project: Project) -> Project:
    project.spec("spec: x\nvalidation:\n  - Frobs are frobbed\n  - Parser works\n")
    project.spec("spec: y\nvalidation:\n  - frobs are FROBBED\n", name="deep/y")
    project.write(
        "specs/bindings.yaml",
        """
        bindings:
          Frobs are frobbed: {exists: pytest.ini}
          "{what} works": {tests: all pass, of: "name:{what}"}
        """,
    )
    project.write("tests/test_parser.py", "def test_parser(): pass\n")
    return project


@BOTH
def test_it_binds_the_criteria_of_all_specs(bound: Project, more: tuple[str, ...]) -> None:
    result = bound.run(*more)
    assert result.exit == 0, result.output
    readings = {gate["nodeid"]: gate["reading"] for gate in result.report["gates"]}
    assert readings == {
        "specs/x.spec.yaml::validation::frobs-are-frobbed": "exists pytest.ini: all exist",
        "specs/x.spec.yaml::validation::parser-works": "tests: all pass of name:Parser",
        "specs/deep/y.spec.yaml::validation::frobs-are-frobbed": "exists pytest.ini: all exist",
    }


def test_it_binds_a_spec_that_is_named(bound: Project) -> None:
    result = bound.run("specs/deep/y.spec.yaml")
    assert result.statuses == {"validation::frobs-are-frobbed": "passed"}


@pytest.mark.parametrize("name", ["quality/bindings.yml", "quality/bindings.yaml"])
def test_it_lies_in_any_folder_of_the_spec_paths(project: Project, name: str) -> None:
    project.config("specgates_paths = specs quality\n")
    project.spec("spec: x\nvalidation: [Frobs are frobbed]\n")
    project.write(name, "bindings: {frobs are frobbed: {exists: pytest.ini}}\n")
    assert project.run().statuses == {"validation::frobs-are-frobbed": "passed"}


def test_it_lies_in_the_folder_itself_and_not_deeper(project: Project) -> None:
    project.spec("spec: x\nvalidation: [Frobs are frobbed]\n", name="deep/x")
    project.write(
        "specs/deep/bindings.yaml", "bindings: {frobs are frobbed: {exists: pytest.ini}}\n"
    )
    assert project.run().statuses == {"validation::frobs-are-frobbed": "unbound"}


def test_it_may_be_named_itself_beside_a_spec_that_is(project: Project) -> None:
    project.config("specgates_paths = docs/x.md docs/bindings.yaml\n")
    project.write("docs/x.md", "```yaml\nspec: x\nvalidation: [Frobs are frobbed]\n```\n")
    project.write("docs/bindings.yaml", "bindings: {frobs are frobbed: {exists: pytest.ini}}\n")
    assert project.run().statuses == {"x::validation::frobs-are-frobbed": "passed"}


def test_it_counts_in_the_digest(bound: Project) -> None:
    before = bound.run().report["run"]["spec_digest"]
    bound.write(
        "specs/bindings.yaml",
        "bindings: {frobs are frobbed: {exists: pytest.ini}, Parser works: {exists: tests}}\n",
    )
    assert bound.run().report["run"]["spec_digest"] != before


def test_a_binding_that_fits_no_criterion_is_no_error(bound: Project) -> None:
    bound.write("specs/bindings.yml", "bindings: {nobody says this: {exists: nothing.md}}\n")
    assert bound.run().exit == 0


@BOTH
@pytest.mark.parametrize("named", [(), ("tests", "specs/x.spec.yaml")], ids=["whole", "named"])
@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('bindings: {"{x}": {exists: pytest.ini}}\n', "1:12: the pattern"),
        ("bindings: {frobs are frobbed: {exist: a}}\n", "1:31: a binding names a gate"),
        ("bindings:\n  frobs are frobbed: {exists: >90%}\n", ":2:"),
    ],
    ids=["everything", "no gate", "no yaml"],
)
def test_an_error_in_it_is_an_error_of_the_run(
    bound: Project, text: str, told: str, named: tuple[str, ...], more: tuple[str, ...]
) -> None:
    bound.write("specs/bindings.yaml", text)
    result = bound.run(*named, *more)
    assert result.exit == (1 if more else 2)
    assert result.verdict == "failed"
    (error,) = result.report["errors"]
    assert error.startswith("specs/bindings.yaml:")
    assert told in error
    assert "ERROR collecting specs/bindings.yaml" in result.output


def test_a_file_that_is_no_text_is_an_error(bound: Project) -> None:
    (bound.root / "specs/bindings.yaml").write_bytes(b"bindings: {a: {exists: \xff}}\n")
    result = bound.run()
    assert result.exit == 2
    assert "specs/bindings.yaml:1:1: not UTF-8" in result.output


@BOTH
def test_its_commands_need_the_same_permission(project: Project, more: tuple[str, ...]) -> None:
    project.spec("spec: x\nvalidation: [Frobs are frobbed]\n")
    project.write(
        "specs/bindings.yaml",
        "bindings: {frobs are frobbed: {command: python -c pass}}\n",
    )
    assert project.run(*more).statuses == {"validation::frobs-are-frobbed": "passed"}
    project.config("")
    result = project.run(*more)
    assert result.statuses["validation::frobs-are-frobbed"] != "passed"
    assert "specgates_allow" in result.output
    assert result.exit == 1


def test_a_filled_path_does_not_lead_out_of_the_root(project: Project) -> None:
    project.spec("spec: x\nvalidation: [../../etc/passwd works]\n")
    project.write("specs/bindings.yaml", 'bindings: {"{what} works": {exists: "{what}"}}\n')
    result = project.run()
    (gate,) = result.report["gates"]
    assert gate["status"] == "error"
    assert "leads out of the root" in gate["sentence"]


@BOTH
def test_a_marker_adds_its_tests_to_a_bound_criterion(
    bound: Project, more: tuple[str, ...]
) -> None:
    bound.write(
        "tests/test_marked.py",
        """
        import pytest

        @pytest.mark.spec("x/frobs-are-frobbed")
        def test_marked():
            assert False
        """,
    )
    statuses = {g["nodeid"]: g["status"] for g in bound.run(*more).report["gates"]}
    assert statuses["specs/x.spec.yaml::validation::frobs-are-frobbed"] == "failed"
    assert statuses["specs/deep/y.spec.yaml::validation::frobs-are-frobbed"] == "passed"
