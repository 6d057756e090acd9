"""A community in several languages, and the mails that go out of it and come in."""

from __future__ import annotations

import json
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import select

from app.core import jobs
from app.core.database import Database
from app.core.mail import Mail
from app.features.notifications.models import NoticeSettings
from app.features.notifications.services import send_digests
from app.features.threads.models import ThreadFollow
from tests.support.communities import add_member, make_community, make_thread
from tests.support.people import make_person


class World:
    """A community with three members; bela opened a thread."""

    def __init__(self, app: Flask, database: Database) -> None:
        self.app, self.database = app, database
        with database.transaction() as session:
            self.amina = make_person(
                session, "amina", languages=[("sw", 7), ("en", 5)], country="KE", timezone="Africa/Nairobi"
            )
            self.bela = make_person(session, "bela", languages=[("hu", 7), ("en", 5)], timezone="Europe/Budapest")
            self.chloe = make_person(
                session, "chloe", languages=[("fr", 7), ("en", 4)], timezone="Europe/Paris", account={"locale": "fr"}
            )
            self.dina = make_person(session, "dina", languages=[("en", 6)])
            self.community = make_community(session, "maths-east", founder=self.amina)
            add_member(session, self.community, self.bela)
            add_member(session, self.community, self.chloe)
            self.thread = make_thread(session, self.community, self.bela, "How do you begin?", "I begin with *bread*.")
            session.add(ThreadFollow(thread_id=self.thread.id, person_id=self.bela.id))
        self.url = f"/communities/maths-east/threads/{self.thread.id}"

    def work(self) -> int:
        """Do all jobs that something caused; those that recur by themselves are none of these tests' matter."""
        return sum(iter(lambda: jobs.run_one(self.database, "test"), False))

    def digests(self, moment: datetime) -> int:
        """Write the digests that are due at a moment."""
        return send_digests(self.database, moment)

    def mails(self, handle: str | None = None, template: str | None = None) -> list[Mail]:
        """The mails written, oldest first."""
        with self.database.transaction() as session:
            rows = list(session.scalars(select(Mail).order_by(Mail.id)))
        rows = [row for row in rows if handle is None or row.to_address == f"{handle}@example.org"]
        return [row for row in rows if template is None or row.template == template]

    def message(self, mail: Mail) -> Any:
        """A mail as it goes out."""
        from app.core.mail import build_message
        from app.core.web.mailing import render_mail

        settings = self.app.extensions["settings"]
        return build_message(mail, lambda row: render_mail(self.app, row), settings)

    def text(self, mail: Mail) -> str:
        """Its words."""
        return str(self.message(mail).get_content())

    def wish(self, handle: str, **values: Any) -> None:
        """Set how a person wants to hear of things."""
        with self.database.transaction() as session:
            person = getattr(self, handle)
            session.merge(NoticeSettings(person_id=person.id, **values))

    def reply_address(self, handle: str) -> str:
        """Where the newest mail to a person says that they can answer."""
        return str(self.message(self.mails(handle, "notice")[-1])["Reply-To"])


def letter(sender: str, to: str, text: str, **headers: str) -> bytes:
    """A mail as a person's program sends it."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, to, "Re: something"
    message["Message-ID"] = headers.pop("message_id", "<1@school.example>")
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message.as_bytes()


def hand_over(runner: FlaskCliRunner, raw: bytes, *options: str) -> dict[str, Any]:
    """Give a mail to the command as a mail server does."""
    result = runner.invoke(args=["mail", "receive", "--json", *options], input=raw)
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.output)
    return found


def outbox(app: Flask) -> Path:
    """Where mails go in the embedded mode."""
    return Path(app.extensions["settings"].instance_path) / "outbox"
