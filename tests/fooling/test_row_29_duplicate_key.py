"""Row 29: a key stands twice in a spec, and the second, lower threshold would win."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Project


@pytest.mark.parametrize(
    ("text", "key", "lines"),
    [
        (
            """
            spec: x
            gates:
              - coverage: ">= 90%"
                of: src
                coverage: ">= 10%"
            """,
            "coverage",
            (3, 5),
        ),
        (
            """
            spec: x
            gates:
              - {id: floor, coverage: ">= 99%", of: src}
            scope: src
            gates:
              - {id: floor, coverage: ">= 10%", of: src}
            """,
            "gates",
            (2, 5),
        ),
    ],
    ids=["in a gate", "at the top"],
)
def test_a_key_that_stands_twice_is_an_error(
    shop: Project, text: str, key: str, lines: tuple[int, int]
) -> None:
    shop.spec(text)
    outcome = shop.run()
    first, second = lines
    (error,) = outcome.report["errors"]
    assert f"specs/x.spec.yaml:{second}" in error
    assert key in error
    assert f"line {first}" in error or f"specs/x.spec.yaml:{first}" in error
    assert f"specs/x.spec.yaml:{second}" in outcome.output
    assert outcome.statuses == {}
    assert outcome.verdict == "failed"
    assert outcome.exit != 0
    assert outcome.junit_failures >= 1
    assert "passed" not in [v for name, v in outcome.junit.items() if "spec.yaml" in name]
