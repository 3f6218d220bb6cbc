"""Repairs, ids and Markdown: the small parts of reading."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_specgates import pipeline
from pytest_specgates.read.ids import VALID_ID, slug, unique_ids
from pytest_specgates.read.markdown import spec_blocks
from pytest_specgates.read.repair import repaired, repairs
from pytest_specgates.yaml12 import documents, plain

KINDS = pipeline.kinds()


@pytest.mark.parametrize(
    ("line", "after"),
    [
        ("- [ ] All tests pass", '- "[ ] All tests pass"'),
        ("- [x] Done", '- "[x] Done"'),
        ("- Run `make`: `make`", '- "Run `make`: `make`"'),
        ("- `make check`", '- "`make check`"'),
        ("- >90% coverage", '- ">90% coverage"'),
        ("- **bold** words", '- "**bold** words"'),
        ("- @owner agrees", '- "@owner agrees"'),
        ("- %d of them", '- "%d of them"'),
        ("- Say it: this: that", '- "Say it: this: that"'),
        ("- say: this: that", '- say: "this: that"'),
        ("key: a: b", 'key: "a: b"'),
        ('- `echo "it\'s"`', "- '`echo \"it''s\"`'"),
    ],
)
def test_a_repair_quotes_what_was_meant_and_nothing_else(line: str, after: str) -> None:
    text = f"first: 1\n{line}\n" if line.startswith("key") else f"- first\n{line}\n- last\n"
    (repair,) = repairs(text)
    assert (repair.line, repair.after) == (2, after)
    mended = repaired(text, [repair])
    assert [plain(node) for node in documents(mended, "x")]
    assert len(mended.splitlines()) == len(text.splitlines())


def test_valid_yaml_needs_no_repair_and_the_hopeless_gets_none() -> None:
    assert repairs("- a\n- b\n") == []
    assert repairs("a: [b\nc: d\n") == []


def test_repairing_many_lines_takes_bounded_time() -> None:
    start = time.perf_counter()
    repairs("".join(f"- [ ] point {n}\n" for n in range(2_000)))
    assert time.perf_counter() - start < 30


@given(st.text(max_size=200))
def test_a_slug_is_an_id(text: str) -> None:
    made = slug(text)
    assert VALID_ID.fullmatch(made) or made.startswith("_")
    assert len(made) <= 60


def test_operators_are_words_in_ids() -> None:
    assert slug("branch >= 90%") == "branch-at-least-90-percent"
    assert slug("p95 < 500 ms") != slug("p95 > 500 ms")


@given(st.permutations([("p", slug(t), t) for t in ("a b", "a-b", "c", "a b!", "c")]))
def test_ids_are_unique_and_do_not_depend_on_the_order(
    entries: list[tuple[str, str, str]],
) -> None:
    made = unique_ids(entries)
    assert len(set(made)) == len(made)
    by_text = {text: made[n] for n, (_, _, text) in enumerate(entries) if text != "c"}
    in_order = unique_ids(sorted(entries))
    assert by_text == {t: in_order[n] for n, (_, _, t) in enumerate(sorted(entries)) if t != "c"}


def test_blocks_of_markdown() -> None:
    text = (
        "```yaml\nspec: a\n```\n\n~~~yml\nworkflow: b\n~~~\n\n```python\nspec: no\n```\n"
        "> ```yaml\n> spec: quoted\n> ```\n\n````yaml\nspec: four\nx: |\n  ```\n  y\n````\n"
        "```yaml\nother: 1\n```\n```yaml\nspec: unclosed\n"
    )
    found = [(block.line, block.text.splitlines()[0]) for block in spec_blocks(text)]
    assert found == [
        (2, "spec: a"),
        (6, "workflow: b"),
        (13, "spec: quoted"),
        (17, "spec: four"),
        (26, "spec: unclosed"),
    ]


@given(st.text(alphabet="ab:- \n[]{}&*!|>'\"#%@`~", max_size=120))
def test_any_text_is_a_spec_or_an_error(text: str) -> None:
    for name in ("x.spec.yaml", "x.md"):
        body = f"```yaml\nspec: x\n{text}\n```\n" if name.endswith("md") else f"spec: x\n{text}\n"
        file = pipeline.load({name: body}, KINDS).files[name]
        assert file.specs or file.all_errors
        for error in file.all_errors:
            assert 1 <= error.line <= body.count("\n") + 2
