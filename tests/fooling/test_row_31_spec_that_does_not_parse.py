"""Row 31 (first half): a spec that cannot be read is skipped, and its gates with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Outcome, Project

GOOD = "spec: good\ngates:\n  - {id: there, exists: src/shop.py}\n"
BROKEN = (
    'spec: x\ngates:\n  - coverage: ">= 90%\n    of: src\n',  # a quote that is not closed
    "spec: x\ngates: [{tests: all pass, of: tests/unit\n",
    "spec: x\ngates:\n\t- tests: all pass\n",
    "spec: x\ngates:\n  - {coverige: '>= 90%', of: src}\n",
    "spec: x\ngates: []\n",
    "",
)
workers = pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "workers"])


def check(outcome: Outcome) -> None:
    assert outcome.exit != 0
    assert outcome.verdict == "failed"
    (error,) = outcome.report["errors"]
    assert "specs/x.spec.yaml" in error
    assert "specs/x.spec.yaml" in outcome.output
    assert outcome.junit_failures >= 1
    mine = [verdict for name, verdict in outcome.junit.items() if "x.spec.yaml" in name]
    assert set(mine) <= {"error", "failure"}
    assert not [name for name in outcome.statuses if "x.spec.yaml" in name]


def test_every_broken_spec_is_an_error(shop: Project) -> None:
    for number, text in enumerate(BROKEN):
        shop.spec(text, name=f"broken{number}")
    shop.spec(GOOD, name="good")
    outcome = shop.run()
    assert outcome.exit != 0
    assert outcome.verdict == "failed"
    assert len(outcome.report["errors"]) == len(BROKEN)
    for number in range(len(BROKEN)):
        (error,) = [e for e in outcome.report["errors"] if f"broken{number}.spec.yaml" in e]
        assert error in outcome.output or error.splitlines()[0] in outcome.output
        mine = [v for name, v in outcome.junit.items() if f"broken{number}.spec.yaml" in name]
        assert mine == ["error"]


@workers
def test_the_good_spec_is_judged_where_pytest_goes_on(
    shop: Project, workers: tuple[str, ...]
) -> None:
    shop.spec(BROKEN[0])
    shop.spec(GOOD, name="good")
    outcome = shop.run("--continue-on-collection-errors", *workers)
    check(outcome)
    assert outcome.statuses == {"there": "passed"}
    assert outcome.junit["specs.good.spec.yaml::there"] == "passed"


def test_a_spec_that_is_not_text(shop: Project) -> None:
    shop.spec("spec: x\n").write_bytes(b"spec: x\xff\xfe\ngates:\n  - {exists: src}\n")
    check(shop.run())


@pytest.mark.parametrize("waited", [(), ("specs/x.spec.yaml",)], ids=["whole run", "named"])
def test_a_spec_that_is_no_file(shop: Project, waited: tuple[str, ...]) -> None:
    shop.spec(GOOD, name="good")
    (shop.root / "specs/x.spec.yaml").symlink_to("gone.yaml")
    outcome = shop.run(*waited)
    assert outcome.exit != 0
    assert "x.spec.yaml" in outcome.output
