"""What a sentence was read as: gates in the spec language itself, or nothing, and why.

Gates are mappings as they would stand in a spec, so that a reading can be shown as the YAML
that says the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..model import Meaning

Mapping = dict[str, Any]
TEST_TYPES = (
    "unit|integration|smoke|performance|functional|acceptance|regression|end-to-end|e2e|"
    "system|contract|security|load|api|ui"
)


@dataclass(frozen=True, slots=True)
class Phrase:
    """What a sentence says: gates (as mappings), or that nothing is bound to it, and why."""

    gates: tuple[Mapping, ...] = ()
    reason: str = ""
    note: str = ""
    is_criterion: bool = True
    stage: str = ""
    meaning: Meaning | None = None


def tests_of_type(kind: str) -> Mapping:
    return {"tests": "all pass", "of": f"type:{kind.lower()}"}
