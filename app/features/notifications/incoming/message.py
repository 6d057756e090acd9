"""One message from its bytes. Whatever comes is read as far as it goes: mail from the world is seldom in order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import getaddresses

from app.core.cleaning import clean_line, clean_text
from app.features.notifications.incoming.letters import decode, sound
from app.features.notifications.incoming.markup import words_of_html
from app.features.notifications.incoming.quotes import own_words, unflow

MOST_PARTS, DEEPEST = 200, 20
LONGEST_TEXT = 200_000
_SUPPRESSED = ("List-Id", "X-Autoreply", "X-Autorespond", "X-Auto-Response-Suppress", "Feedback-Id")
_TO = ("X-Original-To", "Delivered-To", "Envelope-To", "X-Envelope-To", "To", "Cc")


@dataclass(frozen=True, slots=True)
class Incoming:
    """What matters of a message. ``sender`` is empty unless exactly one address stands there."""

    message_id: str
    sender: str
    receivers: tuple[str, ...]
    automatic: bool
    text: str
    attachments: int


def _header(message: Message, name: str) -> str:
    """A header in plain letters, on one line; empty if it is not there or cannot be read."""
    value = message.get(name)
    if value is None:
        return ""
    try:
        words = str(make_header(decode_header(str(value))))
    except (HeaderParseError, LookupError, UnicodeError, ValueError):
        words = str(value)
    return clean_line(sound(words))


def _addresses(message: Message, name: str) -> list[str]:
    values = [str(value) for value in message.get_all(name, [])]
    try:
        found = getaddresses(values)
    except (ValueError, IndexError, TypeError, RecursionError):
        return []
    return [clean_line(sound(address)).strip("<>") for _name, address in found if "@" in address]


def is_automatic(message: Message) -> bool:
    """Whether a machine wrote it by itself: an absence note, a list, a report of a mail that did not arrive."""
    submitted = _header(message, "Auto-Submitted").partition(";")[0].strip().lower()
    if submitted not in ("", "no"):
        return True
    if _header(message, "Precedence").lower() in ("bulk", "junk", "list", "auto_reply"):
        return True
    if any(message.get(name) is not None for name in _SUPPRESSED):
        return True
    if message.get("Return-Path") is not None and _header(message, "Return-Path") in ("<>", ""):
        return True
    if message.get_content_type() in ("multipart/report", "message/delivery-status"):
        return True
    names = {address.partition("@")[0].lower() for address in _addresses(message, "From")}
    return bool(names & {"mailer-daemon", "postmaster"})


def _leaves(message: Message, depth: int = 0) -> Iterator[tuple[Message, bool]]:
    """The parts that hold something, each with whether another form of the same text stands beside it."""
    if not message.is_multipart() or depth >= DEEPEST or message.get_content_maintype() == "message":
        yield message, False
        return
    other = message.get_content_subtype() == "alternative"
    for part in message.get_payload():
        if isinstance(part, Message):
            for leaf, inner in _leaves(part, depth + 1):
                yield leaf, other or inner


def _is_attachment(part: Message) -> bool:
    if part.get_content_disposition() == "attachment" or part.get_content_maintype() != "text":
        return True
    return part.get_filename() is not None


def _words(part: Message) -> str:
    payload = part.get_payload(decode=True)
    text = decode(payload if isinstance(payload, bytes) else b"", part.get_content_charset() or "")[:LONGEST_TEXT]
    if part.get_content_subtype() == "html":
        return words_of_html(text)
    if str(part.get_param("format", "")).lower() == "flowed":
        return unflow(text, str(part.get_param("delsp", "")).lower() == "yes")
    return text


def _text_of(message: Message) -> tuple[str, int]:
    """What the person wrote, plain text before HTML, and how many attachments there were."""
    plain: list[str] = []
    html: list[str] = []
    attachments = 0
    for number, (part, _other) in enumerate(_leaves(message)):
        if number >= MOST_PARTS:
            break
        if _is_attachment(part):
            # A picture inside the text is mostly somebody's letterhead.
            attachments += part.get("Content-ID") is None
        elif part.get_content_subtype() in ("plain", "html"):
            (html if part.get_content_subtype() == "html" else plain).append(_words(part))
    for found in (plain, html):
        words = clean_text(own_words("\n\n".join(found)))
        if words:
            return words, attachments
    return "", attachments


def read_message(raw: bytes) -> Incoming:
    """The message in ``raw``; what is broken in it is left out."""
    # A mailbox line in front belongs to no message.
    message = message_from_bytes(re.sub(rb"\A(?:From [^\n]*\n|[\r\n]+)+", b"", raw))
    senders = _addresses(message, "From")
    text, attachments = _text_of(message)
    return Incoming(
        message_id=_header(message, "Message-ID")[:500],
        sender=senders[0] if len(senders) == 1 and len(message.get_all("From", [])) == 1 else "",
        receivers=tuple(dict.fromkeys(address for name in _TO for address in _addresses(message, name))),
        automatic=is_automatic(message),
        text=text,
        attachments=attachments,
    )
