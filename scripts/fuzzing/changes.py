"""Changes of a text: cut, mixed, spoilt."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from .corpus import Corpus

_SIGNS = """
: |- |> |? |* |& |! |!!int |!!binary |% |@ |` |" |' |{ |} |[ |] |, |#| # |---|...|<<: |"\\
''|~|null|.inf|.nan|true|0o7|0xF|&a |*a|- - - |? ? |: : |>-|\\|+9|%YAML 1.1|{{|}}|{name}|${x}
# |## Acceptance criteria|### Requirement: x|- [ ] |- [x] |1. |* |+ |> |```|```yaml|~~~|**|__
[x](y)|<!--|-->|<br>|\\|\\|---\\||\\|a\\|b\\|\\||===|[^1]|***|`a`|&nbsp;|$ref|#/|\\u0000|\\ud800
>= |<= |!= |== |< |> |% |ms|p95|p(95)<200|/s|at least |under |no more than |except |unless |and
or |per file|99.9%|200 ms|1,000|1.000,5|10k|5 to 10|within 3 days|- bind: |of: |must: |gates:
spec: x|workflow: x|params: |level: should|waivers:|bindings:|when: |not |never |every |ratio
"""
_NUMBERS = """
1e999 -1e999 1e-999 1e400 NaN nan Infinity -Infinity .nan -.inf 0 -0 00 1_000 0x 0xFF 0b1 1.2.3
1e 1e+ .5 5. 1/0 1/3 99999999999999999999999999 1e99 1e40 1e308 -1 +1 1,5 1'000 ½ ² Ⅷ 一 ٣ ३
\U0001d7d7 \uff11
"""
_CHARACTERS = (
    *"\0\x01\x07\x08\t\n\r\x0b\x0c\x1b\x1c\x1f\x7f\x85\xa0\xad",
    *"\u200b\u200d\u202e\u2028\u2029\ufeff\ufffe\uffff\ufffd\ud800\udfff\udc80",
    *"é√≥≤×µ–—“”’…İıßſK\u0301\U0001f600\U0001d7d7\U0010ffff٣३１½²",  # noqa: RUF001  # look-alikes on purpose
)
_DIGITS = ("٠١٢٣٤٥٦٧٨٩", "０１２３４５６７８９", "⁰¹²³⁴⁵⁶⁷⁸⁹", "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗")  # noqa: RUF001  # look-alikes on purpose
_NESTS = ("[]", "{}", "()", '""', "''", "``", "**", "<>", ("- ", ""), ("{a: ", "}"), ("> ", ""))
_NESTS_MORE = (('{"a":', "}"), ('[{"$ref":"#"},', "]"), ("a.", ""), ("? ", ""), ("(a ", ")"))
PIECES = tuple(
    sign.replace("\0", "|")
    for line in _SIGNS.strip("\n").splitlines()
    for sign in line.replace("\\|", "\0").split("|")
    if sign
)
NUMBERS = tuple(_NUMBERS.split())
Change = Callable[[random.Random, str, Corpus], str]


def _span(rng: random.Random, text: str, most: int = 80) -> tuple[int, int]:
    start = rng.randrange(len(text) + 1)
    return start, min(len(text), start + rng.randrange(most))


def _delete(rng: random.Random, text: str, _: Corpus) -> str:
    start, end = _span(rng, text)
    return text[:start] + text[end:]


def _duplicate(rng: random.Random, text: str, _: Corpus) -> str:
    start, end = _span(rng, text)
    return text[:end] + text[start:end] * rng.choice((1, 1, 1, 2, 5)) + text[end:]


def _move(rng: random.Random, text: str, _: Corpus) -> str:
    start, end = _span(rng, text)
    rest = text[:start] + text[end:]
    at = rng.randrange(len(rest) + 1)
    return rest[:at] + text[start:end] + rest[at:]


def _lines(rng: random.Random, text: str, _: Corpus) -> str:
    """A line is deleted, doubled, or changes its place with another."""
    lines = text.split("\n")
    one, two = rng.randrange(len(lines)), rng.randrange(len(lines))
    how = rng.randrange(4)
    if how == 0:
        del lines[one]
    elif how == 1:
        lines.insert(two, lines[one])
    elif how == 2:
        lines[one], lines[two] = lines[two], lines[one]
    else:
        lines[one] += lines[two].lstrip()
    return "\n".join(lines)


def _splice(rng: random.Random, text: str, given: Corpus) -> str:
    """A piece of another text stands in this one."""
    other = rng.choice(rng.choice((given.specs, given.data)))[1]
    start, end = _span(rng, other, 200)
    at, until = _span(rng, text)
    return text[:at] + other[start:end] + text[rng.choice((at, until)) :]


def _prose(rng: random.Random, text: str, given: Corpus) -> str:
    at, until = _span(rng, text, 30)
    return text[:at] + rng.choice(given.lines)[:120] + text[rng.choice((at, until)) :]


def _flip(rng: random.Random, text: str, _: Corpus) -> str:
    if not text:
        return text
    at = rng.randrange(len(text))
    return text[:at] + chr(ord(text[at]) ^ (1 << rng.randrange(8))) + text[at + 1 :]


def _piece(rng: random.Random, text: str, _: Corpus) -> str:
    at, until = _span(rng, text, 6)
    return text[:at] + rng.choice(PIECES) + text[rng.choice((at, until)) :]


def _at_line(rng: random.Random, text: str, _: Corpus) -> str:
    """A sign stands where a line begins or ends."""
    lines = text.split("\n")
    at, piece = rng.randrange(len(lines)), rng.choice(PIECES)
    inner = lines[at].lstrip()
    indent = lines[at][: len(lines[at]) - len(inner)]
    lines[at] = lines[at] + piece if rng.random() < 0.3 else indent + piece + inner
    return "\n".join(lines)


def _character(rng: random.Random, text: str, _: Corpus) -> str:
    at, until = _span(rng, text, 3)
    put: str = rng.choice(_CHARACTERS)
    return text[:at] + put + text[rng.choice((at, until)) :]


def _number(rng: random.Random, text: str, _: Corpus) -> str:
    found = list(re.finditer(r"[0-9][0-9.,]*", text))
    at, until = rng.choice(found).span() if found else _span(rng, text, 2)
    return text[:at] + rng.choice(NUMBERS) + text[until:]


def _digits(rng: random.Random, text: str, _: Corpus) -> str:
    table: dict[int, int] = str.maketrans("0123456789", rng.choice(_DIGITS))
    return text.translate(table)


def _case(rng: random.Random, text: str, _: Corpus) -> str:
    start, end = _span(rng, text)
    changed = rng.choice((str.upper, str.lower, str.title, str.swapcase))(text[start:end])
    return text[:start] + changed + text[end:]


def _long(rng: random.Random, text: str, _: Corpus) -> str:
    """A long run of a character, of a sign, or of a piece of the text."""
    start, end = _span(rng, text, 10)
    unit = rng.choice((text[start:end], rng.choice(PIECES), rng.choice(_CHARACTERS), " ", "9", "a"))
    size = rng.choice((50, 300, 300, 1000, 1000, 3000))
    if rng.random() < 0.01:
        size = 30_000
    return text[:start] + unit * (size // max(1, len(unit))) + text[end:]


def _deep(rng: random.Random, text: str, _: Corpus) -> str:
    nest = rng.choice((*_NESTS, *_NESTS_MORE))
    opening, closing = nest[0], nest[1]
    depth = rng.choice((3, 20, 49, 52, 120, 400, 1100))
    if rng.random() < 0.02:
        depth = 20_000
    start, end = _span(rng, text)
    closed = closing * (depth if rng.random() < 0.7 else depth // 2)
    return text[:start] + opening * depth + text[start:end] + closed + text[end:]


def _aliases(rng: random.Random, text: str, _: Corpus) -> str:
    """An anchor, aliases of it, and now and then aliases of aliases."""
    at = rng.randrange(len(text) + 1)
    if rng.random() < 0.5:
        return text[:at] + rng.choice(("&a ", "*a", "&a *a", " *a : ", "\n- *a\n")) + text[at:]
    rows = ["a0: &a0 [x, x, x, x, x, x]"]
    for n in range(1, rng.randrange(2, 9)):
        rows.append(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 6)}]")
    at = text.rfind("\n", 0, at) + 1
    return text[:at] + "\n".join(rows) + "\n" + text[at:]


def _indent(rng: random.Random, text: str, _: Corpus) -> str:
    lines = text.split("\n")
    first = rng.randrange(len(lines))
    by = rng.choice((" ", "  ", "    ", "\t", " " * 200, " " * 1500, "\xa0", "> ", "- "))
    for at in range(first, min(len(lines), first + rng.choice((1, 1, 3, 20)))):
        lines[at] = lines[at][1:] if rng.random() < 0.2 else by + lines[at]
    return "\n".join(lines)


def _breaks(rng: random.Random, text: str, _: Corpus) -> str:
    return text.replace("\n", rng.choice(("\r\n", "\r", "\x85", "\u2028", "\n\n", "\n\r", " ")))


CHANGES: tuple[Change, ...] = (
    *(_delete, _delete, _duplicate, _move, _lines, _lines, _lines, _splice, _splice, _prose),
    *(_flip, _flip, _piece, _piece, _piece, _piece, _at_line, _at_line, _at_line, _character),
    *(_character, _number, _number, _digits, _case, _long, _deep, _aliases, _indent, _breaks),
)


def changed(rng: random.Random, text: str, given: Corpus) -> str:
    """The text after one to five changes; a part of a long one."""
    if len(text) > 400:
        text = _part(rng, text)
    for _ in range(rng.choice((1, 1, 2, 2, 3, 5))):
        text = rng.choice(CHANGES)(rng, text, given)
    return text


def _part(rng: random.Random, text: str) -> str:
    """The first lines, which say what a text is, and some lines of the rest."""
    lines = text.split("\n")
    head = rng.randrange(0, 7)
    size = rng.choice((200, 400, 700, 1200, 1900))
    kept = lines[:head]
    start = rng.randrange(head, len(lines)) if head < len(lines) else head
    used = sum(map(len, kept))
    for line in lines[start:]:
        kept.append(line)
        used += len(line) + 1
        if used > size:
            break
    return "\n".join(kept)[: 2 * size]
