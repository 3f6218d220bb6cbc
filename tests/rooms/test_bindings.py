"""Bindings: exact texts, patterns with placeholders, beside, in the spec, in the project."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_specgates import pipeline
from pytest_specgates.model import Binding, Gate, Span
from pytest_specgates.pipeline import Loaded
from pytest_specgates.understand import bindings
from pytest_specgates.yaml12 import Node

SLOWED = 5 if sys.gettrace() else 1
"""How much slower a line may be while its coverage is measured."""

KINDS = pipeline.kinds()
NOWHERE = Span("b.yaml", 1, 1)


def _load(spec: str, project: str = "", **others: str) -> Loaded:
    texts = {"specs/x.spec.yaml": spec}
    if project:
        texts["specs/bindings.yaml"] = project
    texts.update({f"specs/{name}.spec.yaml": text for name, text in others.items()})
    return pipeline.load(texts, KINDS)


def _gates(spec: str, project: str = "", **others: str) -> dict[str, Gate]:
    loaded = _load(spec, project, **others)
    assert _errors(loaded) == []
    return {gate.criterion.text: gate for gate in loaded.files["specs/x.spec.yaml"].gates}


def _errors(loaded: Loaded) -> list[str]:
    return [str(error) for file in loaded.files.values() for error in file.all_errors]


def _readings(spec: str, project: str = "", **others: str) -> dict[str, str]:
    return {text: gate.reading.text for text, gate in _gates(spec, project, **others).items()}


def _map(pairs: Mapping[str, str]) -> Node:
    def leaf(text: str) -> Node:
        return Node("scalar", text, 1, 1, 0, 0, False)

    return Node("map", [(leaf(k), leaf(v)) for k, v in pairs.items()], 1, 1, 0, 0, False)


# -- beside it


def test_bind_beside_prose_with_policy() -> None:
    (gate,) = _gates(
        "spec: x\nvalidation:\n"
        "  - Data is clean: {level: should, reason: soon, bind: {conforms: s.json, of: d}}\n"
    ).values()
    assert gate.reading.text == "conforms s.json: all valid of d"
    assert (gate.level, gate.reading.why, gate.criterion.id) == ("should", "soon", "data-is-clean")


def test_bind_in_a_section_and_with_its_policy_inside() -> None:
    gates = _gates(
        "spec: x\nvalidation:\n"
        "  Data is clean: {bind: {exists: a.md, level: may, id: clean}}\n"
        "  Docs: {owner: ana, bind: {exists: b.md}}\n"
    )
    assert gates["Data is clean"].criterion.id == "clean"
    assert gates["Data is clean"].level == "may"
    assert gates["Docs"].reading.owner == "ana"


def test_bind_is_a_section_where_it_is_none_of_this() -> None:
    readings = _readings("spec: x\nphase_1:\n  bind:\n    validation: [docs/a.md]\n  other: text\n")
    assert readings == {"docs/a.md": "exists docs/a.md: all exist"}


@pytest.mark.parametrize(
    ("item", "told"),
    [
        (
            "{bind: {exist: a}}",
            "3:13: `bind:` names no gate\n  as written: - A: {bind: {exist: a}}\n"
            '  did you mean "exists"?',
        ),
        ("{bind: {level: should}}", "`bind:` names no gate"),
        ("{bind: {}}", "`bind:` names no gate"),
        ("{bind: a.md}", "3:13: `bind:` is the mapping of a gate"),
        ("{bind: [a, b]}", "`bind:` is the mapping of a gate"),
        ("{exists: a, bind: {exists: b}}", "`bind:` beside `exists:`, which names a gate already"),
        ("{bind: {exists: a}, of: b}", 'unknown key "of" beside `bind:`'),
        ("{bind: {exists: a}, of: b}", "`of:` belongs inside of `bind:`"),
        ("{bind: {exists: a}, levl: may}", 'did you mean "level"?'),
        ("{bind: {exists: a, level: may}, level: may}", "`level:` stands beside `bind:` and in it"),
        ("{bind: {exists: a, tests: all pass}}", "a gate has one kind"),
        ("{bind: {exists: a, nope: b}}", 'unknown key "nope" in a `exists` gate'),
    ],
)
def test_errors_of_bind(item: str, told: str) -> None:
    (error,) = _errors(_load(f"spec: x\nvalidation:\n- A: {item}\n"))
    assert told in error


def test_bind_in_a_gate_is_an_error() -> None:
    (error,) = _errors(_load("spec: x\ngates:\n- exists: a\n  bind: {exists: b}\n"))
    assert "4:3: `bind:` beside `exists:`" in error
    assert "`bind:` stands beside prose" in error


# -- the order


def test_the_order_is_beside_then_spec_then_project_then_phrases() -> None:
    spec = """
