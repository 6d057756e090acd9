"""Notices: what a person should hear of. A service tells; the notifications feature keeps, shows and mails it.

The notice is a job of the same commit as what causes it, so it is told once that happened and is not lost when the
process dies.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app.core.jobs import enqueue


@dataclass(frozen=True, slots=True)
class NoticeKind:
    """A kind of notice: its text with named values, and the page it leads to with the values that page takes.

    ``mail``: it is also mailed at once, not only with the next digest, unless the person wants no mail.
    ``once``: names of values; while a notice of the kind with the same ones is unread, no further one is added.
    """

    kind: str
    text: str
    endpoint: str
    parts: tuple[str, ...] = ()
    mail: bool = False
    once: tuple[str, ...] = ()


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


def tell(session: Session, person_ids: Iterable[int], kind: str, /, **values: Any) -> None:
    """Have some persons told, with the transaction; ``values`` must be plain data and serve text and address."""
    people = sorted(set(person_ids))
    if people:
        # The key tells one telling from another, so that a job that runs twice tells once.
        key = secrets.token_hex(12)
        enqueue(session, "notifications.tell", person_ids=people, kind=kind, values=values, key=key)
