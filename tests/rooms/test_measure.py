"""The probes that stand alone, on real files and real processes."""

from __future__ import annotations

import json
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pytest_specgates import pipeline
from pytest_specgates.errors import ProbeError
from pytest_specgates.measure import paths
from pytest_specgates.measure.benchmarks import fewest_samples
from pytest_specgates.model import (
    Base,
    Gate,
    RunEvidence,
    Samples,
    Surroundings,
    TestRef,
    TestResult,
    Verdict,
)
from pytest_specgates.ranges import ranges

KINDS = pipeline.kinds()


def gates(text: str) -> list[Gate]:
    file = pipeline.load({"x.spec.yaml": f"spec: x\ngates:\n{text}"}, KINDS).files["x.spec.yaml"]
    assert file.all_errors == []
    return file.gates


def judged(text: str, around: Surroundings) -> Verdict:
    (gate,) = gates(text)
    return pipeline.judge(gate, pipeline.measure(gate, KINDS, around))


def at(root: Path, *allow: str) -> Surroundings:
    return Surroundings(root=root, allow=frozenset(allow))


# --- paths


@pytest.mark.parametrize(
    ("pattern", "path", "covered"),
    [
        ("src", "src/a.py", True),
        ("src/", "src/a/b.py", True),
        ("src", "srcs/a.py", False),
        ("src/*.py", "src/a/b.py", False),
        ("src/**/*.py", "src/b.py", True),
        ("src/**", "src/a/b.txt", True),
        ("**/*.py", "b.py", True),
        ("docs/?.md", "docs/a.md", True),
        ("docs/[ab].md", "docs/c.md", False),
        ("docs/[!ab].md", "docs/c.md", True),
        ("a.b", "axb", False),
        (".", "anything", True),
    ],
)
def test_patterns(pattern: str, path: str, covered: bool) -> None:
    assert paths.covers(pattern, path) is covered


@pytest.mark.parametrize("text", ["../x", "/etc/passwd", "a/../../x", "~/x", "C:/x", "link/x"])
def test_no_path_leads_out_of_the_root(tmp_path: Path, text: str) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (root / "link").symlink_to(tmp_path)
    with pytest.raises(ProbeError, match="root"):
        paths.inside(root, text)
    verdict = judged(f"  - exists: {text}\n", at(root))
    assert verdict.status == "error"


def test_links_out_of_the_root_are_not_matched(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (tmp_path / "secret.json").write_text("{}")
    (root / "secret.json").symlink_to(tmp_path / "secret.json")
    (root / "own.json").write_text("{}")
    assert paths.matching(root, "*.json") == ["own.json"]


# --- exists, config


def test_exists(tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full/a.txt").write_text("")
    (tmp_path / "empty").mkdir()
    around = at(tmp_path)
    assert judged("  - exists: full/\n", around).status == "passed"
    assert judged("  - exists: empty\n", around).status == "passed"
    assert judged("  - exists: empty/\n", around).status == "failed"
    assert judged("  - exists: full/*.txt\n", around).status == "passed"
    both = judged("  - exists: [full/a.txt, nowhere, gone]\n", around)
    assert "2 missing (nowhere, gone)" in both.sentence
    either = "  - exists: [nowhere, full/a.txt]\n    must: any exists\n"
    assert judged(either, around).status == "passed"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("c.yaml", "a:\n  b: 3\n  on: no\n  list: [x, y]\n"),
        ("c.toml", '[a]\nb = 3\non = "no"\nlist = ["x", "y"]\n'),
        ("c.json", '{"a": {"b": 3, "on": "no", "list": ["x", "y"]}}'),
        ("c.ini", "[a]\nb = 3\non = no\nlist.1 = y\n"),
    ],
)
def test_config_in_each_format(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    for key, must, status in (
        ("a.b", "present", "passed"),
        ("a.b", "== 3", "passed"),
        ("a.b", "> 3", "failed"),
        ("a.on", "== no", "passed"),
        ("a.list.1", "== y", "passed"),
        ("a.c", "present", "failed"),
        ("a.c", "== 3", "unmeasured"),
        ("a.on", "> 3", "error"),
    ):
        gate = f"  - config: {key}\n    of: {name}\n    must: '{must}'\n"
        assert judged(gate, at(tmp_path)).status == status, (key, must)


def test_config_that_cannot_be_read_is_an_error_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "c.yaml").write_text("a: 1\na: 2\n")
    verdict = judged("  - config: a\n    of: c.yaml\n", at(tmp_path))
    assert verdict.status == "error"
    assert "c.yaml:2" in verdict.sentence


