"""Commands about the directory."""

from __future__ import annotations

import click
from flask.cli import AppGroup, with_appcontext
from sqlalchemy import func, select

from app.core.cli import current_database, progress_bar
from app.features.profiles.models import Profile
from app.features.profiles.services.search_rows import reindex_all

directory_group = AppGroup("directory", help="The directory and its search.")


@directory_group.command("reindex")
@with_appcontext
def reindex() -> None:
    """Write anew what every profile is found by, in one transaction."""
    with current_database().transaction() as session:
        total = session.scalar(select(func.count()).select_from(Profile)) or 0
        with progress_bar(total, "Indexing") as bar:
            done = reindex_all(session, bar.update)
    click.echo(f"{done} profiles indexed", err=True)
