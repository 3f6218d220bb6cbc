"""The gate report as JUnit XML: a test case for each gate, a suite for each spec."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..model import GateReport, JudgedGate
from .gate_text import failure_text
from .outcome import outcome
from .safe_text import one_line, several_lines
from .summary import by_spec


def render_junit(report: GateReport) -> str:
    suites = [
        _suite(report, f"{name} ({path})", [_case(one) for one in gates])
        for (path, name), gates in by_spec(report).items()
    ]
    about_run = list(_of_run(report))
    if about_run or not suites:
        suites.append(_suite(report, "the run", about_run))
    total = [text for suite in suites for text in suite]
    return "\n".join(
        ['<?xml version="1.0" encoding="utf-8"?>', "<testsuites>", *total, "</testsuites>", ""]
    )


def _suite(report: GateReport, name: str, cases: Sequence[tuple[str, str]]) -> list[str]:
    kinds = [kind for kind, _ in cases]
    numbers = {
        "tests": len(cases),
        "failures": kinds.count("failure"),
        "errors": kinds.count("error"),
        "skipped": kinds.count("skipped"),
    }
    shown = "".join(f' {key}="{number}"' for key, number in numbers.items())
    identity = report.identity
    about = {
        "specgates.verdict": report.verdict,
        "specgates.commit": identity.commit,
        "specgates.stage": identity.stage,
        "specgates.spec_digest": identity.spec_digest,
    }
    return [
        f'<testsuite name="{_attribute(name)}"{shown} timestamp="{_attribute(identity.started)}">',
        "<properties>",
        *(f'<property name="{key}" value="{_attribute(text)}"/>' for key, text in about.items()),
        "</properties>",
        *(text for _, text in cases),
        "</testsuite>",
    ]


def _case(judged: JudgedGate) -> tuple[str, str]:
    """The element that tells the outcome, if there is one, and the whole test case."""
    gate, verdict = judged.gate, judged.verdict
    message = _attribute(f"{verdict.status}: {verdict.sentence}")
    told = outcome(verdict)
    kind, inside = "", ""
    if told == "failed":
        kind = "error" if verdict.status == "error" else "failure"
        body = _text(failure_text(gate, verdict))
        inside = f'<{kind} type="{verdict.status}" message="{message}">{body}</{kind}>'
    elif told != "passed":
        kind = "skipped"
        inside = f'<skipped type="{verdict.status}" message="{message}"/>'
    about = {
        "status": verdict.status,
        "level": gate.level,
        "stage": gate.stage,
        "measured": verdict.measured,
        "required": verdict.required,
        "criterion": gate.criterion.text,
        "place": f"{gate.criterion.span.path}:{gate.criterion.span.line}",
    }
    # The schema of JUnit has properties for suites only.
    lines = "\n".join(f"specgates.{key}: {one_line(text)}" for key, text in about.items() if text)
    opened = _opened(gate.nodeid, f' time="{verdict.seconds:.3f}"')
    return kind, f"{opened}{inside}<system-out>{_text(lines)}</system-out></testcase>"


def _of_run(report: GateReport) -> Iterator[tuple[str, str]]:
    """What there is besides the gates that were judged: none of it may look as if it held."""
    errors = [*report.errors]
    if report.interrupted:
        errors.append(f"the run was interrupted: {report.interrupted}")
    for number, error in enumerate(errors, 1):
        first = _attribute(error.partition("\n")[0])
        body = _text(error)
        inside = f'<error type="error" message="{first}">{body}</error>'
        yield "error", f"{_opened(f'run::error-{number}')}{inside}</testcase>"
    for gate in report.unjudged:
        inside = '<skipped type="not-judged" message="not judged"/>'
        yield "skipped", f"{_opened(gate.nodeid)}{inside}</testcase>"


def _opened(nodeid: str, more: str = "") -> str:
    """The test case of a gate, named as pytest names its item."""
    path, _, inner = nodeid.partition("::")
    *above, name = inner.split("::")
    classname = ".".join([path.replace("/", "."), *above])
    return f'<testcase classname="{_attribute(classname)}" name="{_attribute(name)}"{more}>'


def _attribute(text: str) -> str:
    return _escaped(one_line(text, 1_000)).replace('"', "&quot;").replace("'", "&apos;")


def _text(text: str) -> str:
    return _escaped(several_lines(text))


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
