"""`specgates attest`: a person signs a criterion off."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from . import files


def add_parser(commands: Any) -> None:
    attest = commands.add_parser(
        "attest",
        help="sign a criterion off, bound to the commit",
        description="Write the statement that a person has signed off a criterion of the project "
        "in the current folder: bound to the commit, to the spec and to the criterion's text. It "
        "holds until something that the criterion covers changes.",
        epilog="Exit codes: 0 written; 2 wrong usage, or nothing could be signed off.",
    )
    attest.add_argument(
        "criterion",
        metavar="CRITERION",
        help="the address of its gate (shop/code-review), or the end of one that fits no other",
    )
    attest.add_argument("--by", required=True, metavar="NAME", help="who signs it off")
    attest.add_argument(
        "--note", required=True, metavar="TEXT", help="what was looked at, and what was found"
    )
    attest.add_argument(
        "--sign", metavar="KEY", help="sign the statement with this SSH key, by ssh-keygen"
    )
    attest.add_argument(
        "--notes",
        action="store_true",
        help="keep it as a git note of the commit (refs/notes/specgates), not as a file",
    )


def run(arguments: argparse.Namespace) -> int:
    from .. import pipeline
    from ..pipeline.attesting import AttestError, attest, find_gate
    from .project import opened, surroundings

    found = opened()
    if found is None:
        return 2
    around = surroundings(found.project)
    key = Path(arguments.sign) if arguments.sign is not None else None
    try:
        gate = find_gate(found.loaded, arguments.criterion)
        made = attest(gate, around, arguments.by, arguments.note, key, arguments.notes)
    except AttestError as error:
        files.say(str(error), sys.stderr)
        return 2
    demand = made.sign_off.demand
    files.say(f"{demand.criterion} is signed off by {made.sign_off.by} for {made.sign_off.commit}")
    files.say(f"  criterion: {demand.text[:300]}")
    files.say(f"  covers:    {', '.join(demand.covers) or 'everything below the root'}")
    files.say(f"  kept in:   {made.place}")
    # As a run will see it, from what was kept: a signature that nobody allows is told here.
    verdict = pipeline.judge(
        made.gate, pipeline.measure(made.gate, found.kinds, surroundings(found.project))
    )
    files.say(f"  now:       {verdict.status}: {verdict.sentence}")
    if made.is_ignored:
        files.say(f"{made.place} is ignored by git: take it out of .gitignore, then commit it")
    elif arguments.notes:
        files.say("push it: git push origin refs/notes/specgates")
    else:
        files.say("commit it")
    return 0
