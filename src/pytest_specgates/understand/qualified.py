"""What a sentence says beside its limit that no kind of gate measures.

`login page under 2 s` is a limit of the login page alone: held against every benchmark it would
be another criterion, stricter or emptier than the one that was written.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from ..model import Aside, Meaning, Threshold
from .prose.patterns import words

_SOFT = re.compile(
    r"\b(?:ideally|preferabl[ye]|preferred|stretch|nice[- ]to[- ]have|aspirational|optional(?:ly)?|"
    r"warn(?:s|ed|ing|ings)?|informational|if possible|where possible|best[- ]effort|soon|someday|"
    r"recommended|tbd|eventually)\b",
    re.IGNORECASE,
)
_EITHER = re.compile(r"\b(?:or|alternatively|whichever)\b", re.IGNORECASE)
_SEVERAL_STATISTICS = re.compile(
    r"\bp\d[\d.]*\s*(?:[/,&]|and)\s*(?:and\s+)?p\d+|\b(?:median|mean|average)\s*(?:/|and)\s*p\d+",
    re.IGNORECASE,
)
_WORD = re.compile(r"[A-Za-z][\w'-]*|`[^`]*\w[^`]*`")
_PLAIN = words(
    # what is measured
    "coverage covered cov code test tests unit line lines branch branches statement statements "
    "latency latencies response responses time times throughput request requests performance "
    "benchmark benchmarks analyses analysis rate speed "
    # how much of it
    "target targets goal goals requirement requirements required require requires threshold limit "
    "budget slo sla minimum maximum min max at least most under over below above within less more "
    "than not no greater higher lower fewer exceed exceeds exceeding equal to exactly up or better "
    "percent percentage percentile quantile th median mean average avg p50 p90 p95 p99 ms second "
    "seconds minute minutes worst case "
    # of what: everything
    "all any each every total overall whole entire project codebase repository repo source suite "
    "system service application app api software product module package "
    # that it is asked for
    "must should shall will can is are be been being has have stay stays remain remains keep keeps "
    "kept maintain maintains maintained achieve achieved reach reaches reached ensure ensures meet "
    "meets met expect expected drop drops dropped fall falls fail fails failed failing block "
    "blocks blocked blocking break breaks alert alerts alarm flag reject rejects violation stop "
    "build builds ci pipeline merge merges merged merging release releases gate gates check checks "
    "deploy deploys deployment ship enforced enforce measured verified quality acceptance criteria "
    "criterion success pr prs pull "
    # what joins it
    "a an the of for in on by as with and if when whenever unless until it its our this that these "
    "we so do does don't never without before after then only"
)
_NUMBERED = re.compile(r"(?:[a-z]{1,5}-)*[a-z]{1,5}-?\d[\w.-]*", re.IGNORECASE)
_ID = re.compile(r"^\W*(?:[A-Za-z]{1,5}-)*[A-Za-z]{1,5}[-_ ]?\d[\w.]*\W{0,4}\s")


def doubt(text: str, meaning: Meaning) -> str:
    """Why the limits of a sentence are no bar that must be met as they stand; "" if they are."""
    soft = _SOFT.search(text)
    if soft:
        return f'"{soft[0]}" asks for no bar that must be met'
    several = _SEVERAL_STATISTICS.search(text)
    if several:
        return f'"{several[0]}" are several statistics; state a limit for each'
    found = meaning.thresholds
    for one, two in pairwise(found):
        either = _EITHER.search(text, one.end, max(one.end, two.start))
        if either:
            return f'"{either[0]}": one of several limits is enough, and a gate asks for all'
    return ""


def more_than_measured(text: str, limits: Sequence[Threshold], asides: Sequence[Aside]) -> str:
    """The words that narrow a limit to a part that nothing names; "" where there are none."""
    spans = [(t.start, t.end) for t in limits] + [(a.start, a.end) for a in asides]
    left = list(text)
    for start, end in spans:
        left[start:end] = " " * (end - start)
    rest = _ID.sub(" ", "".join(left))
    narrow = [
        word
        for word in _WORD.findall(rest)
        if word.strip("'` ").lower() not in _PLAIN and not _NUMBERED.fullmatch(word)
    ]
    return ", ".join(f'"{word}"' for word in dict.fromkeys(narrow[:4]))
