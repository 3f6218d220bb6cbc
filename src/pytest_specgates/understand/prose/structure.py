"""A line as its author wrote it -> its statements: cells of a table, a key's value, sentences.

A statement is a run of tokens with what names it: the label before its colon, its key, or the
first cell of its row.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ...model import exact
from ..units import BYTES, PERCENT, TIMES, Unit
from .amounts import WORDS, amounts
from .context import words_of
from .patterns import alternation, words
from .tokens import Token, tokens
from .unit_tokens import unit_at

_KEY = re.compile(
    r"""^\s*(?:[-*]\s+)?["']?(?P<key>[A-Za-z_][A-Za-z0-9_.-]*)["']?\s*(?::\s*(?:float|int|str)\s*)?"""
    r"""(?::|=(?![<>=]))(?=[\s"'0-9<>=\[{~$\u2264\u2265]|$)\s*"""
)
_COMMENT = re.compile(r"(?:\s#|//)\s?(?P<comment>.*)$")
_LABEL_END = re.compile(r":(?=\s|$)|;\s|\s-\s")
_SENTENCE_END = re.compile(r"(?<=[^\s.][.!?])\s+(?=[\"'(]?[A-Z\x01])|\s?;\s")
_MAY_END = re.compile(r"[.!?]\s|;")
_ABBREVIATION = re.compile(
    r"(?:\b(?:est|approx|max|min|avg|vs|etc|incl|no|resp))\.$", re.IGNORECASE
)
_LONGEST_LABEL = 9
_LEADING = re.compile(
    r"^(?:[\s\x01:.()\[\]\"'#/]|-(?![0-9])|>(?=\s+[A-Za-z]))*(?:\(?[pP][0-4]\)?[\s:]+)?[\s:.\x01-]*"
)
_HAS_DIGIT = re.compile("[0-9]")
_HAS_NUMBER_WORD = alternation(
    r"\b[Ss]ub-",
    *(rf"\b{word}\b" for word in WORDS),
    *(rf"\b{word.title()}\b" for word in WORDS),
)
_TICKS = frozenset("🚨🚫⛔✅✔✓☑❌✗✘☐⬜🟢🟡🔴⚠🎯🚀🔥⭐")
_CROSSES = frozenset("❌✗✘⚠🚨🔴🚫⛔")
_SAID_BY_KEY = words("summary description title message name")
_TOLD = words("current currently actual achieved observed measured")
"""A label that says: what follows, to the end of the line, is what was seen."""
_BAD_WORDS = words("fail failed red yellow missed partial no pending near behind")
_STATUS_WORDS = words(
    "pass passed fail failed green yellow red met ok done exceeded yes partial excellent "
    "perfect optimal missed pending"
)


@dataclass(frozen=True, slots=True)
class Statement:
    """Tokens that say one thing. `label` are the tokens that name it, `key` the words of its
    key; `is_keyed` for a `key: value` of a machine; `is_cell` for a cell of a table."""

    tokens: tuple[Token, ...]
    label: tuple[Token, ...] = ()
    key: tuple[Token, ...] = ()
    is_keyed: bool = False
    is_cell: bool = False
    column: str = ""
    """The heading of a cell's column, in lower case, where it is known."""
    is_bad: bool = False
    """Whether a cross or a warning sign stands before it."""
    unit: Unit | None = None
    """The unit of its numbers, where the key (`latency_ms`) or a comment (`# 500ms`) has it."""


