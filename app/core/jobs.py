"""The job outbox: work that is written in the same commit as what causes it, and done by a worker.

A job is a row. A worker leases it; when the worker dies the lease runs out and another takes the job over.
So a job may run more than once and every job must bear that: it saves where it is with `Progress.advance`
and goes on from there.
"""

from __future__ import annotations

import logging
import os
import secrets
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, Index, String, Text, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core.clock import now
from app.core.database import Base, BigId, Database

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
MAX_ATTEMPTS = 8

WAITING, DONE, FAILED, CANCELLED = "waiting", "done", "failed", "cancelled"


class Job(Base):
    """A piece of work to be done outside a request."""

    __tablename__ = "jobs"
    __table_args__ = (Index("ix_jobs_state_run_at", "state", "run_at"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    payload: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(String(12), default=WAITING)
    # Of several waiting jobs with the same key only one is kept: rebuild once, not a hundred times.
    unique_key: Mapped[str | None] = mapped_column(String(120), unique=True)
    run_at: Mapped[datetime] = mapped_column(default=now)
    attempts: Mapped[int] = mapped_column(default=0)
    leased_until: Mapped[datetime | None]
    lease: Mapped[str | None] = mapped_column(String(80))
    done_count: Mapped[int] = mapped_column(default=0)
    total_count: Mapped[int | None]
    cursor: Mapped[dict[str, Any] | None]
    error: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(default=now)
    finished_at: Mapped[datetime | None]


class Cancelled(Exception):
    """The job was cancelled while it ran."""


@dataclass
class Progress:
    """A running job's hold on its row: says how far it is, keeps the lease, learns of a cancellation."""

    database: Database
    job_id: int
    lease: str
    cursor: dict[str, Any] | None = None

    def advance(self, done: int, total: int | None = None, cursor: dict[str, Any] | None = None) -> None:
        """Save how far the job is and where to go on; raises `Cancelled` when someone stopped it."""
        with self.database.transaction() as session:
            job = session.get(Job, self.job_id)
            if job is None or job.state == CANCELLED or job.lease != self.lease:
                raise Cancelled
            job.done_count, job.total_count = done, total if total is not None else job.total_count
            job.leased_until = now() + LEASE
            if cursor is not None:
                job.cursor = self.cursor = cursor


Work = Callable[[Database, dict[str, Any], Progress], None]
_work: dict[str, Work] = {}
_every: dict[str, timedelta] = {}


def job(name: str, every: timedelta | None = None) -> Callable[[Work], Work]:
    """Register the function that does jobs named ``feature.verb``; with ``every`` it also recurs by itself."""

    def register(work: Work) -> Work:
        _work[name] = work
        if every is not None:
            _every[name] = every
        return work

    return register


def enqueue(
    session: Session, name: str, run_at: datetime | None = None, unique: str | None = None, **payload: Any
) -> None:
    """Write a job in this session's transaction; with ``unique`` a job already waiting is enough."""
    row = {"name": name, "payload": payload, "run_at": run_at or now(), "unique_key": unique}
    if unique is None:
        session.add(Job(**row))
        session.flush()
        return
    # Two transactions may want the same job at once; neither is to fail for it.
    on_postgres = session.get_bind().dialect.name == "postgresql"
    insert: Any = postgresql.insert(Job) if on_postgres else sqlite.insert(Job)
    session.execute(insert.values(**row).on_conflict_do_nothing(index_elements=["unique_key"]))


def cancel(session: Session, job_id: int) -> None:
    """Stop a job: before its start at once, while it runs at its next step."""
    session.execute(
        update(Job)
        .where(Job.id == job_id, Job.state == WAITING)
        .values(state=CANCELLED, finished_at=now(), unique_key=None)
    )


def _take(database: Database, worker: str) -> Job | None:
    moment = now()
    free = or_(Job.leased_until.is_(None), Job.leased_until < moment)
    due = select(Job.id).where(Job.state == WAITING, Job.run_at <= moment, free).order_by(Job.run_at, Job.id).limit(1)
    if not database.is_sqlite:
        due = due.with_for_update(skip_locked=True)
    lease = f"{worker}:{secrets.token_hex(6)}"
    with database.transaction() as session:
        taken = session.execute(
            update(Job)
            .where(Job.id == due.scalar_subquery(), Job.state == WAITING, free)
            .values(lease=lease, leased_until=moment + LEASE, attempts=Job.attempts + 1)
            .execution_options(synchronize_session=False)
        )
        if cast("CursorResult[Any]", taken).rowcount == 0:
            return None
        return session.scalar(select(Job).where(Job.lease == lease))


def _finish(database: Database, job: Job, state: str, error: str | None = None) -> None:
    with database.transaction() as session:
        row = session.get(Job, job.id)
        if row is None or row.lease != job.lease or row.state == CANCELLED:
            return
        row.error, row.lease, row.leased_until = error, None, None
        if state == FAILED and row.attempts < MAX_ATTEMPTS:
            row.run_at = now() + timedelta(seconds=min(3600, 5 * 2**row.attempts))
            return
        row.state, row.finished_at, row.unique_key = state, now(), None


def run_one(database: Database, worker: str) -> bool:
    """Take the next due job and do it; returns whether there was one."""
    job = _take(database, worker)
    if job is None:
        return False
    if job.attempts > MAX_ATTEMPTS:
        # Nobody lived to say that it failed: a job that ends its worker each time must not do so for ever.
        _finish(database, job, FAILED, "the worker ended each time it tried")
        return True
    work = _work.get(job.name)
    if work is None:
        _finish(database, job, FAILED, f"no work is registered under {job.name}")
        return True
    try:
        work(database, job.payload, Progress(database, job.id, job.lease or "", job.cursor))
    except Cancelled:
        log.info("job %s (%s) was cancelled", job.id, job.name)
    except Exception as error:
        log.exception("job %s (%s) failed", job.id, job.name)
        _finish(database, job, FAILED, f"{type(error).__name__}: {error}"[:2000])
    else:
        _finish(database, job, DONE)
    return True


def schedule_recurring(database: Database) -> None:
    """Make sure that each recurring job has its next run waiting."""
    with database.transaction() as session:
        for name, every in _every.items():
            last = session.scalar(
                select(Job.finished_at).where(Job.name == name, Job.state == DONE).order_by(Job.id.desc()).limit(1)
            )
            enqueue(session, name, run_at=(last + every) if last else now(), unique=f"every:{name}")


def _purge(database: Database) -> None:
    with database.transaction() as session:
        for row in session.scalars(
            select(Job).where(Job.state == DONE, Job.finished_at < now() - timedelta(days=14)).limit(500)
        ):
            session.delete(row)


def work(database: Database, until_empty: bool = False, stop: Callable[[], bool] = lambda: False) -> int:
    """Do jobs until told to stop, or until none is due; returns how many were done."""
    worker = f"{socket.gethostname()[:30]}-{os.getpid()}"
    done, next_round = 0, 0.0
    while not stop():
        if time.monotonic() >= next_round:
            schedule_recurring(database)
            _purge(database)
            next_round = time.monotonic() + 60
        if run_one(database, worker):
            done += 1
        elif until_empty:
            break
        else:
            time.sleep(1.0)
    return done
