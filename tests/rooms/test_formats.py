"""Files of other tools are read as their snapshots in tests/formats say.

After a change that is meant, write the snapshots anew with --update-snapshots and read the diff.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_specgates import pipeline
from pytest_specgates.model import Criterion, Threshold
from pytest_specgates.read import ids
from pytest_specgates.read.formats import FORMATS, read_foreign
from pytest_specgates.read.formats.lines import parts
from pytest_specgates.read.spec_file import SpecFile, read_spec_file
from pytest_specgates.understand import dialects

SLOWED = 5 if sys.gettrace() else 1
"""How much slower a line may be while its coverage is measured."""

FOLDER = Path(__file__).parents[1] / "formats"
FILES = sorted(p for p in FOLDER.rglob("*") if p.is_file() and p.suffix != ".out")
KINDS = pipeline.kinds()


def _name(path: Path) -> str:
    return path.relative_to(FOLDER).as_posix()


def _read(path: Path) -> SpecFile:
    return read_spec_file(_name(path), path.read_bytes().decode("utf-8"), KINDS)


def _shown(file: SpecFile) -> str:
    lines = [str(error) for error in file.errors]
    for draft in file.drafts:
        title = f" ({draft.spec.title})" if draft.spec.title else ""
        lines.append(f"spec {draft.spec.name}{title}")
        for criterion, role in zip(draft.spec.criteria, draft.roles, strict=True):
            lines.extend(_criterion(criterion, role))
    return "\n".join(lines) + "\n"


def _criterion(criterion: Criterion, role: str) -> list[str]:
    span, phase = criterion.span, f"{criterion.phase}." if criterion.phase else ""
    form = f" [{criterion.dialect}]" if criterion.dialect else ""
    lines = [
        f"  {phase}{criterion.id} at {span.line}:{span.column} ({role}){form}",
        f"    keys: {' > '.join(criterion.keys)}",
        f"    text: {criterion.text}",
    ]
    if criterion.gate is not None:
        lines.append(
            "    with " + ", ".join(f"{k.text}: {v.text}" for k, v in criterion.gate.pairs)
        )
    if criterion.dialect:
        meaning = dialects.read_criterion(criterion)
        lines.extend(f"    read: {_threshold(t)}" for t in meaning.thresholds)
        if meaning.reason:
            lines.append(f"    {'note' if meaning.thresholds else 'refused'}: {meaning.reason}")
    return lines


def _threshold(t: Threshold) -> str:
    statistic = f"{t.statistic} " if t.statistic else ""
    conditions = f" ({', '.join(t.conditions)})" if t.conditions else ""
    return f"{statistic}{t.metric} {t.op} {float(t.value):g} {t.unit}{conditions}"


@pytest.mark.parametrize("path", FILES, ids=_name)
def test_reads_as_its_snapshot(path: Path, request: pytest.FixtureRequest) -> None:
    shown = _shown(_read(path))
    snapshot = path.with_name(path.name + ".out")
    if request.config.getoption("--update-snapshots"):
        snapshot.write_text(shown, encoding="utf-8")
    assert shown == snapshot.read_text("utf-8")


@pytest.mark.parametrize("path", FILES, ids=_name)
def test_each_criterion_stands_where_its_span_says(path: Path) -> None:
    lines = path.read_text("utf-8").splitlines()
    for draft in _read(path).drafts:
        for criterion in draft.spec.criteria:
            rest = lines[criterion.span.line - 1][criterion.span.column - 1 :]
            assert rest, criterion
            if not criterion.dialect and not rest.startswith(("#", "The system")):
                assert criterion.text.startswith(rest.rstrip()), criterion


@pytest.mark.parametrize("path", FILES, ids=_name)
def test_errors_name_their_place_and_the_next_step(path: Path) -> None:
    file = _read(path)
    assert bool(file.errors) == _name(path).startswith("error_")
    for error in file.errors:
        assert error.path == _name(path)
        assert error.line >= 1
        assert error.column >= 1
        assert error.hint, error


def test_ids_are_unique_within_a_file() -> None:
    for path in FILES:
        for draft in _read(path).drafts:
            names = [(c.phase, c.id) for c in draft.spec.criteria]
            assert len(names) == len(set(names)), path


def test_every_format_has_a_file_here() -> None:
    texts = [(_name(path), path.read_text("utf-8")) for path in FILES]
    for form in FORMATS:
        assert any(form.recognises(path, text) for path, text in texts), form.name


def test_a_fenced_spec_block_comes_before_the_lists() -> None:
    text = "## Success Criteria\n\n- [ ] p95 < 1 s\n\n```yaml\nspec: a\ngates: [exists: x]\n```\n"
    (draft,) = read_spec_file("a.md", text, KINDS).drafts
    told = [(c.text, role) for c, role in zip(draft.spec.criteria, draft.roles, strict=True)]
    assert told == [("exists: x", "criteria"), ("p95 < 1 s", "beside")]


@pytest.mark.parametrize(
    "text",
    [
        "# Guide\n\nThe service answers within 200 ms.\n\n## Setup\n\n- Install it\n",
        "## Notes\n\n- p95 is 300 ms\n",
        "## Success Criteria\n\nA sentence, and no list.\n",
        "## Success Criteria\n\n### Assumptions\n\n- at most 100 users\n",
        "",
    ],
)
def test_a_document_without_criteria_is_none(text: str) -> None:
    assert read_foreign("doc.md", text) is None
    (error,) = read_spec_file("doc.md", text, KINDS).errors
    assert "no spec in this Markdown file" in str(error)


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("## T\n- SC-001: a `<!--` in code\n- SC-002: b\n", ["SC-001", "SC-002"]),
        (
            "- SC-001: a <!-- b --> `c`\n<!--\n- SC-002: d\n--> \n- SC-003: e\n",
            ["SC-001", "SC-003"],
        ),
        (
            "- SC-001: a\n- SC-002: b\n| c | d |\n|---|---|\n| SC-003 | e |\n",
            ["SC-001", "SC-002", "SC-003"],
        ),
        ("---\n- SC-001: a\n\n---\n- SC-002: b\n", ["SC-001", "SC-002"]),
        ("---\ntitle: a\ntags:\n  - b\n---\n- SC-002: b\n", ["SC-002"]),
    ],
)
def test_no_criterion_is_lost_beside_code_tables_and_rules(text: str, ids: list[str]) -> None:
    file = read_foreign("a.md", text)
    assert file is not None
    assert [c.id for draft in file.drafts for c in draft.spec.criteria] == ids


def test_a_paragraph_among_criteria_is_told() -> None:
    text = "## Acceptance Criteria\n\nAnswers come within 1 s.\n\n- [ ] It works\n"
    file = read_foreign("a.md", text)
    assert file is not None
    (draft,) = file.drafts
    assert list(zip([c.text for c in draft.spec.criteria], draft.roles, strict=True)) == [
        ("Answers come within 1 s.", "about"),
        ("It works", "criteria"),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "options.thresholds['m'] = ['p(95)<5'];",
        "options.thresholds.m = ['p(95)<5'];",
        "options['thresholds'] = {};",
        "Object.assign(options.thresholds, more);",
        "export const other = { vus: 1, thresholds };",
    ],
)
def test_thresholds_of_a_script_that_cannot_be_followed_are_an_error(line: str) -> None:
    literal = "export const options = { thresholds: { a: ['p(95)<5'] } };\n"
    file = read_foreign("load.js", literal + line)
    assert file is not None
    (error,) = file.errors
    assert error.line == 2
    assert "cannot be followed" in str(error)
    read = read_foreign("load.js", literal + "console.log(data.thresholds);")
    assert read is not None
    assert read.errors == ()


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.md", "## Acceptance Criteria\n- " + "x " * 10_000 + ":\n" + "  - y\n" * 10_000),
        ("a.md", "### Requirement: a\n" + "**Scenario: a**\n- b\n" * 5_000),
        ("a.md", "### Requirement: a\n" * 20_000),
    ],
)
def test_long_documents_take_linear_time(path: str, text: str) -> None:
    began = time.process_time()
    file = read_foreign(path, text)
    assert time.process_time() - began < 4 * SLOWED
    written = sum(len(c.text) for d in (file.drafts if file else ()) for c in d.spec.criteria)
    assert written <= 2 * len(text)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"thresholds": {"a\\ud800b": ["p(95)<500"]}}', ""),
        ('{"thresholds": {"a": [' + "9" * 5_000 + "]}}", "not valid JSON"),
    ],
)
def test_json_that_no_report_could_hold(text: str, told: str) -> None:
    file = read_foreign("load.json", text)
    assert file is not None
    assert [told in str(error) for error in file.errors] == ([True] if told else [])
    for draft in file.drafts:
        for criterion in draft.spec.criteria:
            criterion.text.encode()


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("**SC-001**: fast", "SC-001"),
        ("**NFR-1.2:** fast", "NFR-1.2"),
        ("[AC-12.1] fast", "AC-12.1"),
        ("NFR-P3: fast", "NFR-P3"),
        ("FR12: works", "FR12"),
        ("REQ-AUTH-007 - works", "REQ-AUTH-007"),
        ("UTF-8 is read", "utf-8-is-read"),
        ("P95: under 200 ms", "p95-under-200-ms"),
        ("SHA-256 hashes are used", "sha-256-hashes-are-used"),
    ],
)
def test_the_id_of_an_item(text: str, wanted: str) -> None:
    file = read_foreign("a.md", f"## Acceptance Criteria\n\n- {text}\n")
    assert file is not None
    assert [c.id for c in file.drafts[0].spec.criteria] == [wanted]


def test_an_id_written_twice_stays_with_the_first() -> None:
    text = "## Success Criteria\n\n- SC-001: p95 < 1 s\n- SC-001: no error\n"
    file = read_foreign("a.md", text)
    assert file is not None
    assert [c.id for c in file.drafts[0].spec.criteria] == ["SC-001", "SC-001-2"]


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("specs/001-albums/spec.md", "001-albums"),
        (".kiro/specs/upload/requirements.md", "upload"),
        ("docs/Release 2.4.md", "release-2-4"),
        ("docs/spec.md", "the-title"),
    ],
)
def test_the_name_of_a_spec(path: str, name: str) -> None:
    heading = "# The title\n\n" if path == "docs/spec.md" else ""
    file = read_foreign(path, f"{heading}- [ ] done\n")
    assert file is not None
    assert file.drafts[0].spec.name == name


LONG = 100_000


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.md", "- [ ] " + "a " * (LONG // 2)),
        ("a.md", "## Success Criteria\n- " + "*" * LONG),
        ("a.md", "## Success Criteria\n\n|" + "-|" * (LONG // 2) + "\n"),
        ("a.md", "## Success Criteria " + "(" * LONG + "\n- a"),
        ("a.md", "# " + "#" * LONG),
        ("a.md", "- [ ] x\n" + "<!--" * (LONG // 4)),
        ("a.md", "- [ ] x\n" + "<!--" * (LONG // 8) + "-->" * (LONG // 8)),
        ("a.md", "- [ ] " + " " * LONG + "x"),
        ("a.md", " " * LONG + "- [ ] x"),
        ("a.md", "- [ ] x\n" + "1." * (LONG // 2)),
        ("a.md", "- **FR-1**: x\n" + "> " * (LONG // 2)),
        ("a.md", "".join(f"{' ' * n}- a:\n" for n in range(400))),
        ("a.md", "- [ ] x" + "\n" * LONG),
        ("a.md", "#\n" * (LONG // 2)),
        ("k6.js", "thresholds = {" + '"\\' * (LONG // 2)),
        ("k6.js", "thresholds = {a: " + "=/[" * (LONG // 3)),
        ("k6.js", "thresholds = " + "{a:" * (LONG // 3)),
        ("k6.js", "thresholds = {a: " + "(" * LONG),
        ("k6.js", "thresholds = {/*" + "*" * LONG),
        ("k6.js", "thresholds:" * (LONG // 11)),
        ("k6.json", '{"thresholds": ' + "[" * LONG),
        ("slo.yaml", "objectives:\n - sli: a\n   pass: [{criteria: ['" + "<" * LONG + "']}]\n"),
        ("budget.json", '{"timings": [{"metric": "' + "a" * LONG + '", "budget": 1}]}'),
    ],
    ids=map(str, range(23)),
)
def test_no_text_takes_long(path: str, text: str) -> None:
    began = time.process_time()
    file = read_foreign(path, text)
    for draft in file.drafts if file is not None else ():
        for criterion in draft.spec.criteria:
            if criterion.dialect:
                dialects.read_criterion(criterion)
    assert time.process_time() - began < 1.0 * SLOWED


def test_paragraphs_and_items_keep_their_lines() -> None:
    text = "# T\n\none\ntwo\n\n- a\n  b\n\n* * *\n\n1. c\n"
    found = [(part.kind, part.text, part.line, part.column) for part in parts(text)]
    assert found == [
        ("heading", "T", 1, 1),
        ("text", "one two", 3, 1),
        ("item", "a b", 6, 3),
        ("item", "c", 11, 4),
    ]


PATHS = [
    "a.md",
    "k6.js",
    "k6.json",
    "slo.yaml",
    "codecov.yml",
    "lighthouserc.json",
    "lighthouserc.yml",
    "lighthouserc.js",
    "budget.json",
]
TEXTS = {_name(path): path.read_text("utf-8") for path in FILES}
SPOILERS = [
    "\n",
    "  ",
    "\t",
    "-",
    "|",
    "#",
    ":",
    "{",
    "}",
    "[",
    "]",
    '"',
    "'",
    "`",
    "<!--",
    "\\",
    "*",
]


def _checked(path: str, text: str) -> None:
    file = read_foreign(path, text)
    if file is None:
        return
    assert bool(file.drafts) != bool(file.errors)
    for draft in file.drafts:
        assert len(draft.roles) == len(draft.spec.criteria) > 0
        for criterion in draft.spec.criteria:
            assert criterion.text
            assert ids.VALID_ID.fullmatch(criterion.id), criterion
            assert 1 <= criterion.span.line <= text.count("\n") + 1 + len(text.splitlines())
            if criterion.dialect:
                meaning = dialects.read_criterion(criterion)
                assert meaning.thresholds or meaning.reason


@given(st.sampled_from(PATHS), st.text(max_size=300))
def test_no_text_crashes(path: str, text: str) -> None:
    _checked(path, text)
    _checked(path, f"thresholds: {{ {text}")
    _checked(path, f"objectives:\n - sli: a\n   {text}")


@given(
    st.sampled_from(sorted(TEXTS)),
    st.sampled_from(SPOILERS),
    st.sampled_from(["in", "out"]),
    st.data(),
)
def test_a_spoilt_file_does_not_crash(
    path: str, spoiler: str, way: str, data: st.DataObject
) -> None:
    text = TEXTS[path]
    at = data.draw(st.integers(0, len(text)))
    _checked(path, text[:at] + (spoiler if way == "in" else "") + text[at + (way == "out") * 7 :])


def test_lines_are_counted_as_editors_count_them() -> None:
    text = "# Criteria\n\x0b\x0c\x1c\u2028more\n```yaml\nspec: x\ngates:\n  - coverage: many\n```\n"
    (file,) = pipeline.load({"a.md": text}, pipeline.kinds()).files.values()
    (error,) = file.all_errors
    assert (error.line, error.text) == (6, "  - coverage: many")