def statements(text: str, columns: Sequence[str] = ()) -> list[Statement]:
    """The statements of a cleaned text; each token keeps its place in it. `columns` are the
    headings of the table that a row is of."""
    bare = text.strip()
    if bare.startswith("|") and bare.count("|") >= 2:
        return _row(text, columns)
    match = _KEY.match(text)
    if match is None and not _HAS_DIGIT.search(text) and not _HAS_NUMBER_WORD.search(text):
        return []  # a sentence that can hold no limit
    is_said = match is not None and match["key"] in _SAID_BY_KEY
    if match is not None and not is_said and _is_key(match["key"], text[match.end() :]):
        return [_pair(text, match)]
    start = _lead(text if match is None or not is_said else " " * match.end() + text[match.end() :])
    is_bad = bool(set(text[:start]) & _CROSSES)
    made: list[Statement] = []
    held: tuple[Token, ...] = ()
    for first, last in _sentences(text, start):
        statement = _sentence(text, first, last, is_bad)
        if (
            not statement.label
            and made
            and statement.tokens[:1]
            and (statement.tokens[0].kind == "n" and ";" in text[max(0, first - 3) : first])
        ):
            statement = replace(statement, label=made[-1].label)  # `RPO: 15 min; 24 h (blobs)`
        elif not statement.label and held:
            statement = replace(statement, label=held)
        elif {token.low for token in statement.label} & _TOLD:
            held = statement.label
        made.append(statement)
    return made


def _lead(text: str) -> int:
    """Where the text begins, without ids, ticks and list signs."""
    at = 0
    while True:
        match = _LEADING.match(text[at : at + 400])
        moved = at + (match.end() if match else 0)
        while moved < len(text) and (text[moved] in _TICKS or text[moved] in "\ufe0f"):
            moved += 1
        if moved == at:
            return at
        at = moved


def _sentences(text: str, start: int) -> list[tuple[int, int]]:
    parts = []
    first = start
    for match in _SENTENCE_END.finditer(text, start) if _MAY_END.search(text, start) else ():
        if _ABBREVIATION.search(text[max(first, match.start() - 8) : match.start()]):
            continue
        parts.append((first, match.start()))
        first = match.end()
    parts.append((first, len(text)))
    return [(a, b) for a, b in parts if b > a]


def _sentence(text: str, first: int, last: int, is_bad: bool) -> Statement:
    found = tokens(text, first, last)
    label = _label(found)
    if label:
        names = tuple(found[:label])
        return Statement(
            tuple(found[label + 1 :]), names, is_bad=is_bad, unit=_unit_of_label(names)
        )
    return Statement(tuple(found), is_bad=is_bad)


def _label(found: Sequence[Token]) -> int:
    """How many tokens stand before the colon that ends the label; 0 where there is none."""
    depth = 0
    for at, token in enumerate(found[: _LONGEST_LABEL + 6]):
        if token.low in "([":
            depth += 1
        elif token.low in ")]":
            depth -= 1
        elif token.low == ":" and not depth:
            following = found[at + 1] if at + 1 < len(found) else None
            if following is not None and following.start == token.end and following.kind == "n":
                return 0  # 4.5:1
            length = sum(t.kind == "w" for t in found[:at])
            if found[at - 1].low in ("than", "least", "most"):
                return 0  # `More than: 2 s`
            return at if 0 < length <= _LONGEST_LABEL else 0
        elif (token.kind == "n" and not depth) or token.low in (
            "<",
            ">",
            "≤",
            "≥",
            "<=",
            ">=",
            ",",
            ";",
        ):
            return 0
    return 0


# --- rows of tables ------------------------------------------------------------------------


def _row(text: str, columns: Sequence[str]) -> list[Statement]:
    cells: list[tuple[Token, ...]] = []
    at = text.index("|") + 1
    while at < len(text):
        end = text.find("|", at)
        end = len(text) if end < 0 else end
        cells.append(tuple(tokens(text, at, end)))
        at = end + 1
    if cells and not cells[-1]:
        cells.pop()  # what stands behind the last bar
    heads = columns if len(columns) == len(cells) else [""] * len(cells)
    filled = [(cell, head.lower()) for cell, head in zip(cells, heads, strict=True) if cell]
    if not filled:
        return []
    label: list[Token] = []
    values: list[tuple[tuple[Token, ...], str]] = []
    for n, (cell, head) in enumerate(filled):
        is_name = not _has_number(cell) and len(cell) <= 14
        if n == 0 or (not values and is_name and n < 3):
            label.extend(cell)
        else:
            values.append((cell, head))
    made = [_cell(cell, tuple(label), head) for cell, head in values]
    first = filled[0][0]
    if _has_number(first):
        own = Statement(first, is_cell=True, column=filled[0][1])
        made = [own] if first[0].kind == "m" else [*made, own]
    return made


