"""The floor: as little as a Flask application can do to list 20 rows of the same database with SQLAlchemy."""

from __future__ import annotations

import os

from flask import Flask, render_template_string
from sqlalchemy import BigInteger, DateTime, MetaData, String, create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Threads</title></head><body>
<h1>Threads</h1><ul>{% for thread in threads %}<li><a href="/threads/{{ thread.id }}">{{ thread.title }}</a>
<span lang="{{ thread.lang }}">{{ thread.lang }}</span>
{{ thread.last_post_at }} {{ thread.post_count }}</li>{% endfor %}
</ul></body></html>"""


class Base(DeclarativeBase):
    """Tables of the floor's own view of the database."""

    metadata = MetaData()


class Thread(Base):
    """The columns that a list shows."""

    __tablename__ = "community_threads"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    community_id: Mapped[int] = mapped_column(BigInteger)
    title: Mapped[str] = mapped_column(String)
    lang: Mapped[str] = mapped_column(String)
    post_count: Mapped[int]
    last_post_at: Mapped[str] = mapped_column(DateTime(timezone=True))


def create_floor() -> Flask:
    """The application; the database stands in ``DATABASE_URL``, the community in ``FLOOR_COMMUNITY``."""
    app = Flask("floor")
    engine = create_engine(os.environ["DATABASE_URL"])
    community = int(os.environ["FLOOR_COMMUNITY"])

    @app.get("/")
    def threads() -> str:
        with Session(engine) as session:
            query = select(Thread).where(Thread.community_id == community)
            rows = session.scalars(query.order_by(Thread.last_post_at.desc(), Thread.id.desc()).limit(20)).all()
            return render_template_string(PAGE, threads=rows)

    return app
