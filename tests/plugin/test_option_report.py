"""--spec-gates-report=FORMAT[:FILE]: which files are written, whole, also when interrupted."""

from __future__ import annotations

import json
import os
import sys
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING

import jsonschema
import pytest

from pytest_specgates import pipeline

if TYPE_CHECKING:
    from conftest import Project


@pytest.fixture
def small(shop: Project) -> Project:
    shop.spec(
        """
        spec: x
        gates:
          - tests: all pass
            id: tests
          - exists: missing.md
            id: docs
        activities:
          - Think
        """
    )
    return shop


def test_the_json_report_is_valid_under_its_schema(small: Project) -> None:
    report = small.run().report
    validator = jsonschema.Draft202012Validator(
        pipeline.report_schema(), format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
    )
    validator.validate(report)
    assert report["counts"]["passed"] == 1
    assert report["counts"]["failed"] == 1
    assert report["not_gates"][0]["text"] == "Think"
    docs = next(gate for gate in report["gates"] if gate["nodeid"].endswith("docs"))
    assert (docs["path"], docs["line"], docs["required"]) == (
        "specs/x.spec.yaml",
        5,
        "all present",
    )


def test_both_formats_with_their_default_names(small: Project) -> None:
    small.run_bare("--spec-gates", "--spec-gates-report=json", "--spec-gates-report=md")
    report = json.loads((small.root / "specgates-report.json").read_text("utf-8"))
    markdown = (small.root / "specgates-report.md").read_text("utf-8")
    assert report["verdict"] == "failed"
    assert markdown.startswith("# Spec gates: FAILED: 1 of 2 gates blocks\n")
    assert "create missing.md" in markdown


def test_an_unknown_format_is_a_usage_error(small: Project) -> None:
    result = small.run_bare("--spec-gates", "--spec-gates-report=jsn")
    assert result.exit == 4
    assert '"jsn" is not known; did you mean "json"?' in result.output


def test_the_report_names_the_run(small: Project) -> None:
    small.commit_all()
    run = small.run().report["run"]
    assert run["commit"] == small.git("rev-parse", "HEAD").strip()
    assert run["dirty"] is True  # the report of JUnit lies there, untracked
    assert run["versions"]["pytest"]
    assert run["started"] < run["ended"]


def test_an_interrupted_run_says_so(small: Project) -> None:
    small.write("tests/test_stop.py", "def test_stop(): raise KeyboardInterrupt\n")
    result = small.run()
    assert result.exit == 2
    assert result.verdict == "incomplete"
    assert "KeyboardInterrupt" in result.report["interrupted"]
    assert len(result.report["not_judged"]) == 2


def test_a_run_that_dies_leaves_no_report_of_an_earlier_one(small: Project) -> None:
    small.run()
    small.write("tests/test_die.py", "import os\ndef test_die(): os._exit(0)\n")
    (small.root / "report.json").write_text("{}", encoding="utf-8")
    result = small.run_bare("--spec-gates", "--spec-gates-report=json:report.json")
    assert result.report == {}


@pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() == 0, reason="root writes to any folder"
)
def test_a_folder_that_cannot_be_written(small: Project) -> None:
    folder = small.root / "closed"
    folder.mkdir(mode=0o500)
    result = small.run_bare("--spec-gates", "--spec-gates-report=json:closed/report.json")
    assert "could not be written" in result.output
    assert result.exit == 1


def test_a_report_that_cannot_be_written_fails_the_run(small: Project) -> None:
    small.write("file", "x")
    small.spec("spec: x\ngates:\n  - exists: file\n")
    result = small.run_bare("--spec-gates", "--spec-gates-report=json:file/report.json")
    assert "the json report could not be written" in result.output
    assert result.exit == 1


@pytest.mark.parametrize("workers", [(), ("-n2",)], ids=["alone", "workers"])
def test_faults_stand_on_the_lines_at_fault(shop: Project, workers: tuple[str, ...]) -> None:
    shop.spec(
        """
        spec: x
        gates:
          - {coverage: ">= 100%", of: src, id: lines}
          - {conforms: rows.json, of: rows.jsonl, id: rows}
          - {exists: gone.md, id: gone}
        """
    )
    shop.write("rows.json", '{"required": ["a"]}')
    good = json.dumps({"a": "x" * 1000})
    shop.write("rows.jsonl", "\n".join([*[good] * 60, "{}", "not json", ""]))  # for a worker
    shop.commit_all()
    shop.run_bare("--spec-gates", "--spec-gates-report=sarif", *workers)
    (run,) = json.loads((shop.root / "specgates.sarif").read_text("utf-8"))["runs"]
    places: dict[str, list[tuple[str, int]]] = {}
    for result in run["results"]:
        where = result["locations"][0]["physicalLocation"]
        line = where["region"]["startLine"]
        places.setdefault(result["ruleId"], []).append((where["artifactLocation"]["uri"], line))
    assert places == {
        "x/lines": [("src/shop.py", 3)],
        "x/rows": [("rows.jsonl", 61), ("rows.jsonl", 62)],
        "x/gone": [("specs/x.spec.yaml", 5)],
    }


@pytest.mark.parametrize("workers", [(), ("-n2",)], ids=["alone", "workers"])
def test_a_gate_has_the_time_that_it_took(project: Project, workers: tuple[str, ...]) -> None:
    sleep = f'"{sys.executable}" -c "import time; time.sleep(0.3)"'
    project.spec(
        f"""
        spec: x
        gates:
          - {{id: slow, command: '{sleep}'}}
          - {{id: there, exists: pytest.ini}}
        """
    )
    project.commit_base()
    names = ("json:report.json", "ctrf:ctrf.json", "junit:gates.xml")
    options = [f"--spec-gates-report={name}" for name in names]
    base = "--spec-gates-base=main"
    result = project.run_bare("--spec-gates", *options, base, "--durations=1", *workers)
    assert result.exit == 0, result.output
    data = json.loads((project.root / "report.json").read_text("utf-8"))
    seconds = {gate["nodeid"].rpartition("::")[2]: gate["seconds"] for gate in data["gates"]}
    assert seconds["slow"] >= 0.3 > seconds["there"] > 0
    assert seconds["weakening"] > 0.001  # git was asked
    ctrf = json.loads((project.root / "ctrf.json").read_text("utf-8"))["results"]["tests"]
    assert [one["duration"] for one in ctrf] == pytest.approx(
        [s * 1000 for s in seconds.values()], abs=1
    )
    for file in ("gates.xml", "junit.xml"):  # the second is pytest's own
        cases = ET.parse(project.root / file).iter("testcase")
        times = {str(case.get("name")): float(str(case.get("time"))) for case in cases}
        assert times == pytest.approx(seconds, abs=0.001), file
    assert f"{seconds['slow']:.2f}s call " in result.output
