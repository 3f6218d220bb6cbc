"""The gate that is no line of a spec (nothing is weaker than on the base), as a pytest item."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ..model import Gate
from .items import GateItem


class PolicyNode(pytest.Collector):
    """Where such gates belong: the node `policy`."""

    def collect(self) -> Iterator[pytest.Item]:
        return iter(())


def policy_item(session: pytest.Session, gate: Gate) -> GateItem:
    node = PolicyNode.from_parent(session, name=gate.spec.name, nodeid=gate.spec.name)
    item: GateItem = GateItem.from_parent(node, name=gate.criterion.id, gate=gate)
    return item


class PolicyItems:
    """The plugin that adds the gate to what was collected, so that it is selected like any."""

    def __init__(self, gate: Gate) -> None:
        self.gate = gate

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(
        self, session: pytest.Session, items: list[pytest.Item]
    ) -> None:
        if not any(item.nodeid == self.gate.nodeid for item in items):
            items.append(policy_item(session, self.gate))
