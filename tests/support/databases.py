"""A fresh database for each test, copied from a template that is made once a run."""

from __future__ import annotations

import itertools
import os
import shutil
from pathlib import Path

from sqlalchemy import Engine, NullPool, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from app.core import jobs, limits, mail  # noqa: F401 - their tables
from app.core.database import Base, Database
from app.factory import feature_modules
from tests.support import engines
from tests.support.postgres import server_url

_counter = itertools.count()
# A table whose file is empty never held a row since it was made.
SIZES = (
    "SELECT relname, pg_relation_size(oid) FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
)

# Bytes of a table from which a new copy is quicker than to delete its rows and read past them from then on.
LARGE = 1_000_000


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
        self.free: list[Path] = []
        self.template = folder / "template.sqlite3"
        _create_all(f"sqlite:///{self.template}")
        # One file to copy: take what is in the log into it.
        engine = create_engine(f"sqlite:///{self.template}")
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        engine.dispose()

    def fresh(self, new: bool = True) -> str:
        """The address of a new, empty, migrated database."""
        path = self.free.pop() if self.free else self.folder / f"test{next(_counter)}.sqlite3"
        shutil.copyfile(self.template, path)
        engines.offer(f"sqlite:///{path}")
        return f"sqlite:///{path}"

    def drop(self, url: str) -> None:
        """Take it away again."""
        engines.retire(url, warm=False)
        path = make_url(url).database or ""
        self.free.append(Path(path))
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
        with engine.connect() as connection:
            self.tables = sorted(name for name, _size in connection.exec_driver_sql(SIZES))

    def _run(self, statement: str) -> None:
        with self.admin.connect() as connection:
            connection.execute(text(statement))

    def _url(self, name: str) -> str:
        return make_url(self.server).set(database=name).render_as_string(hide_password=False)

    def fresh(self, new: bool = False) -> str:
        """The address of an empty, migrated database: one that was emptied after another test, or a ``new`` copy."""
        if self.emptied and not new:
            return self.emptied.pop()
        name = f"cw_{self.mark}_{next(_counter)}"
        self._run(f'CREATE DATABASE "{name}" TEMPLATE "{self.template}"')
        engines.offer(self._url(name))
        return self._url(name)

    def drop(self, url: str) -> None:
        """Empty it for the next test, which is quicker than another copy; take it away if it was changed too much."""
        name = make_url(url).database
        kept = engines.retire(url, warm=True)
        ours = ", ".join(map(str, {0, *(kept.processes if kept else ())}))
        self._run(
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}' AND pid NOT IN ({ours})"
        )
        if kept is not None and self._empty(kept.engine):
            self.emptied.append(url)
        else:
            engines.forget(url)
            self._run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _empty(self, engine: Engine) -> bool:
        """Delete every row and let the numbers begin anew; not, if there are other tables than at the beginning."""
        try:
            with engine.begin() as connection:
                sizes = dict(connection.exec_driver_sql(SIZES).all())
                if sorted(sizes) != self.tables or max(sizes.values()) > LARGE:
                    return False
                emptying = self._emptying({name for name, size in sizes.items() if size})
                # Several statements at once, which the server does not prepare.
                connection.connection.driver_connection.execute(emptying, prepare=False)
        except SQLAlchemyError:
            return False
        return True

    @staticmethod
    def _emptying(used: set[str]) -> str:
        tables = ["search_fts", "search_fts_posts", *(table.name for table in reversed(Base.metadata.sorted_tables))]
        restart = "SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)"
        return (
            "".join(f"DELETE FROM {name}; " for name in tables if name in used)
            + "UPDATE alembic_version SET version_num = 'tests'; "
            + f"{restart} FROM pg_sequences WHERE last_value IS NOT NULL;"
        )

    def close(self) -> None:
        """Take the template away."""
        for url in self.emptied:
            self._run(f'DROP DATABASE IF EXISTS "{make_url(url).database}" WITH (FORCE)')
        self._run(f'DROP DATABASE IF EXISTS "{self.template}" WITH (FORCE)')
        self.admin.dispose()
