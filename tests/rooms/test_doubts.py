"""Doubts about specs, asked of the room itself; `specgates lint` is tested as a command."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_specgates import pipeline
from pytest_specgates.model import Gate, Surroundings
from pytest_specgates.read.floors import floors
from pytest_specgates.understand.doubts import doubts
from pytest_specgates.understand.marks import SUBJECT, Criteria, resolve, with_tests

KINDS = pipeline.kinds()


def gates_of(text: str) -> list[Gate]:
    file = pipeline.load({"x.spec.yaml": text}, KINDS).files["x.spec.yaml"]
    assert file.all_errors == []
    return list(file.gates)


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        (['coverage: ">= 0%"'], [("vacuous", 3)]),
        (["command: echo done"], [("vacuous", 3)]),
        (["{conforms: any.json, of: data}"], [("vacuous", 3)]),
        (["Error rate >= 0%"], []),
        (["Growth against the baseline >= 0%"], []),
        (['coverage: "> 100%"'], [("impossible", 3)]),
        (["{attested: a, must: attestations >= 2, by: [ana, ANA]}"], [("impossible", 3)]),
        (["{attested: a, must: attestations >= 2, by: [ana, bob]}"], []),
        (["Response time under [TBD]"], [("placeholder", 3)]),
        (["The interface is intuitive"], [("unmeasurable", 3)]),
        (["{coverage: '>= 80%', id: a}", "{coverage: '>= 90%', id: b}"], [("contradiction", 4)]),
        (["{coverage: '>= 80%', id: a}", "{coverage: '>= base', id: b}"], []),
        (["Login p95 < 1 s", "Login p95 < 2 s"], [("contradiction", 4)]),
        (["{coverage: '>= 80%', id: a}", "{coverage: '>= 80%', id: b}"], []),
        (["exists: README.md"], []),
    ],
)
def test_doubts(lines: list[str], found: list[tuple[str, int]], tmp_path: Path) -> None:
    gates = gates_of("spec: x\ngates:\n" + "".join(f"  - {line}\n" for line in lines))
    (tmp_path / "any.json").write_text('{"title": "everything"}', "utf-8")
    around = Surroundings(root=tmp_path)
    told = doubts(gates, lambda gate: pipeline.reach(gate, KINDS, around))
    assert [(one.rule, one.span.line) for one in told] == found


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("pyproject.toml", "[tool.coverage.report]\nfail_under = 15\n", [("fail_under", 15, 2)]),
        ("pytest.ini", "[pytest]\naddopts = --cov-fail-under=15\n", [("--cov-fail-under", 15, 2)]),
        ("codecov.yml", "coverage: {status: {project: {target: 15%}}}", [("target", 15, 1)]),
        ("codecov.yml", "coverage: {status: {patch: {target: 15%}}}", []),
        (".coveragerc", "[run]\nfail_under = 15\n# fail_under = 3\n", []),
    ],
)
def test_floors(name: str, text: str, told: list[tuple[str, int, int]]) -> None:
    assert [(f.setting, int(f.value), f.span.line) for f in floors({name: text})] == told


CRITERIA_TEXT = "spec: shop\nvalidation:\n  - Prices add up\n  - Code review completed\n"


@pytest.fixture
def criteria() -> Criteria:
    loaded = pipeline.load({"x.spec.yaml": CRITERIA_TEXT}, KINDS)
    return pipeline.criteria_of(loaded)


@pytest.mark.parametrize(
    "name",
    [
        "shop/prices-add-up",
        "shop/validation.prices-add-up",
        "prices-add-up",
        "PRICES  add up",
        "x.spec.yaml::validation::prices-add-up",
    ],
)
def test_a_marker_names_a_criterion(criteria: Criteria, name: str) -> None:
    assert resolve(name, criteria) == "shop/validation.prices-add-up"


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("shop/prices-ad-up", 'did you mean "shop/prices-add-up"'),
        ("shpo/prices-add-up", "did you mean"),
        ("Prices add upp", 'did you mean "prices add up"'),
        ("zzz", "criteria: shop/validation"),
    ],
)
def test_a_marker_that_names_none(criteria: Criteria, name: str, told: str) -> None:
    with pytest.raises(LookupError, match="names no criterion") as caught:
        resolve(name, criteria)
    assert told.partition('"')[0] in str(caught.value)
    with pytest.raises(LookupError) as caught:
        resolve(name, criteria, with_hint=False)
    assert str(caught.value) == f'"{name}" names no criterion'


def test_tests_bind_a_criterion_and_stand_for_no_person() -> None:
    prices, review = gates_of(CRITERIA_TEXT)
    assert prices.checks == ()
    bound = with_tests(prices, "shop/validation.prices-add-up")
    assert [(c.kind, c.subject) for c in bound.checks] == [
        ("tests", (f"{SUBJECT}shop/validation.prices-add-up",))
    ]
    asked = with_tests(review, "shop/validation.code-review-completed")
    assert [c.kind for c in asked.checks] == ["attested", "tests"]
