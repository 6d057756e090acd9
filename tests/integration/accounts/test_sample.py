"""The sample world's pages: its mails, and being one of its people."""

from __future__ import annotations

import re

import pytest

from app.core.mail import queue_mail
from tests.integration.accounts.steps import is_in, join
from tests.support.people import make_account, make_person
from tests.support.statements import count_statements


def test_mails_can_be_read_before_and_after_the_worker_sent_them(client, runner, settings):
    join(client, "amina@example.org")
    page = client.get("/sample/outbox").get_data(as_text=True)
    assert "Please confirm your mail address" in page
    assert "waiting to be sent" in page
    mail = client.get("/sample/outbox/1").get_data(as_text=True)
    link = re.search(r'<a href="(/verify/[^"]+)">http://localhost/verify/', mail).group(1)
    assert "Confirm my address" in client.get(link).get_data(as_text=True)
    assert runner.invoke(args=["jobs", "work", "--until-empty"]).exit_code == 0
    assert "waiting to be sent" not in client.get("/sample/outbox").get_data(as_text=True)
    files = list((settings.instance_path / "outbox").glob("*.eml"))
    assert len(files) == 1
    assert link.encode()[:20] in files[0].read_bytes().replace(b"=\n", b"")


def test_a_mail_in_another_language_does_not_change_the_page(client, database):
    with database.transaction() as session:
        queue_mail(session, "amina@example.org", "account_lifted", "ar")
    page = client.get("/sample/outbox/1").get_data(as_text=True)
    assert '<html lang="en" dir="ltr">' in page
    assert 'lang="ar"' in page


def test_only_links_to_this_site_become_links(client, database):
    reason = 'See http://evil.example/x and http://localhost//evil.example and <script>alert("x")</script>'
    with database.transaction() as session:
        queue_mail(session, "amina@example.org", "account_suspended", "en", reason=reason)
    page = client.get("/sample/outbox/1").get_data(as_text=True)
    assert "http://evil.example/x" in page
    assert 'href="http://evil.example' not in page
    assert 'href="//evil' not in page
    assert "<script>alert" not in page


def test_the_mails_are_paged(client, database):
    with database.transaction() as session:
        for number in range(45):
            queue_mail(session, f"person{number}@example.org", "account_closed", "en")
    seen, path = [], "/sample/outbox"
    while path:
        page = client.get(path).get_data(as_text=True)
        seen += re.findall(r"person(\d+)@example.org", page)
        following = re.search(r'href="([^"]+)" rel="next"', page)
        path = following.group(1).replace("&amp;", "&") if following else ""
    assert [int(n) for n in seen] == list(range(44, -1, -1))


@pytest.mark.parametrize("path", ["/sample/outbox?before=x", "/sample/outbox?before=9999999999999999999999"])
def test_a_strange_page_number_is_no_accident(client, path):
    assert client.get(path).status_code == 200


@pytest.mark.parametrize("number", ["7", str(2**80)])
def test_a_mail_that_is_not_there(client, number):
    assert client.get(f"/sample/outbox/{number}").status_code == 404


def test_one_signs_in_as_a_sample_person_by_choice_or_by_handle(app, database):
    with database.transaction() as session:
        make_account(session, "sample-amina", sample=True, email="x", email_key="sample-amina@sample.example")
    browser = app.test_client()
    assert "sample-amina" in browser.get("/sample/sign-in").get_data(as_text=True)
    response = browser.submit("/sample/sign-in", {"handle": " Sample-Amina "})
    assert response.status_code == 303
    assert is_in(browser)


@pytest.mark.parametrize("handle", ["amina", "nobody", "", "%", "sample-amina@sample", "_" * 12, "x" * 100_000])
def test_nobody_real_can_be_signed_in_as(app, database, handle):
    with database.transaction() as session:
        make_account(session, "amina")
        make_account(session, "sample-amina", sample=True, email="x", email_key="sample-amina@sample.example")
    browser = app.test_client()
    assert browser.submit("/sample/sign-in", {"handle": handle}).status_code == 422
    assert not is_in(browser)


def test_the_lists_cost_the_same_however_long_they_are(client, database):
    def fill(start: int, end: int) -> None:
        with database.transaction() as session:
            for n in range(start, end):
                key = f"sample-{n}@sample.example"
                make_person(session, f"sample-{n}", languages=[("sw", 7)], account={"sample": True, "email_key": key})
                queue_mail(session, key, "account_closed", "en")

    def cost(path: str) -> int:
        with count_statements(database) as sent:
            page = client.get(path).get_data(as_text=True)
        assert "sample-1" in page
        return len(sent)

    fill(1, 3)
    few = [cost("/sample/sign-in"), cost("/sample/outbox")]
    fill(3, 30)
    assert [cost("/sample/sign-in"), cost("/sample/outbox?before=15")] == few
    assert few[0] <= 4
    assert few[1] <= 1


def test_without_a_sample_world_the_page_says_how_to_get_one(client):
    assert "flask sample load" in client.get("/sample/sign-in").get_data(as_text=True)


def test_every_mail_can_be_written_in_every_language(app, database):
    from app.core.locales import OFFERED
    from app.core.mail import Mail
    from app.core.web.mailing import render_mail

    values = {"token": "t", "new": "new@example.org", "reason": "Advertising"}
    names = [n[5:-4] for n in app.jinja_env.list_templates() if n.startswith("mail/account_")]
    assert len(names) >= 11
    for name in names:
        for locale in OFFERED:
            mail = Mail(id=1, to_address="a@example.org", template=name, locale=locale.code, values=values)
            subject, text = render_mail(app, mail)
            assert subject
            assert "\n" not in subject
            assert "%(" not in text
