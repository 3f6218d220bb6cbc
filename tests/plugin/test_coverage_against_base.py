"""`coverage: ">= base"`: the base's own tests are run on its own code, in a worktree."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Outcome, Project

workers = pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "workers"])
CODE = """
def price(amount, rate):
    if amount < 0:
        raise ValueError(amount)
    return amount * rate


def rebate(amount):
    if amount > 100:
        return amount / 10
    return 0
"""
FRESH = "def fresh(x):\n    return x\n"
TEST = """
import shop

def test_price():
    assert shop.price(2, 3) == 6
"""


@pytest.fixture
def ratchet(project: Project) -> Project:
    """On the base 4 of 8 statements are covered."""
    project.write("src/shop.py", CODE)
    project.write("tests/test_shop.py", TEST)
    project.config("testpaths = tests\npythonpath = src\n")
    project.write(
        ".gitignore", "__pycache__\nreport.json\njunit.xml\n.coverage*\nstd*\nrunpytest-*\n"
    )
    return project


def spec(project: Project, *gates: str) -> None:
    lines = "".join(f"  - {{id: g{number}, {gate}}}\n" for number, gate in enumerate(gates))
    project.spec(f"spec: x\nscope: src\ngates:\n{lines}")


def sentence(outcome: Outcome, name: str = "g0") -> str:
    told: str = outcome.gate(name)["sentence"]
    return told


def only_value(outcome: Outcome, name: str = "g0") -> dict[str, Any]:
    (found,) = outcome.gate(name)["checks"][0]["measurement"]["values"]
    one: dict[str, Any] = found
    return one


@workers
def test_what_lowers_the_coverage_fails(ratchet: Project, workers: tuple[str, ...]) -> None:
    spec(
        ratchet,
        "coverage: '>= base'",
        "coverage: '>= base - 15 pp'",
        "coverage: branch >= base",
        "coverage: uncovered lines <= base",
        "coverage: uncovered lines <= base + 2",
        "coverage: '>= base', of: changed",
    )
    ratchet.commit_base()
    ratchet.write("src/fresh.py", FRESH)
    outcome = ratchet.run(*workers)
    assert [outcome.statuses[f"g{n}"] for n in range(5)] == [
        "failed",
        "passed",
        "passed",
        "failed",
        "passed",
    ]
    assert sentence(outcome) == ("40 % (base 50 %, -10 pp) (src), required line coverage >= base")
    assert outcome.statuses["g5"] == "error"
    assert "the lines of a change are not on the base" in sentence(outcome, "g5")
    assert sentence(outcome, "g3") == "6 (base 4, +2) (src), required uncovered lines <= base"
    assert only_value(outcome)["base"] == 50
    (told,) = (e for e in outcome.gate("g0")["checks"][0]["evidence"] if e.startswith("base: "))
    assert "whose tests were run in a worktree" in told
    assert outcome.exit == 1
    assert ratchet.git("worktree", "list").count("\n") == 1


def test_what_keeps_or_raises_it_passes(ratchet: Project) -> None:
    spec(ratchet, "coverage: '>= base'", "coverage: rising", "coverage: branch rising")
    ratchet.commit_base()
    ratchet.write("src/shop.py", CODE.replace("amount * rate", "rate * amount"))
    outcome = ratchet.run()
    assert (outcome.statuses["g0"], outcome.statuses["g1"]) == ("passed", "failed")
    assert sentence(outcome, "g1") == (
        "50 % (base 50 %, 0 pp) (src), required line coverage > base"
    )
    ratchet.write("tests/test_rebate.py", "import shop\n\ndef test_it():\n    shop.rebate(200)\n")
    outcome = ratchet.run()
    assert set(outcome.statuses.values()) == {"passed"}
    assert outcome.exit == 0


def test_nothing_has_to_rise_where_nothing_changed(ratchet: Project) -> None:
    spec(ratchet, "coverage: rising")
    ratchet.commit_base()
    ratchet.write("tests/test_more.py", "def test_more():\n    pass\n")
    outcome = ratchet.run()
    assert outcome.statuses["g0"] == "not-applicable"
    assert "no file of it differs from main" in sentence(outcome)
    ratchet.write("tests/test_shop.py", "import shop\n\ndef test_price():\n    pass\n")
    outcome = ratchet.run()
    assert outcome.statuses["g0"] == "failed"


def test_everything_covered_need_not_rise(ratchet: Project) -> None:
    ratchet.write("src/shop.py", "def one():\n    return 1\n")
    ratchet.write("tests/test_shop.py", "import shop\n\ndef test_one():\n    assert shop.one()\n")
    spec(ratchet, "coverage: rising", "coverage: uncovered lines < base")
    ratchet.commit_base()
    ratchet.write("src/shop.py", "def one():\n    x = 1\n    return x\n")
    outcome = ratchet.run()
    assert set(outcome.statuses.values()) == {"passed"}


def test_nothing_to_compare_with(ratchet: Project) -> None:
    spec(ratchet, "coverage: '>= base'")
    outcome = ratchet.run()
    assert outcome.statuses["g0"] == "unmeasured"
    assert "there is no git repository to compare with" in sentence(outcome)
    ratchet.commit_base()
    outcome = ratchet.run()
    assert outcome.statuses["g0"] == "not-applicable"
    assert "nothing differs from main" in sentence(outcome)


def test_each_file_with_its_own_base(ratchet: Project) -> None:
    ratchet.write("src/store.py", "def save(x):\n    return x\n\n\ndef load(x):\n    return x\n")
    ratchet.write("tests/test_store.py", "import store\n\ndef test_it():\n    store.save(1)\n")
    spec(ratchet, "coverage: '>= base', per: file")
    ratchet.commit_base()
    ratchet.git("mv", "src/store.py", "src/depot.py")
    ratchet.write("tests/test_store.py", "import depot\n\ndef test_it():\n    pass\n")
    ratchet.write("src/fresh.py", "def fresh():\n    return 1\n")
    outcome = ratchet.run()
    assert sentence(outcome) == (
        "50 % (base 75 %, -25 pp) (src/depot.py), required line coverage >= base; "
        "1 of 2 subjects miss it"
    )
    evidence = outcome.gate("g0")["checks"][0]["evidence"]
    assert "new, so not compared: 1 (src/fresh.py)" in evidence


def test_by_some_of_the_tests(ratchet: Project) -> None:
    ratchet.write("tests/unit/test_unit.py", "import shop\n\ndef test_it():\n    shop.rebate(1)\n")
    spec(ratchet, "coverage: '>= base', by: tests/unit")
    ratchet.commit_base()
    ratchet.write("tests/unit/test_unit.py", "import shop\n\ndef test_it():\n    shop.price\n")
    outcome = ratchet.run()
    assert outcome.statuses["g0"] == "failed"


def test_a_waiver_with_its_reason_lets_it_fall(ratchet: Project) -> None:
    ratchet.spec(
        "spec: x\nscope: src\ngates:\n  - {id: g0, coverage: '>= base'}\n"
        "waivers:\n  - {gate: g0, owner: ann, reason: the old tests were slow, "
        "expires: 2999-01-01}\n"
    )
    ratchet.config("testpaths = tests\npythonpath = src\nspecgates_waiver_days = 999999\n")
    ratchet.commit_base()
    ratchet.write("tests/test_shop.py", "import shop\n\ndef test_price():\n    pass\n")
    outcome = ratchet.run()
    assert outcome.statuses["g0"] == "waived"
    assert outcome.gate("g0")["waiver"]["reason"] == "the old tests were slow"


def test_a_base_whose_tests_fail_says_nothing(ratchet: Project) -> None:
    ratchet.write("tests/test_broken.py", "def test_broken():\n    assert False\n")
    spec(ratchet, "coverage: '>= base'")
    ratchet.commit_base()
    (ratchet.root / "tests/test_broken.py").unlink()
    outcome = ratchet.run()
    assert outcome.statuses["g0"] == "unmeasured"
    assert "its tests do not pass here (exit 1: 1 failed, 1 passed" in sentence(outcome)
    assert outcome.exit == 1


def test_a_base_that_has_nothing_of_it(ratchet: Project) -> None:
    ratchet.write("lib/old.py", "x = 1\n")
    ratchet.write("tests/test_old.py", "def test_old():\n    pass\n")
    (ratchet.root / "src/shop.py").unlink()
    (ratchet.root / "tests/test_shop.py").unlink()
    spec(ratchet, "coverage: '>= base'")
    ratchet.commit_base()
    ratchet.write("src/shop.py", CODE)
    ratchet.write("tests/test_shop.py", TEST)
    outcome = ratchet.run()
    assert outcome.statuses["g0"] == "unmeasured"
    assert "no Python file matches src" in sentence(outcome)


def test_an_editable_installation_leads_to_the_base_itself(
    ratchet: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What an editable installation does: the code of the change is on the path everywhere."""
    ratchet.config("testpaths = tests\n")
    monkeypatch.setenv("PYTHONPATH", str(ratchet.root / "src"))
    spec(ratchet, "coverage: '>= base'")
    ratchet.commit_base()
    ratchet.write("src/fresh.py", FRESH)
    outcome = ratchet.run()
    assert sentence(outcome).startswith("40 % (base 50 %, -10 pp)")


