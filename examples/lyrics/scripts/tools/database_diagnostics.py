"""Check the database of config.yaml; without one, check a database built in memory."""

from __future__ import annotations

import argparse
import sqlite3
import sys
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from src.config import DEFAULT_CONFIG, Config, load_config
from src.pipeline import Pipeline
from src.storage import Database


def diagnose(config: Config) -> list[str]:
    """Print what the database holds and return the problems found."""
    exists = config.database.exists()
    print(f"database: {config.database.name if exists else 'built in memory from the sources'}")
    with Database(config.database if exists else ":memory:") as database:
        if not exists:
            Pipeline.from_config(config).run(database)
        counts = database.counts()
        for table, rows in counts.items():
            print(f"{table}: {rows} rows")
        return database.problems() + [f"{name} is empty" for name, n in counts.items() if not n]


def main(argv: Sequence[str] | None = None) -> int:
    """Return 0 when the database is sound."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--config", type=Path, default=DEFAULT_CONFIG, help="configuration file")
    args = parser.parse_args(argv)
    try:
        problems = diagnose(load_config(args.config))
    except (OSError, ValueError, sqlite3.Error) as error:
        problems = [str(error)]
    for problem in problems:
        print(f"problem: {problem}", file=sys.stderr)
    print("integrity: " + ("failed" if problems else "ok"))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
