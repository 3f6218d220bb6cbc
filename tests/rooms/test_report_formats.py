"""Every format of the report: as its snapshot, valid for those who read it, hostile texts in it.

The reports of the snapshots are made from tests/reports/sample.json, a report with every status
that a run can have. After a change that is meant, write them anew with --update-snapshots.
"""

from __future__ import annotations

import copy
import json
import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pytest_specgates import pipeline
from pytest_specgates.model import Change, Comparison, GateReport, JudgedGate, Span
from pytest_specgates.report.formats import FORMATS
from pytest_specgates.report.json_report import as_data
from pytest_specgates.report.recorded import Recorded, read_report
from pytest_specgates.report.restored import restored

TESTS = Path(__file__).parents[1]
REPORTS = TESTS / "reports"
SAMPLE_TEXT = (REPORTS / "sample.json").read_text("utf-8")
SAMPLE = json.loads(SAMPLE_TEXT)
REPORT = restored(read_report(SAMPLE_TEXT))


def published(name: str) -> jsonschema.Draft7Validator:
    schema = json.loads((TESTS / "published" / name).read_text("utf-8"))
    checker = jsonschema.Draft7Validator.FORMAT_CHECKER
    return jsonschema.Draft7Validator(schema, format_checker=checker)


SARIF, CTRF = published("sarif-2.1.0.json"), published("ctrf.schema.json")


def rendered(name: str, report: GateReport = REPORT) -> str:
    """The text of a format as it is in its file."""
    text = FORMATS[name].render(report)
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def passed_only(report: GateReport = REPORT) -> GateReport:
    held = tuple(judged for judged in report.judged if judged.verdict.status == "passed")
    return replace(report, judged=held, unjudged=(), errors=(), interrupted="", waivers=())


# -- as it is written


@pytest.mark.parametrize("name", [name for name in FORMATS if name != "json"])
def test_the_format_is_as_its_snapshot(name: str, request: pytest.FixtureRequest) -> None:
    text = rendered(name)
    if text.startswith(("{", "[")):
        text = json.dumps(json.loads(text), indent=1, ensure_ascii=False) + "\n"  # to be read
    snapshot = REPORTS / f"sample.{FORMATS[name].default_file}"
    if request.config.getoption("--update-snapshots"):
        snapshot.write_text(text, encoding="utf-8")
    assert text == snapshot.read_text("utf-8")


def test_the_sample_has_every_outcome() -> None:
    assert {judged.verdict.status for judged in REPORT.judged} >= {
        *("passed", "failed", "unbound", "unattested", "waived", "deferred")
    }
    assert REPORT.errors
    assert REPORT.unjudged


# -- read again


def test_what_is_restored_is_what_was_recorded() -> None:
    jsonschema.Draft202012Validator(pipeline.report_schema()).validate(SAMPLE)
    assert as_data(REPORT) == SAMPLE
    assert FORMATS["json"].render(REPORT) == SAMPLE_TEXT


def test_tests_whose_names_were_not_kept_are_counted() -> None:
    data = copy.deepcopy(SAMPLE)
    data["coverage"][0]["tests"] = {"count": 205, "first": ["t::a", "t::b", "t::c", "t::d"]}
    report = restored(Recorded(data))
    assert as_data(report) == data
    assert "t::a, t::b, t::c and 202 more" in rendered("md", report)


# -- valid for those who read it


def test_sarif_is_valid_under_its_schema() -> None:
    data = json.loads(rendered("sarif"))
    SARIF.validate(data)
    (run,) = data["runs"]
    results = run["results"]
    ids = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert all(ids[one["ruleIndex"]] == one["ruleId"] for one in results)
    lines = {
        (
            one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"],
            one["locations"][0]["physicalLocation"]["region"]["startLine"],
            one["locations"][0]["physicalLocation"]["region"]["endLine"],
        )
        for one in results
        if one["ruleId"] in ("shop/changed-lines", "shop/orders")
    }
    assert lines == {
        ("src/shop.py", 6, 8),
        ("src/shop.py", 12, 12),
        ("data/orders.jsonl", 2, 2),
        ("data/orders.jsonl", 3, 3),
    }
    assert len({one["partialFingerprints"]["specgates/v1"] for one in results}) == len(results)
    (waived,) = [one for one in results if "suppressions" in one]
    assert (waived["ruleId"], waived["level"]) == ("shop/changelog", "note")


