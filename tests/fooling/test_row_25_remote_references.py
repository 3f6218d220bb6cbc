"""Row 25: `$ref` leads to another machine, out of the project, or nowhere."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Project

JUNIT = "specs.x.spec.yaml::"
SCHEMAS: dict[str, object] = {
    "remote": {"$ref": "SERVER/row.json"},
    "remote-within": {"properties": {"a": {"$ref": "SERVER/row.json#/$defs/a"}}},
    "remote-id": {"$id": "SERVER/me.json", "$ref": "row.json"},
    "remote-dynamic": {"$dynamicRef": "SERVER/row.json"},
    "old-draft": {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "allOf": [{"$ref": "SERVER/row.json"}],
    },
    "by-a-local-file": {"$ref": "leads-on.json"},
    "missing-file": {"$ref": "nowhere.json"},
    "missing-definition": {"$ref": "#/$defs/nowhere"},
    "missing-anchor": {"$ref": "#nowhere"},
    "missing-in-a-file": {"$ref": "row.json#/$defs/nowhere"},
    "out-of-the-root": {"$ref": "../../outside.json"},
    "file-uri": {"$ref": "OUTSIDE"},
    "link": {"$ref": "link.json"},
}


class Server:
    """Accepts connections on this machine, counts them, and answers with a schema."""

    def __init__(self) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}"
        self.connections = 0
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self.socket.accept()
            except OSError:
                return
            self.connections += 1
            client.sendall(b"HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\ntrue")
            client.close()


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    yield made
    made.socket.close()


@pytest.fixture
def rows(project: Project, server: Server) -> Project:
    """Schemas that lead elsewhere; each would accept the data if it were followed."""
    outside = project.root.parent / "outside.json"
    outside.write_text("true", encoding="utf-8")
    for name, schema in SCHEMAS.items():
        text = json.dumps(schema).replace("SERVER", server.url).replace("OUTSIDE", outside.as_uri())
        project.write(f"schemas/{name}.json", text)
    project.write("schemas/leads-on.json", json.dumps({"$ref": f"{server.url}/row.json"}))
    project.write("schemas/row.json", json.dumps({"$defs": {"a": {"type": "integer"}}}))
    (project.root / "schemas/link.json").unlink()
    (project.root / "schemas/link.json").symlink_to(outside)
    project.write("schemas/linked.json", json.dumps({"$ref": "link.json"}))
    project.write("schemas/local.json", json.dumps({"$ref": "row.json#/$defs/a"}))
    project.write("data/row.json", '{"a": 1}\n')
    project.write("data/number.json", "1\n")
    # Large and committed: read in a worker where there is one.
    project.write("data/large.jsonl", '{"a": 1}\n' * 7000)
    project.write("tests/test_a.py", "def test_a():\n    pass\n")
    project.config("testpaths = tests\n")
    gate = "  - {{id: {0}, conforms: schemas/{0}.json, of: data/row.json}}\n"
    lines = [gate.format(name) for name in (*SCHEMAS, "linked")]
    lines.append("  - {id: local, conforms: schemas/local.json, of: data/number.json}\n")
    lines.append("  - {id: large, conforms: schemas/remote.json, of: data/large.jsonl}\n")
    project.spec("spec: x\ngates:\n" + "".join(lines))
    project.commit_all()
    return project


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["alone", "workers"])
def test_nothing_is_fetched_and_nothing_is_passed_over(
    rows: Project, server: Server, workers: tuple[str, ...]
) -> None:
    outcome = rows.run(*workers)
    local = outcome.gate("::local")
    assert (local["status"], local["blocking"]) == ("passed", False), local["sentence"]
    broken = (*SCHEMAS, "linked", "large")
    assert outcome.statuses == {"local": "passed", **dict.fromkeys(broken, "error")}
    for name in broken:
        assert outcome.gate(f"::{name}")["blocking"] is True
        assert outcome.gate(f"::{name}")["sentence"]
        assert outcome.junit[JUNIT + name] == "failure"
    assert (outcome.verdict, outcome.exit, outcome.junit_failures) == ("failed", 1, len(broken))
    assert server.connections == 0


def test_the_server_would_have_answered(server: Server) -> None:
    with socket.create_connection(("127.0.0.1", int(server.url.rpartition(":")[2])), 5) as client:
        assert client.recv(100).startswith(b"HTTP/1.0 200")
    assert server.connections == 1
