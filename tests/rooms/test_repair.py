"""Repairs: the value is what was written, all else stays, and what is unsure is refused."""

from __future__ import annotations

import re
import sys
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pytest_specgates.errors import SpecError
from pytest_specgates.read.repair import mend, repaired
from pytest_specgates.yaml12 import documents, plain

SLOWED = 5 if sys.gettrace() else 1
"""How much slower a line may be while its coverage is measured."""

_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")


def fixed(text: str) -> str:
    mending = mend(text)
    assert mending.fault is None, mending.fault
    return repaired(text, mending.repairs)


def loaded(text: str) -> object:
    (node,) = documents(text, "x")
    return plain(node)


@pytest.mark.parametrize(
    ("text", "after", "value"),
    [
        ("- [ ] a  # why", '- "[ ] a"  # why', ["[ ] a"]),
        ("- [ ] fixes #12 now", '- "[ ] fixes #12 now"', ["[ ] fixes #12 now"]),
        ("- `a # b` c # d", '- "`a # b` c" # d', ["`a # b` c"]),
        ("k: >= 90%   # why", 'k: ">= 90%"   # why', {"k": ">= 90%"}),
        ("- [ ] a\n  goes on\n- b", '- "[ ] a\n  goes on"\n- b', ["[ ] a goes on", "b"]),
        ("k: @a\n\n  b # c\nd: 1", 'k: "@a\n\n  b" # c\nd: 1', {"k": "@a\nb", "d": 1}),
        ("k:\n  @a b\n  c", 'k:\n  "@a b\n  c"', {"k": "@a b c"}),
        ("- Goes\n  on (to: here) x", '- "Goes\n  on (to: here) x"', ["Goes on (to: here) x"]),
        ("- - [ ] a", '- - "[ ] a"', [["[ ] a"]]),
        ('- "Save" works', "- '\"Save\" works'", ['"Save" works']),
        ("'my key': a: b", "'my key': \"a: b\"", {"my key": "a: b"}),
        ("- Load time: a: b", '- "Load time: a: b"', ["Load time: a: b"]),
        (
            "- Load time: a: b\n  of: x: y",
            '- Load time: "a: b"\n  of: "x: y"',
            [{"Load time": "a: b", "of": "x: y"}],
        ),
        ("- a: >= 1\n  of: src", '- a: ">= 1"\n  of: src', [{"a": ">= 1", "of": "src"}]),
        ("m:\n  Load time: a: b", 'm:\n  Load time: "a: b"', {"m": {"Load time": "a: b"}}),
        ("P 1: Setup:\n  - m", '"P 1: Setup":\n  - m', {"P 1: Setup": ["m"]}),
        ("- [ ] P:\n    - [x] c", '- "[ ] P":\n    - "[x] c"', [{"[ ] P": ["[x] c"]}]),
        ("`a`: b: c", '"`a`": "b: c"', {"`a`": "b: c"}),
        ("{a}: b: c", '"{a}": "b: c"', {"{a}": "b: c"}),
        ("- @x: y\n  z: w", '- "@x": y\n  z: w', [{"@x": "y", "z": "w"}]),
        (
            "- >9% of: it: {coverage: >= 90%}",
            '- ">9% of: it": {coverage: ">= 90%"}',
            [{">9% of: it": {"coverage": ">= 90%"}}],
        ),
        ("- [see: this: x] y", '- "[see: this: x] y"', ["[see: this: x] y"]),
        ("k: [README.md, *.md]", 'k: [README.md, "*.md"]', {"k": ["README.md", "*.md"]}),
        ("k: [[ ] a, [x] b]", 'k: ["[ ] a", "[x] b"]', {"k": ["[ ] a", "[x] b"]}),
        ("k: {a: >= 1,\n  b: @x}", 'k: {a: ">= 1",\n  b: "@x"}', {"k": {"a": ">= 1", "b": "@x"}}),
        ("k: {a: exit 0: x, b: 1}", 'k: {a: "exit 0: x", b: 1}', {"k": {"a": "exit 0: x", "b": 1}}),
        ("k: |\n  - [ ] a\nl: @b", 'k: |\n  - [ ] a\nl: "@b"', {"k": "- [ ] a\n", "l": "@b"}),
        ("k: &a x\nl: *a\nm: *b", 'k: &a x\nl: *a\nm: "*b"', {"k": "x", "l": "x", "m": "*b"}),
        ("- !soon done\n- b", '- "!soon done"\n- b', ["!soon done", "b"]),
        ('- it\'s \\ "x": y: z', "- 'it''s \\ \"x\": y: z'", ['it\'s \\ "x": y: z']),
        ("- | a | b |", '- "| a | b |"', ["| a | b |"]),
    ],
)
def test_a_repair_and_the_value_it_gives(text: str, after: str, value: object) -> None:
    for ends in ("", "\n"):
        made = fixed(text + ends)
        assert made == after + ends
        assert loaded(made) == value
        assert mend(made).repairs == ()