# --- conforms

SCHEMA = {
    "type": "object",
    "required": ["day"],
    "properties": {"day": {"type": "string", "format": "date"}, "n": {"$ref": "n.json"}},
}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    (tmp_path / "s.json").write_text(json.dumps(SCHEMA))
    (tmp_path / "n.json").write_text('{"type": "integer"}')
    return tmp_path


def conforms(root: Path, of: str) -> Verdict:
    return judged(f"  - conforms: s.json\n    of: {of}\n", at(root))


def test_records_of_each_format(data: Path) -> None:
    (data / "a.json").write_text('{"day": "2026-01-31", "n": 1}')
    (data / "a.jsonl").write_text('\ufeff{"day": "2026-01-31"}\n\n{"day": "2026-02-01"}')
    (data / "a.yaml").write_text("day: 2026-01-31\n---\nday: 2026-02-01\n")
    for name, records in (("a.json", 1), ("a.jsonl", 2), ("a.yaml", 2)):
        verdict = conforms(data, name)
        assert (verdict.status, verdict.measured) == ("passed", f"0 of {records} records invalid")


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        (
            "a.jsonl",
            '{"day": "2026-01-31"}\n{"day": "2026-02-30"}\n',
            'a.jsonl:2:9: /day: "2026-02-30" is not a "date"',
        ),
        ("a.jsonl", '{"day": "2026-01-31"}\n{"day": "2026-0', "a.jsonl:2:16: not valid JSON: unex"),
        ("a.jsonl", '{"day": NaN}\n', "a.jsonl:1:9: not valid JSON: NaN"),
        ("a.json", '{"day": "2026-01-31", "n": "x"}', 'a.json:1:28: /n: "x" is not of type'),
        ("a.jsonl", "[" * 100_000 + "\n", "a.jsonl:1:1026: not valid JSON: depth"),
    ],
)
def test_records_that_do_not_conform(data: Path, name: str, text: str, told: str) -> None:
    (data / name).write_text(text)
    verdict = conforms(data, name)
    assert verdict.status == "failed"
    assert any(told in line for line in verdict.results[0].evidence), verdict.results[0].evidence


@pytest.mark.parametrize("name", ["none-*.json", "empty.jsonl", "empty.json", "empty.yaml"])
def test_no_record_is_unmeasured(data: Path, name: str) -> None:
    if "*" not in name:
        (data / name).write_text("")
    assert conforms(data, name).status == "unmeasured"


def test_nothing_is_fetched(data: Path) -> None:
    schema = {"$ref": "http://127.0.0.1:9/schema.json"}
    (data / "s.json").write_text(json.dumps(schema))
    (data / "a.json").write_text("{}")
    start = time.perf_counter()
    verdict = conforms(data, "a.json")
    assert verdict.status == "error"
    assert time.perf_counter() - start < 5
    (data / "s.json").write_text('{"$ref": "../outside.json"}')
    assert conforms(data, "a.json").status == "error"


def test_a_schema_that_is_none_is_an_error(data: Path) -> None:
    (data / "a.json").write_text("{}")
    for text in ('{"type": "no such type"}', "[1]", "{"):
        (data / "s.json").write_text(text)
        assert conforms(data, "a.json").status == "error"
    (data / "s.json").unlink()
    assert "is not there" in conforms(data, "a.json").sentence


