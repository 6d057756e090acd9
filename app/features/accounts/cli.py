"""Commands of accounts: roles, and tokens for programs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask.cli import AppGroup, with_appcontext
from sqlalchemy.orm import Session

from app.core.actor import ROLES
from app.core.cli import current_database, print_json, refuse
from app.core.errors import Invalid
from app.features.accounts import queries
from app.features.accounts.models import Account
from app.features.accounts.services.addresses import fold_address
from app.features.accounts.services.renewal import create_api_token
from app.features.accounts.services.standing import grant_role, revoke_role

accounts_group = AppGroup("accounts", help="Accounts: roles, and tokens for programs.")
commands = [accounts_group]
_role = click.argument("role", type=click.Choice(ROLES))


@contextmanager
def _account(email: str) -> Iterator[tuple[Session, Account]]:
    with current_database().transaction() as session:
        account = queries.find_account(session, fold_address(email))
        if account is None:
            refuse(f"there is no account with the address {email}")
        yield session, account


@accounts_group.command("grant")
@click.argument("email")
@_role
@with_appcontext
def grant(email: str, role: str) -> None:
    """Give the account EMAIL the ROLE operator or moderator."""
    with _account(email) as (session, account):
        new = grant_role(session, account, role)
    click.echo(f"{email} is {role} now" if new else f"{email} was {role} already", err=True)


@accounts_group.command("revoke")
@click.argument("email")
@_role
@with_appcontext
def revoke(email: str, role: str) -> None:
    """Take the ROLE from the account EMAIL."""
    with _account(email) as (session, account):
        held = revoke_role(session, account, role)
    click.echo(f"{email} is no longer {role}" if held else f"{email} was not {role}", err=True)


@accounts_group.command("list-roles")
@click.option("--json", "as_json", is_flag=True, help="Print JSON alone.")
@with_appcontext
def list_roles(as_json: bool) -> None:
    """List who has which role."""
    with current_database().reading() as session:
        rows = queries.list_roles(session)
    if as_json:
        print_json({"roles": [{"role": role, "email": email} for role, email in rows]})
        return
    for role, email in rows:
        click.echo(f"{role}\t{email}")


@accounts_group.command("token")
@click.argument("email")
@click.option("--name", required=True, help="What the token is for.")
@with_appcontext
def token(email: str, name: str) -> None:
    """Print a new API token of the account EMAIL; it is shown only here."""
    with _account(email) as (session, account):
        try:
            secret = create_api_token(session, account.id, name)
        except Invalid as problem:
            refuse("; ".join(str(text) for text in problem.fields.values()))
    click.echo(secret)
