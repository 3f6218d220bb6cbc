"""`attested` gates: who counts, what is covered, signatures, statements that are none."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Project

IGNORED = "__pycache__\n/*.xml\n/report.json\nstdout\nstderr\nrunpytest*\n"
FOLDER = "specs/attestations"


def attest(
    project: Project, criterion: str, by: str, *more: str, note: str = "fine"
) -> subprocess.CompletedProcess[str]:
    line = (sys.executable, "-m", "pytest_specgates", "attest", criterion, "--by", by)
    done = subprocess.run(
        [*line, "--note", note, *more],
        cwd=project.root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stderr
    assert done.returncode == 0, done.stderr
    return done


def statement(project: Project, by: str = "ana") -> Path:
    (file,) = (project.root / FOLDER).glob(f"*.{by}.*.json")
    return file


@pytest.fixture
def shop(project: Project, monkeypatch: pytest.MonkeyPatch) -> Project:
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_NAME", "t")
        monkeypatch.setenv(f"GIT_{who}_EMAIL", "t@example.org")
    project.write(".gitignore", IGNORED)
    project.write("src/shop.py", "x = 1\n")
    project.write("docs/a.md", "a\n")
    project.config()
    return project


@pytest.fixture
def gate(shop: Project) -> Callable[..., dict[str, Any]]:
    """The record of the one gate in a run, whose status has to be the one that is given."""

    def run(status: str, *arguments: str) -> dict[str, Any]:
        outcome = shop.run(*arguments)
        (found,) = outcome.report["gates"]
        assert found["status"] == status, found["sentence"]
        assert outcome.exit == (0 if status == "passed" else 1)
        return dict(found)

    return run


def spec(project: Project, gate: str, scope: str = "") -> None:
    lead = f"scope: {scope}\n" if scope else ""
    project.spec(f"spec: shop\n{lead}gates:\n  - {{id: review, attested: review{gate}}}\n")
    project.commit_all()


# --- how many, and who


def test_as_many_as_are_asked_for(shop: Project, gate: Callable[..., dict[str, Any]]) -> None:
    spec(shop, ", must: attestations >= 2")
    attest(shop, "review", "ana", note="looked")
    found = gate("unattested")
    assert found["sentence"] == "review: 2 people have to sign it off, ana did"
    assert found["next_step"].startswith("specgates attest shop/review --by NAME --note TEXT")
    attest(shop, "review", "bob", "--notes")
    found = gate("passed")
    assert found["sentence"] == "2 signed off (ana, bob), required attestations >= 2"
    evidence = found["checks"][0]["evidence"]
    assert any("ana signed" in line and line.endswith(": looked") for line in evidence)


def test_only_those_who_are_named_count(shop: Project, gate: Callable[..., dict[str, Any]]) -> None:
    spec(shop, ", by: [Ana, bob]")
    attest(shop, "review", "eve")
    sentence = gate("unattested")["sentence"]
    assert "eve signed, and Ana, bob can" in sentence
    assert "a person has to sign it off (Ana, bob can)" in sentence
    attest(shop, "review", "ana")
    gate("passed")


# --- what is covered


@pytest.mark.parametrize(
    ("more", "scope"),
    [
        (", covers: src", ""),
        (", covers: [src/**]", "docs"),
        ("", "src"),
        (", covers: 'src/*.py'", ""),
    ],
)
def test_only_what_is_covered_makes_it_stale(
    shop: Project, gate: Callable[..., dict[str, Any]], more: str, scope: str
) -> None:
    spec(shop, more, scope)
    attest(shop, "review", "ana")
    shop.write("docs/a.md", "b\n")
    shop.write("other.py", "b\n")
    gate("passed")
    shop.commit_all("others")
    gate("passed")
    shop.write("src/new.py", "b\n")
    assert "since then changed: src/new.py;" in gate("unattested")["sentence"]


def test_what_is_ignored_is_no_part_of_the_project(
    shop: Project, gate: Callable[..., dict[str, Any]]
) -> None:
    spec(shop, "")
    attest(shop, "review", "ana")
    shop.write("src/__pycache__/shop.pyc", "x")
    gate("passed")


def test_what_a_run_writes_is_no_part_of_the_project(project: Project) -> None:
    """Coverage that a gate switches on, reports, caches: whether or not they are ignored."""
    project.write(".gitignore", "/report.json\nstdout\nstderr\nrunpytest*\n")
    project.write("shop.py", "def price():\n    return 1\n")
    project.write("test_shop.py", "import shop\n\ndef test_price():\n    assert shop.price()\n")
    project.config()
    project.spec(
        """
        spec: x
        gates:
          - {coverage: ">= 90%", of: shop.py}
          - {id: review, attested: code-review}
          - {id: docs, changed: README.md, when: "**"}
        """
    )
    project.commit_all()
    attest(project, "review", "ana")
    project.commit_all("reviewed")
    reports = ("--spec-gates-report=json", "--spec-gates-report=md", "--junitxml=junit.xml")
    for _ in range(2):
        run = project.run_bare("--spec-gates", *reports)
        assert "2 passed, 1 not-applicable" in run.output
    made = {".coverage", "junit.xml", "specgates-report.json", "specgates-report.md"}
    assert made <= {path.name for path in project.root.iterdir()}
    report = json.loads((project.root / "specgates-report.json").read_text("utf-8"))
    assert report["run"]["dirty"] is False
    done = project.specgates("verify", "specgates-report.json", "--base", "main")
    assert "stale" not in done.stdout + done.stderr
    project.write("src/.coveragerc", "")
    assert "since then changed: src/.coveragerc;" in project.run().gate("review")["sentence"]


@pytest.mark.parametrize("flag", ["--assume-unchanged", "--skip-worktree"])
def test_what_git_does_not_look_at_is_looked_at(
    shop: Project, gate: Callable[..., dict[str, Any]], flag: str
) -> None:
    spec(shop, "")
    attest(shop, "review", "ana")
    shop.git("update-index", flag, "src/shop.py")
    gate("passed")
    shop.write("src/shop.py", "x = 2\n")
    assert shop.git("diff", "--name-only") == ""
    assert "since then changed: src/shop.py;" in gate("unattested")["sentence"]


def test_other_criteria_of_the_spec_may_change(
    shop: Project, gate: Callable[..., dict[str, Any]]
) -> None:
    spec(shop, ", covers: src")
    attest(shop, "review", "ana")
    file = shop.root / "specs" / "x.spec.yaml"
    text = file.read_text("utf-8")
    file.write_text(f"# more\n{text}      # and more\n", "utf-8")
    gate("passed")


@pytest.mark.parametrize("covers", ["scr", "scr/**", "../x", "/etc"])
def test_a_path_that_covers_nothing_is_an_error(shop: Project, covers: str) -> None:
    spec(shop, ", covers: src")
    attest(shop, "review", "ana")
    file = statement(shop)
    file.write_text(file.read_text("utf-8").replace('"src"', f'"{covers}"'), "utf-8")
    spec(shop, f", covers: '{covers}'")
    outcome = shop.run()
    assert outcome.gate("review")["status"] == "error"
    assert covers in outcome.gate("review")["sentence"]


def test_the_folder_of_statements_is_no_place_to_hide(
    shop: Project, gate: Callable[..., dict[str, Any]]
) -> None:
    spec(shop, "")
    attest(shop, "review", "ana")
    shop.write(f"{FOLDER}/evil.py", "x\n")
    shop.write(f"{FOLDER}/deep/x.json", "x\n")
    sentence = gate("unattested")["sentence"]
    assert f"changed: {FOLDER}/deep/x.json, {FOLDER}/evil.py;" in sentence


# --- statements that are none


def edited(**changes: object) -> Callable[[dict[str, Any]], None]:
    return lambda data: data["predicate"].update(changes)


@pytest.mark.parametrize(
    ("edit", "status", "told"),
    [
        (edited(criterion="shop/other"), "unattested", "a person has to sign it off"),
        (edited(text="another"), "unattested", 'when the criterion was "another"'),
        (edited(covers=["docs"]), "unattested", "when it covered docs"),
        (edited(by=""), "error", "`predicate.by` is no text"),
        (edited(by="a\nb"), "error", "`predicate.by` is no name"),
        (edited(note=" "), "error", "`predicate.note` is no text"),
        (edited(time="yesterday"), "error", "`predicate.time` is no time in UTC"),
        (edited(asks="x"), "error", "`predicate.asks` is no list of texts"),
        (lambda d: d.update(predicate=[]), "error", "`predicate` is no mapping"),
        (lambda d: d.update(_type="x"), "error", "`_type` is not"),
        (lambda d: d.update(subject=[]), "error", "`subject` is not one commit"),
        (lambda d: d["subject"].append(d["subject"][0]), "error", "`subject` is not one commit"),
        (
            lambda d: d["subject"][0]["digest"].update(gitCommit="--all"),
            "error",
            "`subject` is not one commit",
        ),
        (
            lambda d: d["subject"][0]["digest"].update(gitCommit="a" * 40),
            "unattested",
            "which is not here",
        ),
        (
            lambda d: d["subject"][1]["digest"].update(sha256="a" * 64),
            "unattested",
            "is not the one that it names by its digest",
        ),
        (lambda d: d.update(predicateType="https://slsa.dev/x"), "unattested", "a person has to"),
    ],
)
def test_a_statement_that_says_something_else(
    shop: Project,
    gate: Callable[..., dict[str, Any]],
    edit: Callable[[dict[str, Any]], None],
    status: str,
    told: str,
) -> None:
    spec(shop, ", covers: src")
    attest(shop, "review", "ana")
    file = statement(shop)
    data = json.loads(file.read_text("utf-8"))
    edit(data)
    file.write_text(json.dumps(data), "utf-8")
    sentence = gate(status)["sentence"]
    assert told in sentence
    if status == "error":
        assert f"{FOLDER}/{file.name}: " in sentence
        assert "expected is an in-toto Statement v1, as `specgates attest` writes it" in sentence


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"{", "not JSON, line 1"),
        (b"", "not JSON, line 1"),
        (b"\xff{}", "not UTF-8 at byte 0"),
        (b"[" * 50_000, "nested too deeply"),
        (b"[1, 2]", "`_type` is not"),
        (b'{"_type": 1, "_type": 2}', 'the key "_type" stands in an object twice'),
        (b'{"_type": "\\ud800"}', "an escape that is half a character"),
        (b" " * 70_000, "larger than 64,000 bytes"),
    ],
)
def test_a_file_that_is_no_statement(
    shop: Project, gate: Callable[..., dict[str, Any]], data: bytes, told: str
) -> None:
    spec(shop, "")
    attest(shop, "review", "ana")
    (shop.root / FOLDER / "b.json").write_bytes(data)
    sentence = gate("error")["sentence"]
    assert f"{FOLDER}/b.json: {told}" in sentence
    assert "expected is an in-toto Statement v1" in sentence


@pytest.mark.skipif(os.name != "posix", reason="links and pipes of POSIX")
def test_a_link_that_leads_out_and_a_pipe(
    shop: Project, gate: Callable[..., dict[str, Any]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    spec(shop, "")
    attest(shop, "review", "ana")
    outside = tmp_path_factory.mktemp("outside") / "x.json"
    outside.write_bytes(statement(shop).read_bytes())
    link = shop.root / FOLDER / "b.json"
    for name in ("b.json", "*b.json"):
        link = shop.root / FOLDER / name
        link.symlink_to(outside)
        assert f"{name} leads out of the root, by a link" in gate("error")["sentence"]
        link.unlink()
    os.mkfifo(link)
    assert "not a regular file" in gate("error")["sentence"]


def test_what_would_steer_a_terminal_is_not_shown(
    shop: Project, gate: Callable[..., dict[str, Any]]
) -> None:
    spec(shop, "")
    attest(shop, "review", "ana", note="fine\x1b[31m \x07!")
    assert gate("passed")["checks"][0]["evidence"][0].endswith(": fine?[31m ?!")


def test_a_project_in_a_folder_of_the_repository(shop: Project) -> None:
    """What lies outside of the root is not covered, and its paths are relative to the root."""
    top = shop.root / "above"
    inner = top / "inner"
    for name in ("specs", "src"):
        (inner / name).mkdir(parents=True)
    (top / ".gitignore").write_text("__pycache__\nreport.json\n")
    (inner / "pytest.ini").write_text("[pytest]\naddopts = -p no:cacheprovider\n")
    (inner / "src" / "a.py").write_text("x = 1\n")
    (inner / "specs" / "x.spec.yaml").write_text("spec: s\ngates: [{id: r, attested: r}]\n")

    def run(*line: str) -> str:
        done = subprocess.run(line, cwd=inner, capture_output=True, text=True, check=False)
        return done.stdout + done.stderr

    for line in (("init", "-q", ".."), ("add", "-A", ".."), ("commit", "-q", "-m", "all")):
        run("git", *line)
    attested = (sys.executable, "-m", "pytest_specgates", "attest", "r", "--by", "a", "--note", "b")
    assert "now:       passed" in run(*attested)
    judged = (sys.executable, "-m", "pytest", "--spec-gates")
    (top / "other.py").write_text("x = 1\n")
    assert "1 passed" in run(*judged)
    (inner / "src" / "a.py").write_text("x = 2\n")
    assert "since then changed: src/a.py;" in run(*judged)


def test_a_note_that_is_none(shop: Project, gate: Callable[..., dict[str, Any]]) -> None:
    spec(shop, "")
    shop.git("notes", "--ref", "specgates", "add", "-m", "looks good to me")
    commit = shop.git("rev-parse", "HEAD")[:10]
    assert f"the note of {commit}, line 1: not" in gate("error")["sentence"]


def test_without_git_nobody_has_signed(project: Project) -> None:
    project.spec("spec: shop\ngates:\n  - {id: review, attested: review}\n")
    outcome = project.run()
    assert outcome.gate("review")["sentence"] == "review: a person has to sign it off"
    assert outcome.statuses == {"review": "unattested"}


# --- signatures


@pytest.fixture
def keys(shop: Project, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The keys of ana and bob, whom the project allows, and of eve, whom it does not."""
    folder = tmp_path_factory.mktemp("keys")
    lines = []
    for name in ("ana", "bob", "eve"):
        line = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", str(folder / name)]
        subprocess.run(line, check=True)
        if name != "eve":
            lines.append(f"{name} {(folder / name).with_suffix('.pub').read_text('utf-8')}")
    shop.write("signers", "".join(lines))
    shop.config("specgates_allowed_signers = signers\n")
    return {name: str(folder / name) for name in ("ana", "bob", "eve")}


