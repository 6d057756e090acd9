"""Every route is in the access list, and the list is kept."""

from __future__ import annotations

import re

import pytest

from app.access import ACCESS
from app.core.web.access import Rule
from tests.support.people import make_person


def _example(rule) -> str:
    """An address of the route, with made-up values for its variables."""
    return re.sub(r"<(?:(\w+)(?:\([^)]*\))?:)?\w+>", lambda m: "1" if m.group(1) == "int" else "nobody", rule.rule)


def test_each_route_is_in_the_list_and_the_list_has_no_others(app):
    routes = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert routes - set(ACCESS) == set()
    assert set(ACCESS) - routes == set()


def _guarded(app, *kinds):
    for rule in app.url_map.iter_rules():
        if ACCESS.get(rule.endpoint) in kinds:
            for method in sorted((rule.methods or set()) & {"GET", "POST"}):
                yield rule, method


def test_a_guest_is_asked_to_sign_in_wherever_the_list_says_so(app):
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    for rule, method in _guarded(app, Rule.SIGNED_IN, Rule.OPERATORS, Rule.MODERATORS):
        response = client.open(_example(rule), method=method)
        assert response.status_code == 303, (rule.rule, method, response.status_code)
        assert "/sign-in" in response.location


def test_only_operators_reach_what_is_theirs(app, database, sign_in):
    with database.transaction() as session:
        make_person(session, "amina")
    app.config["WTF_CSRF_ENABLED"] = False
    client = sign_in("amina")
    for rule, method in _guarded(app, Rule.OPERATORS, Rule.MODERATORS):
        assert client.open(_example(rule), method=method).status_code == 403, rule.rule


def test_a_token_route_without_a_token_answers_with_a_problem_document(app):
    client = app.test_client()
    for rule, method in _guarded(app, Rule.TOKEN):
        response = client.open(_example(rule), method=method, json={} if method == "POST" else None)
        assert response.status_code == 401, (rule.rule, method, response.status_code)
        assert response.mimetype == "application/problem+json"


def test_no_form_is_taken_without_its_token(app, database, sign_in):
    with database.transaction() as session:
        make_person(session, "amina", roles=["operator"])
    client = sign_in("amina")
    for rule in app.url_map.iter_rules():
        # Harvesters ask by POST, too; that changes nothing. Mail programs end mails by a signed word alone (RFC 8058).
        if "POST" in (rule.methods or set()) and not rule.rule.startswith(("/api/", "/oai", "/notices/stop/")):
            response = client.post(_example(rule), data={})
            assert response.status_code == 400, (rule.rule, response.status_code)


@pytest.mark.parametrize("path", ["/nothing-here", "/people/nobody", "/institutions/nobody"])
def test_what_is_not_there_says_so(client, path):
    response = client.get(path)
    assert response.status_code == 404
    assert "There is nothing here" in response.get_data(as_text=True)


def test_a_guest_reads_every_public_page_without_an_error(app):
    client = app.test_client()
    for rule, method in _guarded(app, Rule.PUBLIC, Rule.OBJECT):
        if method == "GET" and not rule.rule.startswith(("/static", "/api")):
            assert client.get(_example(rule)).status_code < 500, rule.rule


def test_someone_signed_in_reads_every_page_without_an_error(app, database, sign_in):
    with database.transaction() as session:
        make_person(session, "amina", roles=["operator"], subjects=["0541"], languages=[("sw", 7), ("en", 5)])
    client = sign_in("amina")
    for rule, method in _guarded(app, *(r for r in Rule if r is not Rule.TOKEN)):
        if method == "GET" and not rule.rule.startswith(("/static", "/api")):
            assert client.get(_example(rule)).status_code < 500, rule.rule
