"""`specgates fix`: what it writes, what it says, what it refuses, its exit codes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pytest_specgates.cli.main import main

BROKEN = "spec: x\r\nvalidation:\r\n  - [ ] a  # soon\r\n  - plain   \r\n  - `b`"
MENDED = 'spec: x\r\nvalidation:\r\n  - "[ ] a"  # soon\r\n  - plain   \r\n  - "`b`"'
MARKDOWN = (
    "# A title\n\n- [ ] a task that is no YAML\n\n> ~~~yaml\n> spec: m\n> validation:\n"
    ">   - >90% of it  \n> ~~~\n\n1. In a list:\r\n\r\n   ```yaml\r\n   spec: n\r\n"
    "   validation:\r\n   - [x] done\r\n   ```\r\n\n```yaml\nother: @x\n```\n"
)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    here = tmp_path / "here"
    (here / "specs").mkdir(parents=True)
    monkeypatch.chdir(here)
    return here


def write(name: str, text: str) -> Path:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode("utf-8"))
    return path


def read(path: Path) -> str:
    return path.read_bytes().decode("utf-8")


def test_a_file_is_repaired_and_each_repair_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    path = write("specs/deep/x.spec.yml", "\ufeff" + BROKEN)
    write("specs/other.yaml", BROKEN)
    assert main(["fix"]) == 0
    assert read(path) == "\ufeff" + MENDED
    assert read(Path("specs/other.yaml")) == BROKEN
    assert capsys.readouterr().out == (
        "specs/deep/x.spec.yml:3: a task list item begins with brackets, "
        "which YAML takes for a list\n"
        "  written:  - [ ] a  # soon\n"
        '  repaired: - "[ ] a"  # soon\n'
        "specs/deep/x.spec.yml:5: a bare backtick may not begin a YAML value\n"
        "  written:  - `b`\n"
        '  repaired: - "`b`"\n'
        "2 repairs made in 1 file\n"
    )
    assert main(["fix"]) == 0
    assert capsys.readouterr().out == "nothing to repair in 1 file\n"
    assert read(path) == "\ufeff" + MENDED


def test_blocks_of_markdown_are_repaired_in_place(capsys: pytest.CaptureFixture[str]) -> None:
    path = write("done.md", MARKDOWN)
    assert main(["fix", "done.md"]) == 0
    assert read(path) == MARKDOWN.replace(">90% of it", '">90% of it"').replace(
        "[x] done", '"[x] done"'
    )
    out = capsys.readouterr().out
    assert "done.md:8: " in out
    assert "done.md:16: " in out


def test_diff_writes_nothing_and_is_a_patch(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    lines = "".join(f"  - point {n}\n" for n in range(20))
    texts = {
        "specs/a.spec.yaml": BROKEN,
        "specs/b.spec.yaml": f"spec: b\nv:\n  - @é\n{lines}  - `b`\n  - @c\n  - last\n",
        "m.md": MARKDOWN,
    }
    for name, text in texts.items():
        write(name, text)
    assert main(["fix", "--diff", "specs", "m.md"]) == 1
    patch, told = capfdbinary.readouterr()
    assert {name: read(Path(name)) for name in texts} == texts
    assert b"specs/a.spec.yaml:3: a task list" in told
    assert b"7 repairs to make in 3 files" in told
    assert patch.count(b"@@ -") == 5
    done = subprocess.run(
        ["git", "apply", "--verbose", "-"], input=patch, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
    by_patch = {name: read(Path(name)) for name in texts}
    for name, text in texts.items():
        write(name, text)
    assert main(["fix", "specs", "m.md"]) == 0
    assert {name: read(Path(name)) for name in texts} == by_patch
    capfdbinary.readouterr()
    assert main(["fix", "--diff", "specs", "m.md"]) == 0
    assert capfdbinary.readouterr().out == b""


def test_what_cannot_be_repaired_is_an_error_and_stays(
    capsys: pytest.CaptureFixture[str],
) -> None:
    bad = write("specs/bad.spec.yaml", 'spec: x\nv:\n  - `a`\n  - "open\n')
    block = write("bad.md", "```yaml\nspec: m\nv:\n- [ ] a\n  - [ ] b\n```\n")
    good = write("specs/good.spec.yaml", BROKEN)
    before = read(bad), read(block)
    assert main(["fix", "specs", "bad.md"]) == 2
    assert (read(bad), read(block)) == before
    assert read(good) == MENDED
    out, err = capsys.readouterr()
    assert "specs/bad.spec.yaml:4:5: not valid YAML: the quote that opens here" in err
    assert "bad.md:5:3: not valid YAML" in err
    assert "bad.spec" not in out
    assert "2 repairs made in 1 file; 2 errors" in out
    assert main(["fix", "--diff", "specs"]) == 2


@pytest.mark.parametrize(
    ("data", "said"),
    [(b"spec: \xff\n", "x.spec.yaml:1:1: not UTF-8"), (b"a: b\n" * 900_000, "at most 4,000,000")],
)
def test_a_file_that_is_no_text_for_us(
    data: bytes, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("specs/x.spec.yaml").write_bytes(data)
    assert main(["fix"]) == 2
    assert said in capsys.readouterr().err


def test_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fix"]) == 2
    assert "no spec file in this folder" in capsys.readouterr().err
    assert main(["fix", "gone.yaml"]) == 2
    assert "gone.yaml:1:1: no such file or folder" in capsys.readouterr().err
    with pytest.raises(SystemExit, match="2"):
        main(["fix", "--dif", "--frobnicate"])


def test_a_link_that_leads_out_is_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    outside = write(str(folder.parent / "outside/o.spec.yaml"), BROKEN)
    Path("specs/o.spec.yaml").symlink_to(outside)
    Path("linked").symlink_to(outside.parent)
    for path in ("specs", "specs/o.spec.yaml", "linked", "linked/o.spec.yaml"):
        assert main(["fix", path]) == 2
        assert "a link that leads elsewhere" in capsys.readouterr().err
    assert read(outside) == BROKEN
    # Named itself it is what the user means.
    assert main(["fix", "../outside/o.spec.yaml"]) == 0
    assert read(outside) == MENDED


def test_a_link_inside_stays_a_link_and_the_mode_is_kept(folder: Path) -> None:
    real = write("real/x.spec.yaml", BROKEN)
    real.chmod(0o640)
    link = Path("specs/x.spec.yaml")
    link.symlink_to("../real/x.spec.yaml")
    assert main(["fix", "specs", "real"]) == 0
    assert link.is_symlink()
    assert read(real) == MENDED
    assert real.stat().st_mode & 0o777 == 0o640
    assert sorted(os.listdir("real")) == ["x.spec.yaml"]


def test_a_failed_write_leaves_the_file_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write("specs/x.spec.yaml", BROKEN)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    assert main(["fix"]) == 2
    assert "No space left on device" in capsys.readouterr().err
    assert read(path) == BROKEN
    assert os.listdir("specs") == ["x.spec.yaml"]


def test_only_the_chosen_command_is_imported() -> None:
    code = (
        "import sys\nfrom pytest_specgates.cli.main import main\n"
        "try:\n    main(sys.argv[1:])\nexcept SystemExit:\n    pass\n"
        "print(sorted(m for m in sys.modules if m.startswith('pytest_specgates.') or m == 'yaml'))"
    )

    def imported(*arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True
        )
        return done.stdout.splitlines()[-1]

    assert imported("--version") == "['pytest_specgates.cli', 'pytest_specgates.cli.main']"
    assert "cli.schema" not in imported("fix", "--help")
    assert "yaml'" not in imported("fix", "--help")
    assert "cli.fix" not in imported("schema", "--help")
    listed = subprocess.run(
        [sys.executable, "-m", "pytest_specgates", "--help"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "fix" in listed
    assert "schema" in listed
