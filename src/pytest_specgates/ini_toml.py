"""INI and TOML, read within bounds: below the rooms, since two of them read both."""

from __future__ import annotations

import re
import sys
from configparser import ConfigParser
from typing import Any

_MUCH_SPACE = re.compile(r"[^\S\n]{100,}")
"""What the parser of the standard library needs a time for that grows with the square of it."""
_DOTTED = re.compile(r"[\w.-]+")
_DEEPEST = 100


def read_ini(text: str, parser: ConfigParser) -> ConfigParser:
    """The parser with the text read. Raises configparser.Error."""
    parser.read_string(_MUCH_SPACE.sub(" " * 100, text.removeprefix("\ufeff")))
    return parser


def read_toml(text: str) -> dict[str, Any]:
    """Raises ValueError for what is no TOML, or is nested more than a hundred deep."""
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    if any(run.count(".") > _DEEPEST for run in _DOTTED.findall(text)):
        raise ValueError(f"a key of more than {_DEEPEST} parts")
    try:
        data: dict[str, Any] = tomllib.loads(text.removeprefix("\ufeff"))
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    level: list[Any] = [data]
    for _ in range(_DEEPEST):
        level = [inner for one in level if isinstance(one, (dict, list)) for inner in _inside(one)]
        if not level:
            return data
    raise ValueError(f"nested more than {_DEEPEST} deep")


def _inside(one: dict[str, Any] | list[Any]) -> list[Any]:
    return list(one.values()) if isinstance(one, dict) else one