# --- command


def command(root: Path, line: str, must: str = "exit 0", *more: str) -> Verdict:
    extra = "".join(f"    {text}\n" for text in more)
    gate = f"  - command: >-\n      {line}\n    must: {must}\n{extra}"
    return judged(gate, at(root, "command"))


def test_commands(tmp_path: Path) -> None:
    assert command(tmp_path, 'python -c "print(1)"').status == "passed"
    failed = command(tmp_path, "python -c \"print('why'); raise SystemExit(3)\"")
    assert (failed.status, failed.measured) == ("failed", "exit 3")
    assert "  why" in failed.results[0].evidence
    assert command(tmp_path, 'python -c "raise SystemExit(3)"', "exit 3").status == "passed"
    assert command(tmp_path, "no-such-program-anywhere").status == "error"
    assert command(tmp_path, "python -c 'unclosed").status == "error"


def test_no_shell(tmp_path: Path) -> None:
    line = 'python -c "import sys; raise SystemExit(len(sys.argv))" && true || true ; $HOME'
    assert command(tmp_path, line).measured == "exit 7"


@pytest.mark.skipif(sys.platform == "win32", reason="process groups are of POSIX")
def test_a_command_that_hangs_is_stopped_with_its_children(tmp_path: Path) -> None:
    child = "import time, pathlib; time.sleep(3); pathlib.Path('late').touch()"
    script = (
        f"import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', {child!r}]);"
        "time.sleep(60)"
    )
    (tmp_path / "hang.py").write_text(script)
    start = time.perf_counter()
    verdict = command(tmp_path, "python hang.py", "exit 0", "timeout: 1")
    assert time.perf_counter() - start < 10
    assert verdict.status == "error"
    assert "its time limit" in verdict.sentence
    time.sleep(3.5)
    assert not (tmp_path / "late").exists()


def test_output_is_bounded(tmp_path: Path) -> None:
    line = "python -c \"import sys; [sys.stdout.write('x' * 1000000) for _ in range(50)]\""
    verdict = command(tmp_path, line)
    assert verdict.status == "passed"
    assert sum(map(len, verdict.results[0].evidence)) < 30_000


def test_a_time_limit_in_the_condition(tmp_path: Path) -> None:
    line = 'python -c "import time; time.sleep(0.3)"'
    verdict = command(tmp_path, line, "exit 0 within 100 ms")
    assert verdict.status == "failed"
    assert "required duration <= 100 ms" in verdict.sentence


# --- the run's evidence


def run_of(**outcomes: str) -> RunEvidence:
    results = {
        name: TestResult(TestRef(name, frozenset({"unit"}), name.startswith("tests/perf")), outcome)
        for name, outcome in ((n.replace("__", "/") + ".py::test", o) for n, o in outcomes.items())
    }
    return RunEvidence(results=results, collected=frozenset(results), roots=("tests",))


def of_run(text: str, run: RunEvidence) -> Verdict:
    return judged(text, Surroundings(root=Path(), run=run))


def test_outcomes_of_tests() -> None:
    ok = run_of(tests__a="passed", tests__b="skipped")
    assert of_run("  - tests: all pass\n", ok).status == "passed"
    assert of_run("  - tests: all pass, none skipped\n", ok).status == "failed"
    bad = run_of(tests__a="passed", tests__b="failed", tests__c="error")
    assert of_run("  - tests: all pass\n", bad).measured == "2 of 3 failing"
    for outcome in ("skipped", "xfailed"):
        verdict = of_run("  - tests: all pass\n", run_of(tests__a=outcome))
        assert verdict.status == "unmeasured"
    assert of_run("  - tests: all pass\n    of: tests/z\n", ok).status == "unmeasured"


