"""k6 scripts and options: the `thresholds` of a `.js`, `.ts` or `.json` file."""

from __future__ import annotations

from collections.abc import Iterator

from ...errors import SpecError
from ...yaml12 import Node
from ..document import Draft
from ..keys import Role
from . import literal
from .base import Found, draft, one_line, wrong

_SCRIPTS = (".js", ".mjs", ".cjs", ".ts", ".mts")
_FORM = "for example `http_req_duration: ['p(95)<500']`"


def recognises(path: str, text: str) -> bool:
    if path.lower().endswith(".json"):
        return '"thresholds"' in text
    return path.lower().endswith(_SCRIPTS)  # no other format is a script


def read(path: str, text: str) -> tuple[Draft, ...]:
    """One criterion for each threshold. Raises SpecError where they are not written out."""
    found: list[Found] = []
    if path.lower().endswith(".json"):
        literal.json_document(text, path)
    script = literal.Script(text, path)
    if not path.lower().endswith(".json"):
        for place in literal.unfollowed(script, "thresholds"):
            raise wrong(
                path,
                place,
                "thresholds that are set where they cannot be followed",
                f"scripts are not run: write them out in `options`, {_FORM}",
            )
    places = list(literal.assigned(script, ("thresholds",)))
    for key, value in places:
        if value.kind != "map":
            raise wrong(
                path,
                value,
                "the thresholds are not written out as an object",
                f"scripts are not run: write `{key.text}: {{ METRIC: ['p(95)<500'] }}` here",
            )
        for metric, thresholds in value.pairs:
            found.extend(_of_metric(path, metric, thresholds))
    if not found:
        raise SpecError("no thresholds in this k6 file", path, hint=_FORM)
    return (draft(path, found),)


def _of_metric(path: str, metric: Node, value: Node) -> Iterator[Found]:
    if metric.text == "..." and metric.plain:
        raise wrong(
            path,
            value,
            f"`{value.text[:60]}` cannot be followed without running the script",
            "write the thresholds out",
        )
    items = value.items if value.kind == "list" else [value]
    if not items:
        # k6 shows the sub-metric of such a key and judges nothing.
        yield _found(metric, value, "[]", "about")
    for item in items:
        written = item
        if item.kind == "map":
            threshold = item.get("threshold")
            if threshold is None:
                raise wrong(path, item, "a threshold object without `threshold`", _FORM)
            written = threshold
        if written.kind != "scalar":
            raise wrong(path, written, "a threshold is a text", _FORM)
        yield _found(metric, written, one_line(written.text), "criteria")


def _found(metric: Node, node: Node, text: str, role: Role) -> Found:
    return Found(
        text=f"{metric.text}: {text}",
        line=node.line,
        column=node.column,
        keys=("thresholds", metric.text),
        role=role,
        dialect="k6",
    )
