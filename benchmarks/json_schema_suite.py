"""The official JSON Schema Test Suite, by the loader of conforms gates and by jsonschema.

    python benchmarks/json_schema_suite.py CHECKOUT [--differences]

CHECKOUT is a checkout of json-schema-org/JSON-Schema-Test-Suite. Its remotes are served from there.
Formats are asserted, in the required tests too. Prints how many tests of each draft have the
verdict that the suite expects; exit code 1 if the loader has fewer than jsonschema on any draft,
or if the expressions for lines that are made of its schemas and data match what is invalid.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import jsonschema
import jsonschema.validators
from referencing import Registry, Resource
from referencing.jsonschema import specification_with

from pytest_specgates.errors import ProbeError
from pytest_specgates.measure.pattern_of_lines import line_pattern
from pytest_specgates.measure.schema_dialects import normalized
from pytest_specgates.measure.schema_files import compile_schema

DRAFTS = {
    "draft4": ("http://json-schema.org/draft-04/schema#", jsonschema.Draft4Validator),
    "draft6": ("http://json-schema.org/draft-06/schema#", jsonschema.Draft6Validator),
    "draft7": ("http://json-schema.org/draft-07/schema#", jsonschema.Draft7Validator),
    "draft2019-09": (
        "https://json-schema.org/draft/2019-09/schema",
        jsonschema.Draft201909Validator,
    ),
    "draft2020-12": (
        "https://json-schema.org/draft/2020-12/schema",
        jsonschema.Draft202012Validator,
    ),
}
SERVED = "http://localhost:1234/"
Verdicts = Callable[[Any, Sequence[Any]], list[Any]]


def cases(folder: Path) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Each group of tests: which part of the suite, its file, and the group."""
    for path in sorted(folder.rglob("*.json")):
        parts = path.relative_to(folder).parts
        part = "required" if len(parts) == 1 else "format" if "format" in parts else "optional"
        for group in json.loads(path.read_text("utf-8")):
            yield part, "/".join(parts), group


def ours(checkout: Path, draft: str) -> Verdicts:
    uri = DRAFTS[draft][0]

    def fetch(wanted: str) -> Any:
        if not wanted.startswith(SERVED):
            raise ProbeError(f"{wanted} is not served")
        return json.loads((checkout / "remotes" / wanted.removeprefix(SERVED)).read_text("utf-8"))

    def verdicts(schema: Any, data: Sequence[Any]) -> list[Any]:
        document = {"$schema": uri, **schema} if isinstance(schema, dict) else schema
        try:
            made = compile_schema("the schema", document, "file:///suite.json", "", fetch)
        except ProbeError as error:
            return [str(error)] * len(data)
        return [made.is_valid(one) for one in data]

    return verdicts


def theirs(checkout: Path, draft: str) -> Verdicts:
    uri, cls = DRAFTS[draft]
    specification = specification_with(uri)
    root = checkout / "remotes"
    resources = []
    for path in root.rglob("*.json"):
        contents = json.loads(path.read_text("utf-8"))
        served = f"{SERVED}{path.relative_to(root).as_posix()}"
        made = Resource.from_contents(contents, default_specification=specification)
        resources.append((served, made))
    registry: Any = Registry().with_resources(resources)

    def verdicts(schema: Any, data: Sequence[Any]) -> list[Any]:
        validator = cls(schema, registry=registry, format_checker=cls.FORMAT_CHECKER)
        found: list[Any] = []
        for one in data:
            try:
                found.append(validator.is_valid(one))
            except Exception as error:
                found.append(f"{type(error).__name__}: {error}"[:200])
        return found

    return verdicts


def told(schema: Any, tests: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Each test whose data, as a line, is told to be valid by an expression for lines like those
    of another test, or its own."""
    for like in tests:
        for blank in ("", " "):
            pattern = line_pattern(normalized(schema), "", [like["data"]], blank)
            if pattern is None:
                continue
            separators = (f",{blank}", f":{blank}")
            for test in tests:
                line = json.dumps(test["data"], ensure_ascii=False, separators=separators)
                if pattern.search(line):
                    yield test


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("checkout", type=Path)
    parser.add_argument("--differences", action="store_true", help="name each that is not expected")
    given = parser.parse_args(arguments)
    is_worse = False
    matched = wrongly = 0
    differences: list[str] = []
    print("| draft | part | tests | conforms gate | jsonschema |\n|---|---|---|---|---|")
    for draft in DRAFTS:
        judges = {"gate": ours(given.checkout, draft), "other": theirs(given.checkout, draft)}
        right = {part: dict.fromkeys(judges, 0) for part in ("required", "optional", "format")}
        total = dict.fromkeys(right, 0)
        for part, file, group in cases(given.checkout / "tests" / draft):
            tests = group["tests"]
            total[part] += len(tests)
            lines = [test["valid"] for test in told(group["schema"], tests)]
            matched, wrongly = matched + len(lines), wrongly + lines.count(False)
            for name, verdicts in judges.items():
                found = verdicts(group["schema"], [test["data"] for test in tests])
                for test, verdict in zip(tests, found, strict=True):
                    is_right = verdict == test["valid"]
                    right[part][name] += is_right
                    if name == "gate" and not is_right:
                        which = f"{draft} {file}: {group['description']}: {test['description']}"
                        differences.append(f"{which}: {verdict}")
        for part, count in total.items():
            gate, other = right[part]["gate"], right[part]["other"]
            is_worse |= gate < other
            print(f"| {draft} | {part} | {count:,} | {gate:,} | {other:,} |")
    print(f"\n{len(differences)} verdicts of the gate are not expected")
    print(f"{matched:,} lines matched, {wrongly} of them invalid")
    if given.differences:
        print("\n".join(differences))
    return int(is_worse or wrongly > 0)


if __name__ == "__main__":
    sys.exit(main())
