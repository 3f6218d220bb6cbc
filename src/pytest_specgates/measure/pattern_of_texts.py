"""Texts as a regular expression of how JSON writes them between its quotes, without escapes.

What a schema asks of a text (`pattern`, `format`, the length) is translated where it is simple.
The result may miss texts, and matches none that is not allowed; and it never tries one text in
many ways, whoever wrote the schema.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any, NamedTuple

_ANY = r'[^"\\\x00-\x1f]'
_ESCAPES = rf'{_ANY}*(?:\\(?:["\\/bfnrt]|u(?![dD][89a-fA-F])[0-9a-fA-F]{{4}}){_ANY}*)*'
_LONGEST = 1_000_000

_DATE = (
    "[1-9][0-9]{3}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|"
    "(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))"
)
_TIME = (
    r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]{1,9})?"
    "(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])"
)
_LABEL = "[A-Za-z][A-Za-z0-9]{0,29}(?:-[A-Za-z0-9]{1,30})?"
_HOST = rf"{_LABEL}(?:\.{_LABEL}){{0,2}}"
_OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
FORMATS = {
    "date": _DATE,
    "date-time": f"{_DATE}T{_TIME}",
    "email": rf"[A-Za-z0-9_+-]{{1,16}}(?:\.[A-Za-z0-9_+-]{{1,16}}){{0,2}}@{_HOST}",
    "hostname": _HOST,
    "ipv4": rf"{_OCTET}(?:\.{_OCTET}){{3}}",
    "time": _TIME,
    "uri": rf"https?://{_HOST}(?::[1-9][0-9]{{0,3}})?(?:/[A-Za-z0-9._~-]*)*(?:\?[A-Za-z0-9._~=&-]*)?",
    "uuid": "[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}",
}
"""Only what every reader of the standard takes for one."""


def text(schema: Mapping[str, Any]) -> str | None:
    """Texts, in their quotes, that a schema allows; None for what is not simple."""
    parts: list[str | None] = []
    if "pattern" in schema:
        parts.append(of_ecma(schema["pattern"]))
    if "format" in schema:
        parts.append(FORMATS.get(str(schema["format"])))
    least, most = schema.get("minLength", 0), schema.get("maxLength")
    if not _is_count(least) or not (most is None or _is_count(most)):
        return None
    if least or most is not None:
        parts.append(f"{_ANY}{{{least},{'' if most is None else min(most, _LONGEST)}}}")
    if least > _LONGEST or (most is not None and most < least):
        return None
    if not parts:
        return f'"{_ESCAPES}"'
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        return None
    return '"' + "".join(f'(?={part}")' for part in known[1:]) + f'{known[0]}"'


def literal(value: str) -> str | None:
    """One text, in its quotes; None for one that has to be escaped, or may be."""
    return f'"{re.escape(value)}"' if re.fullmatch(f"{_ANY}*", value) else None


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


# --- the regular expressions of schemas -----------------------------------------------------

_WORD = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")
_DIGITS = frozenset("0123456789")
_PLAIN = frozenset(map(chr, range(0x20, 0x7F))) - frozenset('"\\')
"""What stands in JSON as it is, of ASCII: of more is not asked."""
_CLASSES = {"d": _DIGITS, "w": _WORD, "D": _PLAIN - _DIGITS, "W": _PLAIN - _WORD}
_SPECIAL = frozenset("^$.*+?()[]{}|\\/")
_MANY = 500


class _Atom(NamedTuple):
    """A character of a set, so many times; or, once, one of several texts."""

    chars: frozenset[str]
    least: int = 1
    most: int | None = 1
    several: tuple[str, ...] = ()
    """What the texts are; `chars` is what they begin with."""

    @property
    def is_open(self) -> bool:
        return self.least != self.most


_REST = _Atom(frozenset())
"""Whatever a text goes on with."""


class _NotSimpleError(Exception):
    """It has what is not translated."""


def of_ecma(pattern: object) -> str | None:
    """What an expression of ECMA-262 finds in a text, for one that is bound to its begin; None for
    one that is not simple."""
    if not isinstance(pattern, str) or not pattern.startswith("^") or len(pattern) > _MANY:
        return None
    try:
        atoms, rest = _sequence(pattern[1:])
        if rest not in ("", "$"):
            return None
        if not rest:
            atoms = [*_shortest_end(atoms), _REST]
        _check_one_way(atoms)
    except _NotSimpleError:
        return None
    return "".join(_written(atom) for atom in atoms)


def _sequence(pattern: str) -> tuple[list[_Atom], str]:
    """The atoms at the begin of an expression, and what is behind them."""
    atoms: list[_Atom] = []
    while pattern and pattern[0] not in "$|)":
        if pattern[0] == "(":
            atom, pattern = _group(pattern)
        else:
            chars, pattern = _one(pattern)
            if not chars:
                raise _NotSimpleError
            least, most, pattern = _times(pattern)
            atom = _Atom(chars, least, most)
        atoms.append(atom)
    return atoms, pattern


def _group(pattern: str) -> tuple[_Atom, str]:
    """`(a|b)` of plain texts, once; none begins with another, so that only one can match."""
    found = _GROUP.match(pattern)
    several = tuple(sorted(found[1].split("|"))) if found else ()
    if found is None or any(b.startswith(a) for a, b in pairwise(several)):
        raise _NotSimpleError
    return _Atom(frozenset(one[0] for one in several), several=several), pattern[found.end() :]


_WORDS = "[A-Za-z0-9_ :@#%&=~,;!-]+"
_GROUP = re.compile(rf"\((?:\?:)?({_WORDS}(?:\|{_WORDS})*)\)(?![*+?{{])")


def _one(pattern: str) -> tuple[frozenset[str], str]:
    """The characters that the first sign of an expression stands for."""
    if pattern[0] == "[":
        return _class(pattern[1:])
    if pattern[0] == ".":
        return _PLAIN, pattern[1:]
    if pattern[0] == "\\":
        return _escaped(pattern[1:])
    if pattern[0] in _SPECIAL and pattern[0] != "/":
        raise _NotSimpleError
    return frozenset(pattern[0]) & _PLAIN, pattern[1:]


def _escaped(pattern: str) -> tuple[frozenset[str], str]:
    first, rest = pattern[:1], pattern[1:]
    if first in _CLASSES:
        return _CLASSES[first], rest
    if first in _SPECIAL or first == "-":
        return frozenset(first) & _PLAIN, rest
    raise _NotSimpleError


def _class(pattern: str) -> tuple[frozenset[str], str]:
    is_negated = pattern.startswith("^")
    left = pattern[is_negated:]
    if left.startswith("]"):  # engines differ
        raise _NotSimpleError
    found: frozenset[str] = frozenset()
    while left and left[0] != "]":
        if left[0] == "[" or left[:2] in ("&&", "--", "~~"):
            raise _NotSimpleError
        chars, rest = _escaped(left[1:]) if left[0] == "\\" else (frozenset(left[0]), left[1:])
        if rest[:1] == "-" and rest[1:2] not in ("", "]"):
            until, rest = rest[1], rest[2:]
            if left[0] == "\\" or until in "\\[":
                raise _NotSimpleError
            chars = frozenset(map(chr, range(ord(left[0]), min(ord(until), 0x7E) + 1)))
        found |= chars
        left = rest
    if not left:
        raise _NotSimpleError
    return (_PLAIN - found if is_negated else found & _PLAIN), left[1:]


def _times(pattern: str) -> tuple[int, int | None, str]:
    """How often, by what stands behind a sign, and what is behind that."""
    found = re.match(r"(?:([*+?])|\{([0-9]{1,4})(?:(,)([0-9]{0,4}))?\})(?![*+?{])", pattern)
    if found is None:
        if pattern[:1] in ("*", "+", "?", "{"):
            raise _NotSimpleError
        return 1, 1, pattern
    sign, least, comma, most = found.groups()
    rest = pattern[found.end() :]
    if sign:
        return int(sign == "+"), 1 if sign == "?" else None, rest
    if not comma:
        return int(least), int(least), rest
    return int(least), int(most) if most else None, rest


def _shortest_end(atoms: list[_Atom]) -> list[_Atom]:
    """What has to stand at the begin of a text that goes on: of the last signs, the fewest."""
    made = list(atoms)
    for place in range(len(made) - 1, -1, -1):
        if not made[place].is_open:
            break
        made[place] = made[place]._replace(most=made[place].least)
    return made


def _check_one_way(atoms: list[_Atom]) -> None:
    """Raises where a text may match in several ways, all of which would be tried."""
    for number, atom in enumerate(atoms):
        if not atom.is_open:
            continue
        for after in atoms[number + 1 :]:
            if after is _REST or atom.chars & after.chars:
                raise _NotSimpleError
            if after.least:
                break


def _written(atom: _Atom) -> str:
    if atom.several:
        return f"(?:{'|'.join(map(re.escape, atom.several))})"
    if atom is _REST:
        return f"{_ANY}*"
    one = _set(atom.chars)
    if (atom.least, atom.most) == (1, 1):
        return one
    if atom.least == atom.most:
        return f"{one}{{{atom.least}}}"
    return f"{one}{{{atom.least},{'' if atom.most is None else atom.most}}}"


def _set(chars: frozenset[str]) -> str:
    if len(chars) == 1:
        return re.escape(next(iter(chars)))
    return f"[{''.join(_ranges(sorted(map(ord, chars))))}]"


def _ranges(codes: list[int]) -> Iterator[str]:
    start = last = codes[0]
    for code in [*codes[1:], 0]:
        if code == last + 1:
            last = code
            continue
        yield rf"\x{start:02x}" if start == last else rf"\x{start:02x}-\x{last:02x}"
        start = last = code
