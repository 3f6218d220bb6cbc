"""Two states of the project, base and now: what its gates demand, and what they rest on."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from ..errors import SpecError
from ..judge.loosened_schema import loosened
from ..judge.loosened_settings import compare_settings
from ..judge.turned_schema import turned_parts
from ..judge.weakening import compare_gates, compare_signers, compare_waivers
from ..measure import baselines, git
from ..measure.coverage_scope import changed_scope
from ..measure.paths import covers, glob
from ..measure.tests import selector
from ..model import Base, Change, Comparison, Gate, Kind, Span, TestRef
from ..read import configuration
from ..read.source_of_tests import TestSource, ignored_by, read_tests
from ..read.spec_paths import among
from ..yaml12 import documents, plain
from .kinds import kinds
from .loading import Loaded, load
from .suite import TEST_FILES

_LARGEST = 4_000_000
"""Bytes of a file that is compared; a larger one is taken to have no text."""
_PRAGMA = r"#\s*(pragma|PRAGMA)[:\s]?\s*(no|NO)\s*(cover|COVER)"
_RUN_KINDS = frozenset(("tests", "latency", "throughput", "memory", "value"))


@dataclass(frozen=True)
class Tree:
    """The files of one state of the project, by name (POSIX, relative to the root)."""

    names: frozenset[str]
    texts: Mapping[str, str]

    @cached_property
    def pytest(self) -> configuration.Configuration:
        return configuration.pytest_configuration(self.texts)

    @cached_property
    def coverage(self) -> configuration.Configuration:
        return configuration.coverage_configuration(self.texts)

    def is_test_file(self, name: str) -> bool:
        patterns = self.pytest.items("python_files") or TEST_FILES
        base = posixpath.basename(name)
        return any(glob(pattern).matches(base) for pattern in patterns)


def compare_with_base(root: Path, base: Base) -> tuple[Comparison, Loaded]:
    """What differs from the base, and the base's own specs. Raises GitError where git cannot
    tell, SpecError where a configuration file cannot be read."""
    changed = frozenset(base.changed)
    renamed = git.renames(root, base.commit)
    old = _of_base(root, base.commit, changed | frozenset(renamed.values()))
    new = _of_now(root, changed)
    before, after = _loaded(old), _loaded(new)
    gates, now = _gates(before), _gates(after)
    found = compare_gates(gates, now)
    changes = [
        *found.changes,
        *compare_waivers(before.waivers, after.waivers),
        *compare_settings("pytest", old.pytest.settings, new.pytest.settings, new.pytest.span),
        *compare_settings(
            "coverage", old.coverage.settings, new.coverage.settings, new.coverage.span
        ),
        *_signers(old, new),
        *_baseline(gates, old, new),
        *_schemas(gates, now, old, new),
        *_tests(gates, old, new, changed, renamed),
        *_exclusions(now, old, new, changed, renamed),
        *_ignored(old, new, changed),
    ]
    return Comparison(tuple(changes), found.unchanged), before


def _gates(loaded: Loaded) -> list[Gate]:
    return [gate for file in loaded.files.values() for gate in file.gates]


def _loaded(tree: Tree) -> Loaded:
    specs, beside = among(tree.names, tree.pytest.items("specgates_paths") or ("specs",))
    known = _kinds(tree)
    return load({n: tree.texts[n] for n in (*specs, *beside) if n in tree.texts}, known)


def _kinds(tree: Tree) -> dict[str, Kind]:
    try:
        return kinds(latency_statistic=tree.pytest.text("specgates_latency_statistic"))
    except ValueError:
        return kinds()  # a run says what is wrong with it


# --- the two trees ------------------------------------------------------------------------


def _of_base(root: Path, commit: str, changed: frozenset[str]) -> Tree:
    names = git.names_at(root, commit)
    texts = dict(git.texts_at(root, commit, [n for n in names if n in configuration.FILES]))
    tree = Tree(frozenset(names), texts)
    wanted = [*_needed(tree), *(n for n in changed if n.endswith(".py") and n in tree.names)]
    texts.update(git.texts_at(root, commit, dict.fromkeys(wanted)))
    schemas = _referenced(_loaded(tree), tree, lambda ns: git.texts_at(root, commit, ns))
    return Tree(tree.names, {**texts, **schemas})


def _of_now(root: Path, changed: frozenset[str]) -> Tree:
    names = git.names_now(root)
    texts = _read(root, [n for n in names if n in configuration.FILES])
    tree = Tree(frozenset(names), texts)
    wanted = [*_needed(tree), *(n for n in changed if n.endswith(".py") and n in tree.names)]
    texts.update(_read(root, wanted))
    schemas = _referenced(_loaded(tree), tree, lambda ns: _read(root, ns))
    return Tree(tree.names, {**texts, **schemas})


def _needed(tree: Tree) -> list[str]:
    specs, beside = among(tree.names, tree.pytest.items("specgates_paths") or ("specs",))
    signers = _signers_file(tree)
    also = [name for name in (signers, baselines.FILE) if name in tree.names]
    return [*specs, *beside, *also]


def _signers_file(tree: Tree) -> str:
    name = tree.pytest.text("specgates_allowed_signers")
    return posixpath.normpath(name) if name else ""


def _read(root: Path, names: Iterable[str]) -> dict[str, str]:
    found = {}
    for name in names:
        file = root / name
        if file.is_file() and file.stat().st_size <= _LARGEST:
            found[name] = file.read_text("utf-8", errors="replace")
    return found


def _referenced(loaded: Loaded, tree: Tree, read: Any) -> dict[str, str]:
    """The texts of the schemas that gates name, and of those that these refer to."""
    waiting = list(_schema_names(_gates(loaded)))
    found: dict[str, str] = {}
    while waiting:
        fresh = [n for n in dict.fromkeys(waiting) if n in tree.names and n not in found]
        if not fresh:
            break
        texts = read(fresh)
        found.update({name: texts.get(name, "") for name in fresh})
        waiting = [
            posixpath.normpath(posixpath.join(posixpath.dirname(name), target))
            for name in fresh
            for target in _targets(_document(name, found[name]))
        ]
    return found


def _schema_names(gates: Iterable[Gate]) -> Iterator[str]:
    for gate in gates:
        for check in gate.checks:
            if check.kind in ("conforms", "returns"):
                # `takes` and `compatible` are stricter where a schema allows more.
                names = (name.partition("#")[0] for name in check.options["asked"])
                yield from map(posixpath.normpath, names)


def _targets(schema: Any) -> Iterator[str]:
    """The files that the `$ref`s of a schema name."""
    if isinstance(schema, dict):
        target = schema.get("$ref")
        if isinstance(target, str) and "://" not in target:
            path = target.partition("#")[0]
            if path:
                yield path
        for inner in schema.values():
            yield from _targets(inner)
    elif isinstance(schema, list):
        for inner in schema:
            yield from _targets(inner)


def _document(name: str, text: str) -> Any:
    """A schema's document; None for one that cannot be read, of which a run tells."""
    try:
        if name.endswith((".yaml", ".yml")):
            found = list(documents(text, name))
            return plain(found[0]) if len(found) == 1 else None
        return json.loads(text.removeprefix("\ufeff"))
    except (SpecError, ValueError, RecursionError):
        return None


