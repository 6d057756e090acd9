"""Commands about mail."""

from __future__ import annotations

import logging
import sys
from typing import NoReturn

import click
from flask.cli import AppGroup, with_appcontext

from app.core.cli import current_settings, print_json
from app.core.clock import now
from app.core.web.sessions import database
from app.features.notifications.services import Outcome, receive
from app.features.notifications.services.receiving import MOST_BYTES

log = logging.getLogger(__name__)
# What mail servers take for "keep it and try again" (sysexits.h).
TRY_AGAIN = 75
_CHUNK = 65536

mail_group = AppGroup("mail", help="Mail that comes in.")


def _read() -> bytes:
    """The message, up to one byte more than is taken; the rest is read too, so that the sender can finish."""
    source = sys.stdin.buffer
    raw = source.read(MOST_BYTES + 1)
    while source.read(_CHUNK):
        pass
    return raw


def _keep() -> NoReturn:
    click.echo("not taken now; please try again later", err=True)
    sys.exit(TRY_AGAIN)


def _say(outcome: Outcome, as_json: bool) -> None:
    if as_json:
        print_json({"state": outcome.state, "why": outcome.why, "post": outcome.post_id})
    else:
        number = f" as post {outcome.post_id}" if outcome.post_id is not None else ""
        click.echo(f"{outcome.state}{number}: {outcome.why}")


@mail_group.command("receive")
@click.option("--to", "receiver", help="The address it was delivered to, where the message itself does not say.")
@click.option("--json", "as_json", is_flag=True, help="Say in JSON what became of it.")
@with_appcontext
def receive_mail(receiver: str | None, as_json: bool) -> None:
    """Take one message from standard input as an answer in a thread.

    Ends with 0 when it was posted, politely answered, or left alone on purpose, and with 75 when the mail server should
    keep it and try again.
    """
    raw = _read()
    if not raw.strip():
        raise click.UsageError("there is no message on standard input")
    try:
        outcome = receive(database(), current_settings(), raw, now(), receiver)
    except Exception:
        # The database is away, or a mail is stranger than we thought: whatever it is, the mail must not be lost.
        log.exception("an answer by mail was not taken")
        _keep()
    _say(outcome, as_json)


commands = [mail_group]