def test_what_is_weaker_than_on_the_base_stands_where_it_was_weakened() -> None:
    (policy,) = [one for one in REPORT.judged if one.gate.spec.path == "policy"]
    failed = replace(policy, verdict=replace(policy.verdict, status="failed", blocking=True))
    changes = (
        Change("weakened", "shop/floor", "50 %, was 60 %", Span("specs/shop.spec.yaml", 26, 1)),
        Change("tightened", "shop/orders", "x", Span("specs/shop.spec.yaml", 8, 1)),
    )
    report = replace(passed_only(), judged=(failed,), comparison=Comparison(changes))
    (result,) = json.loads(rendered("sarif", report))["runs"][0]["results"]
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "specs/shop.spec.yaml"
    assert place["region"]["startLine"] == 26
    page = rendered("md", report)
    assert page.index("**weakened** shop/floor") < page.index("**tightened** shop/orders")


def test_ctrf_is_valid_under_its_schema() -> None:
    data = json.loads(rendered("ctrf"))
    CTRF.validate(data)
    summary = data["results"]["summary"]
    statuses = ("passed", "failed", "skipped", "pending", "other")
    assert sum(summary[name] for name in statuses) == summary["tests"] == 12
    assert summary["stop"] - summary["start"] == 2500
    durations = [one["duration"] for one in data["results"]["tests"] if "rawStatus" in one]
    assert durations == [round(gate["seconds"] * 1000) for gate in SAMPLE["gates"]]
    assert max(durations) == 1250


def test_junit_is_valid_under_the_schema_of_jenkins() -> None:
    xmlschema = pytest.importorskip("xmlschema", reason="xmlschema is not installed")
    xmlschema.XMLSchema(TESTS / "published" / "junit-10.xsd").validate(rendered("junit"))


def test_junit_counts_what_it_has() -> None:
    root = ET.fromstring(rendered("junit"))
    for suite in root:
        for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped",) * 2):
            assert int(suite.attrib[attribute]) == len(suite.findall(f"testcase/{tag}"))
        assert int(suite.attrib["tests"]) == len(suite.findall("testcase"))
    times = [case.get("time") for case in root.iter("testcase") if case.get("time")]
    assert times == [f"{one.verdict.seconds:.3f}" for one in REPORT.judged]
    names = {f"{case.get('classname')}::{case.get('name')}" for case in root.iter("testcase")}
    assert "specs.shop.spec.yaml.quality_gates::floor" in names


def test_openmetrics_is_read_by_a_parser() -> None:
    parser = pytest.importorskip(
        "prometheus_client.openmetrics.parser", reason="prometheus-client is not installed"
    )
    families = {
        family.name: family
        for family in parser.text_string_to_metric_families(rendered("openmetrics"))
    }
    counts = {s.labels["status"]: s.value for s in families["specgates_gates"].samples}
    assert counts == {name: float(number) for name, number in SAMPLE["counts"].items()}
    values = {
        sample.labels["gate"]: sample.value for sample in families["specgates_gate_value"].samples
    }
    assert values["specs/shop.spec.yaml::changed-lines"] == pytest.approx(100 / 3)