@pytest.mark.parametrize(
    ("text", "line", "hint"),
    [
        ('- a\n- "open\n- b', 2, "close it"),
        ("- 'tis so\n- b", 1, "close it"),
        ("k: [a, b\nl: c", 2, "a quote or a bracket may be open"),
        ("k: [[ ] a, b, [x] c]", 1, "a quote or a bracket may be open"),
        ("a:\n\t- b", 2, "replace the tabs"),
        ("- [ ] a\n  - [ ] b", 2, "a list stands below a text"),
        ("x:\n  * a\n  * b", 3, "begin with a dash"),
        ("- Text\n  of: it", 2, "a quote or a bracket may be open"),
        ("- [ ] a # c\n  b\n- c", 2, "a quote or a bracket may be open"),
        ("a: - b", 1, "a quote or a bracket may be open"),
        ("- a: &b @c", 1, "a quote or a bracket may be open"),
        ("- !!str @c", 1, "a quote or a bracket may be open"),
        ("k: |\n\tx\n", 2, "replace the tabs"),
        ("a: 1\na: @b", 2, "keep one of the two"),
        ("- \x07 @a", 1, "remove it"),
        ("- [ ] ok\n- [a", 3, "a quote or a bracket may be open"),
    ],
)
def test_what_cannot_be_repaired_surely_is_refused(text: str, line: int, hint: str) -> None:
    mending = mend(text)
    assert isinstance(mending.fault, SpecError)
    assert hint in mending.fault.hint
    assert mending.fault.line == line


def test_a_valid_text_needs_nothing_also_where_it_is_odd() -> None:
    text = "- ! loud\n- [ ]\n- &a b\n- text # 1\n- Time (of: it)\n- >2\n"
    assert mend(text) == mend("- a\n")
    assert mend("") == mend("- a\n")


def test_a_deep_text_is_refused() -> None:
    fault = mend("- " * 100 + "@x").fault
    assert fault is not None
    assert mend("[" * 5000).fault is not None


WORDS = st.lists(
    st.one_of(
        st.text("abcXYZäß日", min_size=1, max_size=6),
        st.sampled_from(["50%", "it's", '"so"', "a\\b", "`x y`", "#12", "(p95)", "-", "a:b", "&c"]),
    ),
    max_size=5,
).map(lambda words: " ".join(["some", *words]))
STARTS = ("[ ] ", "[x] ", "`a` ", "@", ">90% ", "> ", "%", "* ", "**b** ", "*", "& ", "| ", "!x ")
BROKEN = st.one_of(
    st.tuples(st.sampled_from([*STARTS, "{a} ", "[a](b) ", '"q" ']), WORDS).map("".join),
    # ` #12` ends a text that is valid so far: with a second colon behind it, it is valid.
    st.tuples(WORDS, WORDS, WORDS).map(": ".join).map(lambda text: "two " + text.replace("#", "")),
)
SOUND = st.sampled_from(["plain", "a b c", "'quoted'", '"x: y"', "90%"])


