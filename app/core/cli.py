"""Commands of the ground: the database, the background jobs, backup and restore."""

from __future__ import annotations

import json
import logging
import signal
import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NoReturn, cast

import click
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext
from sqlalchemy import inspect, text
from sqlalchemy.exc import OperationalError

from app.core import backup, jobs
from app.core.database import Database
from app.core.locales import LOCALES
from app.core.settings import ROOT, Settings

if TYPE_CHECKING:
    from alembic.config import Config


def current_database() -> Database:
    """The application's database, for commands; ends the command where it can't be reached or isn't up to date."""
    database = cast(Database, current_app.extensions["database"])
    try:
        with database.engine.connect() as connection:
            ready = inspect(connection).has_table("alembic_version")
            revision = connection.scalar(text("SELECT version_num FROM alembic_version")) if ready else None
    except OperationalError as error:
        refuse(f"the database cannot be reached: {_first_line(error)}")
    if revision is None:
        refuse("the database has no tables yet; run: flask db upgrade")
    if revision < (newest := newest_revision()):
        refuse(
            f"the database is at revision {revision}, and this version needs {newest}; run: flask db upgrade "
            "(to back up before that, use the version you had)"
        )
    return database


def newest_revision() -> str:
    """The revision of the database that this version works with."""
    return max(path.name[:4] for path in (ROOT / "migrations" / "versions").glob("[0-9]*.py"))


def _first_line(error: OperationalError) -> str:
    return (str(error.orig).strip().splitlines() or ["no answer"])[0]


def current_settings() -> Settings:
    """The application's settings, for commands."""
    return cast(Settings, current_app.extensions["settings"])


def refuse(message: str) -> NoReturn:
    """End a command with 1: the data say no. One clear line on standard error."""
    click.echo(message, err=True)
    sys.exit(1)


def print_json(value: Any) -> None:
    """Print ``value`` as the only thing on standard output."""
    click.echo(json.dumps(value, ensure_ascii=False, separators=(",", ":")))


def alembic_config(url: str) -> Config:
    """Where the migrations are and which database they go to."""
    # Only these commands need it, and loading it would make every start of the server slower.
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    config.attributes["url"] = url
    return config


db_group = AppGroup("db", help="The database and its migrations.")


@db_group.command("upgrade")
@click.argument("revision", default="head")
@with_appcontext
def upgrade(revision: str) -> None:
    """Bring the database to a revision, the newest unless one is named."""
    migrate("upgrade", revision)


@db_group.command("downgrade")
@click.argument("revision")
@with_appcontext
def downgrade(revision: str) -> None:
    """Take the database back to a revision."""
    migrate("downgrade", revision)


@db_group.command("current")
@with_appcontext
def current() -> None:
    """Show which revision the database is at."""
    migrate("current")


@db_group.command("check")
@with_appcontext
def check() -> None:
    """Say whether the models and the migrations agree."""
    migrate("check")


@db_group.command("revision")
@click.option("-m", "--message", required=True)
@with_appcontext
def revision(message: str) -> None:
    """Write a migration from what changed in the models."""
    number = len(list((ROOT / "migrations" / "versions").glob("[0-9]*.py"))) + 1
    migrate("revision", message, autogenerate=True, rev_id=f"{number:04d}")


def migrate(step: str, *arguments: str, **options: Any) -> None:
    """Take a step of alembic's on the application's database; ends the command where that can't be."""
    # It tells of each of its own parts at every start, which says nothing to anybody here.
    logging.getLogger("alembic.runtime.plugins").setLevel(logging.WARNING)
    from alembic import command
    from alembic.util import CommandError

    try:
        getattr(command, step)(alembic_config(current_settings().sqlalchemy_url), *arguments, **options)
    except CommandError as error:
        refuse(str(error))
    except OperationalError as error:
        refuse(f"the database cannot be reached: {_first_line(error)}")


jobs_group = AppGroup("jobs", help="The background jobs.")


@jobs_group.command("work")
@click.option("--until-empty", is_flag=True, help="Stop when no job is due.")
@with_appcontext
def work(until_empty: bool) -> None:
    """Do the background jobs, until stopped by SIGTERM or Ctrl-C."""
    stopped: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _frame: stopped.append(number))
    signal.signal(signal.SIGINT, lambda number, _frame: stopped.append(number))
    done = jobs.work(current_database(), until_empty=until_empty, stop=lambda: bool(stopped))
    click.echo(f"{done} jobs done", err=True)


@click.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@with_appcontext
def backup_command(file: Path) -> None:
    """Write everything in the database to FILE, while it serves."""
    try:
        rows = backup.write_backup(current_database(), file)
    except (OSError, backup.BackupError) as error:
        refuse(f"the backup could not be written: {error}")
    click.echo(f"{rows} rows in {file}", err=True)


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@with_appcontext
def restore_command(file: Path) -> None:
    """Replace everything in the database by what FILE holds, in one transaction."""
    try:
        rows = backup.restore_backup(current_database(), file)
    except (OSError, backup.BackupError) as error:
        refuse(f"nothing was restored: {error}")
    current_database().refresh_statistics()
    click.echo(f"{rows} rows from {file}", err=True)


translations_group = AppGroup("translations", help="The catalogues of the interface's languages.")


@translations_group.command("update")
def update_translations() -> None:
    """Take new texts into the catalogues."""
    from app.core import catalogues

    catalogues.update()
    for locale in LOCALES[1:]:
        texts, missing = catalogues.missing(locale)
        click.echo(f"{catalogues.display_name(locale)}: {texts} texts, {missing} to translate", err=True)


@translations_group.command("check")
def check_translations() -> None:
    """Fail when a catalogue has drifted or an offered language is incomplete."""
    from app.core import catalogues

    found = catalogues.faults()
    for line in found:
        click.echo(line, err=True)
    if found:
        sys.exit(1)


def _show_in_one_line(error: click.UsageError, file: IO[str] | None = None) -> None:
    """A wrong call in one line, with where to read more; click's own takes four."""
    path = error.ctx.command_path if error.ctx else "flask"
    message = " ".join(error.format_message().split())
    click.echo(f"{message} See: {path} --help", file=file or sys.stderr)


def progress_bar(total: int, label: str) -> Any:
    """A bar on standard error for somebody who watches; nothing where the output goes to a file or a program."""
    return click.progressbar(length=total, label=label, file=sys.stderr, hidden=not sys.stderr.isatty())


def register_commands(app: Flask) -> None:
    """Add the ground's commands, and say of any command's wrong call in one line what is wrong."""
    click.UsageError.show = _show_in_one_line  # type: ignore[assignment, method-assign]
    for item in (db_group, jobs_group, translations_group, backup_command, restore_command):
        app.cli.add_command(item)