@pytest.mark.parametrize(
    ("of", "count"),
    [
        ("tests/unit", 1),
        ("tests/unit/a.py::test", 1),
        ("tests/**", 2),
        ("marker:unit", 2),
        ("marker:slow", 0),
        ("type:unit", 2),
        ("type:perf", 1),
        ("name:perf", 1),
        ("name:a py|perf", 2),
    ],
)
def test_subjects(of: str, count: int) -> None:
    verdict = of_run(
        f"  - tests: all pass\n    of: '{of}'\n",
        run_of(tests__unit__a="passed", tests__perf__b="passed"),
    )
    assert verdict.status == ("passed" if count else "unmeasured")
    if count:
        assert verdict.measured == f"0 of {count} failing"


def test_a_path_that_is_not_there_is_no_partial_run(tmp_path: Path) -> None:
    (tmp_path / "tests").mkdir()
    run = run_of(tests__a="passed")
    around = Surroundings(
        root=tmp_path, run=RunEvidence(results=run.results, roots=("tests/a.py",))
    )
    for kind, name in (("tests: all pass", "nowhere"), ("latency: < 1 s", "tests/b.py::test")):
        verdict = judged(f"  - {kind}\n    of: {name}\n", around)
        assert verdict.status == "unmeasured"
        assert f"there is no {name.partition('::')[0]}" in verdict.sentence
    assert "partial run" in judged("  - tests: all pass\n    of: tests\n", around).sentence


def latency(condition: str, samples: Samples) -> Verdict:
    run = run_of(tests__perf__x="passed")
    run = RunEvidence(
        results=run.results,
        collected=run.collected,
        roots=run.roots,
        samples={"tests/perf/x.py::test": samples},
    )
    return of_run(f"  - latency: {condition}\n    of: tests/perf\n", run)


def test_percentiles_need_enough_samples_of_one_call_each() -> None:
    seldom, often = (0.001,) * 98 + (1.0,) * 2, (0.001,) * 80 + (1.0,) * 20
    assert latency("p95 < 2 ms", Samples(seldom)).status == "unmeasured"
    assert latency("p95 < 2 ms", Samples(seldom * 3)).status == "passed"
    assert latency("p95 < 2 ms", Samples(often)).status == "failed"
    undecided = latency("p95 < 2 ms", Samples(seldom))
    assert "undecided: 1 ms, between 1 ms and 1 s by 100 samples" in undecided.sentence
    assert "about 200 samples would decide" in undecided.next_step
    few = latency("p95 < 2 ms", Samples((0.001,) * 58))
    assert few.status == "unmeasured"
    assert "58 samples, p95 needs at least 59" in few.sentence
    batched = latency("p95 < 2 ms", Samples((0.001,) * 100, iterations=10))
    assert batched.status == "unmeasured"
    assert "mean of 10 calls" in batched.sentence
    assert latency("mean < 2 ms", Samples((0.001,) * 5, iterations=10)).status == "passed"
    assert latency("mean < 2 ms", Samples((float("nan"),) * 5)).status == "error"


def test_calls_that_are_lost_stand_behind_the_slowest() -> None:
    fast = (0.001,) * 95
    assert latency("p95 < 2 ms", Samples(fast * 3, lost=5)).status == "passed"
    undecided = latency("p95 < 2 ms", Samples(fast, lost=5))
    assert "undecided: 1 ms, between 1 ms and any time by 95 samples" in undecided.sentence
    assert latency("median < 2 ms", Samples(fast, lost=95)).status == "passed"
    assert latency("min < 2 ms", Samples(fast, lost=900)).status == "passed"
    for condition, lost in (("p95", 6), ("median", 96), ("mean", 1), ("max", 1)):
        verdict = latency(f"{condition} < 2 ms", Samples(fast, lost=lost))
        assert verdict.status == "unmeasured"
        assert f"{lost} of {95 + lost} calls failed or were not made" in verdict.sentence
    slow = Samples((*fast, *(1.0,) * 10), lost=5)
    assert latency("p95 < 2 ms", slow).status == "failed"


