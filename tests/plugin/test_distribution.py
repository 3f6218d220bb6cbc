"""Under pytest-xdist: what costs more than a worker costs goes there, the rest does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Project


def test_commands_and_large_committed_data_go_to_workers(shop: Project) -> None:
    shop.spec(
        """
        spec: x
        gates:
          - command: python -c "print(1)"
            id: on-worker-command
          - conforms: schema.json
            of: large.jsonl
            id: on-worker-data
          - command: python -c "print(1)"
            after: tests
            id: at-end-command
          - conforms: schema.json
            of: small.jsonl
            id: at-end-small
          - conforms: schema.json
            of: written.jsonl
            id: at-end-written
          - exists: src/shop.py
            id: at-end-exists
        """
    )
    shop.write("schema.json", '{"required": ["a"]}')
    shop.write("small.jsonl", '{"a": 1}\n')
    shop.write("large.jsonl", '{"a": 1, "b": "................"}\n' * 3_000)
    shop.write(
        "tests/test_write.py",
        """
        import pathlib

        def test_write():
            pathlib.Path("written.jsonl").write_text('{"a": 1, "b": "............"}\\n' * 3_000)
        """,
    )
    shop.commit_all()
    shop.write("written.jsonl", '{"b": "what an earlier run has left........"}\n' * 3_000)
    result = shop.run("-n", "2", "-v")
    assert set(result.statuses.values()) == {"passed"}, result.output
    lines = [line for line in result.output.splitlines() if "PASSED" in line and "::" in line]
    for name in result.statuses:
        (line,) = [line for line in lines if f"::{name}" in line]
        assert line.startswith("[gw") == name.startswith("on-worker"), line
    assert shop.run().statuses == result.statuses


def test_a_spec_outside_of_the_root_is_refused(shop: Project) -> None:
    outside = shop.root.parent / f"{shop.root.name}-outside.md"
    outside.write_text("```yaml\nspec: x\ngates:\n  - exists: a\n```\n", encoding="utf-8")
    result = shop.run(str(outside), "--rootdir", ".", "-c", "pytest.ini")
    assert result.exit == 4
    assert "lies outside of the root" in result.output