spec: x
validation:
  - Aa bb: {exists: beside.md}
  - Cc dd
  - Ee ff
  - Unit tests pass
  - docs/a.md
bindings:
  Aa bb: {exists: spec.md}
  Cc dd: {exists: spec.md}
"""
    project = """
bindings:
  aa bb: {exists: project.md}
  cc  DD: {exists: project.md}
  ee ff: {exists: project.md}
  unit tests pass: {exists: project.md}
"""
    assert _readings(spec, project) == {
        "Aa bb": "exists beside.md: all exist",
        "Cc dd": "exists spec.md: all exist",
        "Ee ff": "exists project.md: all exist",
        "Unit tests pass": "exists project.md: all exist",
        "docs/a.md": "exists docs/a.md: all exist",
    }


def test_a_pattern_of_the_spec_comes_before_an_exact_text_of_the_project() -> None:
    spec = "spec: x\nvalidation: [Parser works]\nbindings: {'{x} works': {exists: spec.md}}\n"
    project = "bindings: {Parser works: {exists: project.md}}\n"
    assert _readings(spec, project) == {"Parser works": "exists spec.md: all exist"}


def test_policy_beside_the_text_wins_over_that_of_its_binding() -> None:
    (gate,) = _gates(
        "spec: x\nvalidation:\n  - Data holds: {level: may, id: d}\n"
        "bindings:\n  Data holds: {exists: a.md, level: should, owner: ana}\n"
    ).values()
    assert (gate.level, gate.reading.owner, gate.criterion.id) == ("may", "ana", "d")
    assert gate.reading.text == "exists a.md: all exist"


# -- patterns


def test_a_pattern_fills_the_texts_of_its_gate() -> None:
    spec = """
spec: x
validation:
  - The  Lyrics Parser reads Klingon
  - "coverage of src/a.py stays above 80 percent"
bindings:
  "the {what} reads {language}": {tests: all pass, of: ["name:{what} {language}", tests]}
  "Coverage of {path} stays above {n} percent": {coverage: ">= {n}%", of: "{path}"}
"""
    assert _readings(spec) == {
        "The Lyrics Parser reads Klingon": ("tests: all pass of name:Lyrics Parser Klingon, tests"),
        "coverage of src/a.py stays above 80 percent": "coverage: line coverage >= 80% of src/a.py",
    }


def test_an_exact_text_wins_then_the_most_literal_characters() -> None:
    spec = """
spec: x
validation: [Parser works, Parser always works, Parser of x always works]
bindings:
  "{a} works": {exists: short.md}
  "{a} always works": {exists: long.md}
  "parser works": {exists: exact.md}
  "parser of {a} always works": {exists: longest.md}
