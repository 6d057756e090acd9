"""From the records of a sample world to the rows of accounts and profiles, without a database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any
from zlib import crc32

from app.core.locales import negotiate
from app.features.accounts.policies import PRIVACY_VERSION
from app.features.accounts.services.passwords import NO_PASSWORD
from app.features.profiles.models import AUDIENCES, INSTITUTION, NEED, OFFER, PARTS, PERSON
from app.features.profiles.services.handles import latin_handle
from app.features.samples.world import NATIVE, SampleActivity, SampleInstitution, SamplePerson

Row = dict[str, Any]
# How long before they were last confirmed the profiles were made.
AGE = timedelta(days=40)
VERIFIED_BY = {"domain": "mail", "vouched": "vouch"}
# From which hour to which people work, and which days are free where these are not Saturday and Sunday.
WORKDAYS = ((8, 16), (7, 15), (9, 17), (8, 13), (10, 18))
FREE_DAYS = {
    **dict.fromkeys(("BD", "BH", "DZ", "EG", "IQ", "JO", "KW", "LY", "OM", "PS", "QA", "SA", "SD", "SY", "YE"), (4, 5)),
    "IR": (3, 4), "AF": (3, 4), "NP": (5,),
}  # fmt: skip
# Parts that a person who keeps everything to few still shows, so that others find them by their subject.
OPEN_PARTS = frozenset({"teaching", "languages", "exchange"})


def address_of(handle: str) -> str:
    """The mail address of the sample person of that handle, at a domain that can't exist."""
    return f"{handle}@sample.example"


def account_row(person: SamplePerson, handle: str, moment: datetime) -> Row:
    """The account of a sample person; nobody can sign in to it by a password."""
    since = moment - timedelta(days=person.confirmed_days_ago) - AGE
    best = sorted(person.languages, key=lambda language: -language.cefr)
    return {
        "email": address_of(handle),
        "email_key": address_of(handle),
        "password_hash": NO_PASSWORD,
        "locale": negotiate([language.tag for language in best]).code,
        "created_at": since,
        "verified_at": since,
        "adult_confirmed_at": since,
        "privacy_accepted_at": since,
        "privacy_version": PRIVACY_VERSION,
        "sample": True,
    }


def audiences_of(visibility: Mapping[str, str]) -> dict[str, str]:
    """Who may see which part: what was chosen for the whole profile, and where a part differs.

    >>> audiences_of({"profile": "everyone", "place": "members"})["name"]
    'everyone'
    >>> audiences_of({"profile": "connections"})["teaching"]
    'everyone'
    """
    whole = visibility.get("profile", "members")
    narrow = AUDIENCES.index(whole) > AUDIENCES.index("members")
    parts = dict(PARTS)
    for part in parts:
        if part == "connections":
            parts[part] = whole if narrow else PARTS[part]
        elif part in OPEN_PARTS:
            parts[part] = PARTS[part]
        else:
            parts[part] = whole
    return {**parts, **{part: audience for part, audience in visibility.items() if part in parts}}


def profile_row(one: SamplePerson | SampleInstitution, handle: str, moment: datetime) -> Row:
    """What the profile of a person or an institution says first."""
    person = isinstance(one, SamplePerson)
    confirmed = moment - timedelta(days=one.confirmed_days_ago)
    return {
        "kind": PERSON if person else INSTITUTION,
        "handle": handle,
        "country": one.country,
        "city": one.city,
        "timezone": one.timezone,
        "monthly_contacts": one.availability,
        "suggestible": one.suggested if isinstance(one, SamplePerson) else True,
        "confirmed_at": confirmed,
        "created_at": confirmed - AGE,
        "updated_at": confirmed,
        "version": 1,
        "sample": one.sample,
    }


def person_row(person: SamplePerson, profile_id: int, account_id: int) -> Row:
    """What only a person has."""
    return {
        "id": profile_id,
        "account_id": account_id,
        "name": person.name,
        "name_lang": person.name_lang,
        "audiences": audiences_of(person.visibility),
    }


