"""What people do with accounts, for the tests."""

from __future__ import annotations

import re

from sqlalchemy import select

from app.core.database import Database
from app.core.mail import Mail
from app.features.accounts.models import Account

NEW_PASSWORD = "crooked-lantern-umbrella"
JOIN = {"password": "seven-calm-rivers-9", "adult": "y", "privacy": "y"}


def mails_to(database: Database, address: str) -> list[Mail]:
    """The mails written to an address, oldest first."""
    with database.reading() as session:
        mails = list(session.scalars(select(Mail).where(Mail.to_address == address).order_by(Mail.id)))
        session.expunge_all()
        return mails


def token_of(database: Database, address: str, template: str) -> str:
    """The secret of the newest mail of that kind."""
    return [m for m in mails_to(database, address) if m.template == template][-1].values["token"]


def account_of(database: Database, key: str) -> Account | None:
    """The account with that address."""
    with database.reading() as session:
        account = session.scalar(select(Account).where(Account.email_key == key))
        session.expunge_all()
        return account


def join(client, email: str, **changed: str):
    """Sign up."""
    return client.submit("/sign-up", {"email": email, **JOIN, **changed})


def enter(app, email: str, password: str = JOIN["password"], **more: str):
    """A browser that has tried to sign in, and the answer it got."""
    browser = app.test_client()
    return browser, browser.submit("/sign-in", {"email": email, "password": password, **more})


def is_in(browser) -> bool:
    """Whether the browser is signed in."""
    return browser.get("/account").status_code == 200


def plain(html: str, *addresses: str) -> str:
    """A page without what differs from one request to the next."""
    html = re.sub(r'(name="csrf_token" value=|nonce=)"[^"]+"', r"\1", html)
    for address in addresses:
        html = html.replace(address, "ADDRESS")
    return html
