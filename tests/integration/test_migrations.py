"""Migrations: up, down, up again, and equal to the models, on both databases."""

from __future__ import annotations

import pytest
from alembic import command
from sqlalchemy import create_engine, inspect, text

from app.core.cli import alembic_config


@pytest.fixture
def empty_url(backend, tmp_path):
    """A database without any table."""
    if backend.name == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.sqlite3'}"
        return
    url = backend.fresh()
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()
    yield url
    backend.drop(url)


def _tables(url: str) -> set[str]:
    engine = create_engine(url)
    try:
        return set(inspect(engine).get_table_names())
    finally:
        engine.dispose()


def test_up_down_up_and_equal_to_the_models(empty_url, app):
    config = alembic_config(empty_url)
    command.upgrade(config, "head")
    first = _tables(empty_url)
    assert "profiles" in first
    command.check(config)
    command.downgrade(config, "base")
    assert _tables(empty_url) <= {"alembic_version"}
    command.upgrade(config, "head")
    assert _tables(empty_url) == first


def test_the_tests_stand_on_what_the_migrations_make(empty_url, app, settings):
    command.upgrade(alembic_config(empty_url), "head")
    assert _tables(empty_url) == _tables(settings.sqlalchemy_url)
