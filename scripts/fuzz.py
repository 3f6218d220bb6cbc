"""Feed changed texts to all that reads texts, and see that each gives a result or a told error.

    python scripts/fuzz.py [--inputs N] [--seed S] [--seconds T] [--only NUMBER] [CORPUS...]

The texts of the corpus (default: tests/specs, tests/formats, examples, docs) are cut, mixed and
spoilt, and read as specs, bindings, waivers, files of other tools, lines of prose, data of
`conforms` and `config`, configuration of pytest and coverage, and test files; reports and shards
are spoilt too. An error of ours that names its place is as good as a result; anything else, more
than 2 s of CPU time for an input, or 300 MB more of memory, is a finding. Findings are printed;
`--seed S --only NUMBER` reads one again. Exit code 1 if there are any.
"""

from __future__ import annotations

import argparse
import faulthandler
import json
import random
import re
import resource
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from pytest_specgates import pipeline
from pytest_specgates.errors import ProbeError, SpecError
from pytest_specgates.measure import config, conforms
from pytest_specgates.model import (
    Base,
    Gate,
    RecordedCoverage,
    RunEvidence,
    Samples,
    Shard,
    Surroundings,
    TestRef,
    TestResult,
)
from pytest_specgates.pipeline.merging import (
    ShardError,
    check_together,
    merged_evidence,
    merged_report,
)
from pytest_specgates.pipeline.verifying import Expected, verify
from pytest_specgates.read import configuration
from pytest_specgates.read.source_of_tests import read_tests
from pytest_specgates.report.json_report import render_json
from pytest_specgates.report.recorded import ReportError, read_report
from pytest_specgates.report.shard_file import read_shard, render_shard
from pytest_specgates.understand.prose.reading import read_text

