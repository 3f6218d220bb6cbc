"""`specgates attest`: what it writes, where, and what it refuses."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Project

SPEC = """
spec: shop
gates:
  - {id: code-review, attested: code-review}
  - {id: two, attested: [design, risks], must: attestations >= 2, covers: src/**}
  - {id: unit, tests: all pass}
"""


def attest(project: Project, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-m", "pytest_specgates", "attest", *arguments],
        cwd=project.root,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **env},
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done


def statements(project: Project) -> list[Path]:
    return sorted((project.root / "specs" / "attestations").glob("*"))


def read(file: Path) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return data


@pytest.fixture
def repository(project: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_NAME", "t")
        monkeypatch.setenv(f"GIT_{who}_EMAIL", "t@example.org")
    project.write(".gitignore", "__pycache__\n")
    project.write("src/shop.py", "x = 1\n")
    project.spec(SPEC)
    project.commit_all()
    return project


def test_a_statement_of_in_toto(repository: Project) -> None:
    note = 'read "all" of it\nand É'
    done = attest(repository, "shop/code-review", "--by", "Ana", "--note", note)
    assert (done.returncode, done.stderr) == (0, "")
    commit = repository.git("rev-parse", "HEAD").strip()
    (file,) = statements(repository)
    assert f"shop/code-review is signed off by Ana for {commit}\n" in done.stdout
    assert file.name in done.stdout
    assert "now:       passed" in done.stdout
    data = read(file)
    time = data["predicate"].pop("time")
    assert time.endswith("Z")
    spec = repository.root / "specs" / "x.spec.yaml"
    assert data == {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [
            {"name": "commit", "digest": {"gitCommit": commit}},
            {
                "name": "specs/x.spec.yaml",
                "digest": {"sha256": hashlib.sha256(spec.read_bytes()).hexdigest()},
            },
        ],
        "predicateType": "https://pypi.org/project/pytest-specgates/attested/v1",
        "predicate": {
            "criterion": "shop/code-review",
            "text": "attested: code-review",
            "asks": ["code-review: attestations >= 1"],
            "covers": [],
            "by": "Ana",
            "note": note,
        },
    }


@pytest.mark.parametrize(
    "name",
    [
        "shop/code-review",
        "code-review",
        "specs/x.spec.yaml::code-review",
        "x.spec.yaml::code-review",
    ],
)
def test_the_end_of_an_address_is_enough(repository: Project, name: str) -> None:
    done = attest(repository, name, "--by", "ana", "--note", "fine")
    assert done.returncode == 0, done.stderr
    assert "shop/code-review is signed off" in done.stdout


def test_ends_that_fit_several_are_refused(repository: Project) -> None:
    repository.spec(SPEC.replace("shop", "bar"), "y")
    repository.commit_all()
    done = attest(repository, "code-review", "--by", "ana", "--note", "fine")
    assert done.returncode == 2
    assert '"code-review" names 2 criteria; write one of: ' in done.stderr
    assert "bar/code-review" in done.stderr
    assert "shop/code-review" in done.stderr
    assert statements(repository) == []


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("shop/code-reveiw", 'did you mean "shop/code-review"?'),
        ("code_review", 'did you mean "shop/code-review"?'),
        ("review", "no criterion is called"),
        ("zzz", "to be signed off are: shop/code-review, shop/two"),
        ("", "to be signed off are"),
        ("unit", "specs/x.spec.yaml:5: shop/unit asks nobody to sign it off"),
    ],
)
def test_what_is_no_criterion_to_sign(repository: Project, name: str, told: str) -> None:
    done = attest(repository, name, "--by", "ana", "--note", "fine")
    assert (done.returncode, done.stdout) == (2, "")
    assert told in done.stderr
    assert statements(repository) == []


@pytest.mark.parametrize(
    ("by", "note", "told"),
    [
        ("ana", " \n", "--note is empty"),
        (" ", "fine", "--by names nobody"),
        ("a\nb", "fine", "--by is no name"),
        ("a" * 201, "fine", "--by is no name"),
        ("ana", "x" * 70_000, "shorten the note"),
    ],
)
def test_who_and_what_have_to_be_said(repository: Project, by: str, note: str, told: str) -> None:
    done = attest(repository, "code-review", "--by", by, "--note", note)
    assert done.returncode == 2
    assert told in done.stderr
    assert statements(repository) == []


def test_both_options_are_needed(repository: Project) -> None:
    for given in (("--by", "ana"), ("--note", "fine")):
        done = attest(repository, "code-review", *given)
        assert done.returncode == 2
        assert "required" in done.stderr


def test_two_people_have_two_files_and_one_has_one(repository: Project) -> None:
    for name in ("Ana B", "ana-b", "ANA  b", "Bob"):
        assert attest(repository, "two", "--by", name, "--note", f"by {name}").returncode == 0
    found = {read(file)["predicate"]["by"]: read(file) for file in statements(repository)}
    assert set(found) == {"ANA  b", "ana-b", "Bob"}
    assert found["ANA  b"]["predicate"]["covers"] == ["src/**"]
    assert found["Bob"]["predicate"]["asks"] == ["design, risks: attestations >= 2"]


def test_what_is_not_committed_cannot_be_signed(repository: Project) -> None:
    repository.write("src/shop.py", "x = 2\n")
    repository.write("src/new.py", "x = 2\n")
    done = attest(repository, "code-review", "--by", "ana", "--note", "fine")
    assert done.returncode == 2
    assert "not committed: src/new.py, src/shop.py" in done.stderr
    assert statements(repository) == []
    repository.commit_all()
    assert attest(repository, "code-review", "--by", "ana", "--note", "fine").returncode == 0
    # What was kept, and is not committed yet, hinders nobody.
    assert attest(repository, "code-review", "--by", "bob", "--note", "fine").returncode == 0


def test_what_is_not_covered_need_not_be_committed(repository: Project) -> None:
    repository.write("README.md", "new\n")
    assert attest(repository, "two", "--by", "ana", "--note", "fine").returncode == 0
    repository.spec(SPEC + "  - exists: README.md\n")
    done = attest(repository, "two", "--by", "ana", "--note", "fine")
    assert done.returncode == 2
    assert "not committed: specs/x.spec.yaml" in done.stderr


def test_without_a_commit_there_is_nothing_to_bind_to(project: Project) -> None:
    project.spec(SPEC)
    done = attest(project, "code-review", "--by", "ana", "--note", "fine")
    assert done.returncode == 2
    assert "there is no commit to sign off" in done.stderr
    project.git("init", "-q")
    done = attest(project, "code-review", "--by", "ana", "--note", "fine")
    assert done.returncode == 2
    assert "there is no commit to sign off" in done.stderr


def test_a_spec_with_an_error(repository: Project) -> None:
    repository.spec("spec: shop\ngates:\n  - {attested: a, bye: b}\n", "y")
    done = attest(repository, "code-review", "--by", "ana", "--note", "fine")
    assert done.returncode == 2
    assert "specs/y.spec.yaml:3" in done.stderr
    assert 'did you mean "by"?' in done.stderr


def test_another_folder(repository: Project) -> None:
    repository.config("specgates_attestations = signed/here\n")
    repository.commit_all()
    done = attest(repository, "code-review", "--by", "ana", "--note", "fine")
    assert done.returncode == 0, done.stderr
    assert "now:       passed" in done.stdout
    assert len(list((repository.root / "signed" / "here").iterdir())) == 1


@pytest.mark.parametrize("folder", ["../out", "/tmp", ".", "link"])
def test_a_folder_that_leads_out_is_refused(
    repository: Project, tmp_path: Path, folder: str
) -> None:
    (repository.root / "link").symlink_to(tmp_path)
    repository.config(f"specgates_attestations = {folder}\n")
    repository.commit_all()
    done = attest(repository, "code-review", "--by", "ana", "--note", "fine")
    assert done.returncode == 2
    assert "root" in done.stderr
    assert list(tmp_path.glob("*.json")) == []


def test_a_folder_that_cannot_be_written(repository: Project) -> None:
    repository.write("specs/attestations", "a file\n")
    repository.commit_all()
    done = attest(repository, "code-review", "--by", "ana", "--note", "fine")
    assert done.returncode == 2
    assert "specs/attestations" in done.stderr
    assert (repository.root / "specs" / "attestations").read_text() == "a file\n"


def test_as_git_notes(repository: Project) -> None:
    for name in ("ana", "bob", "Ana"):
        done = attest(repository, "two", "--by", name, "--note", "fine", "--notes")
        assert done.returncode == 0, done.stderr
    assert "now:       passed: 2 signed off (Ana, bob)" in done.stdout
    assert "git push origin refs/notes/specgates" in done.stdout
    assert statements(repository) == []
    lines = repository.git("notes", "--ref", "specgates", "show", "HEAD").splitlines()
    made = [json.loads(json.loads(line)["statement"]) for line in lines]
    assert [one["predicate"]["by"] for one in made] == ["bob", "Ana"]
    assert repository.git("status", "--porcelain") == ""


def test_notes_of_two_processes_at_once(repository: Project) -> None:
    running = [
        subprocess.Popen(
            [
                *(sys.executable, "-m", "pytest_specgates", "attest", "two", "--notes"),
                *("--by", f"p{number}", "--note", "fine"),
            ],
            cwd=repository.root,
            stdout=subprocess.DEVNULL,
        )
        for number in range(4)
    ]
    assert [one.wait() for one in running] == [0, 0, 0, 0]
    assert len(repository.git("notes", "--ref", "specgates", "show", "HEAD").splitlines()) == 4


def test_a_folder_that_git_ignores(repository: Project) -> None:
    repository.write(".gitignore", "__pycache__\n*.json\n")
    repository.commit_all()
    done = attest(repository, "code-review", "--by", "ana", "--note", "fine")
    assert done.returncode == 0
    assert "is ignored by git: take it out of .gitignore" in done.stdout


def test_a_signature_that_cannot_be_written_takes_the_statement_with_it(
    repository: Project, tmp_path: Path
) -> None:
    key = tmp_path / "key"
    line = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)]
    subprocess.run(line, check=True)
    given = ("code-review", "--by", "ana", "--note")
    assert attest(repository, *given, "first").returncode == 0
    (file,) = statements(repository)
    before = file.read_bytes()
    beside = file.with_name(f"{file.name}.sig")
    beside.mkdir()
    done = attest(repository, *given, "second", "--sign", str(key))
    assert done.returncode == 2
    assert f"{beside.name} cannot be written: not a regular file" in done.stderr
    assert file.read_bytes() == before
    file.unlink()
    assert attest(repository, *given, "second", "--sign", str(key)).returncode == 2
    assert statements(repository) == [beside]


def test_a_key_that_is_not_there(repository: Project) -> None:
    done = attest(repository, "two", "--by", "ana", "--note", "fine", "--sign", "no/key")
    assert done.returncode == 2
    assert "no/key: there is no such key file" in done.stderr
    assert statements(repository) == []
