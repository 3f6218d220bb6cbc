"""Feed changed texts to all that reads texts, and see that each gives a result or a told error.

    python scripts/fuzz.py [--inputs N] [--seed S] [--seconds T] [--only NUMBER] [CORPUS...]

The texts of the corpus (default: tests/specs, tests/formats, examples, docs) are cut, mixed and
spoilt, and read as specs, bindings, waivers, files of other tools, lines of prose, data of
`conforms` and `config`, configuration of pytest and coverage, and test files; reports and shards
are spoilt too. An error of ours that names its place is as good as a result; anything else, more
than 2 s of CPU time for an input, or 300 MB more of memory, is a finding. Findings are printed;
`--seed S --only NUMBER` reads one again. Exit code 1 if there are any.
"""

from __future__ import annotations

import argparse
import faulthandler
import resource
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from fuzzing.corpus import FOLDERS, Corpus, Input, corpus
from fuzzing.inputs import numbered
from fuzzing.readers import Targets

MOST_SECONDS = 2.0
MOST_GROWTH = 300
"""MB of peak memory that a run may grow by, from the moment when the corpus is read."""
SHOWN_ALIKE = 3
CUT = 1500


class TooSlow(BaseException):
    """An input took too long. No Exception, so that no reader takes it for one of its own."""


@dataclass(slots=True)
class Findings:
    """How many findings there are by kind and place; the first of each are printed."""

    seed: int
    counts: Counter[str]

    def add(self, number: int, given: Input, what: str, where: str) -> None:
        alike = f"{what.partition(':')[0]} {where}"
        self.counts[alike] += 1
        if self.counts[alike] > SHOWN_ALIKE:
            return
        print(f"finding: --seed {self.seed} --only {number}: {given.target}: {what}")
        if where:
            print(f"  at {where}")
        for path, text in given.texts.items():
            shown = ascii(text)
            print(f"  {path}: {shown[:CUT]}" + (" ..." if len(shown) > CUT else ""))


def peak() -> float:
    """The largest amount of memory that this process has had, in MB."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1_048_576 if sys.platform == "darwin" else 1024)


def _interrupt(*_: object) -> None:
    raise TooSlow


def _where(error: BaseException) -> str:
    """The innermost frame of the package that an error came through, and the last of all."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [f for f in frames if "pytest_specgates" in f.filename] or frames
    places = [f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in (own[-1], frames[-1])]
    return ", ".join(dict.fromkeys(places))


def tried(targets: Targets, given: Input) -> tuple[str, str] | None:
    """What is wrong with how an input is read, and where; None if nothing is."""
    # The time is that of the CPU; a reader that never ends is interrupted.
    signal.setitimer(signal.ITIMER_PROF, 2 * MOST_SECONDS)
    began = time.process_time()
    try:
        targets.read(given)
    except TooSlow as error:
        return f"more than {2 * MOST_SECONDS:g} s", _where(error)
    except Exception as error:
        return f"{type(error).__name__}: {ascii(str(error))[:300]}", _where(error)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    took = time.process_time() - began
    return (f"{took:.1f} s of CPU time", "") if took > MOST_SECONDS else None


def run(numbers: Sequence[int], seed: int, seconds: float, given: Corpus, folder: Path) -> int:
    """Read the inputs of these numbers, for so many seconds at most. The count of findings."""
    findings = Findings(seed, Counter())
    targets = Targets(folder)
    began, base, count = time.monotonic(), peak(), 0
    for count, number in enumerate(numbers, 1):
        one = numbered(seed, number, given)
        wrong = tried(targets, one)
        if wrong is not None and wrong[0].endswith("of CPU time"):
            wrong = tried(targets, one)  # the first of a kind pays for imports, others for noise
        if wrong is not None:
            findings.add(number, one, *wrong)
        grown = peak() - base
        if grown > MOST_GROWTH:
            findings.add(number, one, f"{grown:.0f} MB more of memory", "")
            base = peak()
        if count % 500 == 0:
            faulthandler.dump_traceback_later(120, exit=True)
            if time.monotonic() - began > seconds:
                break
            if count % 50_000 == 0:
                took = time.monotonic() - began
                print(f"... {count:,} inputs, {took:.0f} s, {peak():.0f} MB", file=sys.stderr)
    faulthandler.cancel_dump_traceback_later()
    total = sum(findings.counts.values())
    took = time.monotonic() - began
    print(f"{count} inputs, {total} findings, {took:.1f} s, peak {peak():.0f} MB")
    return total


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--inputs", type=int, default=100_000, metavar="N")
    parser.add_argument("--seed", type=int, default=0, metavar="S")
    parser.add_argument("--seconds", type=float, default=float("inf"), metavar="T")
    parser.add_argument("--only", type=int, metavar="NUMBER", help="read the input of this number")
    parser.add_argument("corpus", type=Path, nargs="*", metavar="CORPUS_FOLDER")
    asked = parser.parse_args(arguments)
    home = Path(__file__).parents[1]
    given = corpus(asked.corpus or [home / folder for folder in FOLDERS])
    numbers = range(asked.inputs) if asked.only is None else (asked.only,)
    before = signal.signal(signal.SIGPROF, _interrupt)
    try:
        with tempfile.TemporaryDirectory() as folder:
            return 1 if run(numbers, asked.seed, asked.seconds, given, Path(folder)) else 0
    finally:
        signal.signal(signal.SIGPROF, before)


if __name__ == "__main__":
    sys.exit(main())
