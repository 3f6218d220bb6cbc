"""Keptn's `slo.yaml`: one criterion for the `pass` criteria of each objective."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...errors import SpecError
from ...yaml12 import Node, documents
from ..document import Draft
from ..ids import phase_id
from .base import Found, draft, member, one_line, wrong

_OBJECTIVES = re.compile(r"^objectives[ \t]*:", re.MULTILINE)
_SLI = re.compile(r"\bsli[ \t]*:|\bspec_version[ \t]*:|\btotal_score[ \t]*:")
_FORM = 'for example `- criteria: ["<600"]`'


def recognises(path: str, text: str) -> bool:
    is_yaml = path.lower().endswith((".yaml", ".yml"))
    return is_yaml and bool(_OBJECTIVES.search(text) and _SLI.search(text))


def read(path: str, text: str) -> tuple[Draft, ...]:
    """Raises SpecError for what is not valid YAML or has another shape."""
    found: list[Found] = []
    for document in documents(text, path):
        if document.kind != "map":
            raise wrong(path, document, "an slo.yaml is a mapping", "begin with `objectives:`")
        objectives = member(path, document, "objectives", "list", "a list of objectives")
        for objective in objectives.items if objectives else []:
            found.extend(_objective(path, objective))
        total = member(path, document, "total_score", "map", "a mapping with `pass`")
        if total is not None:
            found.append(_total(path, total))
    if not found:
        raise SpecError("an slo.yaml without objectives", path, hint="write `- sli: NAME`")
    return (draft(path, found),)


def _objective(path: str, objective: Node) -> Iterator[Found]:
    sli = objective.get("sli") if objective.kind == "map" else None
    if sli is None or sli.kind != "scalar" or not sli.text:
        raise wrong(path, objective, "an objective without `sli`", "write `- sli: NAME`")
    keys = ("objectives", sli.text)
    passing = member(path, objective, "pass", "list", "a list of criteria")
    warning = member(path, objective, "warning", "list", "a list of criteria")
    own = phase_id(sli.text)
    if passing is None or not passing.items:
        yield Found(
            f"{sli.text}: (no criteria)",
            sli.line,
            sli.column,
            keys,
            own,
            role="about",
            dialect="keptn",
        )
    else:
        yield Found(
            f"{sli.text}: {_criteria(path, passing)}",
            *_place(passing),
            keys,
            own,
            dialect="keptn",
        )
    if warning is not None and warning.items:
        yield Found(
            f"{sli.text}.warning: {_criteria(path, warning)}",
            *_place(warning),
            ("objectives", f"{sli.text}.warning"),
            f"{own}-warning",
            dialect="keptn",
            level="should",
            why="a warning level of slo.yaml lowers the score and does not fail",
        )


def _place(node: Node) -> tuple[int, int]:
    return node.line, node.column


def _criteria(path: str, node: Node) -> str:
    """`<=+10%, <600`; several lists, of which one is enough, keep their key."""
    lists = []
    for item in node.items:
        criteria = item.get("criteria") if item.kind == "map" else None
        if criteria is None or criteria.kind == "map":
            raise wrong(path, item, "a list of criteria is missing", _FORM)
        texts = [criteria] if criteria.kind == "scalar" else criteria.items
        if not texts or any(text.kind != "scalar" for text in texts):
            raise wrong(path, criteria, "criteria are texts", _FORM)
        lists.append(", ".join(one_line(text.text) for text in texts))
    if len(lists) == 1:
        return lists[0]
    return " or ".join(f"criteria: {written}" for written in lists)


def _total(path: str, total: Node) -> Found:
    passing = member(path, total, "pass", "scalar", 'a percentage like "90%"')
    if passing is None:
        raise wrong(path, total, "a `total_score` without `pass`", 'write `pass: "90%"`')
    return Found(
        f"total_score: {one_line(passing.text)}",
        passing.line,
        passing.column,
        ("total_score",),
        "total_score",
        dialect="keptn",
    )