"""
    assert _readings(spec) == {
        "Parser works": "exists exact.md: all exist",
        "Parser always works": "exists long.md: all exist",
        "Parser of x always works": "exists longest.md: all exist",
    }


def test_two_equally_good_patterns_are_an_error_with_both_places() -> None:
    (error,) = _errors(
        _load(
            "spec: x\nvalidation:\n- big data\nbindings:\n"
            "  'big {a}': {exists: a}\n  '{a}data': {exists: b}\n"
        )
    )
    assert error.startswith('specs/x.spec.yaml:3:3: two bindings fit "big data" equally well')
    assert '"big {a}" in specs/x.spec.yaml:5 and "{a}data" in specs/x.spec.yaml:6' in error


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{x}", "would fit almost any criterion"),
        ("{x} {y}", "would fit almost any criterion"),
        ("{x}: {y}!", "would fit almost any criterion"),
        ("{x}e{y}", "would fit almost any criterion"),
        ("{a}e{b}e{c}", "would fit almost any criterion"),
        ("The {a} and {b}", "would fit almost any criterion"),
        ("works {x}{y}", "two placeholders side by side"),
        ("works {x} and {x}", 'the placeholder "{x}" stands twice'),
        (" and ".join(f"{{p{n}}}" for n in range(9)), "at most 8 are taken"),
    ],
)
@pytest.mark.parametrize("where", ["spec", "project"])
def test_patterns_that_are_refused(text: str, told: str, where: str) -> None:
    entry = f"bindings:\n  '{text}': {{exists: a}}\n"
    spec = "spec: x\nvalidation: [Aa bb]\n"
    loaded = _load(spec + entry) if where == "spec" else _load(spec, entry)
    (error,) = _errors(loaded)
    place = "specs/x.spec.yaml:4:3" if where == "spec" else "specs/bindings.yaml:2:3"
    assert error.startswith(place)
    assert told in error


def test_a_placeholder_that_the_pattern_does_not_have_is_an_error() -> None:
    (error,) = _errors(
        _load(
            "spec: x\nvalidation: [A works]\nbindings:\n  '{name} works': {exists: '{nane}.md'}\n"
        )
    )
    assert error.startswith("specs/x.spec.yaml:4:28: the binding has no placeholder")
    assert 'did you mean "name"?' in error


def test_braces_that_are_no_placeholder_are_text() -> None:
    spec = """
spec: x
validation: ["returns {Id} or {}", "the {{name}} stays"]
bindings:
  "returns {Id} or {}": {exists: "a{b,c}.md"}
  "the {{name}} stays": {exists: "{{name}}.md"}
