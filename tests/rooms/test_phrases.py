"""Sentences as people write them: what the built-in phrases make of each."""

from __future__ import annotations

import pytest

from pytest_specgates import pipeline
from pytest_specgates.model import Reading

KINDS = pipeline.kinds()


def read(text: str, key: str = "validation", scope: str = "src") -> Reading:
    quoted = '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    spec = f"spec: x\nscope: {scope}\n{key}:\n  - {quoted}\nothers:\n  - exists: README.md\n"
    file = pipeline.load({"x.spec.yaml": spec}, KINDS).files["x.spec.yaml"]
    assert file.all_errors == []
    found = [gate.reading for gate in file.gates if gate.criterion.span.line == 4]
    return found[0] if found else Reading(is_criterion=False)


def shown(reading: Reading) -> list[str]:
    return [
        " ".join(
            part
            for part in (
                check.kind,
                check.statistic or "",
                check.op,
                f"{check.quantity.value}{check.quantity.unit}",
                ",".join((*check.subject, *check.options.get("asked", ()))),
            )
            if part
        )
        for check in reading.checks
    ]


@pytest.mark.parametrize(
    ("text", "checks"),
    [
        ("All tests pass", ["tests == 0count"]),
        ("All existing tests still pass", ["tests == 0count"]),
        ("No functional regression", ["tests == 0count"]),
        ("Unit tests (>90% coverage)", ["tests == 0count type:unit", "coverage > 90% src"]),
        ("At least 85.5% branch coverage", ["coverage >= 85.5% src"]),
        ("Test coverage: 80%", ["coverage >= 80% src"]),
        ("coverage of at least 75 %", ["coverage >= 75% src"]),
        ("Integration tests pass", ["tests == 0count type:integration"]),
        ("Smoke tests complete", ["tests == 0count type:smoke"]),
        ("Response time (target: <500ms)", ["latency p95 < 1/2s"]),
        ("p99 latency within 2 seconds", ["latency p99 <= 2s"]),
        ("Median response time under 20 ms", ["latency median < 1/50s"]),
        ("Throughput (target: 100+ analyses/min)", ["throughput mean >= 5/31/s"]),
        ("Throughput over 3 req/s", ["throughput mean > 31/s"]),
        ("Response time must not exceed 2 s", ["latency p95 <= 2s"]),
        ("Latency no more than 20 ms", ["latency p95 <= 1/50s"]),
        ("Coverage must not drop below 80%", ["coverage >= 80% src"]),
        ("Coverage: 80%", ["coverage >= 80% src"]),
        ("Alert if response time > 3 s", ["latency p95 <= 3s"]),
        ("Build fails if coverage < 70%", ["coverage >= 70% src"]),
        (
            "Response time <500ms and throughput > 5/s",
            ["latency p95 < 1/2s", "throughput mean > 51/s"],
        ),
        ("Maximum response time: 2 s", ["latency max <= 2s"]),
        ("API latency p99 < 1 s (NFR-P4)", ["latency p99 < 1s"]),
        ("Coverage: 0.8", ["coverage >= 80% src"]),
        ("src/x.py", ["exists == 0count src/x.py"]),
        ("Updated README.md", ["changed >= 1count README.md"]),
        ("docs/api.md updated", ["changed >= 1count docs/api.md"]),
        ("Documentation updated", ["changed >= 1count README*,CHANGELOG*,docs/**"]),
        ("Basic analyze() method working", ["tests == 0count name:analyze"]),
        ("Registration in analyzer factory", ["tests == 0count name:regist factory"]),
        ("Health: `python main.py --test`", ["command == 0count python main.py --test"]),
        ("Code review completed", ["attested >= 1count code-review-completed"]),
        ("Backup strategy confirmed", ["attested >= 1count backup-strategy-confirmed"]),
        ("Error handling robust", ["attested >= 1count error-handling-robust"]),
        ("Review logs: `docker logs`", ["attested >= 1count review-logs-docker-logs"]),
    ],
)
def test_sentences(text: str, checks: list[str]) -> None:
    found = [c.replace("85.5", "85.5") for c in shown(read(text))]
    assert [c.replace("171/2%", "85.5%") for c in found] == checks


