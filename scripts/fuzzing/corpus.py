"""The texts that inputs are made from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from pytest_specgates import pipeline

FOLDERS = ("tests/specs", "tests/formats", "examples", "docs")
KINDS = pipeline.kinds(third_party=False)
LOADED = pipeline.load(
    {
        "specs/x.spec.yaml": "spec: x\nscope: src\ngates:\n  - tests: all pass\n"
        '  - coverage: branch >= 50%\n  - latency: p95 < 1 s\n  - throughput: ">= 1/s"\n'
        "  - value: mean accuracy >= 0.9 and size <= 3 MB\n"
        "  - exists: README.md\n  - gates: [tests]\n  - It is nice\n"
    },
    KINDS,
)


class Input(NamedTuple):
    """What is read: texts by their paths. For a line of prose: the line, and what is above it."""

    target: str
    texts: Mapping[str, str]


class Corpus(NamedTuple):
    """The texts as (path, text); `data` are those that `conforms` and `config` read."""

    specs: Sequence[tuple[str, str]]
    data: Sequence[tuple[str, str]]
    lines: Sequence[str]


_SPEC_ENDINGS = (".yaml", ".yml", ".md", ".json", ".js", ".ts")
_DATA_ENDINGS = (".yaml", ".yml", ".json", ".jsonl", ".toml", ".ini", ".cfg")
BINDINGS = (
    "bindings.yaml",
    "bindings:\n  API documentation: {exists: docs/api.md}\n"
    '  "{name} works": {tests: "tests/test_{name}.py", level: should, reason: new}\n'
    "  p95 latency: {latency: '< 200 ms', of: test_speed}\n",
)
_WAIVERS = (
    "waivers.yaml",
    "waivers:\n  - {gate: shop/*, owner: ana, reason: later, expires: 2026-12-24}\n"
    "  - gate: policy/weakening/shop/floor\n    owner: ben\n    reason: known\n"
    '    expires: "2027-01-31"\n',
)
SETTINGS = (
    ("pytest.ini", "[pytest]\ntestpaths = tests\naddopts = -q --cov\nspecgates_paths = a b\n"),
    ("setup.cfg", "[tool:pytest]\ntestpaths =\n  a\n  b\n[coverage:run]\nomit = a, b\n"),
    (".coveragerc", "[run]\nbranch = true\nsource = src\n[report]\nexclude_also =\n  if x:\n"),
    (
        "pyproject.toml",
        '[tool.pytest.ini_options]\ntestpaths = ["tests"]\naddopts = "-q -k x"\n'
        "[tool.coverage.report]\nfail_under = 90\n",
    ),
    (
        "test_a.py",
        "import pytest\npytestmark = [pytest.mark.slow]\n\n\nclass TestA:\n"
        "    @pytest.mark.skipif(True, reason='x')\n    def test_a(self): ...\n\n\n"
        '@pytest.mark.spec("x/a")\nasync def test_b():\n    pytest.skip("x")\n',
    ),
)
DATA = (
    ("data.ini", "[a]\nb = 3\non = no\n[c.d]\nlist.1 = y\n; told\nlong = one\n  two\n"),
    ("data.toml", '[a]\nb = 3\nd = 1979-05-27\n[[a.list]]\nx = "y"\nf = [1.5, inf, nan]\n'),
    ("data.json", '{"a": {"b": 3, "list": ["x", {"d": 1.5e3}], "s": "\\u00e9"}}'),
    ("data.jsonl", '{"id": 1, "name": "x", "tags": []}\n{"id": 2, "name": "y"}\n'),
    ("data.yaml", "a: {b: 3, list: [x, y]}\nc: &c [1, 2]\nd: *c\ntext: |\n  one\n"),
)
SCHEMA: dict[str, Any] = {
    "$defs": {"name": {"type": "string", "minLength": 1, "pattern": "^[a-z]+$"}},
    "type": ["object", "array"],
    "properties": {
        "id": {"type": "integer", "minimum": 1, "multipleOf": 0.5},
        "name": {"$ref": "#/$defs/name"},
        "a": {"anyOf": [{"type": "object"}, {"type": "number", "multipleOf": 3}]},
        "text": {"type": "string", "format": "date-time"},
        "link": {"format": "uri"},
        "mail": {"format": "email"},
        "inner": {"$ref": "#"},
        "tags": {"type": "array", "uniqueItems": True, "contains": {"const": 1}},
        "kind": {"enum": ["x", 1, None]},
    },
    "additionalProperties": {"oneOf": [{"type": "string"}, {"type": "object"}, {"type": "number"}]},
    "required": ["id"],
}


def corpus(folders: Sequence[Path]) -> Corpus:
    """The texts of the folders, those that are no UTF-8 left out. The order is stable."""
    specs, data = [BINDINGS, _WAIVERS], list(DATA)
    lines = []
    for folder, file in sorted((f, path) for f in folders for path in f.rglob("*")):
        ending = file.suffix.lower()
        if not file.is_file() or ending not in (*_SPEC_ENDINGS, *_DATA_ENDINGS):
            continue
        try:
            text = file.read_bytes().decode("utf-8")
        except UnicodeDecodeError:
            continue
        if ending in _SPEC_ENDINGS:
            specs.append((file.relative_to(folder).as_posix(), text))
            lines += [line.strip() for line in text.splitlines() if line.strip()]
        if ending in _DATA_ENDINGS:
            data.append((f"data{ending}", text))
    return Corpus(specs, data, lines)
