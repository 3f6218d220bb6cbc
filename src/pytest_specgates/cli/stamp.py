"""`specgates stamp`: what a file of coverage is of, written beside it where it is made."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import Any

from . import files


def add_parser(commands: Any) -> None:
    stamp = commands.add_parser(
        "stamp",
        help="write down what a file of coverage is of: the commit, and the digests",
        description="Write FILE.stamp.json beside each file of coverage: the commit, the digest of "
        "the file, and those of the source files that it names. A gate with `from: FILE` then "
        "takes it in another job too, where all of these are the same. Run it in the project's "
        "root, right after the run that made the file.",
        epilog="Exit codes: 0 written; 2 a file that is not there, or is not coverage.",
    )
    stamp.add_argument("files", nargs="+", metavar="FILE", help="the files of coverage")


def run(arguments: argparse.Namespace) -> int:
    from ..errors import ProbeError
    from ..measure.coverage_given import files_of_evidence
    from ..measure.stamps import ENDING, stamp_text
    from ..writing import write_whole

    root = Path.cwd()
    for text in arguments.files:
        name = os.path.relpath(text, root).replace(os.sep, "/")
        try:
            names = files_of_evidence(root, name)
            if not names:
                raise ProbeError("none of the files that it names is here")
            write_whole(root / f"{name}{ENDING}", stamp_text(root, name, names).encode("utf-8"))
        except (ProbeError, OSError) as error:
            reason = error.strerror if isinstance(error, OSError) else str(error)
            files.say(f"{text}: {reason}", sys.stderr)
            return 2
        files.say(f"{name}{ENDING}: {len(names)} files")
    return 0