def _has_number(cell: Sequence[Token]) -> bool:
    return any(token.kind == "n" for token in cell) or (
        bool(cell) and cell[0].low in ("zero", "no", "none")
    )


def _cell(cell: tuple[Token, ...], names: tuple[Token, ...], column: str) -> Statement:
    """A cell; one that holds a sentence is named by its own label."""
    at = _label(cell) if len(cell) > 12 else 0
    if at:
        return Statement(cell[at + 1 :], cell[:at], is_cell=True, column=column)
    return Statement(cell, names, is_cell=True, column=column)


# --- keys and their values -----------------------------------------------------------------


def _is_key(key: str, value: str) -> bool:
    """Whether a machine's key, not the label of a sentence, stands before the colon."""
    if key in ("expr", "condition", "when", "if", "query"):
        return True
    if "_" in key or re.search("[a-z][A-Z]", key) or "." in key.strip("."):
        return True
    return key.islower() and len(value.split()) <= 4 and any(c.isdigit() for c in value)


def _pair(text: str, match: re.Match[str]) -> Statement:
    end = len(text)
    comment = _COMMENT.search(text, match.end())
    unit = _unit_of_key(words_of(match["key"]))
    if comment is not None:
        end = comment.start()
        unit = unit or _unit_of_comment(tokens(text, match.end(), end), tokens(text, end))
    value = tokens(text, match.end(), end)
    while value and value[0].low in "\"'":
        value = value[1:]
    while value and value[-1].low in "\"',":
        value = value[:-1]
    key = [Token("w", word, word, *match.span("key")) for word in words_of(match["key"])]
    return Statement(tuple(value), key=tuple(key), is_keyed=True, unit=unit)


def _unit_of_label(names: Sequence[Token]) -> Unit | None:
    """`Requests/Second: > 100`."""
    if len(names) < 3 or names[-2].low not in ("/", "per"):
        return None
    time = TIMES.get(names[-1].low)
    return None if time is None else Unit("rate", "1/s", 1 / time.factor)


def _unit_of_key(words: Sequence[str]) -> Unit | None:
    last = words[-1] if words else ""
    if len(words) < 2 or last in ("m", "b", "d", "h"):
        return None
    return TIMES.get(last) or BYTES.get(last) or PERCENT.get(last)


def _unit_of_comment(value: Sequence[Token], comment: Sequence[Token]) -> Unit | None:
    """`500, // 500ms max`: the comment tells the unit where it tells the same number."""
    plain = [a for a in amounts(value) if a.dimension == "count"]
    bare = [token for token in comment if token.low not in ("#", "/")]
    unit, end = unit_at(bare, 0)
    if len(plain) == 1 and unit is not None and end == len(bare):
        return unit  # `500  # MB`
    for told in amounts(comment):
        number = comment[told.first]
        written = exact(number.text)
        for value_of in plain:
            if told.dimension in ("time", "bytes", "percent") and written == value_of.value:
                return Unit(told.dimension, told.unit, told.value / written)
            if told.dimension == "time" and value_of.value / 1000 == told.value:
                return TIMES["ms"]  # `2500, // 2.5 seconds`
    return None


def is_verdict(cell: Sequence[Token]) -> bool:
    """Whether a cell tells how a measurement went (`✅`, `PASS`), so that one stands beside it."""
    words = [token.low for token in cell if token.kind == "w"]
    ticks = any(token.text in _TICKS for token in cell)
    return (ticks and len(words) <= 3) or (bool(words) and set(words) <= _STATUS_WORDS)


def is_bad_verdict(cell: Sequence[Token]) -> bool:
    words_of_it = {token.low for token in cell}
    return any(token.text in _CROSSES for token in cell) or bool(words_of_it & _BAD_WORDS)
