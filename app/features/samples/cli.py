"""Commands of the sample world."""

from __future__ import annotations

import click
from flask.cli import AppGroup, with_appcontext

from app.core.cli import current_database, current_settings, migrate, print_json, progress_bar, refuse
from app.core.errors import Problem
from app.features.samples import queries

MOST_PEOPLE = 100_000
PEOPLE, SEED = 2000, 1

sample = AppGroup("sample", help="The sample world: made-up people and real institutions to try everything with.")


@sample.command("load")
@click.option(
    "--people", type=click.IntRange(1, MOST_PEOPLE), default=PEOPLE, show_default=True, help="How many people."
)
@click.option("--seed", type=int, default=SEED, show_default=True, help="The same number gives the same world.")
@with_appcontext
def load(people: int, seed: int) -> None:
    """Load the sample world, once; never in production."""
    if not current_settings().embedded:
        refuse("the sample world is for the embedded mode; it is not loaded in production")
    with current_database().reading() as session:
        there = queries.count_people(session)
    if there:
        click.echo(f"the sample world is loaded already, with {there} people; nothing was changed", err=True)
        return
    _load(people, seed)


def _load(people: int, seed: int) -> None:
    # Only here, because every server would load it at its start and never need it.
    from app.features.samples.services.loading import load_world
    from app.features.samples.world import generate

    world = generate(people=people, seed=seed)
    steps = 2 * (len(world.people) + len(world.institutions)) + 1
    try:
        with (
            progress_bar(steps, "Loading the sample world") as bar,
            current_database().transaction() as session,
        ):
            loaded = load_world(session, world, bar.update)
    except Problem as problem:
        refuse(str(problem))
    current_database().refresh_statistics()
    click.echo(f"{loaded} sample profiles loaded", err=True)


@sample.command("ensure")
@click.option("--migrate", "first_migrate", is_flag=True, help="First bring the database to the newest revision.")
@with_appcontext
def ensure(first_migrate: bool) -> None:
    """Load the sample world into an empty embedded database; say where it serves and how to sign in."""
    settings = current_settings()
    if first_migrate:
        migrate("upgrade", "head")
    if settings.embedded:
        with current_database().reading() as session:
            empty = not queries.has_profiles(session)
        if empty:
            _load(PEOPLE, SEED)
    click.echo(f"Commonweave serves at {settings.base_url}")
    if settings.embedded:
        click.echo(f"Sign in as one of the sample people at {settings.base_url}/sample/sign-in")
        click.echo(f"Mails it would send can be read at {settings.base_url}/sample/outbox")
        click.echo("Stop it with Ctrl-C; what was entered is kept.")


@sample.command("people")
@click.option("--json", "as_json", is_flag=True, help="Print JSON alone.")
@with_appcontext
def people(as_json: bool) -> None:
    """List the sample people: their handles and facets."""
    with current_database().reading() as session:
        listed = queries.list_people(session)
    if as_json:
        print_json({"people": listed})
        return
    for person in listed:
        languages = " ".join(f"{language['tag']}:{language['cefr']}" for language in person["languages"])
        codes = ",".join(person["subjects"])
        click.echo(f"{person['handle']}  {person['country'] or '--'}  {languages}  {codes}")


commands = [sample]
