"""codecov.yml: the statuses of projects, patches, flags and components."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from ...errors import SpecError
from ...yaml12 import Node, documents
from ..document import Draft
from ..ids import phase_id
from ..keys import Role
from .base import Found, draft, member, wrong

_NAMES = ("codecov.yml", ".codecov.yml", "codecov.yaml", ".codecov.yaml")
_COMPONENTS = ("component_management", "individual_components")
_KEYS = ("target", "threshold", "informational", "base")
_OFF = ("false", "no", "off", "False", "No", "Off")


def recognises(path: str, text: str) -> bool:
    return PurePosixPath(path.replace("\\", "/")).name.lower() in _NAMES


def read(path: str, text: str) -> tuple[Draft, ...]:
    """Raises SpecError for what is not valid YAML or has another shape."""
    found: list[Found] = []
    for document in documents(text, path):
        if document.kind != "map":
            continue
        coverage = member(path, document, "coverage", "map", "a mapping")
        if coverage is not None:
            found.extend(_coverage(path, coverage))
        for manager, parts in (("flag_management", "individual_flags"), _COMPONENTS):
            managed = member(path, document, manager, "map", "a mapping")
            if managed is not None:
                found.extend(_managed(path, managed, manager, parts))
    if not found:
        raise SpecError(
            "no status in this codecov file",
            path,
            hint="write\ncoverage:\n  status:\n    project:\n      default:\n        target: 80%",
        )
    return (draft(path, found, name="codecov"),)


def _coverage(path: str, coverage: Node) -> Iterator[Found]:
    shown = coverage.get("range")
    if shown is not None and shown.kind == "scalar":
        yield _found(("coverage", "range"), f"range: {shown.text}", shown, "about")
    status = coverage.get("status")
    if status is None:
        return
    keys = ("coverage", "status")
    if status.kind != "map":
        yield from _status(path, keys, status)
        return
    for which, value in status.pairs:
        if value.kind != "map" or any(key.text in _KEYS for key, _ in value.pairs):
            yield from _status(path, (*keys, which.text), value)
            continue
        for name, one in value.pairs:
            own = which.text if name.text == "default" else f"{which.text}.{name.text}"
            yield from _status(path, (*keys, own), one)


def _managed(path: str, managed: Node, manager: str, parts: str) -> Iterator[Found]:
    rules = member(path, managed, "default_rules", "map", "a mapping")
    single = member(path, managed, parts, "list", "a list")
    owners = [("default_rules", rules)] if rules is not None else []
    for one in single.items if single is not None else []:
        name = (one.get("name") or one.get("component_id")) if one.kind == "map" else None
        if name is None or name.kind != "scalar":
            raise wrong(path, one, "a flag or component without a name", "write `- name: NAME`")
        owners.append((name.text, one))
    for owner, node in owners:
        statuses = member(path, node, "statuses", "list", "a list of statuses")
        for status in statuses.items if statuses is not None else []:
            kind = status.get("type") if status.kind == "map" else None
            if kind is None or kind.kind != "scalar":
                raise wrong(path, status, "a status without `type`", "write `- type: project`")
            yield from _status(path, (manager, "statuses", f"{owner}.{kind.text}"), status)


def _status(path: str, keys: tuple[str, ...], node: Node) -> Iterator[Found]:
    if node.kind == "list":
        raise wrong(path, node, "a status is a mapping", "write `target: 80%` below it")
    name = keys[-1]
    if node.kind == "scalar":
        role: Role = "about" if node.text in _OFF else "criteria"
        yield _found(keys, f"{name}: {node.text or 'true'}", node, role)
        return
    values = [(key.text, value) for key, value in node.pairs if value.kind == "scalar"]
    informational = any(key == "informational" and v.text in ("true", "yes") for key, v in values)
    shown = ", ".join(f"{key}: {value.text}" for key, value in values if key in _KEYS)
    text = f"{name}: {shown or 'true'}"
    yield _found(keys, text, node, "about" if informational else "criteria")


def _found(keys: tuple[str, ...], text: str, node: Node, role: Role) -> Found:
    return Found(
        text,
        node.line,
        node.column,
        keys,
        phase_id(keys[-1]),
        role=role,
        dialect="codecov",
    )
