"""The HTML report: whole, escaped, of one file, and of the verdict that was made."""

from __future__ import annotations

import base64
import hashlib
import re
import runpy
from dataclasses import replace
from fractions import Fraction
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pytest_specgates import pipeline
from pytest_specgates.judge.compare import compare
from pytest_specgates.measure.benchmarks import probe
from pytest_specgates.model import (
    Change,
    Check,
    CheckResult,
    Comparison,
    FileCoverage,
    Gate,
    GateReport,
    History,
    Identity,
    JudgedGate,
    Kept,
    Measurement,
    PastCheck,
    PastGate,
    PastRun,
    RunEvidence,
    Samples,
    Span,
    Statement,
    Status,
    Surroundings,
    TestRef,
    TestResult,
    Value,
    Verdict,
    Waiver,
    WaiverState,
)
from pytest_specgates.report.html import html_of, render_html
from pytest_specgates.report.html_graph import WIDTH, bullet, sparkline, spread, wide_line
from pytest_specgates.report.html_text import amount, lines, shown
from pytest_specgates.report.json_report import as_data

SLOW = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""Another program may have the machine."""
BENCHMARK = Path(__file__).parents[2] / "benchmarks" / "report_cost.py"
KINDS = pipeline.kinds()
IDENTITY = Identity(
    commit="0" * 40,
    dirty=False,
    spec_digest="0" * 64,
    versions={},
    machine={},
    started="2026-01-31T00:00:00.000Z",
    ended="2026-01-31T00:00:01.000Z",
    stage="pre-merge",
)


class Page(HTMLParser):
    """The tags of a page with the names of their attributes, its texts, and its raw parts."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, tuple[str, ...]]] = []
        self.values: list[tuple[str, str, str]] = []
        self.texts: list[str] = []
        self.raw: dict[str, str] = {}
        self.declarations: list[str] = []
        self.inside = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, tuple(name for name, _ in attrs)))
        self.values += [(tag, name, value or "") for name, value in attrs]
        self.inside = tag if tag in ("style", "script") else ""

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        self.inside = ""

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.raw[self.inside] = self.raw.get(self.inside, "") + data
        elif data.strip():
            self.texts.append(data.rstrip("\n"))

    def handle_decl(self, decl: str) -> None:
        self.declarations.append(decl)

    def handle_comment(self, data: str) -> None:
        self.declarations.append(f"comment {data}")


def gate_of(text: str) -> Gate:
    return pipeline.load({"x.spec.yaml": text}, KINDS).files["x.spec.yaml"].gates[0]


def report_of(verdicts: list[Verdict], **more: Any) -> GateReport:
    gate = gate_of("spec: x\ngates:\n  - exists: a\n")
    made = GateReport(IDENTITY, tuple(JudgedGate(gate, v) for v in verdicts), (), (), (), ())
    return replace(made, **more)


LATENCY = "spec: x\ngates:\n  - latency: p95 < 5 ms\n    of: tests/t.py::test_t\n"
COVERAGE = 'spec: x\nquality_gates:\n  - coverage: ">= 90%"\n    of: src\n'


def judged(text: str, *values: Value, blocking: bool = True, **more: Any) -> JudgedGate:
    """The gate of a spec, judged by values."""
    gate = gate_of(text)
    results = [compare(check, Measurement(values, **more)) for check in gate.checks]
    worst = results[0]
    is_met = worst.status == "passed"
    return JudgedGate(
        gate,
        Verdict(
            worst.status,
            worst.sentence,
            blocking and not is_met,
            tuple(results),
            next_step=worst.next_step,
        ),
    )


