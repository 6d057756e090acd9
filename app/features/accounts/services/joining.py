"""Joining: signing up and confirming the address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.core.clock import now
from app.core.errors import Conflict, Invalid
from app.core.mail import queue_mail
from app.core.messages import N_, Text
from app.features.accounts.models import Account
from app.features.accounts.policies import PRIVACY_VERSION
from app.features.accounts.queries import find_account, get_account
from app.features.accounts.services.addresses import Address, read_address
from app.features.accounts.services.password_rules import check_password
from app.features.accounts.services.passwords import Passwords
from app.features.accounts.services.tokens import CHANGE, VERIFY, find_token, issue_token, use_token, void_tokens


@dataclass(frozen=True, slots=True)
class Wish:
    """What someone who wants to join gives."""

    email: str
    password: str
    adult: bool
    privacy: bool
    locale: str = "en"
    # The page of this site they were on the way to.
    back: str = ""


# Who joins again so soon pressed the button twice: the mail is on its way.
PRESSED_TWICE = timedelta(minutes=1)


def sign_up(session: Session, passwords: Passwords, wish: Wish) -> None:
    """Open an account, or tell its owner by mail that there is one: whoever asks sees no difference.

    Raises `Invalid` with every field that is wrong.
    """
    address = check_wish(wish)
    # Hashed in either case, so that a known address answers no faster.
    password_hash = passwords.hash(wish.password)
    known = find_account(session, address.key)
    if known is None:
        account = _new_account(address, password_hash, wish.locale)
        session.add(account)
        try:
            session.flush()
        except IntegrityError:
            # Someone else opened it between the look and the write; nothing else has been written yet.
            session.rollback()
            known = find_account(session, address.key)
    # Checked in either case, for the same reason.
    again = passwords.verify(known.password_hash if known else None, wish.password)
    if known is None:
        send_verification(session, account, wish.back)
    elif not again or known.verified_at is not None:
        queue_mail(session, known.email, "account_exists", known.locale)
    elif known.created_at < now() - PRESSED_TWICE:
        # They never got the mail, or never followed it.
        send_verification(session, known, wish.back)


def check_wish(wish: Wish) -> Address:
    """The address someone wants to join with; raises `Invalid` with every field that is wrong."""
    wrong: dict[str, Text] = {}
    address = None
    try:
        address = read_address(wish.email)
    except Invalid as problem:
        wrong.update(problem.fields)
    try:
        check_password(wish.password, wish.email)
    except Invalid as problem:
        wrong.update(problem.fields)
    if not wish.adult:
        wrong["adult"] = Text(N_("This place is for adults. Please confirm that you are 18 or older."))
    if not wish.privacy:
        wrong["privacy"] = Text(N_("Please read the privacy notice and accept it."))
    if wrong or address is None:
        raise Invalid(wrong)
    return address


def _new_account(address: Address, password_hash: str, locale: str) -> Account:
    moment = now()
    return Account(
        email=address.email,
        email_key=address.key,
        password_hash=password_hash,
        locale=locale,
        adult_confirmed_at=moment,
        privacy_accepted_at=moment,
        privacy_version=PRIVACY_VERSION,
    )


def send_verification(session: Session, account: Account, back: str = "") -> None:
    """Mail the link by which the address is confirmed; nothing to do once it is. ``back``: where they go on then."""
    if account.verified_at is None:
        token = issue_token(session, account, VERIFY, **({"back": back[:200]} if back else {}))
        queue_mail(session, account.email, "account_verify", account.locale, token=token)


def confirm_address(session: Session, token: str) -> Account:
    """Take a link from a mail as proof of the address it went to: the first one, or a new one.

    Raises `LinkOver`, and `Conflict` if the new address has got an account meanwhile.
    """
    row = find_token(session, token, VERIFY, CHANGE)
    account = get_account(session, row.account_id)
    use_token(session, row)
    if row.purpose == CHANGE:
        _take_address(session, account, read_address(row.values["email"]))
    account.verified_at = now()
    void_tokens(session, account, VERIFY, CHANGE)
    session.flush()
    return account


def _take_address(session: Session, account: Account, address: Address) -> None:
    before, account.email, account.email_key = account.email, address.email, address.key
    try:
        session.flush()
    except IntegrityError:
        raise Conflict(N_("This address belongs to another account by now. Nothing was changed.")) from None
    queue_mail(session, before, "account_change_done", account.locale, new=address.email)
