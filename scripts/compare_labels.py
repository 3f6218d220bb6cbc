"""Compare how the lines of a document are understood with labels of what they should become.

    python scripts/compare_labels.py DOCUMENT.md LABELS.jsonl --param model_name=x ...

DOCUMENT is Markdown with fenced specs; blocks that are not valid YAML are repaired first, as
their errors say. Each workflow with parameters is filled in with the values given. LABELS has
a JSON object a line: `line`, `quote`, `kind`, and `decidable` (now, needs binding, attest,
post-deploy). Exit code 1 if a line differs.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

from pytest_specgates import pipeline
from pytest_specgates.model import Gate
from pytest_specgates.read.markdown import spec_blocks
from pytest_specgates.read.repair import repairs

WANTED = {
    "now": "a gate",
    "needs binding": "unbound",
    "attest": "unattested",
    "post-deploy": "deferred",
}


def repaired(text: str) -> str:
    lines = text.split("\n")
    for block in spec_blocks(text):
        for repair in repairs(block.text):
            lines[block.line + repair.line - 2] = " " * block.indent + repair.after
    return "\n".join(lines)


def outcomes(text: str, params: dict[str, str]) -> dict[int, list[tuple[str, str]]]:
    """What each line became (outcome, reading or reason), by its number."""
    kinds = pipeline.kinds()
    texts = {"document.md": repaired(text)}
    for spec in pipeline.load(texts, kinds).files["document.md"].specs:
        if spec.spec.is_template:
            needed = {k: v for k, v in params.items() if "{" + k + "}" in text}
            texts[f"{spec.spec.name}.spec.yaml"] = _instance(spec.spec.name, needed, texts, kinds)
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for file in pipeline.load(texts, kinds).files.values():
        if file.all_errors:
            raise SystemExit("\n".join(map(str, file.all_errors)))
        for spec in file.specs:
            if spec.spec.is_template:
                continue
            for gate in spec.gates:
                reading = gate.reading.text or gate.reading.reason
                found[gate.criterion.span.line].append((_outcome(gate), reading))
            for statement in spec.statements:
                found[statement.line].append(("not a gate", statement.reason))
    return found


def _instance(name: str, params: dict[str, str], texts: dict[str, str], kinds: Any) -> str:
    lines = [f"spec: one-{name}", f"workflow: {name}"]
    # A parameter that this workflow does not have would be an error: try them one by one.
    fitting = {}
    for key, value in params.items():
        trial = "\n".join([*lines, f"params: {{{key}: {value}}}", ""])
        loaded = pipeline.load({**texts, "trial.spec.yaml": trial}, kinds)
        messages = [e.message for e in loaded.files["trial.spec.yaml"].all_errors]
        if not any("has no parameter" in message for message in messages):
            fitting[key] = value
    shown = ", ".join(f"{key}: {value}" for key, value in fitting.items())
    return "\n".join([*lines, f"params: {{{shown}}}", ""])


def _outcome(gate: Gate) -> str:
    if not gate.checks:
        return "unbound"
    if gate.stage != "pre-merge":
        return "deferred"
    if any(check.kind == "attested" for check in gate.checks):
        return "unattested"
    return "a gate"


def compare(text: str, labels: list[dict[str, Any]], params: dict[str, str]) -> list[str]:
    """A sentence for each line that did not become what its label says."""
    found = outcomes(text, params)
    differing = []
    for label in labels:
        wanted = WANTED[label["decidable"]]
        if label["kind"] == "not_a_criterion" or (label["kind"] == "vague" and wanted == "a gate"):
            wanted = "not a gate"
        got = found.get(label["line"], [])
        if not got or any(outcome != wanted for outcome, _ in got):
            shown = "; ".join(f"{o} ({why})" for o, why in got) or "nothing"
            differing.append(f"{label['line']}: {label['quote']}: wanted {wanted}, got {shown}")
    return differing


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("document", type=Path)
    parser.add_argument("labels", type=Path)
    parser.add_argument("--param", action="append", default=[], metavar="NAME=VALUE")
    given = parser.parse_args()
    params = dict(param.partition("=")[::2] for param in given.param)
    labels = [json.loads(line) for line in given.labels.read_text("utf-8").splitlines() if line]
    differing = compare(given.document.read_text("utf-8"), labels, params)
    for sentence in differing:
        print(sentence)
    print(f"{len(labels) - len(differing)} of {len(labels)} lines became what they should")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
