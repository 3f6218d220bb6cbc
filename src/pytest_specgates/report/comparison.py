"""Two runs compared, as text, as Markdown and as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence

from .compared import DIFFERENCES, Compared, Difference, Pair
from .gate_text import visible
from .markdown import Section, fitted, fold, inline, item
from .safe_text import one_line
from .summary import counted

_WORDS = {
    "worse": "worse",
    "gone": "gone, or not judged any more",
    "new": "new",
    "better": "better",
    "demand": "asked for something else",
    "value": "measured otherwise",
    "moved": "moved",
}


def render_text(found: Compared) -> str:
    lines = [f"before: {visible(found.before)}", f"now:    {visible(found.now)}", ""]
    lines += [f"error: {one_line(trouble, 2_000)}" for trouble in found.troubles]
    lines += [f"{one.kind:<7} {_told(one)}" for one in found.differences]
    return "\n".join([*lines, summary(found), ""])


def summary(found: Compared) -> str:
    """`1 worse, 2 new, 5 gates unchanged`."""
    kinds = [one.kind for one in found.differences]
    told = [f"{kinds.count(kind)} {kind}" for kind in DIFFERENCES if kind in kinds]
    if found.troubles:
        told.insert(0, counted(len(found.troubles), "new error"))
    return ", ".join([*told, f"{counted(found.unchanged, 'gate')} unchanged"])


def _told(one: Difference) -> str:
    span = one.gate.criterion.span
    pairs = "; ".join(map(_pair, one.pairs))
    return one_line(f"{span.path}:{span.line}: {one.gate.address}: {pairs}", 2_000)


def _pair(pair: Pair) -> str:
    change = f" ({pair.change})" if pair.change else ""
    name = "" if pair.what == "status" else f"{pair.what} "
    return f"{name}{pair.before} -> {pair.now}{change}"


def render_comparison_markdown(found: Compared) -> str:
    head = (
        f"# Spec gates: {inline(summary(found))}\n\n"
        f"- before: {inline(found.before)}\n- now: {inline(found.now)}\n"
    )
    sections = [Section("\n## New errors\n\n", found.troubles, item)]
    for kind in DIFFERENCES:
        rows = [one for one in found.differences if one.kind == kind]
        title = f"{_WORDS[kind]}: {counted(len(rows), 'gate')}"
        head_of_table = "| gate | what | before | now |\n|---|---|---|---|\n"
        if kind in ("worse", "gone", "new"):
            sections.append(Section(f"\n## {title}\n\n{head_of_table}", rows, _row))
        else:
            sections.append(fold(title, head_of_table, rows, _row))
    return fitted(head, sections)


def _row(one: Difference) -> str:
    return "".join(
        f"| {inline(one.gate.address) if number == 0 else ''} | {pair.what} "
        f"| {inline(pair.before)} | {inline(_now(pair))} |\n"
        for number, pair in enumerate(one.pairs)
    )


def _now(pair: Pair) -> str:
    return f"{pair.now} ({pair.change})" if pair.change else pair.now


def render_comparison_json(found: Compared) -> str:
    data = {
        "before": found.before,
        "now": found.now,
        "is_worse": found.is_worse,
        "errors": list(found.troubles),
        "unchanged": found.unchanged,
        "differences": [
            {
                "kind": one.kind,
                "nodeid": one.gate.nodeid,
                "gate": one.gate.address,
                "path": one.gate.criterion.span.path,
                "line": one.gate.criterion.span.line,
                "blocks": one.blocks,
                "differs": _pairs(one.pairs),
            }
            for one in found.differences
        ],
    }
    return json.dumps(data, indent=1, ensure_ascii=False) + "\n"


def _pairs(pairs: Sequence[Pair]) -> list[dict[str, str | None]]:
    return [
        {"what": p.what, "before": p.before, "now": p.now, "change": p.change or None}
        for p in pairs
    ]
