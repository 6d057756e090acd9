"""The description of the API, and that the API keeps to it whatever it is sent."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter

import pytest
from schemathesis import openapi
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import Status, from_schema
from schemathesis.engine.events import NonFatalError, ScenarioFinished

from app.features.api.routes import PREFIX, ROUTES

SETTINGS = {
    "seed": 20261122,
    "continue-on-failure": True,
    "generation": {"max-examples": 4, "deterministic": True, "database": "none", "no-shrink": True},
    "phases": {"stateful": {"enabled": False}, "coverage": {"unexpected-methods": ["PUT", "QUERY"]}},
    # Codes, handles and lengths of words are checked against vocabularies and rows: right in form may still be refused.
    # Requests without a token are tried elsewhere; this release cannot send such probes to a WSGI application.
    "checks": {"positive_data_acceptance": {"enabled": False}, "ignored_auth": {"enabled": False}},
}
# What stands in addresses, so that not everything is "nothing is there".
ANSWERS = ("", "/accept", "/decline")
COMMUNITY = ("", "/charter", "/charter/versions", "/membership", "/threads", "/events", "/resources", "/introducers")
KNOWN = {
    "/profile": {"header.If-Match": "*"},
    "/people/{handle}": {"path.handle": "baraka"},
    "/institutions/{handle}": {"path.handle": "college", "header.If-Match": "*"},
    "/suggestions/dismissals/{handle}": {"path.handle": "lin"},
    "/vocabularies/{scheme}": {"path.scheme": "level"},
    **{f"/introductions/{{introduction_id}}{answer}": {"path.introduction_id": 1} for answer in ANSWERS},
    **{f"/communities/{{slug}}{part}": {"path.slug": "maths-east"} for part in COMMUNITY},
    "/communities/{slug}/threads/{thread_id}": {"path.slug": "maths-east", "path.thread_id": 1},
    "/communities/{slug}/threads/{thread_id}/posts": {"path.slug": "maths-east", "path.thread_id": 1},
    "/communities/{slug}/events/{event_id}": {"path.slug": "maths-east", "path.event_id": 1},
    "/networks/{slug}": {"path.slug": "oer-network"},
    "/resources/{resource_id}": {"path.resource_id": 1},
}


def test_the_description_covers_every_operation(program):
    response = program().get("/openapi.json")
    assert response.mimetype == "application/json"
    document = response.json
    assert document["openapi"] == "3.1.0"
    paths = document["paths"].items()
    described = {(path, method) for path, item in paths for method in item if method != "parameters"}
    assert len(described) == len(ROUTES)
    assert all(path.startswith(PREFIX) for path, _method in described)
    for item in document["paths"].values():
        for method, operation in item.items():
            if method != "parameters":
                assert operation["summary"].endswith((".", "?")) and len(operation["tags"]) == 1
                problems = {code for code in operation["responses"] if code >= "400"}
                assert {"401", "422", "500"} <= problems


@pytest.mark.usefixtures("places")
def test_nothing_is_answered_that_is_not_described(app, program, token_of, monkeypatch):
    """Every operation as a token holder, with right, wrong and strange input: no undeclared status, form or type."""
    monkeypatch.setattr("app.features.api.extension.MOST_WRITES", 100_000)
    headers = {"Authorization": f"Bearer {token_of('amina')}"}
    asked = program("baraka").post("/introductions", json={"to": "amina", "note": "Shall we work together on this?"})
    assert asked.json["id"] == 1
    known = [{"include-path": f"{PREFIX}{path}", "parameters": given} for path, given in KNOWN.items()]
    config = SchemathesisConfig.from_dict({**SETTINGS, "headers": headers, "operations": known})
    schema = openapi.from_wsgi(f"{PREFIX}/openapi.json", app, config=config)
    tried: Counter[str] = Counter()
    faults: list[str] = []
    for event in from_schema(schema).execute():
        if isinstance(event, NonFatalError):
            faults.append(f"{event.label}: {event.info.format()}")
        if isinstance(event, ScenarioFinished):
            tried[event.label or ""] += len(event.recorder.cases)
            for number, checks in event.recorder.checks.items():
                case = event.recorder.cases[number].value
                faults += [
                    f"{check.name}: {case.as_curl_command()}\n{check.failure_info.failure}"
                    for check in checks
                    if check.status == Status.FAILURE and check.failure_info
                ]
    assert len(tried) == len(ROUTES) and min(tried.values()) > 3, tried
    assert not faults, "\n\n".join(faults[:10])


def test_a_worker_starts_without_what_only_the_api_needs(tmp_path):
    """Neither the describing libraries nor the scientific ones: they come with the first request that needs them."""
    code = """
import sys, json
from app import create_app
app = create_app()
client = app.test_client()
assert client.get("/healthz").status_code == 200
heavy = ("scipy", "sklearn", "networkx")
early = [name for name in (*heavy, "flask_smorest", "marshmallow", "apispec", "webargs") if name in sys.modules]
assert client.get("/api/v1/openapi.json").status_code == 200
assert client.get("/api/v1/vocabularies/cefr").status_code == 200
print(json.dumps({"early": early, "late": [name for name in heavy if name in sys.modules]}))
"""
    environment = {"INSTANCE_PATH": str(tmp_path), "PATH": ""}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, timeout=120)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == {"early": [], "late": []}
