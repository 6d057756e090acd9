"""Signed words in mails: the address an answer goes to, and the link that ends such mails."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from app.core.signing import sign, unsign

GOOD_FOR = timedelta(days=90)
HIGHEST = 2**40
DIGEST, DIRECT, REMINDING = 1, 2, 3
_EPOCH = datetime(2025, 1, 1, tzinfo=UTC)
_SHAPE = struct.Struct(">5s5s5sH")
_STOP = struct.Struct(">5sB")


@dataclass(frozen=True, slots=True)
class ReplyTo:
    """To what somebody answers by mail: who, in which thread, to which post, and until when the address is good."""

    person_id: int
    thread_id: int
    post_id: int
    until: datetime


def _five(number: int) -> bytes:
    return number.to_bytes(5, "big")


def _number(five: bytes) -> int:
    return int.from_bytes(five, "big")


def write_reply_word(secret: str, person_id: int, thread_id: int, post_id: int, moment: datetime) -> str | None:
    """The part of a reply address after the plus sign; None for numbers that do not fit into one."""
    if not all(0 <= number < HIGHEST for number in (person_id, thread_id, post_id)):
        return None
    # The last day is a whole one, so that all mails of a day carry the same address.
    last = (moment + GOOD_FOR - _EPOCH).days + 1
    return sign(secret, "reply", _SHAPE.pack(_five(person_id), _five(thread_id), _five(post_id), last))


def read_reply_word(secret: str, word: str) -> ReplyTo | None:
    """What a reply address stands for; None for one that we did not write."""
    body = unsign(secret, "reply", word)
    if body is None or len(body) != _SHAPE.size:
        return None
    person, thread, post, last = _SHAPE.unpack(body)
    until = _EPOCH + timedelta(days=last)
    return ReplyTo(_number(person), _number(thread), _number(post), until)


def write_stop_word(secret: str, person_id: int, what: int) -> str:
    """The word of a link that ends a person's digests (`DIGEST`), their reminders (`REMINDING`) or their other
    mails (`DIRECT`)."""
    return sign(secret, "stop", _STOP.pack(_five(person_id), what))


def read_stop_word(secret: str, word: str) -> tuple[int, int] | None:
    """Whose mails, and which of them, a word ends; None for one that we did not write."""
    body = unsign(secret, "stop", word)
    if body is None or len(body) != _STOP.size:
        return None
    person, what = _STOP.unpack(body)
    return (_number(person), what) if what in (DIGEST, DIRECT, REMINDING) else None