@pytest.mark.parametrize(
    ("text", "limits"),
    [
        (
            "Line and branch coverage at least 80%",
            ["line coverage 80 src", "branch coverage 80 src"],
        ),
        (
            "Line coverage >= 80%, branch coverage >= 70%",
            ["line coverage 80 src", "branch coverage 70 src"],
        ),
        ("Coverage >= 80% (branches)", ["branch coverage 80 src"]),
        ("Branches: coverage of at least 80%", ["branch coverage 80 src"]),
        ("Coverage per file at least 80%", ["line coverage 80 src file"]),
        ("Every module has at least 75% coverage", ["line coverage 75 src file"]),
        ("Each directory has a coverage of at least 75%", ["line coverage 75 src directory"]),
        ("At least 80% coverage in src/core", ["line coverage 80 src/core"]),
        ("Coverage of changed code >= 80%", ["line coverage 80 changed:src"]),
        ("Coverage of new or changed code >= 80%", ["line coverage 80 changed:src"]),
        ("Coverage of the changed lines is at least 80%", ["line coverage 80 changed:src"]),
    ],
)
def test_which_coverage_of_what(text: str, limits: list[str]) -> None:
    assert [
        " ".join(
            (
                c.metric,
                str(c.quantity.value),
                *c.subject,
                *([c.options["per"]] if c.options else []),
            )
        )
        for c in read(text).checks
    ] == limits


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Login page response time under 500 ms", '"Login", "page"'),
        ("Response time for cached pages < 100 ms", '"cached", "pages"'),
        ("Database throughput above 100 requests/s", '"Database"'),
        ("Parser coverage at least 90%", '"Parser"'),
        ("Mutation coverage >= 70%", '"Mutation"'),
        ("Coverage of at least 90% excluding tests", '"excluding"'),
        ("Coverage should ideally be at least 90%", '"ideally"'),
        ("Stretch goal: 95% coverage", '"Stretch"'),
        ("Coverage below 80% is a warning only", '"warning"'),
        ("p50/p95 latency < 200 ms", '"p50/p95"'),
        ("Line coverage >= 80% or branch coverage >= 70%", "one of several limits is enough"),
        ("Coverage must be at least 95% of the last release", "an earlier coverage"),
        ("Coverage of new modules is at least 80%", "what is new or changed"),
        ("The build does not fail if coverage is below 80%", "a refusal that is denied"),
    ],
)
def test_a_sentence_that_says_more_than_a_kind_measures_is_unbound(text: str, why: str) -> None:
    reading = read(text)
    assert reading.checks == ()
    assert why in reading.reason


@pytest.mark.parametrize(
    ("text", "pasted"),
    [
        ("Search throughput of 100/min at least", '{throughput: ">= 100/min", of: PATH}'),
        (
            "Search p95 latency < 200 ms and p99 latency < 1 s",
            '{latency: "p95 < 200 ms, p99 < 1 s", of: PATH}',
        ),
        ("Parser branch coverage >= 80%", '{coverage: "branch >= 80%", of: PATH}'),
        (
            "Search response time < 200 ms and throughput > 5/s",
            '{latency: "< 200 ms", of: PATH} # and as a criterion of its own: '
            '{throughput: "> 5/s", of: PATH}',
        ),
        (
            "Login < 200 ms and errors < 1%",
            '{latency: "< 200 ms", of: PATH} # and as a criterion of its own: '
            '{value: "error_rate < 1%", of: PATH_OF_ITS_TESTS}',
        ),
        ("Login < 200 ms and CPU usage < 70%", "{tests: all pass, of: PATH_OF_ITS_TESTS}"),
        ("Error rate < 1%", '{value: "error_rate < 1%", of: PATH_OF_ITS_TESTS}'),
        ("Accuracy of at least 90%", '{value: "accuracy >= 90%", of: PATH_OF_ITS_TESTS}'),
    ],
)
def test_the_line_to_paste_has_every_limit_and_is_a_gate(text: str, pasted: str) -> None:
    suggestion = read(text).suggestion
    assert f"{pasted}; or mark its tests" in suggestion
    line = suggestion.partition("for example: ")[2].partition("; or mark")[0]
    spec = f"spec: x\nvalidation:\n  {line}\n"
    file = pipeline.load({"x.spec.yaml": spec}, KINDS).files["x.spec.yaml"]
    assert file.all_errors == []
    assert [gate.reading.checks != () for gate in file.gates] == [True]


@pytest.mark.parametrize("text", ["review completed", "Peer reviewed by two people"])
def test_no_marker_is_advised_where_only_a_person_will_do(text: str) -> None:
    suggestion = read(text).suggestion
    assert "{attested: " in suggestion
    assert "mark" not in suggestion


@pytest.mark.parametrize(
    "text",
    [
        "No regression in speed",
        "Memory usage within limits",
        "Error rates",
        "Technical requirements document",
        "Throughput under 5 req/s",
        "Response time is great",
        "Users are happy",
        "Coverage",
        "Response time > 500ms",
        "Throughput no more than 100/min",
        "Throughput must not exceed 100/min",
        "Response time never below 500 ms",
        "Coverage no more than 90%",
        "Rename `foo`",
    ],
)
def test_what_is_not_clear_is_unbound_with_a_reason(text: str) -> None:
    reading = read(text)
    assert reading.is_criterion
    assert reading.checks == ()
    assert reading.reason
    assert text in reading.suggestion


@pytest.mark.parametrize(
    ("text", "is_criterion"),
    [
        ("Think about it", False),
        ("Update documentation", True),
        ("Run migration scripts (if any)", True),
        ("Validate data integrity", True),
        ("Test thoroughly", False),
    ],
)
def test_steps_are_criteria_only_if_they_can_be_checked(text: str, is_criterion: bool) -> None:
    assert read(text, key="activities").is_criterion is is_criterion


@pytest.mark.parametrize(("sign", "turned"), [("<", ">"), ("<=", ">="), ("under", "over")])
def test_a_turned_operator_is_never_read_the_same(sign: str, turned: str) -> None:
    for sentence in ("Response time {} 500 ms", "Throughput {} 5 req/s", "Coverage {} 80%"):
        one = shown(read(sentence.format(sign)))
        other = shown(read(sentence.format(turned)))
        assert not one or not other
