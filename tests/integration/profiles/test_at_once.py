"""The same form sent twice, or two people at the same moment: one result, and nobody sees an error."""

from __future__ import annotations

from sqlalchemy import select

from app.features.accounts.models import ApiToken
from app.features.profiles.models import Delegation, Institution
from app.features.relations.models import Block
from app.features.suggestions.models import Dismissal
from tests.integration.introductions.test_at_once import at_once, count
from tests.integration.profiles.worlds import make_owner
from tests.support.people import make_person

NEW = {"name": "Lakeside School", "lang": "en", "type": "school", "country": "KE", "city": "", "website": ""}


def posting(browser, path, data, page="/profile/place"):
    """A call that sends a form, with the page already open."""
    values = {"csrf_token": browser.token(page), **data}
    return lambda: browser.post(path, data=values).status_code


def make(database, *handles):
    with database.transaction() as session:
        for handle in handles:
            make_person(session, handle, languages=[("en", 7)])


def test_entering_an_institution_twice_makes_one(database, sign_in):
    make(database, "amina")
    browsers = [sign_in("amina") for _ in range(3)]
    assert at_once(*(posting(one, "/institutions/new", NEW) for one in browsers)) == [303, 303, 303]
    assert sign_in("amina").submit("/institutions/new", NEW).status_code == 303
    assert count(database, Institution) == 1
    assert sign_in("amina").submit("/institutions/new", {**NEW, "name": "Another School"}).status_code == 303
    assert count(database, Institution) == 2


def test_of_two_institutions_of_the_same_name_both_are_there_or_the_second_is_told(database, sign_in):
    make(database, "amina", "juma")
    answers = at_once(*(posting(sign_in(name), "/institutions/new", NEW) for name in ("amina", "juma")))
    assert set(answers) <= {303, 409} and 303 in answers
    assert count(database, Institution) == answers.count(303)


def test_asking_the_same_person_to_act_for_an_institution_twice_is_one_question(database, sign_in):
    with database.transaction() as session:
        make_owner(session, "amina", "lakeside")
    make(database, "juma")
    ask = {"who": "juma", "role": "editor"}
    browsers = [sign_in("amina") for _ in range(3)]
    answers = at_once(*(posting(one, "/institutions/lakeside/people", ask) for one in browsers))
    assert sorted(answers) == [303, 422, 422]
    assert count(database, Delegation) == 2


def test_putting_aside_and_blocking_twice_at_once(database, sign_in):
    make(database, "amina", "juma", "zuri")
    browsers = [sign_in("amina") for _ in range(3)]
    aside = {"handle": "juma", "reason": "other", "kind": "peers"}
    assert at_once(*(posting(one, "/suggestions/dismiss", aside) for one in browsers)) == [303, 303, 303]
    assert count(database, Dismissal) == 1
    assert 500 not in at_once(*(posting(one, "/people/zuri/block", {}) for one in browsers))
    assert count(database, Block) == 1


def test_what_may_be_there_only_once_is_a_conflict_for_the_second(database, sign_in):
    make(database, "amina")
    browsers = [sign_in("amina") for _ in range(3)]
    answers = at_once(*(posting(one, "/account/tokens", {"name": "mine"}) for one in browsers))
    assert answers.count(200) == 1 and set(answers) <= {200, 409, 422}
    with database.reading() as session:
        assert session.scalars(select(ApiToken.name)).all() == ["mine"]
