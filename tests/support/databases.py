"""A fresh database for each test, copied from a template that is made once a run."""

from __future__ import annotations

import itertools
import os
import shutil
from pathlib import Path

from sqlalchemy import NullPool, create_engine, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from app.core import jobs, limits, mail  # noqa: F401 - their tables
from app.core.database import Base, Database
from app.factory import feature_modules
from tests.support.postgres import server_url

_counter = itertools.count()


def _create_all(url: str) -> None:
    feature_modules("models")
    database = Database(url)
    Base.metadata.create_all(database.engine)
    with database.engine.begin() as connection:
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
        connection.execute(text("INSERT INTO alembic_version VALUES ('tests')"))
    database.dispose()


class Sqlite:
    """SQLite files copied from a template file."""

    name = "sqlite"

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.template = folder / "template.sqlite3"
        _create_all(f"sqlite:///{self.template}")
        # One file to copy: take what is in the log into it.
        engine = create_engine(f"sqlite:///{self.template}")
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        engine.dispose()

    def fresh(self) -> str:
        """The address of a new, empty, migrated database."""
        path = self.folder / f"test{next(_counter)}.sqlite3"
        shutil.copyfile(self.template, path)
        return f"sqlite:///{path}"

    def drop(self, url: str) -> None:
        """Take it away again."""
        path = make_url(url).database or ""
        for suffix in ("", "-wal", "-shm"):
            Path(path + suffix).unlink(missing_ok=True)


class Postgres:
    """PostgreSQL databases copied from a template database."""

    name = "postgres"

    def __init__(self) -> None:
        self.server = server_url()
        self.mark = f"{os.getpid()}"
        self.admin = create_engine(self.server, isolation_level="AUTOCOMMIT")
        self.template = f"cw_template_{self.mark}"
        self._run(f'CREATE DATABASE "{self.template}"')
        _create_all(self._url(self.template))
        self.emptied: list[str] = []
        engine = create_engine(self._url(self.template), poolclass=NullPool)
        self.tables = inspect(engine).get_table_names()
        engine.dispose()

    def _run(self, statement: str) -> None:
        with self.admin.connect() as connection:
            connection.execute(text(statement))

    def _url(self, name: str) -> str:
        return make_url(self.server).set(database=name).render_as_string(hide_password=False)

    def fresh(self) -> str:
        """The address of an empty, migrated database: one that was emptied after another test, or a new copy."""
        if self.emptied:
            return self.emptied.pop()
        name = f"cw_{self.mark}_{next(_counter)}"
        self._run(f'CREATE DATABASE "{name}" TEMPLATE "{self.template}"')
        return self._url(name)

    def drop(self, url: str) -> None:
        """Empty it for the next test, which is quicker than another copy; take it away if it was changed too much."""
        name = make_url(url).database
        self._run(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
        engine = create_engine(url, poolclass=NullPool)
        try:
            with engine.begin() as connection:
                connection.execute(text(self._emptying()))
                untouched = inspect(connection).get_table_names() == self.tables
        except SQLAlchemyError:
            untouched = False
        if untouched:
            self.emptied.append(url)
        else:
            self._run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    @staticmethod
    def _emptying() -> str:
        tables = ["search_fts", "search_fts_posts", *(table.name for table in reversed(Base.metadata.sorted_tables))]
        restart = "SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)"
        return (
            "".join(f"DELETE FROM {name}; " for name in tables)
            + "UPDATE alembic_version SET version_num = 'tests'; "
            + f"{restart} FROM pg_sequences;"
        )

    def close(self) -> None:
        """Take the template away."""
        for url in self.emptied:
            self._run(f'DROP DATABASE IF EXISTS "{make_url(url).database}" WITH (FORCE)')
        self._run(f'DROP DATABASE IF EXISTS "{self.template}" WITH (FORCE)')
        self.admin.dispose()
