"""The directory with twenty thousand people: every count is exact, and the number of queries stays as it was."""

from __future__ import annotations

import pytest
from sqlalchemy import event, insert

from app.core.actor import GUEST, Actor
from app.core.database import Database
from app.features.accounts.models import Account
from app.features.profiles.models import PARTS, Person, Profile, ProfileLanguage, ProfileSubject
from app.features.profiles.queries.directory import Filters, count_facets, find_page, looker_of
from app.features.profiles.services.search_rows import reindex_all

MANY = 20_000
SUBJECTS = ("0541", "0511", "0222", "0231", "0113")
COUNTRIES = ("KE", "TZ", "FR", "IN")


@pytest.fixture
def many(database: Database) -> Database:
    numbers = range(1, MANY + 1)
    closed = {**PARTS, "teaching": "members"}
    with database.transaction() as session:
        rows = [
            {"id": n, "email": f"p{n}@example.org", "email_key": f"p{n}@example.org", "password_hash": ""}
            for n in numbers
        ]
        session.execute(insert(Account.__table__), rows)
        rows = [{"id": n, "kind": "person", "handle": f"p{n}", "country": COUNTRIES[n % 4]} for n in numbers]
        session.execute(insert(Profile.__table__), rows)
        rows = [
            {"id": n, "account_id": n, "name": f"Person {n}", "audiences": closed if n % 10 == 0 else dict(PARTS)}
            for n in numbers
        ]
        session.execute(insert(Person.__table__), rows)
        rows = [{"profile_id": n, "code": SUBJECTS[n % 5]} for n in numbers]
        rows += [{"profile_id": n, "code": "0540"} for n in numbers if SUBJECTS[n % 5] == "0541"]
        session.execute(insert(ProfileSubject.__table__), rows)
        rows = [{"profile_id": n, "tag": "en", "level": n % 7 + 1} for n in numbers]
        session.execute(insert(ProfileLanguage.__table__), rows)
    # As every load of many rows does: a planner that still believes in empty tables may take minutes for one count.
    database.refresh_statistics()
    return database


def test_counts_at_twenty_thousand(many: Database):
    statements: list[str] = []
    event.listen(many.engine, "before_cursor_execute", lambda _c, _cursor, text, *_more: statements.append(text))
    with many.reading() as session:
        looker = looker_of(session, GUEST)
        facets = count_facets(session, looker, Filters(place=("KE",)))
        page = find_page(session, looker, Filters(place=("KE",)))
        broad = find_page(session, looker, Filters(subject=("05",)))
    assert len(statements) <= 14
    assert page.total == MANY // 4
    assert len(page.ids) == 20
    places = {choice.code: choice.count for choice in facets["place"]}
    assert places["002"] == MANY // 2
    assert places["KE"] == places["TZ"] == MANY // 4
    # Of every ten one keeps the subject for members, always of those with the first one; two codes below 05 count once.
    subjects = {choice.code: choice.count for choice in facets["subject"]}
    shown = [n for n in range(1, MANY + 1) if n % 10 and n % 4 == 0]
    assert subjects["05"] == sum(SUBJECTS[n % 5] in ("0541", "0511") for n in shown)
    assert subjects["02"] == sum(SUBJECTS[n % 5] in ("0222", "0231") for n in shown)
    assert broad.total == sum(SUBJECTS[n % 5] in ("0541", "0511") for n in range(1, MANY + 1) if n % 10)
    assert facets["language"][0].count == MANY // 4


def test_words_at_twenty_thousand(many: Database):
    with many.transaction() as session:
        assert reindex_all(session) == MANY
    member = Actor(account_id=1, person_id=1, verified=True)
    asked = Filters(text="PERSON 19999")
    with many.reading() as session:
        # Names are for members until someone opens theirs.
        assert find_page(session, looker_of(session, GUEST), asked).total == 0
        assert find_page(session, looker_of(session, member), asked).ids == (19_999,)
        assert find_page(session, looker_of(session, member), Filters(text="person 1999")).total == 11
