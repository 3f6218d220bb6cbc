"""Which spec files a run collects, and whether it runs the whole suite."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..measure.paths import covers
from ..pipeline.suite import narrowed
from ..read.spec_paths import BESIDE, SPEC_ENDINGS, may_be_spec

_USUAL_TEST_FOLDERS = ("tests", "test", "testing")


@dataclass(frozen=True, slots=True)
class Selection:
    """Paths are POSIX, relative to the root. `collected` are the spec files of this run;
    `configured` those that workflows may come from; `roots` what tests are collected from;
    `left_out` the paths and globs that options take away from them ("**": nobody knows what);
    `narrowed` says why the tests are not the whole suite ("" if they are); `beside` are the
    bindings and waivers files of the project."""

    collected: tuple[str, ...]
    configured: tuple[str, ...]
    roots: tuple[str, ...]
    left_out: tuple[str, ...]
    narrowed: str
    named: bool
    beside: tuple[str, ...] = ()


def select(
    root: Path,
    invoked_in: Path,
    arguments: Sequence[str],
    testpaths: Sequence[str],
    left_out: Mapping[str, str],
    spec_paths: Sequence[str],
) -> Selection:
    """The selection for a command line: `arguments` are its paths and node ids, `left_out`
    maps options to what they leave out."""
    configured = find_specs(root, spec_paths)
    named: list[str] = []
    roots: list[str] = []
    for argument in arguments:
        path, separator, inner = argument.partition("::")
        absolute = (invoked_in / path).resolve()
        shown = relative(root, absolute)
        if path.endswith(SPEC_ENDINGS) or shown in configured or _is_markdown_file(absolute):
            named.append(shown)
        else:
            roots.append(shown + (f"::{inner}" if separator else ""))
    if not arguments:
        at_root = invoked_in.resolve() == root.resolve()
        found = [p for t in testpaths for p in _expand(root, t)] if at_root else []
        roots = found or [relative(root, invoked_in.resolve())]
    why = _narrowed(root, roots, testpaths)
    for folder in roots:
        inside = [spec for spec in configured if covers(folder, spec)]
        if why and folder != ".":
            named.extend(inside)
    collected = list(dict.fromkeys(named))
    if not collected and not why:
        collected = list(configured)
    if left_out and not why:
        why = f"{', '.join(left_out)} leaves tests out"
    return Selection(
        tuple(collected),
        tuple(configured),
        tuple(roots),
        tuple(left_out.values()),
        why,
        bool(named),
        tuple(find_beside(root, spec_paths)),
    )


def find_specs(root: Path, spec_paths: Iterable[str]) -> list[str]:
    """The spec files under the configured paths, in a stable order."""
    found: list[str] = []
    for text in spec_paths:
        path = root / text
        if path.is_dir():
            for here, folders, files in os.walk(path):
                folders.sort()
                found.extend(
                    relative(root, Path(here, name))
                    for name in sorted(files)
                    if name.endswith(SPEC_ENDINGS)
                )
        elif path.is_file() and may_be_spec(path.name):
            found.append(relative(root, path))
    return list(dict.fromkeys(found))


def find_beside(root: Path, spec_paths: Iterable[str]) -> list[str]:
    """The bindings and waivers files: in the configured folders themselves, not deeper."""
    found: list[str] = []
    for text in spec_paths:
        path = root / text
        files = [path / name for name in BESIDE] if path.is_dir() else [path]
        found.extend(relative(root, f) for f in files if f.name in BESIDE and f.is_file())
    return list(dict.fromkeys(found))


def relative(root: Path, path: Path) -> str:
    return os.path.relpath(path, root).replace(os.sep, "/")


def is_supported(path: Path) -> bool:
    """Whether a file may hold specs, bindings or waivers."""
    return path.name in BESIDE or may_be_spec(path.name)


def _is_markdown_file(path: Path) -> bool:
    return path.suffix.lower() in (".md", ".markdown") and path.is_file()


def _expand(root: Path, testpath: str) -> list[str]:
    if any(sign in testpath for sign in "*?["):
        return [relative(root, path) for path in sorted(root.glob(testpath))]
    return [relative(root, root / testpath)]


def whole_suite(root: Path, testpaths: Sequence[str]) -> list[str]:
    """The paths of all tests: the testpaths or, without any, the usual folder."""
    whole = [path for text in testpaths for path in _expand(root, text)]
    return whole or [n for n in _USUAL_TEST_FOLDERS if (root / n).is_dir()][:1] or ["."]


def _narrowed(root: Path, roots: Sequence[str], testpaths: Sequence[str]) -> str:
    if not roots:
        return "only specs were named"
    return narrowed(whole_suite(root, testpaths), roots)
