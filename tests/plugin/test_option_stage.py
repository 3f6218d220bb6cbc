"""--spec-gates-stage: gates of later stages are deferred, those of earlier ones judged."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Project

SPEC = """
spec: x
gates:
  - exists: src/shop.py
    id: now
  - exists: src/shop.py
    stage: pre-deploy
    id: deploy
monitoring:
  checklist:
    - exists: src/shop.py
      id: later
"""


@pytest.mark.parametrize(
    ("stage", "deploy", "later"),
    [
        ("pre-merge", "deferred", "deferred"),
        ("pre-deploy", "passed", "deferred"),
        ("post-deploy", "passed", "passed"),
    ],
)
def test_stages(shop: Project, stage: str, deploy: str, later: str) -> None:
    shop.spec(SPEC)
    result = shop.run(f"--spec-gates-stage={stage}")
    assert result.statuses == {"now": "passed", "deploy": deploy, "monitoring::later": later}
    assert result.exit == 0
    assert result.report["run"]["stage"] == stage


def test_an_unknown_stage_is_a_usage_error(shop: Project) -> None:
    shop.spec(SPEC)
    result = shop.run("--spec-gates-stage=deploy")
    assert result.exit == 4
    assert 'did you mean "pre-deploy"' in result.output
