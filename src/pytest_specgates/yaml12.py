"""YAML read safely: libyaml's events, bounded, into nodes that know where they stand.

Differences from PyYAML's loaders, on purpose: YAML 1.2 core scalars (`on`, `no` and
`1:30` are text), no tags, duplicate keys are errors, and size, depth and the nodes that
aliases stand for are bounded. Both `read/` (specs) and `measure/` (data) use it, so it
stands beside the model, below the rooms.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .errors import SpecError

_INT = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_INFINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_LONGEST_NUMBER = 400
_NULLS = frozenset(("", "~", "null", "Null", "NULL"))
_TRUE = frozenset(("true", "True", "TRUE"))
_FALSE = frozenset(("false", "False", "FALSE"))


@dataclass(frozen=True, slots=True)
class Limits:
    """What one text may ask for: characters, depth of nesting, nodes (aliases expanded), and
    those of the nodes that stand in place of aliases."""

    characters: int = 1_000_000
    depth: int = 50
    nodes: int = 100_000
    aliased: int = 10_000


DATA_LIMITS = Limits(characters=200_000_000, depth=200, nodes=20_000_000, aliased=100_000)
_DEFAULT_LIMITS = Limits()


class Node:
    """A scalar (`value`: str), a list (`value`: list of nodes) or a map (list of pairs).

    `line` and `column` count from 1 in the file that the text came from; `start` and `end`
    are offsets in the text itself. `plain` is true for a scalar without quotes.
    """

    __slots__ = ("column", "end", "kind", "line", "plain", "start", "value")

    def __init__(
        self, kind: str, value: Any, line: int, column: int, start: int, end: int, plain: bool
    ) -> None:
        self.kind = kind
        self.value = value
        self.line = line
        self.column = column
        self.start = start
        self.end = end
        self.plain = plain

    @property
    def pairs(self) -> list[tuple[Node, Node]]:
        """The pairs of a map, in the order in which they were written."""
        pairs: list[tuple[Node, Node]] = self.value
        return pairs

    @property
    def items(self) -> list[Node]:
        """The items of a list."""
        items: list[Node] = self.value
        return items

    @property
    def text(self) -> str:
        """The text of a scalar."""
        text: str = self.value
        return text

    def get(self, key: str) -> Node | None:
        for name, node in self.pairs:
            if name.value == key:
                return node
        return None


def scalar(node: Node) -> str | int | float | bool | None:
    """The value of a scalar in the core schema of YAML 1.2."""
    text: str = node.value
    if not node.plain:
        return text
    if text in _NULLS:
        return None
    if text in _TRUE:
        return True
    if text in _FALSE:
        return False
    if len(text) > _LONGEST_NUMBER:
        return text
    if _INT.fullmatch(text):
        return int(text, 8 if text[:2] == "0o" else 16 if text[:2] == "0x" else 10)
    if _FLOAT.fullmatch(text):
        return float(text)
    if _INFINITE.fullmatch(text):
        return float(text.replace(".", "", 1).lower())
    return text


def plain(node: Node) -> Any:
    """The node as dicts, lists and scalars; the keys of dicts are texts."""
    if node.kind == "scalar":
        return scalar(node)
    if node.kind == "list":
        return [plain(item) for item in node.value]
    return {str(key.value): plain(value) for key, value in node.value}


def documents(
    text: str,
    path: str,
    *,
    first_line: int = 1,
    first_column: int = 1,
    limits: Limits = _DEFAULT_LIMITS,
) -> Iterator[Node]:
    """Each document of a YAML text. Raises SpecError, with its place in the file."""
    import yaml

    if len(text) > limits.characters:
        raise SpecError(
            f"{len(text):,} characters of YAML; at most {limits.characters:,} are read",
            path,
            first_line,
            hint="split it into several files",
        )
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        yield from _build(
            yaml.parse(text, Loader=loader), path, first_line, first_column, limits, yaml
        )
    except yaml.reader.ReaderError as error:
        before = text[: error.position]
        code = error.character if isinstance(error.character, int) else ord(error.character[:1])
        line = first_line + before.count("\n")
        raise _no_character(code, path, line) from error
    except UnicodeEncodeError as error:  # half of a character
        line = first_line + text.count("\n", 0, error.start)
        raise _no_character(ord(text[error.start]), path, line) from error
    except yaml.MarkedYAMLError as error:
        raise _syntax_error(error, text, path, first_line, first_column) from error


def _no_character(code: int, path: str, line: int) -> SpecError:
    return SpecError(
        f"the character U+{code:04X} may not stand in YAML",
        path,
        line,
        hint="remove it, or write it as an escape in double quotes",
    )


def _syntax_error(
    error: Any, text: str, path: str, first_line: int, first_column: int
) -> SpecError:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line, mark.column) if mark else (0, 0)
    lines = text.splitlines()
    written = lines[line] if line < len(lines) else ""
    problem = error.problem or "not valid YAML"
    if "nesting depth" in problem:  # newer parsers have a limit of their own
        hint = "write it flatter; a bracket may be open"
        place = first_line + line, first_column + column
        return SpecError("nested deeper than can be read", path, *place, text=written, hint=hint)
    return SpecError(
        f"not valid YAML: {problem}",
        path,
        first_line + line,
        first_column + column,
        text=written,
    )


def _build(
    events: Iterator[Any],
    path: str,
    first_line: int,
    first_column: int,
    limits: Limits,
    yaml: Any,
) -> Iterator[Node]:
    # One flat loop with a stack of its own: a deep document can exhaust neither the
    # recursion limit of Python nor the C stack.
    scalar_event, alias_event = yaml.ScalarEvent, yaml.AliasEvent
    map_start, list_start = yaml.MappingStartEvent, yaml.SequenceStartEvent
    ends = (yaml.MappingEndEvent, yaml.SequenceEndEvent)
    stack: list[tuple[Node, str | None, int]] = []
    keys: list[Node | None] = []
    seen: list[dict[str, Node]] = []
    anchors: dict[str, tuple[Node, int] | None] = {}
    count = aliased = 0
    for event in events:
        kind = type(event)
        anchor = None
        if kind is scalar_event:
            mark, end = event.start_mark, event.end_mark
            node = Node(
                "scalar",
                event.value,
                first_line + mark.line,
                first_column + mark.column,
                mark.index,
                end.index,
                event.implicit[0],
            )
            anchor = event.anchor
            if event.tag is not None:
                _refuse_tag(event, path, node)
            count += 1
            if anchor is not None:
                anchors[anchor] = (node, 1)
        elif kind in ends:
            node, anchor, before = stack.pop()
            node.end = event.end_mark.index
            if node.kind == "map":
                keys.pop()
                seen.pop()
            if anchor is not None:
                anchors[anchor] = (node, count - before)
        elif kind is map_start or kind is list_start:
            mark = event.start_mark
            node = Node(
                "map" if kind is map_start else "list",
                [],
                first_line + mark.line,
                first_column + mark.column,
                mark.index,
                mark.index,
                False,
            )
            if event.tag is not None:
                _refuse_tag(event, path, node)
            if len(stack) >= limits.depth:
                raise SpecError(
                    f"nested deeper than {limits.depth} levels",
                    path,
                    node.line,
                    node.column,
                    hint="write it flatter; a bracket may be open",
                )
            stack.append((node, event.anchor, count))
            if event.anchor is not None:
                anchors[event.anchor] = None
            count += 1
            if node.kind == "map":
                keys.append(None)
                seen.append({})
            if count > limits.nodes:
                raise _too_many(path, node.line, limits.nodes)
            continue
        elif kind is alias_event:
            line = first_line + event.start_mark.line
            known = anchors.get(event.anchor)
            if known is None:
                raise SpecError(
                    f"the alias *{event.anchor} stands for nothing that is complete before it",
                    path,
                    line,
                    first_column + event.start_mark.column,
                    hint='a text that begins with "*" needs quotes',
                )
            node, size = known
            count += size
            # A text of a few hundred characters would ask for seconds of work by these alone.
            aliased += size
            if aliased > limits.aliased:
                raise _too_many(path, line, limits.aliased)
        else:
            continue
        if count > limits.nodes:
            raise _too_many(path, node.line, limits.nodes)
        if not stack:
            yield node
            anchors.clear()
            continue
        parent = stack[-1][0]
        if parent.kind == "list":
            parent.value.append(node)
        elif keys[-1] is None:
            _check_key(node, seen[-1], path)
            keys[-1] = node
        else:
            parent.value.append((keys[-1], node))
            keys[-1] = None


def _check_key(node: Node, seen: dict[str, Node], path: str) -> None:
    if node.kind != "scalar":
        raise SpecError(
            "a key has to be a text",
            path,
            node.line,
            node.column,
            hint='a value in braces needs quotes: "{name}"',
        )
    if node.value == "<<" and node.plain:
        raise SpecError(
            "merge keys (<<) are not read", path, node.line, node.column, hint="write the keys out"
        )
    first = seen.get(node.value)
    if first is not None:
        raise SpecError(
            f'duplicate key "{node.value}": it stands in line {first.line} already, '
            f"and again in line {node.line}",
            path,
            node.line,
            node.column,
            hint="keep one of the two; neither is taken for the other",
        )
    seen[node.value] = node


def _refuse_tag(event: Any, path: str, node: Node) -> None:
    if event.tag in ("!", "tag:yaml.org,2002:str"):
        return
    raise SpecError(
        f"the tag {event.tag} is not read",
        path,
        node.line,
        node.column,
        hint='a text that begins with "!" needs quotes',
    )


def _too_many(path: str, line: int, most: int) -> SpecError:
    return SpecError(
        f"more than {most:,} values (aliases written out)",
        path,
        line,
        hint="split it into several files, and do without aliases of aliases",
    )