def test_the_throughput_of_calls_side_by_side_is_by_the_time_of_all() -> None:
    one = Samples((0.5,) * 10, seconds=1.0)
    for limit, status in ((">= 10/s", "passed"), ("> 10/s", "failed")):
        run = replace(run_of(tests__perf__x="passed"), samples={"tests/perf/x.py::test": one})
        text = f'  - throughput: "{limit}"\n    of: tests/perf\n'
        assert of_run(text, run).status == status


def test_fewest_samples() -> None:
    needed = [fewest_samples(s) for s in ("p50", "p95", "p99", "p99.9", "mean", None)]
    assert needed == [5, 59, 299, 2995, 5, 5]


def test_ranges_of_lines() -> None:
    assert ranges((1, 2, 3, 7, 9, 10)) == "1-3, 7, 9-10"
    assert ranges(tuple(range(1, 60, 2))).endswith("and 18 more ranges")


def test_a_probe_that_breaks_is_an_error_of_its_gate_alone(tmp_path: Path) -> None:
    def broken(check: Any, around: Any) -> Any:
        raise ZeroDivisionError("by the probe")

    known = {**KINDS, "exists": replace(KINDS["exists"], probe=broken)}
    both = gates("  - exists: x\n  - config: a\n    of: nowhere.yaml\n")
    verdicts = pipeline.judge_all(both, known, at(tmp_path), "pre-merge")
    assert [v.status for v in verdicts.values()] == ["error", "unmeasured"]
    assert "ZeroDivisionError: by the probe" in next(iter(verdicts.values())).sentence


def test_a_stopped_command_has_shown_no_time(tmp_path: Path) -> None:
    line = 'python -c "import time; time.sleep(30)"'
    assert command(tmp_path, line, "exit 0 within 10 s", "timeout: 1").status == "error"
    assert command(tmp_path, line, "within 10 s", "timeout: 1").status == "error"
    late = command(tmp_path, line, "within 100 ms", "timeout: 1")
    assert (late.status, late.blocking) == ("failed", True)


def test_a_time_limit_alone_implies_that_the_command_succeeds(tmp_path: Path) -> None:
    line = 'python -c "raise SystemExit(1)"'
    assert command(tmp_path, line, "within 30 s").status == "failed"
    assert command(tmp_path, line, "exit 1 within 30 s").status == "passed"


def test_none_skipped_implies_that_none_fails() -> None:
    gate = "  - tests: none skipped\n"
    assert of_run(gate, run_of(tests__a="passed", tests__b="failed")).status == "failed"
    assert of_run(gate, run_of(tests__a="passed")).status == "passed"


def test_a_text_in_quotes_is_no_number(tmp_path: Path) -> None:
    (tmp_path / "c.yaml").write_text('version: "1.10"\nnumber: 3\n')
    (tmp_path / "c.ini").write_text("[a]\nnumber = 3\n")
    for key, of, must, status in (
        ("version", "c.yaml", "== 1.1", "failed"),
        ("version", "c.yaml", '== "1.10"', "passed"),
        ("number", "c.yaml", "== 3", "passed"),
        ("number", "c.yaml", '== "3"', "failed"),
        ("a.number", "c.ini", "== 3", "passed"),
        ("a.number", "c.ini", '== "3"', "passed"),
    ):
        gate = f"  - config: {key}\n    of: {of}\n    must: '{must}'\n"
        assert judged(gate, at(tmp_path)).status == status, (key, must)


def test_a_file_that_two_patterns_name_has_changed_once(tmp_path: Path) -> None:
    base = Base(ref="main", commit="0" * 40, changed=("config.yaml",))
    around = replace(at(tmp_path), base=lambda: base)
    gate = '  - changed: [config.yaml, "*.yaml"]\n    must: changed >= 2\n'
    assert judged(gate, around).status == "failed"
