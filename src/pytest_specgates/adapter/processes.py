"""A pytest of its own, on this tree or on that of the base: its arguments and surroundings."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from ..measure import git


def command(config: pytest.Config, root: Path) -> list[str]:
    """pytest at a root, with the settings that the tree there has and the options of this run
    that are no part of what it measures."""
    made = [sys.executable, "-m", "pytest", "-q", "--no-header", "-p", "no:cacheprovider"]
    made += ["--rootdir", str(root)]
    if config.inipath is not None and config.inipath.is_relative_to(config.rootpath):
        own = root / config.inipath.relative_to(config.rootpath)
        if own.is_file():
            made += ["-c", str(own)]
    for override in config.option.override_ini or ():
        made += ["-o", override]
    for plugin in config.option.plugins or ():
        if plugin not in ("no:terminal", "no:cacheprovider", "no:cov", "no:specgates"):
            made += ["-p", plugin]
    return made


def environment(head: Path, root: Path) -> dict[str, str]:
    """This environment, in which the folders of the tree at `root` come before those of this
    change: an editable installation leads to the latter."""
    left_out = ("PYTEST_XDIST", "COV_CORE", "COVERAGE_")
    found = {n: v for n, v in git.without_place(os.environ).items() if not n.startswith(left_out)}
    home = str(head.resolve())
    folders = []
    for entry in dict.fromkeys((*sys.path, *found.get("PYTHONPATH", "").split(os.pathsep))):
        path = os.path.realpath(entry or ".")
        if path == home or path.startswith(home + os.sep):
            there = os.path.join(root, os.path.relpath(path, home))
            if os.path.isdir(there) and "site-packages" not in entry:
                folders.append(os.path.normpath(there))
    before = [path for path in found.get("PYTHONPATH", "").split(os.pathsep) if path]
    found["PYTHONPATH"] = os.pathsep.join(dict.fromkeys((*folders, *before)))
    return found


def modules_below(head: str, root: Path) -> list[str]:
    """The files of the change (below `head`) that this process has imported, though the base
    (at `root`) has them too."""
    found = []
    for module in list(sys.modules.values()):
        file = getattr(module, "__file__", None)
        path = os.path.realpath(file) if isinstance(file, str) else ""
        if path.startswith(head + os.sep):
            name = os.path.relpath(path, head)
            if (root / name).is_file():
                found.append(name.replace(os.sep, "/"))
    return sorted(found)
