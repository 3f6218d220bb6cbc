"""`conforms: openapi.yaml` of a server on this machine and of apps, in real runs."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Outcome, Project

APPS = """
    import json
    import sys
    from wsgiref.simple_server import WSGIRequestHandler, make_server


    def answer(method, path, query, body, wrong):
        if path == "/tracks" and method == "GET":
            limit = int(dict(part.split("=") for part in query.split("&") if part).get("limit", 3))
            year = "none" if wrong == "type" and limit == 7 else 2000
            return 200, [{"title": "t", "year": year} for _ in range(limit)]
        if path == "/tracks" and method == "POST":
            if wrong == "crash":
                raise ZeroDivisionError("in the app")
            return (418 if wrong == "status" else 201), json.loads(body)
        return (200, {"title": "one"}) if path == "/tracks/12345" else (404, None)


    def reply(found):
        return b"" if found is None else json.dumps(found).encode()


    class Asgi:
        def __init__(self, wrong=""):
            self.wrong = wrong

        async def __call__(self, scope, receive, send):
            if scope["type"] == "lifespan":
                while True:
                    message = await receive()
                    await send({"type": message["type"] + ".complete"})
                    if message["type"] == "lifespan.shutdown":
                        return
            body = b""
            more = True
            while more:
                message = await receive()
                body += message.get("body", b"")
                more = message.get("more_body", False)
            query = scope["query_string"].decode()
            status, found = answer(scope["method"], scope["path"], query, body, self.wrong)
            headers = [(b"content-type", b"application/json")] if found is not None else []
            await send({"type": "http.response.start", "status": status, "headers": headers})
            await send({"type": "http.response.body", "body": reply(found)})


    asgi, wrong_type, crash, wrong_status = map(Asgi, ("", "type", "crash", "status"))


    def wsgi(environ, start):
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        if path == "/away":
            start("302 Found", [("Location", "http://example.org/")])
            return []
        status, found = answer(method, path, environ["QUERY_STRING"], body, "")
        start(f"{status} X", [("Content-Type", "application/json")] if found is not None else [])
        return [reply(found)]


    def make_app():
        return wsgi


    class Quiet(WSGIRequestHandler):
        def log_message(self, *args):
            pass


    if __name__ == "__main__":
        server = make_server("127.0.0.1", 0, wsgi, handler_class=Quiet)
        print(server.server_port, flush=True)
        server.serve_forever()
    """
OPENAPI = """
    openapi: 3.1.0
    info: {title: tracks, version: "1"}
    paths:
      /tracks:
        get:
          parameters:
            - {name: limit, in: query, schema: {type: integer, minimum: 1, maximum: 9}}
          responses:
            "200":
              description: some
              content:
                application/json:
                  schema: {type: array, items: {$ref: "#/components/schemas/track"}}
        post:
          requestBody:
            required: true
            content:
              application/json: {schema: {$ref: "#/components/schemas/track"}}
          responses:
            "201":
              description: made
              content:
                application/json: {schema: {$ref: "#/components/schemas/track"}}
      /tracks/{id}:
        get:
          parameters:
            - {name: id, in: path, required: true, schema: {type: integer}, example: 12345}
          responses:
            "200":
              description: one
              content:
                application/json: {schema: {$ref: "#/components/schemas/track"}}
            "404": {description: none}
    components:
      schemas:
        track:
          type: object
          required: [title]
          properties: {title: {type: string}, year: {type: integer}}
          additionalProperties: false
    """


@pytest.fixture
def api(project: Project) -> Project:
    project.write("src/apps.py", APPS)
    file = project.write("openapi.yaml", OPENAPI)
    text = file.read_text("utf-8")
    project.write("no_example.yaml", text.replace(", example: 12345", ""))
    project.write("remote.yaml", text.replace("#/components/schemas/track", "http://127.0.0.1/x"))
    project.write(
        "away.yaml",
        "openapi: 3.1.0\ninfo: {title: a, version: '1'}\npaths:\n  /away:\n    get:\n"
        "      responses: {'302': {description: elsewhere}}\n",
    )
    project.write("schema.json", '{"type": "object"}')
    project.write("tests/test_a.py", "def test_a(): pass\n")
    project.config("testpaths = tests\npythonpath = src\nspecgates_allow = call\n")
    return project


@pytest.fixture
def port(api: Project) -> Iterator[int]:
    command = [sys.executable, str(api.root / "src/apps.py")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield int(server.stdout.readline())
        finally:
            server.kill()


def told(outcome: Outcome, name: str) -> list[str]:
    gate = outcome.gate(f"::{name}")
    return [gate["sentence"], *(line for check in gate["checks"] for line in check["evidence"])]


def test_a_server_and_apps(api: Project, port: int) -> None:
    p = "timeout: 900"  # on a machine that does much else
    api.spec(
        f"""
        spec: x
        gates:
          - {{id: server, conforms: openapi.yaml, of: "http://127.0.0.1:{port}", examples: 10, {p}}}
          - {{id: asgi, conforms: openapi.yaml, of: apps:asgi, examples: 10, {p}}}
          - {{id: made, conforms: openapi.yaml, of: apps:make_app, examples: 10, {p}}}
          - {{id: wrong-type, conforms: openapi.yaml, of: apps:wrong_type, examples: 50, {p}}}
          - {{id: crash, conforms: openapi.yaml, of: apps:crash, examples: 5, {p}}}
          - {{id: wrong-status, conforms: openapi.yaml, of: apps:wrong_status, examples: 5, {p}}}
          - {{id: unreached, conforms: no_example.yaml, of: apps:wsgi, examples: 5, {p}}}
          - {{id: away, conforms: away.yaml, of: "http://127.0.0.1:{port}", examples: 1, {p}}}
          - {{id: nobody, conforms: openapi.yaml, of: "http://127.0.0.1:1"}}
          - {{id: elsewhere, conforms: openapi.yaml, of: "http://example.org"}}
          - {{id: remote, conforms: remote.yaml, of: apps:wsgi}}
          - {{id: no-document, conforms: schema.json, of: apps:wsgi}}
          - {{id: tolerant, conforms: openapi.yaml, of: apps:wsgi, must: invalid <= 3}}
        """
    )
    outcome = api.run("-n", "2")
    statuses = outcome.statuses
    passed = {"server", "asgi", "made"}
    assert {name for name, status in statuses.items() if status == "passed"} == passed
    lines = told(outcome, "server")
    assert lines[0].endswith("answers invalid (GET /tracks), required all valid")
    assert [line.partition(": ")[0] for line in lines[1:]] == [
        "GET /tracks",
        "POST /tracks",
        "GET /tracks/{id}",
    ]
    assert statuses["wrong-type"] == "failed"
    lines = told(outcome, "wrong-type")
    assert lines[1].startswith("curl -X GET")
    assert "/tracks?limit=7" in lines[1]
    assert '"none" is not of type "integer"' in lines[2]
    assert told(outcome, "crash")[2] == "  ZeroDivisionError: in the app"
    assert "418" in told(outcome, "wrong-status")[2]
    assert statuses["crash"] == statuses["wrong-status"] == "failed"
    assert statuses["unreached"] == "unmeasured"
    assert told(outcome, "unreached")[0].startswith("GET /tracks/{id}: none of ")
    # A redirect is an answer: nobody follows it to another machine.
    assert told(outcome, "away")[0].startswith("GET /away: none of 1 calls succeeded (1 x 302)")
    assert statuses["elsewhere"] == "unmeasured"
    assert told(outcome, "elsewhere")[0].startswith("example.org is another machine")
    errors = {
        "nobody": "no server answers at http://127.0.0.1:1: start it before the run",
        "remote": "remote.yaml refers to something that is not in the root, or not there: nothing "
        "is fetched",
        "no-document": "schema.json is no OpenAPI document: `openapi: 3.x` is expected; a JSON "
        "Schema is asked for of files",
        "tolerant": "of an API all is asked to be valid: leave out `must:`",
    }
    for name, sentence in errors.items():
        assert (statuses[name], told(outcome, name)[0]) == ("error", sentence)


def test_without_schemathesis_the_gate_says_what_to_install(
    api: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    api.write("lib/schemathesis.py", "raise ImportError('not there')\n")
    monkeypatch.setenv("PYTHONPATH", str(api.root / "lib"))
    api.spec("spec: x\ngates:\n  - {id: g, conforms: openapi.yaml, of: apps:wsgi}\n")
    outcome = api.run()
    assert told(outcome, "g")[0] == (
        "an API is measured with schemathesis: pip install pytest-specgates[openapi]"
    )
