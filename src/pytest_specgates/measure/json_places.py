"""Where values stand in a JSON text, found only for those that are asked for."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

Path = tuple[str | int, ...]
_STRING = r'"(?:[^"\\]|\\.)*"'
_TOKEN = re.compile(rf"{_STRING}|[{{}}\[\],:]|[^\s{{}}\[\],:\"]+", re.DOTALL)
_BRACKET = re.compile(rf"{_STRING}|[{{}}\[\]]", re.DOTALL)
_HERE = object()


def places(text: str, wanted: Iterable[Path]) -> dict[Path, tuple[int, int]]:
    """Line and column (both from 1, in characters) of the values at these paths of a valid JSON
    text. What is not there is left out."""
    tree: dict[Any, Any] = {}
    for path in wanted:
        node = tree
        for part in path:
            node = node.setdefault(part, {})
        node[_HERE] = path
    found: dict[Path, int] = {}
    _walk(text, tree, found)
    return {path: _line_and_column(text, offset) for path, offset in found.items()}


def _line_and_column(text: str, offset: int) -> tuple[int, int]:
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


def _walk(text: str, tree: dict[Any, Any], found: dict[Path, int]) -> None:
    # Each frame: whether it is an object, what is wanted in it, the index of the next item.
    stack: list[list[Any]] = []
    key: Any = None
    node: dict[Any, Any] | None = tree
    position, end = 0, len(text)
    while position < end:
        token = _TOKEN.search(text, position)
        if token is None:
            return
        written = token[0]
        position = token.end()
        if written in "]}":
            stack.pop()
            if not stack:
                return
            continue
        if written in ",:":
            if written == "," and not stack[-1][0]:
                stack[-1][2] += 1
            continue
        if stack:
            is_object, inside, index = stack[-1]
            if is_object and key is None:
                key = json.loads(written)
                continue
            node = inside.get(key if is_object else index)
            key = None
        if node is not None and _HERE in node:
            found[node[_HERE]] = token.start()
        if written in "{[":
            if not node or node.keys() == {_HERE}:
                position = _behind(text, position)
                node = {}
                if not stack:
                    return
            else:
                stack.append([written == "{", node, 0])
        elif not stack:
            return


def _behind(text: str, position: int) -> int:
    """Behind the bracket that closes the one before this position."""
    depth = 1
    for token in _BRACKET.finditer(text, position):
        written = token[0]
        if written in "{[":
            depth += 1
        elif written in "]}":
            depth -= 1
            if not depth:
                return token.end()
    return len(text)


def place_of_second_key(text: str) -> tuple[int, int]:
    """Line and column of the first key of a valid JSON text that its object has already; of the
    begin, where there is none."""
    stack: list[set[str] | None] = []
    is_key = False
    for token in _TOKEN.finditer(text):
        written = token[0]
        if written in "{[":
            stack.append(set() if written == "{" else None)
            is_key = written == "{"
        elif written in "]}":
            stack.pop()
        elif written == ",":
            is_key = bool(stack) and stack[-1] is not None
        elif is_key and stack and (keys := stack[-1]) is not None:
            key = json.loads(written)
            if key in keys:
                return _line_and_column(text, token.start())
            keys.add(key)
            is_key = False
    return 1, 1
