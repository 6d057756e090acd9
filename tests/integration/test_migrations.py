"""Migrations: up, down, up again, and equal to the models, on both databases."""

from __future__ import annotations

import pytest
from alembic import command
from alembic.migration import MigrationContext
from alembic.operations import Operations
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


def test_networks_of_a_database_that_had_no_keys_get_them(empty_url, app):
    """Of two that were listed with the same address, which could happen before, both stay."""
    config = alembic_config(empty_url)
    command.upgrade(config, "0003")
    engine = create_engine(empty_url)
    with (
        engine.begin() as connection,
        Operations.context(MigrationContext.configure(connection)) as operations,
        operations.batch_alter_table("external_networks") as table,
    ):
        table.drop_constraint("uq_external_networks_url_key", type_="unique")
        table.drop_column("url_key")
    listed = ("https://www.example.org/", "http://example.org", "https://example.net/oer/")
    row = (
        "INSERT INTO external_networks (slug, name, url, summary, lang, reach, who_can_join, created_at, checked_at,"
        " version) VALUES (:slug, 'Sample', :url, 'Sample', 'en', 'global', 'everyone', :now, :now, 1)"
    )
    with engine.begin() as connection:
        for number, url in enumerate(listed):
            connection.execute(text(row), {"slug": f"n{number}", "url": url, "now": "2026-01-01 00:00:00"})
    command.upgrade(config, "head")
    with engine.begin() as connection:
        found = connection.execute(text("SELECT url_key FROM external_networks ORDER BY id")).scalars().all()
    assert found == ["example.org", None, "example.net/oer"]
    command.downgrade(config, "0002")
    with engine.begin() as connection:
        assert connection.execute(text("SELECT count(*) FROM external_networks")).scalar() == 3
    engine.dispose()
