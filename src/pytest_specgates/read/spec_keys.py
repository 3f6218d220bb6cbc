"""The keys of a spec that are no sections: names, scope, stage, waivers, bindings, parameters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from ..errors import SpecError, did_you_mean
from ..model import STAGES, Binding, Span, Stage, Waiver
from ..yaml12 import Node
from . import keys

_WAIVER = "a waiver has `gate`, `owner`, `reason` and `expires: YYYY-MM-DD`"

Top = Mapping[str, tuple[Node, Node]]
"""The top of a document: each key's own node and its value."""


class Fault(Protocol):
    """Makes the error that belongs to a node."""

    def __call__(self, message: str, node: Node, hint: str = "") -> SpecError: ...


def text_of(top: Top, name: str, fault: Fault) -> str:
    if name not in top:
        return ""
    value = top[name][1]
    if value.kind != "scalar":
        raise fault(f"`{name}:` is a text", value, hint=f"write `{name}: ...`")
    return value.text


def scope(top: Top, fault: Fault) -> tuple[str, ...]:
    """The paths of `scope:`; a text with a space in it is a description and no path."""
    if "scope" not in top:
        return ()
    node = top["scope"][1]
    texts = [] if node.kind == "map" else [node] if node.kind == "scalar" else node.items
    if node.kind == "map" or any(item.kind != "scalar" for item in texts):
        raise fault("`scope:` is a path or a list of paths", node, hint="for example `scope: src`")
    return tuple(item.text for item in texts if " " not in item.text and item.text)


def stage(node: Node, fault: Fault) -> Stage | None:
    """The stage that a mapping states for what stands in it, or None."""
    value = node.get("stage")
    if value is None:
        return None
    if value.kind != "scalar" or value.value not in STAGES:
        raise fault(
            f'unknown stage "{value.value if value.kind == "scalar" else "..."}"',
            value,
            hint="stages: " + ", ".join(STAGES),
        )
    found: Stage = value.value
    return found


def waivers(top: Top, path: str, fault: Fault) -> tuple[Waiver, ...]:
    if "waivers" not in top:
        return ()
    node = top["waivers"][1]
    if node.kind != "list":
        raise fault("`waivers:` is a list", node, hint=_WAIVER)
    return tuple(_waiver(item, path, fault) for item in node.items)


def _waiver(item: Node, path: str, fault: Fault) -> Waiver:
    if item.kind != "map":
        raise fault("a waiver is a mapping", item, hint=_WAIVER)
    texts = {}
    for key, value in item.pairs:
        if key.value not in keys.WAIVER_KEYS:
            raise fault(
                f'unknown key "{key.value}" in a waiver',
                key,
                hint=did_you_mean(key.text, keys.WAIVER_KEYS),
            )
        if value.kind != "scalar" or not value.text.strip():
            raise fault(f"`{key.value}:` is a text", value, hint=_WAIVER)
        texts[key.text] = value.text.strip()
    missing = sorted(keys.WAIVER_KEYS - set(texts))
    if missing:
        raise fault(f"a waiver without {', '.join(missing)}", item, hint=_WAIVER)
    if not _is_date(texts["expires"]):
        raise fault(
            f'"{texts["expires"]}" is not a date',
            item.get("expires") or item,
            hint="write the last day of the waiver as YYYY-MM-DD (UTC)",
        )
    return Waiver(**texts, span=Span(path, item.line, item.column))


def bindings(top: Top, path: str, fault: Fault) -> tuple[Binding, ...]:
    if "bindings" not in top:
        return ()
    node = top["bindings"][1]
    example = "for example `API documentation: {exists: docs/api.md}`"
    if node.kind != "map":
        raise fault("`bindings:` maps the texts of criteria to gates", node, hint=example)
    for key, value in node.pairs:
        if value.kind != "map":
            raise fault("`bindings:` maps the texts of criteria to gates", value, hint=example)
        if not key.text.strip():
            raise fault("a binding without a text", key, hint=example)
    return tuple(
        Binding(" ".join(key.text.split()), value, Span(path, key.line, key.column))
        for key, value in node.pairs
    )


def params(top: Top, fault: Fault) -> dict[str, str]:
    if "params" not in top:
        return {}
    node = top["params"][1]
    if node.kind != "map" or any(value.kind != "scalar" for _, value in node.pairs):
        raise fault("`params:` maps names to texts", node, hint="write `params: {name: value}`")
    return {key.text: value.text for key, value in node.pairs}


def _is_date(text: str) -> bool:
    import datetime

    try:
        datetime.date.fromisoformat(text)
    except ValueError:
        return False
    return len(text) == 10