def test_a_signature_that_is_allowed(
    shop: Project, gate: Callable[..., dict[str, Any]], keys: dict[str, str]
) -> None:
    spec(shop, "")
    done = attest(shop, "review", "ana", "--sign", keys["ana"])
    assert "now:       passed" in done.stdout
    found = gate("passed", "-n", "2")
    assert "key SHA256:" in found["checks"][0]["evidence"][0]
    file = statement(shop)
    by_hand = ["ssh-keygen", "-Y", "verify", "-f", "signers", "-I", "ana", "-n", "specgates", "-s"]
    with file.open("rb") as data:
        line = [*by_hand, f"{file}.sig"]
        subprocess.run(line, cwd=shop.root, stdin=data, check=True, capture_output=True)


def test_a_signature_in_a_note(
    shop: Project, gate: Callable[..., dict[str, Any]], keys: dict[str, str]
) -> None:
    spec(shop, "")
    attest(shop, "review", "ana", "--sign", keys["ana"], "--notes")
    gate("passed")


def test_signed_by_several_in_notes_of_several_commits(
    shop: Project, gate: Callable[..., dict[str, Any]], keys: dict[str, str]
) -> None:
    spec(shop, ", must: attestations >= 2, covers: src")
    attest(shop, "review", "ana", "--sign", keys["ana"], "--notes")
    shop.write("docs/a.md", "more\n")
    shop.commit_all("more")
    attest(shop, "review", "bob", "--sign", keys["bob"], "--notes")
    gate("passed")
    shop.write("src/shop.py", "x = 2\n")
    shop.commit_all("other")
    attest(shop, "review", "bob", "--sign", keys["bob"], "--notes")
    sentence = gate("unattested")["sentence"]
    assert sentence.startswith("stale: ana signed")
    assert sentence.endswith("2 people have to sign it off, bob did")


