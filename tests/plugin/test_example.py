"""The bundled example: the six workflows, line by line, and the same in every kind of run."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pytest_specgates import pipeline
from pytest_specgates.model import STATUSES, Reading
from pytest_specgates.read.spec_file import read_spec_file
from pytest_specgates.read.workflow import instantiate
from pytest_specgates.understand.criterion import read_criterion

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "lyrics"
TABLE = ROOT / "tests" / "six_workflows.tsv"
INSTANCES = {"add_data_source": "lrc_files", "add_ai_model": "sentiment"}
RUNS: dict[str, tuple[str, ...]] = {
    "serial": (),
    "-n 2": ("-n", "2"),
    "-p no:terminal": ("-p", "no:terminal"),
}


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example in a repository of its own, on its main branch."""
    folder = tmp_path_factory.mktemp("example") / "lyrics"
    ignored = shutil.ignore_patterns("__pycache__", ".pytest_cache", ".coverage*", "*.sqlite3")
    shutil.copytree(EXAMPLE, folder, ignore=ignored)
    for arguments in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-q", "-m", "all"]):
        git = ["git", "-c", "user.name=t", "-c", "user.email=t@example.org", *arguments]
        subprocess.run(git, cwd=folder, check=True)
    return folder


@pytest.fixture(scope="module")
def runs(copy: Path) -> dict[str, dict[str, Any]]:
    """The JSON report of each kind of run, with its exit code and what JUnit says."""
    found = {}
    with pytest.MonkeyPatch.context() as patch:
        for name in ("PYTEST_XDIST_WORKER", "PYTEST_XDIST_WORKER_COUNT", "PYTEST_ADDOPTS"):
            patch.delenv(name, raising=False)
        for name, options in RUNS.items():
            command = [sys.executable, "-m", "pytest", "--spec-gates", "-p", "no:cacheprovider"]
            command += ["--spec-gates-report=json:out.json", "--junitxml=out.xml", *options]
            done = subprocess.run(command, cwd=copy, capture_output=True, text=True, check=False)
            report = json.loads((copy / "out.json").read_text("utf-8"))
            report["exit"] = done.returncode
            report["junit"] = {
                f"{case.get('classname')}::{case.get('name')}": [child.tag for child in case]
                for case in ET.parse(copy / "out.xml").iter("testcase")
            }
            found[name] = report
    return found


def _statuses(report: dict[str, Any]) -> dict[str, str]:
    return {gate["nodeid"]: gate["status"] for gate in report["gates"]}


def test_the_example_passes_and_shows_every_status(runs: dict[str, dict[str, Any]]) -> None:
    report = runs["serial"]
    assert (report["exit"], report["verdict"]) == (0, "passed")
    assert {status for status, count in report["counts"].items() if count} >= set(STATUSES)
    for gate in report["gates"]:
        if gate["status"] in ("failed", "error", "unmeasured", "unbound", "unattested"):
            assert gate["level"] != "must"
            assert f"level {gate['level']}: " in gate["sentence"], gate["nodeid"]


def test_every_kind_of_run_tells_the_same_verdicts(runs: dict[str, dict[str, Any]]) -> None:
    serial = _statuses(runs["serial"])
    for name, report in runs.items():
        assert _statuses(report) == serial, name
        assert (report["exit"], report["verdict"]) == (0, "passed"), name
        told = Counter(
            "skipped" if "skipped" in tags else "failed" if tags[:1] == ["failure"] else "passed"
            for key, tags in report["junit"].items()
            if key.startswith("specs.")
        )
        assert told["failed"] == 0
        assert told["passed"] == report["counts"]["passed"], name
        assert told["passed"] + told["skipped"] == len(serial), name


def _table() -> list[dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def _as_a_sentence(reading: Reading) -> str:
    if not reading.is_criterion:
        return "not a gate"
    if not reading.checks:
        return "unbound"
    if reading.stage:
        return "deferred"
    kinds = dict.fromkeys(check.kind for check in reading.checks)
    return "unattested" if "attested" in kinds else ", ".join(kinds)


def test_the_six_workflows_line_by_line(runs: dict[str, dict[str, Any]]) -> None:
    """Each line of the workflows became what the table says: by itself, and as the example
    binds it."""
    kinds = pipeline.kinds()
    texts = {
        path.relative_to(EXAMPLE).as_posix(): path.read_text("utf-8")
        for path in EXAMPLE.glob("specs/**/*.spec.yaml")
    }
    drafts = {
        draft.spec.name: draft
        for path, text in texts.items()
        for draft in read_spec_file(path, text, kinds).drafts
    }
    judged = {
        (gate["spec"], gate["path"], gate["line"], gate["criterion"]): gate["status"]
        for gate in runs["serial"]["gates"]
    }
    found = []
    for workflow in dict.fromkeys(row["workflow"] for row in _table()):
        draft = instantiate(drafts[INSTANCES.get(workflow, workflow)], drafts)
        for criterion, role in zip(draft.spec.criteria, draft.roles, strict=True):
            if "/workflows/" not in criterion.span.path:
                continue
            status = judged.get(
                (draft.spec.name, criterion.span.path, criterion.span.line, criterion.text),
                "not a gate",
            )
            bare = replace(criterion, gate=None)
            spec = replace(draft.spec, bindings=())
            is_prose = criterion.gate is None or criterion.text.partition(":")[0] not in kinds
            sentence = _as_a_sentence(read_criterion(bare, role, spec, kinds)) if is_prose else "-"
            found.append((workflow, criterion.text, sentence, status))
    wanted = [tuple(row.values()) for row in _table()]
    assert found == wanted
