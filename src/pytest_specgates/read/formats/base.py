"""What the readers of other tools' files gather, and the draft made of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from ...errors import SpecError
from ...model import Criterion, Level, Span, Spec
from ...yaml12 import Node
from .. import ids
from ..document import Draft
from ..keys import Role


@dataclass(frozen=True, slots=True)
class Found:
    """One criterion of a file: its text, place (from 1), the keys above it, and its own id.

    In a structured format (`dialect`) the text is `NAME: VALUE`, where NAME is the last key.
    """

    text: str
    line: int
    column: int
    keys: tuple[str, ...]
    id: str = ""
    role: Role = "criteria"
    dialect: str = ""
    phase: str = ""
    level: Level = "must"
    why: str = ""
    siblings: Mapping[str, str] = field(default_factory=dict)
    items: tuple[str, ...] = ()
    """The headings of the columns, if it is a row of a table."""


GENERIC = frozenset(
    (
        *("spec", "requirements", "design", "tasks", "readme", "index", "slo", "checklist"),
        *("criteria", "acceptance", "plan", "budget", "budgets", "options", "config"),
    )
)
_SHARED_FOLDERS = frozenset(("", ".", "..", "specs", "spec", "docs", "doc", "src", "tests", "test"))


def draft(path: str, found: Sequence[Found], *, name: str = "", title: str = "") -> Draft:
    """The draft of one file. Its name, if none is given, is made from the path and title."""
    return Draft(
        spec=Spec(
            name=name or spec_name(path, title),
            path=path,
            line=1,
            criteria=tuple(_criteria(path, found)),
            title=title,
        ),
        roles=tuple(item.role for item in found),
    )


def spec_name(path: str, title: str = "") -> str:
    """The folder, for files that have one name in every project (`specs/photos/spec.md`); else
    the title, else the file's name."""
    place = PurePosixPath(path.replace("\\", "/"))
    stem = PurePosixPath(place.name.lstrip(".")).stem
    for ending in (".slo", ".k6", ".spec"):
        stem = stem.removesuffix(ending)
    folder = place.parent.name
    if stem.lower() in GENERIC and folder.lower() not in _SHARED_FOLDERS:
        return ids.phase_id(folder)
    if title:
        return ids.slug(title)
    return ids.phase_id(stem or place.name)


def _criteria(path: str, found: Sequence[Found]) -> Iterator[Criterion]:
    made = iter(ids.unique_ids([(f.phase, ids.slug(f.text), f.text) for f in found if not f.id]))
    used: set[tuple[str, str]] = set()
    times: Counter[tuple[str, str]] = Counter()
    for item in found:
        own = wanted = item.id or next(made)
        while (item.phase, own) in used:
            # An id that a document uses twice stays with its first criterion.
            times[item.phase, wanted] += 1
            own = f"{wanted}-{times[item.phase, wanted] + 1}"
        used.add((item.phase, own))
        yield Criterion(
            id=own,
            text=item.text,
            span=Span(path, item.line, item.column),
            keys=item.keys,
            phase=item.phase,
            siblings=item.siblings,
            items=item.items,
            gate=_policy(item),
            dialect=item.dialect,
        )


def _policy(item: Found) -> Node | None:
    """The level that the format itself gives, as if `level:` stood beside the criterion."""
    if item.level == "must":
        return None
    pairs = [("level", str(item.level)), ("reason", item.why)]
    nodes = [(_text(key, item), _text(value, item)) for key, value in pairs if value]
    return Node("map", nodes, item.line, item.column, 0, 0, False)


def _text(value: str, item: Found) -> Node:
    return Node("scalar", value, item.line, item.column, 0, 0, True)


def wrong(path: str, node: Node, message: str, hint: str) -> SpecError:
    return SpecError(message, path, node.line, node.column, hint=hint)


def one_line(text: str) -> str:
    return " ".join(text.split())


def member(path: str, node: Node, key: str, kind: str, what: str) -> Node | None:
    """The value of a key, None where it is not there. Raises SpecError where it has another
    kind (`map`, `list` or `scalar`); `what` says what it should be."""
    value = node.get(key) if node.kind == "map" else None
    if value is None or (
        value.kind == "scalar" and value.plain and value.text in ("", "~", "null")
    ):
        return None
    if value.kind != kind:
        raise wrong(path, value, f"`{key}:` is {what}", f"write `{key}:` as {what}")
    return value