FOLDERS = ("tests/specs", "tests/formats", "examples", "docs")
MOST_SECONDS = 2.0
MOST_GROWTH = 300
"""MB of peak memory that a run may grow by, from the moment when the corpus is read."""
SHOWN_ALIKE = 3
CUT = 1500
KINDS = pipeline.kinds(third_party=False)
LOADED = pipeline.load(
    {
        "specs/x.spec.yaml": "spec: x\nscope: src\ngates:\n  - tests: all pass\n"
        '  - coverage: branch >= 50%\n  - latency: p95 < 1 s\n  - throughput: ">= 1/s"\n'
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


class TooSlow(BaseException):
    """An input took too long. No Exception, so that no reader takes it for one of its own."""


# --- the corpus ----------------------------------------------------------------------------

_SPEC_ENDINGS = (".yaml", ".yml", ".md", ".json", ".js", ".ts")
_DATA_ENDINGS = (".yaml", ".yml", ".json", ".jsonl", ".toml", ".ini", ".cfg")
_BINDINGS = (
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
_DATA = (
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
    specs, data = [_BINDINGS, _WAIVERS], list(_DATA)
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


# --- changes of a text ---------------------------------------------------------------------

_SIGNS = """
: |- |> |? |* |& |! |!!int |!!binary |% |@ |` |" |' |{ |} |[ |] |, |#| # |---|...|<<: |"\\
''|~|null|.inf|.nan|true|0o7|0xF|&a |*a|- - - |? ? |: : |>-|\\|+9|%YAML 1.1|{{|}}|{name}|${x}
# |## Acceptance criteria|### Requirement: x|- [ ] |- [x] |1. |* |+ |> |```|```yaml|~~~|**|__
[x](y)|<!--|-->|<br>|\\|\\|---\\||\\|a\\|b\\|\\||===|[^1]|***|`a`|&nbsp;|$ref|#/|\\u0000|\\ud800
>= |<= |!= |== |< |> |% |ms|p95|p(95)<200|/s|at least |under |no more than |except |unless |and
or |per file|99.9%|200 ms|1,000|1.000,5|10k|5 to 10|within 3 days|- bind: |of: |must: |gates:
spec: x|workflow: x|params: |level: should|waivers:|bindings:|when: |not |never |every |ratio
"""
_NUMBERS = """
1e999 -1e999 1e-999 1e400 NaN nan Infinity -Infinity .nan -.inf 0 -0 00 1_000 0x 0xFF 0b1 1.2.3
1e 1e+ .5 5. 1/0 1/3 99999999999999999999999999 1e99 1e40 1e308 -1 +1 1,5 1'000 ½ ² Ⅷ 一 ٣ ३
\U0001d7d7 \uff11
"""
_CHARACTERS = (
    *"\0\x01\x07\x08\t\n\r\x0b\x0c\x1b\x1c\x1f\x7f\x85\xa0\xad",
    *"\u200b\u200d\u202e\u2028\u2029\ufeff\ufffe\uffff\ufffd\ud800\udfff\udc80",
    *"é√≥≤×µ–—“”’…İıßſK\u0301\U0001f600\U0001d7d7\U0010ffff٣३１½²",  # noqa: RUF001
)
_DIGITS = ("٠١٢٣٤٥٦٧٨٩", "０１２３４５６７８９", "⁰¹²³⁴⁵⁶⁷⁸⁹", "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗")  # noqa: RUF001
_NESTS = ("[]", "{}", "()", '""', "''", "``", "**", "<>", ("- ", ""), ("{a: ", "}"), ("> ", ""))
_NESTS_MORE = (('{"a":', "}"), ('[{"$ref":"#"},', "]"), ("a.", ""), ("? ", ""), ("(a ", ")"))
PIECES = tuple(
    sign.replace("\0", "|")
    for line in _SIGNS.strip("\n").splitlines()
    for sign in line.replace("\\|", "\0").split("|")
    if sign
)
NUMBERS = tuple(_NUMBERS.split())
Change = Callable[[random.Random, str, Corpus], str]


def _span(rng: random.Random, text: str, most: int = 80) -> tuple[int, int]:
    start = rng.randrange(len(text) + 1)
    return start, min(len(text), start + rng.randrange(most))


def _delete(rng: random.Random, text: str, _: Corpus) -> str:
    start, end = _span(rng, text)
    return text[:start] + text[end:]


def _duplicate(rng: random.Random, text: str, _: Corpus) -> str:
    start, end = _span(rng, text)
    return text[:end] + text[start:end] * rng.choice((1, 1, 1, 2, 5)) + text[end:]


def _move(rng: random.Random, text: str, _: Corpus) -> str:
    start, end = _span(rng, text)
    rest = text[:start] + text[end:]
    at = rng.randrange(len(rest) + 1)
    return rest[:at] + text[start:end] + rest[at:]


def _lines(rng: random.Random, text: str, _: Corpus) -> str:
    """A line is deleted, doubled, or changes its place with another."""
    lines = text.split("\n")
    one, two = rng.randrange(len(lines)), rng.randrange(len(lines))
    how = rng.randrange(4)
    if how == 0:
        del lines[one]
    elif how == 1:
        lines.insert(two, lines[one])
    elif how == 2:
        lines[one], lines[two] = lines[two], lines[one]
    else:
        lines[one] += lines[two].lstrip()
    return "\n".join(lines)


def _splice(rng: random.Random, text: str, given: Corpus) -> str:
    """A piece of another text stands in this one."""
    other = rng.choice(rng.choice((given.specs, given.data)))[1]
    start, end = _span(rng, other, 200)
    at, until = _span(rng, text)
    return text[:at] + other[start:end] + text[rng.choice((at, until)) :]


def _prose(rng: random.Random, text: str, given: Corpus) -> str:
    at, until = _span(rng, text, 30)
    return text[:at] + rng.choice(given.lines)[:120] + text[rng.choice((at, until)) :]


def _flip(rng: random.Random, text: str, _: Corpus) -> str:
    if not text:
        return text
    at = rng.randrange(len(text))
    return text[:at] + chr(ord(text[at]) ^ (1 << rng.randrange(8))) + text[at + 1 :]


def _piece(rng: random.Random, text: str, _: Corpus) -> str:
    at, until = _span(rng, text, 6)
    return text[:at] + rng.choice(PIECES) + text[rng.choice((at, until)) :]


def _at_line(rng: random.Random, text: str, _: Corpus) -> str:
    """A sign stands where a line begins or ends."""
    lines = text.split("\n")
    at, piece = rng.randrange(len(lines)), rng.choice(PIECES)
    inner = lines[at].lstrip()
    indent = lines[at][: len(lines[at]) - len(inner)]
    lines[at] = lines[at] + piece if rng.random() < 0.3 else indent + piece + inner
    return "\n".join(lines)


def _character(rng: random.Random, text: str, _: Corpus) -> str:
    at, until = _span(rng, text, 3)
    put: str = rng.choice(_CHARACTERS)
    return text[:at] + put + text[rng.choice((at, until)) :]


def _number(rng: random.Random, text: str, _: Corpus) -> str:
    found = list(re.finditer(r"[0-9][0-9.,]*", text))
    at, until = rng.choice(found).span() if found else _span(rng, text, 2)
    return text[:at] + rng.choice(NUMBERS) + text[until:]


def _digits(rng: random.Random, text: str, _: Corpus) -> str:
    table: dict[int, int] = str.maketrans("0123456789", rng.choice(_DIGITS))
    return text.translate(table)


def _case(rng: random.Random, text: str, _: Corpus) -> str:
    start, end = _span(rng, text)
    changed = rng.choice((str.upper, str.lower, str.title, str.swapcase))(text[start:end])
    return text[:start] + changed + text[end:]


def _long(rng: random.Random, text: str, _: Corpus) -> str:
    """A long run of a character, of a sign, or of a piece of the text."""
    start, end = _span(rng, text, 10)
    unit = rng.choice((text[start:end], rng.choice(PIECES), rng.choice(_CHARACTERS), " ", "9", "a"))
    size = rng.choice((50, 300, 300, 1000, 1000, 3000))
    if rng.random() < 0.01:
        size = 30_000
    return text[:start] + unit * (size // max(1, len(unit))) + text[end:]


def _deep(rng: random.Random, text: str, _: Corpus) -> str:
    nest = rng.choice((*_NESTS, *_NESTS_MORE))
    opening, closing = nest[0], nest[1]
    depth = rng.choice((3, 20, 49, 52, 120, 400, 1100))
    if rng.random() < 0.02:
        depth = 20_000
    start, end = _span(rng, text)
    closed = closing * (depth if rng.random() < 0.7 else depth // 2)
    return text[:start] + opening * depth + text[start:end] + closed + text[end:]


def _aliases(rng: random.Random, text: str, _: Corpus) -> str:
    """An anchor, aliases of it, and now and then aliases of aliases."""
    at = rng.randrange(len(text) + 1)
    if rng.random() < 0.5:
        return text[:at] + rng.choice(("&a ", "*a", "&a *a", " *a : ", "\n- *a\n")) + text[at:]
    rows = ["a0: &a0 [x, x, x, x, x, x]"]
    for n in range(1, rng.randrange(2, 9)):
        rows.append(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 6)}]")
    at = text.rfind("\n", 0, at) + 1
    return text[:at] + "\n".join(rows) + "\n" + text[at:]


def _indent(rng: random.Random, text: str, _: Corpus) -> str:
    lines = text.split("\n")
    first = rng.randrange(len(lines))
    by = rng.choice((" ", "  ", "    ", "\t", " " * 200, " " * 1500, "\xa0", "> ", "- "))
    for at in range(first, min(len(lines), first + rng.choice((1, 1, 3, 20)))):
        lines[at] = lines[at][1:] if rng.random() < 0.2 else by + lines[at]
    return "\n".join(lines)


def _breaks(rng: random.Random, text: str, _: Corpus) -> str:
    return text.replace("\n", rng.choice(("\r\n", "\r", "\x85", "\u2028", "\n\n", "\n\r", " ")))


CHANGES: tuple[Change, ...] = (
    *(_delete, _delete, _duplicate, _move, _lines, _lines, _lines, _splice, _splice, _prose),
    *(_flip, _flip, _piece, _piece, _piece, _piece, _at_line, _at_line, _at_line, _character),
    *(_character, _number, _number, _digits, _case, _long, _deep, _aliases, _indent, _breaks),
)


def changed(rng: random.Random, text: str, given: Corpus) -> str:
    """The text after one to five changes; a part of a long one."""
    if len(text) > 400:
        text = _part(rng, text)
    for _ in range(rng.choice((1, 1, 2, 2, 3, 5))):
        text = rng.choice(CHANGES)(rng, text, given)
    return text


def _part(rng: random.Random, text: str) -> str:
    """The first lines, which say what a text is, and some lines of the rest."""
    lines = text.split("\n")
    head = rng.randrange(0, 7)
    size = rng.choice((200, 400, 700, 1200, 1900))
    kept = lines[:head]
    start = rng.randrange(head, len(lines)) if head < len(lines) else head
    used = sum(map(len, kept))
    for line in lines[start:]:
        kept.append(line)
        used += len(line) + 1
        if used > size:
            break
    return "\n".join(kept)[: 2 * size]


# --- inputs --------------------------------------------------------------------------------

_HEADINGS = (
    *("", "Acceptance criteria", "validation", "performance_targets", "coverage", "Latency (ms)"),
    *("rollback_if", "alerts", "Error budget", "constraints", "success_metrics", "Non-goals"),
)
_COLUMNS = ("", "", "", "", "Metric|Target", "Metric|Target|Limit|Max", "p50|p95|p99", "Name|%|")
_NAMES = (
    *("x.spec.yaml", "x.md", "bindings.yaml", "x.slo.yaml", "codecov.yml", "k6.js", "k6.json"),
    *("lighthouserc.json", "budget.json", "openspec/specs/x/spec.md", "specs/001-x/spec.md"),
    *(".kiro/specs/x/requirements.md", "slo.yaml", "x.openslo.yaml", "tasks.md", "x.unknown"),
)


def made(rng: random.Random, given: Corpus) -> Input:
    """An input: of 100, 66 lines of prose, 20 files with specs, 9 data files, 3 settings or test
    files, 2 reports or shards."""
    kind = rng.random()
    if kind < 0.02:
        name, data = rng.choice(records())
        text = data if rng.random() < 0.3 else spoilt(rng, data)
        return Input(name, {f"{name}.json": text if text != data else changed(rng, text, given)})
    if kind < 0.05:
        name, text = rng.choice(SETTINGS)
        return Input("settings", {name: changed(rng, text, given)})
    if kind < 0.71:
        text = changed(rng, rng.choice(given.lines), given)
        if rng.random() < 0.9:
            text = text.replace("\n", " ")
        above = rng.choice(_HEADINGS) if rng.random() < 0.9 else changed(rng, "Targets", given)
        return Input("line", {"line": text, "above": above, "columns": rng.choice(_COLUMNS)})
    if kind < 0.91:
        path, text = rng.choice(given.specs)
        if rng.random() < 0.1:
            path = rng.choice(_NAMES)
        texts = {path: changed(rng, text, given)}
        if rng.random() < 0.1 and path != _BINDINGS[0]:
            texts[_BINDINGS[0]] = changed(rng, _BINDINGS[1], given)
        return Input("spec", texts)
    name, text = rng.choice(_DATA if rng.random() < 0.6 else given.data)
    texts = {name: changed(rng, text, given)}
    if name.endswith((".jsonl", ".json", ".yaml", ".yml")) and rng.random() < 0.6:
        if rng.random() < 0.3:
            texts["schema.json"] = changed(rng, json.dumps(SCHEMA), given)
        return Input("conforms", texts)
    words = re.findall(r"\w[\w.]{0,20}", texts[name])
    texts["key"] = ".".join(rng.choices(words, k=rng.choice((1, 1, 2, 3)))) if words else "a"
    return Input("config", texts)


_JUNK: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1.5, 1e308, 10**30, "", "x", "\0", "\ud800", "1/0", "9/3", "-1/7"),
    *([], {}, [[]], [None], {"": None}, "../../etc/passwd", "/dev/zero", "nan", "passed", 2**63),
)


def spoilt(rng: random.Random, text: str) -> str:
    """A JSON text with some of its values or keys taken out, moved, or replaced."""
    data = json.loads(text)
    for _ in range(rng.choice((1, 1, 2, 3))):
        found = data
        while True:
            inner = list(found) if isinstance(found, dict) else range(len(found))
            if not inner:
                break
            key = rng.choice(inner)
            if isinstance(found[key], (dict, list)) and found[key] and rng.random() < 0.8:
                found = found[key]
                continue
            how = rng.random()
            if how < 0.2:
                del found[key]
            elif how < 0.3 and isinstance(found, dict):
                found[rng.choice(("", "x", "kind", str(key).upper()))] = found.pop(key)
            elif how < 0.4 and isinstance(found, list):
                found.append(deepcopy(found[key]))
            else:
                found[key] = deepcopy(rng.choice(_JUNK))
            break
    return json.dumps(data, ensure_ascii=rng.random() < 0.5)


@cache
def records() -> tuple[tuple[str, str], ...]:
    """A report and a shard of a small project."""
    one = Shard(
        number=1,
        count=1,
        commit="",
        dirty=None,
        spec_digest=LOADED.digest,
        versions={"python": "3"},
        machine={"cpus": "2"},
        started="2026-01-01T00:00:00Z",
        ended="2026-01-01T00:00:01Z",
        whole=("tests",),
        evidence=RunEvidence(
            results={
                name: TestResult(TestRef(name, frozenset(("slow",)), True), "passed")
                for name in ("tests/test_a.py::test_a", "tests/test_a.py::test_b[1]")
            },
            collected=frozenset(("tests/test_a.py::test_a", "tests/test_a.py::test_b[1]")),
            unselected=(TestRef("tests/test_c.py::test_c"),),
            roots=("tests",),
            samples={"tests/test_a.py::test_a": Samples((0.5,) * 60)},
        ),
        coverage=RecordedCoverage(True, {"src/a.py": {"": ((1, 2), (2, -1))}}, ("src",)),
    )
    report = merged_report([("shard.json", one)], LOADED, KINDS, Surroundings(Path()), "pre-merge")
    return (("shard", render_shard(one)), ("report", render_json(report)))


def numbered(seed: int, number: int, given: Corpus) -> Input:
    """The input of a number: the same one for the same seed and corpus."""
    return made(random.Random((seed << 40) + number), given)


# --- reading them --------------------------------------------------------------------------

_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
_CONDITIONS = ("present", "== 3", "> 3", "<= 0.5", "== no", "!= x", "== true")


class Targets:
    """What reads inputs. The data files of `conforms` and `config` are written into a folder."""

    def __init__(self, folder: Path) -> None:
        self.root = folder.resolve()
        (self.root / "schema.json").write_text(json.dumps(SCHEMA))
        self.kept: dict[Any, Any] = {}
        """The validator of the schema as it was: making it takes longer than a validation."""
        self.conforms = _gates("  - conforms: schema.json\n    of: data.json\n")[0]
        text = "".join(f'  - config: a\n    of: x\n    must: "{c}"\n' for c in _CONDITIONS)
        self.config = _gates(text)

    def read(self, given: Input) -> None:
        """Read one input. Raises what its readers raise, and AssertionError for a result that
        cannot be, or an error that does not name its place."""
        texts = given.texts
        if given.target == "line":
            read_line(
                texts["line"], texts["above"], tuple(filter(None, texts["columns"].split("|")))
            )
        elif given.target == "spec":
            read_specs(texts)
        elif given.target == "settings":
            read_settings(texts)
        elif given.target in ("report", "shard"):
            self.judge(given)
        else:
            self.probe(given)

    def judge(self, given: Input) -> None:
        """Hold a report against the specs, or judge the gates by a shard."""
        (text,) = given.texts.values()
        text = text.encode("utf-8", "replace").decode("utf-8")
        around = Surroundings(root=self.root)
        try:
            if given.target == "report":
                expected = Expected(self.root, LOADED, KINDS, "pre-merge", Base(), around)
                assert all(one.message for one in verify(read_report(text), expected))
                return
            shard = read_shard(text)
            check_together([("shard.json", shard)], "", LOADED.digest, None)
        except (ReportError, ShardError):
            return
        around = replace(around, run=merged_evidence([shard], self.root, ["tests/test_a.py"]))
        report = merged_report([("shard.json", shard)], LOADED, KINDS, around, "pre-merge")
        assert render_json(report)

    def probe(self, given: Input) -> None:
        name = next(iter(given.texts))
        for path, text in given.texts.items():
            if path != "key":
                (self.root / path).write_bytes(text.encode("utf-8", "surrogatepass"))
        around = Surroundings(root=self.root)
        if given.target == "config":
            for gate in self.config:
                _probed(gate, around, name, {"asked": (given.texts["key"],)})
            return
        if "schema.json" in given.texts:
            _probed(self.conforms, around, name)
            (self.root / "schema.json").write_text(json.dumps(SCHEMA))
        else:
            _probed(self.conforms, replace(around, cache=self.kept), name)


def _gates(text: str) -> list[Gate]:
    file = pipeline.load({"x.spec.yaml": f"spec: x\ngates:\n{text}"}, KINDS).files["x.spec.yaml"]
    assert not file.all_errors, file.all_errors
    return file.gates


def _probed(
    gate: Gate, around: Surroundings, name: str, options: Mapping[str, Any] | None = None
) -> None:
    """Measure a file, and judge what was measured."""
    check = gate.checks[0]
    check = replace(check, subject=(name,), options={**check.options, **(options or {})})
    kind = config.KIND if check.kind == "config" else conforms.KIND
    try:
        measured = kind.probe(check, around)
    except ProbeError as error:
        told = str(error)
        assert name in told or "schema.json" in told, f"names no file: {told}"
        line = re.search(r"(?:data\.\w+|schema\.json):(-?\d+)", told)
        assert line is None or int(line[1]) >= 1, f"names no line: {told}"
        return
    gate = replace(gate, reading=replace(gate.reading, checks=(check,)))
    verdict = pipeline.judge(gate, [measured])
    assert verdict.sentence


def read_line(text: str, above: str, columns: tuple[str, ...]) -> None:
    meaning = read_text(text, above or None, columns)
    places = [(t.start, t.end) for t in meaning.thresholds]
    places += [(aside.start, aside.end) for aside in meaning.asides]
    for start, end in places:
        assert 0 <= start <= end <= len(text), f"not in the text: {start} to {end}"


def read_specs(texts: Mapping[str, str]) -> None:
    loaded = pipeline.load(texts, KINDS)
    for file in loaded.files.values():
        for error in file.all_errors:
            told = str(error)
            assert error.path in texts, f"names no file: {told!r}"
            last = len(_BREAK.findall(texts[error.path])) + 2
            assert 1 <= error.line <= last, f"names no line: {told!r}"
            assert error.column >= 1, f"names no column: {told!r}"
        for gate in file.gates:
            assert gate.criterion.span.line >= 1, f"stands nowhere: {gate.nodeid!r}"


def read_settings(texts: Mapping[str, str]) -> None:
    for name, text in texts.items():
        if name.endswith(".py"):
            read_tests(text)
            return
        for read in (configuration.pytest_configuration, configuration.coverage_configuration):
            try:
                read({name: text})
            except SpecError as error:
                told = error
            else:
                continue
            assert told.path == name, f"names no file: {told}"
            assert told.line >= 1, f"names no line: {told}"


# --- the run -------------------------------------------------------------------------------


@dataclass(slots=True)
class Findings:
    """How many findings there are by kind and place; the first of each are printed."""

    seed: int
    counts: Counter[str]

    def add(self, number: int, given: Input, what: str, where: str) -> None:
        alike = f"{what.partition(':')[0]} {where}"
        self.counts[alike] += 1
        if self.counts[alike] > SHOWN_ALIKE:
            return
        print(f"finding: --seed {self.seed} --only {number}: {given.target}: {what}")
        if where:
            print(f"  at {where}")
        for path, text in given.texts.items():
            shown = ascii(text)
            print(f"  {path}: {shown[:CUT]}" + (" ..." if len(shown) > CUT else ""))


def peak() -> float:
    """The largest amount of memory that this process has had, in MB."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1_048_576 if sys.platform == "darwin" else 1024)


def _interrupt(*_: object) -> None:
    raise TooSlow


def _where(error: BaseException) -> str:
    """The innermost frame of the package that an error came through, and the last of all."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [f for f in frames if "pytest_specgates" in f.filename] or frames
    places = [f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in (own[-1], frames[-1])]
    return ", ".join(dict.fromkeys(places))


def tried(targets: Targets, given: Input) -> tuple[str, str] | None:
    """What is wrong with how an input is read, and where; None if nothing is."""
    # The time is that of the CPU; a reader that never ends is interrupted.
    signal.setitimer(signal.ITIMER_PROF, 2 * MOST_SECONDS)
    began = time.process_time()
    try:
        targets.read(given)
    except TooSlow as error:
        return f"more than {2 * MOST_SECONDS:g} s", _where(error)
    except Exception as error:
        return f"{type(error).__name__}: {ascii(str(error))[:300]}", _where(error)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    took = time.process_time() - began
    return (f"{took:.1f} s of CPU time", "") if took > MOST_SECONDS else None


def run(numbers: Sequence[int], seed: int, seconds: float, given: Corpus, folder: Path) -> int:
    """Read the inputs of these numbers, for so many seconds at most. The count of findings."""
    findings = Findings(seed, Counter())
    targets = Targets(folder)
    began, base, count = time.monotonic(), peak(), 0
    for count, number in enumerate(numbers, 1):
        one = numbered(seed, number, given)
        wrong = tried(targets, one)
        if wrong is not None and wrong[0].endswith("of CPU time"):
            wrong = tried(targets, one)  # the first of a kind pays for imports, others for noise
        if wrong is not None:
            findings.add(number, one, *wrong)
        grown = peak() - base
        if grown > MOST_GROWTH:
            findings.add(number, one, f"{grown:.0f} MB more of memory", "")
            base = peak()
        if count % 500 == 0:
            faulthandler.dump_traceback_later(120, exit=True)
            if time.monotonic() - began > seconds:
                break
            if count % 50_000 == 0:
                took = time.monotonic() - began
                print(f"... {count:,} inputs, {took:.0f} s, {peak():.0f} MB", file=sys.stderr)
    faulthandler.cancel_dump_traceback_later()
    total = sum(findings.counts.values())
    took = time.monotonic() - began
    print(f"{count} inputs, {total} findings, {took:.1f} s, peak {peak():.0f} MB")
    return total


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--inputs", type=int, default=100_000, metavar="N")
    parser.add_argument("--seed", type=int, default=0, metavar="S")
    parser.add_argument("--seconds", type=float, default=float("inf"), metavar="T")
    parser.add_argument("--only", type=int, metavar="NUMBER", help="read the input of this number")
    parser.add_argument("corpus", type=Path, nargs="*", metavar="CORPUS_FOLDER")
    asked = parser.parse_args(arguments)
    home = Path(__file__).parents[1]
    given = corpus(asked.corpus or [home / folder for folder in FOLDERS])
    numbers = range(asked.inputs) if asked.only is None else (asked.only,)
    before = signal.signal(signal.SIGPROF, _interrupt)
    try:
        with tempfile.TemporaryDirectory() as folder:
            return 1 if run(numbers, asked.seed, asked.seconds, given, Path(folder)) else 0
    finally:
        signal.signal(signal.SIGPROF, before)


if __name__ == "__main__":
    sys.exit(main())
