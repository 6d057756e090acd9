"""Figures about the whole on the command line."""

from __future__ import annotations

import click
from flask.cli import AppGroup, with_appcontext

from app.core.cli import current_database, print_json
from app.features.insights.queries.exposure import find_exposure
from app.features.insights.schemas import exposure_as_json
from app.features.insights.wording import NAMES
from app.features.suggestions.services.exposing import measure_exposure
from app.features.vocabularies.queries import label

insights_group = AppGroup("insights", help="Figures about the network as a whole.")
commands = [insights_group]


@insights_group.command("exposure")
@click.option("--measure", is_flag=True, help="Sum up the lists anew first; a job does so once a day.")
@click.option("--json", "plain", is_flag=True, help="Print JSON alone.")
@with_appcontext
def exposure(measure: bool, plain: bool) -> None:
    """Whom suggestions bring to attention, by region, language and group of countries, as it is published."""
    if measure:
        measure_exposure(current_database())
    with current_database().reading() as session:
        found = find_exposure(session)
    if plain:
        print_json(exposure_as_json(found))
    elif found is None:
        click.echo("too few lists were shown yet, or too few people asked")
    else:
        regions, languages = (*found.regions, *found.groups), found.languages
        for scheme, shares in (("region", regions), ("language", languages)):
            for one in shares:
                name = NAMES.get(one.key) or label(scheme, one.key, "en")
                click.echo(f"{name:34} {one.given:6.0%} of the attention, {one.due:6.0%} of those who fit")
        click.echo(f"{found.given_up:.1%} of the relevance given up, at most {found.most_given_up:.1%} in a list")
