"""How long it takes to read specs, for the project's own gates."""

from __future__ import annotations

from typing import Any

from pytest_specgates import pipeline

KINDS = pipeline.kinds()
SPEC = "spec: many\ngates:\n" + "".join(
    f'  - coverage: ">= {n % 90}%"\n    of: src/m{n}.py\n    id: gate-{n}\n' for n in range(100)
)


def test_read_100_gates(benchmark: Any) -> None:
    loaded = benchmark(pipeline.load, {"many.spec.yaml": SPEC}, KINDS)
    assert len(loaded.files["many.spec.yaml"].gates) == 100
