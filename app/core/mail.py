"""Mails as rows of the commit that causes them, sent afterwards by a job.

A service calls `queue_mail` with the name of a template in ``templates/mail/`` and plain values. The worker
renders it in the receiver's language and hands it to the transport: SMTP in production, files in
``instance/outbox/`` in the embedded mode.
"""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable
from datetime import datetime
from email.header import Header
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import parse_qs, unquote, urlsplit

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core.clock import now
from app.core.database import Base, BigId, Database
from app.core.domains import ascii_domain
from app.core.jobs import Progress, enqueue, job
from app.core.settings import Settings


class Mail(Base):
    """A mail to be sent, or sent."""

    __tablename__ = "mails"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    to_address: Mapped[str] = mapped_column(String(320))
    template: Mapped[str] = mapped_column(String(60))
    locale: Mapped[str] = mapped_column(String(20))
    values: Mapped[dict[str, Any]]
    # What stands on the envelope besides: see `queue_mail`.
    extra: Mapped[dict[str, Any] | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    sent_at: Mapped[datetime | None]


class Transport(Protocol):
    """Something that takes a finished message."""

    def send(self, message: EmailMessage, mail_id: int) -> None: ...


class FolderTransport:
    """The embedded mode: each mail is a file in the outbox folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, message: EmailMessage, mail_id: int) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        temporary = self.folder / f".{mail_id:08d}.tmp"
        temporary.write_bytes(bytes(message))
        temporary.replace(self.folder / f"{mail_id:08d}.eml")


class SmtpTransport:
    """A mail server, named as ``smtp://user:pass@host:587?tls=starttls`` (``tls``: starttls, tls, none)."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme != "smtp" or not parts.hostname:
            raise ValueError("MAIL_URL must look like smtp://user:pass@host:587?tls=starttls")
        self.tls = parse_qs(parts.query).get("tls", ["starttls"])[0]
        self.host, self.port = parts.hostname, parts.port or (465 if self.tls == "tls" else 587)
        self.username, self.password = unquote(parts.username or ""), unquote(parts.password or "")

    def send(self, message: EmailMessage, mail_id: int) -> None:
        context = ssl.create_default_context()
        if self.tls == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self.port, timeout=30, context=context)
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=30)
        with server:
            if self.tls == "starttls":
                server.starttls(context=context)
            if self.username:
                server.login(self.username, self.password)
            server.send_message(message)


def transport_for(settings: Settings) -> Transport:
    """The way mails leave, by the settings."""
    if settings.mail_url:
        return SmtpTransport(settings.mail_url)
    return FolderTransport(settings.instance_path / "outbox")


def queue_mail(
    session: Session, to_address: str, template: str, locale: str, extra: dict[str, str] | None = None, **values: Any
) -> None:
    """Write a mail and its sending job into this session's transaction; ``values`` must be plain data.

    ``extra``: ``reply_to`` an address; ``stop`` the path of a page that ends such mails with one POST (RFC 8058);
    ``thread`` a name that mails of one conversation share; ``answers`` the Message-ID that this is an answer to;
    ``until`` a moment (ISO) after which it is of no use and is not sent any more.
    """
    mail = Mail(to_address=to_address, template=template, locale=locale, values=values, extra=extra)
    session.add(mail)
    session.flush()
    enqueue(session, "mail.send", mail_id=mail.id)


Render = Callable[[Mail], tuple[str, str]]
_sender: dict[str, Any] = {}


def sending_settings() -> Settings:
    """The settings that mails are sent by, for what must stand in them: our address, signatures."""
    settings: Settings = _sender["settings"]
    return settings


def set_sender(render: Render, settings: Settings) -> None:
    """Tell the sending job how mails are rendered (subject, text) and which way they leave."""
    _sender.update(render=render, settings=settings)


def _deliverable(address: str) -> str:
    """The address with its domain in ASCII, which every mail server takes."""
    name, _at, domain = address.rpartition("@")
    return f"{name}@{ascii_domain(domain) or domain}"


class _WholeSubject(EmailPolicy):
    """Folds a subject with other letters than ASCII in one piece: word by word, Python loses spaces between lines."""

    def fold(self, name: str, value: str) -> str:
        if name.lower() != "subject" or value.isascii():
            return super().fold(name, value)
        return f"{name}: {Header(str(value), 'utf-8', header_name=name).encode(linesep=self.linesep)}{self.linesep}"

    def fold_binary(self, name: str, value: str) -> bytes:
        return self.fold(name, value).encode() if name.lower() == "subject" else super().fold_binary(name, value)


def build_message(mail: Mail, render: Render, settings: Settings) -> EmailMessage:
    """The finished message of a mail row, in its receiver's language."""
    subject, text = render(mail)
    message = EmailMessage(policy=_WholeSubject())
    message["From"], message["To"] = settings.mail_from, _deliverable(mail.to_address)
    message["Subject"] = " ".join(subject.split())
    message["Date"] = format_datetime(mail.created_at)
    # The same row always has the same id, so that a mail sent twice after a crash is known as one.
    message["Message-ID"] = f"<mail.{mail.id}@{urlsplit(settings.base_url).hostname}>"
    _write_extra(message, mail.extra or {}, settings.base_url)
    # This drops whatever headers of the text stand there, so its language comes after it.
    message.set_content(text)
    message["Content-Language"] = mail.locale
    return message


def _write_extra(message: EmailMessage, extra: dict[str, Any], base_url: str) -> None:
    """The headers of one mail that others do not have."""
    message["Auto-Submitted"] = "auto-replied" if "answers" in extra else "auto-generated"
    if reply_to := extra.get("reply_to"):
        message["Reply-To"] = reply_to
    if stop := extra.get("stop"):
        message["List-Unsubscribe"] = f"<{base_url}{stop}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    before = extra.get("answers") or (
        f"<{extra['thread']}@{urlsplit(base_url).hostname}>" if extra.get("thread") else ""
    )
    if before:
        message["In-Reply-To"] = message["References"] = before


@job("mail.send")
def send_mail(database: Database, payload: dict[str, Any], progress: Progress) -> None:
    """Send one mail and note that it went."""
    with database.transaction() as session:
        mail = session.scalar(select(Mail).where(Mail.id == payload["mail_id"], Mail.sent_at.is_(None)))
        if mail is None:
            return
        until = (mail.extra or {}).get("until")
        if until and datetime.fromisoformat(until) <= now():
            return
        settings: Settings = _sender["settings"]
        transport_for(settings).send(build_message(mail, _sender["render"], settings), mail.id)
        mail.sent_at = now()
        if not settings.embedded:
            # Links in mails are secrets: once they went out, no database and no backup need keep them.
            mail.values, mail.extra = {}, None
