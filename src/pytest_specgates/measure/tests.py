"""`tests`: the outcomes of the run's own tests, and the selection of tests by subject.

A subject is a path, a node id or a glob (`tests/unit`), `marker:NAME`, `type:NAME` (the
marker, or a folder of that name), `name:WORDS` (all words in the node id; `|` for or) or
`spec:ADDRESS` (a `spec` marker names this criterion).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable

from ..model import (
    Check,
    Kind,
    Measurement,
    Metric,
    Surroundings,
    TestRef,
    TestResult,
    Value,
    absence,
)
from . import paths

_BAD = ("failed", "error")
_GLOB = re.compile(r"[*?\[]")


def probe(check: Check, around: Surroundings) -> Measurement:
    subjects = check.subject or ("",)
    values = []
    evidence = []
    next_step = ""
    for subject in subjects:
        gap = incomplete(subject, around)
        if gap:
            return absence(*gap)
        chosen = _chosen(subject, around)
        named = shown(subject)
        if not chosen:
            return absence(f"no test matches {named}", "write the test, or correct `of:`")
        counts = Counter(result.outcome for result in chosen)
        reruns = sum(result.reruns for result in chosen)
        outcomes = ", ".join(f"{n} {outcome}" for outcome, n in sorted(counts.items()))
        evidence.append(f"{named}: {outcomes}" + (f", {reruns} reruns" if reruns else ""))
        bad = [r for r in chosen if r.outcome in _BAD]
        if not bad and not counts["passed"] and not counts["xpassed"]:
            return absence(
                f"no test of {named} passed: {outcomes}",
                "skipped and xfailed tests show nothing; let at least one run and pass",
            )
        evidence.extend(f"{r.outcome}: {r.ref.nodeid}" for r in bad[:10])
        if bad:
            next_step = f'pytest "{bad[0].ref.nodeid}"'
        skipped = counts["skipped"] + counts["xfailed"]
        count = skipped if check.metric == "skipped" else len(bad)
        values.append(Value(named, count, samples=len(chosen)))
    return Measurement(tuple(values), evidence=tuple(evidence), next_step=next_step)


def _chosen(subject: str, around: Surroundings) -> list[TestResult]:
    results = around.run.results.values()
    prefix, _, rest = subject.partition(":")
    if prefix != "spec":
        matches = selector(subject)
        return [result for result in results if matches(result.ref)]
    marked: dict[str, list[TestResult]] | None = around.cache.get("tests by criterion")
    if marked is None:
        marked = around.cache["tests by criterion"] = {}
        for result in results:
            for address in result.ref.criteria:
                marked.setdefault(address, []).append(result)
    return marked.get(rest, [])


def shown(subject: str) -> str:
    """A subject in words."""
    prefix, separator, rest = subject.partition(":")
    if prefix == "spec" and separator:
        return f'the tests marked spec("{rest}")'
    return subject or "the run"


def selector(subject: str) -> Callable[[TestRef], bool]:
    prefix, _, rest = subject.partition(":")
    if not subject:
        return lambda ref: True
    if prefix == "marker":
        return lambda ref: rest in ref.markers
    if prefix == "spec":
        return lambda ref: rest in ref.criteria
    if prefix == "type":
        folder = re.compile(rf"(^|/)(test_?)?{re.escape(rest)}s?(_tests?)?(/|\.py|::)")
        return lambda ref: rest in ref.markers or folder.search(ref.nodeid) is not None
    if prefix == "name":
        ways = [way.lower().split() for way in rest.split("|") if way.strip()]
        return lambda ref: any(all(w in ref.nodeid.lower() for w in way) for way in ways)
    return lambda ref: names_test(subject, ref.nodeid)


def names_test(subject: str, nodeid: str) -> bool:
    path, _, inner = nodeid.partition("::")
    wanted_path, _, wanted = subject.partition("::")
    if not wanted:
        return paths.covers(wanted_path, path)
    return paths.covers(wanted_path, path) and (
        inner == wanted or inner.startswith((f"{wanted}::", f"{wanted}["))
    )


def incomplete(subject: str, around: Surroundings) -> tuple[str, str] | None:
    """Why the run cannot speak for all tests of a subject (reason, next step), or None."""
    run = around.run
    again = "run the whole suite: pytest --spec-gates"
    path = subject.partition("::")[0]
    by_path = bool(subject) and ":" not in path
    if run.lost:
        return f"partial run: {run.lost}", again
    matches = selector(subject)
    left_out = [ref for ref in run.unselected if matches(ref)]
    if left_out:
        return (
            f"partial run: {len(left_out)} of its tests were not selected, "
            f"{left_out[0].nodeid} first",
            again,
        )
    if by_path:
        whole = any(_root_covers(root, subject, path) for root in run.roots)
        if not whole or any(_overlap(path, out) for out in run.left_out):
            if not _GLOB.search(path) and not (around.root / path).exists():
                return f"there is no {path}", "correct `of:`"
            return f"partial run: {subject} was not collected as a whole", again
    elif run.narrowed:
        return f"partial run: {run.narrowed}", again
    if "unfinished" not in around.cache:
        around.cache["unfinished"] = sorted(run.collected - run.results.keys())
    unfinished = [n for n in around.cache["unfinished"] if not by_path or names_test(subject, n)]
    if unfinished:
        return (
            f"partial run: {len(unfinished)} collected tests have no result, {unfinished[0]} first",
            again,
        )
    return None


def _overlap(path: str, left_out: str) -> bool:
    if paths.is_pattern(path) or paths.is_pattern(left_out):
        return True
    return paths.covers(path, left_out) or paths.covers(left_out, path)


def _root_covers(root: str, subject: str, path: str) -> bool:
    if "::" in root:
        return subject == root or subject.startswith((f"{root}::", f"{root}["))
    fixed = path
    while paths.is_pattern(fixed):
        fixed = fixed.rpartition("/")[0]
    return paths.covers(root, fixed.rstrip("/") or ".") or root == "."


KIND = Kind(
    name="tests",
    summary="The tests of a path, marker, type or name passed; skipped ones are counted apart.",
    value={"type": "string"},
    metrics=(
        Metric("failing", "count", ("==", "<=", "<")),
        Metric("skipped", "count", ("==", "<=", "<")),
    ),
    probe=probe,
    needs="run",
    implied="failing == 0",
    words={
        "all pass": "failing == 0",
        "pass": "failing == 0",
        "all pass, none skipped": "failing == 0, skipped == 0",
        "none skipped": "skipped == 0",
    },
    example="`tests: all pass` with `of: tests/unit`",
)
