"""What git knows: the commit, whether the tree is dirty, and what differs from the base."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import subprocess
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from ..model import Base

_USUAL = ("origin/HEAD", "origin/main", "origin/master", "main", "master")


class GitError(Exception):
    """What git said when it could not do what it was asked."""


def find_base(root: Path, wanted: str) -> Base:
    """The base, and the files below the root that differ from the merge base with it,
    committed or not (POSIX paths relative to the root)."""
    try:
        _git(root, "rev-parse", "--git-dir")
    except GitError as error:
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
        except GitError:
            return Base(
                ref=ref,
                reason=f"HEAD and {ref} have no common commit here (a shallow clone?)",
            )
        names = _git(root, "diff", "--name-only", "--no-renames", "-z", "--relative", commit)
        fresh = _fresh(root)
    except GitError as error:
        return Base(ref=ref, reason=f"git: {error}")
    changed = {name for name in names.split("\0") if name}
    return Base(ref=ref, commit=commit, changed=tuple(sorted(changed.union(fresh))))


def fixed_base(root: Path, ref: str) -> Base:
    """A ref as the base: its commit itself, and what differs from it."""
    try:
        if not _resolves(root, ref):
            return Base(ref=ref, reason=f'"{ref}" is not a ref here')
        commit = _git(root, "rev-parse", "--verify", f"{ref}^{{commit}}").strip()
        return Base(ref=ref, commit=commit, changed=tuple(differing(root, commit)))
    except GitError as error:
        return Base(ref=ref, reason=f"git: {error}")


def strict_base(root: Path, wanted: str) -> Base:
    """The base, where it is what a change can be compared with: HEAD has something that it
    has not. The reasons say what to do."""
    base = find_base(root, wanted)
    if base.reason or not base.commit:
        return replace(base, reason=f"{base.reason}; {_CURE}" if base.reason else _CURE)
    if base.commit == _git(root, "rev-parse", "HEAD").strip():
        reason = f"HEAD has no commit that {base.ref} has not: it would be compared with itself"
        return replace(base, reason=f"{reason}; {_CURE}")
    return base


_CURE = (
    "name the branch that the change goes to (--spec-gates-base=origin/main) and, in CI, fetch its "
    "history too (fetch-depth: 0)"
)


def names_at(root: Path, commit: str) -> list[str]:
    """The files of a commit below the root, relative to it. Raises GitError."""
    listed = _git(root, "ls-tree", "-r", "-z", "--name-only", commit)
    return [name for name in listed.split("\0") if name]


def names_now(root: Path) -> list[str]:
    """The files below the root that are tracked, or new and not ignored, and are there."""
    listed = _git(root, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    names = dict.fromkeys(name for name in listed.split("\0") if name)
    return [name for name in names if (root / name).is_file()]


def texts_at(root: Path, commit: str, names: Iterable[str]) -> dict[str, str]:
    """The texts of files of a commit, as UTF-8. Raises GitError."""
    prefix = _git(root, "rev-parse", "--show-prefix").strip("\n")
    wanted = [name for name in names if "\n" not in name]
    asked = "".join(f"{commit}:{prefix}{name}\n" for name in wanted)
    told = _git_bytes(root, "cat-file", "--batch", given=asked.encode("utf-8", "surrogateescape"))
    found: dict[str, str] = {}
    at = 0
    for name in wanted:
        end = told.index(b"\n", at)
        head = told[at:end].split(b" ")
        at = end + 1
        if head[-1] == b"missing":
            continue
        size = int(head[-1])
        found[name] = told[at : at + size].decode("utf-8", "replace")
        at += size + 1
    return found


def renames(root: Path, commit: str) -> Mapping[str, str]:
    """New path -> old path of the files that were renamed since a commit. Raises GitError."""
    told = _git(root, "diff", "--name-status", "-M", "--diff-filter=R", "-z", "--relative", commit)
    parts = told.split("\0")
    return {parts[n + 2]: parts[n + 1] for n in range(0, len(parts) - 2, 3)}


def untracked(root: Path, names: Sequence[str]) -> list[str]:
    """Those of the files that git does not know yet. Raises GitError."""
    known = set(_git(root, "ls-files", "-z").split("\0"))
    return [name for name in names if name not in known]


def diff_of(root: Path, commit: str, endings: Sequence[str]) -> str:
    """What differs from a commit in files with these endings, without context, by one format
    whatever is configured. Raises GitError."""
    shape = (
        "--unified=0",
        "--inter-hunk-context=0",
        "--no-color",
        "--no-ext-diff",
        "--no-textconv",
        "--find-renames",
    )
    prefixes = ("--src-prefix=a/", "--dst-prefix=b/")
    return _git(
        root, "diff", *shape, *prefixes, "--relative", commit, "--", *(f"*{e}" for e in endings)
    )


@contextlib.contextmanager
def worktree(root: Path, commit: str, folder: Path) -> Iterator[Path]:
    """A commit, checked out at a folder that is not there yet; what the root is in it. No hook
    runs. Gone at the end. Raises GitError."""
    prefix = _git(root, "rev-parse", "--show-prefix").strip("\n")
    quiet = ("-c", f"core.hooksPath={os.devnull}", "worktree")
    _git_bytes(root, *quiet, "add", "--quiet", "--detach", str(folder), commit, is_own=True)
    try:
        yield folder / prefix
    finally:
        _git_bytes(root, *quiet, "remove", "--force", "--force", str(folder), is_own=True)


def commit_and_dirty(root: Path) -> tuple[str, bool | None]:
    """The commit of HEAD and whether anything differs from it; ("", None) without git."""
    try:
        commit = _git(root, "rev-parse", "HEAD").strip()
        prefix = _git(root, "rev-parse", "--show-prefix").strip("\n")
        told = _git(root, "status", "--porcelain", "-z", "--untracked-files=all").split("\0")
        fresh = [entry[3:].removeprefix(prefix) for entry in told if entry.startswith("?? ")]
        others = len(told) - 1 - len(fresh)  # the last is empty
        return commit, others > 0 or not all(map(_OF_A_RUN.search, fresh))
    except GitError:
        return "", None


def are_committed(root: Path, names: Sequence[str]) -> bool:
    """Whether all these files are tracked and unchanged: nothing that a run writes."""
    try:
        tracked = _git(root, "ls-files", "-z", "--", *names).split("\0")
        changed = _git(root, "diff", "--name-only", "-z", "HEAD", "--", *names)
    except GitError:
        return False
    return not changed and set(names) <= set(tracked)


NOTES = "refs/notes/specgates"


def head(root: Path) -> str:
    """The commit of HEAD. Raises GitError."""
    return _git(root, "rev-parse", "--verify", "HEAD^{commit}").strip()


def is_ancestor(root: Path, commit: str) -> bool:
    """Whether a commit that is here is in the history of HEAD. Raises GitError."""
    return not _git(root, "rev-list", "--max-count=1", commit, "^HEAD").strip()


def line_of(root: Path, commit: str, most: int) -> list[str]:
    """A commit and those before it on its branch, the nearest first. Raises GitError."""
    return _git(root, "rev-list", "--first-parent", f"--max-count={most}", commit, "--").split()


def differing(root: Path, commit: str) -> list[str]:
    """The files below the root that differ from a commit, committed or not, and those that are
    new and not ignored (POSIX paths relative to the root). Raises GitError."""
    names = _git(root, "diff", "--name-only", "--no-renames", "-z", "--relative", commit)
    found = {name for name in names.split("\0") if name}
    return sorted(found.union(_fresh(root), _unseen(root, commit)))


def _fresh(root: Path) -> list[str]:
    """The files that are new and not ignored, without those that a run of the tests writes. What
    such a file holds becomes part of the project by a commit only."""
    listed = _git(root, "ls-files", "--others", "--exclude-standard", "-z").split("\0")
    return [name for name in listed if name and not _OF_A_RUN.search(name)]


_OF_A_RUN = re.compile(
    r"(?:^|/)(?:__pycache__|\.pytest_cache|\.hypothesis|\.benchmarks)/|"
    r"(?:^|/)\.coverage(?:\.[^/]*)?$|"
    r"^(?:junit\.xml|coverage\.(?:xml|json|lcov)|lcov\.info|specgates[-.][a-z.-]+)$|"
    r"^gl-code-quality-report\.json$|^htmlcov/"
)
"""Caches, the data of coverage, and reports by their usual names beside the configuration."""


def _unseen(root: Path, commit: str) -> list[str]:
    """The files that git was told not to look at (assume-unchanged, skip-worktree), and that
    are there and differ from a commit."""
    listed = _git(root, "ls-files", "-v", "-z").split("\0")
    told = [entry[2:] for entry in listed if entry[:1].islower() or entry[:1] == "S"]
    there = [name for name in told if (root / name).is_file() and "\n" not in name]
    if not there:
        return []
    asked = "".join(f"{name}\n" for name in there)
    hashed = _git_bytes(root, "hash-object", "--stdin-paths", given=asked.encode("utf-8")).decode()
    tree = (
        entry.partition("\t") for entry in _git(root, "ls-tree", "-r", "-z", commit).split("\0")
    )
    then = {name: fields.split(" ")[-1] for fields, _, name in tree}
    pairs = zip(there, hashed.split(), strict=True)
    return [name for name, blob in pairs if then.get(name) != blob]


def digest_at(root: Path, commit: str, name: str) -> str:
    """The SHA-256 of a file (relative to the root) as a commit has it; "" where it has none.
    Raises GitError."""
    listed = _git(root, "ls-tree", "-z", commit, "--", name).partition("\0")[0]
    fields = listed.partition("\t")[0].split(" ")
    if len(fields) != 3 or fields[1] != "blob":
        return ""
    return hashlib.sha256(_git_bytes(root, "cat-file", "blob", fields[2])).hexdigest()


def notes(root: Path, largest: int) -> dict[str, bytes]:
    """The notes by commit; none without git. Raises GitError, also where they are larger
    together."""
    try:
        _git(root, "rev-parse", "--git-dir")
    except GitError:
        return {}
    lines = _git(root, "notes", "--ref", NOTES, "list").splitlines()
    blobs = {commit: blob for blob, _, commit in (line.partition(" ") for line in lines)}
    asked = "".join(f"{blob}\n" for blob in blobs.values()).encode("ascii")
    told = _git_bytes(root, "cat-file", "--batch-check", given=asked).decode("ascii").splitlines()
    if sum(int(line.split(" ")[2]) for line in told) > largest:
        raise GitError(f"they are larger than {largest:,} bytes together")
    texts = _git_bytes(root, "cat-file", "--batch", given=asked)
    found: dict[str, bytes] = {}
    at = 0
    for commit, line in zip(blobs, told, strict=True):
        at = texts.index(b"\n", at) + 1
        end = at + int(line.split(" ")[2])
        found[commit] = texts[at:end]
        at = end + 1
    return found


@contextlib.contextmanager
def locked_notes(root: Path) -> Iterator[None]:
    """One process at a time reads and writes a note: git itself takes the last writer's.
    Raises GitError."""
    lock = root / _git(root, "rev-parse", "--git-path", "specgates-notes.lock").strip()
    end = time.monotonic() + _PATIENCE
    while True:
        try:
            os.close(os.open(lock, os.O_WRONLY | os.O_CREAT | os.O_EXCL))
            break
        except FileExistsError as error:
            if time.monotonic() > end:
                raise GitError(f"{lock} is there: remove it if nobody else attests") from error
            time.sleep(0.05)
        except OSError as error:
            raise GitError(f"{lock}: {error.strerror}") from error
    try:
        yield
    finally:
        lock.unlink(missing_ok=True)


_PATIENCE = 10
"""Seconds to wait for another process."""


def is_ignored(root: Path, name: str) -> bool:
    """Whether a file (relative to the root) is one that git leaves out of commits."""
    try:
        return bool(_git(root, "check-ignore", "--", name))
    except GitError:
        return False


def set_note(root: Path, commit: str, data: bytes) -> None:
    """Put a note in place of that of a commit. Raises GitError."""
    blob = _git_bytes(root, "hash-object", "-w", "--stdin", given=data).decode().strip()
    _git(root, "notes", "--ref", NOTES, "add", "-f", "-C", blob, commit)


def is_ref(root: Path, ref: str) -> bool:
    """Whether a text names a commit here."""
    return _resolves(root, ref)


def _resolves(root: Path, ref: str) -> bool:
    if ref.startswith("-"):
        return False
    try:
        _git(root, "rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}")
    except GitError:
        return False
    return True


def _git(root: Path, *arguments: str) -> str:
    return _git_bytes(root, *arguments).decode("utf-8", "replace")


def without_place(environment: Mapping[str, str]) -> dict[str, str]:
    """An environment in which git looks for its repository by the folder: within a hook,
    variables name the index and the tree that the hook is of."""
    return {name: value for name, value in environment.items() if name not in _OF_PLACE}


_OF_PLACE = frozenset(
    ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR", "GIT_NAMESPACE")
)


def _git_bytes(
    root: Path, *arguments: str, given: bytes | None = None, is_own: bool = False
) -> bytes:
    """What git prints. `is_own` is for what writes another index and tree than a hook has."""
    environment = {**os.environ, "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}
    if is_own:
        environment = without_place(environment)
    try:
        done = subprocess.run(
            ["git", "-c", "core.quotepath=off", *arguments],
            cwd=root,
            env=environment,
            input=b"" if given is None else given,
            capture_output=True,
            timeout=60,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise GitError(str(error)) from error
    if done.returncode:
        lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise GitError(lines[0] if lines else f"git {arguments[0]} exits with {done.returncode}")
    return done.stdout
