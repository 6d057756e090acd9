"""Learning the weights of suggestions from what came of them, on the command line."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click
from flask.cli import with_appcontext

from app.core.cli import current_database, print_json
from app.features.suggestions.cli.matching import matching_group

if TYPE_CHECKING:
    from app.features.suggestions.services.refitting import Refitted


@matching_group.command("refit")
@click.option("--dry-run", is_flag=True, help="Show what would be learnt; record and switch on nothing.")
@click.option("--json", "plain", is_flag=True, help="Print JSON alone.")
@with_appcontext
def refit_weights(dry_run: bool, plain: bool) -> None:
    """Learn what each criterion is worth from what came of the lists of the last 90 days.

    That is introductions, dismissals, communities, translations and projects; for lists of institutions that were shown
    to institutions, of the last two years.

    The new weights of a kind are used when they are proven better on the last period, and nothing is pinned.
    """
    # scikit-learn and the arrays are loaded by who learns, not by every command.
    from app.features.suggestions.services.refitting import refit

    found = refit(current_database(), dry_run, lambda done, whole: click.echo(f"{done}/{whole} kinds", err=True))
    if plain:
        print_json({"dry_run": dry_run, "kinds": [_as_json(one) for one in found]})
        return
    for one in found:
        trial = one.trial
        click.echo(f"{one.kind}: {one.state} ({trial.outcomes} outcomes, {trial.held_out} held out)")
        if trial.worth is not None:
            click.echo(f"  NDCG {trial.old:.3f} → {trial.new:.3f}, difference at least {trial.lower:+.4f}")
            click.echo("  " + ", ".join(f"{name} {number}" for name, number in asdict(trial.worth).items()))


def _as_json(one: Refitted) -> dict[str, Any]:
    from app.features.suggestions.services.refitting import figures_of

    trial = one.trial
    return {
        "kind": one.kind,
        "state": one.state,
        "model": one.model_id,
        "from": one.since.isoformat(),
        "to": one.until.isoformat(),
        "answers": dict(sorted(one.answers.items())),
        "outcomes": trial.outcomes,
        "held_out": trial.held_out,
        "queries": trial.queries,
        "better": trial.better,
        "figures": figures_of(trial),
        "weights": asdict(trial.worth) if trial.worth is not None else None,
    }
