"""The rooms joined once, for both faces: specs -> gates, gates + evidence -> verdicts."""

from __future__ import annotations

from .judging import (
    is_work,
    judge,
    judge_all,
    measure,
    preset,
    rests_on,
    timed,
    waiver_states,
)
from .kinds import kinds, report_schema, spec_schema
from .loading import Loaded, LoadedFile, SpecGates, criteria_of, load, read_text, unused_templates
from .proving import reach

__all__ = [
    "Loaded",
    "LoadedFile",
    "SpecGates",
    "criteria_of",
    "is_work",
    "judge",
    "judge_all",
    "kinds",
    "load",
    "measure",
    "preset",
    "reach",
    "read_text",
    "report_schema",
    "rests_on",
    "spec_schema",
    "timed",
    "unused_templates",
    "waiver_states",
]
