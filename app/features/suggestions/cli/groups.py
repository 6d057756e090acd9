"""Finding groups by hand: what the jobs do daily."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from app.core.cli import current_database, print_json, progress_bar
from app.features.suggestions.cli.suggestions import suggestions_group
from app.features.suggestions.services.grouping import find_introducers, find_missing


@suggestions_group.command("find-groups")
@click.option("--json", "plain", is_flag=True, help="Print JSON alone.")
@with_appcontext
def find_groups(plain: bool) -> None:
    """Find the communities that should exist, and who could introduce groups; jobs do so daily."""
    database = current_database()
    with progress_bar(100, "Comparing") as bar:
        missing = find_missing(database, lambda done, whole: bar.update(100 * done // max(whole, 1) - bar.pos))
    introducers = find_introducers(database)
    if plain:
        print_json({"communities": missing, "introducers": introducers})
    else:
        click.echo(f"{missing} communities that should exist, {introducers} times somebody could introduce two groups")
