"""Paths that specs name: within the root, by glob, in a stable order."""

from __future__ import annotations

import fnmatch
import os
import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from ..errors import ProbeError

_MAGIC = re.compile(r"[*?\[]")
_UNSEEN = frozenset((".git", "__pycache__", ".tox", ".nox", "node_modules", ".venv"))


@lru_cache(maxsize=4096)
def inside(root: Path, text: str) -> str:
    """The path or pattern as POSIX text relative to the root. Raises ProbeError outside it."""
    if "\0" in text:
        raise ProbeError(f"{text!r} is no path: no name holds the character U+0000")
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
    """The files (POSIX, relative, sorted) that a path, a folder or a glob names.

    Only regular files: a pipe or a device could be read for ever. Raises ProbeError for what
    leads out of the root, and for a path that cannot be looked at.
    """
    text = inside(root, pattern)
    if not _MAGIC.search(text):
        path = root / text
        try:
            if path.is_file():
                return [text.rstrip("/")]
            return sorted(_walk(root, text.rstrip("/"))) if path.is_dir() else []
        except OSError as error:  # a name that is too long, a folder that may not be entered
            raise ProbeError(f'"{text[:200]}" cannot be read: {error.strerror}') from error
    folder = "/".join(part for part in text.split("/")[:-1] if part)
    while _MAGIC.search(folder):
        folder = folder.rpartition("/")[0]
    wanted = glob(text)
    return sorted(name for name in _walk(root, folder) if wanted.matches(name))


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


class Glob(NamedTuple):
    """A glob: a star (or ""), and what follows it up to the next star, again and again."""

    parts: tuple[tuple[str, re.Pattern[str]], ...]

    def matches(self, path: str) -> bool:
        # One regular expression for all would try the stars in all ways together: with many of
        # them it never ends. Here each part is tried once at each place.
        places: Iterable[int] = (0,)
        for star, fixed in self.parts:
            found = (fixed.match(path, place) for place in _reached(star, path, places))
            places = sorted({match.end() for match in found if match})
            if not places:
                return False
        return len(path) in places


def _reached(star: str, path: str, places: Iterable[int]) -> Iterable[int]:
    """Where a star may end that begins at one of these places, the first of them first."""
    first, end = next(iter(places)), len(path)
    if star == "**":
        return range(first, end + 1)
    if star == "**/":
        folders = (at + 1 for at in range(first, end) if path[at] == "/")
        return {*places, *folders}
    if star == "*":
        reached: set[int] = set()
        for place in places:
            if place not in reached:
                slash = path.find("/", place)
                reached.update(range(place, (end if slash < 0 else slash) + 1))
        return reached
    return places


_STAR = re.compile(r"\*\*/|\*\*|\*")


@lru_cache(maxsize=512)
def glob(pattern: str) -> Glob:
    """A glob, compiled: `*` within a name, `**` across folders."""
    if pattern.endswith("/"):
        pattern += "**"
    parts: list[tuple[str, re.Pattern[str]]] = []
    star, made = "", ""
    position = 0
    while position < len(pattern):
        found = _STAR.match(pattern, position)
        if found is not None:
            parts.append((star, re.compile(made)))
            star, made = found[0], ""
            position = found.end()
        elif pattern[position] == "?":
            made += "[^/]"
            position += 1
        elif pattern[position] == "[" and "]" in pattern[position + 1 :]:
            end = pattern.index("]", position + 1)
            made += fnmatch.translate(pattern[position : end + 1])[4:-3]
            position = end + 1
        else:
            made += re.escape(pattern[position])
            position += 1
    return Glob((*parts, (star, re.compile(made))))


def covers(pattern: str, path: str) -> bool:
    """Whether a path (a file) is what a path, a folder or a glob names."""
    pattern = pattern.removeprefix("./")
    if _MAGIC.search(pattern):
        return glob(pattern).matches(path)
    folder = pattern.rstrip("/")
    return folder in (".", path) or path.startswith(folder + "/")


def is_pattern(text: str) -> bool:
    return _MAGIC.search(text) is not None
