"""Gates of two states compared by what they demand."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_specgates import pipeline
from pytest_specgates.judge.compare import compare
from pytest_specgates.judge.weakening import compare_gates, compare_signers, compare_waivers
from pytest_specgates.model import Comparison, Gate, Measurement, Span, Value, Waiver

KINDS = pipeline.kinds()


def gates(text: str, path: str = "specs/x.spec.yaml") -> list[Gate]:
    loaded = pipeline.load({path: text}, KINDS)
    assert not loaded.files[path].all_errors, [str(e) for e in loaded.files[path].all_errors]
    return loaded.files[path].gates


def one(gate: str) -> list[Gate]:
    return gates(f"spec: x\ngates:\n  - {gate}\n")


def kinds_of(found: Comparison) -> list[str]:
    return [change.kind for change in found.changes]


@pytest.mark.parametrize(
    ("base", "now", "kind"),
    [
        # people
        ("{attested: a, id: a, must: attestations >= 2}", "{attested: a, id: a}", "weakened"),
        ("{attested: a, id: a}", "{attested: a, id: a, must: attestations >= 2}", "tightened"),
        ("{attested: a, id: a, by: [ana]}", "{attested: a, id: a, by: [ana, bob]}", "weakened"),
        ("{attested: a, id: a, by: [ana, bob]}", "{attested: a, id: a, by: ana}", "tightened"),
        ("{attested: a, id: a, by: ana}", "{attested: a, id: a, by: bob}", "weakened"),
        ("{attested: a, id: a, by: ana}", "{attested: a, id: a}", "weakened"),
        ("{attested: a, id: a}", "{attested: a, id: a, by: ana}", "tightened"),
        ("{attested: a, id: a, by: ana}", "{attested: a, id: a, by: [ana]}", None),
        ("{attested: a, id: a}", "{attested: a, id: a, covers: src}", "weakened"),
        ("{attested: a, id: a, covers: src}", "{attested: a, id: a}", "tightened"),
        ("{attested: a, id: a, covers: [a, b]}", "{attested: a, id: a, covers: a}", "weakened"),
        ("{attested: a, id: a, covers: a}", "{attested: a, id: a, covers: [a, b]}", "tightened"),
        ("{attested: a, id: a, covers: a}", "{attested: a, id: a, covers: b}", "weakened"),
        # limits
        ('{coverage: ">= base", id: a}', '{coverage: ">= base - 1 pp", id: a}', "weakened"),
        ('{coverage: ">= base - 1 pp", id: a}', '{coverage: ">= base", id: a}', "tightened"),
        ('{coverage: ">= base", id: a}', "{coverage: rising, id: a}", "tightened"),
        ("{coverage: rising, id: a}", '{coverage: ">= base", id: a}', "weakened"),
        ('{coverage: ">= base", id: a}', '{coverage: ">= 1%, >= base", id: a}', "tightened"),
        ('{coverage: ">= 1%, >= base", id: a}', '{coverage: ">= 1%", id: a}', "weakened"),
        (
            '{coverage: ">= 90%", of: src, id: a}',
            '{coverage: ">= 80%", of: src, id: a}',
            "weakened",
        ),
        (
            '{coverage: ">= 90%", of: src, id: a}',
            '{coverage: "> 90%", of: src, id: a}',
            "tightened",
        ),
        ('{coverage: "> 90%", of: src, id: a}', '{coverage: ">= 90%", of: src, id: a}', "weakened"),
        ("{latency: p95 < 500 ms, id: a}", "{latency: p95 < 500 s, id: a}", "weakened"),
        ("{latency: p95 < 500 ms, id: a}", "{latency: p95 < 0.4 s, id: a}", "tightened"),
        ("{latency: p95 < 500 ms, id: a}", "{latency: p99 < 500 ms, id: a}", "tightened"),
        ("{latency: p99 < 500 ms, id: a}", "{latency: p95 < 500 ms, id: a}", "weakened"),
        ("{latency: p99 < 500 ms, id: a}", "{latency: mean < 500 ms, id: a}", "weakened"),
        ("{latency: p95 < 500 ms, id: a}", "{latency: p99 < 600 ms, id: a}", "weakened"),
        ("{latency: p95 < 500 ms, id: a}", "{latency: max < 400 ms, id: a}", "tightened"),
        ("{latency: mean < 500 ms, id: a}", "{latency: max < 500 ms, id: a}", "tightened"),
        ("{value: acc >= 0.9, id: a}", "{value: acc >= 0.8, id: a}", "weakened"),
        ("{value: acc >= 0.9, id: a}", "{value: acc > 0.9, id: a}", "tightened"),
        ("{value: acc >= 0.9, id: a}", "{value: mean acc >= 0.9, id: a}", "weakened"),
        ("{value: mean acc >= 0.9, id: a}", "{value: acc >= 0.9, id: a}", "tightened"),
        ("{value: min acc >= 0.9, id: a}", "{value: acc >= 0.9, id: a}", None),
        ("{value: max acc >= 0.9, id: a}", "{value: acc >= 0.9, id: a}", "tightened"),
        ("{value: size <= 3 MB, id: a}", "{value: size <= 3000 kB, id: a}", None),
        ("{value: size <= 3 MB, id: a}", "{value: size <= 3 s, id: a}", "weakened"),
        ("{value: acc == 1, id: a}", "{value: mean acc == 1, id: a}", "weakened"),
        ("{tests: all pass, id: a}", "{tests: failing <= 3, id: a}", "weakened"),
        ("{tests: failing <= 3, id: a}", "{tests: all pass, id: a}", "tightened"),
        ('{tests: "all pass, none skipped", id: a}', "{tests: all pass, id: a}", "weakened"),
        ("{tests: all pass, id: a}", '{tests: "all pass, none skipped", id: a}', "tightened"),
        (
            "{config: a, of: c.yaml, must: '>= 3', id: a}",
            "{config: a, of: c.yaml, must: '<= 3', id: a}",
            "weakened",
        ),
        (
            "{config: a, of: c.yaml, must: == x, id: a}",
            "{config: a, of: c.yaml, must: == y, id: a}",
            "weakened",
        ),
        ("{command: a, must: exit 0, id: a}", "{command: a, must: exit 1, id: a}", "weakened"),
        (
            "{command: a, must: exit 0 within 10 s, id: a}",
            "{command: a, must: exit 0 within 20 s, id: a}",
            "weakened",
        ),
        # examples that are drawn
        ("{returns: a.json, of: 'a:f', id: a}", "{returns: b.json, of: 'a:f', id: a}", "weakened"),
        (
            "{returns: a.json, of: 'a:f', id: a}",
            "{returns: a.json, of: 'a:f', takes: b.json, id: a}",
            "weakened",
        ),
        (
            "{takes: a.json, of: 'a:f', id: a}",
            "{takes: a.json, of: 'a:f', raises: E, id: a}",
            "weakened",
        ),
        (
            "{takes: a.json, of: 'a:f', raises: [E, F], id: a}",
            "{takes: a.json, of: 'a:f', raises: E, id: a}",
            "tightened",
        ),
        (
            "{takes: a.json, of: 'a:f', id: a}",
            "{takes: a.json, of: 'a:f', examples: 99, id: a}",
            "weakened",
        ),
        (
            "{takes: a.json, of: 'a:f', id: a}",
            "{takes: a.json, of: 'a:f', examples: 101, id: a}",
            "tightened",
        ),
        (
            "{takes: a.json, of: 'a:f', deadline: 1, id: a}",
            "{takes: a.json, of: 'a:f', id: a}",
            "weakened",
        ),
        (
            "{takes: a.json, of: 'a:f', id: a}",
            "{takes: a.json, of: 'a:f', deadline: 1, id: a}",
            "tightened",
        ),
        (
            "{takes: a.json, of: 'a:f', id: a}",
            "{takes: a.json, of: 'a:f', seed: 3, id: a}",
            "weakened",
        ),
        (
            "{takes: a.json, of: 'a:f', id: a}",
            "{takes: a.json, of: 'a:f', timeout: 3, id: a}",
            None,
        ),
        ("{compatible: a.json, must: both, id: a}", "{compatible: a.json, id: a}", "weakened"),
        ("{compatible: a.json, id: a}", "{compatible: a.json, must: both, id: a}", "tightened"),
        ("{compatible: a.json, id: a}", "{compatible: a.json, proof: examples, id: a}", "weakened"),
        (
            "{compatible: a.json, proof: examples, id: a}",
            "{compatible: a.json, id: a}",
            "tightened",
        ),
        ("{compatible: a.json, id: a}", "{compatible: a.json, since: v1, id: a}", "weakened"),
        # what is judged
        (
            "{tests: all pass, of: tests, id: a}",
            "{tests: all pass, of: tests/unit, id: a}",
            "weakened",
        ),
        (
            "{tests: all pass, of: tests/unit, id: a}",
            "{tests: all pass, of: [tests/unit, tests/e2e], id: a}",
            "tightened",
        ),
        (
            '{coverage: ">= 90%", of: src, per: file, id: a}',
            '{coverage: ">= 90%", of: src, id: a}',
            "weakened",
        ),
        (
            '{coverage: ">= 90%", of: src, id: a}',
            '{coverage: ">= 90%", of: src, per: directory, id: a}',
            "tightened",
        ),
        ("{exists: [a, b], id: a}", "{exists: [a], id: a}", "weakened"),
        ("{exists: [a], id: a}", "{exists: [a, b], id: a}", "tightened"),
        ("{command: a --strict, id: a}", "{command: a, id: a}", "weakened"),
        *(
            (
                f"{{conforms: a.json, of: d, id: a, {one}}}",
                f"{{conforms: a.json, of: d, id: a{two}}}",
                kind,
            )
            for one, two, kind in (
                ("unique: id", "", "weakened"),
                ("records: 9", ", records: 8", "weakened"),
                ("records: 9", ", records: 10", "tightened"),
                ("nulls: {a: '<= 1 %'}", ", nulls: {a: '<= 2 %'}", "weakened"),
                ("newest: {a: '< 2 h'}", ", newest: {a: '< 1 h'}", "tightened"),
                ("range: {a: 'median <= 2'}", ", range: {a: 'min <= 2'}", "weakened"),
                ("must: '>= 99 %'", ", must: '>= 98 %'", "weakened"),
                ("must: errors <= 1", ", must: errors <= 2", "weakened"),
            )
        ),
        ("{conforms: a.json, of: d, id: a}", "{conforms: b.json, of: d, id: a}", "weakened"),
        ("{memory: < 9 MB, of: t, id: a}", "{memory: < 9 MiB, of: t, id: a}", "weakened"),
        ("{memory: < 9 MiB, of: t, id: a}", "{memory: < 9 MB, of: t, id: a}", "tightened"),
        (
            "{memory: < 9 MB, of: t, id: a}",
            "{memory: < 9 MB, of: t, by: tracemalloc, id: a}",
            "weakened",
        ),
        ("{memory: < 9 MB, of: t, id: a}", "{memory: < 9 MB, of: t/b.py, id: a}", "weakened"),
        (
            "{memory: growth < 1 MB per 100 calls, of: t, id: a}",
            "{memory: growth < 1 MB per 10 calls, of: t, id: a}",
            "weakened",
        ),
        # policy
        ("{exists: a, id: a}", "{exists: a, level: should, id: a}", "weakened"),
        ("{exists: a, level: may, id: a}", "{exists: a, level: should, id: a}", "tightened"),
        ("{exists: a, id: a}", "{exists: a, stage: post-deploy, id: a}", "weakened"),
        ("{exists: a, id: a}", "{exists: a, when: src/**, id: a}", "weakened"),
        ("{exists: a, when: src/**, id: a}", "{exists: a, id: a}", "tightened"),
        ("{exists: a, when: [x, y], id: a}", "{exists: a, when: x, id: a}", "weakened"),
        ("{exists: a, when: x, id: a}", "{exists: a, when: [x, y], id: a}", "tightened"),
        # no difference in what is demanded
        ("{exists: a, id: a}", "{exists: a, owner: ann, id: a}", None),
        ("{latency: p95 < 500 ms, id: a}", "{latency: p95 < 0.5 s, id: a}", None),
        ("{command: a, timeout: 5, id: a}", "{command: a, timeout: 9, id: a}", None),
        ("{memory: < 9 MB, of: t, id: a}", "{memory: < 9000 kB, of: t, by: rss, id: a}", None),
        (
            "{memory: growth < 1 MB per 100 calls, of: t, id: a}",
            "{memory: growth < 10 kB per call, of: t, id: a}",
            None,
        ),
    ],
)
def test_one_gate(base: str, now: str, kind: str | None) -> None:
    found = compare_gates(one(base), one(now))
    assert kinds_of(found) == ([] if kind is None else [kind])
    assert found.unchanged == (kind is None)


def test_the_other_direction_is_both_weaker_and_stricter() -> None:
    base, now = "{compatible: a.json, id: a}", "{compatible: a.json, must: forward, id: a}"
    assert kinds_of(compare_gates(one(base), one(now))) == ["weakened", "tightened"]


def test_a_gate_that_is_gone_and_one_that_is_new() -> None:
    base = gates("spec: x\ngates:\n  - exists: a\n  - tests: all pass\n")
    now = gates("spec: x\ngates:\n  - tests: all pass\n  - attested: review\n")
    found = compare_gates(base, now)
    assert sorted(kinds_of(found)) == ["added", "removed"]
    assert found.unchanged == 1
    assert [c.subject for c in found.weakenings] == ["x/exists-a"]


def test_a_criterion_of_prose_that_is_gone_is_a_weakening() -> None:
    base = gates("spec: x\nvalidation:\n  - Frobs frobbed\n  - Tests pass\n")
    now = gates("spec: x\nvalidation:\n  - Tests pass\n")
    assert kinds_of(compare_gates(base, now)) == ["removed"]


def test_a_criterion_that_is_turned_into_a_description_is_gone() -> None:
    base = gates("spec: x\nvalidation:\n  - Unit tests (>90% coverage)\n  - Tests pass\n")
    now = gates("spec: x\nnotes:\n  - Unit tests (>90% coverage)\nvalidation:\n  - Tests pass\n")
    assert "removed" in kinds_of(compare_gates(base, now))


def test_a_limit_in_prose_that_makes_its_id_is_paired() -> None:
    base = gates("spec: x\nvalidation:\n  - Unit tests (>90% coverage)\n")
    now = gates("spec: x\nvalidation:\n  - Unit tests (>70% coverage)\n")
    found = compare_gates(base, now)
    assert [c.kind for c in found.weakenings] == ["weakened"]
    assert "on the base" in found.weakenings[0].message


def test_a_spec_under_another_name_in_another_file_has_moved() -> None:
    text = "spec: {}\ngates:\n  - exists: a\n  - {{tests: all pass, of: tests}}\n"
    found = compare_gates(gates(text.format("x")), gates(text.format("y"), "specs/b/y.spec.yaml"))
    assert kinds_of(found) == ["moved", "moved"]
    assert not found.weakenings


def test_unbound_and_bound_are_told_and_do_not_weaken() -> None:
    base = gates("spec: x\nvalidation:\n  - Frobs frobbed\n")
    now = gates("spec: x\nvalidation:\n  - Frobs frobbed: {exists: a}\n")
    assert kinds_of(compare_gates(base, now)) == ["changed"]
    assert kinds_of(compare_gates(now, base)) == ["changed"]


def waiver(gate: str, expires: str, owner: str = "ann", reason: str = "later") -> Waiver:
    return Waiver(gate, owner, reason, expires, Span("specs/waivers.yaml", 1, 1))


@pytest.mark.parametrize(
    ("base", "now", "kinds"),
    [
        ([], [waiver("x/a", "2026-01-31")], ["weakened"]),
        ([waiver("x/a", "2026-01-31")], [waiver("x/a", "2026-03-31")], ["weakened"]),
        ([waiver("x/a", "2026-03-31")], [waiver("x/a", "2026-01-31")], ["tightened"]),
        ([waiver("x/a", "2026-03-31")], [], ["tightened"]),
        ([waiver("x/a", "2026-03-31")], [waiver("x/*", "2026-03-31")], ["weakened", "tightened"]),
        ([waiver("x/a", "2026-03-31")], [waiver("x/a", "2026-03-31", "bob")], ["changed"]),
        ([waiver("x/a", "2026-03-31")], [waiver("x/a", "2026-03-31")], []),
    ],
)
def test_waivers(base: list[Waiver], now: list[Waiver], kinds: list[str]) -> None:
    assert [change.kind for change in compare_waivers(base, now)] == kinds


LIMITS = st.tuples(st.sampled_from([">", ">=", "<", "<=", "=="]), st.integers(-3, 3))


@settings(max_examples=300, deadline=None)
@given(LIMITS, LIMITS)
def test_what_is_not_weakened_lets_no_value_pass_that_the_base_refused(
    base: tuple[str, int], now: tuple[str, int]
) -> None:
    old, new = (
        one(f"{{config: a, of: c.yaml, must: '{op} {limit}', id: a}}") for op, limit in (base, now)
    )
    found = compare_gates(old, new)
    passes = {
        name: {
            value
            for value in (Fraction(n, 2) for n in range(-8, 9))
            if compare(gate[0].checks[0], Measurement((Value("", value),))).status == "passed"
        }
        for name, gate in (("old", old), ("new", new))
    }
    assert bool(found.weakenings) == bool(passes["new"] - passes["old"])
    assert bool(found.changes) == (passes["new"] != passes["old"])


@pytest.mark.parametrize(
    ("base", "now", "kinds"),
    [
        ("ana ssh-ed25519 A\n", "# who\n\nana  ssh-ed25519 A\n", []),
        ("ana ssh-ed25519 A", "ana ssh-ed25519 A\neve ssh-ed25519 E", ["weakened"]),
        ("ana ssh-ed25519 A\nbob ssh-ed25519 B", "bob ssh-ed25519 B", ["tightened"]),
        ("ana ssh-ed25519 A", "ana ssh-ed25519 E", ["weakened", "tightened"]),
        ("ana ssh-ed25519 A", "ana,eve ssh-ed25519 A", ["weakened", "tightened"]),
        ("ana ssh-ed25519 A", "", ["tightened"]),
        ("", "ana ssh-ed25519 A", ["weakened"]),
    ],
)
def test_allowed_signers(base: str, now: str, kinds: list[str]) -> None:
    found = compare_signers("signers", base.splitlines(), now.splitlines())
    assert [change.kind for change in found] == kinds


def test_the_scope_of_a_spec_is_what_a_sign_off_covers() -> None:
    wide, narrow = (f"spec: x\nscope: {s}\ngates: [attested: a]\n" for s in ("[a, b]", "a"))
    assert kinds_of(compare_gates(gates(wide), gates(narrow))) == ["weakened"]
    assert kinds_of(compare_gates(gates(narrow), gates(wide))) == ["tightened"]
    alone = "spec: x\ngates: [attested: a]\n"
    assert kinds_of(compare_gates(gates(alone), gates(narrow))) == ["weakened"]
