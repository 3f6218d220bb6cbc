"""The house stands as it is drawn: the rooms' import direction, and who knows pytest."""

from __future__ import annotations

import ast
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest_specgates

HOUSE = Path(pytest_specgates.__file__).parent
ROOMS = ("read", "understand", "measure", "judge", "report")
BELOW = ("model", "errors", "ini_toml", "json_schema", "ranges", "writing", "yaml12")
FACES = ("adapter", "cli")


def _modules() -> Iterator[tuple[tuple[str, ...], ast.Module]]:
    for path in sorted(HOUSE.rglob("*.py")):
        name = path.relative_to(HOUSE).with_suffix("").parts
        yield name, ast.parse(path.read_text("utf-8"))


def _imports(name: tuple[str, ...], tree: ast.Module) -> Iterator[tuple[str, ...]]:
    """Everything that a module imports, local imports too: own modules as ("", ...)."""
    package = name[:-1]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (tuple(alias.name.split(".")) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = tuple(node.module.split(".")) if node.module else ()
            if node.level:
                base = package[: len(package) - node.level + 1]
                names = [(*base, *module)]
                if not module:
                    names = [(*base, alias.name) for alias in node.names]
                yield from (("", *found) for found in names)
            else:
                yield module


def test_each_room_imports_only_what_is_below_and_its_own_files() -> None:
    seen = 0
    for name, tree in _modules():
        if name[0] not in ROOMS:
            continue
        for imported in _imports(name, tree):
            if imported[0] == "":
                seen += 1
                assert imported[1] in (name[0], *BELOW), f"{name} imports {imported}"
    assert seen > 50


def test_what_is_below_the_rooms_imports_no_room() -> None:
    for name, tree in _modules():
        if name[0] in BELOW:
            for imported in _imports(name, tree):
                assert imported[0] != "" or imported[1] in BELOW, f"{name} imports {imported}"


def test_only_the_adapter_and_the_plugin_know_pytest() -> None:
    for name, tree in _modules():
        knows = any(imported[0] == "pytest" for imported in _imports(name, tree))
        assert knows <= (name[0] in ("adapter", "plugin")), name


def test_nothing_private_of_pytest_is_imported() -> None:
    for name, tree in _modules():
        for imported in _imports(name, tree):
            assert not imported[0].startswith("_pytest"), name


def test_the_two_faces_do_not_know_each_other() -> None:
    for name, tree in _modules():
        if name[0] in FACES:
            other = FACES[1 - FACES.index(name[0])]
            assert not any(i[:2] == ("", other) for i in _imports(name, tree)), name


def test_the_walk_sees_a_local_import() -> None:
    tree = ast.parse("def f():\n    from ..judge import compare\n    import pytest\n")
    assert list(_imports(("read", "x"), tree)) == [("", "judge"), ("pytest",)]


def test_no_module_is_longer_than_a_person_reads() -> None:
    for path in HOUSE.rglob("*.py"):
        assert len(path.read_text("utf-8").splitlines()) <= 600, path


_IGNORED = re.compile(r"#\s*(?:type:\s*ignore|noqa|pragma: no cover)")
_WITH_REASON = re.compile(r"(?:\]|noqa(?:: \w+)?|no cover)\s+(?:#|-)\s*\w")


def test_what_is_ignored_says_why() -> None:
    project = Path(__file__).parents[2]
    folders = (HOUSE, *(project / name for name in ("tests", "benchmarks", "scripts")))
    seen = 0
    for path in (path for folder in folders for path in folder.rglob("*.py")):
        with tokenize.open(path) as file:
            for token in tokenize.generate_tokens(file.readline):
                if token.type == tokenize.COMMENT and _IGNORED.match(token.string):
                    seen += 1
                    assert _WITH_REASON.search(token.string), f"{path}:{token.start[0]}"
    assert seen > 10
