"""Another package adds a kind of gate: one module, one entry point."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Project

KIND = """
from pytest_specgates.model import Kind, Measurement, Metric, Value

def probe(check, around):
    text = (around.root / check.subject[0]).read_text()
    return Measurement((Value(check.subject[0], len(text.split())),))

KIND = Kind(
    name="words",
    summary="A text has so many words.",
    value={"type": "string"},
    metrics=(Metric("words", "count", (">=", "<=")),),
    probe=probe,
    needs="files",
    subject_is_required=True,
    example="`words: '>= 100'` with `of: README.md`",
)
"""


@pytest.fixture
def package(shop: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    shop.write("lib/words_kind.py", KIND)
    shop.write("lib/words_kind-1.0.dist-info/METADATA", "Name: words-kind\nVersion: 1.0\n")
    shop.write(
        "lib/words_kind-1.0.dist-info/entry_points.txt",
        "[pytest_specgates.kinds]\nwords = words_kind:KIND\n",
    )
    monkeypatch.setenv("PYTHONPATH", str(shop.root / "lib") + os.pathsep)
    shop.write("README.md", "one two three\n")
    return shop


@pytest.mark.parametrize("more", [(), ("-n", "2")], ids=["serial", "-n 2"])
def test_its_gates_are_judged(package: Project, more: tuple[str, ...]) -> None:
    package.spec(
        """
        spec: x
        gates:
          - words: ">= 3"
            of: README.md
            id: enough
          - words: ">= 4"
            of: README.md
            id: too-few
        """
    )
    result = package.run(*more)
    assert result.statuses == {"enough": "passed", "too-few": "failed"}
    assert result.gate("too-few")["measured"] == "3"


def test_its_schema_is_published(package: Project) -> None:
    command = [sys.executable, "-m", "pytest_specgates", "schema"]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    kinds = [kind["title"] for kind in json.loads(printed)["$defs"]["gate"]["oneOf"]]
    assert kinds[-1] == "words"
    assert len(kinds) == 18


def test_a_slip_in_its_name_is_seen(package: Project) -> None:
    package.spec("spec: x\ngates:\n  - wrods: '>= 3'\n    of: README.md\n")
    result = package.run()
    assert result.exit == 2
    assert 'did you mean "words"?' in result.output
