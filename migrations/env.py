"""Runs the migrations on the database of the application's settings."""

from __future__ import annotations

from alembic import context
from sqlalchemy import create_engine
from sqlalchemy.schema import SchemaItem

from app.core import jobs, limits, mail  # noqa: F401 - their tables
from app.core.database import Base
from app.core.settings import load_settings
from app.factory import feature_modules

feature_modules("models")


def include_object(item: SchemaItem, name: str | None, kind: str, reflected: bool, _compare_to: object) -> bool:
    """Leave out what SQLite's full-text search keeps for itself."""
    return not (kind == "table" and reflected and name is not None and name.startswith("search_fts"))


def run() -> None:
    url = context.config.attributes.get("url") or load_settings().sqlalchemy_url
    engine = create_engine(url)
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=connection.dialect.name == "sqlite",
            compare_type=True,
            include_object=include_object,
            user_module_prefix="app.core.database.",
        )
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()


run()
