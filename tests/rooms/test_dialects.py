"""Criteria of other tools are read exactly, or refused with the reason."""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_specgates.model import METRICS, Criterion, Span, Threshold
from pytest_specgates.understand import dialects
from pytest_specgates.understand.dialects import names

SLOWED = 5 if sys.gettrace() else 1
"""How much slower a line may be while its coverage is measured."""

READ = [
    # k6: trends in ms, rates are shares, counters are counted
    ("k6", "http_req_duration", "p(90)<400", "latency p90 < 0.4 s"),
    ("k6", "http_req_duration", "p(99.9)<=1500", "latency p99.9 <= 1.5 s"),
    ("k6", "http_req_waiting{page:home}", "med < 120", "latency p50 < 0.12 s"),
    ("k6", "thresholds.group_duration{group:::login}", "avg<300", "latency mean < 0.3 s"),
    ("k6", "http_req_failed", "rate<=0.02", "error_rate <= 0.02 score"),
    ("k6", "checks", "rate==1.0", "ratio == 1 score"),
    ("k6", "http_reqs", "rate>100", "throughput > 100 1/s"),
    ("k6", "http_req_failed", "rate<=5", "error_rate <= 5 score"),
    ("k6", "checks", "rate>95", "ratio > 95 score"),
    ("k6", "http_reqs", "count>=1000", "count >= 1000 count"),
    ("k6", "data_received", "rate<1e6", "throughput < 1000000 B/s"),
    ("k6", "data_sent", "count<5000", "size < 5000 B"),
    ("k6", "vus_max", "value<=50", "count <= 50 count"),
    ("k6", "browser_web_vital_cls", "p(75)<=0.1", "score p75 <= 0.1 score"),
    ("k6", "login_latency", "max<2_000", "latency max < 2 s"),
    ("k6", "pages_seen", "avg>=3", "count mean >= 3 count"),
    ("k6", "login_errors", "rate<0.05", "error_rate < 0.05 score"),
    ("k6", "login_errors", "rate<5", "throughput < 5 1/s"),
    (
        "k6",
        "grpc_req_duration",
        "[{ threshold: 'p(95)<250', abortOnFail: true, delayAbortEval: '10s' }, \"min<20\"]",
        "latency p95 < 0.25 s; latency min < 0.02 s",
    ),
    # Keptn: a sign or a % compares with the last result, but a share in % is a share
    (
        "keptn",
        "objectives[rt_p90].pass",
        '["<=+10%", "<700"]',
        "delta p90 <= 10 %; latency p90 < 0.7 s",
    ),
    ("keptn", "objectives[response_time_seconds]", "<0.5", "latency < 0.5 s"),
    ("keptn", "objectives[error_rate].pass", '["<=5%"]', "error_rate <= 5 %"),
    ("keptn", "objectives[memory_usage].pass", '["<=10%"]', "delta <= 10 %"),
    ("keptn", "objectives[restarts].pass", "- criteria:\n  - '=0'", "count == 0 count"),
    ("keptn", "objectives[latency_ms].pass", "[ '>=-50' ]", "delta >= -0.05 s"),
    ("keptn", "objectives[cpu].warning", '["<80%"]', "cpu < 80 %"),
    ("keptn", "total_score", '"85%"', "score >= 85 %"),
    # Service level objectives
    ("openslo", "search_duration_seconds", "op: lte, value: 1, target: 0.95", "latency p95 <= 1 s"),
    ("openslo", "search_ms", "op: lt, value: 5, targetPercent: 99.95", "latency p99.95 < 0.005 s"),
    ("openslo", "availability", "targetPercent: 99.9", "availability >= 0.999 score"),
    ("openslo", "queue", "op: gte, value: 3, target: 0.9", "ratio >= 0.9 score"),
    ("pyrra", "api", 'target: "99.5", window: 4w', "availability >= 99.5 %"),
    ("pyrra", "api", 'le="0.5", target: "90"', "latency p90 <= 0.5 s"),
    ("pyrra", "api", 'latency: 200ms, target: "99.9"', "latency p99.9 <= 0.2 s"),
    ("slo-generator", "api_availability spec", "goal: 0.99", "availability >= 0.99 score"),
    ("slo-generator", "queue spec", "goal: 0.9", "ratio >= 0.9 score"),
    ("slo-generator", "spec", "goal: 0.9, threshold: 300 # ms", "latency p90 <= 0.3 s"),
    # Alerts: the requirement is the contrary
    (
        "prometheus-rule",
        "Slow",
        'histogram_quantile(0.99, rate(x_seconds_bucket{a=">9"}[5m])) > 2',
        "latency p99 <= 2 s",
    ),
    ("prometheus-rule", "FewHits", "cache_hit_ratio < 0.8", "ratio >= 0.8 score"),
    ("prometheus-rule", "HighErrorRate", "sum(a_ratio) >= 0.05", "error_rate < 0.05 score"),
    (
        "grafana-alert",
        "P95 latency",
        "evaluator: {type: gt, params: [0.5]}",
        "latency p95 <= 0.5 s",
    ),
    (
        "grafana-alert",
        "queue",
        "evaluator: {params: [1, 9], type: outside_range}",
        "count >= 1 count; count <= 9 count",
    ),
    ("argo-rollouts", "success-rate.successCondition", "result[0] >= 0.9", "ratio >= 0.9 score"),
    ("argo-rollouts", "latency.failureCondition", "result[0] > 0.5", "latency <= 0.5 s"),
    # Lighthouse
    ("lighthouse", "categories:seo", "['error', {minScore: 0.95}]", "score >= 0.95 score"),
    ("lighthouse", "interactive", '{"maxNumericValue": 4500}', "latency <= 4.5 s"),
    ("lighthouse", "resource-summary:font:size", '{"maxNumericValue": 9000}', "size <= 9000 B"),
    ("lighthouse", "resource-summary:font:count", '{"maxNumericValue": 3}', "count <= 3 count"),
    ("lighthouse", "unused-css-rules", '["error", {"maxLength": 0}]', "count <= 0 count"),
    ("lighthouse-budget", "/*.resourceSizes[total]", "300", "size <= 307200 B"),
    ("lighthouse-budget", "/*.resourceCounts[font]", "4", "count <= 4 count"),
    ("lighthouse-budget", "/*.timings[interactive]", "3000", "latency <= 3 s"),
    ("size-limit", "[0].limit", '"10 kB"', "size <= 10000 B"),
    ("size-limit", "[0].limit", '"1.5 s"', "latency <= 1.5 s"),
    # Coverage
    ("codecov", "coverage.status.project.default", "target: 85.5", "coverage >= 85.5 %"),
    ("codecov", "coverage.status.patch", "target: auto", "delta >= 0 %"),
    ("codecov", "coverage.status.project", "threshold: 5%", "delta >= -5 %"),
    ("codecov", "coverage.status.project", "true", "delta >= 0 %"),
    ("coveragepy", "fail_under", "92.5", "coverage >= 92.5 %"),
    ("coveragepy", "report.fail_under", "80  ; raise it", "coverage >= 80 %"),
    ("pytest-cov", "addopts", "-ra --cov=src --cov-fail-under=90 -q", "coverage >= 90 %"),
    ("diff-cover", "Makefile", "diff-cover coverage.xml --fail-under=95", "coverage >= 95 %"),
    # Load tests
    ("artillery", "ensure.p99", "300", "latency p99 <= 0.3 s"),
    ("artillery", "ensure.thresholds[http.response_time.p95]", "250", "latency p95 < 0.25 s"),
    (
        "artillery",
        "ensure.conditions",
        "http.response_time.median < 90 and http.request_rate > 40",
        "latency p50 < 0.09 s; throughput > 40 1/s",
    ),
    ("gatling", "", "global.responseTime.percentile(99).lt(500)", "latency p99 < 0.5 s"),
    ("gatling", "", 'details("lt(5)").responseTime.mean.lte(30)', "latency mean <= 0.03 s"),
    ("gatling", "", "global().failedRequests().count().is(0L)", "count == 0 count"),
    ("gatling", "", "forAll().responseTime().percentile3().lt(800)", "latency p95 < 0.8 s"),
    ("locust", "", "environment.stats.total.avg_response_time > 200", "latency mean <= 0.2 s"),
    # Data, benchmarks
    ("soda", "", "row_count between 10 and 90", "count >= 10 count; count <= 90 count"),
    ("soda", "", "- duplicate_percent(id) < 2", "ratio < 2 %"),
    ("soda", "", "freshness(made_at) < 30m", "latency < 1800 s"),
    ("great-expectations", "", "expect_x(mostly=0.95)", "ratio >= 0.95 score"),
    (
        "great-expectations",
        "",
        "expect_table_row_count_to_be_between(min_value=1, max_value=9)",
        "count >= 1 count; count <= 9 count",
    ),
    ("benchmark-action", "alert-threshold", "'150%'", "delta <= 50 %"),
]
REFUSED = [
    ("k6", "http_req_duration", "p(95)<${LIMIT}", "is not written as AGGREGATION"),
    ("k6", "http_req_duration", "['p(95)<500', extra]", "is not written as AGGREGATION"),
    ("k6", "http_req_failed", "rate!=0", "sets no limit"),
    ("k6", "http_req_duration", "[]", "judges nothing"),
    ("keptn", "rt", '["~5"]', "not written as OPERATOR NUMBER"),
    ("keptn", "rt", f'["<{"9" * 300}"]', "not written as OPERATOR NUMBER"),
    ("keptn", "rt", "criteria: <5 or criteria: <6", "several lists"),
    ("keptn", "rt", "(no criteria)", "never judged"),
    ("openslo", "latency", "op: lte, value: 1, target: 0.9", "unit of `value: 1`"),
    ("openslo", "a", "displayName: b", "without `target`"),
    ("openslo", "a", "op: eq, value: 50, target: 0.9", "none of lt"),
    ("pyrra", "a", "window: 4w", "without `target`"),
    ("slo-generator", "latency", "goal: 0.9, threshold: 3", "unit of `threshold: 3`"),
    ("slo-generator", "latency", "goal: 0.9, threshold_bucket: 3", "number of a bucket"),
    ("prometheus-rule", "Down", 'up{job="a"} == 0', "health"),
    ("prometheus-rule", "Two", "a > 1 and b > 2", "no single limit"),
    ("prometheus-rule", "Sum", "a > 0.5 * b", "no single limit"),
    ("prometheus-rule", "ErrorBudgetBurn", "ratio > 14.4", "burn rate"),
    ("grafana-alert", "a", "evaluator: {type: within_range, params: [1, 2]}", "either side"),
    ("grafana-alert", "a", "state: nodata", "no evaluator"),
    ("argo-rollouts", "a", "len(result) == 0 || result[0] < 1", "no condition with one limit"),
    ("lighthouse", "uses-http2", '"off"', "switched off"),
    ("lighthouse", "uses-http2", '"error"', "Lighthouse itself"),
    ("lighthouse", "categories:seo", "['error', {minScore: SEO}]", "not written out as a number"),
    ("lighthouse", "seo", f"['error', {{minScore: {'9' * 300}}}]", "not written out as a number"),
    ("lighthouse-budget", "/*.other[x]", "5", "none of resourceSizes"),
    ("size-limit", "[0].limit", "10", "unit of the limit"),
    ("codecov", "coverage.range", "60..90", "badge"),
    ("codecov", "coverage.status.patch", "informational: true, target: 90%", "never blocks"),
    ("codecov", "coverage.status.changes", "off", "switched off"),
    ("codecov", "coverage.status.project", "target: most", "neither `auto` nor"),
    ("coveragepy", "fail_under", "${FLOOR}", "not written out as a number"),
    ("artillery", "ensure.conditions", "a < 1 or b > 2", "joined with `and`"),
    ("gatling", "", "global().responseTime().mean().around(100, 5)", "ends in lt"),
    ("gatling", "", "global().responseTime().percentile(9e).lt(5)", "is no percentile"),
    ("k6", "http_req_duration", "p(950)<5", "is not written as AGGREGATION"),
    ("openslo", "latency", "op: lt, value: 50, target: 99", "from 0 to 1"),
    ("pyrra", "api", 'target: "995"', "from 0 to 100"),
    ("slo-generator", "spec", "goal: 99", "from 0 to 1"),
    ("locust", "", "get_response_time_percentile(95) > 800", "from 0 to 1"),
    ("locust", "", "environment.runner.user_count > 5", "no statistic of Locust"),
    ("prometheus-rule", "Low", "(1 - node_available / node_total) > 0.9", "the rest of what it"),
    ("prometheus-rule", "Gone", "absent(latency_seconds > 5)", "no single limit"),
    ("prometheus-rule", "Slow", "count(latency_seconds > 5) > 3", "no single limit"),
    ("prometheus-rule", "Rest", "100 - avg(up_share) * 100 > 1", "the rest of what it names"),
    (
        "prometheus-rule",
        "SlowMs",
        "histogram_quantile(0.9, rate(x_seconds_bucket[5m])) * 1000 > 500",
        "scales",
    ),
    ("argo-rollouts", "error-rate.successCondition", "!(result[0] > 0.05)", "no condition"),
    (
        "argo-rollouts",
        "error-rate",
        "successCondition: result[0] < 0.05, failureCondition: result[0] > 0.1",
        "no single limit",
    ),
    ("grafana-alert", "cpu usage", "params: [1, 5], type: outside_range", "two units"),
    (
        "gatling",
        "",
        "global().responseTime().max().lt(100), global().allRequests().count().gt(5)",
        "several assertions",
    ),
    ("locust", "", "if fail_ratio < 0.01: process_exit_code = 0", "not one limit"),
    ("locust", "", "fail_ratio > 0.01 or avg_response_time > 200", "not one limit"),
    ("soda", "", "schema:", "no fixed limit"),
    ("soda", "", "freshness(a) < 3", "needs a time"),
    ("great-expectations", "", "expect_column_values_to_be_unique(id)", "each value"),
    ("benchmark-action", "alert-threshold", "2", "not written as a percentage"),
]
NEVER_A_GATE = ("judges nothing", "never judged", "switched off", "badge", "never blocks")