"""
    assert _readings(spec) == {
        "returns {Id} or {}": "exists a{b,c}.md: all exist",
        "the {{name}} stays": "exists {{name}}.md: all exist",
    }


def test_a_piece_is_never_blank() -> None:
    (error,) = _errors(
        _load("spec: x\nvalidation: [it works well]\nbindings: {'it works {a}well': {exists: a}}\n")
    )
    assert "fits no criterion" in error


def test_matching_keeps_the_case_and_survives_letters_that_grow() -> None:
    spec = "spec: x\nvalidation: ['İİ Ab WORKS']\nbindings: {'{a} works': {exists: '{a}.md'}}\n"
    assert _readings(spec) == {"İİ Ab WORKS": "exists İİ Ab.md: all exist"}


_TEXT = st.text("ab c", min_size=1, max_size=12)


def test_a_pattern_for_every_spec_defers_and_mutes_nothing() -> None:
    entry = "bindings:\n  '{name} works': {exists: a, %s}\n"
    for policy in ("level: may", "stage: post-deploy", "when: src/**"):
        (error,) = _errors(_load("spec: x\nvalidation: [Aa works]\n", entry % policy))
        assert error.startswith("specs/bindings.yaml:2:")
        assert "in a pattern for every spec" in error


def test_a_piece_that_would_select_other_things_is_refused() -> None:
    for text in ("login | works", "* works", "[ab] works"):
        (error,) = _errors(
            _load(
                f"spec: x\nvalidation: ['{text}']\n"
                "bindings:\n  '{name} works': {tests: all pass, of: 'name:{name}'}\n"
            )
        )
        assert "would fill into `of:`" in error


def test_a_text_with_braces_is_bound_by_the_same_text() -> None:
    loaded = _load(
        "spec: x\nvalidation: ['GET /users/{id} works']\n"
        "bindings:\n  'GET /users/{id} works': {exists: docs/users.md}\n"
        "  'GET {path} works': {exists: other.md}\n"
    )
    assert _errors(loaded) == []


@given(pieces=st.lists(st.tuples(_TEXT, st.text("ab ", max_size=4)), min_size=1, max_size=4))
def test_what_a_pattern_was_made_from_it_fits(pieces: list[tuple[str, str]]) -> None:
    pieces = [(piece, literal + "ore") for piece, literal in pieces if piece.strip()]
    if not pieces:
        return
    pattern = "".join(f"{{p{n}}}{literal}" for n, (_, literal) in enumerate(pieces))
    text = " ".join("".join(piece + literal for piece, literal in pieces).split())
    pattern = " ".join(pattern.split())
    made, errors = bindings.compiled([Binding(pattern, _map({"exists": "x"}), NOWHERE)], KINDS)
    assert not errors
    spans = bindings._spans(made.patterns[0], bindings.fold(text))
    # Collapsing white space can take a pattern's own space away; nothing else may.
    if "  " not in "".join(p + q for p, q in pieces) and not pieces[0][0].startswith(" "):
        assert spans
    for start, end in spans:
        assert text[start:end].strip()


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (" ".join(f"a {{p{n}}}" for n in range(8)) + " zzz", "a " * 50_000),
        ("{p}aaaaaaaaab{q}", "a" * 100_000),
        ("{p} a {q} b {r} ccc", "x a b " * 20_000),
    ],
)
def test_matching_takes_linear_time(pattern: str, text: str) -> None:
    made, errors = bindings.compiled([Binding(pattern, _map({"exists": "x"}), NOWHERE)], KINDS)
    assert not errors
    start = time.perf_counter()
    bindings._spans(made.patterns[0], bindings.fold(text))
    assert time.perf_counter() - start < 0.5 * SLOWED


# -- workflows

WORKFLOW = """
workflow: add
validation: ["{source} is read", "Odd things work", "{source} things fit"]
bindings:
  "{{what}} things work": {exists: "{source}/{{what}}.md"}
  "{source} is read": {exists: "{source}.md"}
  "{source} things {{verb}}": {exists: "{{verb}}-{source}.md"}
