"""Paths that a spec may not make anything read: out of the root, devices, pipes."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from pytest_specgates import pipeline
from pytest_specgates.errors import ProbeError, SpecError
from pytest_specgates.measure import paths
from pytest_specgates.model import Surroundings

KINDS = pipeline.kinds()


@pytest.fixture(autouse=True)
def no_hang() -> Iterator[None]:
    signal.alarm(20)
    yield
    signal.alarm(0)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "outside.json").write_text("{}", "utf-8")
    home = tmp_path / "root"
    (home / "data").mkdir(parents=True)
    (home / "data/row.json").write_text("{}", "utf-8")
    (home / "schema.json").write_text('{"type": "object"}', "utf-8")
    return home


def status(root: Path, gate: str) -> tuple[str, str]:
    text = f"spec: x\ngates:\n  - {gate}\n"
    (one,) = pipeline.load({"x.spec.yaml": text}, KINDS).files["x.spec.yaml"].gates
    verdicts = pipeline.judge_all([one], KINDS, Surroundings(root=root), "pre-merge")
    verdict = verdicts[one.nodeid]
    return verdict.status, verdict.sentence


GATES = (
    "{{exists: '{path}'}}",
    "{{config: a, of: '{path}'}}",
    "{{conforms: schema.json, of: '{path}'}}",
    "{{conforms: '{path}', of: data/row.json}}",
)


@pytest.mark.parametrize("gate", GATES)
@pytest.mark.parametrize(
    "path", ["../outside.json", "/etc/passwd", "~/x.json", "data/../../outside.json", "/dev/zero"]
)
def test_out_of_the_root(root: Path, gate: str, path: str) -> None:
    found, sentence = status(root, gate.format(path=path))
    assert found == "error"
    assert "root" in sentence


@pytest.mark.parametrize("gate", GATES)
@pytest.mark.parametrize("target", ["../outside.json", "/etc/passwd", "/dev/zero"])
def test_a_link_out_of_the_root(root: Path, gate: str, target: str) -> None:
    (root / "link.json").symlink_to(target)
    found, sentence = status(root, gate.format(path="link.json"))
    assert (found, "leads out of the root, by a link" in sentence) == ("error", True)


def test_a_folder_that_is_a_link_out_of_the_root(root: Path) -> None:
    (root / "more").symlink_to("..")
    assert status(root, "{conforms: schema.json, of: more/outside.json}")[0] == "error"
    assert status(root, "{conforms: schema.json, of: 'more/*.json'}")[0] == "error"
    assert paths.matching(root, "**/*.json") == ["data/row.json", "schema.json"]


def test_links_in_a_circle(root: Path) -> None:
    (root / "a").symlink_to("b")
    (root / "b").symlink_to("a")
    assert status(root, "{exists: a}")[0] != "passed"
    (root / "data/again").symlink_to(".")
    assert paths.matching(root, "data") == ["data/row.json"]


@pytest.mark.parametrize("gate", GATES)
def test_a_pipe_is_not_waited_for(root: Path, gate: str) -> None:
    os.mkfifo(root / "pipe.json")
    assert status(root, gate.format(path="pipe.json"))[0] != "passed"
    os.mkfifo(root / "data/pipe.json")
    assert paths.matching(root, "data") == ["data/row.json"]


def test_a_spec_that_is_a_pipe_or_a_folder(root: Path) -> None:
    os.mkfifo(root / "x.spec.yaml")
    (root / "y.spec.yaml").mkdir()
    for name in ("x.spec.yaml", "y.spec.yaml", "z.spec.yaml"):
        with pytest.raises(SpecError) as caught:
            pipeline.read_text(root, name)
        assert caught.value.path == name


@pytest.mark.parametrize("path", ["a\0b", "a" * 5000])
def test_what_is_no_path(root: Path, path: str) -> None:
    with pytest.raises(ProbeError):
        paths.matching(root, path)


def test_many_stars_take_no_time(root: Path) -> None:
    assert not paths.covers("*a" * 40, "a" * 60 + "b")
    assert not paths.covers("**/a" * 30, "a/" * 60 + "b")
    assert paths.covers("*a" * 40, "a" * 60)
