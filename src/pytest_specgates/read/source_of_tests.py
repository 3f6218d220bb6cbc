"""Python test files, as text: which tests are in them, and how they are marked."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

_OF_UNITTEST = {"skipIf": "skipif", "skipUnless": "skipif", "expectedFailure": "xfail"}
_SKIPS = frozenset(("skip", "skipif", "xfail"))


@dataclass(frozen=True, slots=True)
class TestSource:
    """A test as its file has it. `name` is `Class::test` or `test`; `marks` are the names of its
    marks, of its class and of its module, `spec` marks with their texts (`spec("a/b")`)."""

    __test__ = False  # not a test class, whatever its name
    name: str
    line: int
    marks: frozenset[str]

    @property
    def skips(self) -> frozenset[str]:
        return frozenset(mark for mark in self.marks if mark in _SKIPS)


def read_tests(text: str) -> dict[str, TestSource] | None:
    """The tests of a file by name; None where it is no Python that can be read."""
    try:
        module = ast.parse(text.removeprefix("\ufeff"))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    marks = _module_marks(module)
    return {test.name: test for test in _tests(module.body, "", marks)}


def _tests(body: list[ast.stmt], prefix: str, above: frozenset[str]) -> Iterator[TestSource]:
    for node in body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            if node.name.startswith("test"):
                marks = above | _marks(node.decorator_list) | _skipped_inside(node.body)
                yield TestSource(f"{prefix}{node.name}", node.lineno, marks)
        elif isinstance(node, ast.ClassDef):
            own = above | _marks(node.decorator_list) | _assigned(node.body)
            yield from _tests(node.body, f"{prefix}{node.name}::", own)
        elif isinstance(node, (ast.If, ast.Try, ast.With)):
            yield from _tests(node.body, prefix, above)


def _module_marks(module: ast.Module) -> frozenset[str]:
    found = _assigned(module.body)
    for node in module.body:
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            name = _dotted(node.value.func)
            if name in ("pytest.skip", "pytest.importorskip", "pytest.xfail"):
                found |= {"skip"}
    return found


def _assigned(body: list[ast.stmt]) -> frozenset[str]:
    """The marks of `pytestmark = ...`."""
    found: frozenset[str] = frozenset()
    for node in body:
        targets = node.targets if isinstance(node, ast.Assign) else []
        if any(isinstance(t, ast.Name) and t.id == "pytestmark" for t in targets):
            assert isinstance(node, ast.Assign)
            value = node.value
            found |= _marks(value.elts if isinstance(value, (ast.List, ast.Tuple)) else [value])
    return found


def _skipped_inside(body: list[ast.stmt]) -> frozenset[str]:
    """`pytest.skip()` or `pytest.xfail()` as a statement of the test itself."""
    for node in body:
        call = node.value if isinstance(node, ast.Expr) else None
        if isinstance(call, ast.Call) and _dotted(call.func) in ("pytest.skip", "pytest.xfail"):
            return frozenset(("skip",))
    return frozenset()


def _marks(decorators: list[ast.expr]) -> frozenset[str]:
    found = set()
    for node in decorators:
        call = node if isinstance(node, ast.Call) else None
        name = _dotted(call.func if call is not None else node)
        if not name.startswith(("pytest.mark.", "mark.", "unittest.")):
            continue
        short = name.rpartition(".")[2]
        found.add(_OF_UNITTEST.get(short, short))
        if short == "spec" and call is not None:
            texts = (a.value for a in call.args if isinstance(a, ast.Constant))
            found.update(f'spec("{text}")' for text in texts if isinstance(text, str))
    return frozenset(found)


def _dotted(node: ast.expr) -> str:
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else ""


def ignored_by(text: str) -> frozenset[str]:
    """What a conftest file keeps from being collected: the texts of `collect_ignore` and
    `collect_ignore_glob`, and the hooks by which it can drop anything."""
    try:
        module = ast.parse(text.removeprefix("\ufeff"))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return frozenset()
    found: set[str] = set()
    for node in ast.walk(module):
        if isinstance(node, (ast.Assign, ast.AugAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names = {target.id for target in targets if isinstance(target, ast.Name)}
            if names & {"collect_ignore", "collect_ignore_glob"}:
                found.update(
                    inner.value
                    for inner in ast.walk(node.value)
                    if isinstance(inner, ast.Constant) and isinstance(inner.value, str)
                )
        elif isinstance(node, ast.FunctionDef) and node.name in _DROPPING:
            found.add(f"what {node.name} drops")
    return frozenset(found)


_DROPPING = frozenset(
    ("pytest_ignore_collect", "pytest_collection_modifyitems", "pytest_deselected")
)
