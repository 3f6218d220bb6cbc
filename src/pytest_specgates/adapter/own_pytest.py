"""A pytest of its own, on this tree or on that of the base: its arguments and surroundings."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from ..measure import git

_LEFT_OUT = ("PYTEST_XDIST", "COV_CORE", "COVERAGE_")
_NOT_TAKEN = ("no:terminal", "no:cacheprovider", "no:cov", "no:specgates")


def command(config: pytest.Config, root: Path) -> list[str]:
    """pytest at a root, with the settings that the tree there has and the options of this run
    that are no part of what it measures."""
    made = [sys.executable, "-m", "pytest", "-q", "--no-header", "-p", "no:cacheprovider"]
    made += ["--rootdir", str(root)]
    settings = _settings(config, root)
    if settings is not None:
        made += ["-c", str(settings)]
    for override in config.option.override_ini or ():
        made += ["-o", override]
    for plugin in config.option.plugins or ():
        if plugin not in _NOT_TAKEN:
            made += ["-p", plugin]
    return made


def _settings(config: pytest.Config, root: Path) -> Path | None:
    if config.inipath is None or root == config.rootpath:
        return config.inipath
    if not config.inipath.is_relative_to(config.rootpath):
        return None
    own = root / config.inipath.relative_to(config.rootpath)
    return own if own.is_file() else None


def alone(config: pytest.Config) -> list[str]:
    """The options of a process without workers and coverage."""
    workers = ["-n0"] if hasattr(config.option, "numprocesses") else []
    return workers + (["--no-cov"] if hasattr(config.option, "no_cov") else [])


def environment(head: Path, root: Path) -> dict[str, str]:
    """This environment, in which the folders of the tree at `root` come before those of this
    change: an editable installation leads to the latter."""
    found = {n: v for n, v in git.without_place(os.environ).items() if not n.startswith(_LEFT_OUT)}
    if root == head:
        return found
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


def run(
    config: pytest.Config,
    root: Path,
    arguments: Sequence[str],
    limit: float,
    before: Sequence[str] = (),
    extra: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[bytes]:
    """Run pytest at a root, by the command `before` if there is one, and wait for it. Raises
    TimeoutExpired after `limit` seconds."""
    return subprocess.run(
        [*before, *command(config, root), *arguments],
        cwd=root,
        env={**environment(config.rootpath, root), **(extra or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=limit,
        check=False,
    )


def last_line(done: subprocess.CompletedProcess[bytes]) -> str:
    return " ".join(done.stdout.decode("utf-8", "replace").strip().splitlines()[-1:])
