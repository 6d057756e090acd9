"""Domains written in other letters: each is its own, and mails reach it."""

from __future__ import annotations

import pytest

from app.core.clock import now
from app.core.mail import Mail, build_message
from tests.integration.profiles.worlds import load, mails, make_record
from tests.support.people import make_person


@pytest.mark.parametrize(
    "address, domain", [("juma@heßen.example", "hessen.example"), ("juma@λόγος.example", "xn--jxalp3au.example")]
)
def test_a_domain_that_only_looks_the_same_after_folding_claims_nothing(sign_in, database, address, domain):
    with database.transaction() as session:
        make_record(session, domains=(domain,))
        make_person(session, "juma")
    response = sign_in("juma").submit("/institutions/muhas/claim", {"address": address})
    assert response.status_code == 422
    assert mails(database, "profile_verify") == []


def test_a_domain_in_other_letters_claims_its_own_record(sign_in, database):
    with database.transaction() as session:
        make_record(session, domains=("xn--mnchen-3ya.example",))
        make_person(session, "juma")
    assert sign_in("juma").submit("/institutions/muhas/claim", {"address": "j@münchen.example"}).status_code == 303


def test_a_website_keeps_the_host_that_browsers_open(sign_in, database):
    with database.transaction() as session:
        make_person(session, "amina")
    new = {"name": "Lakeside", "lang": "en", "type": "school", "country": "KE", "website": "https://heßen.example/a"}
    amina = sign_in("amina")
    assert amina.submit("/institutions/new", new).status_code == 303
    assert load(database, "lakeside").website == "https://xn--heen-wna.example/a"


def test_a_mail_to_such_an_address_goes_where_every_mail_server_can_bring_it(app, database):
    settings = app.extensions["settings"]
    mail = Mail(id=1, to_address="juma@heßen.example", template="x", locale="en", values={}, created_at=now())
    message = build_message(mail, lambda _mail: ("Hello", "text"), settings)
    assert message["To"] == "juma@xn--heen-wna.example"
