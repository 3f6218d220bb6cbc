"""The settings of pytest and coverage of the base and of now: what gates rest on."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Mapping

from ..model import ATTESTATIONS, Change, ChangeKind, Span

Settings = Mapping[str, tuple[str, ...]]
_NARROWING = (
    *("--ignore", "--deselect", "-k", "-m", "--no-cov", "-p", "--lf", "--last-failed"),
    *("--co", "--collect-only", "--benchmark-disable", "--benchmark-skip", "--stepwise"),
)
_STRICT = ("--strict", "-W", "--spec-gates", "--cov", "--import-mode")
_MORE_IS_WEAKER = frozenset(
    (
        *("run.omit", "report.omit", "report.exclude_lines", "report.exclude_also"),
        *("report.partial_branches", "report.partial_also", "norecursedirs"),
    )
)
_LESS_IS_WEAKER = frozenset(
    (
        *("run.source", "run.source_pkgs", "report.include", "run.include", "testpaths"),
        *("python_files", "python_classes", "python_functions", "markers", "specgates_paths"),
        *("required_plugins",),
    )
)
_FLAGS = frozenset(
    ("run.branch", "strict", "strict_markers", "strict_config", "xfail_strict", "strict_xfail")
)
_ONE_WAY = frozenset(("report.fail_under",))
"""Numbers that demand more if they are higher."""


def compare_settings(tool: str, base: Settings, now: Settings, span: Span) -> Iterator[Change]:
    """The changes of one tool's settings. Settings that no gate rests on are left out."""
    for name in sorted({*base, *now}):
        before, after = base.get(name, ()), now.get(name, ())
        if before == after:
            continue
        rule = _rule(name)
        if rule is None:
            continue
        for kind, message in rule(before, after):
            yield Change(kind, f"{tool} {name}", message, span)


Rule = Callable[[tuple[str, ...], tuple[str, ...]], Iterator[tuple[ChangeKind, str]]]


def _rule(name: str) -> Rule | None:
    if name in _MORE_IS_WEAKER:
        return _more_is_weaker
    if name in _LESS_IS_WEAKER:
        return _less_is_weaker
    if name in _FLAGS:
        return _flag
    if name in _ONE_WAY:
        return _number
    if name == "specgates_waiver_days":
        return _longer
    if name == "specgates_allowed_signers":
        return _signers
    if name == "specgates_attestations":
        return _folder
    return _options if name == "addopts" else None


def _more_is_weaker(
    before: tuple[str, ...], after: tuple[str, ...]
) -> Iterator[tuple[ChangeKind, str]]:
    for item in after:
        if item not in before:
            yield "weakened", f"leaves out {item} too"
    for item in before:
        if item not in after:
            yield "tightened", f"no longer leaves out {item}"


def _less_is_weaker(
    before: tuple[str, ...], after: tuple[str, ...]
) -> Iterator[tuple[ChangeKind, str]]:
    if before and not after:
        yield "changed", f"not set any more, on the base {', '.join(before)}"
        return
    for item in before:
        if item not in after:
            yield "weakened", f"{item} is gone"
    for item in after:
        if item not in before:
            # Where nothing was named everything counted: a first name leaves the rest out.
            yield ("tightened", f"{item} is new") if before else ("weakened", f"only {item} now")


def _flag(before: tuple[str, ...], after: tuple[str, ...]) -> Iterator[tuple[ChangeKind, str]]:
    on = after[:1] and after[0].lower() in ("true", "1", "yes", "on")
    yield "tightened" if on else "weakened", "on" if on else "off, on the base on"


def _signers(before: tuple[str, ...], after: tuple[str, ...]) -> Iterator[tuple[ChangeKind, str]]:
    if not after:
        yield "weakened", "not set any more: a sign-off that nobody signed counts"
    elif not before:
        yield "tightened", "set: only a signed sign-off counts"
    else:
        # What the two files allow is compared by their lines.
        yield "changed", f"{' '.join(after)}, on the base {' '.join(before)}"


def _folder(before: tuple[str, ...], after: tuple[str, ...]) -> Iterator[tuple[ChangeKind, str]]:
    was, now = (posixpath.normpath(" ".join(p) or ATTESTATIONS) for p in (before, after))
    if was != now:
        # What lies there may change without making a sign-off stale.
        yield "weakened", f"{now}, on the base {was}"


def _number(before: tuple[str, ...], after: tuple[str, ...]) -> Iterator[tuple[ChangeKind, str]]:
    was, now = _float(before), _float(after)
    kind: ChangeKind = "weakened" if now is None or (was is not None and now < was) else "tightened"
    yield kind, f"{' '.join(after) or 'not set'}, on the base {' '.join(before) or 'not set'}"


def _longer(before: tuple[str, ...], after: tuple[str, ...]) -> Iterator[tuple[ChangeKind, str]]:
    was, now = _float(before), _float(after)
    kind: ChangeKind = "tightened" if now is None or (was or 366) > now else "weakened"
    yield kind, f"{' '.join(after) or 'not set'}, on the base {' '.join(before) or 'not set'}"


def _options(before: tuple[str, ...], after: tuple[str, ...]) -> Iterator[tuple[ChangeKind, str]]:
    for item in _joined(after):
        if item not in _joined(before):
            weaker = item.startswith(_NARROWING)
            yield "weakened" if weaker else "changed", f"{item} is new"
    for item in _joined(before):
        if item not in _joined(after):
            weaker = item.startswith(_STRICT)
            better = item.startswith(_NARROWING)
            yield "weakened" if weaker else "tightened" if better else "changed", f"{item} is gone"


def _joined(options: tuple[str, ...]) -> list[str]:
    """The options, each with the value that stands apart from it."""
    found: list[str] = []
    for part in options:
        takes = found and found[-1].startswith("-") and "=" not in found[-1]
        if takes and not part.startswith("-") and " " not in found[-1]:
            found[-1] = f"{found[-1]} {part}"
        else:
            found.append(part)
    return found


def _float(texts: tuple[str, ...]) -> float | None:
    try:
        return float(texts[0])
    except (IndexError, ValueError):
        return None
