"""Paths that specs name: within the root, by glob, in a stable order."""

from __future__ import annotations

import fnmatch
import os
import re
from functools import lru_cache
from pathlib import Path

from ..errors import ProbeError

_MAGIC = re.compile(r"[*?\[]")
_UNSEEN = frozenset((".git", "__pycache__", ".tox", ".nox", "node_modules", ".venv"))


@lru_cache(maxsize=4096)
def inside(root: Path, text: str) -> str:
    """The path or pattern as POSIX text relative to the root. Raises ProbeError outside it."""
    posix = text.replace(os.sep, "/").strip()
    if posix.startswith(("/", "~")) or re.match(r"[A-Za-z]:", posix):
        raise ProbeError(f'"{text}" is not a path within the root: paths are relative to it')
    parts: list[str] = []
    for part in posix.split("/"):
        if part == "..":
            if not parts:
                raise ProbeError(f'"{text}" leads out of the root')
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    clean = "/".join(parts) or "."
    fixed = clean.split("*")[0] if _MAGIC.search(clean) else clean
    if _leads_out(root, os.path.join(root, fixed)):
        raise ProbeError(f'"{text}" leads out of the root, by a link')
    return clean + ("/" if posix.endswith("/") and clean != "." else "")


def matching(root: Path, pattern: str) -> list[str]:
    """The files (POSIX, relative, sorted) that a path, a folder or a glob names."""
    text = inside(root, pattern)
    if not _MAGIC.search(text):
        path = root / text
        if path.is_file():
            return [text.rstrip("/")]
        return sorted(_walk(root, text.rstrip("/"))) if path.is_dir() else []
    folder = "/".join(part for part in text.split("/")[:-1] if part)
    while _MAGIC.search(folder):
        folder = folder.rpartition("/")[0]
    wanted = as_regex(text)
    return sorted(name for name in _walk(root, folder) if wanted.fullmatch(name))


def _walk(root: Path, folder: str) -> list[str]:
    found = []
    for here, folders, files in os.walk(root / folder):
        folders[:] = sorted(name for name in folders if name not in _UNSEEN)
        relative = os.path.relpath(here, root).replace(os.sep, "/")
        prefix = "" if relative == "." else relative + "/"
        for name in files:
            path = os.path.join(here, name)
            linked_out = os.path.islink(path) and _leads_out(root, path)
            if os.path.isfile(path) and not linked_out:
                found.append(prefix + name)
    return found


def _leads_out(root: Path, path: str) -> bool:
    home, target = _home(root), os.path.realpath(path)
    return target != home and not target.startswith(home + os.sep)


@lru_cache(maxsize=8)
def _home(root: Path) -> str:
    return os.path.realpath(root)


@lru_cache(maxsize=512)
def as_regex(pattern: str) -> re.Pattern[str]:
    """A glob as a regular expression: `*` within a name, `**` across folders."""
    if pattern.endswith("/"):
        pattern += "**"
    made = []
    position = 0
    while position < len(pattern):
        if pattern.startswith("**/", position):
            made.append("(?:.*/)?")
            position += 3
        elif pattern.startswith("**", position):
            made.append(".*")
            position += 2
        elif pattern[position] == "*":
            made.append("[^/]*")
            position += 1
        elif pattern[position] == "?":
            made.append("[^/]")
            position += 1
        elif pattern[position] == "[" and "]" in pattern[position + 1 :]:
            end = pattern.index("]", position + 1)
            made.append(fnmatch.translate(pattern[position : end + 1])[4:-3])
            position = end + 1
        else:
            made.append(re.escape(pattern[position]))
            position += 1
    return re.compile("".join(made))


def covers(pattern: str, path: str) -> bool:
    """Whether a path (a file) is what a path, a folder or a glob names."""
    pattern = pattern.removeprefix("./")
    if _MAGIC.search(pattern):
        return as_regex(pattern).fullmatch(path) is not None
    folder = pattern.rstrip("/")
    return folder in (".", path) or path.startswith(folder + "/")


def is_pattern(text: str) -> bool:
    return _MAGIC.search(text) is not None
