"""One gate in full: what a person reads where it failed."""

from __future__ import annotations

from ..model import Gate, Verdict

_WIDTH = 2_000


def failure_text(gate: Gate, verdict: Verdict) -> str:
    """Place, criterion, reading, measured against required, evidence, next step."""
    span = gate.criterion.span
    lines = [
        f"{verdict.status}: {verdict.sentence}",
        f"  spec:      {span.path}:{span.line}:{span.column}",
        f"  criterion: {gate.criterion.text}",
    ]
    if gate.reading.text:
        lines.append(f"  read as:   {gate.reading.text}")
    for result in verdict.results:
        measured = result.measured or f"nothing ({result.status})"
        lines.append(f"  measured:  {measured}; required: {result.required}")
    evidence = [line for result in verdict.results for line in result.evidence]
    for number, line in enumerate(dict.fromkeys(evidence)):
        lines.append(f"  {'evidence:' if number == 0 else '         '}  {line}")
    if verdict.next_step:
        lines.append(f"  next:      {verdict.next_step}")
    for name, steps in gate.spec.plans.items():
        if verdict.blocking:
            lines.append(f"  {name}:")
            lines.extend(f"    - {step}" for step in steps)
    return "\n".join(visible(line)[:_WIDTH] for line in lines)


def visible(text: str) -> str:
    """The text without control characters, so that a spec cannot steer a terminal."""
    if text.isprintable():
        return text
    return "".join(
        c if c.isprintable() else " " if c in "\t\xa0" else f"\\x{ord(c):02x}" for c in text
    )
