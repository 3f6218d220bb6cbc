"""Row 34: what was signed off is an earlier commit. The statement is bound to its commit: when
something that it covers has changed since, it does not count, and what changed is named."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Outcome, Project

SPEC = """
spec: shop
gates:
  - {id: code-review, attested: code-review}
"""
workers = pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "workers"])


@pytest.fixture
def signed(shop: Project) -> Project:
    """The small shop, committed, signed off by ana, and the statement committed too."""
    shop.spec(SPEC)
    ignored = (
        "__pycache__",
        ".coverage*",
        "/*.xml",
        "/report.json",
        "stdout",
        "stderr",
        "runpytest*",
    )
    shop.write(".gitignore", "\n".join((*ignored, ".pytest_cache", ".hypothesis", "")))
    shop.write("docs.md", "how\n")
    shop.commit_all()
    attest(shop)
    shop.commit_all("signed")
    return shop


def attest(project: Project, name: str = "ana") -> None:
    line = ("attest", "shop/code-review", "--by", name, "--note", "read it all")
    done = project.specgates(*line)
    assert done.returncode == 0, done.stderr


def is_stale(outcome: Outcome, *changed: str) -> None:
    gate = outcome.gate("code-review")
    assert (gate["status"], gate["blocking"]) == ("unattested", True)
    assert gate["sentence"].startswith("stale: ana signed ")
    assert f"since then changed: {', '.join(changed)};" in gate["sentence"]
    (check,) = gate["checks"]
    assert check["measurement"]["values"][0]["value"] == 0
    assert (outcome.exit, outcome.verdict) == (1, "failed")
    assert outcome.report["counts"]["unattested"] == 1
    assert outcome.junit["specs.x.spec.yaml::code-review"] == "failure"
    assert "unattested: stale: ana signed" in outcome.output


@workers
def test_the_sign_off_of_this_state_holds(signed: Project, workers: tuple[str, ...]) -> None:
    outcome = signed.run(*workers)
    assert (outcome.exit, outcome.verdict) == (0, "passed")
    gate = outcome.gate("code-review")
    assert gate["sentence"] == "1 signed off (ana), required attestations >= 1"
    assert "read it all" in json.dumps(gate["checks"][0]["evidence"])
    assert outcome.junit["specs.x.spec.yaml::code-review"] == "passed"


@workers
def test_a_commit_after_it_is_not_signed_off(signed: Project, workers: tuple[str, ...]) -> None:
    signed.write("src/shop.py", "def price(amount, rate):\n    return amount * rate\n")
    signed.commit_all("more")
    is_stale(signed.run(*workers), "src/shop.py")
    attest(signed)
    assert signed.run(*workers).exit == 0


@workers
def test_nor_is_what_nobody_has_committed(signed: Project, workers: tuple[str, ...]) -> None:
    signed.write("src/new.py", "x = 1\n")
    with (signed.root / "src" / "shop.py").open("a", encoding="utf-8") as file:
        file.write("MORE = 3\n")
    is_stale(signed.run(*workers), "src/new.py", "src/shop.py")


def test_nor_is_what_is_staged_or_gone_or_renamed(signed: Project) -> None:
    signed.git("mv", "specs/x.spec.yaml", "specs/y.spec.yaml")
    signed.git("mv", "docs.md", "read.md")
    signed.git("rm", "-q", "--cached", ".gitignore")
    outcome = signed.run()
    gate = outcome.gate("code-review")
    assert "a criterion of specs/x.spec.yaml, and this one is of" in gate["sentence"]
    signed.git("mv", "specs/y.spec.yaml", "specs/x.spec.yaml")
    outcome = signed.run()
    gate = outcome.gate("code-review")
    assert "since then changed: .gitignore, docs.md, read.md;" in gate["sentence"]
    assert outcome.exit == 1


def test_a_change_that_was_taken_back_is_none(signed: Project) -> None:
    text = (signed.root / "src" / "shop.py").read_text("utf-8")
    signed.write("src/shop.py", "x = 1\n")
    signed.commit_all("more")
    signed.write("src/shop.py", text)
    signed.commit_all("back")
    assert signed.run().statuses == {"code-review": "passed"}


def test_a_commit_of_another_history(signed: Project) -> None:
    # The same files, in a commit that the signed one is not part of.
    signed.git("checkout", "-q", "--orphan", "other")
    signed.git("commit", "-q", "-m", "squashed")
    outcome = signed.run()
    gate = outcome.gate("code-review")
    assert gate["status"] == "unattested"
    assert "stale: ana signed" in gate["sentence"]
    assert "which is not in the history of HEAD" in gate["sentence"]


@pytest.mark.parametrize(
    ("after", "told"),
    [
        ("{id: code-review, attested: [code-review, risks]}", "when the criterion was"),
        ("{id: code-review, attested: other}", "when the criterion was"),
        ("{id: code-review, attested: code-review, must: attestations >= 2}", "when it asked for"),
        ("{id: code-review, attested: code-review, covers: src}", "when it covered everything"),
        ("{id: other-review, attested: code-review}", "a person has to sign it off"),
    ],
)
def test_a_criterion_that_is_another_one_now(signed: Project, after: str, told: str) -> None:
    signed.spec(f"spec: shop\ngates:\n  - {after}\n")
    signed.commit_all("another")
    outcome = signed.run()
    (gate,) = outcome.report["gates"]
    assert gate["status"] == "unattested"
    assert told in gate["sentence"]
    assert outcome.exit == 1


def test_the_statement_of_another_criterion_is_none_of_this(signed: Project) -> None:
    signed.spec(SPEC + "  - {id: security, attested: code-review, covers: src}\n")
    signed.commit_all("two gates")
    folder = signed.root / "specs" / "attestations"
    (file,) = folder.iterdir()
    for name in ("shop-security.ana.12345678.json", "copy.json"):
        (folder / name).write_bytes(file.read_bytes())
    signed.commit_all("copies")
    outcome = signed.run()
    assert outcome.gate("security")["status"] == "unattested"
    assert "a person has to sign it off" in outcome.gate("security")["sentence"]


def test_one_person_is_not_two(signed: Project) -> None:
    signed.spec(SPEC.replace("code-review}", "code-review, must: attestations >= 2}"))
    signed.commit_all("two")
    attest(signed, "ana")
    attest(signed, "ANA ")
    folder = signed.root / "specs" / "attestations"
    (file,) = folder.iterdir()
    (folder / "copy.json").write_bytes(file.read_bytes())
    outcome = signed.run()
    assert outcome.gate("code-review")["status"] == "unattested"
    assert outcome.gate("code-review")["measured"] == "1 signed off"
    attest(signed, "bob")
    assert signed.run().exit == 0


def test_a_report_of_before_is_not_accepted_after(signed: Project) -> None:
    """`verify` measures the gate again."""
    (signed.root / "conftest.py").write_text("")
    signed.commit_all("conftest")
    attest(signed)
    signed.commit_all("signed again")
    assert signed.run().exit == 0
    line = [sys.executable, "-m", "pytest_specgates", "verify", "report.json"]
    done = subprocess.run(line, cwd=signed.root, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "ACCEPTED: 1 gate, none blocks\n")
    for file in (signed.root / "specs" / "attestations").iterdir():
        file.unlink()
    done = subprocess.run(line, cwd=signed.root, capture_output=True, text=True, check=False)
    assert done.returncode == 3
    assert "passed in the report, measured here unattested" in done.stdout
