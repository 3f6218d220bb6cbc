"""Which lines a change has, from a diff; and which statements they belong to."""

from __future__ import annotations

import ast
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_specgates.measure.changed_lines import changed_lines, first_lines, read_diff
from pytest_specgates.measure.git import find_base
from pytest_specgates.model import Surroundings


def git(root: Path, *arguments: str) -> None:
    name = ("-c", "user.name=t", "-c", "user.email=t@example.org")
    subprocess.run(["git", *name, *arguments], cwd=root, check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    git(tmp_path, "init", "-q", "-b", "main")
    (tmp_path / "a.py").write_text("one\ntwo\nthree\nfour\n", "utf-8")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-q", "-m", "base")
    git(tmp_path, "checkout", "-q", "-b", "work")
    return tmp_path


def lines_of(root: Path) -> dict[str, frozenset[int]]:
    return changed_lines(Surroundings(root, base=lambda: find_base(root, "main")))


def test_committed_staged_and_unstaged_changes_are_one(repository: Path) -> None:
    file = repository / "a.py"
    file.write_text("one\nTWO\nthree\nfour\n", "utf-8")
    git(repository, "commit", "-qam", "committed")
    file.write_text("zero\none\nTWO\nthree\nfour\n", "utf-8")
    git(repository, "add", "-A")
    file.write_text("zero\none\nTWO\nthree\nFOUR\n", "utf-8")
    assert lines_of(repository) == {"a.py": frozenset((1, 3, 5))}


def test_a_line_that_is_only_gone_is_no_line_of_the_change(repository: Path) -> None:
    (repository / "a.py").write_text("one\nthree\nfour\n", "utf-8")
    assert lines_of(repository) == {"a.py": frozenset()}


def test_a_file_that_git_does_not_know_is_new_as_a_whole(repository: Path) -> None:
    (repository / "new.py").write_text("x = 1\ny = 2\n", "utf-8")
    (repository / "notes.txt").write_text("x", "utf-8")
    assert lines_of(repository)["new.py"] >= frozenset((1, 2))
    assert "notes.txt" not in lines_of(repository)


def test_a_renamed_file_has_the_lines_that_differ(repository: Path) -> None:
    text = "".join(f"line {n}\n" for n in range(50))
    (repository / "old.py").write_text(text, "utf-8")
    git(repository, "add", "-A")
    git(repository, "commit", "-q", "-m", "base of it")
    git(repository, "branch", "-f", "main")
    git(repository, "mv", "old.py", "moved.py")
    (repository / "moved.py").write_text(text.replace("line 7\n", "line seven\n"), "utf-8")
    git(repository, "commit", "-qam", "moved")
    assert lines_of(repository) == {"moved.py": frozenset((8,))}


def test_what_the_base_brought_in_by_a_merge_is_no_change(repository: Path) -> None:
    git(repository, "checkout", "-q", "main")
    (repository / "b.py").write_text("of the base\n", "utf-8")
    git(repository, "add", "-A")
    git(repository, "commit", "-q", "-m", "on main")
    git(repository, "checkout", "-q", "work")
    (repository / "a.py").write_text("one\ntwo\nthree\nfour\nfive\n", "utf-8")
    git(repository, "commit", "-qam", "on work")
    git(repository, "merge", "-q", "--no-edit", "main")
    assert lines_of(repository) == {"a.py": frozenset((5,))}


@pytest.mark.parametrize("name", ["ä ö.py", 'quo"ted.py', "tab\there.py", "b/b/x.py", "+++ b.py"])
def test_any_name(repository: Path, name: str) -> None:
    (repository / name).parent.mkdir(parents=True, exist_ok=True)
    (repository / name).write_text("x = 1\n+++ b/other.py\n", "utf-8")
    git(repository, "add", "-A")
    git(repository, "commit", "-q", "-m", "new")
    assert lines_of(repository) == {name: frozenset((1, 2))}


def test_no_configuration_of_git_changes_the_diff(repository: Path) -> None:
    for setting, value in (
        ("diff.noprefix", "true"),
        ("diff.mnemonicPrefix", "true"),
        ("color.diff", "always"),
        ("diff.external", "echo"),
        ("diff.context", "9"),
        ("diff.renames", "false"),
        ("diff.interHunkContext", "9"),
    ):
        git(repository, "config", setting, value)
    (repository / "a.py").write_text("ONE\ntwo\nthree\nFOUR\n", "utf-8")
    assert lines_of(repository) == {"a.py": frozenset((1, 4))}


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_read_as_a_diff_or_not(text: str) -> None:
    for _, lines in read_diff(text):
        assert all(line >= 0 for line in lines)


# The lines of its statements: 1, 7 (the decorator), 10, 14, 18, 21, 24.
CODE = """\
total = call(
    one,
    two,
)


@decorated(
    "x",
)
def f(
    a,
    b,
):
    if (
        a
        and b
    ):
        return [
            a,
        ]
    text = '''
    many
    '''
    return b
"""


def test_a_change_within_a_statement_belongs_to_it() -> None:
    heads = frozenset((*_statements(CODE), 7))
    assert first_lines(CODE, [3], heads) == {1}
    assert first_lines(CODE, [8], heads) == {7}
    assert first_lines(CODE, [11], heads) == {10}
    assert first_lines(CODE, [16], heads) == {14}
    assert first_lines(CODE, [19, 22], heads) == {18, 21}
    assert first_lines(CODE, [5, 6], heads) == frozenset()
    assert first_lines(CODE, [1, 4], heads) == {1}


def _statements(text: str) -> set[int]:
    return {node.lineno for node in ast.walk(ast.parse(text)) if isinstance(node, ast.stmt)}


def test_what_is_no_python_has_the_lines_that_are_statements() -> None:
    assert first_lines("def (:\n", [1, 2], frozenset((1,))) == {1}
