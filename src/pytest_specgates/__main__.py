"""`python -m pytest_specgates`: the `specgates` command."""

from __future__ import annotations

import sys

from .cli.main import main

sys.exit(main())