def hours_rows(person: SamplePerson, profile_id: int) -> Iterator[Row]:
    """The working hours of every third person whose time zone is known, as their country keeps the week."""
    number = crc32(person.handle.encode())
    if person.timezone is None or number % 3:
        return
    free = FREE_DAYS.get(person.country, (5, 6))
    begin, end = WORKDAYS[number // 3 % len(WORKDAYS)]
    for weekday in (day for day in range(7) if day not in free):
        yield {"profile_id": profile_id, "weekday": weekday, "begin": begin * 60, "end": end * 60}


def institution_row(institution: SampleInstitution, profile_id: int, moment: datetime) -> Row:
    """What only an institution has."""
    verified_by = VERIFIED_BY.get(institution.verification)
    return {
        "id": profile_id,
        "type": institution.type_code,
        "website": f"https://{institution.website}" if institution.website else None,
        "claimed": institution.claimed,
        "verified_by": verified_by,
        "verified_at": moment - AGE if verified_by else None,
    }


def name_rows(institution: SampleInstitution, profile_id: int) -> Iterator[Row]:
    """The names of an institution: its own one first where more readers know the letters, else the English."""
    own = next((tag for tag in institution.languages if latin_handle(institution.names.get(tag, ""))), "en")
    for lang, name in sorted(institution.names.items(), key=lambda item: (item[0] != own, item[0])):
        yield {"institution_id": profile_id, "name": name, "lang": lang, "kind": "label", "main": lang == own}


def subject_rows(one: SamplePerson | SampleInstitution, profile_id: int) -> Iterator[Row]:
    """The subjects of a profile."""
    return ({"profile_id": profile_id, "code": code} for code in dict.fromkeys(one.subjects))


def level_rows(one: SamplePerson | SampleInstitution, profile_id: int) -> Iterator[Row]:
    """The levels of a profile."""
    return ({"profile_id": profile_id, "code": code} for code in dict.fromkeys(one.levels))


def language_rows(one: SamplePerson | SampleInstitution, profile_id: int) -> Iterator[Row]:
    """The languages of a profile; what an institution works in it knows as its own."""
    if isinstance(one, SampleInstitution):
        for tag in dict.fromkeys(one.languages):
            yield {"profile_id": profile_id, "tag": tag, "level": NATIVE, "teaches": False, "accepts": 3}
        return
    for language in one.languages:
        yield {
            "profile_id": profile_id,
            "tag": language.tag,
            "level": language.cefr,
            "teaches": language.teaches,
            "accepts": language.accepts,
        }


def activity_rows(one: SamplePerson | SampleInstitution, profile_id: int) -> Iterator[Row]:
    """The offers and needs of a profile."""
    for direction, activities in ((OFFER, one.offers), (NEED, one.needs)):
        yield from _activities(activities, profile_id, direction)


def _activities(activities: Iterable[SampleActivity], profile_id: int, direction: str) -> Iterator[Row]:
    for activity in dict.fromkeys(activities):
        yield {
            "profile_id": profile_id,
            "direction": direction,
            "code": activity.code,
            "subject": activity.subject,
            "language": activity.language,
        }


def tag_rows(one: SamplePerson | SampleInstitution, profile_id: int) -> Iterator[Row]:
    """The tags of a profile."""
    return ({"profile_id": profile_id, "tag": tag} for tag in dict.fromkeys(one.tags))


def text_rows(one: SamplePerson | SampleInstitution, profile_id: int) -> Iterator[Row]:
    """The texts of a profile, each with its language."""
    fields = (
        {"about": one.descriptions}
        if isinstance(one, SampleInstitution)
        else {
            "about": one.bios,
            "interests": one.interests,
        }
    )
    for field, texts in fields.items():
        for lang, text in texts.items():
            yield {"profile_id": profile_id, "field": field, "lang": lang, "text": text}
