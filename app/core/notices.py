"""Notices: what a person should hear of. A service tells; the notifications feature keeps, shows and mails it.

The notice is a job of the same commit as what causes it, so it is told once that happened and is not lost when the
process dies.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from app.core.jobs import enqueue


@dataclass(frozen=True, slots=True)
class NoticeKind:
    """A kind of notice: its text with named values, and the page it leads to with the values that page takes.

    ``mail``: it is also mailed at once, not only with the next digest, unless the person wants no mail.
    ``once``: names of values; while a notice of the kind with the same ones is unread, no further one is added.
    ``moment``: the name of a value that is a moment as `stamp_of` writes it: it is shown by the clocks of the value
    ``zone``, and once it has passed no mail tells of the notice.
    ``ends``: kinds whose unread notices that lead to the same page are void with this one.
    ``reminder``: whether it reminds of something, which people choose by itself.
    """

    kind: str
    text: str
    endpoint: str
    parts: tuple[str, ...] = ()
    mail: bool = False
    once: tuple[str, ...] = ()
    moment: str = ""
    ends: tuple[str, ...] = ()
    reminder: bool = False


_kinds: dict[str, NoticeKind] = {}


def add_notice_kind(kind: NoticeKind) -> None:
    """Let notices of a kind be told."""
    _kinds[kind.kind] = kind


def notice_kind(kind: str) -> NoticeKind | None:
    """The kind of that name, if a feature brought it."""
    return _kinds.get(kind)


def notice_kinds() -> list[NoticeKind]:
    """Every kind of notice."""
    return list(_kinds.values())


def stamp_of(moment: datetime) -> str:
    """A moment as it stands in a notice: later ones sort later."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def tell(session: Session, person_ids: Iterable[int], kind: str, /, **values: Any) -> None:
    """Have some persons told, with the transaction; ``values`` must be plain data and serve text and address."""
    people = sorted(set(person_ids))
    if people:
        # The key tells one telling from another, so that a job that runs twice tells once.
        key = secrets.token_hex(12)
        enqueue(session, "notifications.tell", person_ids=people, kind=kind, values=values, key=key)
