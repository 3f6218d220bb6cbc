"""`package.module:name`: what a spec can name of the project's code."""

from __future__ import annotations

import re

PATTERN = r"[A-Za-z_][\w.]*:[A-Za-z_][\w.]*"
_REFERENCE = re.compile(PATTERN)


def is_reference(text: str) -> bool:
    return _REFERENCE.fullmatch(text) is not None
