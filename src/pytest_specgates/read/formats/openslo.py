"""OpenSLO: the objectives of each document of `kind: SLO`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...errors import SpecError
from ...yaml12 import Node, documents
from ..document import Draft
from ..ids import phase_id, slug
from .base import Found, draft, member, wrong

_VERSION = re.compile(r"^[\"']?apiVersion[\"']?[ \t]*:[ \t]*[\"']?openslo", re.MULTILINE)
_SHOWN = ("op", "value", "target", "targetPercent", "timeSliceTarget", "timeSliceWindow")
_MEASURED = re.compile(r"[A-Za-z_:][\w:]{0,200}?_(?:seconds|milliseconds|ms|us|bytes)(?![a-z])")


def recognises(path: str, text: str) -> bool:
    return path.lower().endswith((".yaml", ".yml")) and bool(_VERSION.search(text))


def read(path: str, text: str) -> tuple[Draft, ...]:
    """Raises SpecError for what is not valid YAML or has another shape."""
    found: list[Found] = []
    for document in documents(text, path):
        if document.kind != "map":
            raise wrong(path, document, "an OpenSLO document is a mapping", "write `kind: SLO`")
        kind = document.get("kind")
        if kind is not None and kind.value == "SLO":
            found.extend(_slo(path, document, text))
    if not found:
        raise SpecError(
            "no SLO with objectives in this OpenSLO file",
            path,
            hint="write `kind: SLO` with `spec: {objectives: [{target: 0.99}]}`",
        )
    return (draft(path, found),)


def _slo(path: str, document: Node, text: str) -> Iterator[Found]:
    metadata = member(path, document, "metadata", "map", "a mapping with `name`")
    name = member(path, metadata, "name", "scalar", "a text") if metadata else None
    spec = member(path, document, "spec", "map", "a mapping with `objectives`")
    if name is None or spec is None:
        raise wrong(path, document, "an SLO without `metadata.name` or `spec`", "write both")
    objectives = member(path, spec, "objectives", "list", "a list")
    if objectives is None or not objectives.items:
        raise wrong(path, name, "an SLO without objectives", "write `objectives: [{target: 0.99}]`")
    indicator = spec.get("indicator")
    measured = _MEASURED.search(text[indicator.start : indicator.end]) if indicator else None
    above = ("objectives", *((measured[0],) if measured else ()))
    for number, objective in enumerate(objectives.items, 1):
        if objective.kind != "map":
            raise wrong(path, objective, "an objective is a mapping", "write `- target: 0.99`")
        own, shown = phase_id(name.text), name.text
        if len(objectives.items) > 1:
            display = objective.get("displayName")
            is_named = display is not None and display.kind == "scalar" and display.text
            part = slug(display.text) if display is not None and is_named else str(number)
            own, shown = f"{own}.{part}", f"{name.text}.{part}"
        values = ", ".join(
            f"{key.text}: {value.text}"
            for key, value in objective.pairs
            if key.text in _SHOWN and value.kind == "scalar"
        )
        yield Found(
            f"{shown}: {values}" if values else shown,
            objective.line,
            objective.column,
            (*above, shown),
            own,
            dialect="openslo",
        )