def _shown(thresholds: tuple[Threshold, ...]) -> str:
    return "; ".join(
        " ".join(str(x) for x in (t.metric, t.statistic, t.op, _number(t.value), t.unit) if x)
        for t in thresholds
    )


def _number(value: Fraction) -> str:
    return f"{float(value):.10g}" if value.denominator > 1 else str(value)


@pytest.mark.parametrize(("dialect", "name", "text", "wanted"), READ)
def test_is_read_exactly(dialect: str, name: str, text: str, wanted: str) -> None:
    assert _shown(dialects.read(dialect, name, text).thresholds) == wanted


@pytest.mark.parametrize(("dialect", "name", "text", "reason"), REFUSED)
def test_is_refused_with_the_reason(dialect: str, name: str, text: str, reason: str) -> None:
    meaning = dialects.read(dialect, name, text)
    assert meaning.thresholds == ()
    assert reason in meaning.reason
    is_no_gate = meaning.kind == "not_a_criterion"
    assert is_no_gate == any(part in meaning.reason for part in NEVER_A_GATE)


def test_every_dialect_is_read_and_refused_here() -> None:
    assert {row[0] for row in READ} == set(dialects.DIALECTS)
    assert {row[0] for row in REFUSED} | {"pytest-cov", "diff-cover"} == set(dialects.DIALECTS)


