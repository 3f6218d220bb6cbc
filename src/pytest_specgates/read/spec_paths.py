"""Which files are specs, by their names."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable

from .bindings_file import NAMES as BINDINGS_NAMES
from .waivers_file import NAMES as WAIVERS_NAMES

SPEC_ENDINGS = (".spec.yaml", ".spec.yml")
OTHER_ENDINGS = (
    *(".md", ".markdown", ".yaml", ".yml", ".json"),
    *(".js", ".mjs", ".cjs", ".ts", ".mts"),  # scripts of k6: read, never run
)
"""Files that may hold specs if they are named one by one."""
BESIDE = (*BINDINGS_NAMES, *WAIVERS_NAMES)
"""The files of the whole project, which lie in the configured folders themselves."""


def may_be_spec(path: str) -> bool:
    """Whether a file that is named may hold specs."""
    name = posixpath.basename(path)
    return name.lower().endswith(OTHER_ENDINGS) and name not in BESIDE


def among(names: Iterable[str], spec_paths: Iterable[str]) -> tuple[list[str], list[str]]:
    """The specs among file names (POSIX, relative to the root) under the configured paths, in
    a stable order, and the bindings and waivers files beside them."""
    known = sorted(names)
    there = frozenset(known)
    specs: list[str] = []
    beside: list[str] = []
    for text in spec_paths:
        path = posixpath.normpath(text)
        if path in there:
            (beside if posixpath.basename(path) in BESIDE else specs).append(path)
            continue
        folder = "" if path == "." else f"{path}/"
        specs.extend(n for n in known if n.startswith(folder) and n.endswith(SPEC_ENDINGS))
        beside.extend(folder + name for name in BESIDE if folder + name in there)
    return list(dict.fromkeys(specs)), list(dict.fromkeys(beside))
