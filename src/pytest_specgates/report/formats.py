"""The table of the report's formats."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..model import GateReport
from .html import render_html
from .json_report import render_json
from .markdown import render_markdown


@dataclass(frozen=True, slots=True)
class Format:
    render: Callable[[GateReport], str]
    default_file: str


FORMATS: dict[str, Format] = {
    "json": Format(render_json, "specgates-report.json"),
    "html": Format(render_html, "specgates-report.html"),
    "md": Format(render_markdown, "specgates-report.md"),
}