@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is not installed")
def test_openmetrics_is_read_by_prometheus() -> None:
    done = subprocess.run(
        ["promtool", "check", "metrics"],
        input=rendered("openmetrics"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_the_statement_is_one_of_in_toto() -> None:
    statement = json.loads(rendered("intoto"))
    assert statement["_type"] == "https://in-toto.io/Statement/v1"
    assert statement["subject"] == [
        {"name": "commit", "digest": {"gitCommit": SAMPLE["run"]["commit"]}}
    ]
    predicate = statement["predicate"]
    assert predicate["result"] == "FAILED"
    assert "specs/shop.spec.yaml::code" in predicate["failedTests"]  # it was not judged
    told = [*predicate["passedTests"], *predicate["warnedTests"], *predicate["failedTests"]]
    assert len(told) == len(set(told)) == 10


def test_changes_that_are_in_no_commit_are_not_vouched_for() -> None:
    dirty = replace(REPORT, identity=replace(REPORT.identity, dirty=True))
    for report in (dirty, replace(REPORT, identity=replace(REPORT.identity, commit=""))):
        (subject,) = json.loads(rendered("intoto", report))["subject"]
        assert subject == {"name": "specs", "digest": {"sha256": SAMPLE["run"]["spec_digest"]}}


def test_code_quality_has_what_gitlab_asks_for() -> None:
    found = json.loads(rendered("code-quality"))
    severities = {"info", "minor", "major", "critical", "blocker"}
    for one in found:
        assert one["severity"] in severities
        assert one["description"]
        assert one["check_name"]
        assert one["location"]["lines"]["begin"] >= 1
        assert not one["location"]["path"].startswith(("/", "./"))
    assert len({one["fingerprint"] for one in found}) == len(found) > 8


def test_badges() -> None:
    for report, message in (
        (REPORT, "4 of 10 gates failed"),
        (passed_only(), "3 gates passed"),
        (replace(passed_only(), interrupted="Ctrl-C"), "incomplete"),
        (replace(passed_only(), errors=("x",)), "1 spec error"),
    ):
        badge = json.loads(rendered("badge", report))
        assert badge["schemaVersion"] == 1
        assert badge["message"] == message
        assert badge["isError"] == (report.verdict != "passed")
        image = ET.fromstring(rendered("badge-svg", report))
        assert image.attrib["aria-label"] == f"spec gates: {message}"


# -- annotations of GitHub

_COMMAND = re.compile(r"::(error|warning)( [a-z]+=[^:,]*(,[a-z]+=[^:,]*)*)?::(.*)")


def test_annotations_are_at_most_ten_of_each_and_worst_first() -> None:
    lines = rendered("github").splitlines()
    assert lines[0].startswith("::error file=specs/broken.spec.yaml,line=3,")
    assert [line.split()[0] for line in lines] == ["::error"] * 6 + ["::warning"]
    many = replace(REPORT, judged=tuple(one for one in REPORT.judged for _ in range(30)))
    lines = rendered("github", many).splitlines()
    assert [line.split()[0] for line in lines] == ["::error"] * 10 + ["::warning"] * 10
    assert lines[9] == (
        "::error title=spec gates::113 more gates: see the summary of the job or the report"
    )
    assert lines[19].endswith("::21 more gates: see the summary of the job or the report")


def test_no_annotation_where_all_holds() -> None:
    assert rendered("github", passed_only()) == ""


# -- one verdict


def verdicts_of(report: GateReport) -> Iterator[tuple[str, bool]]:
    """Each format, and whether it says that all is well."""
    sarif = json.loads(rendered("sarif", report))["runs"][0]
    yield "sarif", not any(one["level"] == "error" for one in sarif["results"])
    ctrf = json.loads(rendered("ctrf", report))["results"]["summary"]
    yield "ctrf", not ctrf["failed"] and not ctrf["pending"]
    junit = ET.fromstring(rendered("junit", report))
    yield "junit", {one.get("value") for one in junit.iter("property")} >= {"passed"}
    yield "openmetrics", 'specgates_verdict{verdict="passed"} 1' in rendered("openmetrics", report)
    intoto = json.loads(rendered("intoto", report))["predicate"]
    yield "intoto", intoto["result"] != "FAILED" and not intoto["failedTests"]
    quality = json.loads(rendered("code-quality", report))
    yield "code-quality", not {"blocker", "critical"} & {one["severity"] for one in quality}
    yield "github", "::error" not in rendered("github", report)
    yield "badge", not json.loads(rendered("badge", report))["isError"]
    yield "md", rendered("md", report).startswith("# Spec gates: PASSED")
    yield "json", json.loads(rendered("json", report))["verdict"] == "passed"


@pytest.mark.parametrize("status", [*{j.verdict.status: 0 for j in REPORT.judged}])
def test_all_formats_have_the_same_verdict(status: str) -> None:
    judged = tuple(one for one in REPORT.judged if one.verdict.status == status)
    report = replace(passed_only(), judged=judged)
    assert dict(verdicts_of(report)) == dict.fromkeys(
        [name for name, _ in verdicts_of(report)], report.verdict == "passed"
    )


def test_what_was_not_judged_is_well_in_no_format() -> None:
    unjudged = replace(passed_only(), unjudged=REPORT.unjudged)
    for report in (unjudged, replace(passed_only(), errors=("broken",))):
        assert not any(said for _, said in verdicts_of(report))


# -- hostile texts

TEXTS = {
    *("nodeid", "spec", "workflow", "phase", "criterion", "owner", "reading", "sentence"),
    *("measured", "required", "next_step", "reason", "message", "subject", "text", "what"),
    *("interrupted", "commit", "base", "metric", "kind_", "statistic", "unit", "path", "pytest"),
    *("gate",),
}
LISTS = {"errors", "notes", "evidence", "used_by", "first"}
HOSTILE = st.one_of(
    st.text(st.characters(exclude_categories=()), max_size=60),
    st.sampled_from(
        [
            "<script>alert(1)</script>",
            "]]>",
            "&amp;&#0;",
            "\x1b[31mred\x1b]8;;http://x\x07",
            "::error file=a,line=1::x",
            "\n::error::x",
            "##[error]x",
            "| a | b |\n|---|---|",
            "```\n# heading",
            "</details><h1>",
            "\u202eabc\u2066",
            "\ud800",
            "\x00\x08\x0b\x0c\x0e\ufffe\uffff",
            'a"} 1\n# EOF\nx{y="',
            "\\",
            "% %25 %0A",
            "../../etc/passwd",
            "C:\\x:y?z#w",
            "\x85\u2028\u2029",
        ]
    ),
)


def poisoned(data: Any, text: str, key: str = "") -> Any:
    """The report with a text in every place that holds one."""
    if isinstance(data, Mapping):
        return {name: poisoned(value, text, name) for name, value in data.items()}
    if isinstance(data, list):
        if key in LISTS and data and isinstance(data[0], str):
            return [text for _ in data]
        return [poisoned(one, text, key) for one in data]
    return text if key in TEXTS and isinstance(data, str) else data


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(HOSTILE, st.booleans())
def test_hostile_texts_break_no_format(text: str, is_cut_short: bool) -> None:
    data = poisoned(SAMPLE, text)
    data["interrupted"] = text if is_cut_short else None
    report = restored(Recorded(data))

    SARIF.validate(json.loads(rendered("sarif", report)))
    CTRF.validate(json.loads(rendered("ctrf", report)))
    for one in json.loads(rendered("code-quality", report)):
        assert one["location"]["path"].isprintable()
    root = ET.fromstring(rendered("junit", report))
    assert len(list(root.iter("testcase"))) == 12 + (is_cut_short and text != "")
    ET.fromstring(rendered("badge-svg", report))
    for name in ("intoto", "badge", "json"):
        json.loads(rendered(name, report))
    for line in rendered("openmetrics", report).splitlines()[:-1]:
        assert re.fullmatch(
            r'# (HELP|TYPE) .*|\w+(\{(\w+="([^"\\\n]|\\[\\"n])*",?)*\})? \S+', line
        ), line
    for line in rendered("github", report).splitlines():
        assert _COMMAND.fullmatch(line), line
    for name in FORMATS:
        if name != "json":
            made = rendered(name, report)
            assert all(line.isprintable() for line in made.split("\n")), name


def test_the_parser_of_openmetrics_reads_hostile_texts() -> None:
    parser = pytest.importorskip(
        "prometheus_client.openmetrics.parser", reason="prometheus-client is not installed"
    )
    for text in ('a"} 1\n# EOF\nx{y="', "\\", '\\"', "a\\n\nb", "\x00\x85", "{", "# EOF"):
        report = restored(Recorded(poisoned(SAMPLE, text)))
        families = list(parser.text_string_to_metric_families(rendered("openmetrics", report)))
        assert len(families) == 7, text


def test_markdown_closes_its_folds() -> None:
    for text in ("</details><h1>", "<details>", "|", "`"):
        page = rendered("md", restored(Recorded(poisoned(SAMPLE, text))))
        outside = re.sub(r"^(`{3,})text\n.*?^\1$", "", page, flags=re.DOTALL | re.MULTILINE)
        assert outside.count("<details>") == outside.count("</details>") > 1
        assert "<h1>" not in outside


# -- size


def test_texts_of_a_megabyte_are_cut() -> None:
    report = restored(Recorded(poisoned(SAMPLE, "<|" * 500_000)))
    for name in FORMATS:
        if name != "json":
            assert len(rendered(name, report)) < 400_000, name


def test_ten_thousand_gates_that_fail_stay_within_bounds() -> None:
    worst = [one for one in REPORT.judged if one.verdict.blocking]
    many = tuple(
        JudgedGate(replace(one.gate, nodeid=f"{one.gate.nodeid}-{number}"), one.verdict)
        for number in range(2_500)
        for one in worst
    )
    report = replace(REPORT, judged=many)
    assert len(rendered("md", report)) <= 60_000
    assert len(json.loads(rendered("sarif", report))["runs"][0]["results"]) <= 25_000
    assert len(rendered("github", report).splitlines()) <= 20
