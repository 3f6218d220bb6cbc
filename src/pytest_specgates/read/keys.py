"""The keys of a spec: which have a meaning of their own, and what stands under the others."""

from __future__ import annotations

import difflib
import re
from typing import Literal

Role = Literal["criteria", "steps", "about", "plan", "beside"]
"""What stands under a key: criteria, steps (some can be checked), description, or a plan. What
would be criteria, but for the specs that stand beside it in fences, is none."""

SPEC_KEYS = frozenset(
    (
        "spec",
        "workflow",
        "title",
        "scope",
        "params",
        "stage",
        "waivers",
        "bindings",
        "gates",
    )
)
PLAN_KEYS = frozenset(("rollback_plan", "escalation_path"))
"""Printed when a `must` gate fails; never criteria."""

CRITERIA_KEYS = frozenset(
    (
        "acceptance",
        "acceptance_criteria",
        "checklist",
        "checks",
        "criteria",
        "definition_of_done",
        "deliverables",
        "done_when",
        "entry_criteria",
        "exit_criteria",
        "gates",
        "metrics",
        "outputs",
        "performance_targets",
        "pre_requirements",
        "prerequisites",
        "quality_criteria",
        "quality_gates",
        "requirements",
        "slos",
        "success_criteria",
        "targets",
        "validation",
        "validation_criteria",
        "validations",
    )
)
ABOUT_KEYS = frozenset(
    (
        "author",
        "complexity",
        "description",
        "duration",
        "notes",
        "owner",
        "priority",
        "priority_levels",
        "purpose",
        "risk_level",
        "scope",
        "status",
        "title",
        "trigger",
        "version",
    )
)
CONTAINER_KEYS = frozenset(
    ("gates", "steps", "phases", "implementation_phases", "deployment_steps", "workflow_steps")
)
"""Keys that group phases and do not name one."""

WAIVER_KEYS = frozenset(("gate", "owner", "reason", "expires"))

_NUMBERING = re.compile(r"^(?:phase|step|stage)?[_ -]?\d+[_. -]+|^\d+[_. -]+", re.IGNORECASE)


def normalized(key: str) -> str:
    """`4_validation`, `Phase 4: Validation` and `validation` are one key."""
    bare = _NUMBERING.sub("", key.strip())
    return re.sub(r"[\s-]+", "_", bare.strip(" :")).lower()


def role_of(key: str, parent: Role) -> Role:
    name = normalized(key)
    if name in PLAN_KEYS:
        return "plan"
    if name in CRITERIA_KEYS:
        return "criteria"
    if name in ABOUT_KEYS:
        return "about"
    return parent


def default_stage(key: str) -> Literal["post-deploy"] | None:
    return "post-deploy" if normalized(key) in ("monitoring", "post_deployment") else None


def misspelt(key: str, known: frozenset[str], cutoff: float = 0.85) -> str | None:
    """The known key that this one is most likely a slip of, or None."""
    if key in known:
        return None
    close = difflib.get_close_matches(key, known, n=1, cutoff=cutoff)
    return close[0] if close else None
