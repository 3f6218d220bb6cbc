"""The lines of a change: those that differ from the base, committed or not."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from ..errors import ProbeError
from ..model import Surroundings
from . import git

_HUNK = re.compile(r"@@ -[0-9,]+ \+([0-9]+)(?:,([0-9]+))? @@")


def changed_lines(
    around: Surroundings, endings: tuple[str, ...] = (".py",)
) -> dict[str, frozenset[int]]:
    """The new or different lines of each file with one of the endings that differs from the base,
    by its path. Files that git does not know yet are new as a whole. Raises ProbeError."""
    key = ("changed lines", endings)
    if key not in around.cache:
        base = around.base()
        names = [name for name in base.changed if name.endswith(endings)]
        try:
            around.cache[key] = _lines(around.root, base.commit, names, endings)
        except git.GitError as error:
            raise ProbeError(f"git: {error}") from error
    found: dict[str, frozenset[int]] = around.cache[key]
    return found


def _lines(
    root: Path, commit: str, names: Sequence[str], endings: Sequence[str]
) -> dict[str, frozenset[int]]:
    there = [name for name in names if (root / name).is_file()]
    if not there:
        return {}
    found = {name: frozenset[int]() for name in there}
    fresh = set(git.untracked(root, there))
    for name in fresh:
        text = (root / name).read_bytes()
        found[name] = frozenset(range(1, text.count(b"\n") + 2))
    for name, lines in read_diff(git.diff_of(root, commit, endings)):
        if name in found and name not in fresh:
            found[name] |= lines
    return found


def read_diff(text: str) -> Iterator[tuple[str, frozenset[int]]]:
    """The new lines of each file of a diff without context, `+++ b/` before their paths."""
    name, lines = "", set[int]()
    left = 0
    for line in text.split("\n"):
        if left > 0 and line[:1] in ("+", "-", "\\"):
            left -= line[:1] == "+"
            continue
        if line.startswith("+++ "):
            if name:
                yield name, frozenset(lines)
            name, lines = _path(line[4:]), set()
        elif line.startswith("@@ ") and (hunk := _HUNK.match(line)):
            first, count = int(hunk[1]), int(hunk[2] or 1)
            lines.update(range(first, first + count))
            left = count
    if name:
        yield name, frozenset(lines)


_ESCAPE = re.compile(rb'\\([0-7]{3}|[abfnrtv"\\])')
_CONTROL = {b"a": b"\a", b"b": b"\b", b"f": b"\f", b"n": b"\n", b"r": b"\r", b"t": b"\t"}


def _path(written: str) -> str:
    """`b/src/a.py` or, where git puts quotes around it, the same with its escapes read."""
    written = written.rstrip("\t")
    if written.startswith('"') and written.endswith('"'):
        raw = _ESCAPE.sub(_unescaped, written[1:-1].encode("utf-8", "surrogateescape"))
        written = raw.decode("utf-8", "replace")
    return written.removeprefix("b/") if written != "/dev/null" else ""


def _unescaped(found: re.Match[bytes]) -> bytes:
    code = found[1]
    return bytes([int(code, 8) & 255]) if len(code) == 3 else _CONTROL.get(code, code)


def first_lines(text: str, lines: Iterable[int], statements: frozenset[int]) -> frozenset[int]:
    """The statements that the lines belong to, by the line that coverage counts them at: its
    first one, wherever in it the change is."""
    found = {line for line in lines if line in statements}
    rest = [line for line in lines if line not in statements]
    if rest:
        owner = _owners(text, statements)
        found.update(owner[line] for line in rest if line in owner)
    return frozenset(found)


def _owners(text: str, statements: frozenset[int]) -> dict[int, int]:
    """The statement (by its line) that each further line of a statement belongs to."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return {}
    owner: dict[int, int] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt):
            for first, last in ((node.lineno, _last_line(node)), *_decorators(node)):
                if first in statements:
                    further = range(first + 1, last + 1)
                    owner.update({n: first for n in further if n not in statements})
    return owner


def _last_line(node: ast.stmt) -> int:
    """Of a statement with a block, where its head ends."""
    if not hasattr(node, "body") and not isinstance(node, ast.Match):
        return node.end_lineno or node.lineno
    blocks = (ast.stmt, ast.ExceptHandler, ast.match_case)
    head = [child for child in ast.iter_child_nodes(node) if not isinstance(child, blocks)]
    decorators = getattr(node, "decorator_list", [])
    ends = (_end(child) for child in head if child not in decorators)
    return max((node.lineno, *ends))


def _end(node: ast.AST) -> int:
    """The last line of anything in the head: not all of its parts have places of their own."""
    return max((getattr(inner, "end_lineno", 0) or 0 for inner in ast.walk(node)), default=0)


def _decorators(node: ast.stmt) -> list[tuple[int, int]]:
    found: list[ast.expr] = getattr(node, "decorator_list", [])
    return [(one.lineno, one.end_lineno or one.lineno) for one in found]
