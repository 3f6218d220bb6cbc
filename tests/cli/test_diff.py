"""`specgates diff REF`."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Project

SPEC = "spec: shop\nscope: src\ngates:\n  - {id: floor, coverage: '>= 90%'}\n"


def diff(project: Project, *arguments: str) -> subprocess.CompletedProcess[str]:
    done = project.specgates("diff", *arguments)
    assert "Traceback" not in done.stderr
    return done


@pytest.fixture
def based(project: Project) -> Project:
    project.config("testpaths = tests\n")
    project.spec(SPEC)
    project.write("src/a.py", "def f():\n    return 1\n")
    project.write("schemas/r.json", '{"required": ["a"]}')
    project.commit_base()
    return project


def test_nothing_weaker(based: Project) -> None:
    done = diff(based, "main")
    assert (done.returncode, done.stdout) == (
        0,
        "1 gate unchanged\nnothing weakened, required none\n",
    )


def test_what_is_weaker_is_told_with_its_place(based: Project) -> None:
    based.spec(SPEC.replace("90", "80"))
    done = diff(based, "main")
    assert done.returncode == 1
    assert done.stdout.splitlines() == [
        "specs/x.spec.yaml:4: weakened: shop/floor: coverage: line coverage >= 80%, "
        "on the base coverage: line coverage >= 90%",
        "0 gates unchanged",
        "1 weakened or removed, required none",
    ]


def test_as_json(based: Project) -> None:
    based.spec(SPEC.replace("90", "95"))
    done = diff(based, "main", "--format", "json")
    assert done.returncode == 0
    (change,) = json.loads(done.stdout)["changes"]
    assert (change["kind"], change["subject"]) == ("tightened", "shop/floor")
    assert (change["path"], change["line"]) == ("specs/x.spec.yaml", 4)


def test_a_spec_that_is_gone_or_renamed_away(based: Project) -> None:
    based.git("mv", "specs/x.spec.yaml", "specs/x.yaml")
    done = diff(based, "main")
    assert done.returncode == 1
    assert "removed: shop/floor" in done.stdout


def test_a_spec_that_is_renamed_and_still_read(based: Project) -> None:
    based.git("mv", "specs/x.spec.yaml", "specs/y.spec.yaml")
    done = diff(based, "main")
    assert done.returncode == 0
    assert "moved: shop/floor: from specs/x.spec.yaml::floor" in done.stdout


@pytest.mark.parametrize(
    ("path", "text", "told"),
    [
        ("src/a.py", "def f():  # pragma: no cover\n    return 1\n", "exclusions src/a.py"),
        (".coveragerc", "[run]\nomit = src/a.py\n", "coverage run.omit: leaves out src/a.py too"),
        ("pytest.ini", "[pytest]\ntestpaths = tests\naddopts = -k fast\n", "pytest addopts"),
        ("pytest.ini", "[pytest]\ntestpaths = tests\nspecgates_paths = few\n", "specgates_paths"),
        ("conftest.py", "collect_ignore = ['tests']\n", "keeps tests from being collected"),
    ],
)
def test_what_gates_rest_on(based: Project, path: str, text: str, told: str) -> None:
    based.write(path, text)
    done = diff(based, "main")
    assert done.returncode == 1
    assert told in done.stdout


def test_a_schema_that_another_refers_to_under_not(based: Project) -> None:
    """It refuses more now, and so the other one refuses less."""
    based.spec(SPEC + "  - {id: rows, conforms: schemas/top.json, of: data/*.json}\n")
    based.write("schemas/top.json", '{"not": {"$ref": "r.json"}}')
    based.commit_base()
    based.write("schemas/r.json", '{"required": ["a", "b"]}')
    done = diff(based, "main")
    assert done.returncode == 1
    told = "schemas/r.json:1: weakened: schema schemas/r.json: / is narrower, and is referred to"
    assert told in done.stdout
    based.write("schemas/top.json", '{"allOf": [{"$ref": "r.json"}]}')
    based.write("schemas/r.json", '{"required": ["a"]}')
    based.commit_base()
    based.write("schemas/r.json", '{"required": ["a", "b"]}')
    done = diff(based, "main")
    assert (done.returncode, "narrower" in done.stdout) == (0, False), done.stdout


def test_a_schema_and_those_that_it_refers_to(based: Project) -> None:
    based.spec(SPEC + "  - {id: rows, conforms: schemas/top.json, of: data/*.json}\n")
    based.write("schemas/top.json", '{"$ref": "r.json"}')
    based.commit_base()
    based.write("schemas/r.json", "{}")
    done = diff(based, "main")
    assert done.returncode == 1
    assert "schemas/r.json:1: weakened: schema schemas/r.json: /required is gone" in done.stdout


def test_a_part_of_an_openapi_document(based: Project) -> None:
    gate = "  - {id: rows, conforms: 'api.json#/components/schemas/A', of: data/*.json}\n"
    based.spec(SPEC + gate)
    document = '{"openapi": "3.1.0", "paths": PATHS, "components": {"schemas": {"A": SCHEMA}}}'
    text = document.replace("PATHS", '{"/a": {}}')
    based.write("api.json", text.replace("SCHEMA", '{"required": ["a", "b"]}'))
    based.commit_base()
    based.write("api.json", document.replace("PATHS", "{}").replace("SCHEMA", '{"required": []}'))
    done = diff(based, "main")
    assert done.returncode == 1
    told = "api.json:1: weakened: schema api.json: /components/schemas/A/required is"
    assert told in done.stdout
    assert done.stdout.count("weakened: ") == 1


def test_a_folder_below_the_top_of_the_repository(based: Project) -> None:
    below = based.root / "below"
    below.mkdir()
    for name in ("specs", "src", "pytest.ini"):
        based.git("mv", name, f"below/{name}")
    based.commit_base()
    based.write("below/specs/x.spec.yaml", SPEC.replace("90", "80"))
    done = subprocess.run(
        [sys.executable, "-m", "pytest_specgates", "diff", "main"],
        cwd=below,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "specs/x.spec.yaml:4: weakened: shop/floor" in done.stdout


@pytest.mark.parametrize("ref", ["HEAD", "nowhere", "--help-me", ""])
def test_what_is_no_base(based: Project, ref: str) -> None:
    done = diff(based, "--", ref)
    assert done.returncode == 2


def test_without_git(project: Project) -> None:
    project.spec(SPEC)
    done = diff(project, "main")
    assert done.returncode == 2
    assert "there is no git repository" in done.stderr
