"""`attested`: a person signs off. Nothing can be signed yet, so the gate says who has to."""

from __future__ import annotations

from ..model import Check, Kind, Measurement, Metric, Surroundings, absence


def probe(check: Check, around: Surroundings) -> Measurement:
    what = ", ".join(check.options["asked"])
    return absence(
        f"{what}: a person has to sign it off",
        "waive it with an owner, a reason and a date, or put it at level `should`",
        status="unattested",
    )


KIND = Kind(
    name="attested",
    summary="A person signs it off; no measurement can stand for it.",
    value={"type": ["string", "array"], "items": {"type": "string"}, "minItems": 1},
    metrics=(Metric("attestations", "count", (">=",)),),
    probe=probe,
    takes=(),
    needs="files",
    condition_in="must",
    default_condition="signed off",
    words={"signed off": "attestations >= 1"},
    example="`attested: code-review`",
)
