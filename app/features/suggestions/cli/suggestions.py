"""Suggestions on the command line: the same ranked list as on the page and in the API."""

from __future__ import annotations

from typing import Any, cast

import click
from flask.cli import AppGroup, with_appcontext
from flask_babel import force_locale
from sqlalchemy.orm import Session

from app.core.actor import Actor
from app.core.cli import current_database, print_json, progress_bar, refuse
from app.core.errors import Problem
from app.core.locales import BY_CODE, OFFERED
from app.core.web.i18n import translate, use_locale
from app.features.accounts.models import Account
from app.features.accounts.queries import build_actor
from app.features.profiles.models import Person, Profile
from app.features.profiles.queries.profiles import find_profile
from app.features.suggestions.queries.marks import find_first_delegate
from app.features.suggestions.schemas import as_json, groups_as_json
from app.features.suggestions.services.groups import COMMUNITIES, suggest_groups
from app.features.suggestions.services.histories import history_of
from app.features.suggestions.services.keeping import keeper_of
from app.features.suggestions.services.suggesting import MOST, suggest
from app.matching.query import KINDS, Kind

suggestions_group = AppGroup("suggestions", help="Who suits whom, and why.")


@suggestions_group.command("for")
@click.argument("handle")
@click.option("--kind", type=click.Choice((*KINDS, COMMUNITIES)), default="peers", show_default=True)
@click.option("--with", "target", metavar="HANDLE", help="For bridges: the one to be reached.")
@click.option("--limit", type=click.IntRange(1, MOST), default=20, show_default=True)
@click.option("--json", "plain", is_flag=True, help="Print JSON alone.")
@with_appcontext
def suggestions_for(handle: str, kind: str, target: str | None, limit: int, plain: bool) -> None:
    """Whom the person or institution HANDLE could meet, with reasons."""
    if target is not None and kind != "bridges":
        raise click.UsageError("--with goes with --kind bridges only")
    with current_database().reading() as session:
        profile = _get(session, handle)
        aim = _get(session, target) if target is not None else None
        actor = _actor_for(session, profile)
        locale = BY_CODE.get(actor.locale, OFFERED[0])
        use_locale(locale.code)
        with force_locale(locale.babel):
            try:
                found = _found(session, actor, profile, kind, limit, aim)
            except Problem as problem:
                refuse(translate(problem.text))
    if plain:
        print_json(found)
    else:
        _print_table(found["suggestions"])
        _print_gaps(found["gaps"])


def _found(
    session: Session, actor: Actor, profile: Profile, kind: str, limit: int, aim: Profile | None
) -> dict[str, Any]:
    if kind == COMMUNITIES:
        return groups_as_json(suggest_groups(session, actor, profile, limit))
    return as_json(suggest(session, actor, profile, cast("Kind", kind), limit, aim))


@suggestions_group.command("rebuild")
@with_appcontext
def rebuild() -> None:
    """Make a new generation of the match index from the rows."""
    try:
        number = keeper_of(current_database()).rebuild()
    except Problem as problem:
        refuse(translate(problem.text))
    click.echo(f"{number} profiles in the match index", err=True)


@suggestions_group.command("refit-history")
@with_appcontext
def refit_history() -> None:
    """Learn anew from the partnerships that were imported; a job does so by itself."""
    with progress_bar(100, "Ranking") as bar:
        fitted = history_of(current_database()).refit(
            step=lambda done, whole: bar.update(100 * done // whole - bar.pos)
        )
    if fitted.until is None:
        click.echo("no partnerships are known; import some with: flask institutions import-partnerships", err=True)
        return
    click.echo(
        f"{fitted.participations} participations of {fitted.organisations} organisations up to {fitted.until}, "
        f"lists for {fitted.institutions} institutions",
        err=True,
    )


def _get(session: Session, handle: str) -> Profile:
    profile = find_profile(session, handle)
    if profile is None:
        refuse(f"there is no profile {handle}")
    return profile


def _actor_for(session: Session, profile: Profile) -> Actor:
    """Whoever would see the page: the person, or the first who acts for the institution."""
    person = profile if isinstance(profile, Person) else find_first_delegate(session, profile.id)
    account = session.get(Account, person.account_id) if person is not None else None
    if account is None:
        refuse(f"nobody acts for {profile.handle}")
    return build_actor(session, account)


def _print_table(items: list[dict[str, object]]) -> None:
    if not items:
        click.echo("nobody fits yet")
    for place, item in enumerate(items, 1):
        click.echo(f"{place:3}. {item['name']} ({item['id']}, {item['kind']})  {item['score']}")
        for reason in item["reasons"]:  # type: ignore[attr-defined]
            click.echo(f"     {reason['contribution']:+5}  {reason['evidence']}")
        for gap in item["gaps"]:  # type: ignore[attr-defined]
            click.echo(f"            {gap['text']}")


def _print_gaps(gaps: list[dict[str, object]]) -> None:
    """What would bring more, and whom."""
    for gap in gaps:
        names = ", ".join(one["name"] for one in gap.get("who", ()))  # type: ignore[attr-defined]
        click.echo(f"  + {gap['text']}{f' ({names}, …)' if names else ''}")
