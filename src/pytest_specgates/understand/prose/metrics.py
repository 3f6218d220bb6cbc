"""The words that name what is measured, and which direction is the good one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from .patterns import words
from .tokens import Token


class Metric(NamedTuple):
    """`good` is +1 where more is better, -1 where less is, 0 where the sentence decides."""

    name: str
    good: int


class Found(NamedTuple):
    """A metric and the tokens that name it."""

    metric: Metric
    first: int
    last: int


COVERAGE = Metric("coverage", 1)
LATENCY = Metric("latency", -1)
RETENTION = Metric("latency", 1)
THROUGHPUT = Metric("throughput", 1)
ERRORS = Metric("error_rate", -1)
AVAILABILITY = Metric("availability", 1)
ACCURACY = Metric("accuracy", 1)
LOW_ACCURACY = Metric("accuracy", -1)
SCORE = Metric("score", 1)
LOW_SCORE = Metric("score", -1)
NEUTRAL_SCORE = Metric("score", 0)
RATIO = Metric("ratio", 0)
GOOD_RATIO = Metric("ratio", 1)
BAD_RATIO = Metric("ratio", -1)
DELTA = Metric("delta", 0)
BAD_DELTA = Metric("delta", -1)
GOOD_DELTA = Metric("delta", 1)
COUNT = Metric("count", 0)
DEFECTS = Metric("count", -1)
CAPACITY = Metric("count", 1)
MEMORY = Metric("memory", -1)
CPU = Metric("cpu", -1)
SIZE = Metric("size", -1)
COST = Metric("cost", -1)
OTHER = Metric("other", 0)
BIGGER = Metric("other", 1)


def _words(rows: Sequence[tuple[Metric, str]]) -> dict[tuple[str, ...], Metric]:
    return {tuple(name.split()): metric for metric, names in rows for name in names.split(", ")}


SHARES = _words(
    [
        (COVERAGE, "coverage, covered, cov, test coverage, code coverage, fail under"),
        (
            RATIO,
            "jsdoc coverage, label coverage, story coverage, scenario coverage, endpoint coverage, "
            " docstring coverage, documentation coverage, doc "
            "coverage, "
            "docs coverage, language coverage, data coverage, market coverage, api coverage, "
            "type coverage, gated coverage, feature coverage, requirement coverage, "
            "requirements coverage, topic coverage, vector coverage, share, proportion, "
            "percentage, rate, ratio, fraction, "
            "opt out, bounce, churn, escalation, adoption, conversion, utilization rate",
        ),
        (
            GOOD_RATIO,
            "pass rate, success rate, completion rate, resolution rate, adoption rate, "
            "retention rate, return rate, satisfaction, satisfied, compliance, compliant, "
            "completion, completeness, deliverability, delivery rate, conversion rate, success, "
            "successful, successfully, crash free, cache hit, passing, prevention, "
            "cache hit rate, cache hit ratio, detection rate, response rate, acceptance "
            "rate, retention, engagement",
        ),
        (
            BAD_RATIO,
            "duplication, duplicated, duplicates, duplicate rate, bounce rate, churn rate, "
            "escalation rate, abandonment rate, abandonment",
        ),
        (
            ERRORS,
            "error rate, errors, error, failure rate, failure, failures, failed, fail rate, "
            "false positive rate, false negative rate, positive rate, negative rate, "
            "false positive, false positives, "
            "false negative, false negatives, drop rate, "
            "false alarm, false alarms, false alert, false alerts, "
            " dropped, packet loss, data loss, loss, message loss, "
            "crash rate, crashes, crash, rejected, reject rate, rejection rate, timeouts, "
            "timeout rate, artifact, defect rate, defects, misclassification, hallucination, "
            "hallucinations, flakiness, flaky, 5xx, wer, cer, fpr, fnr, far, frr, "
            "stale rate, retry rate, anr rate, corruption",
        ),
        (AVAILABILITY, "availability, available, uptime, sla, slo, up time"),
        (
            ACCURACY,
            "accuracy, accurate, accurately, precision, recall, f1, f, hit rate, auc, auroc, roc, "
            "hr, ndcg, mrr, map, sensitivity, specificity, correctness, correct, correctly, "
            "macro, kappa, r², bleu, rouge, similarity, agreement, tolerance, confidence, "
            "faithfulness, groundedness, relevance, relevancy, iou",
        ),
        (
            SCORE,
            "score, scores, lighthouse, mutation, rating, stars, star, nps, csat, sus, mos, "
            "contrast, maintainability, quality score, satisfaction score, pagespeed, grade, "
            "mutation score, accessibility score, performance score",
        ),
        (LOW_SCORE, "cls, psi, brier, complexity score, drift, layout shift, ece"),
        (CPU, "cpu, processor, cpu usage, cpu utilization"),
        (MEMORY, "memory, ram, heap, memory usage"),
        (
            BAD_DELTA,
            "regression, regressions, degradation, degrade, degrades, overhead, slowdown, "
            "slower, penalty, deviation, deviate, deviates, worse, variance, jitter, "
            "accuracy loss, quality loss, precision loss, recall loss, accuracy drop, "
            "degraded, regress, regresses, diff, difference, diff tolerance, changed pixels, "
            "cost increase, latency increase, time increase",
        ),
        (
            GOOD_DELTA,
            "improvement, improvements, improve, improved, improves, speedup, faster, quicker, "
            "speed up, savings, saving, gain, gains, reduction, reduce, reduces, reduced, "
            "reducing, uplift",
        ),
        (
            DELTA,
            "cut, cuts, shrink, shrinks, lower, lowers, raise, raises, increase, increases, "
            "increased, decrease, decreases, decreased, drop, drops, "
            "decline, growth, grow, grows, change, changes, changed, fewer, less, shift, delta, "
            "rise, rises, performance drop",
        ),
    ]
)
NUMBERS = _words(
    [
        (NEUTRAL_SCORE, "p value"),
        (
            SCORE,
            "score, scores, lighthouse, rating, stars, star, nps, csat, sus, mos, contrast, "
            "mutation, maintainability, pagespeed, satisfaction, contrast ratio",
        ),
        (
            LOW_SCORE,
            "bias score, bias, cls, psi, brier, drift, layout shift, rmse, mae, mape, ece, "
            "perplexity",
        ),
        (
            ACCURACY,
            "f1, auc, auroc, roc, precision, recall, accuracy, ndcg, mrr, map, kappa, bleu, iou, "
            "rouge, hr, correlation, similarity, faithfulness, groundedness, confidence, relevance",
        ),
        (
            DEFECTS,
            "errors, error, warnings, warning, violations, violation, vulnerabilities, "
            "vulnerability, vulns, findings, finding, bugs, bug, issues, issue, crashes, crash, "
            "failures, failure, defects, defect, clicks, taps, steps, retries, blockers, blocker, "
            "leaks, regressions, incidents, incident, complexity, todos, duplicates, alerts, "
            "smells, conflicts, mistakes, attempts, trips, tickets, queries, lines, depth, "
            "requests, parameters, arguments, roundtrips, complaints, criticals, exceptions",
        ),
        (
            CAPACITY,
            "users, connections, sessions, clients, reviewers, approvals, approval, subscribers, "
            "devices, tenants, replicas, agents, nodes, customers, participants, samples, tests, "
            "examples, cases, scenarios, records, words, characters",
        ),
        (GOOD_RATIO, "pass rate, success rate, completion rate, compliance"),
        (RATIO, "rate, ratio, share, fraction"),
        (ERRORS, "error rate, failure rate, reject rate, drop rate, crash rate, loss rate"),
        (COVERAGE, "coverage, cov, fail under"),
        (AVAILABILITY, "availability, uptime"),
        (MEMORY, "memory, heap"),
        (CPU, "cpu"),
        (COST, "cost, price"),
        (BAD_DELTA, "regression, degradation"),
    ]
)
TIMES = _words(
    [
        (LOW_ACCURACY, "mae, rmse, mape"),
        (BAD_DELTA, "regression, regressions, latency regression, degradation, slowdown"),
        (
            RETENTION,
            "retention, retain, retained, retains, keep, keeps, kept, stored, store, history, "
            "archive, archived, persisted, preserved, mtbf, between failures, battery, endurance, "
            "session time, session duration, session length, time on page, "
            "notice, maintained for, logs, backup retention, autonomy",
        ),
        (
            LATENCY,
            "latency, latencies, time, times, duration, response, responds, respond, delay, lag, "
            "ttfb, lcp, fcp, inp, tti, tbt, fid, rto, rpo, mttr, mttd, load, loads, startup, "
            "start, feedback, transitions, transition, animation, render, renders, roundtrip, "
            "overhead, latencia, execution, runtime, build, cold, warm, recovery, downtime, "
            "processing, inference, jitter, ttft, query, queries, round trip, failover, wait, "
            "loss tolerance, data loss, freshness, staleness, drift, skew, p50, p90, p95, "
            "p99, paint, interactive, byte",
        ),
    ]
)
SIZES = _words(
    [
        (
            MEMORY,
            "memory, ram, rss, heap, footprint, resident, working set, vram, leak, memory usage, "
            "allocations, allocation",
        ),
        (
            SIZE,
            "size, bundle, binary, image, package, payload, file, files, artifact, gzip, "
            "gzipped, compressed, minified, disk, storage, apk, download, transfer, page weight, "
            "weight, js, css, script, database, body, response",
        ),
    ]
)
RATES = _words(
    [
        (
            ERRORS,
            "error, errors, failures, failure, failed, rejected, timeouts, error log, errors log",
        ),
        (THROUGHPUT, "throughput, requests, transactions, events, messages, rps, tps, qps"),
    ]
)
OTHERS = _words(
    [
        (
            BIGGER,
            "touch targets, touch target, tap targets, tap target, interactive elements, buttons, "
            "font size, text size, resolution, click targets",
        ),
    ]
)
COUNTS = {
    name: metric
    for name, metric in NUMBERS.items()
    if metric.name not in ("memory", "cpu", "cost", "coverage", "availability")
}
"""What plain numbers count: `zero memory copies` is no memory."""
_BY_DIMENSION = {
    "other": OTHERS,
    "rate": RATES,
    "percent": SHARES,
    "count": COUNTS,
    "keyed": NUMBERS,
    "time": TIMES,
    "bytes": SIZES,
}
DEFAULT = {
    "time": LATENCY,
    "rate": THROUGHPUT,
    "byte rate": THROUGHPUT,
    "bytes": SIZE,
    "cost": COST,
    "other": OTHER,
}


def named(
    tokens: Sequence[Token], indices: Sequence[int], dimension: str, fraction: bool = False
) -> Found | None:
    """The first metric that the tokens at the indices name; the order says which is nearest."""
    tables = [_BY_DIMENSION.get(dimension)]
    if fraction:
        tables = [SHARES, NUMBERS]
    members = set(indices)
    for at in indices:
        token = tokens[at]
        if token.kind != "w":
            continue
        if token.low in _FALLS and at + 1 < len(tokens) and tokens[at + 1].low in _SIDES:
            continue  # `drop below`: how a value moves, not a change that is measured
        if token.low == "changed" and at + 1 < len(tokens) and tokens[at + 1].low in _CODE:
            continue  # `changed lines`: of what something is measured
        for table in tables:
            if table is None:
                continue
            before = at - 1
            if before in members and tokens[before].low == "-":
                before -= 1
            after = at + 1
            if after in members and tokens[after].low == "-":
                after += 1
            earlier = before - 1
            if earlier in members and before in members:
                metric = table.get((tokens[earlier].low, tokens[before].low, token.low))
                if metric is not None:
                    return Found(metric, earlier, at + 1)
            if before in members:
                metric = table.get((tokens[before].low, token.low))
                if metric is not None:
                    return Found(metric, before, at + 1)
            if after in members:
                metric = table.get((token.low, tokens[after].low))
                if metric is not None:
                    return Found(metric, at, after + 1)
            metric = table.get((token.low,))
            if metric is not None and token.low in _GENERIC and before in members:
                specific = table.get((tokens[before].low,))
                metric = specific or metric
            if metric is not None:
                return Found(metric, at, at + 1)
    return None


_FALLS = words("drop drops fall falls grow grows rise rises")
_SIDES = words("below under above over beneath beyond past < >")
_CODE = words("code line lines file files")
_GENERIC = words("rate ratio share percentage fraction proportion threshold score")
_STATISTICS = {
    "median": "p50",
    "mean": "mean",
    "average": "mean",
    "averages": "mean",
    "averaging": "mean",
    "avg": "mean",
    "worst": "max",
    "mttr": "mean",
    "mttd": "mean",
    "peak": "max",
}


def statistic(
    tokens: Sequence[Token], indices: Sequence[int], named_only: bool = False
) -> str | None:
    """p50 ... p99.9, mean or max, where the tokens name one. With `named_only` they hold no
    operator, of which `max` would be a part."""
    for at in indices:
        low = tokens[at].low
        if low[:1] in "pt" and low.lstrip("t")[:1] == "p":
            rest = low.lstrip("t")[1:]
            if (
                len(rest) > 1 and rest.isascii() and rest.replace(".", "", 1).isdigit()
            ):  # `P1` is a priority
                return None if rest == "100" else f"p{rest}"
        if tokens[at].kind == "n" and at + 1 < len(tokens):
            following = tokens[at + 1].low
            if following in ("th", "st", "nd", "rd", "%"):
                later = tokens[at + 2].low if at + 2 < len(tokens) else ""
                later = tokens[at + 3].low if later == "-" and at + 3 < len(tokens) else later
                if later in ("percentile", "percentiles", "pctl", "ile", "quantile"):
                    return f"p{tokens[at].text}"
        if low in _STATISTICS:
            return _STATISTICS[low]
        if low in ("max", "maximum") and named_only:
            return "max"
    return None