def test_the_code_of_the_change_is_not_that_of_the_base(ratchet: Project) -> None:
    ratchet.config("testpaths = tests\n")
    src = str(ratchet.root / "src")
    ratchet.write("tests/conftest.py", f"import sys\nsys.path.insert(0, {src!r})\n")
    spec(ratchet, "coverage: '>= base'")
    ratchet.commit_base()
    ratchet.write("src/fresh.py", FRESH)
    outcome = ratchet.run()
    assert outcome.statuses["g0"] == "unmeasured"
    assert "its tests imported src/shop.py of this change instead of its own" in sentence(outcome)


def test_what_the_change_omits_is_omitted_of_the_base_too(ratchet: Project) -> None:
    """Hiding code raises no coverage: both are measured by the configuration of the change."""
    ratchet.write("src/bad.py", "def one():\n    return 1\n\n\ndef two():\n    return 2\n")
    spec(ratchet, "coverage: rising")
    ratchet.commit_base()
    ratchet.write(".coveragerc", "[run]\nomit = */bad.py\n")
    ratchet.write("src/shop.py", CODE + "\n")
    outcome = ratchet.run()
    assert sentence(outcome).startswith("50 % (base 50 %, 0 pp)")


def test_gates_that_the_base_has_switched_on_are_not_run_there(ratchet: Project) -> None:
    ratchet.write(
        "pytest.ini",
        "[pytest]\naddopts = --spec-gates\ntestpaths = tests\npythonpath = src\n",
    )
    spec(ratchet, "coverage: '>= base'")
    ratchet.commit_base()
    ratchet.write("src/fresh.py", FRESH)
    assert ratchet.run().statuses["g0"] == "failed"


