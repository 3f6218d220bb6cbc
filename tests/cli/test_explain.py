"""`specgates explain`: readings, places, statuses, what to paste, and lines."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from pytest_specgates.cli.main import main


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "specs").mkdir()
    return tmp_path


def spec(*lines: str, name: str = "specs/x.spec.yaml") -> None:
    Path(name).write_text("spec: x\nvalidation:\n" + "".join(f"  - {line}\n" for line in lines))


def explained(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> str:
    assert main(["explain", *arguments]) == code
    return capsys.readouterr().out


def test_a_gate_on_files_is_judged_now(capsys: pytest.CaptureFixture[str]) -> None:
    spec("docs/api.md", "README.md")
    Path("README.md").write_text("x")
    out = explained(capsys)
    assert "now       failed: 1 missing (docs/api.md)" in out
    assert "now       passed: present (README.md)" in out


def test_a_command_is_not_run(capsys: pytest.CaptureFixture[str]) -> None:
    spec('"Health: `touch ran`"')
    assert "explain runs no command" in explained(capsys)
    assert not Path("ran").exists()


def test_a_violation_and_its_place_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    spec("The build fails if coverage is below 70%")
    out = explained(capsys)
    assert 'from      "below 70%": coverage >= 70% (the text names what must not be)' in out
    assert "read as   coverage: line coverage >= 70%" in out


def test_numbers_that_are_not_taken_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    spec('"**SC-003**: Search answers within 2 s under 200 users"')
    out = explained(capsys)
    assert 'not taken "SC-003": an id' in out
    assert 'not taken "under 200 users": a load' in out
    assert 'unbound: read as latency <= 2 s under 200 users: it holds "under 200 users"' in out


def test_what_is_to_paste_binds_the_criterion(capsys: pytest.CaptureFixture[str]) -> None:
    spec('"He said \\"fine\\" \\\\ twice"', "The plan is signed off by Ana")
    out = explained(capsys)
    pasted = [line.partition("paste")[2].strip() for line in out.splitlines() if " paste " in line]
    assert pasted
    Path("specs/x.spec.yaml").write_text(
        "spec: x\nvalidation:\n" + "".join(f"  {line}\n" for line in pasted)
    )
    again = explained(capsys)
    assert "unbound" not in again


def test_what_needs_a_person_is_not_to_be_marked(capsys: pytest.CaptureFixture[str]) -> None:
    spec("review completed")
    out = explained(capsys)
    assert 'paste     - "review completed": {attested: review-completed}' in out
    assert "or mark" not in out


def test_what_hangs_on_the_change_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    spec("docs updated", "exists: docs, when: src/**".join("{}"))
    out = explained(capsys)
    assert out.count("now       judged by `pytest --spec-gates`: it hangs on what changed") == 2
    assert "`when`" not in out


def test_the_statistic_is_a_setting(capsys: pytest.CaptureFixture[str]) -> None:
    spec("Response time < 1 s")
    assert "p99 < 1 s (statistic not stated: p99 used)" in explained(
        capsys, "--latency-statistic", "p99"
    )
    assert main(["explain", "--latency-statistic", "p95th"]) == 2
    assert "latency has no statistic" in capsys.readouterr().err


def test_statements_that_are_no_gates_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    Path("specs/x.spec.yaml").write_text("spec: x\ngates:\n  - exists: a\nnotes:\n  - just words\n")
    out = explained(capsys)
    assert "not a gate:\n  5: just words\n      description (`notes`)" in out


def test_a_broken_spec_is_an_error_and_the_others_are_explained(
    capsys: pytest.CaptureFixture[str],
) -> None:
    spec("docs/api.md")
    Path("specs/y.spec.yaml").write_text("spec: y\ngates:\n  - covrage: 1\n    of: src\n")
    assert main(["explain"]) == 2
    out, err = capsys.readouterr()
    assert "docs/api.md" in out
    assert "specs/y.spec.yaml:3" in err


def test_files_of_other_tools_are_explained(capsys: pytest.CaptureFixture[str]) -> None:
    Path("spec.md").write_text(
        "# Feature\n\n## Success Criteria\n\n- **SC-001**: Search answers within 2 seconds\n"
    )
    out = explained(capsys, "spec.md")
    assert "read as   latency <= 2 s" in out
    assert 'or mark   @pytest.mark.spec("' in out
    assert 'SC-001")' in out


def lines(monkeypatch: pytest.MonkeyPatch, text: str, code: int = 0) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(text))
    assert main(["explain", "--jsonl"]) == code


def test_lines_are_read(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    given = [
        {"text": "Coverage above 80%", "context_key": "Goals"},
        {"text": "System is fast"},
        {"text": "| latency | < 5 µs |", "context_key": None},
    ]
    lines(monkeypatch, "\n".join(map(json.dumps, given)) + "\n\n")
    read = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [r["kind"] for r in read] == ["coverage", "vague", "latency"]
    assert read[0]["context_key"] == "Goals"
    assert read[0]["checks"] == [
        {"metric": "coverage", "stat": None, "op": ">", "value": 80.0, "unit": "%"}
    ]
    assert read[1]["checks"] == []
    assert read[2]["checks"][0]["value"] == pytest.approx(5e-6)


@pytest.mark.parametrize("bad", ["x", "[]", "{}", '{"text": 1}', '{"text": "a", "context_key": 2}'])
def test_a_line_that_is_none_is_told_and_the_others_are_read(
    bad: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines(monkeypatch, bad + '\n{"text": "p95 < 1 s"}\n', code=2)
    out, err = capsys.readouterr()
    assert len(out.splitlines()) == 1
    assert err.startswith("line 1 is not ")
