"""INI files, read in a time that grows with their size: below the rooms, since two read them."""

from __future__ import annotations

import re
from configparser import ConfigParser

_MUCH_SPACE = re.compile(r"[^\S\n]{100,}")
"""What the parser of the standard library needs a time for that grows with the square of it."""


def read_ini(text: str, parser: ConfigParser) -> ConfigParser:
    """The parser with the text read. Raises configparser.Error."""
    parser.read_string(_MUCH_SPACE.sub(" " * 100, text.removeprefix("\ufeff")))
    return parser
