"""The ini settings: specgates_paths and specgates_allow."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Project

SPEC = "spec: {name}\ngates:\n  - exists: src/shop.py\n    id: e\n"


def test_paths_name_folders_and_files(shop: Project) -> None:
    shop.write("quality/a.spec.yaml", SPEC.format(name="a"))
    shop.write("quality/deep/b.spec.yml", SPEC.format(name="b"))
    shop.write("quality/not_a_spec.yaml", "a: 1\n")
    shop.write("docs/bars.md", f"# Bars\n\n```yaml\n{SPEC.format(name='c')}```\n")
    shop.spec(SPEC.format(name="unseen"))
    shop.config("testpaths = tests\nspecgates_paths = quality docs/bars.md\n")
    result = shop.run()
    assert [gate["nodeid"] for gate in result.report["gates"]] == [
        "quality/a.spec.yaml::e",
        "quality/deep/b.spec.yml::e",
        "docs/bars.md::c::e",
    ]


def test_paths_in_native_toml(shop: Project) -> None:
    (shop.root / "pytest.ini").unlink()
    shop.write("quality/a.spec.yaml", SPEC.format(name="a"))
    shop.write(
        "pyproject.toml",
        """
        [tool.pytest.ini_options]
        testpaths = ["tests"]
        addopts = "-p no:randomly -p no:cacheprovider"
        specgates_paths = ["quality"]
        specgates_allow = ["command"]
        """,
    )
    assert shop.run().statuses == {"e": "passed"}


def test_what_cannot_be_allowed_is_a_usage_error(shop: Project) -> None:
    shop.spec(SPEC.format(name="x"))
    shop.config("specgates_allow = comand\n")
    result = shop.run()
    assert result.exit == 4
    assert 'specgates_allow: "comand" is not known; did you mean "command"?' in result.output


@pytest.mark.parametrize(
    ("path", "told"),
    [("docs/none.md", "no such file or folder"), ("notes.txt", "not read from such a file")],
)
def test_a_configured_path_where_no_spec_can_be(project: Project, path: str, told: str) -> None:
    project.write("notes.txt", "x")
    project.spec("spec: x\ngates:\n  - exists: notes.txt\n")
    result = project.run("-o", f"specgates_paths=specs {path}")
    assert result.exit == 4
    assert f"specgates_paths: {path}: " in result.output
    assert told in result.output