"""


def test_in_a_workflow_parameters_are_filled_first_and_doubled_braces_are_placeholders() -> None:
    readings = _readings("spec: x\nworkflow: add\nparams: {source: Lrc}\n", add=WORKFLOW)
    assert readings == {
        "Lrc is read": "exists Lrc.md: all exist",
        "Odd things work": "exists Lrc/Odd.md: all exist",
        "Lrc things fit": "exists fit-Lrc.md: all exist",
    }


def test_the_bindings_of_an_instance_replace_those_of_its_workflow() -> None:
    readings = _readings(
        "spec: x\nworkflow: add\nparams: {source: Lrc}\n"
        "bindings: {'{what} things work': {exists: own.md}, lrc is READ: {exists: mine.md}}\n",
        add=WORKFLOW,
    )
    assert readings["Odd things work"] == "exists own.md: all exist"
    assert readings["Lrc is read"] == "exists mine.md: all exist"


def test_a_workflow_without_parameters_has_the_same_placeholders() -> None:
    readings = _readings(
        "workflow: w\nvalidation: [Odd things work, 'the {{a}} stays']\nbindings:\n"
        "  '{{what}} things work': {exists: '{{what}}.md'}\n"
        "  'the {{a}} stays': {exists: a.md}\n"
    )
    assert readings == {
        "Odd things work": "exists Odd.md: all exist",
        "the {{a}} stays": "exists a.md: all exist",
    }


def test_an_error_in_the_gate_of_a_binding_is_one_of_the_bindings_place() -> None:
    (error,) = _errors(
        _load(
            "spec: x\nworkflow: w\nparams: {a: b}\nvalidation: [Odd things work]\n",
            w="workflow: w\nvalidation: ['{a} fits']\nbindings:\n"
            "  '{{what}} things work': {coverage: '>= {{what}}'}\n  '{a} fits': {exists: a}\n",
        )
    )
    assert error.startswith("specs/w.spec.yaml:4:38: ")


# -- the project's file


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "bindings.yaml:1:1: a bindings file without `bindings:`"),
        ("{}", "a bindings file without `bindings:`"),
        ("- a", "a bindings file is a mapping with `bindings:`"),
        ("binding: {a b: {exists: a}}", 'unknown key "binding" in a bindings file'),
        ("binding: {a b: {exists: a}}", 'did you mean "bindings"?'),
        ("spec: x\nbindings: {}", "a spec has a file name of its own that ends in .spec.yaml"),
        ("bindings: [a]", "`bindings:` maps the texts of criteria to gates"),
        ("bindings: {a b: c}", "1:17: `bindings:` maps the texts"),
        ("bindings: {'': {exists: a}}", "a binding without a text"),
        ("bindings: {a b: {level: should}}", "1:17: a binding names a gate"),
        ("bindings: {a b: {exist: a}}", 'did you mean "exists"?'),
        ("bindings: {a b: {exists: a, tests: all pass}}", "a gate has one kind"),
        ("bindings: {a b: {exists: a, id: c}}", "1:29: an id in a binding"),
        ("bindings: {a b: {exists: a, nope: c}}", 'unknown key "nope" in a `exists` gate'),
        ("bindings: {a b: {coverage: about 80}}", "1:28: "),
        (
            "bindings:\n  a b: {exists: a}\n  A  b: {exists: c}\n",
            '3:3: the binding of "A b" stands',
        ),
        (
            "bindings:\n  'aaa {b}': {exists: a}\n  'Aaa {c}': {exists: c}\n",
            "the first is in specs/bind",
        ),
        ("bindings:\n  a: {exists: >90%}\n", "not valid YAML"),
        ("bindings: {}\n---\nbindings: {}\n", "a second document in a bindings file"),
    ],
)
def test_errors_of_the_file_stand_at_their_place(text: str, told: str) -> None:
    loaded = _load("spec: x\nvalidation: [docs/a.md]\n", text or "\n")
    (error,) = loaded.files["specs/bindings.yaml"].all_errors
    assert told in str(error)
    assert error.path == "specs/bindings.yaml"
    assert loaded.files["specs/x.spec.yaml"].all_errors == []


def test_it_counts_in_the_digest_and_is_no_spec() -> None:
    spec = "spec: x\nvalidation: [Aa bb]\n"
    one, other = _load(spec, "bindings: {aa bb: {exists: a}}"), _load(spec)
    assert one.digest != other.digest
    assert list(one.files) == ["specs/x.spec.yaml"]


def test_unused_bindings_are_told_and_are_no_error() -> None:
    project = (
        "bindings:\n  aa bb: {exists: a}\n  cc dd: {exists: b}\n"
        "  'aaa {x}': {exists: c}\n  'eee {x}': {exists: d}\n"
    )
    loaded = _load("spec: x\nvalidation: [Aa bb, Aaa bb]\n", project)
    assert _errors(loaded) == []
    assert [(b.text, b.span.path, b.span.line) for b in loaded.unused] == [
        ("cc dd", "specs/bindings.yaml", 3),
        ("eee {x}", "specs/bindings.yaml", 5),
    ]


def test_nothing_is_called_unused_where_only_some_specs_are_read() -> None:
    texts = {
        "specs/bindings.yaml": "bindings: {cc dd: {exists: a}}",
        "specs/x.spec.yaml": "spec: x\nvalidation: [Aa bb]\n",
        "specs/y.spec.yaml": "spec: y\nvalidation: [Cc dd]\n",
    }
    assert pipeline.load(texts, KINDS, ["specs/x.spec.yaml"]).unused == ()
    assert pipeline.load(texts, KINDS).unused == ()