@pytest.mark.parametrize(("dialect", "name", "text", "_wanted"), READ)
def test_the_places_are_in_the_text(dialect: str, name: str, text: str, _wanted: str) -> None:
    for threshold in dialects.read(dialect, name, text).thresholds:
        part = text[threshold.start : threshold.end]
        assert part
        assert any(c.isdigit() for c in part) or part in ("auto", "true")


@pytest.mark.parametrize(
    ("dialect", "name", "text", "note"),
    [
        ("keptn", "response_time", "<600", "milliseconds taken"),
        ("openslo", "a", "op: lt, value: 300, target: 0.9", "milliseconds taken"),
        ("keptn", "rt.warning", "<600", "does not fail"),
        ("lighthouse", "a", "['warn', {minScore: 0.5}]", "does not fail"),
        ("lighthouse", "a", "['error', {minScore: 0}]", "vacuous"),
        ("coveragepy", "fail_under", "0", "vacuous"),
        ("codecov", "coverage.status.project", "target: 80%, threshold: 2%", "2% is let through"),
        ("prometheus-rule", "a", "x_seconds > 3", "contrary"),
    ],
)
def test_what_was_assumed_is_said(dialect: str, name: str, text: str, note: str) -> None:
    meaning = dialects.read(dialect, name, text)
    assert meaning.thresholds
    assert note in meaning.reason


TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


@given(
    st.sampled_from(["k6", "prometheus-rule", "argo-rollouts", "soda", "artillery", "locust"]),
    st.sampled_from(sorted(TURNED)),
    st.integers(0, 10**6),
)
def test_a_turned_operator_turns_the_reading(dialect: str, op: str, value: int) -> None:
    text = {
        "k6": "p(95){}{}",
        "prometheus-rule": "x_seconds {} {}",
        "argo-rollouts": "result[0] {} {}",
        "soda": "row_count {} {}",
        "artillery": "http.response_time.p95 {} {}",
        "locust": "avg_response_time {} {}",
    }[dialect]
    (one,) = dialects.read(dialect, "latency", text.format(op, value)).thresholds
    (other,) = dialects.read(dialect, "latency", text.format(TURNED[op], value)).thresholds
    assert TURNED[one.op] == other.op
    assert replace(other, op=one.op, end=one.end, start=one.start) == one


@given(st.sampled_from(sorted(dialects.DIALECTS)), st.text(max_size=80), st.text(max_size=200))
def test_no_text_crashes(dialect: str, name: str, text: str) -> None:
    meaning = dialects.read(dialect, name, text)
    assert meaning.thresholds or meaning.reason
    assert all(t.metric in METRICS for t in meaning.thresholds)


