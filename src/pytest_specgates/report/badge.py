"""The verdict as a badge: the JSON that shields.io draws, and an SVG image."""

from __future__ import annotations

import json

from ..model import GateReport
from .outcome import outcomes
from .summary import counted

LABEL = "spec gates"
_COLOURS = {
    "brightgreen": "#3a7d0a",
    "yellow": "#8a6a00",
    "red": "#b3261e",
}
"""Names that shields.io knows, and how the image has them: dark enough for white text."""
_NARROW, _WIDE = frozenset("ijl.,:;'|!ftr()[] "), frozenset("mwMW%@")


def render_badge(report: GateReport) -> str:
    message, colour = said(report)
    data = {
        "schemaVersion": 1,
        "label": LABEL,
        "message": message,
        "color": colour,
        "isError": report.verdict != "passed",
    }
    return json.dumps(data) + "\n"


def said(report: GateReport) -> tuple[str, str]:
    """What the badge says, and in which colour."""
    count = outcomes(report)
    total = counted(len(report.judged), "gate")
    if report.verdict == "failed":
        if count["failed"]:
            return f"{count['failed']} of {total} failed", "red"
        return counted(len(report.errors), "spec error"), "red"
    if report.verdict == "incomplete":
        return "incomplete", "yellow"
    if count["tolerated"]:
        return f"{count['passed']} of {total} passed", "yellow"
    return f"{counted(count['passed'], 'gate')} passed", "brightgreen"


def render_badge_svg(report: GateReport) -> str:
    message, colour = said(report)
    left, right = _width(LABEL), _width(message)
    whole = left + right
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{whole}" height="20" role="img" '
        f'aria-label="{LABEL}: {message}">\n'
        f"<title>{LABEL}: {message}</title>\n"
        f'<clipPath id="r"><rect width="{whole}" height="20" rx="3"/></clipPath>\n'
        f'<g clip-path="url(#r)"><rect width="{left}" height="20" fill="#444"/>'
        f'<rect x="{left}" width="{right}" height="20" fill="{_COLOURS[colour]}"/></g>\n'
        '<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11" '
        'text-anchor="middle">'
        f'<text x="{left / 2:g}" y="14" textLength="{left - 12}">{LABEL}</text>'
        f'<text x="{left + right / 2:g}" y="14" textLength="{right - 12}">{message}</text></g>\n'
        "</svg>\n"
    )


def _width(text: str) -> int:
    """About how wide a text of 11 pixels is in Verdana, with a margin."""
    widths = (3.9 if c in _NARROW else 10.5 if c in _WIDE else 7.0 for c in text)
    return round(sum(widths)) + 12
