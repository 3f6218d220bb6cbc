"""The documents of SchemaStore by the loader of conforms gates, and by jsonschema.

    python benchmarks/schemastore.py CHECKOUT [--check-jsonschema 20] [--differences]

CHECKOUT is a checkout of SchemaStore/schemastore. Documents below src/test/NAME have to be valid
under src/schemas/json/NAME.json, those below src/negative_test/NAME must not be; left out are the
schemas that its own tests skip (`skiptest` in src/schema-validation.jsonc). CPU time of one
process. With --check-jsonschema, that command (check-jsonschema has to be installed) is run once
for each of so many schemas, and its time is extrapolated to all.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import jsonschema
import jsonschema.validators
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT7

from pytest_specgates.errors import ProbeError
from pytest_specgates.measure.conforms_files import records
from pytest_specgates.measure.conforms_rows import NotARecord
from pytest_specgates.measure.schema_files import compile_schema, loaded
from pytest_specgates.model import Surroundings

HOSTS = ("https://json.schemastore.org/", "https://www.schemastore.org/")
SCHEMAS = "src/schemas/json"


class Store:
    """The schemas and documents of a checkout."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        self.around = Surroundings(root=self.root)
        self.documents: list[tuple[str, str, bool]] = []
        settings = (self.root / "src/schema-validation.jsonc").read_text("utf-8")
        skipped = re.findall(
            r'"([^"]+)"', settings.partition('"skiptest"')[2].partition("\n  ]")[0]
        )
        for folder, is_valid in (("src/test", True), ("src/negative_test", False)):
            for path in sorted((self.root / folder).glob("*/*")):
                schema = f"{SCHEMAS}/{path.parent.name}.json"
                is_skipped = schema.rpartition("/")[2] in skipped
                if path.is_file() and (self.root / schema).is_file() and not is_skipped:
                    name = path.relative_to(self.root).as_posix()
                    self.documents.append((name, schema, is_valid))
        self.schemas = sorted({schema for _, schema, _ in self.documents})

    def fetch(self, uri: str) -> Any:
        """Another schema that one refers to, by its address in the store."""
        home = f"{self.root.as_uri()}/"
        for host in HOSTS:
            if uri.startswith(host):
                name = uri.removeprefix(host)
                name = name if name.endswith(".json") else f"{name}.json"
                return loaded(f"{SCHEMAS}/{name}", self.around)
        if not uri.startswith(home):
            raise ProbeError(f"{uri} is not in the store")
        return loaded(uri.removeprefix(home), self.around)

    def read(self, name: str) -> list[Any]:
        """The records of a document, some of which may be NotARecord."""
        return [record for record, _, _ in records(self.root, name, lambda column: frozenset())]


Validators = dict[str, Callable[[Any], bool] | str]
"""What tells of each schema whether a record is valid, or why there is nothing that does."""


def ours(store: Store) -> Validators:
    made: Validators = {}
    for name in store.schemas:
        uri = (store.root / name).as_uri()
        try:
            document = loaded(name, store.around)
            made[name] = compile_schema(name, document, uri, "", store.fetch).is_valid
        except ProbeError as error:
            made[name] = str(error)
    return made


def theirs(store: Store) -> Validators:
    def retrieve(uri: str) -> Any:
        return Resource.from_contents(store.fetch(uri), default_specification=DRAFT7)

    registry: Any = Registry(retrieve=retrieve)  # type: ignore[call-arg]  # attrs names it so
    made: Validators = {}
    for name in store.schemas:
        document = loaded(name, store.around)
        cls = jsonschema.validators.validator_for(document)
        resource = Resource.from_contents(document, default_specification=DRAFT7)
        uri = (store.root / name).as_uri()
        made[name] = cls(
            document if "$id" in document else {"$ref": uri},
            registry=registry.with_resource(uri, resource),
            format_checker=cls.FORMAT_CHECKER,
        ).is_valid
    return made


def verdict(is_valid: Callable[[Any], bool] | str, found: Sequence[Any]) -> bool | str:
    if isinstance(is_valid, str):
        return is_valid
    if not found:
        return False  # an empty document shows nothing: the gate is unmeasured, and blocks
    if any(isinstance(record, NotARecord) for record in found):
        return next(record.reason for record in found if isinstance(record, NotARecord))
    try:
        return all(map(is_valid, found))
    except Exception as error:
        return f"{type(error).__name__}: {error}"[:200]


def extrapolated(store: Store, count: int) -> float:
    """Seconds of check-jsonschema for all schemas, from those of some that are spread evenly."""
    some = store.schemas[:: max(len(store.schemas) // count, 1)][:count]
    start = time.perf_counter()
    for schema in some:
        names = [str(store.root / name) for name, own, _ in store.documents if own == schema]
        line = [sys.executable, "-m", "check_jsonschema", "--schemafile", str(store.root / schema)]
        subprocess.run([*line, *names], capture_output=True, check=False)
    return (time.perf_counter() - start) / len(some) * len(store.schemas)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("checkout", type=Path)
    parser.add_argument("--check-jsonschema", type=int, default=0, metavar="SCHEMAS")
    parser.add_argument("--differences", action="store_true", help="name each that is not expected")
    given = parser.parse_args(arguments)
    store = Store(given.checkout)
    steps = [time.process_time()]
    validators = ours(store)
    steps.append(time.process_time())
    found = {name: store.read(name) for name, _, _ in store.documents}
    steps.append(time.process_time())
    mine = {n: verdict(validators[schema], found[n]) for n, schema, _ in store.documents}
    steps.append(time.process_time())
    others = theirs(store)
    its = {n: verdict(others[schema], found[n]) for n, schema, _ in store.documents}
    steps.append(time.process_time())
    compiled, read, held, slow = (b - a for a, b in pairwise(steps))
    count = len(store.documents)
    print(f"{count:,} documents, {len(store.schemas)} schemas\n")
    print("| | s of CPU |\n|---|---|")
    print(f"| schemas read and compiled | {compiled:.2f} |\n| documents read | {read:.2f} |")
    print(f"| documents validated | {held:.2f} |\n| all | {compiled + read + held:.2f} |")
    print(f"| the same documents validated by jsonschema | {slow:.2f} |")
    if given.check_jsonschema:
        whole = extrapolated(store, given.check_jsonschema)
        print(f"| check-jsonschema, once for each schema (wall time, extrapolated) | {whole:.0f} |")
    for name, verdicts in (("conforms gate", mine), ("jsonschema", its)):
        right = sum(verdicts[n] is expected for n, _, expected in store.documents)
        print(f"\n{name}: {right:,} of {count:,} as expected ({100 * right / count:.2f} %)")
    print(f"same verdict: {sum(mine[n] == its[n] for n, _, _ in store.documents):,}")
    if given.differences:
        for n, _, expected in store.documents:
            if mine[n] is not expected:
                print(f"{n}: expected {expected}, {mine[n]}; jsonschema: {its[n]}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
