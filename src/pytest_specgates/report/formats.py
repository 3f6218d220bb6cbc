"""The table of the report's formats. A renderer is imported when its format is asked for."""

from __future__ import annotations

from ..model import Format, GateReport

__all__ = ["FORMATS", "Format"]


def _json(report: GateReport) -> str:
    from .json_report import render_json

    return render_json(report)


def _markdown(report: GateReport) -> str:
    from .markdown import render_markdown

    return render_markdown(report)


def _junit(report: GateReport) -> str:
    from .junit import render_junit

    return render_junit(report)


def _sarif(report: GateReport) -> str:
    from .sarif import render_sarif

    return render_sarif(report)


def _ctrf(report: GateReport) -> str:
    from .ctrf import render_ctrf

    return render_ctrf(report)


def _openmetrics(report: GateReport) -> str:
    from .openmetrics import render_openmetrics

    return render_openmetrics(report)


def _intoto(report: GateReport) -> str:
    from .intoto import render_intoto

    return render_intoto(report)


def _code_quality(report: GateReport) -> str:
    from .code_quality import render_code_quality

    return render_code_quality(report)


def _github(report: GateReport) -> str:
    from .github import render_github

    return render_github(report)


def _badge(report: GateReport) -> str:
    from .badge import render_badge

    return render_badge(report)


def _badge_svg(report: GateReport) -> str:
    from .badge import render_badge_svg

    return render_badge_svg(report)


FORMATS: dict[str, Format] = {
    "json": Format(_json, "specgates-report.json"),
    "md": Format(_markdown, "specgates-report.md"),
    "junit": Format(_junit, "specgates-junit.xml"),
    "sarif": Format(_sarif, "specgates.sarif"),
    "ctrf": Format(_ctrf, "specgates-ctrf.json"),
    "openmetrics": Format(_openmetrics, "specgates-metrics.txt"),
    "intoto": Format(_intoto, "specgates.intoto.json"),
    "code-quality": Format(_code_quality, "gl-code-quality-report.json"),
    "github": Format(_github, "specgates-annotations.txt"),
    "badge": Format(_badge, "specgates-badge.json"),
    "badge-svg": Format(_badge_svg, "specgates-badge.svg"),
}
"""The formats by the names that options have for them."""
