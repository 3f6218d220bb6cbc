"""Coverage floors: codecov.yml, coverage.py, pytest-cov, diff-cover.

https://docs.codecov.com/docs/commit-status: `target` is a floor, or `auto`, the coverage of
the base; `threshold` is the drop that is let through; an informational status never blocks.
"""

from __future__ import annotations

import re

from ...model import Meaning, Threshold
from . import limits
from .limits import NUMBER

CHANGED_LINES = "changed lines"
"""The condition of a coverage that is of the lines of a change alone."""
_FLOOR = re.compile(
    rf"(?:--(?:cov-)?fail[-_]under[= ]\s*|fail[-_]under[\"']?\s*[:=]\s*)?[\"']?(?P<number>{NUMBER})"
    r"\s*%?[\"']?\s*(?:[#;].*)?"
)
_OPTION = re.compile(rf"--(?:cov-)?fail-under[= ]\s*[\"']?(?P<number>{NUMBER})(?![\w.])")
_NAMED = re.compile(rf"\b(?P<which>project|patch)\s*:?\s*(?P<number>{NUMBER})\s*%")
_FALSE = re.compile(r"\s*(?:false|no|off)\s*", re.IGNORECASE)
_TRUE = re.compile(r"\s*(?:true|yes|on|default|)\s*", re.IGNORECASE)


def read_codecov(name: str, text: str) -> Meaning:
    """`name` is the place (`coverage.status.project.default`), `text` the keys of the status."""
    last = name.rpartition(".")[2]
    is_status = "status" in name.split(".")[:-1]
    if last == "range" and not is_status:
        return limits.no_gate("the range colours the badge and is no gate")
    if last in ("precision", "round") and not is_status:
        return limits.no_gate("it says how numbers are shown")
    informational = limits.field(text, "informational")
    if informational and informational[0] == "true":
        return limits.no_gate("informational: the status is reported and never blocks")
    target, threshold = limits.field(text, "target"), limits.field(text, "threshold")
    drop = limits.number(threshold[0].rstrip("% ")) if threshold else None
    if threshold and drop is None:
        return limits.refused(f"`threshold: {threshold[0]}` is no percentage")
    patch = (CHANGED_LINES,) if "patch" in name.split(".") else ()
    several = list(_NAMED.finditer(text)) if target is None else []
    if several:
        return limits.read(
            *(
                Threshold(
                    "coverage",
                    ">=",
                    value,
                    "%",
                    None,
                    *m.span("number"),
                    (CHANGED_LINES if m["which"] == "patch" else m["which"],),
                )
                for m in several
                if (value := limits.number(m["number"])) is not None
            )
        )
    if target is None and threshold is None:
        if _FALSE.fullmatch(text):
            return limits.no_gate("the status is switched off")
        if not _TRUE.fullmatch(text) and "status" not in name:
            return limits.refused("it states no target")
    if target is None or target[0] == "auto":
        span = (threshold or target or ("", 0, len(text)))[1:]
        return limits.read(Threshold("delta", ">=", -(drop or limits.ZERO), "%", None, *span))
    value = limits.number(target[0].rstrip("% "))
    if value is None:
        return limits.refused(f"`target: {target[0]}` is neither `auto` nor a percentage")
    conditions = (*patch, f"threshold: {threshold[0]}") if threshold else patch
    return limits.read(
        Threshold("coverage", ">=", value, "%", None, target[1], target[2], conditions),
        note=f"a drop of {threshold[0]} is let through" if threshold and drop else "",
    )


def read_floor(name: str, text: str) -> Meaning:
    """`fail_under` of coverage.py, `--cov-fail-under` of pytest-cov."""
    return _floor(text, ())


def read_diff_cover(name: str, text: str) -> Meaning:
    """`--fail-under` of diff-cover, which measures the changed lines only."""
    return _floor(text, (CHANGED_LINES,))


def _last_option(text: str) -> re.Match[str] | None:
    """The option in a command line or in `addopts`: the last one counts."""
    return next(reversed(list(_OPTION.finditer(text))), None)


def _floor(text: str, conditions: tuple[str, ...]) -> Meaning:
    match = _FLOOR.fullmatch(text.strip()) or _last_option(text)
    value = limits.number(match["number"]) if match else None
    if match is None or value is None:
        return limits.refused("the floor is not written out as a number")
    found = Threshold("coverage", ">=", value, "%", None, *match.span("number"), conditions)
    return limits.read(found, note="vacuous: no coverage is below 0" if value == 0 else "")
