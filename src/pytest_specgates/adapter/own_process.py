"""What a pytest does that another one has started, to measure something for its gates. Nothing is
imported that it does not need: many of them may be started."""

from __future__ import annotations

import pytest


def register(config: pytest.Config) -> None:
    """The plugin of such a process."""
    given, manager = config.option, config.pluginmanager
    if given.spec_gates_samples:
        from .quiet import SampleTaker

        manager.register(SampleTaker(given.spec_gates_samples))
    elif given.spec_gates_memory:
        from .memory_taker import MemoryTaker

        manager.register(MemoryTaker(config))
    elif given.spec_gates_of_base:
        from .of_base import BaseTaker

        BaseTaker(config).register()
    else:
        from .own_benchmark import OwnFixture

        if given.spec_gates_blocks:
            from .blocks import Blocks

            blocks = Blocks(config)
            manager.register(blocks, "specgates-blocks")
            manager.register(OwnFixture(blocks), "specgates-fixture")
        else:
            from .counting import Counting

            counting = Counting(config)
            manager.register(counting, "specgates-counting")
            manager.register(OwnFixture(counting), "specgates-fixture")
