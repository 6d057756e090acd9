"""Commands on communities."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from app.core.clock import now
from app.core.web.sessions import database
from app.features.communities.services.keeping import fall_asleep, warn_quiet
from app.features.communities.services.networks import ensure_networks

communities = AppGroup("communities", help="Look after communities.")


@communities.command("tend")
def tend() -> None:
    """Warn the coordinators of quiet communities, and mark those that stayed quiet; a job does so daily."""
    counts = []
    for step in (fall_asleep, warn_quiet):
        total = 0
        while True:
            with database().transaction() as session:
                done = step(session, now())
            total += done
            if not done:
                break
        counts.append(total)
    click.echo(f"{counts[0]} fell asleep, the coordinators of {counts[1]} were told that theirs is quiet")


@communities.command("networks")
def networks() -> None:
    """List the external networks that come with the software; those that are there stay as members left them."""
    with database().transaction() as session:
        new = ensure_networks(session)
    click.echo(f"{new} networks listed")


commands = [communities]