# --- what the gates rest on ---------------------------------------------------------------


def _signers(old: Tree, new: Tree) -> Iterator[Change]:
    """Whose signatures count: only a signer who is new weakens, wherever the file lies."""
    before, after = _signers_file(old), _signers_file(new)
    if before and after:
        lines = (tree.texts.get(n, "").splitlines() for tree, n in ((old, before), (new, after)))
        yield from compare_signers(after, *lines)


def _baseline(gates: Iterable[Gate], old: Tree, new: Tree) -> Iterator[Change]:
    """Another commit to compare with: what was lost up to it is not seen any more."""
    if not any(c.options.get("since") == baselines.NAME for gate in gates for c in gate.checks):
        return
    before, after = (_commit(tree.texts.get(baselines.FILE, "")) for tree in (old, new))
    if before and before != after:
        told = f"{after[:10] or 'no commit'}, on the base {before[:10]}"
        yield Change("weakened", baselines.NAME, told, Span(baselines.FILE, 1, 1))


def _commit(text: str) -> str:
    try:
        return baselines.parse(text).commit
    except ValueError:
        return ""


def _schemas(
    before: Iterable[Gate], after: Iterable[Gate], old: Tree, new: Tree
) -> Iterator[Change]:
    names = {n for n in old.texts.keys() & new.texts.keys() if old.texts[n] != new.texts[n]}
    specs = {gate.spec.path for gate in (*before, *after)}
    left = specs | {*configuration.FILES, baselines.FILE}
    changed = sorted(n for n in names - left if n.endswith((".json", ".yaml", ".yml")))
    if not changed:
        return
    turned = turned_parts(dict(_referring(old, left)))
    for name in changed:
        one, two = _document(name, old.texts[name]), _document(name, new.texts[name])
        now = _parts(two)
        for at, before in _parts(one).items():
            for told in loosened(before, now.get(at), at, turned.get(name, frozenset())):
                yield Change("weakened", f"schema {name}", told, Span(name, 1, 1))


def _referring(tree: Tree, left: Iterable[str]) -> Iterator[tuple[str, Any]]:
    """The documents that can be schemas of several parts, or be named by one."""
    for name, text in tree.texts.items():
        if name.endswith((".json", ".yaml", ".yml")) and name not in left:
            yield name, _document(name, text)