@st.composite
def documents_with_faults(draw: st.DrawFn) -> tuple[str, dict[str, object], set[int]]:
    """A document, what it has to load as, and the lines (from 0) that are broken."""
    text, broken, line = "", set(), 0
    value: dict[str, object] = {}
    for number in range(draw(st.integers(1, 4))):
        end = draw(st.sampled_from(["\n", "\r\n", "  \n"]))
        indent = " " * draw(st.sampled_from([0, 2, 4]))
        text += f"k{number}:{end}"
        line += 1
        items: list[object] = []
        for _ in range(draw(st.integers(1, 5))):
            is_broken = draw(st.booleans())
            written = draw(BROKEN if is_broken else SOUND)
            goes_on = draw(st.sampled_from(["", "", "", "more of it"])) if is_broken else ""
            shape = draw(st.sampled_from(["item", "pair", "second"]))
            lead = {"item": "- ", "pair": "- key: ", "second": f"- a: b{end}{indent}  key: "}[shape]
            line += shape == "second"
            comment = draw(st.sampled_from(["", "  # note"]))
            more = f"{end}{indent}      {goes_on}{comment}" if goes_on else comment
            text += f"{indent}{lead}{written}{more}{end}"
            if is_broken:
                broken |= {line, line + bool(goes_on)}
            line += 1 + bool(goes_on)
            loads = written if is_broken else loaded(written)
            loads = f"{loads} {goes_on}" if goes_on else loads
            pair = {"key": loads}
            items.append(
                loads if shape == "item" else {"a": "b", **pair} if shape == "second" else pair
            )
        value[f"k{number}"] = items
    return text, value, broken


@given(documents_with_faults())
def test_a_repaired_document_says_what_was_written(
    made: tuple[str, dict[str, object], set[int]],
) -> None:
    text, value, broken = made
    mending = mend(text)
    assert mending.fault is None, mending.fault
    after = repaired(text, mending.repairs)
    assert loaded(after) == value
    before_lines, after_lines = text.splitlines(keepends=True), after.splitlines(keepends=True)
    assert len(before_lines) == len(after_lines)
    for number, (was, now) in enumerate(zip(before_lines, after_lines, strict=True)):
        if number not in broken:
            assert was == now
    assert repaired(after, mend(after).repairs) == after


@given(st.text(alphabet="ab:- \n\r\t[]{}&*!|>'\"#%@`~,\\\u2028\ufeff", max_size=80))
@example("\t:")
@example(">: ")
def test_any_text_is_repaired_or_refused_and_the_rest_stays(text: str) -> None:
    mending = mend(text)
    after = repaired(text, mending.repairs)
    was, now = _BREAK.split(text), _BREAK.split(after)
    assert _BREAK.findall(text) == _BREAK.findall(after)
    touched: set[int] = set()
    for repair in mending.repairs:
        count = repair.before.count("\n") + 1
        lines = range(repair.line - 1, repair.line - 1 + count)
        assert was[lines.start : lines.stop] == repair.before.split("\n")
        assert not touched & set(lines)
        touched |= set(lines)
    assert all(was[n] == now[n] for n in range(len(was)) if n not in touched)
    if mending.fault is None:
        for _ in documents(after, "x"):
            pass
        assert mend(after).repairs == ()
        # Only quotes were added.
        assert re.sub("[\"']", "", after) == re.sub("[\"']", "", text)


@pytest.mark.parametrize(
    "text",
    [
        "x:\n" + "".join(f"  - [ ] point {n}\n" for n in range(2_000)),
        "".join(f"k{n}: a: b\n" for n in range(2_000)),
        "".join(f"- [ ] point {n}\n  goes on\n" for n in range(2_000)),
        "".join(f"- [see: this: {n}] x\n" for n in range(2_000)),
        "- |\n" + "  text\n" * 2_000 + "- @x\n" * 2_000,
        "x: [\n" + "  @a,\n" * 2_000 + "]\n",
        "x: [" + "@a, " * 2_000 + "]\n",
        "- @" + "x: {a " * 20_000,
        "- @" + " " * 100_000 + "x\n",
        "- @" + "[' " * 30_000,
        "- " + "`" * 100_001,
    ],
)
def test_two_thousand_faults_take_less_than_two_seconds(text: str) -> None:
    start = time.process_time()
    mending = mend(text)
    assert mending.repairs or mending.fault
    assert time.process_time() - start < 2 * SLOWED


def test_the_error_of_a_spec_shows_the_first_repairs_and_what_stays() -> None:
    from pytest_specgates import pipeline

    text = "spec: x\nv:\n" + "  - [ ] a\n" * 25 + '  - "open\n'
    (error,) = (
        pipeline.load({"x.spec.yaml": text}, pipeline.kinds()).files["x.spec.yaml"].all_errors
    )
    assert error.line == 3
    assert error.hint.count('- "[ ] a"') == 20
    assert "and 5 more: `specgates fix --diff x.spec.yaml`" in error.hint
    assert "line 28: not valid YAML: the quote that opens here is not closed" in error.hint
