"""Taking one's data along, and closing the account."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select

from app.core import registries
from app.core.mail import Mail
from app.core.signals import account_closed
from tests.integration.accounts.steps import account_of, enter, is_in, mails_to
from tests.support.people import PASSWORD, make_account, make_person

AMINA = "amina@example.org"


@pytest.fixture
def amina(app, database):
    """A browser signed in as someone."""
    with database.transaction() as session:
        make_account(session, "amina")
    return enter(app, AMINA, PASSWORD)[0]


@pytest.fixture
def registered(monkeypatch):
    """Registries that may be added to for one test."""
    for name in ("_exporters", "_erasers"):
        monkeypatch.setattr(registries, name, dict(getattr(registries, name)))


def test_the_download_holds_what_every_feature_gives_and_no_secret(amina, database, registered):
    registries.add_exporter("example", lambda session, account_id: {"account": account_id, "text": "دراسة"})
    amina.submit("/account/tokens", {"name": "reader"})
    amina.submit("/account/email", {"email": "new@example.org", "current": PASSWORD})
    response = amina.get("/account/download")
    assert response.mimetype == "application/json"
    assert response.headers["Content-Disposition"].startswith('attachment; filename="commonweave-')
    text = response.get_data(as_text=True)
    data = json.loads(text)
    account = account_of(database, AMINA)
    assert data["account"]["email"] == AMINA
    assert data["account"]["api_tokens"][0]["name"] == "reader"
    assert data["account"]["links_sent"][0]["purpose"] == "change"
    assert data["account"]["mails"][0]["kind"] == "account_change_asked"
    assert data["example"] == {"account": account.id, "text": "دراسة"}
    assert account.password_hash not in text
    assert "token_hash" not in text


def test_a_download_that_fails_is_an_error_and_no_half_file(app, amina, registered):
    def fail(_session, _account_id):
        raise RuntimeError("out of order")

    registries.add_exporter("zzz", fail)
    with pytest.raises(RuntimeError):
        amina.get("/account/download")


def test_a_guest_downloads_nothing(client):
    assert client.get("/account/download").status_code == 303


def test_before_leaving_one_is_told_what_stays(amina):
    page = amina.get("/account/delete").get_data(as_text=True)
    assert "Messages you wrote stay with those who received them, without your name." in page
    assert "threads of communities stays there for the others" in page


def test_the_account_goes_with_everything(app, amina, database, registered):
    order, told = [], []
    registries.add_eraser("upper", lambda session, account_id: order.append(("upper", account_id)))
    number = account_of(database, AMINA).id

    def hear(_sender, **facts):
        told.append(facts)

    account_closed.connect(hear)
    amina.submit("/account/tokens", {"name": "reader"})
    amina.submit("/account/email", {"email": "new@example.org", "current": PASSWORD})
    other, _response = enter(app, AMINA, PASSWORD)
    response = amina.submit("/account/delete", {"current": PASSWORD})
    account_closed.disconnect(hear)
    assert response.status_code == 303
    assert account_of(database, AMINA) is None
    assert order == [("upper", number)]
    assert told == [{"account_id": number}]
    assert not is_in(amina)
    assert not is_in(other)
    assert [m.template for m in mails_to(database, AMINA)] == ["account_closed"]
    from app.features.accounts.models import AccountRole, AccountToken, ApiToken

    with database.reading() as session:
        for table in (AccountToken, ApiToken, AccountRole):
            assert session.scalars(select(table)).all() == []


def test_without_the_password_nothing_is_deleted(amina, database):
    response = amina.submit("/account/delete", {"current": "not-the-right-one"})
    assert response.status_code == 422
    assert "This is not your password." in response.get_data(as_text=True)
    assert account_of(database, AMINA) is not None
    assert is_in(amina)


def test_when_one_feature_cannot_erase_everything_stays(amina, database, registered):
    def fail(_session, _account_id):
        raise RuntimeError("out of order")

    registries.add_eraser("upper", fail)
    with pytest.raises(RuntimeError):
        amina.submit("/account/delete", {"current": PASSWORD})
    assert account_of(database, AMINA) is not None


def test_a_mail_that_went_out_keeps_no_secret_in_production(settings, database, monkeypatch):
    from app.core import jobs, mail
    from app.core.settings import Settings
    from app.factory import build_app

    sent = []

    class Post:
        def send(self, message, mail_id):
            sent.append(message.get_content())

    with database.transaction() as session:
        mail.queue_mail(session, AMINA, "account_reset", "en", token="the-secret")
    production = Settings(
        **settings.model_dump()
        | {
            "app_env": "production",
            "secret_key": "k" * 40,
            "public_url": "https://commonweave.example",
            "mail_url": "smtp://127.0.0.1:1?tls=none",
        }
    )
    build_app(production)
    monkeypatch.setattr(mail, "transport_for", lambda _settings: Post())
    jobs.work(database, until_empty=True)
    assert "https://commonweave.example/reset/the-secret" in sent[0]
    with database.reading() as session:
        row = session.scalars(select(Mail)).one()
        assert row.sent_at is not None
        assert row.values == {}


def test_the_person_goes_with_the_account(database, sign_in):
    from app.features.profiles.models import Profile

    with database.transaction() as session:
        make_person(session, "amina", languages=[("sw", 7)], subjects=["0541"], about={"sw": "Ninafundisha hisabati"})
        make_person(session, "baraka")
    browser = sign_in("amina")
    assert "Ninafundisha hisabati" in browser.get("/account/download").get_data(as_text=True)
    assert browser.submit("/account/delete", {"current": PASSWORD}).status_code == 303
    with database.reading() as session:
        assert [p.handle for p in session.scalars(select(Profile))] == ["baraka"]
