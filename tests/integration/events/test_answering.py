"""Saying whether one comes, and the lists."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

from app.core.actor import Actor
from app.features.communities.models import Community
from app.features.communities.queries import get_standing
from app.features.events.models import Event
from app.features.events.services.answering import Full, answer_event
from tests.integration.events.steps import next_page, said
from tests.support.communities import add_member
from tests.support.people import make_person
from tests.support.statements import count_statements


def counts(database, number: int) -> tuple[int, int]:
    with database.reading() as session:
        event = session.get_one(Event, number)
        return event.yes_count, event.maybe_count


def test_the_last_word_counts(world, sign_in, make_event, database):
    number, diego = make_event(), sign_in("diego")
    for answer, expected in (("yes", (1, 0)), ("yes", (1, 0)), ("maybe", (0, 1)), ("no", (0, 0)), ("yes", (1, 0))):
        assert said(diego, number, answer).status_code == 303
        assert counts(database, number) == expected
    assert said(diego, number, "perhaps not").status_code == 422
    assert said(sign_in("zoe"), number, "yes").status_code == 403


def test_a_full_meeting_says_so_and_has_room_again(world, sign_in, make_event, database):
    number = make_event(capacity=1)
    diego, luc = sign_in("diego"), sign_in("luc")
    assert said(diego, number, "yes").status_code == 303
    full = said(luc, number, "yes")
    assert full.status_code == 409 and "Every place is taken" in full.get_data(as_text=True)
    assert said(luc, number, "maybe").status_code == 303 and counts(database, number) == (1, 1)
    assert said(diego, number, "no").status_code == 303
    assert said(luc, number, "yes").status_code == 303 and counts(database, number) == (1, 0)


def test_a_meeting_that_is_over_takes_no_answers(world, sign_in, make_event):
    assert said(sign_in("diego"), make_event(days=-1), "yes").status_code == 403


def test_the_last_place_goes_to_one_of_many_who_want_it_at_once(world, make_event, database):
    number, names = make_event(capacity=2), [f"p{n}" for n in range(6)]
    with database.transaction() as session:
        community = session.get_one(Community, world["community"])
        people = [make_person(session, name) for name in names]
        for person in people:
            add_member(session, community, person)
        actors = [Actor(account_id=p.account_id, person_id=p.id, handle=p.handle, verified=True) for p in people]
    gate, results = Barrier(len(actors)), []

    def want(actor: Actor) -> None:
        gate.wait()
        try:
            with database.transaction() as session:
                standing = get_standing(session, actor, "maths")
                answer_event(session, standing, session.get_one(Event, number), "yes")
            results.append("yes")
        except Full:
            results.append("full")

    threads = [Thread(target=want, args=(actor,)) for actor in actors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["full"] * 4 + ["yes"] * 2 and counts(database, number) == (2, 0)


def test_lists_are_paged_and_need_a_fixed_number_of_queries(world, sign_in, make_event, database):
    for number in range(3):
        make_event(days=2 + number, title=f"Few {number}")
    diego = sign_in("diego")
    diego.get("/communities/maths/events")
    with count_statements(database) as few:
        diego.get("/communities/maths/events")
    for number in range(40):
        make_event(days=10 + number % 7, title=f"Many {number}")
        make_event(days=-10 - number % 7, title=f"Past {number}")
    with count_statements(database) as many:
        page = diego.get("/communities/maths/events")
    assert len(many) == len(few)
    seen, texts = set(), page.get_data(as_text=True)
    for _round in range(5):
        seen |= {f"Many {n}" for n in range(40) if f"Many {n}<" in texts}
        link = next_page(texts)
        if link is None:
            break
        texts = diego.get(link).get_data(as_text=True)
    assert len(seen) == 40 and "Past" not in "".join(seen)
    past = diego.get("/communities/maths/events?past=1").get_data(as_text=True)
    assert "Past 0<" in past and "Many" not in past


def test_one_can_still_go_to_a_meeting_that_has_just_begun(world, client, make_event):
    begun = datetime.now(UTC)
    make_event(title="Right now", starts_at=begun - timedelta(minutes=10))
    make_event(title="This morning", starts_at=begun - timedelta(hours=5))
    coming = client.get("/communities/maths/events").get_data(as_text=True)
    past = client.get("/communities/maths/events?past=1").get_data(as_text=True)
    assert "Right now" in coming and "This morning" not in coming
    assert "This morning" in past and "Right now" not in past


def test_panels_on_the_communitys_page_and_on_the_first_page(world, sign_in, make_event):
    make_event(title="Soon together")
    make_event(days=0.9, title="Called off", state="cancelled")
    declined = make_event(days=1, title="Not for me")
    diego = sign_in("diego")
    said(diego, declined, "no")
    home = diego.get("/").get_data(as_text=True)
    assert "Soon together" in home and "Not for me" not in home and "Called off" not in home
    overview = diego.get("/communities/maths").get_data(as_text=True)
    assert "Next event" in overview and "Not for me" in overview, "the next of the community, whoever declined it"
    assert "Called off" not in overview
    assert "Your next events" not in sign_in("zoe").get("/").get_data(as_text=True)
