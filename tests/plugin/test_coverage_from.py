"""`from:`: coverage that another run, or another language's tool, left in a file."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Outcome, Project

LCOV = """
TN:
SF:src/cart.js
DA:1,4
DA:2,4
DA:3,0
DA:5,1
BRDA:2,0,0,4
BRDA:2,0,1,-
end_of_record
TN:
SF:src/menu.js
DA:1,0
end_of_record
"""


@pytest.fixture
def web(project: Project) -> Project:
    """A front end of two files, of whose 5 lines 3 are covered, in a folder of its own."""
    project.write("web/src/cart.js", "a\nb\nc\n\nd\n")
    project.write("web/src/menu.js", "x\n")
    project.write("tests/test_a.py", "def test_a():\n    pass\n")
    project.write("web/coverage/lcov.info", LCOV)
    project.config("testpaths = tests\n")
    return project


def spec(project: Project, *gates: str) -> None:
    lines = "".join(f"  - {{id: g{number}, {gate}}}\n" for number, gate in enumerate(gates))
    project.spec(f"spec: x\ngates:\n{lines}")


def sentence(outcome: Outcome, name: str = "g0") -> str:
    told: str = outcome.gate(name)["sentence"]
    return told


def specgates(project: Project, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest_specgates", *arguments]
    return subprocess.run(command, cwd=project.root, capture_output=True, text=True, check=False)


FROM = "from: web/coverage/lcov.info"


def test_lcov_of_another_language(web: Project) -> None:
    spec(
        web,
        f"coverage: '>= 70%', of: web/src, {FROM}",
        f"coverage: branch >= 50%, of: web/src, {FROM}",
        f"coverage: uncovered lines <= 2, of: web/src/**/*.js, {FROM}",
        f"coverage: '>= 50%', of: web/src, per: file, {FROM}",
        f"coverage: '>= 75%', of: web/src, omit: '**/menu.js', {FROM}",
    )
    outcome = web.run()
    assert sentence(outcome) == "60 % (web/src), required line coverage >= 70%"
    assert outcome.gate("g0")["checks"][0]["evidence"] == [
        "web/src: 2 files, 5 statements, 0 lines excluded; from web/coverage/lcov.info",
        "web/src/cart.js: lines 3",
        "web/src/menu.js: lines 1",
    ]
    assert outcome.gate("g1")["checks"][0]["evidence"][1] == "web/src/cart.js: branches 2"
    assert [outcome.statuses[f"g{n}"] for n in range(1, 5)] == [
        "passed",
        "passed",
        "failed",
        "passed",
    ]
    files = {file["path"]: file["missing"] for file in outcome.report["coverage"]}
    assert files == {"web/src/cart.js": [3], "web/src/menu.js": [1]}
    assert "switched on for the gates" not in outcome.output
    assert [kept["path"] for kept in outcome.report["evidence"]] == ["web/coverage/lcov.info"]


def test_a_part_of_the_run_is_no_matter(web: Project) -> None:
    spec(web, f"coverage: '>= 50%', of: web/src, {FROM}")
    assert web.run("-n", "2").statuses["g0"] == "passed"
    assert web.run("specs/x.spec.yaml", "-p", "no:cov").statuses["g0"] == "passed"


def test_the_changed_lines_of_another_language(web: Project) -> None:
    spec(web, f"coverage: '>= 90%', of: changed:web/src, {FROM}")
    (web.root / "web/coverage/lcov.info").unlink()
    web.write(".gitignore", "coverage\n")
    web.commit_base()
    web.write("web/src/cart.js", "a\nb\nnew\n\nnew\n")
    web.write("web/coverage/lcov.info", LCOV)
    outcome = web.run()
    assert sentence(outcome) == "50 % (the changed lines), required line coverage >= 90%"


WRONG = [
    ("web/coverage/none.info", "", "unmeasured", "is not there"),
    ("web/a.info", "TN:\nSF:src/cart.js\nDA:1,4\n", "error", "it was cut short"),
    ("web/b.info", "TN:\nSF:src/cart.js\nDA:1,x\n", "error", "'x' is no count"),
    ("web/c.info", "hello\n", "error", "nor LCOV"),
    ("web/d.xml", "<coverage>", "error", "not XML"),
    ("web/e.xml", "<html/>", "error", "not Cobertura's"),
    ("web/f.xml", '<!DOCTYPE c [<!ENTITY a "b">]><coverage/>', "error", "defines entities"),
    ("web/g.json", "{}", "error", "not the report of `coverage json`"),
    ("../a.info", "", "error", "leads out of the root"),
    (
        "web/h.info",
        "SF:src/cart.js\nDA:99,1\nend_of_record\nSF:src/menu.js\nDA:1,1\nend_of_record\n",
        "unmeasured",
        "is stale: it has line 99 of web/src/cart.js, which has 5 lines",
    ),
    (
        "web/i.info",
        "SF:src/cart.js\nDA:1,1\nend_of_record\n",
        "unmeasured",
        "nothing is said of web/src/menu.js",
    ),
    (
        "web/j.info",
        "SF:src/gone.js\nDA:1,1\nend_of_record\n",
        "unmeasured",
        "no file that it has matches web/src",
    ),
]


def test_what_is_no_coverage_of_it(web: Project) -> None:
    for name, text, _, _ in WRONG:
        if text:
            web.write(name, text)
    spec(web, *(f"coverage: '>= 1%', of: web/src, from: {name}" for name, _, _, _ in WRONG))
    outcome = web.run()
    for number, (name, _, status, told) in enumerate(WRONG):
        gate = outcome.gate(f"::g{number}")
        assert (gate["status"], told in gate["sentence"]) == (status, True), (name, gate)
    assert outcome.exit == 1


def test_what_was_made_before_the_code_is_stale(web: Project) -> None:
    spec(web, f"coverage: '>= 50%', of: web/src, {FROM}")
    file = web.root / "web/coverage/lcov.info"
    os.utime(file, (time.time() - 100, time.time() - 100))
    outcome = web.run()
    assert outcome.statuses["g0"] == "unmeasured"
    assert "lcov.info is stale: web/src/cart.js was changed at" in sentence(outcome)
    os.utime(file, (time.time() + 1000, time.time() + 1000))
    assert "which is still to come" in sentence(web.run())
    os.utime(file)
    web.commit_all()
    assert "it is committed, so no run of this commit made it" in sentence(web.run())


def test_a_stamp_says_what_it_is_of(web: Project) -> None:
    """Another job made it: whatever the clocks say, the commit and the digests have to fit."""
    spec(web, f"coverage: '>= 50%', of: web/src, {FROM}")
    web.write(".gitignore", "coverage\n__pycache__\nreport.json\n")
    web.commit_all()
    done = specgates(web, "stamp", "web/coverage/lcov.info")
    assert (done.returncode, done.stdout) == (0, "web/coverage/lcov.info.stamp.json: 2 files\n")
    file = web.root / "web/coverage/lcov.info"
    os.utime(file, (1, 1))
    assert web.run().statuses["g0"] == "passed"

    web.write("web/src/menu.js", "y\n")
    assert "web/src/menu.js is not what it was when it was stamped" in sentence(web.run())
    web.write("web/src/menu.js", "x\n")
    file.write_text(file.read_text().replace("DA:1,0", "DA:1,9"))
    outcome = web.run()
    assert outcome.statuses["g0"] == "unmeasured"
    assert "it is not the file that was stamped" in sentence(outcome)
    web.write("web/coverage/lcov.info", LCOV)
    web.write("README.md", "x\n")
    web.commit_all()
    assert "its stamp is of commit" in sentence(web.run())
    web.write("web/coverage/lcov.info.stamp.json", "{}")
    outcome = web.run()
    assert outcome.statuses["g0"] == "error"
    assert "lcov.info.stamp.json: not a stamp" in sentence(outcome)


def test_what_cannot_be_stamped(web: Project) -> None:
    done = specgates(web, "stamp", "web/none.info")
    assert (done.returncode, done.stderr) == (2, "web/none.info: web/none.info is not there\n")
    web.write("web/a.info", "SF:gone.js\nDA:1,1\nend_of_record\n")
    done = specgates(web, "stamp", "web/a.info")
    assert "none of the files that it names is here" in done.stderr


@pytest.fixture
def python(project: Project) -> Project:
    """Python code whose coverage was measured before, and kept in every format."""
    project.write("src/shop.py", "def price(x):\n    if x:\n        return x\n    return 0\n")
    project.write("src/unused.py", "x = 1\n")
    project.write("tests/test_a.py", "import shop\n\ndef test_a():\n    shop.price(1)\n")
    project.config("testpaths = tests\npythonpath = src\n")
    names = ("json", "xml", "lcov")
    reports = [f"--cov-report={name}:made/coverage.{name}" for name in names]
    command = [sys.executable, "-m", "pytest", "-q", "--cov=src", "--cov-branch", *reports]
    env = {**os.environ, "COVERAGE_FILE": "made/data"}
    (project.root / "made").mkdir()
    subprocess.run(command, cwd=project.root, check=True, capture_output=True, env=env)
    return project


def test_every_format_tells_the_same(python: Project) -> None:
    names = ("data", "coverage.json", "coverage.xml", "coverage.lcov")
    gates = [
        f"{gate}, of: src, from: made/{name}"
        for name in names
        for gate in (
            "coverage: '>= 60%'",
            "coverage: branch >= 50%",
            "coverage: '>= 50%', per: file",
        )
    ]
    spec(python, *gates)
    outcome = python.run("specs/x.spec.yaml")
    for number in range(0, len(gates), 3):
        lines, branches, files = (outcome.gate(f"::g{number + n}") for n in range(3))
        assert lines["sentence"] == "60 % (src), required line coverage >= 60%", names[number // 3]
        assert branches["status"] == "passed"
        assert files["sentence"].startswith("0 % (src/unused.py)")
    assert outcome.report["coverage"][0]["missing"] == [4]


def test_what_a_file_can_say_and_what_not(python: Project) -> None:
    data = json.loads((python.root / "made/coverage.json").read_text())
    data["files"]["src/shop.py"]["missing_lines"] = []
    python.write("made/wrong.json", json.dumps(data))
    spec(
        python,
        "coverage: '>= 90%', of: src, per: function, from: made/coverage.json",
        "coverage: '>= 90%', of: src, per: function, from: made/coverage.lcov",
        "coverage: '>= 1%', of: src, by: tests, from: made/coverage.json",
        "coverage: '>= base', of: src, from: made/coverage.json",
        "coverage: '>= 1%', of: src, from: made/wrong.json",
    )
    outcome = python.run("specs/x.spec.yaml")
    assert "66.67 % (src/shop.py::price)" in sentence(outcome, "g0")
    assert "tells no function" in sentence(outcome, "g1")
    assert "`by:` is of the tests of this run" in sentence(outcome, "g2")
    assert "a file of coverage has no base" in sentence(outcome, "g3")
    assert "4 statements, and lines of 3" in sentence(outcome, "g4")
    assert [outcome.statuses[f"g{n}"] for n in (2, 3, 4)] == ["error"] * 3


def test_verify_knows_the_file(web: Project) -> None:
    spec(web, f"coverage: '>= 50%', of: web/src, {FROM}")
    web.write(".gitignore", "coverage\n__pycache__\nreport.json\njunit.xml\nstd*\nrunpytest-*\n")
    web.commit_all()
    assert web.run().exit == 0
    assert specgates(web, "verify", "report.json").returncode == 0
    web.write("web/coverage/lcov.info", LCOV.replace("DA:3,0", "DA:3,1"))
    done = specgates(web, "verify", "report.json")
    assert done.returncode == 3
    assert "lcov.info (coverage) is not the one that was measured" in done.stdout
