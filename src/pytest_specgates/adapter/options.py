"""The options and ini settings of the plugin.

Loaded by every pytest run of a project that has the plugin installed, so it imports nothing
of the package: what the values mean is in `settings`.
"""

from __future__ import annotations

import argparse

import pytest

OWN = ("samples", "memory", "of-base", "blocks", "counts")
"""The options, not for users, of a pytest that another one starts to measure for its gates."""


def is_own(given: argparse.Namespace) -> bool:
    return any(getattr(given, f"spec_gates_{name.replace('-', '_')}") for name in OWN)


def add_options(parser: pytest.Parser) -> None:
    group = parser.getgroup("spec gates", "executable specs")
    group.addoption(
        "--spec-gates",
        action="store_true",
        default=False,
        help="Judge every criterion of the specs (under `specgates_paths`, or named).",
    )
    group.addoption(
        "--spec-gates-report",
        action="append",
        default=[],
        metavar="FORMAT[:FILE]",
        help="Write the gate report: html, json, md, junit, sarif ... May be given more than once.",
    )
    group.addoption(
        "--spec-gates-show",
        default="auto",
        metavar="WHICH",
        help="Which gates have a line of their own on the terminal: auto (default: the passed are "
        "counted where they are many), all, or failed (those that do not hold).",
    )
    group.addoption(
        "--spec-gates-base",
        default="",
        metavar="REF",
        help="The git ref that a change is compared with (default: origin/HEAD, origin/main, ...).",
    )
    group.addoption(
        "--spec-gates-stage",
        default="pre-merge",
        metavar="STAGE",
        help="The stage to judge, pre-merge (default), pre-deploy or post-deploy: "
        "gates of later stages are deferred.",
    )
    group.addoption(
        "--spec-gates-shard",
        default="",
        metavar="I/N[:FILE]",
        help="This run is shard I of N of the suite: write what it shows to a file (default: "
        "specgates-shard-I-of-N.json) and judge nothing; `specgates merge` judges all shards.",
    )
    group.addoption(
        "--spec-gates-history",
        default="",
        metavar="DIR",
        help="Keep what a run of the whole suite showed in this folder, one small file a run, and "
        "tell what changed since the last passing run of the base.",
    )
    for name in OWN:
        group.addoption(f"--spec-gates-{name}", default="", metavar="PLAN", help=argparse.SUPPRESS)
    parser.addini(
        "specgates_paths",
        "Files and folders with specs (*.spec.yaml, *.spec.yml; Markdown files by name).",
        type="args",
        default=["specs"],
    )
    parser.addini(
        "specgates_allow",
        "What specs may make this project do: `command` runs the commands of command gates, "
        "`call` calls the functions that returns and takes gates name.",
        type="args",
        default=[],
    )
    parser.addini(
        "specgates_latency_statistic",
        "The statistic of latencies that name none: p95 (default), p99, median, max ...",
        type="string",
        default="",
    )
    parser.addini(
        "specgates_waiver_days",
        "How many days away a waiver may expire at most (default: 366).",
        type="string",
        default="",
    )
    parser.addini(
        "specgates_attestations",
        "The folder of what people signed off (default: specs/attestations).",
        type="string",
        default="",
    )
    parser.addini(
        "specgates_allowed_signers",
        "The file of SSH keys (as ssh-keygen reads it) whose signatures count; with it, what is "
        "not signed does not.",
        type="string",
        default="",
    )
    parser.addini(
        "specgates_history",
        "The folder, relative to the root, that keeps what earlier runs showed (default: none).",
        type="string",
        default="",
    )
    parser.addini(
        "specgates_base", "The git ref that a change is compared with.", type="string", default=""
    )
