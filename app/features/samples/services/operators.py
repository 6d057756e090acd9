"""The one sample person who runs the platform, so that a newcomer can look at its reports."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app.core.actor import OPERATOR
from app.features.accounts.models import Account, AccountRole
from app.features.accounts.policies import PRIVACY_VERSION
from app.features.accounts.services.passwords import NO_PASSWORD
from app.features.profiles.models import NATIVE, PARTS, Person, ProfileLanguage, ProfileSubject
from app.features.samples.services.profile_rows import address_of

HANDLE = "sample-operator"


def add_operator(session: Session, moment: datetime) -> int:
    """Write the sample operator, who is suggested to nobody; returns the profile's number."""
    account = Account(
        email=address_of(HANDLE),
        email_key=address_of(HANDLE),
        password_hash=NO_PASSWORD,
        verified_at=moment,
        adult_confirmed_at=moment,
        privacy_accepted_at=moment,
        privacy_version=PRIVACY_VERSION,
        sample=True,
        roles=[AccountRole(role=OPERATOR)],
    )
    session.add(account)
    session.flush()
    person = Person(
        handle=HANDLE,
        account_id=account.id,
        name="Sample Operator",
        name_lang="en",
        audiences=dict(PARTS),
        suggestible=False,
        monthly_contacts=0,
        sample=True,
        subjects=[ProfileSubject(code="0114")],
        languages=[ProfileLanguage(tag="en", level=NATIVE), ProfileLanguage(tag="fr", level=5)],
    )
    session.add(person)
    session.flush()
    return person.id
