"""The tree of this change and that of the base, with the same tests in both."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ..measure import git

Side = Literal["head", "base"]
SIDES: tuple[Side, ...] = ("head", "base")
TOLD: Mapping[Side, str] = {"head": "this change", "base": "the base"}


@dataclass(frozen=True, slots=True)
class Trees:
    """The roots of the two trees, and a folder for what is measured."""

    head: Path
    base: Path
    folder: Path

    def root(self, side: Side) -> Path:
        return self.head if side == "head" else self.base


@contextlib.contextmanager
def both(head: Path, commit: str, tests: Sequence[str]) -> Iterator[Trees]:
    """The trees, of which that of the base is there as long as the context. `tests` are the
    files with tests that differ: those of the change are run on both trees, since those of the
    base may do other work. Raises git.GitError."""
    with tempfile.TemporaryDirectory(prefix="specgates-") as made:
        folder = Path(made).resolve()
        with git.worktree(head, commit, folder / "base") as base:
            for name in tests:
                _take_over(head / name, base / name)
            yield Trees(head, base, folder)


def _take_over(from_head: Path, there: Path) -> None:
    if from_head.is_file():
        there.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(from_head, there)
    elif there.is_file():
        there.unlink()


def foreign(names: Sequence[str]) -> str:
    """Why nothing counts that a base showed which has imported these files of the change; ""
    where there are none."""
    return f"the base imported {names[0]} of this change instead of its own" if names else ""