def with_texts(text: str) -> GateReport:
    """A report in which every text that others write is this one."""
    gate = gate_of(COVERAGE)
    gate = replace(
        gate,
        nodeid=f"{text}::a::b",
        spec=replace(gate.spec, name=text, path=text, workflow=f"{text}."),
        criterion=replace(
            gate.criterion, text=text, phase=text, span=Span(text, 3, 5), id="coverage"
        ),
        reading=replace(gate.reading, text=text, owner=text),
    )
    check: Check = replace(gate.checks[0], subject=(text,))
    values = (Value(text, Fraction(50)), Value(text, Fraction(60), base=Fraction(1)))
    result = CheckResult(
        check,
        "failed",
        text,
        text,
        text,
        Fraction(50),
        2,
        (text, f"{text} "),
        text,
        Measurement(values, evidence=(text,)),
    )
    waiver = Waiver(text, text, text, "2030-01-01", Span(text, 1, 1))
    verdict = Verdict("failed", text, True, (result, result), text, "failed", waiver)
    past = PastRun(
        commit="a" * 40,
        dirty=False,
        stage="pre-merge",
        ended=IDENTITY.ended,
        verdict="passed",
        gates={
            gate.nodeid: PastGate(
                text, "passed", (PastCheck(check.metric, "%", 70.0, f"{text}%"),) * 2
            )
        },
    )
    return GateReport(
        history=History((past, past), past),
        identity=replace(
            IDENTITY, commit=text, base=text, versions={text: text}, machine={text: text}
        ),
        judged=(JudgedGate(gate, verdict),),
        unjudged=(gate,),
        statements=(Statement(text, text, 1, text, text),),
        errors=(text,),
        notes=(text,),
        interrupted=text,
        waivers=(WaiverState(waiver, "used", 3, (text,)),),
        evidence=(Kept(text, text, "0" * 64),),
        comparison=Comparison((Change("weakened", text, text, Span(text, 1, 1)),), 1),
        coverage=(FileCoverage(text, 3, (1,), (2, 3), (), 1, ((1, 2),), (text,)),),
    )


HOSTILE = (
    "<script>alert(1)</script>",
    "</style><style>*{display:none}</style>",
    "</script><img src=x onerror=alert(1)>",
    '" onmouseover="alert(1)',
    "' x='",
    "<!-- ",
    "]]>",
    "{{ 7*7 }}{% raw %}",
    "&lt;&amp;&#60;",
    "\x1b[31mred\x1b[0m\x00\x07",
    "\u202egnp.exe\u2066\u2069",
    "\ud800\udfff",
    "\x80\x9b\ufeff\u2028",
    "x" * 1_000_000,
    "<" * 1_000_000,
    "\u202e" * 1_000_000,
    "a\n" * 100_000,
)
BENIGN = Page(render_html(with_texts("plain")))


def _check_structure(text: str) -> None:
    made = render_html(with_texts(text))
    page = Page(made)
    assert page.tags == BENIGN.tags
    assert page.raw == BENIGN.raw
    assert page.declarations == ["doctype html"]
    assert all(c.isprintable() or c == "\n" for c in "".join(page.texts))
    assert not re.search("[\ud800-\udfff\x00\x1b\u202e]", made)
    for _, name, value in page.values:
        assert name not in ("style", "src")
        assert not name.startswith("on")
        assert name != "href" or value == "data:," or re.fullmatch(r"#[\w-]+", value)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_texts_change_nothing_but_texts(text: str) -> None:
    _check_structure(text)
    assert len(render_html(with_texts(text))) < 600_000


@settings(SLOW, max_examples=40)
@given(st.text(min_size=1) | st.text(alphabet="<>&\"'/=-! {%}#\\`\n\x1b\u202e", min_size=1))
def test_no_text_changes_the_structure_of_the_page(text: str) -> None:
    _check_structure(text)


def test_the_page_shows_the_text_as_it_was_written() -> None:
    text = '<b>"&</b> ✓'
    assert BENIGN.texts.count("plain") == Page(render_html(with_texts(text))).texts.count(text) > 10