def _parts(document: Any) -> dict[str, Any]:
    """The schemas of a document by their pointers: of OpenAPI those that others refer to."""
    if not isinstance(document, dict) or not {"openapi", "swagger"} & document.keys():
        return {"": document}
    components = document.get("components")
    inner = components.get("schemas") if isinstance(components, dict) else None
    at = "/components/schemas" if isinstance(inner, dict) else "/definitions"
    inner = inner if isinstance(inner, dict) else document.get("definitions")
    return {f"{at}/{name}": one for name, one in inner.items()} if isinstance(inner, dict) else {}


def _tests(
    gates: Iterable[Gate],
    old: Tree,
    new: Tree,
    changed: frozenset[str],
    renamed: Mapping[str, str],
) -> Iterator[Change]:
    """Tests that are gone, skipped, or without the mark by which a gate finds them."""
    now_of = {before: after for after, before in renamed.items()}
    subjects = [
        subject
        for gate in gates
        for check in gate.checks
        if check.kind in _RUN_KINDS
        for subject in check.subject or ("",)
    ]
    selectors = [selector(subject) for subject in dict.fromkeys(subjects)]
    wanted = {s.partition(":")[2] for s in subjects if s.startswith(("marker:", "type:"))}
    moved = _fresh_names(old, new, changed, renamed)
    for name in sorted(n for n in old.names if n in changed and old.is_test_file(n)):
        before = read_tests(old.texts.get(name, "")) or {}
        path = now_of.get(name, name)
        after = read_tests(new.texts.get(path, "")) or {}
        for test in before.values():
            ref = TestRef(f"{name}::{test.name}", test.marks)
            if not any(matches(ref) for matches in selectors) and not _is_bound(test):
                continue
            found = after.get(test.name)
            subject = f"test {name}::{test.name}"
            if found is None:
                if test.name.rpartition("::")[2] not in moved:
                    yield Change("removed", subject, "is gone", Span(name, test.line, 1))
                continue
            place = Span(path, found.line, 1)
            for mark in sorted(found.skips - test.skips):
                yield Change("weakened", subject, f"is marked {mark} now", place)
            for mark in sorted(test.marks - found.marks):
                if mark in wanted or mark.startswith("spec("):
                    yield Change("weakened", subject, f"is not marked {mark} any more", place)


def _is_bound(test: TestSource) -> bool:
    return any(mark.startswith("spec(") for mark in test.marks)


def _fresh_names(
    old: Tree, new: Tree, changed: frozenset[str], renamed: Mapping[str, str]
) -> frozenset[str]:
    """The names of the tests that are new in changed files: those that moved are among them."""
    found: set[str] = set()
    for name in changed:
        if name in new.names and new.is_test_file(name):
            after = read_tests(new.texts.get(name, "")) or {}
            before = read_tests(old.texts.get(renamed.get(name, name), "")) or {}
            found |= {n.rpartition("::")[2] for n in after.keys() - before.keys()}
    return frozenset(found)


def _exclusions(
    gates: Iterable[Gate],
    old: Tree,
    new: Tree,
    changed: frozenset[str],
    renamed: Mapping[str, str],
) -> Iterator[Change]:
    """Files of a coverage scope in which more lines are excluded than were."""
    subjects = [c.subject for gate in gates for c in gate.checks if c.kind == "coverage"]
    if not subjects:
        return
    scopes = {changed_scope(one) or one for subject in subjects for one in subject}
    everything = not all(subjects)
    pattern = _excluding(new)
    for name in sorted(changed):
        text = new.texts.get(name)
        if text is None or not name.endswith(".py") or new.is_test_file(name):
            continue
        if not everything and not any(covers(scope, name) for scope in scopes):
            continue
        before = old.texts.get(renamed.get(name, name), "")
        lines = [n for n, line in enumerate(text.splitlines(), 1) if pattern.search(line)]
        known = sum(1 for line in before.splitlines() if pattern.search(line))
        if len(lines) > known:
            told = f"{len(lines)} lines exclude code from coverage, on the base {known}"
            yield Change("weakened", f"exclusions {name}", told, Span(name, lines[-1], 1))


def _excluding(tree: Tree) -> re.Pattern[str]:
    made = [_PRAGMA]
    lines, more = (tree.coverage.items(f"report.exclude_{name}") for name in ("lines", "also"))
    for pattern in (*lines, *more):
        try:
            re.compile(pattern)
        except re.error:
            continue  # coverage itself says what is wrong with it
        made.append(pattern)
    return re.compile("|".join(f"(?:{pattern})" for pattern in made))


def _ignored(old: Tree, new: Tree, changed: frozenset[str]) -> Iterator[Change]:
    """What conftest files keep pytest from collecting."""
    for name in sorted(changed):
        if posixpath.basename(name) != "conftest.py" or name not in new.names:
            continue
        fresh = ignored_by(new.texts.get(name, "")) - ignored_by(old.texts.get(name, ""))
        for item in sorted(fresh):
            told = f"keeps {item} from being collected"
            yield Change("weakened", f"conftest {name}", told, Span(name, 1, 1))
