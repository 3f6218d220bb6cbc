"""Whatever stands in a spec is a criterion, a part of one, a line that is no gate, or an error."""

from __future__ import annotations

from typing import Any

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_specgates.errors import SpecError
from pytest_specgates.model import Span
from pytest_specgates.pipeline.kinds import kinds
from pytest_specgates.read.spec_file import read_spec_file

KINDS = kinds(third_party=False)
KEYS = [
    *("owner", "level", "reason", "stage", "when", "id", "of", "must", "bind", "levl", "resaon"),
    *("severity", "notes", "description", "due", "tests", "coverage", "exists", "gates", "steps"),
    *("criteria", "metrics", "outputs", "Build passes", "Scan done", "1. Deploy", "monitoring"),
]
WORD = "word"


def _nested() -> st.SearchStrategy[Any]:
    leaf = st.sampled_from([WORD, f"{WORD} is ready", 7])

    def deeper(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
        maps = st.dictionaries(st.sampled_from(KEYS), inner, min_size=1, max_size=3)
        return maps | st.lists(inner, min_size=1, max_size=3)

    beside = st.dictionaries(st.sampled_from(KEYS[:13]), leaf, min_size=1, max_size=3)
    prose = st.sampled_from(["Build passes", "Scan done", "Coverage > 90 %"])
    item = st.builds(lambda key, value: {key: value}, prose, beside)
    return st.recursive(leaf | item | st.lists(item, max_size=2), deeper, max_leaves=8)


def _numbered(value: Any, count: list[int]) -> Any:
    """The value with words each of which stands in it once."""
    if isinstance(value, dict):
        return {key: _numbered(one, count) for key, one in value.items()}
    if isinstance(value, list):
        return [_numbered(one, count) for one in value]
    count[0] += 1
    return f"{value} w{count[0]:03d}w"


@settings(deadline=None, max_examples=400)
@given(st.sampled_from(["gates", "criteria", "phases", "notes", "quality_gates"]), _nested())
def test_every_text_is_somewhere(section: str, value: Any) -> None:
    count = [0]
    text = yaml.safe_dump(
        {"spec": "x", section: _numbered(value, count)}, sort_keys=False, width=10_000
    )
    try:
        file = read_spec_file("specs/x.spec.yaml", text, KINDS)
    except SpecError:
        return
    if file.errors:
        return
    lines = text.splitlines()
    told = []
    for draft in file.drafts:
        for criterion in draft.spec.criteria:
            told += [criterion.text, *criterion.items]
            if criterion.gate is not None:
                told.append(text[criterion.gate.start : criterion.gate.end])
            assert isinstance(criterion.span, Span)
            assert 1 <= criterion.span.line <= len(lines)
        told += [leaf for plan in draft.spec.plans.values() for leaf in plan]
    for number in range(1, count[0] + 1):
        word = f"w{number:03d}w"
        assert any(word in one for one in told), f"{word} of\n{text}"
