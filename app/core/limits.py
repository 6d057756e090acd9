"""Rate limits in a small table, so that every process counts the same."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import String, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.database import Base, BigId, Database
from app.core.errors import TooMany


class Attempt(Base):
    """One counted attempt; the key is hashed, so that no address is kept."""

    __tablename__ = "attempts"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    bucket: Mapped[str] = mapped_column(String(100), index=True)
    at: Mapped[datetime] = mapped_column(default=now, index=True)


def _bucket(name: str, key: str) -> str:
    return f"{name}:{hashlib.sha256(key.encode()).hexdigest()[:40]}"


def hit(database: Database, name: str, key: str, limit: int, per: timedelta) -> None:
    """Count an attempt in a transaction of its own; raises `TooMany` past ``limit`` within ``per``."""
    bucket, moment = _bucket(name, key), now()
    with database.transaction() as session:
        session.execute(delete(Attempt).where(Attempt.at < moment - timedelta(days=2)))
        times = session.scalars(
            select(Attempt.at)
            .where(Attempt.bucket == bucket, Attempt.at > moment - per)
            .order_by(Attempt.at.desc())
            .limit(limit)
        ).all()
        if len(times) >= limit:
            wait = (times[-1] + per - moment).total_seconds()
            raise TooMany(retry_after=max(1, int(wait) + 1))
        session.add(Attempt(bucket=bucket, at=moment))


def clear(database: Database, name: str, key: str) -> None:
    """Forget the attempts of ``key``, for example after the right password."""
    with database.transaction() as session:
        session.execute(delete(Attempt).where(Attempt.bucket == _bucket(name, key)))
