"""Commands about threads."""

from __future__ import annotations

import click
from flask.cli import AppGroup, with_appcontext
from sqlalchemy import func, select

from app.core.cli import current_database, progress_bar
from app.features.threads.models import Post
from app.features.threads.services.search_rows import reindex_posts

threads_group = AppGroup("threads", help="Threads of communities and their search.")


@threads_group.command("reindex")
@with_appcontext
def reindex() -> None:
    """Write anew what every post is found by, in one transaction."""
    with current_database().transaction() as session:
        total = session.scalar(select(func.count()).select_from(Post)) or 0
        with progress_bar(total, "Indexing") as bar:
            done = reindex_posts(session, bar.update)
    click.echo(f"{done} posts indexed", err=True)


commands = [threads_group]
