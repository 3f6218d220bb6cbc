"""What git knows: the commit, whether the tree is dirty, and what differs from the base."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from ..model import Base

_USUAL = ("origin/HEAD", "origin/main", "origin/master", "main", "master")


class _GitError(Exception):
    pass


def find_base(root: Path, wanted: str) -> Base:
    """The base, and the files below the root that differ from the merge base with it,
    committed or not (POSIX paths relative to the root)."""
    try:
        _git(root, "rev-parse", "--git-dir")
    except _GitError as error:
        return Base(reason=f"there is no git repository to compare with ({error})")
    ref = wanted
    try:
        if not wanted:
            ref = next((name for name in _USUAL if _resolves(root, name)), "")
        if not ref:
            return Base(reason=f"no base: none of {', '.join(_USUAL)} is a ref here")
        if not _resolves(root, ref):
            return Base(ref=ref, reason=f'the base "{ref}" is not a ref here')
        try:
            commit = _git(root, "merge-base", "HEAD", ref).strip()
        except _GitError:
            return Base(
                ref=ref,
                reason=f"HEAD and {ref} have no common commit here (a shallow clone?)",
            )
        names = _git(root, "diff", "--name-only", "--no-renames", "-z", "--relative", commit)
        fresh = _git(root, "ls-files", "--others", "--exclude-standard", "-z")
    except _GitError as error:
        return Base(ref=ref, reason=f"git: {error}")
    changed = {name for name in (names + fresh).split("\0") if name}
    return Base(ref=ref, commit=commit, changed=tuple(sorted(changed)))


def commit_and_dirty(root: Path) -> tuple[str, bool | None]:
    """The commit of HEAD and whether anything differs from it; ("", None) without git."""
    try:
        commit = _git(root, "rev-parse", "HEAD").strip()
        return commit, bool(_git(root, "status", "--porcelain", "--untracked-files=normal"))
    except _GitError:
        return "", None


def are_committed(root: Path, names: Sequence[str]) -> bool:
    """Whether all these files are tracked and unchanged: nothing that a run writes."""
    try:
        tracked = _git(root, "ls-files", "-z", "--", *names).split("\0")
        changed = _git(root, "diff", "--name-only", "-z", "HEAD", "--", *names)
    except _GitError:
        return False
    return not changed and set(names) <= set(tracked)


def _resolves(root: Path, ref: str) -> bool:
    if ref.startswith("-"):
        return False
    try:
        _git(root, "rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}")
    except _GitError:
        return False
    return True


def _git(root: Path, *arguments: str) -> str:
    environment = {**os.environ, "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}
    try:
        done = subprocess.run(
            ["git", "-c", "core.quotepath=off", *arguments],
            cwd=root,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=60,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise _GitError(str(error)) from error
    if done.returncode:
        lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise _GitError(lines[0] if lines else f"git {arguments[0]} exits with {done.returncode}")
    return done.stdout.decode("utf-8", "replace")
