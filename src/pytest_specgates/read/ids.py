"""Ids made from texts: ASCII, stable under reordering, free of what node ids split on."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

_WORDS = (
    (">=", " at least "),
    ("<=", " at most "),
    ("≥", " at least "),
    ("≤", " at most "),
    (">", " over "),
    ("<", " under "),
    ("==", " is "),
    ("%", " percent "),
)
_LONGEST = 60
VALID_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def slug(text: str) -> str:
    for sign, word in _WORDS:
        text = text.replace(sign, word)
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9_]+", ascii_text.lower())
    made = ""
    for word in words:
        longer = f"{made}-{word}" if made else word
        if len(longer) > _LONGEST and made:
            break
        made = longer[:_LONGEST]
    # An id begins with a letter or digit.
    return made.lstrip("_-") or f"criterion-{digest(text)}"


def digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:6]


def unique_ids(entries: Sequence[tuple[str, str, str]]) -> list[str]:
    """One id for each (phase, id wanted, source text).

    Two texts that make the same id both get a piece of their digest, so that neither
    depends on the order; the same text twice in one phase is numbered.
    """
    wanted = Counter((phase, name) for phase, name, _ in entries)
    used: Counter[tuple[str, str]] = Counter()
    ids = []
    for phase, name, source in entries:
        made = name if wanted[phase, name] == 1 else f"{name}-{digest(source)}"
        used[phase, made] += 1
        ids.append(made if used[phase, made] == 1 else f"{made}-{used[phase, made]}")
    return ids


def phase_id(key: str) -> str:
    return key if VALID_ID.fullmatch(key) else slug(key)
