"""Row 32: in the change that it should stop, a gate is made weaker. The change is compared with
its base, and what demands less is named and blocks."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Project

SPEC = """
spec: shop
scope: src
gates:
  - {id: floor, coverage: ">= 80%"}
  - {id: size, config: "limits.size", of: limits.yaml, must: "<= 10"}
  - {id: files, exists: [README.md, limits.yaml]}
  - {id: unit, tests: all pass, of: tests}
"""
workers = pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "workers"])


@pytest.fixture
def based(shop: Project) -> Project:
    """The small shop with a base commit on main, on a branch of its own."""
    shop.spec(SPEC)
    shop.write("README.md", "hi\n")
    shop.write("limits.yaml", "limits: {size: 7}\n")
    shop.write("other/test_other.py", "def test_other(): pass\n")
    shop.write(".gitignore", "*.pyc\n.coverage\n__pycache__\n*.json\n*.xml\n.pytest_cache\n")
    shop.commit_base()
    return shop


@workers
def test_a_change_that_weakens_nothing_passes(based: Project, workers: tuple[str, ...]) -> None:
    based.write("README.md", "hello\n")
    outcome = based.run("--spec-gates-base=main", *workers)
    assert (outcome.exit, outcome.verdict) == (0, "passed")
    assert outcome.statuses["weakening"] == "passed"
    assert outcome.report["changes"] == []


WEAKER = {
    "a lower threshold": (">= 80%", ">= 70%"),
    "an operator turned": ('must: "<= 10"', 'must: ">= 3"'),
    "a narrower scope": ("tests: all pass, of: tests", "tests: all pass, of: tests/unit"),
    "another level": ("{id: unit,", "{id: unit, level: should,"),
    "a criterion gone": ("  - {id: files, exists: [README.md, limits.yaml]}\n", ""),
    "fewer files": ("[README.md, limits.yaml]", "[README.md]"),
    "a condition": ("{id: unit,", "{id: unit, when: src/**,"),
    "a later stage": ("{id: unit,", "{id: unit, stage: post-deploy,"),
}


@pytest.mark.parametrize("name", WEAKER)
def test_it_is_named_and_blocks(based: Project, name: str) -> None:
    before, after = WEAKER[name]
    assert before in SPEC
    based.spec(SPEC.replace(before, after))
    outcome = based.run("--spec-gates-base=main")
    gate = outcome.gate("weakening")
    assert (gate["status"], gate["blocking"]) == ("failed", True)
    assert (outcome.exit, outcome.verdict) == (1, "failed")
    assert outcome.junit["policy::weakening"] == "failure"
    told = [
        change for change in outcome.report["changes"] if change["kind"] in ("weakened", "removed")
    ]
    assert len(told) == 1
    assert told[0]["path"] == "specs/x.spec.yaml"
    assert told[0]["message"] in outcome.output


@workers
def test_with_workers_too(based: Project, workers: tuple[str, ...]) -> None:
    based.spec(SPEC.replace(">= 80%", ">= 70%"))
    outcome = based.run("--spec-gates-base=main", *workers)
    assert outcome.gate("weakening")["status"] == "failed"
    assert (outcome.exit, outcome.junit["policy::weakening"]) == (1, "failure")


def test_seconds_for_milliseconds(based: Project) -> None:
    based.spec("spec: speed\ngates:\n  - {id: a, latency: p95 < 500 ms, level: should}\n", "speed")
    based.commit_base()
    based.spec("spec: speed\ngates:\n  - {id: a, latency: p95 < 500 s, level: should}\n", "speed")
    outcome = based.run("--spec-gates-base=main", "--spec-gates-stage=pre-merge")
    assert "500 s, on the base p95 latency < 500 ms" in outcome.output
    assert outcome.exit == 1


WAIVER = "{{gate: {gate}, owner: ann, reason: agreed on, expires: 2035-12-31}}"


def test_a_waiver_of_the_same_change_does_not_allow_it(based: Project) -> None:
    based.config("testpaths = tests\nspecgates_waiver_days = 9999\n")
    based.spec(SPEC.replace(">= 80%", ">= 70%"))
    based.write("specs/waivers.yaml", f"waivers:\n  - {WAIVER.format(gate='policy/weakening')}\n")
    outcome = based.run("--spec-gates-base=main")
    assert outcome.gate("weakening")["status"] == "failed"
    assert "waiver for policy/weakening: added by ann" in outcome.output


@pytest.mark.parametrize(
    ("gate", "status"),
    [
        ("policy/weakening", "waived"),
        ("policy/weakening/shop/floor", "passed"),
        ("policy/weakening/shop/f*", "passed"),
        ("policy/weakening/shop/size", "failed"),
    ],
)
def test_a_waiver_that_stands_on_the_base_allows_it(based: Project, gate: str, status: str) -> None:
    based.config("testpaths = tests\nspecgates_waiver_days = 9999\n")
    based.write("specs/waivers.yaml", f"waivers:\n  - {WAIVER.format(gate=gate)}\n")
    based.commit_base()
    based.spec(SPEC.replace(">= 80%", ">= 70%"))
    outcome = based.run("--spec-gates-base=main")
    assert outcome.gate("weakening")["status"] == status
    assert outcome.exit == (1 if status == "failed" else 0)
    assert "ann" in json_text(outcome.gate("weakening")) or status == "failed"


def json_text(gate: dict[str, object]) -> str:
    return str(gate)


def test_a_waiver_for_a_gate_is_a_weakening(based: Project) -> None:
    based.config("testpaths = tests\nspecgates_waiver_days = 9999\n")
    based.spec(SPEC.replace("[README.md, limits.yaml]", "[README.md, gone.md]"))
    based.write("specs/waivers.yaml", f"waivers:\n  - {WAIVER.format(gate='shop/files')}\n")
    outcome = based.run("--spec-gates-base=main")
    assert outcome.gate("files")["status"] == "waived"
    assert outcome.gate("weakening")["status"] == "failed"
    assert outcome.exit == 1


@pytest.mark.parametrize(
    ("base", "told"),
    [
        ("HEAD", "it would be compared with itself"),
        ("nowhere", 'the base "nowhere" is not a ref here'),
    ],
)
def test_a_base_that_is_none_is_an_error_with_its_cure(
    based: Project, base: str, told: str
) -> None:
    outcome = based.run(f"--spec-gates-base={base}")
    gate = outcome.gate("weakening")
    assert (gate["status"], outcome.exit) == ("error", 1)
    assert told in gate["sentence"]
    assert "fetch-depth: 0" in gate["sentence"]


def test_a_shallow_clone_is_an_error_with_its_cure(based: Project) -> None:
    based.spec(SPEC.replace(">= 80%", ">= 70%"))
    based.commit_all()
    based.git("checkout", "-q", "main")
    based.write("README.md", "on main\n")
    based.commit_all()
    based.git("checkout", "-q", "work")
    based.git(
        "clone", "-q", "--depth", "1", "--no-single-branch", f"file://{based.root}", "shallow"
    )
    result = based.pytester.run(
        *(sys.executable, "-m", "pytest", "--rootdir=shallow", "-c", "shallow/pytest.ini"),
        *("--spec-gates", "--spec-gates-base=origin/main", "shallow"),
    )
    output = "\n".join(result.outlines)
    assert "no common commit here (a shallow clone?)" in output
    assert int(result.ret) == 1
