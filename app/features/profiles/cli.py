"""Commands about institutions."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click
from flask.cli import AppGroup, with_appcontext

from app.core.actor import OPERATOR, Actor
from app.core.cli import current_database, print_json, progress_bar, refuse
from app.core.errors import Invalid
from app.features.profiles.directory_cli import directory_group
from app.features.profiles.queries.profiles import find_institution
from app.features.profiles.services.import_runs import ImportRefused, Outcome, Refusals, Unreadable
from app.features.profiles.services.merging import merge_institutions
from app.features.profiles.services.partnerships import import_history
from app.features.profiles.services.ror import import_dump
from app.features.profiles.services.ror.reading import size_of

institutions = AppGroup("institutions", help="Institutions: import, merge.")
SHOWN = 20
Done = TypeVar("Done", bound=Outcome)


@institutions.command("import-ror")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON alone.")
@click.option("--report", type=click.Path(dir_okay=False, path_type=Path), help="Write every refusal to this file.")
@with_appcontext
def import_ror(file: Path, as_json: bool, report: Path | None) -> None:
    """Take in ROR's published dump (schema v2, .json or .zip); run again to go on or to update."""
    try:
        total = size_of(file)
    except (Unreadable, OSError) as error:
        refuse(f"{file.name}: {error}")
    outcome = _taken_in(total, lambda tell: import_dump(current_database(), file, tell))
    _say_how_far(outcome, "record")
    _report_refusals("record", outcome.refusals, report)
    _print_counts(outcome, as_json)


@institutions.command("import-partnerships")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path))
@click.option(
    "--ids",
    type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path),
    help="A table (.csv) with the columns organisation_id and ror or handle: which organisation is which institution.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON alone.")
@click.option("--report", type=click.Path(dir_okay=False, path_type=Path), help="Write every refusal to this file.")
@with_appcontext
def import_partnerships(file: Path, ids: Path | None, as_json: bool, report: Path | None) -> None:
    """Take in who took part in which project (.csv or .csv.gz); run again to go on, to update or to match more."""
    outcome = _taken_in(file.stat().st_size, lambda tell: import_history(current_database(), file, ids, tell))
    _say_how_far(outcome, "participation")
    _report_refusals("line of the ids", outcome.of_table, None)
    _report_refusals("line", outcome.refusals, report)
    _print_counts(outcome, as_json)


@institutions.command("merge")
@click.argument("keep")
@click.argument("duplicate")
@with_appcontext
def merge(keep: str, duplicate: str) -> None:
    """Put the institution DUPLICATE into KEEP (handles): people, names and connections move, the ROR id is kept."""
    operator = Actor(roles=frozenset({OPERATOR}))
    with current_database().sessions() as session:
        found = [find_institution(session, handle) for handle in (keep, duplicate)]
        for handle, institution in zip((keep, duplicate), found, strict=True):
            if institution is None:
                refuse(f"there is no institution {handle}")
        kept, merged = (one for one in found if one is not None)
        try:
            merge_institutions(session, operator, kept, merged)
        except Invalid as problem:
            refuse("; ".join(str(text) for text in problem.fields.values()))
        session.commit()
    click.echo(f"{duplicate} is now part of {keep}")


def _taken_in(total: int, run: Callable[[Callable[[int], None]], Done]) -> Done:
    """Run an import of ``total`` bytes beside a progress bar."""
    with progress_bar(total, "Taking in") as bar:
        try:
            outcome = run(bar.update)
        except ImportRefused as error:
            bar.finish()
            click.echo(err=True)
            refuse(str(error))
    current_database().refresh_statistics()
    return outcome


def _say_how_far(outcome: Outcome, what: str) -> None:
    if outcome.resumed_at:
        click.echo(f"went on after {what} {outcome.resumed_at}", err=True)
    if not any(outcome.counts[name] for name in ("created", "updated", "withdrawn")):
        click.echo("nothing changed", err=True)


def _print_counts(outcome: Outcome, as_json: bool) -> None:
    if as_json:
        print_json(outcome.as_dict())
    else:
        click.echo(", ".join(f"{count} {name}" for name, count in outcome.as_dict().items()))


def _report_refusals(what: str, refusals: Refusals, report: Path | None) -> None:
    """Say what was refused and why: all of it in the file ``report``, the first of it here."""
    lines = [f"{what} {position} {identifier}: {reason}" for position, identifier, reason in refusals]
    if report is not None:
        report.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    for line in lines[:SHOWN]:
        click.echo(f"refused {line}", err=True)
    if len(lines) > SHOWN:
        click.echo(f"and {len(lines) - SHOWN} more; name a file with --report to read them all", err=True)


commands = [directory_group, institutions]
