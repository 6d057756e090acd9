"""Who gets in, and what is refused before anything is looked at."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import delete, select, update

from app.access import ACCESS
from app.core.clock import now
from app.core.web.access import Rule
from app.features.accounts.models import Account, ApiToken
from app.features.api.extension import PUBLIC
from tests.support.people import make_account, make_person

pytestmark = pytest.mark.usefixtures("world")


def test_the_access_list_and_the_api_agree_on_what_is_public():
    listed = {name for name, rule in ACCESS.items() if name.startswith("api.") and rule is Rule.PUBLIC}
    assert listed == PUBLIC
    assert {rule for name, rule in ACCESS.items() if name.startswith("api.")} == {Rule.PUBLIC, Rule.TOKEN}


@pytest.mark.parametrize(
    "header",
    ["Bearer ", "Bearer forged", "Basic YTpi", "Bearer \xff\xfe", "bearer", "Bearer " + "x" * 5000, "Token abc"],
)
def test_a_forged_token_is_refused_everywhere_even_where_none_is_needed(program, header):
    for path in ("/profile", "/directory", "/introductions"):
        response = program().get(path, headers={"Authorization": header})
        assert response.status_code == 401
        assert response.headers["WWW-Authenticate"].startswith("Bearer")


def test_no_token_is_enough_only_for_what_everybody_may_see(program):
    assert program().get("/directory").status_code == 200
    assert program().get("/vocabularies").status_code == 200
    for path in ("/profile", "/people/amina", "/suggestions", "/institutions/college", "/introductions/1"):
        assert program().get(path).status_code == 401, path


def test_a_revoked_token_is_over(program, database):
    amina = program("amina")
    assert amina.get("/profile").status_code == 200
    with database.transaction() as session:
        session.execute(delete(ApiToken))
    assert amina.get("/profile").status_code == 401


def test_a_suspended_account_gets_in_no_more(program, database):
    amina = program("amina")
    with database.transaction() as session:
        session.execute(update(Account).where(Account.email == "amina@example.org").values(suspended_at=now()))
    assert amina.get("/profile").status_code == 401


def test_a_sample_account_gets_in_only_in_the_embedded_mode(app, program, database, token_of):
    with database.transaction() as session:
        make_person(session, "sampled", account={"sample": True}, sample=True)
    sampled = program("sampled")
    assert sampled.get("/profile").status_code == 200
    app.extensions["settings"] = app.extensions["settings"].model_copy(update={"app_env": "production"})
    assert sampled.get("/profile").status_code == 401


def test_the_session_of_a_browser_counts_for_nothing(sign_in):
    browser = sign_in("amina")
    assert browser.get("/profile").status_code == 200
    assert browser.get("/api/v1/profile").status_code == 401
    # So a form on another site can't act here, though the API takes no CSRF token.
    assert browser.patch("/api/v1/profile", json={"city": "Kisumu"}).status_code == 401
    assert browser.post("/api/v1/introductions", data={"to": "baraka"}).status_code == 401


def test_the_use_of_a_token_is_noted(program, database):
    program("amina").get("/profile")
    with database.reading() as session:
        assert session.scalar(select(ApiToken.last_used_at)) is not None


def test_an_account_without_a_profile_is_told_so(program, database):
    with database.transaction() as session:
        make_account(session, "nobody")
    nobody = program("nobody")
    for path in ("/profile", "/suggestions"):
        response = nobody.get(path)
        assert response.status_code == 404
        assert "profile first" in response.json["detail"]
    assert nobody.get("/introductions").json == {"introductions": [], "next": None}


def test_every_kind_of_bad_request_is_a_problem_document(program):
    amina = program("amina")
    assert amina.get("/nothing-here").status_code == 404
    missing = amina.delete("/profile")
    assert missing.status_code == 405 and {"GET", "PATCH"} <= set(missing.headers["Allow"].split(", "))
    assert amina.open("OPTIONS", "/profile").status_code == 405
    assert amina.patch("/profile", data="{", content_type="application/json").status_code == 400
    assert amina.patch("/profile", data=b"\xff{}", content_type="application/json").status_code == 400
    assert amina.patch("/profile", data="[" * 100_000, content_type="application/json").status_code == 400
    assert amina.patch("/profile", data="9" * 10_000, content_type="application/json").status_code == 400
    assert amina.patch("/profile", data="city=x", content_type="text/plain").status_code == 415
    assert amina.patch("/profile", data={"city": "x"}).status_code == 415
    assert amina.patch("/profile", data=b" " * (5 * 1024 * 1024), content_type="application/json").status_code == 413
    for body in ([], None, "x", 3):
        response = amina.patch("/profile", data=json.dumps(body), content_type="application/json")
        assert response.status_code == 422 and set(response.json["errors"]) == {"body"}
    assert amina.get("/people/%00").status_code == 404
    assert amina.get("/people/" + "x" * 3000).status_code == 404
    assert amina.get(f"/introductions/{10**30}").status_code == 404
    assert amina.get("/directory?lang=tlh").json["errors"].keys() == {"lang"}


def test_writing_without_end_is_stopped(program, monkeypatch):
    monkeypatch.setattr("app.features.api.extension.MOST_WRITES", 2)
    amina = program("amina")
    assert [amina.patch("/profile", json={}).status_code for _ in range(3)] == [200, 200, 429]
    assert int(amina.patch("/profile", json={}).headers["Retry-After"]) > 0
    assert amina.get("/profile").status_code == 200
