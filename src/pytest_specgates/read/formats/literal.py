"""Object literals of JavaScript, and JSON, as nodes with places. Nothing is executed.

A value that is no literal (`LIMIT`, `'p(95)<' + x`, a call) becomes a plain scalar with its
source; a text becomes a scalar that is not plain.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterator

from ...errors import SpecError
from ...yaml12 import Node

_MOST_CHARACTERS = 1_000_000
_DEEPEST = 50
_TOKEN = re.compile(
    r"""
    (?P<space>\s+)
    |(?P<comment>//[^\n]*|/\*(?:[^*]|\*(?!/))*(?:\*/)?)
    |(?P<string>"(?:[^"\\\n]|\\.)*"?|'(?:[^'\\\n]|\\.)*'?|`(?:[^`\\]|\\.)*`?)
    |(?P<number>(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)
    |(?P<name>[^\W\d][\w$]*|\$[\w$]*)
    |(?P<mark>\.\.\.|=>|===?|!==?|<=|>=|.)
    """,
    re.VERBOSE | re.DOTALL,
)
_REGEX = re.compile(r"/(?:[^/\\\n\[]|\\.|\[(?:[^\]\\\n]|\\.){0,50}\]){1,200}/\w*")
_BEFORE_REGEX = frozenset((*"(,=:[!&|?{};+-*%<>~^", "=>", "==", "===", "return"))
_OPEN = {"{": "}", "[": "]", "(": ")"}
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))", re.DOTALL)
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "\n": ""}


class _Token:
    __slots__ = ("end", "kind", "start", "text")

    def __init__(self, kind: str, text: str, start: int, end: int) -> None:
        self.kind, self.text, self.start, self.end = kind, text, start, end


class Script:
    """The tokens of a script or a JSON text. Raises SpecError for one that is too long."""

    def __init__(self, text: str, path: str) -> None:
        if len(text) > _MOST_CHARACTERS:
            raise SpecError(
                f"{len(text):,} characters; at most {_MOST_CHARACTERS:,} are read",
                path,
                hint="move the thresholds into a file of their own",
            )
        self.text = text
        self.path = path
        self.tokens = list(_tokens(text))
        self.lines = [0, *(match.end() for match in re.finditer("\n", text))]

    def place(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self.lines, offset)
        return line, offset - self.lines[line - 1] + 1

    def node(self, kind: str, value: object, start: int, end: int, plain: bool = False) -> Node:
        line, column = self.place(start)
        return Node(kind, value, line, column, start, end, plain)

    def mark(self, at: int) -> str:
        """The punctuation at a token, "" for anything else and behind the end."""
        if at >= len(self.tokens) or self.tokens[at].kind != "mark":
            return ""
        return self.tokens[at].text

    def error(self, message: str, at: int, hint: str = "") -> SpecError:
        start = self.tokens[at].start if at < len(self.tokens) else max(len(self.text) - 1, 0)
        line, column = self.place(start)
        return SpecError(message, self.path, line, column, hint=hint)

    def value(self, at: int, depth: int = 0) -> tuple[Node, int]:
        """The value that begins at a token, and the token behind it."""
        if depth > _DEEPEST:
            raise self.error(f"nested deeper than {_DEEPEST} levels", at, "write it flatter")
        if self.mark(at) == "{":
            return self.object(at, depth)
        if self.mark(at) == "[":
            return self.array(at, depth)
        end = self.expression(at)
        if end == at:
            raise self.error("a value is missing", at, "a bracket or a comma may be wrong")
        first, last = self.tokens[at], self.tokens[end - 1]
        if end == at + 1 and first.kind == "string" and "${" not in first.text:
            return self.node("scalar", _unquoted(first.text), first.start, first.end), end
        source = self.text[first.start : last.end]
        return self.node("scalar", source, first.start, last.end, True), end

    def expression(self, at: int) -> int:
        """The token behind an expression: the next `,` `;` or closing bracket of its level."""
        open_marks: list[str] = []
        while at < len(self.tokens):
            mark = self.mark(at)
            if not open_marks and mark in (",", ";", "}", "]", ")"):
                break
            if mark in _OPEN:
                open_marks.append(_OPEN[mark])
            elif open_marks and mark == open_marks[-1]:
                open_marks.pop()
            at += 1
        return at

    def array(self, at: int, depth: int) -> tuple[Node, int]:
        start, items = self.tokens[at], []
        at += 1
        while self.mark(at) != "]":
            if at >= len(self.tokens):
                raise self.error("a `[` is not closed", at, "close the list with `]`")
            item, at = self.value(at, depth + 1)
            items.append(item)
            at = self.separator(at, "]")
        return self.node("list", items, start.start, self.tokens[at].end), at + 1

    def object(self, at: int, depth: int) -> tuple[Node, int]:
        start, pairs = self.tokens[at], []
        seen: dict[str, int] = {}
        at += 1
        while self.mark(at) != "}":
            if at >= len(self.tokens):
                raise self.error("a `{` is not closed", at, "close the object with `}`")
            key, value, at = self.pair(at, depth)
            if key.text in seen and key.text != "...":
                raise SpecError(
                    f'duplicate key "{key.text}": it stands in line {seen[key.text]} already, '
                    f"and again in line {key.line}",
                    self.path,
                    key.line,
                    key.column,
                    hint="keep one of the two; neither is taken for the other",
                )
            seen[key.text] = key.line
            pairs.append((key, value))
            at = self.separator(at, "}")
        return self.node("map", pairs, start.start, self.tokens[at].end), at + 1

    def pair(self, at: int, depth: int) -> tuple[Node, Node, int]:
        token = self.tokens[at]
        if token.text == "..." or self.mark(at) == "[":
            # Spread or computed: what it holds cannot be known without running the script.
            end = self.expression(at)
            raw = self.text[token.start : self.tokens[end - 1].end]
            key = self.node("scalar", "...", token.start, token.end, True)
            return key, self.node("scalar", raw, token.start, token.start + len(raw), True), end
        if token.kind not in ("string", "name", "number"):
            raise self.error(f"a key is missing before `{token.text}`", at, "write `key: value`")
        text = _unquoted(token.text) if token.kind == "string" else token.text
        key = self.node("scalar", text, token.start, token.end, token.kind != "string")
        if self.mark(at + 1) == ":":
            value, end = self.value(at + 2, depth + 1)
            return key, value, end
        # `{ thresholds }`, or a method.
        end = self.expression(at)
        raw = self.text[token.start : self.tokens[end - 1].end]
        return key, self.node("scalar", raw, token.start, token.start + len(raw), True), end

    def separator(self, at: int, closing: str) -> int:
        if self.mark(at) == ",":
            return at + 1
        if self.mark(at) == closing:
            return at
        raise self.error(f"`,` or `{closing}` is missing", at, "a bracket or a comma may be wrong")


def _tokens(text: str) -> Iterator[_Token]:
    at, before = 0, "("
    while at < len(text):
        if text[at] == "/" and before in _BEFORE_REGEX and text[at : at + 2] not in ("//", "/*"):
            regex = _REGEX.match(text, at)
            if regex is not None:
                yield _Token("regex", regex[0], at, regex.end())
                at, before = regex.end(), "regex"
                continue
        match = _TOKEN.match(text, at)
        assert match is not None  # its last part matches any character
        kind, at = str(match.lastgroup), match.end()
        if kind not in ("space", "comment"):
            before = match[0] if kind in ("mark", "name") else kind
            yield _Token(kind, match[0], match.start(), match.end())


def _unquoted(text: str) -> str:
    body = text[1:-1] if len(text) > 1 and text[-1] == text[0] else text[1:]
    return _ESCAPE.sub(_unescaped, body) if "\\" in body else body


def _unescaped(match: re.Match[str]) -> str:
    code = match[1] or match[2]
    if code and 0xD800 <= int(code, 16) < 0xE000:
        return match[0]  # half of a character: no text can hold it
    return chr(int(code, 16)) if code else _ESCAPED.get(match[3], match[3])


def assigned(reader: Script, names: Collection[str]) -> Iterator[tuple[Node, Node]]:
    """Each `NAME: VALUE` and `NAME = VALUE` of a script, at any depth, for the names given.
    Raises SpecError, with its place."""
    at = 0
    while at < len(reader.tokens):
        token = reader.tokens[at]
        is_named = token.kind in ("name", "string") and _named(token) in names
        if is_named and reader.mark(at + 1) in (":", "="):
            key = reader.node("scalar", _named(token), token.start, token.end)
            value, at = reader.value(at + 2)
            yield key, value
        else:
            at += 1


def unfollowed(reader: Script, name: str) -> Iterator[Node]:
    """The places where a script sets a name in a way that cannot be followed without running
    it: `options.NAME['x'] = ...`, `options['NAME'] = ...`, `{ NAME }`, `assign(options.NAME`.
    """
    for at, token in enumerate(reader.tokens):
        if token.kind not in ("name", "string") or _named(token) != name:
            continue
        before, after = reader.mark(at - 1) if at else "", reader.mark(at + 1)
        is_set = False
        if token.kind == "string":
            is_set = after == "]" and reader.mark(at + 2) == "="
        elif after == "[":
            is_set = _assigns(reader, at + 1)
        elif after == ".":
            is_set = reader.mark(at + 3) == "="
        elif before in ("{", ",") and after in ("}", ","):
            is_set = not (after == "}" and reader.mark(at + 2) == "=")
        elif before == ".":
            is_set = any(t.text == "assign" for t in reader.tokens[max(0, at - 4) : at])
        if is_set:
            yield reader.node("scalar", token.text, token.start, token.end)


def _assigns(reader: Script, at: int) -> bool:
    """Whether `[...]`, which opens at a token, has a `=` behind it."""
    for end in range(at + 1, min(at + 8, len(reader.tokens))):
        if reader.mark(end) == "]":
            return reader.mark(end + 1) == "="
    return False


def _named(token: _Token) -> str:
    return _unquoted(token.text) if token.kind == "string" else token.text


def json_document(text: str, path: str) -> Node:
    """A JSON text. Raises SpecError, with its place."""
    import json

    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        raise SpecError(
            f"not valid JSON: {error.msg[:1].lower()}{error.msg[1:]}",
            path,
            error.lineno,
            error.colno,
            hint="look at the line above too: a comma or a bracket may be missing",
        ) from error
    except RecursionError as error:
        raise SpecError(
            f"nested deeper than {_DEEPEST} levels", path, hint="write it flatter"
        ) from error
    except ValueError as error:  # an integer of thousands of digits
        raise SpecError(f"not valid JSON: {error}", path) from error
    return Script(text, path).value(0)[0]
