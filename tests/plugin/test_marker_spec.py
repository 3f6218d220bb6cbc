"""The marker `spec`: tests bound to criteria, and the ways to fool it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Project

SPEC = """
spec: checkout
validation:
  - Frobs are frobbed
  - Existing: {exists: pytest.ini}
  - Totals add up: {id: SC-001}
  - Nobody looks after this
"""
TESTS = """
import pytest

@pytest.mark.spec("checkout/frobs-are-frobbed")
def test_frobs():
    pass

@pytest.mark.spec("existing")
def test_existing():
    pass

@pytest.mark.spec("checkout/SC-001")
def test_totals():
    pass

def test_other():
    pass
"""
MORE = pytest.mark.parametrize(
    "more", [(), ("-n", "2"), ("-p", "no:terminal"), ("-p", "no:xdist")], ids=" ".join
)


@pytest.fixture
def checkout(project: Project) -> Project:
    project.spec(SPEC)
    project.write("tests/test_marked.py", TESTS)
    project.write(
        "pytest.ini",
        "[pytest]\naddopts = -p no:cacheprovider -p no:randomly --strict-markers\n"
        "testpaths = tests\n",
    )
    return project


@MORE
def test_tests_are_bound_by_id_by_address_and_by_a_foreign_id(
    checkout: Project, more: tuple[str, ...]
) -> None:
    result = checkout.run(*more)
    assert result.statuses == {
        "validation::frobs-are-frobbed": "passed",
        "validation::existing": "passed",
        "validation::SC-001": "passed",
        "validation::nobody-looks-after-this": "unbound",
    }
    assert result.gate("SC-001")["reading"] == (
        'tests marked spec("checkout/validation.SC-001"): all pass'
    )
    assert result.gate("existing")["reading"].startswith("exists pytest.ini: all exist; tests mark")
    assert result.exit == 1


@pytest.mark.parametrize("more", [(), ("-n", "2")], ids=["serial", "-n 2"])
def test_one_failed_test_fails_the_criterion_that_holds_otherwise(
    checkout: Project, more: tuple[str, ...]
) -> None:
    checkout.write(
        "tests/test_more.py",
        """
        import pytest

        @pytest.mark.spec("Existing", "FROBS  are frobbed")
        def test_fails():
            assert False
        """,
    )
    result = checkout.run(*more)
    assert result.statuses["validation::existing"] == "failed"
    assert result.statuses["validation::frobs-are-frobbed"] == "failed"
    assert result.statuses["validation::SC-001"] == "passed"
    assert "1 of 2 failing" in result.gate("frobs-are-frobbed")["sentence"]
    assert 'next:      pytest "tests/test_more.py::test_fails"' in result.output


def test_marks_of_modules_classes_and_parameters_and_several_on_one_test(project: Project) -> None:
    project.spec("spec: x\nvalidation: [Aa bb, Cc dd, Ee ff, Gg hh, Ii jj]\n")
    project.write(
        "tests/test_m.py",
        """
        import pytest
        pytestmark = pytest.mark.spec("x/aa-bb")

        @pytest.mark.spec("x/cc-dd")
        class TestC:
            def test_c(self): pass

        @pytest.mark.spec("x/ee-ff")
        @pytest.mark.spec("x/gg-hh")
        def test_e(): pass

        @pytest.mark.parametrize("p", [1, pytest.param(2, marks=pytest.mark.spec("x/ii-jj"))])
        def test_p(p): pass
        """,
    )
    result = project.run()
    assert set(result.statuses.values()) == {"passed"}
    counts = {g["criterion"]: g["checks"][0]["samples"] for g in result.report["gates"]}
    assert counts == {"Aa bb": 4, "Cc dd": 1, "Ee ff": 1, "Gg hh": 1, "Ii jj": 1}


# -- fooling


@pytest.mark.parametrize("more", [(), ("-n", "2")], ids=["serial", "-n 2"])
def test_a_marked_test_that_is_deselected_leaves_its_criterion_unmeasured(
    checkout: Project, more: tuple[str, ...]
) -> None:
    result = checkout.run("-k", "not test_frobs and not test_existing", *more)
    assert result.statuses["validation::frobs-are-frobbed"] == "unmeasured"
    assert result.statuses["validation::existing"] == "unmeasured"
    assert result.statuses["validation::SC-001"] == "passed"
    assert "1 of its tests were not selected" in result.gate("existing")["sentence"]
    assert result.exit == 1


@pytest.mark.parametrize("more", [(), ("-n", "2")], ids=["serial", "-n 2"])
def test_tests_dropped_by_a_conftest_leave_their_criterion_unmeasured(
    checkout: Project, more: tuple[str, ...]
) -> None:
    checkout.write(
        "conftest.py",
        """
        def pytest_collection_modifyitems(items):
            items[:] = [item for item in items if item.name != "test_existing"]
        """,
    )
    assert checkout.run(*more).statuses["validation::existing"] == "unmeasured"


@pytest.mark.parametrize("how", ["skip(reason='x')", "xfail(run=False)"])
@pytest.mark.parametrize("more", [(), ("-n", "2")], ids=["serial", "-n 2"])
def test_marked_tests_that_are_all_skipped_measure_nothing(
    project: Project, how: str, more: tuple[str, ...]
) -> None:
    project.spec("spec: x\nvalidation: [Frobs frobbed]\n")
    project.write(
        "tests/test_s.py",
        f"""
        import pytest
        pytestmark = pytest.mark.spec("x/frobs-frobbed")

        @pytest.mark.{how}
        def test_a(): pass
        """,
    )
    result = project.run(*more)
    assert result.statuses == {"validation::frobs-frobbed": "unmeasured"}
    assert "passed: 1" in result.gate("frobs-frobbed")["sentence"]
    assert result.exit == 1


@pytest.mark.parametrize("more", [(), ("-n", "2")], ids=["serial", "-n 2"])
def test_a_narrowed_run_leaves_it_unmeasured(checkout: Project, more: tuple[str, ...]) -> None:
    checkout.write("tests/test_rest.py", "def test_rest(): pass\n")
    result = checkout.run("tests/test_marked.py", "specs/x.spec.yaml", *more)
    assert result.statuses["validation::frobs-are-frobbed"] == "unmeasured"
    assert "only tests/test_marked.py was run" in result.gate("frobs-are-frobbed")["sentence"]


def test_a_worker_that_dies_leaves_it_unmeasured(checkout: Project) -> None:
    checkout.write(
        "tests/test_dies.py",
        """
        import os, pytest

        @pytest.mark.spec("x" and "checkout/frobs-are-frobbed")
        def test_dies():
            os._exit(1)
        """,
    )
    result = checkout.run("-n", "2")
    assert result.statuses["validation::frobs-are-frobbed"] == "unmeasured"
    assert result.statuses["validation::existing"] == "unmeasured"
    assert result.exit == 1


def test_no_worker_that_lives_to_tell_is_an_error_of_the_report(checkout: Project) -> None:
    checkout.write("tests/test_dies.py", "import os\n\ndef test_dies():\n    os._exit(1)\n")
    (checkout.root / "tests/test_marked.py").unlink()
    result = checkout.run("-n", "1", "--max-worker-restart=0")
    assert "no worker lived to tell which tests are marked spec(...)" in result.report["errors"]
    assert (result.verdict, result.exit) == ("failed", 1)


@pytest.mark.parametrize("seed", ["forwards", "backwards"])
@pytest.mark.parametrize("more", [(), ("-n", "2")], ids=["serial", "-n 2"])
def test_the_order_of_the_items_changes_nothing(
    checkout: Project, seed: str, more: tuple[str, ...]
) -> None:
    checkout.write(
        "conftest.py",
        f"""
        import pytest

        @pytest.hookimpl(trylast=True)
        def pytest_collection_modifyitems(items):
            if {seed!r} == "backwards":
                items.reverse()
        """,
    )
    statuses = checkout.run(*more).statuses
    assert statuses["validation::existing"] == "passed"
    assert statuses["validation::frobs-are-frobbed"] == "passed"
    assert statuses["validation::nobody-looks-after-this"] == "unbound"


@pytest.mark.parametrize("more", [(), ("-n", "2")], ids=["serial", "-n 2"])
def test_a_command_gate_with_marked_tests_is_judged_on_both(
    project: Project, more: tuple[str, ...]
) -> None:
    project.spec("spec: x\ngates:\n  - command: python -c pass\n    id: runs\n")
    project.write(
        "tests/test_c.py",
        """
        import pytest

        @pytest.mark.spec("x/runs")
        def test_c():
            assert False
        """,
    )
    result = project.run(*more)
    assert result.statuses == {"runs": "failed"}
    assert "1 of 1 failing" in result.gate("runs")["sentence"]


def test_marks_that_only_workers_give_bind_under_xdist_and_nowhere_else(project: Project) -> None:
    project.spec("spec: x\nvalidation: [Frobs frobbed]\n")
    project.write(
        "tests/test_w.py",
        """
        import os, pytest

        if "PYTEST_XDIST_WORKER" in os.environ:
            pytestmark = pytest.mark.spec("x/frobs-frobbed")

        def test_w(): pass
        """,
    )
    assert project.run("-n", "2").statuses == {"validation::frobs-frobbed": "passed"}
    assert project.run().statuses == {"validation::frobs-frobbed": "unbound"}


# -- markers that name nothing


@pytest.mark.parametrize(
    ("argument", "told"),
    [
        ('"checkout/frobs-are-frobed"', 'did you mean "checkout/validation.frobs-are-frobbed"?'),
        ('"Frobs are frobed"', 'did you mean "frobs are frobbed"?'),
        ('"SC-01"', 'did you mean "sc-001"?'),
        ('"chekout/SC-001"', 'did you mean "checkout/validation.sc-001"?'),
        ('"nothing like it"', "criteria: checkout/validation.frobs-are-frobbed, "),
        ("3", "@pytest.mark.spec(3): a criterion is named by a text"),
        ("['SC-001']", "@pytest.mark.spec(['SC-001']): a criterion is named by a text"),
        ("", "@pytest.mark.spec names no criterion"),
        ('id="SC-001"', "@pytest.mark.spec names no criterion"),
    ],
)
def test_a_marker_that_names_no_criterion_is_an_error_in_collecting(
    checkout: Project, argument: str, told: str
) -> None:
    checkout.write(
        "tests/test_typo.py",
        f"""
        import pytest


        @pytest.mark.spec({argument})
        def test_typo():
            pass
        """,
    )
    result = checkout.run()
    assert result.exit == 2
    assert "tests/test_typo.py:4: @pytest.mark.spec" in result.output
    assert told.lower() in result.output.lower()


@pytest.mark.parametrize("more", [("-n", "2"), ("-p", "no:terminal")], ids=" ".join)
def test_it_is_an_error_under_xdist_and_without_a_terminal(
    checkout: Project, more: tuple[str, ...]
) -> None:
    checkout.write(
        "tests/test_typo.py",
        'import pytest\n\n@pytest.mark.spec("SC-01")\ndef test_typo(): pass\n',
    )
    result = checkout.run(*more)
    assert result.exit in (1, 2)
    assert result.verdict in ("failed", "incomplete")
    if "-n" in more:
        assert 'did you mean "sc-001"?' in result.output
        assert result.statuses["validation::frobs-are-frobbed"] == "unmeasured"


@pytest.mark.parametrize("more", [(), ("-n", "2")], ids=["serial", "-n 2"])
def test_a_marker_that_a_plugin_adds_is_checked_too(
    checkout: Project, more: tuple[str, ...]
) -> None:
    checkout.write(
        "conftest.py",
        """
        import pytest

        def pytest_collection_modifyitems(items):
            for item in items:
                if item.name == "test_other":
                    item.add_marker(pytest.mark.spec("SC-002"))
                    item.add_marker(pytest.mark.spec("Nobody looks after this"))
        """,
    )
    result = checkout.run(*more)
    assert result.statuses["validation::nobody-looks-after-this"] == "passed"
    (error,) = result.report["errors"]
    assert error.startswith('tests/test_marked.py:15: @pytest.mark.spec: "SC-002" names no crit')
    assert 'did you mean "sc-001"?' in result.output
    assert result.exit == 1


def test_a_name_that_fits_two_criteria_is_an_error_that_names_both(project: Project) -> None:
    project.spec("spec: x\na: {validation: [Frobs frobbed]}\nb: {validation: [Frobs frobbed]}\n")
    project.write(
        "tests/test_t.py", 'import pytest\n\n@pytest.mark.spec("Frobs frobbed")\ndef test(): pass\n'
    )
    result = project.run()
    assert result.exit == 2
    assert 'fits 2 criteria; name one of "x/a.frobs-frobbed", "x/b.frobs-frobbed"' in result.output
    project.write(
        "tests/test_t.py",
        'import pytest\n\n@pytest.mark.spec("x/a.frobs-frobbed")\ndef test(): pass\n',
    )
    assert project.run().statuses == {
        "a::frobs-frobbed": "passed",
        "b::frobs-frobbed": "unbound",
    }


def test_two_files_with_a_spec_of_the_same_name_are_told_apart_by_node_id(
    project: Project,
) -> None:
    project.spec("spec: x\nvalidation: [Frobs frobbed]\n", name="one")
    project.spec("spec: x\nvalidation: [Frobs frobbed]\n", name="two")
    project.write(
        "tests/test_t.py",
        """
        import pytest

        @pytest.mark.spec("specs/two.spec.yaml::validation::frobs-frobbed")
        def test(): pass
        """,
    )
    gates = {g["nodeid"]: g["status"] for g in project.run().report["gates"]}
    assert gates == {
        "specs/one.spec.yaml::validation::frobs-frobbed": "unbound",
        "specs/two.spec.yaml::validation::frobs-frobbed": "passed",
    }


def test_a_line_that_is_not_a_gate_says_why(project: Project) -> None:
    project.spec("spec: x\nsteps:\n  - Talk to people\ngates: [{exists: pytest.ini}]\n")
    project.write(
        "tests/test_t.py",
        'import pytest\n\n@pytest.mark.spec("Talk to people")\ndef test(): pass\n',
    )
    result = project.run()
    assert result.exit == 2
    assert "names no criterion: specs/x.spec.yaml:3 is not a gate: " in result.output


def test_a_criterion_of_a_spec_that_was_not_named_is_known_all_the_same(project: Project) -> None:
    project.spec("spec: x\nvalidation: [Frobs frobbed]\n", name="x")
    project.spec("spec: y\nvalidation: [Bars barred]\n", name="y")
    project.write(
        "tests/test_t.py",
        """
        import pytest

        @pytest.mark.spec("y/bars-barred", "x/frobs-frobbed")
        def test(): pass
        """,
    )
    result = project.run("tests", "specs/x.spec.yaml")
    assert result.exit == 0, result.output
    assert result.statuses == {"validation::frobs-frobbed": "passed"}


def test_a_spec_that_cannot_be_read_does_not_blame_the_markers(checkout: Project) -> None:
    checkout.spec("spec: broken\ngates: [{exist: a, of: b}]\n", name="broken")
    checkout.write(
        "tests/test_b.py", 'import pytest\n\n@pytest.mark.spec("broken/a")\ndef test(): pass\n'
    )
    result = checkout.run()
    assert result.exit == 2
    assert "unknown kind of gate" in result.output
    assert "names no criterion" not in result.output


# -- without --spec-gates


def test_the_marker_is_known_without_spec_gates_and_costs_nothing(checkout: Project) -> None:
    checkout.write(
        "tests/test_idle.py",
        """
        import sys, pytest

        @pytest.mark.spec("names nothing at all", 3)
        def test_idle():
            assert "pytest_specgates.pipeline" not in sys.modules
            assert "pytest_specgates.adapter.marks" not in sys.modules
        """,
    )
    result = checkout.run_bare("-W", "error")
    assert result.exit == 0, result.output
    assert "@pytest.mark.spec(criterion, ...): binds" in checkout.run_bare("--markers").output


def test_a_limit_that_only_tests_vouch_for_says_so(checkout: Project) -> None:
    checkout.spec("spec: checkout\nvalidation:\n  - Login page answers in under 200 ms\n")
    checkout.write(
        "tests/test_marked.py",
        'import pytest\n\n@pytest.mark.spec("checkout/login-page-answers-in-under-200-ms")\n'
        "def test_login():\n    pass\n",
    )
    result = checkout.run("-v")
    assert "on their word alone for latency < 0.2 s, which no probe measured" in result.output


def test_no_test_stands_for_a_person(checkout: Project) -> None:
    texts = ["Security sign-off obtained", "Reviewed by two maintainers", "Code review completed"]
    checkout.spec("spec: checkout\nvalidation:\n" + "".join(f"  - {t}\n" for t in texts))
    checkout.write(
        "tests/test_marked.py",
        f"import pytest\n\n@pytest.mark.spec(*{texts})\ndef test_all():\n    pass\n",
    )
    result = checkout.run()
    assert set(result.statuses.values()) == {"unattested"}
    assert result.exit == 1


def test_a_person_is_asked_for_in_the_same_words_everywhere(checkout: Project) -> None:
    checkout.spec("spec: checkout\nvalidation:\n  - review completed\n  - attested: review\n")
    checkout.write(
        "tests/test_marked.py",
        "import pytest\n\n@pytest.mark.spec('checkout/review-completed')\ndef test(): pass\n",
    )
    result = checkout.run()
    assert {gate["status"] for gate in result.report["gates"]} == {"unattested"}
    for gate in result.report["gates"]:
        assert "attestations >= 1" in gate["required"]
        assert ">= signed off" not in f"{gate['required']} {gate['sentence']}"


def test_a_reference_of_a_binding_stays_broken(checkout: Project) -> None:
    checkout.spec(
        "spec: checkout\nvalidation: [Every speed target holds]\n"
        "bindings: {Every speed target holds: {gates: [no-such-gate]}}\n"
    )
    checkout.write(
        "tests/test_marked.py",
        'import pytest\n\n@pytest.mark.spec("Every speed target holds")\ndef test_a():\n    pass\n',
    )
    assert "passed" not in checkout.run().statuses.values()


def test_a_text_that_is_another_criterions_id_is_ambiguous(checkout: Project) -> None:
    checkout.spec(
        "spec: checkout\nvalidation:\n  - Works: {id: first, exists: a}\n"
        "  - {id: works, exists: a}\n"
    )
    checkout.write(
        "tests/test_marked.py",
        'import pytest\n\n@pytest.mark.spec("Works")\ndef test_a():\n    pass\n',
    )
    result = checkout.run()
    assert "fits 2 criteria" in result.output


def test_hints_are_not_looked_up_for_every_marker_of_a_renamed_spec(checkout: Project) -> None:
    criteria = "".join(f"  - Criterion number {n} holds\n" for n in range(300))
    checkout.spec("spec: checkout\nvalidation:\n" + criteria)
    marked = "".join(
        f'@pytest.mark.spec("old/criterion-number-{n}-holds")\ndef test_{n}(): pass\n'
        for n in range(300)
    )
    checkout.write("tests/test_marked.py", "import pytest\n\n" + marked)
    began = time.process_time()
    result = checkout.run("-p", "no:xdist")
    assert result.output.count("did you mean") <= 20
    assert result.output.count("names no criterion") == 300
    assert time.process_time() - began < 10
