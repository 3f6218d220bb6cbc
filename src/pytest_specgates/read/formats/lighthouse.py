"""Lighthouse CI: the assertions of a `lighthouserc`, and the budgets of a `budget.json`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from ...errors import SpecError
from ...yaml12 import Node, documents
from ..document import Draft
from ..ids import phase_id, slug
from . import literal
from .base import Found, draft, member, one_line, wrong

_BUDGETS = ("resourceSizes", "resourceCounts", "timings")
_ENDINGS = (".json", ".yml", ".yaml", ".js", ".cjs", ".mjs")


def recognises(path: str, text: str) -> bool:
    name = PurePosixPath(path.replace("\\", "/")).name.lower().lstrip(".")
    return name.startswith("lighthouserc") and name.endswith(_ENDINGS)


def read(path: str, text: str) -> tuple[Draft, ...]:
    """Raises SpecError for what cannot be parsed or has another shape."""
    found: list[Found] = []
    if path.lower().endswith("js"):
        for key, value in literal.assigned(literal.Script(text, path), ("assertions",)):
            found.extend(_assertions(path, text, value, (key.text,)))
    else:
        for document in _documents(path, text):
            found.extend(_config(path, text, document))
    if not found:
        raise SpecError(
            "no assertions in this Lighthouse CI file",
            path,
            hint='write `ci: {assert: {assertions: {"categories:performance": ...}}}`',
        )
    return (draft(path, found, name="lighthouse"),)


def _documents(path: str, text: str) -> Iterator[Node]:
    if path.lower().endswith(".json"):
        yield literal.json_document(text, path)
    else:
        yield from documents(text, path)


def _config(path: str, text: str, document: Node) -> Iterator[Found]:
    ci = member(path, document, "ci", "map", "a mapping")
    asserted = member(path, ci, "assert", "map", "a mapping") if ci is not None else None
    if asserted is None:
        return
    preset = member(path, asserted, "preset", "scalar", "a text")
    if preset is not None:
        yield _found(("ci.assert", "preset"), preset.text, preset, "")
    direct = asserted.get("assertions")
    if direct is not None:
        yield from _assertions(path, text, direct, ("assertions",))
    matrix = member(path, asserted, "assertMatrix", "list", "a list of mappings")
    for part in matrix.items if matrix is not None else []:
        pattern = member(path, part, "matchingUrlPattern", "scalar", "a text")
        inner = part.get("assertions") if part.kind == "map" else None
        if inner is not None:
            above = ("assertMatrix", pattern.text) if pattern is not None else ("assertMatrix",)
            yield from _assertions(path, text, inner, (*above, "assertions"))


def _assertions(path: str, text: str, node: Node, above: tuple[str, ...]) -> Iterator[Found]:
    if node.kind != "map":
        raise wrong(path, node, "`assertions` is an object", "write the assertions out")
    for audit, value in node.pairs:
        level = value
        if value.kind == "list" and value.items:
            level = value.items[0]
        shown = one_line(value.text if value.kind == "scalar" else text[value.start : value.end])
        yield _found(
            (*above, audit.text), shown, value, level.text if level.kind == "scalar" else ""
        )


def _found(keys: tuple[str, ...], shown: str, node: Node, level: str) -> Found:
    is_matrix = "assertMatrix" in keys and len(keys) > 3
    return Found(
        f"{keys[-1]}: {shown}",
        node.line,
        node.column,
        keys,
        phase_id(keys[-1]),
        role="about" if level == "off" else "criteria",
        dialect="lighthouse",
        phase=slug(keys[1]) if is_matrix else "",
        level="should" if level == "warn" else "must",
        why="Lighthouse CI only warns" if level == "warn" else "",
    )


# --- budgets -------------------------------------------------------------------------------


def recognises_budget(path: str, text: str) -> bool:
    return path.lower().endswith(".json") and any(f'"{key}"' in text for key in _BUDGETS)


def read_budget(path: str, text: str) -> tuple[Draft, ...]:
    """Raises SpecError for what is not valid JSON or has another shape."""
    document = literal.json_document(text, path)
    found: list[Found] = []
    for budget in document.items if document.kind == "list" else [document]:
        place = member(path, budget, "path", "scalar", "a text")
        for kind in _BUDGETS:
            limits = member(path, budget, kind, "list", "a list")
            for limit in limits.items if limits is not None else []:
                found.append(_budget(path, place.text if place is not None else "", kind, limit))
    if not found:
        raise SpecError("no budget in this file", path, hint='write `"resourceSizes": [...]`')
    return (draft(path, found),)


def _budget(path: str, place: str, kind: str, limit: Node) -> Found:
    what = "metric" if kind == "timings" else "resourceType"
    named = member(path, limit, what, "scalar", "a text")
    amount = member(path, limit, "budget", "scalar", "a number")
    if named is None or amount is None:
        raise wrong(path, limit, f"a budget has `{what}` and `budget`", "write both")
    name = f"{kind}[{named.text}]"
    return Found(
        f"{name}: {amount.text}",
        amount.line,
        amount.column,
        (*((place,) if place else ()), name),
        f"{kind}-{slug(named.text)}",
        dialect="lighthouse-budget",
        phase=slug(place) if place not in ("", "/*", "/") else "",
    )