@given(
    st.sampled_from(READ),
    st.sampled_from(["", "]", "{", '"', "'", "%", "-", "e", "1e99", "and", ":", "\\", "\n", "..."]),
    st.data(),
)
def test_a_spoilt_text_does_not_crash(
    row: tuple[str, str, str, str], inserted: str, data: st.DataObject
) -> None:
    dialect, name, text, _ = row
    at = data.draw(st.integers(0, len(text)))
    meaning = dialects.read(dialect, name, text[:at] + inserted + text[at:])
    assert meaning.thresholds or meaning.reason
    assert all(t.metric in METRICS for t in meaning.thresholds)


@pytest.mark.parametrize("dialect", sorted(dialects.DIALECTS))
@pytest.mark.parametrize(
    "part", ["a ", "<1 ", "(", '"', "lt(", "p(9", "1", "and ", "criteria:", "- "]
)
def test_no_text_takes_long(dialect: str, part: str) -> None:
    began = time.process_time()
    dialects.read(dialect, part * 50_000, part * 50_000)
    dialects.read(dialect, part * 2_000, part * (4_000 // len(part)))
    assert time.process_time() - began < 1.0 * SLOWED


def test_a_criterion_is_read_by_its_last_key() -> None:
    criterion = Criterion(
        id="a",
        text="http_req_duration{a:b}: p(95)<500",
        span=Span("k6.js", 1, 1),
        keys=("thresholds", "http_req_duration{a:b}"),
        phase="",
        dialect="k6",
    )
    (threshold,) = dialects.read_criterion(criterion).thresholds
    assert _shown((threshold,)) == "latency p95 < 0.5 s"
    assert threshold.conditions == ("a:b",)
    assert criterion.text[threshold.start : threshold.end] == "p(95)<500"


@pytest.mark.parametrize(
    ("name", "text", "wanted"),
    [
        ("slo_targets.latency_p99_ms", "800", "latency p99 <= 0.8 s"),
        ("budget.min_hit_ratio", "0.9", "ratio >= 0.9 score"),
        ("limits.max_wait_seconds", "3", "latency <= 3 s"),
        ("targets.coverage", "85", "coverage >= 85 %"),
        ("perf.start", "{target: 2, warning: 3, unit: seconds}", "latency <= 2 s"),
        ("perf.frame_us", "max_value: 900, max_ratio: 1.1", "latency <= 0.0009 s; delta <= 10 %"),
    ],
)
def test_files_of_peoples_own(name: str, text: str, wanted: str) -> None:
    assert _shown(dialects.read_own(name, text).thresholds) == wanted


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("coverage.lines", "87", "was it measured?"),
        ("targets.speed_mbps", "20", "bits or bytes"),
        ("slos.alerts.burn_rate", "> 14.4", "alert"),
        ("targets.wait", "5", "a time without a unit"),
        ("perf.call_p99_ns", "max_value: 80", "is the unit right?"),
    ],
)
def test_what_is_refused_of_peoples_own(name: str, text: str, reason: str) -> None:
    meaning = dialects.read_own(name, text)
    assert meaning.thresholds == ()
    assert reason in meaning.reason


@pytest.mark.parametrize(
    ("digits", "wanted"),
    [("95", "p95"), ("999", "p99.9"), ("9999", "p99.99"), ("99_9", "p99.9"), ("99.90", "p99.9")],
)
def test_percentiles_have_one_spelling(digits: str, wanted: str) -> None:
    assert names.percentile(digits) == wanted


def test_the_coverage_of_a_patch_is_of_changed_lines() -> None:
    for name, text in (
        ("coverage.status.patch.default", "target: 70%"),
        ("coverage.status", "patch: 70%"),
    ):
        (threshold,) = dialects.read("codecov", name, text).thresholds
        assert threshold.conditions == ("changed lines",)


def test_a_status_may_be_named_as_a_setting() -> None:
    (threshold,) = dialects.read(
        "codecov", "coverage.status.project.range", "target: 90%"
    ).thresholds
    assert threshold.value == 90
    assert dialects.read("codecov", "coverage.range", "60..80").thresholds == ()