def test_a_key_that_anybody_may_read_signs_nothing(shop: Project, keys: dict[str, str]) -> None:
    spec(shop, "")
    Path(keys["ana"]).chmod(0o644)
    line = [sys.executable, "-m", "pytest_specgates", "attest", "review", "--by", "ana"]
    done = subprocess.run(
        [*line, "--note", "fine", "--sign", keys["ana"]],
        cwd=shop.root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "UNPROTECTED PRIVATE KEY FILE" in done.stderr
    assert not (shop.root / FOLDER).exists()


def test_what_is_not_signed_does_not_count(
    shop: Project, gate: Callable[..., dict[str, Any]], keys: dict[str, str]
) -> None:
    spec(shop, "")
    done = attest(shop, "review", "ana")
    assert "not signed, and signers says whose signatures count" in done.stdout
    assert "not signed, and signers says" in gate("unattested")["sentence"]


@pytest.mark.parametrize(("key", "told"), [("bob", "has not for ana"), ("eve", "has not for ana")])
def test_the_key_of_another_one(
    shop: Project,
    gate: Callable[..., dict[str, Any]],
    keys: dict[str, str],
    key: str,
    told: str,
) -> None:
    spec(shop, "")
    attest(shop, "review", "ana", "--sign", keys[key])
    assert told in gate("unattested")["sentence"]


def test_one_byte_that_was_not_signed(
    shop: Project, gate: Callable[..., dict[str, Any]], keys: dict[str, str]
) -> None:
    spec(shop, "")
    attest(shop, "review", "ana", "--sign", keys["ana"])
    file = statement(shop)
    signed = file.read_bytes()
    for data in (signed + b"\n", signed.replace(b"fine", b"FINE")):
        file.write_bytes(data)
        assert "the signature does not hold" in gate("unattested")["sentence"]
    file.write_bytes(signed)
    Path(f"{file}.sig").write_text("no signature", "utf-8")
    assert "the signature does not hold" in gate("unattested")["sentence"]


def test_a_signature_for_another_purpose(
    shop: Project, gate: Callable[..., dict[str, Any]], keys: dict[str, str]
) -> None:
    spec(shop, "")
    attest(shop, "review", "ana")
    line = ["ssh-keygen", "-q", "-Y", "sign", "-f", keys["ana"], "-n", "git", str(statement(shop))]
    subprocess.run(line, check=True)
    assert "the signature does not hold" in gate("unattested")["sentence"]


def test_two_names_with_one_key_are_one(
    shop: Project, gate: Callable[..., dict[str, Any]], keys: dict[str, str]
) -> None:
    key = Path(f"{keys['ana']}.pub").read_text("utf-8")
    shop.write("signers", f"ana,anna {key}")
    spec(shop, ", must: attestations >= 2")
    for name in ("ana", "anna"):
        attest(shop, "review", name, "--sign", keys["ana"])
    assert "with the key of another one who did" in gate("unattested")["sentence"]


def test_signing_again_without_a_key_takes_the_signature_away(
    shop: Project, gate: Callable[..., dict[str, Any]], keys: dict[str, str]
) -> None:
    spec(shop, "")
    attest(shop, "review", "ana", "--sign", keys["ana"])
    attest(shop, "review", "ana")
    assert not list((shop.root / FOLDER).glob("*.sig"))
    assert "not signed" in gate("unattested")["sentence"]


def test_without_ssh_keygen(
    shop: Project,
    gate: Callable[..., dict[str, Any]],
    keys: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    spec(shop, "")
    attest(shop, "review", "ana", "--sign", keys["ana"])
    only_git = tmp_path_factory.mktemp("bin")
    found = subprocess.run(["which", "git"], capture_output=True, text=True, check=True)
    (only_git / "git").symlink_to(found.stdout.strip())
    monkeypatch.setenv("PATH", str(only_git))
    assert "ssh-keygen is not there; install OpenSSH" in gate("unattested")["sentence"]


@pytest.mark.parametrize(
    ("signers", "told"), [("gone", "gone is not there"), ("../x", "leads out of the root")]
)
def test_a_file_of_signers_that_is_not_there(
    shop: Project, gate: Callable[..., dict[str, Any]], signers: str, told: str
) -> None:
    shop.config(f"specgates_allowed_signers = {signers}\n")
    spec(shop, "")
    attest(shop, "review", "ana")
    assert told in gate("error")["sentence"]


# --- against the base


KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI"
BASE = "specgates_allowed_signers = signers\n"


@pytest.mark.parametrize(
    ("config", "signers", "told"),
    [
        (BASE, f"ana {KEY}\neve {KEY}\n", "signers signers: eve ssh-ed25519 AAAA"),
        ("", f"ana {KEY}\n", "specgates_allowed_signers: not set any more"),
        ("specgates_allowed_signers = more\n", f"ana {KEY}\n", "signers more: eve ssh-ed25519"),
        (BASE + "specgates_attestations = src\n", f"ana {KEY}\n", "src, on the base specs/attest"),
        (BASE, f"# who\nana {KEY}\n", ""),
        ("specgates_allowed_signers = same\n", f"ana {KEY}\n", ""),
    ],
)
def test_more_who_may_sign_is_weaker(shop: Project, config: str, signers: str, told: str) -> None:
    shop.config(BASE)
    shop.write("signers", f"ana {KEY}\n")
    shop.write("same", f"ana {KEY}\n")
    shop.write("more", f"ana {KEY}\neve {KEY}\n")
    shop.spec("spec: shop\ngates:\n  - {id: review, level: should, attested: review}\n")
    shop.commit_base()
    shop.config(config)
    shop.write("signers", signers)
    outcome = shop.run("--spec-gates-base=main")
    weaker = [one for one in outcome.report["changes"] if one["kind"] == "weakened"]
    assert bool(weaker) == bool(told)
    assert outcome.gate("weakening")["status"] == ("failed" if told else "passed")
    assert told in outcome.output


def test_a_statement_is_no_change_of_the_project(shop: Project) -> None:
    shop.spec(
        """
        spec: shop
        gates:
          - {id: review, attested: review}
          - {id: log, changed: CHANGELOG.md, when: "**"}
          - {id: specs, changed: "specs/**"}
        """
    )
    shop.commit_base()
    attest(shop, "review", "ana")
    outcome = shop.run("--spec-gates-base=main")
    status = {"review": "passed", "log": "not-applicable", "specs": "not-applicable"}
    assert outcome.statuses == {**status, "weakening": "passed"}
    shop.write("src/new.py", "x\n")
    outcome = shop.run("--spec-gates-base=main")
    assert outcome.statuses["log"] == outcome.statuses["specs"] == "failed"


def test_explain_tells_how_it_stands(shop: Project) -> None:
    shop.config("specgates_attestations = signed\n")
    spec(shop, ", by: [ana, bob], covers: src")
    line = [sys.executable, "-m", "pytest_specgates", "explain"]
    done = subprocess.run(line, cwd=shop.root, capture_output=True, text=True, check=True)
    assert "attested review: signed off by ana, bob covering src" in done.stdout
    assert "now       unattested: review: a person has to sign it off" in done.stdout
    attest(shop, "review", "ana")
    done = subprocess.run(line, cwd=shop.root, capture_output=True, text=True, check=True)
    assert "now       passed: 1 signed off (ana)" in done.stdout


def test_verify_measures_it_again_beside_other_checks(shop: Project) -> None:
    """A person's part of a criterion that tests show too."""
    shop.write(
        "tests/test_it.py",
        "import pytest\n\n\n@pytest.mark.spec('shop/reviewed-by-ana')\ndef test_it():\n    pass\n",
    )
    shop.config("testpaths = tests\nmarkers = spec\n")
    shop.spec("spec: shop\nvalidation:\n  - Reviewed by Ana\n")
    shop.commit_all()
    assert shop.run().exit == 1
    attest(shop, "reviewed-by-ana", "ana")
    shop.commit_all("signed")
    outcome = shop.run()
    assert outcome.exit == 0, outcome.output
    line = [sys.executable, "-m", "pytest_specgates", "verify", "report.json"]
    done = subprocess.run(line, cwd=shop.root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    statement(shop).unlink()
    done = subprocess.run(line, cwd=shop.root, capture_output=True, text=True, check=False)
    assert done.returncode == 3
    assert "measured here unattested" in done.stdout
