"""The gate report as Code Quality JSON, which GitLab shows in merge requests."""

from __future__ import annotations

import json

from ..model import GateReport
from .findings import Finding, findings
from .safe_text import one_line

_SEVERITY = {"error": "critical", "warning": "minor", "note": "info"}


def render_code_quality(report: GateReport) -> str:
    found = [
        {
            "description": finding.message or finding.rule,
            "check_name": finding.rule,
            "fingerprint": finding.fingerprint,
            "severity": _severity(finding),
            "location": {
                "path": one_line(finding.place.path, 1_000) or ".",
                "lines": {"begin": finding.place.first, "end": finding.place.last},
            },
        }
        for finding in findings(report)
    ]
    return json.dumps(found, ensure_ascii=False, separators=(",", ":")) + "\n"


def _severity(finding: Finding) -> str:
    return "blocker" if finding.judged is None else _SEVERITY[finding.severity]
