"""New passwords, new addresses, and tokens for programs."""

from __future__ import annotations

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.core.actor import Actor
from app.core.clock import now
from app.core.errors import Invalid, NotFound
from app.core.mail import queue_mail
from app.core.messages import N_, Text
from app.core.tokens import hash_token, new_token
from app.features.accounts.models import Account, ApiToken
from app.features.accounts.policies import MOST_TOKENS
from app.features.accounts.queries import HIGHEST_ID, find_account, get_account
from app.features.accounts.services.addresses import read_address
from app.features.accounts.services.password_rules import check_password
from app.features.accounts.services.passwords import Passwords
from app.features.accounts.services.tokens import CHANGE, RESET, VERIFY, find_token, issue_token, use_token, void_tokens


def ask_reset(session: Session, email: str, locale: str) -> None:
    """Mail a link to choose a new password, or say by mail that there is no account: the page shows no difference."""
    address = read_address(email)
    account = find_account(session, address.key)
    if account is None:
        queue_mail(session, address.email, "account_unknown", locale)
        return
    token = issue_token(session, account, RESET)
    queue_mail(session, account.email, "account_reset", account.locale, token=token)


def reset_password(session: Session, passwords: Passwords, token: str, password: str) -> Account:
    """Set the password by the link from the mail: it proves the address, and everything let in before is let out.

    Raises `LinkOver`, and `Invalid` while the link stays good for another try.
    """
    row = find_token(session, token, RESET)
    account = get_account(session, row.account_id)
    check_password(password, account.email)
    use_token(session, row)
    account.verified_at = account.verified_at or now()
    void_tokens(session, account, VERIFY)
    # Who holds the mailbox may not be who made these; they can be made again.
    session.execute(delete(ApiToken).where(ApiToken.account_id == account.id))
    _set_password(session, passwords, account, password)
    return account


def _set_password(session: Session, passwords: Passwords, account: Account, password: str) -> None:
    account.password_hash = passwords.hash(password)
    account.session_epoch += 1
    void_tokens(session, account, RESET, CHANGE)
    session.flush()
    queue_mail(session, account.email, "account_password_changed", account.locale)


def confirm_password(session: Session, passwords: Passwords, actor: Actor, password: str) -> Account:
    """The actor's account, if ``password`` is theirs; raises `Invalid` for the field ``current``."""
    account = get_account(session, actor.account_id)
    if not passwords.verify(account.password_hash, password):
        raise Invalid({"current": Text(N_("This is not your password."))})
    return account


def change_password(session: Session, passwords: Passwords, actor: Actor, current: str, password: str) -> Account:
    """A new password for someone who knows the old one; ends every session begun before."""
    account = confirm_password(session, passwords, actor, current)
    check_password(password, account.email)
    if passwords.verify(account.password_hash, password):
        raise Invalid({"password": Text(N_("This is the password you have now. Please choose another one."))})
    _set_password(session, passwords, account, password)
    return account


def ask_change_of_address(session: Session, passwords: Passwords, actor: Actor, current: str, email: str) -> None:
    """Mail a link to the new address and a notice to the old one; nothing changes before the link is followed.

    An address that has an account already gets a mail that says so, and whoever asks sees no difference.
    """
    account = confirm_password(session, passwords, actor, current)
    address = read_address(email)
    if address.key == account.email_key:
        raise Invalid({"email": Text(N_("This is the address you have now."))})
    void_tokens(session, account, CHANGE)
    other = find_account(session, address.key)
    if other is not None:
        queue_mail(session, other.email, "account_exists", other.locale)
    else:
        token = issue_token(session, account, CHANGE, email=address.email)
        queue_mail(session, address.email, "account_change", account.locale, token=token)
    queue_mail(session, account.email, "account_change_asked", account.locale, new=address.email)


def create_api_token(session: Session, account_id: int, name: str) -> str:
    """A token by which a program acts for this person; returned here and never again."""
    name = name.strip()
    if not name or len(name) > 80:
        raise Invalid({"name": Text(N_("Please give it a name of at most 80 characters."))})
    mine = ApiToken.account_id == account_id
    if (session.scalar(select(func.count()).select_from(ApiToken).where(mine)) or 0) >= MOST_TOKENS:
        raise Invalid({"name": Text(N_("You have %(count)s tokens. Please revoke one first."), {"count": MOST_TOKENS})})
    if session.scalar(select(ApiToken.id).where(mine, ApiToken.name == name)) is not None:
        raise Invalid({"name": Text(N_("You have a token of this name already."))})
    token = new_token()
    session.add(ApiToken(account_id=account_id, name=name, token_hash=hash_token(token)))
    session.flush()
    return token


def revoke_api_token(session: Session, actor: Actor, token_id: int) -> str:
    """Make one of the actor's tokens worthless; gives its name."""
    mine = select(ApiToken).where(ApiToken.id == token_id, ApiToken.account_id == actor.account_id)
    row = session.scalar(mine) if token_id <= HIGHEST_ID else None
    if row is None:
        raise NotFound
    session.delete(row)
    session.flush()
    return row.name
