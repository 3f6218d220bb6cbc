"""The renderers: bounded, escaped, and of one verdict."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_specgates import pipeline
from pytest_specgates.model import Gate, GateReport, Identity, JudgedGate, Statement, Verdict
from pytest_specgates.report.json_report import render_json
from pytest_specgates.report.markdown import LIMIT, render_markdown
from pytest_specgates.report.terminal import render, text_of

KINDS = pipeline.kinds()
SCHEMA = jsonschema.Draft202012Validator(pipeline.report_schema())
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


def gate_named(name: str) -> Gate:
    text = f"spec: x\ngates:\n  - exists: a\n    id: {name}\n"
    return pipeline.load({"x.spec.yaml": text}, KINDS).files["x.spec.yaml"].gates[0]


def report_of(verdicts: list[Verdict], **more: object) -> GateReport:
    judged = tuple(JudgedGate(gate_named(f"g{n}"), v) for n, v in enumerate(verdicts))
    made = GateReport(IDENTITY, judged, (), (), (), ())
    fields: dict[str, Any] = {**_fields(made), **more}
    return GateReport(**fields)


def _fields(report: GateReport) -> dict[str, object]:
    return {name: getattr(report, name) for name in report.__dataclass_fields__}


FAILED = Verdict("failed", "1 missing", True)
PASSED = Verdict("passed", "present", False)


def test_the_verdict_of_a_run() -> None:
    assert report_of([PASSED]).verdict == "passed"
    assert report_of([PASSED, FAILED]).verdict == "failed"
    assert report_of([PASSED], unjudged=(gate_named("z"),)).verdict == "incomplete"
    assert report_of([PASSED], interrupted="Ctrl-C").verdict == "incomplete"
    assert report_of([PASSED], errors=("broken",)).verdict == "failed"


def test_every_format_says_the_verdict_first_or_last() -> None:
    for verdicts, word in (([PASSED], "PASSED"), ([FAILED, PASSED], "FAILED: 1 of 2 gates blocks")):
        report = report_of(verdicts)
        assert render_markdown(report).startswith(f"# Spec gates: {word}")
        assert text_of(render(report, 80)[-1]).startswith(word)
        assert json.loads(render_json(report))["verdict"] == report.verdict


def test_markdown_is_bounded_and_counts_what_it_leaves_out() -> None:
    report = report_of([Verdict("failed", "x" * 5_000, True)] * 400)
    text = render_markdown(report)
    assert len(text) <= LIMIT
    shown = text.count("### ")
    left_out = int(text.rsplit("\n", 2)[-2].split()[0])
    assert shown + left_out == 400 + 400


hostile = st.text() | st.sampled_from(
    ["<script>alert(1)</script>", "\x1b[31mred", "::error::x", "| a | b |", "```\n# x", "\u202e"]
)


@settings(max_examples=50)
@given(hostile, hostile)
def test_hostile_texts_break_no_format(sentence: str, text: str) -> None:
    statement = Statement("x", "x.spec.yaml", 1, text, sentence)
    report = report_of(
        [Verdict("failed", sentence, True, next_step=text)],
        statements=(statement,),
        notes=(sentence,),
        errors=(text,),
    )
    data = json.loads(render_json(report))
    SCHEMA.validate(data)
    assert data["gates"][0]["sentence"] == sentence
    assert all(text_of(line).isprintable() for line in render(report, 80, verbosity=2))
    markdown = render_markdown(report)
    assert "\x1b" not in markdown
    outside, fence = [], ""
    for line in markdown.splitlines():
        if fence:
            fence = "" if line == fence else fence
        elif line.startswith("```"):
            fence = line.removesuffix("text")
        else:
            outside.append(line)
    assert fence == ""
    assert "<script>" not in "\n".join(outside)
    assert not any(line.startswith("::") for line in outside)


def test_narrow_and_wide_terminals() -> None:
    report = report_of([Verdict("failed", "word " * 100, True)])
    for width in (40, 80, 200):
        lines = [text_of(line) for line in render(report, width)]
        assert max(map(len, lines)) <= width
    assert len(render(report, 80, verbosity=-1)) < len(render(report, 80))
