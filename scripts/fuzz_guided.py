"""As scripts/fuzz.py, with texts that atheris makes, guided by the code of ours that they reach.

    python scripts/fuzz_guided.py [--inputs N] [--seconds T]

Needs `pip install atheris`. The first finding ends the run: its traceback is printed, and its input
is written into the current folder as `crash-...`. Exit code 0 if there is none.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

try:
    # It is installed where this runs, and has types in some versions.
    import atheris  # type: ignore[import-not-found,import-untyped,unused-ignore]  # see above
except ImportError:
    sys.exit("atheris is not installed: pip install atheris")

sys.path.insert(0, str(Path(__file__).parent))
with atheris.instrument_imports(include=["pytest_specgates"]):
    from fuzzing.corpus import FOLDERS, SETTINGS, Input, corpus
    from fuzzing.inputs import records
    from fuzzing.readers import Targets

NAMES = (
    *("x.spec.yaml", "x.md", "bindings.yaml", "waivers.yaml", "codecov.yml", "k6.js", "x.slo.yaml"),
    *("lighthouserc.json", "specs/001-x/spec.md", ".kiro/specs/x/requirements.md"),
)
DATA = ("data.json", "data.jsonl", "data.yaml", "data.toml", "data.ini")


def input_of(data: bytes) -> Input:
    """The first byte says what the text is read as."""
    which = data[0] if data else 0
    text = data[1:].decode("utf-8", "replace")
    if which < 90:
        return Input("line", {"line": text.replace("\n", " "), "above": "", "columns": ""})
    if which < 190:
        return Input("spec", {NAMES[which % len(NAMES)]: text})
    if which < 210:
        return Input("settings", {SETTINGS[which % len(SETTINGS)][0]: text})
    if which < 220:
        return Input("conforms", {DATA[which % 3]: text})
    if which < 235:
        return Input("config", {DATA[which % len(DATA)]: text, "key": "a.b"})
    name = "report" if which < 245 else "shard"
    return Input(name, {f"{name}.json": text})


def seeds(folder: Path) -> None:
    """The corpus of scripts/fuzz.py as files, each behind the byte of its target."""
    home = Path(__file__).parents[1]
    given = corpus([home / name for name in FOLDERS])
    texts = [(0, line) for line in given.lines[::20]]
    texts += [(90 + number % 100, text[:4000]) for number, (_, text) in enumerate(given.specs)]
    texts += [(190 + number, text) for number, (_, text) in enumerate(SETTINGS)]
    texts += [(220 + number % 15, text[:4000]) for number, (_, text) in enumerate(given.data)]
    texts += [(235 if name == "report" else 245, text) for name, text in records()]
    for number, (which, text) in enumerate(texts):
        (folder / f"{number:05}").write_bytes(bytes([which]) + text.encode("utf-8", "replace"))


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--inputs", type=int, default=100_000, metavar="N")
    parser.add_argument("--seconds", type=int, default=600, metavar="T")
    asked = parser.parse_args(arguments)
    folder = Path(tempfile.mkdtemp(prefix="specgates-fuzz-"))
    (folder / "corpus").mkdir()
    (folder / "files").mkdir()
    seeds(folder / "corpus")
    targets = Targets(folder / "files")

    def one(data: bytes) -> Any:
        targets.read(input_of(data))

    options = [f"-runs={asked.inputs}", f"-max_total_time={asked.seconds}", "-timeout=10"]
    options += ["-rss_limit_mb=2048", "-max_len=4096", "-print_final_stats=1"]
    atheris.Setup([sys.argv[0], *options, str(folder / "corpus")], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
