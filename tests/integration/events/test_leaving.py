"""What becomes of meetings when somebody leaves, and what is reported or translated."""

from __future__ import annotations

from app.core.actor import Actor
from app.core.registries import erasers, exporters, reportable, translatable
from app.features.events.models import CalendarFeed, Event, EventAnswer, EventLoad
from app.features.profiles.models import Person
from tests.integration.events.steps import said


def test_what_one_planned_stays_without_a_name_and_the_rest_goes(world, sign_in, make_event, database):
    number, mei = make_event(title="Stays"), sign_in("mei")
    said(mei, number, "yes")
    mei.submit("/calendar", {})
    with database.transaction() as session:
        session.add(EventLoad(event_id=number, person_id=world["mei"], points=12))
        account = session.get_one(Person, world["mei"]).account_id
    with database.sessions() as session:
        download = dict(exporters())["events"](session, account)
    assert download["planned"][0]["title"] == "Stays" and download["answers"][0]["answer"] == "yes"
    assert download["burdens"][0]["points"] == 12
    with database.transaction() as session:
        for erase in erasers():
            if erase[0] == "events":
                erase[1](session, account)
    with database.sessions() as session:
        event = session.get_one(Event, number)
        assert event.created_by is None and event.yes_count == 0
        assert session.get(EventAnswer, (number, world["mei"])) is None
        assert session.get(EventLoad, (number, world["mei"])) is None
        assert session.get(CalendarFeed, world["mei"]) is None
    assert "Stays" in sign_in("luc").get("/communities/maths/events").get_data(as_text=True)


def test_a_meeting_can_be_reported_hidden_and_translated(world, sign_in, client, make_event, database):
    number = make_event(title="Strange", description="Buy this")
    luc = sign_in("luc")
    assert luc.get(f"/report/event/{number}").status_code == 200
    kind, translation = reportable("event"), translatable("event")
    assert kind is not None and kind.hide is not None and translation is not None
    with database.transaction() as session:
        original = translation.load(session, Actor(person_id=world["luc"]), number)
        assert original is not None and original.fields == {"title": "Strange", "description": "Buy this"}
        kind.hide(session, Actor(), number, True)
    for path in (f"/communities/maths/events/{number}", f"/communities/maths/events/{number}/event.ics"):
        assert luc.get(path).status_code == 404
    for path in ("/communities/maths/events", "/communities/maths/events.ics"):
        assert "Strange" not in client.get(path).get_data(as_text=True)
    with database.sessions() as session:
        assert kind.describe(session, Actor(person_id=world["luc"]), number) is None