def test_verify_recomputes_it(ratchet: Project) -> None:
    spec(ratchet, "coverage: '>= base - 10 pp'")
    ratchet.commit_base()
    ratchet.write("src/fresh.py", FRESH)
    ratchet.git("add", "-A")
    ratchet.git("commit", "-q", "-m", "fresh")
    assert ratchet.run().exit == 0
    command = [sys.executable, "-m", "pytest_specgates", "verify", "report.json"]
    done = subprocess.run(command, cwd=ratchet.root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    file = ratchet.root / "report.json"
    file.write_text(file.read_text("utf-8").replace('"base": 50', '"base": 51'), "utf-8")
    done = subprocess.run(command, cwd=ratchet.root, capture_output=True, text=True, check=False)
    assert done.returncode == 3
    assert "from what it measured follows 'failed'" in done.stdout + done.stderr


def test_nothing_is_as_good_as_nothing(ratchet: Project) -> None:
    """The tests import an installed copy: 0 % here and there is no verdict."""
    ratchet.write("lib/shop.py", CODE)
    ratchet.config("testpaths = tests\npythonpath = lib\n")
    spec(ratchet, "coverage: '>= base'", "coverage: uncovered lines <= base")
    ratchet.commit_base()
    ratchet.write("src/shop.py", CODE + "\n")
    outcome = ratchet.run()
    assert set(outcome.statuses.values()) == {"unmeasured"}
    assert "no test covered anything of it, neither here nor on main" in sentence(outcome)


def test_within_a_hook_of_git(ratchet: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hook has variables that name the index of its commit: it stays as it is."""
    spec(ratchet, "coverage: '>= base'")
    ratchet.commit_base()
    ratchet.write("src/fresh.py", FRESH)
    ratchet.git("add", "-A")
    before = ratchet.git("status", "--porcelain")
    monkeypatch.setenv("GIT_DIR", str(ratchet.root / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(ratchet.root / ".git/index"))
    monkeypatch.setenv("GIT_WORK_TREE", str(ratchet.root))
    assert ratchet.run().statuses["g0"] == "failed"
    assert ratchet.git("status", "--porcelain") == before