def test_only_its_own_style_and_script_may_run() -> None:
    policy = next(v for tag, name, v in BENIGN.values if tag == "meta" and name == "content")
    for tag in ("style", "script"):
        digest = base64.b64encode(hashlib.sha256(BENIGN.raw[tag].encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    names = [tag for tag, _ in BENIGN.tags]
    assert (names.count("style"), names.count("script"), names.count("img")) == (1, 1, 0)
    assert "http" not in re.sub(r"http://www\.w3\.org/2000/svg", "", BENIGN.raw["style"])
    assert "http" not in BENIGN.raw["script"]


def test_the_verdict_and_its_reason_stand_at_the_top() -> None:
    passed, failed = Verdict("passed", "present", False), Verdict("failed", "gone", True)
    for report, word, why in (
        (report_of([passed]), "Passed", "1 gate, none blocks"),
        (report_of([failed, passed, failed]), "Failed", "2 of 3 gates block"),
        (report_of([failed], errors=("x",)), "Failed", "1 of 1 gate blocks, 1 spec error"),
        (report_of([passed], interrupted="Ctrl-C"), "Incomplete", "Ctrl-C"),
        (report_of([passed], unjudged=(gate_of(COVERAGE),)), "Incomplete", "1 gate not judged"),
        (report_of([]), "Passed", "0 gates, none blocks"),
    ):
        texts = Page(render_html(report)).texts
        assert texts[0] == f"{word}: {why} - spec gates"
        assert (texts[3], texts[4]) == (word, why)


def test_a_failed_gate_has_what_it_takes_to_mend_it() -> None:
    slow = Value("tests/t.py::test_t", 0.0061, samples=59, low=0.0058, high=0.0064)
    one = judged(LATENCY, slow, evidence=("59 samples",), next_step="look at it")
    texts = Page(render_html(report_of([], judged=(one,)))).texts
    for wanted in (
        "latency: p95 < 5 ms",
        "6.1 ms (tests/t.py::test_t), required p95 latency < 5 ms",
        "latency: p95 < 5 ms of tests/t.py::test_t",
        "59 samples",
        "look at it",
        "x.spec.yaml:3:5",
        "x.spec.yaml::latency-p95-under-5-ms",
    ):
        assert wanted in texts, wanted


def test_lines_that_are_not_covered_stand_in_the_gate() -> None:
    covered = FileCoverage("src/a.py", 9, (), (3, 4, 5, 9), (), tests=("t",))
    other = FileCoverage("srcs/b.py", 9, (), (1,), ())
    one = judged(COVERAGE, Value("src", Fraction(50)))
    texts = Page(render_html(report_of([], judged=(one,), coverage=(covered, other)))).texts
    assert "src/a.py: lines 3-5, 9" in texts
    assert "srcs/b.py: lines 1" not in texts
    assert "1 test" in texts


def _data(text: str, *values: Value) -> dict[str, Any]:
    check: dict[str, Any] = as_data(report_of([], judged=(judged(text, *values),)))["gates"][0][
        "checks"
    ][0]
    return check


def test_a_bullet_has_the_value_on_its_side_of_the_limit() -> None:
    for value, is_met in ((Fraction(95), True), (Fraction(40), False), (Fraction(100), True)):
        found = bullet(_data(COVERAGE, Value("src", value)))
        assert found is not None
        assert found.good == (180, 20)
        assert (sum(found.bar) >= found.limit) == is_met
        assert sum(found.bar) == value * 2
    slow = bullet(_data(LATENCY, Value("t", 0.01, samples=59, low=0.009, high=0.02)))
    assert slow is not None
    assert slow.good == (0, slow.limit)
    assert slow.limit < sum(slow.bar) < sum(slow.span or (0, 0)) <= WIDTH


@SLOW
@given(
    st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(10**400), 10**400),
    st.integers(-(10**6), 10**6) | st.just(10**400),
    st.sampled_from(["<", "<=", ">", ">=", "==", "!="]),
    st.sampled_from(["s", "%", "count", "B", ""]),
)
def test_a_bullet_stays_on_its_canvas(value: float, limit: int, op: str, unit: str) -> None:
    check = {
        "value": value,
        "limit": limit,
        "op": op,
        "unit": unit,
        "samples": 7,
        "against": None,
        "measurement": {"values": [{"value": value, "low": value, "high": None}] * 2},
    }
    found = bullet(check)
    if found is not None:
        assert 0 <= found.limit <= WIDTH
        assert 0 <= found.bar[0] <= sum(found.bar) <= WIDTH + 1
        assert all(0 <= dot <= WIDTH for dot in found.dots)


@SLOW
@given(st.lists(st.floats(0, 1e300), min_size=3, max_size=30).map(sorted))
def test_a_distribution_stays_on_its_canvas(quantiles: list[float]) -> None:
    found = spread({"limit": 0.5, "op": "<", "unit": "s"}, quantiles)
    if found is not None:
        places = [int(n) for n in re.findall(r"\d+", found.outline)]
        assert all(n <= WIDTH + 1 for n in places)


def _places(line: str) -> list[tuple[int, int]]:
    x = y = 0
    found = []
    for dx, dy in re.findall(r"(-?\d+) ?(-?\d+)", line):
        x, y = x + int(dx), y + int(dy)
        found.append((x, y))
    return found


def test_a_line_keeps_its_ends_and_its_peak_in_a_few_points() -> None:
    values = [50 + n % 3 * 4 for n in range(60)]
    values[40] = 90
    places = _places(sparkline(values))
    assert len(places) == 10
    assert (places[0][0], places[-1][0]) == (208, 252)
    assert (238, 1) in places
    assert len(_places(wide_line(values))) == 60
    assert _places(sparkline([1, 2, 3])) == [(208, 11), (230, 6), (252, 1)]
    assert len(_places(sparkline([1.0] * 30 + [2.0]))) == 6
    assert sparkline([1]) == wide_line([]) == ""


@SLOW
@given(st.lists(st.floats(-1e300, 1e300), min_size=2, max_size=200))
def test_a_line_stays_on_its_canvas(values: list[float]) -> None:
    places = _places(sparkline(values))
    assert 2 <= len(places) <= 10
    assert all(208 <= x <= 252 and 1 <= y <= 11 for x, y in places)
    assert all(2 <= x <= 198 and 2 <= y <= 34 for x, y in _places(wide_line(values)))


def test_texts_are_cut_and_visible() -> None:
    assert shown("a\nb\x1b[0m") == "a b\\x1b[0m"
    assert shown("x" * 1_200) == "x" * 1_000 + " … (200 more characters)"
    assert shown(None) == ""
    assert len(lines("a\n" * 10_000).splitlines()) == 41


def test_amounts_have_units() -> None:
    found = [amount(x, u) for x, u in ((0.0061, "s"), (90, "s"), (3 << 20, "B"), (12.5, "%"))]
    assert found == ["6.1 ms", "1.5 min", "3 MiB", "12.5 %"]
    assert [amount(x, u) for x, u in ((0, "s"), (12_345, "count"))] == ["0 ns", "12,345"]


def test_what_is_left_out_is_counted() -> None:
    statements = tuple(Statement("x", "x", n, "text", "why") for n in range(1_000))
    report = report_of([Verdict("failed", "no", True)] * 30, statements=statements)
    texts = " ".join(Page(render_html(report)).texts)
    assert "20 more block" in texts
    assert "700 more; the JSON report has them all." in texts
    assert html_of(as_data(report)) == render_html(report)


def test_the_trend_of_a_gate_and_of_a_metric() -> None:
    one = judged(COVERAGE, Value("src", Fraction(80)))
    nodeid = one.gate.nodeid

    def past(value: float, status: Status) -> PastRun:
        check = PastCheck("line coverage", "%", value, f"{value:g} %")
        gates = {nodeid: PastGate("x/a", status, (check,))}
        return PastRun("a" * 40, False, "pre-merge", IDENTITY.ended, "passed", gates)

    base = past(92.0, "passed")
    history = History((past(91.0, "passed"), base), base)
    text = render_html(report_of([], judged=(one,), history=history))
    texts = Page(text).texts
    assert "passed -> failed, 92 % -> 80 %" in texts
    assert texts[(found := texts.index("3 runs")) : found + 2] == ["3 runs", "91 % to 80 %"]
    at = texts.index("line coverage")
    assert texts[at + 1 : at + 5] == ['coverage: ">= 90%"', "x", "91 %", "80 %"]
    unmoved = History((past(80.0, "failed"), past(80.0, "passed")), None)
    texts = Page(render_html(report_of([], judged=(one,), history=unmoved))).texts
    assert "failed in 1 of 2 runs" in texts
    assert "Trends" not in texts


def test_a_thousand_gates_are_less_than_half_a_megabyte() -> None:
    made = runpy.run_path(str(BENCHMARK))["report"]
    assert len(render_html(made(1_000, runs=20)).encode()) < 500_000


def test_the_quantiles_of_samples_are_finite_numbers() -> None:
    check = gate_of(LATENCY).checks[0]
    ref = TestRef("tests/t.py::test_t", is_benchmark=True)

    def quantiles(samples: Samples) -> tuple[float, ...]:
        run = RunEvidence(
            results={ref.nodeid: TestResult(ref, "passed")},
            samples={ref.nodeid: samples},
            roots=("tests",),
        )
        return probe(check, Surroundings(Path(), run=run)).values[0].quantiles

    rounds = tuple(n / 1000 for n in range(100, -1, -1))
    assert quantiles(Samples(rounds)) == tuple(n / 200 for n in range(21))
    counted = quantiles(Samples((0.001, 0.1), counts=(90, 10)))
    assert (counted[0], counted[10], counted[20]) == (0.001, 0.001, 0.1)
    assert quantiles(Samples((*rounds, float("inf")))) == ()
