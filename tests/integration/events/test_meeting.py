"""Finding a time that is fair."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app.features.events.models import Event, EventAnswer, EventLoad
from app.features.profiles.models import Person
from app.matching.meetings import program, proving
from tests.integration.events.steps import token_of

MEET = "/communities/maths/meet"


def ask(browser, world, day, who=("amina", "luc", "mei", "diego"), **fields):
    people = [str(world[handle]) for handle in who]
    values = {"go": "1", "who": "chosen", "people": people, "minutes": "60", "first": day(2), "days": "5",
              "every": "0", "times": "6", "remember": "y", **fields}  # fmt: skip
    return browser.get(MEET, query_string=values)


def plan_link(text: str) -> str:
    return html.unescape(re.search(r'href="(/communities/maths/events/new\?[^"]+)"', text).group(1))


def hide_place(database, number: int) -> None:
    with database.transaction() as session:
        session.get_one(Person, number).audiences = {"name": "members", "place": "me"}


def test_proposals_say_what_each_costs_whom(world, sign_in, say_hours, day):
    say_hours("amina", 8, 17)
    answer = ask(sign_in("amina"), world, day)
    text = answer.get_data(as_text=True)
    assert answer.status_code == 200 and text.count("Plan an event at this time") == 5
    assert "Nairobi, UTC+3" in text and "Tokyo, UTC+9" in text and "Bogot" in text
    assert "hours assumed" in text and 'role="img"' in text and "UTC" in text
    assert re.search(r"the worst-off carries|nobody is outside", text)


def test_a_public_holiday_is_named_in_a_language_it_really_has(world, sign_in, database):
    """Labour Day in Kenya, France and Colombia; the page is in French, and each name says which language it is in."""
    soon = datetime.now(UTC) + timedelta(days=3)
    first = f"{soon.year + ((soon.month, soon.day) > (5, 1))}-05-01"
    browser = sign_in("amina")
    text = ask(browser, world, lambda _n: first, days="1", lang="fr").get_data(as_text=True)
    assert re.search(r'<span lang="fr[^"]*" dir="auto">Fête du Travail</span>', text)
    assert re.search(r'<span lang="en-KE" dir="auto">Labour Day</span>', text)


def test_what_was_found_becomes_a_meeting_and_is_remembered(world, sign_in, say_hours, database, day):
    say_hours("mei", 9, 17)
    say_hours("diego", 9, 17)
    amina = sign_in("amina")
    link = plan_link(ask(amina, world, day, who=("mei", "diego")).get_data(as_text=True))
    page = amina.get(link)
    assert page.status_code == 200 and 'type="date"' not in page.get_data(as_text=True)
    inputs = [(e.get("name"), e.get("value")) for e in amina.last_page.iter("input") if e.get("name")]
    fields = {
        name: [v for n, v in inputs if n == name] for name in ("csrf_token", "start", "person", "minutes", "zone")
    }
    sent = {**fields, "csrf_token": fields["csrf_token"][0], "token": token_of(amina), "title": "Found", "lang": "en"}
    assert amina.post("/communities/maths/events/new", data=sent).status_code == 303
    with database.sessions() as session:
        event = session.scalars(select(Event)).one()
        loads = {row.person_id: row.points for row in session.scalars(select(EventLoad))}
    assert set(loads) == {world["mei"], world["diego"]} and max(loads.values()) > 0
    assert event.zone == "Africa/Nairobi" and event.minutes == 60
    text = amina.get(f"/communities/maths/events/{event.id}").get_data(as_text=True)
    assert "Who bears how much" in text
    clash = ask(amina, world, day).get_data(as_text=True)
    assert event.starts_at.strftime("%Y%m%dT%H%MZ") not in clash, "a time that is taken is not proposed again"


def points_of(text: str, name: str) -> list[int]:
    """The burdens of a person in the proposals, in order."""
    rows = re.findall(rf"{name}</bdi></a></th>((?:(?!</tr>).)*)</tr>", text, re.S)
    found = [re.search(r'class="number">(\d+)</span>', row) for row in rows]
    return [int(one.group(1)) for one in found if one]


def test_who_carried_much_is_spared(world, sign_in, say_hours, make_event, database, day):
    say_hours("mei", 9, 17)
    say_hours("diego", 9, 17)
    browser = sign_in("mei")
    number = make_event(days=-7)

    def carry(handle: str, points: int) -> list[int]:
        with database.transaction() as session:
            session.merge(EventLoad(event_id=number, person_id=world[handle], points=points))
        text = ask(browser, world, day, who=("mei", "diego")).get_data(as_text=True)
        with database.transaction() as session:
            session.merge(EventLoad(event_id=number, person_id=world[handle], points=0))
        return [points_of(text, "Mei")[0], points_of(text, "Diego")[0]]

    mei_spared, diego_spared = carry("mei", 30), carry("diego", 30)
    assert mei_spared[0] == 0 < mei_spared[1] and diego_spared[1] == 0 < diego_spared[0]
    with database.transaction() as session:
        session.merge(EventLoad(event_id=number, person_id=world["mei"], points=30))
        session.add(EventAnswer(event_id=number, person_id=world["mei"], answer="no"))
    declined = ask(browser, world, day, who=("mei", "diego")).get_data(as_text=True)
    assert points_of(declined, "Mei")[0] != 0, "whoever declined carried nothing"


def test_a_series_takes_turns_and_shows_who_bears_how_much(world, sign_in, database, day):
    amina = sign_in("amina")
    answer = ask(amina, world, day, every="1", times="6")
    text = answer.get_data(as_text=True)
    assert answer.status_code == 200
    turns, same = map(int, re.search(r"carries (\d+) in all; always at the same time, (\d+)\.", text).groups())
    assert turns < same and "Taking turns" in text and "In all" in text
    link = plan_link(text)
    assert link.count("start=") == 6 and link.count("person=") == 4
    assert amina.get(link).get_data(as_text=True).count('name="start"') == 6


def test_what_could_not_be_proven_is_said(world, sign_in, say_hours, day, monkeypatch):
    """Where there are too many series to compare, the page says how near to the fairest this one must be."""
    for handle, begin in (("amina", 8), ("luc", 9), ("mei", 10), ("diego", 7)):
        say_hours(handle, begin, begin + 7)
    amina = sign_in("amina")
    proven = ask(amina, world, day, every="1", times="6").get_data(as_text=True)
    assert "none is fairer" in proven and "Proven for the worst-off" not in proven
    run = proving.Looking.run
    monkeypatch.setattr(proving.Looking, "run", lambda self, effort: self.strict and run(self, effort))
    text = ask(amina, world, day, every="1", times="6").get_data(as_text=True)
    assert "Proven for the worst-off person: they cannot be better off." in text and "none is fairer" not in text
    monkeypatch.setattr(proving.Looking, "run", lambda _self, _effort: False)
    monkeypatch.setattr(program, "bound_worst", lambda world: proving.Bound(10.5, proving.bound_worst(world).surplus))
    text = ask(amina, world, day, every="1", times="6").get_data(as_text=True)
    assert "less than 11 is not possible" in text and "Taking turns" in text and "none is fairer" not in text


def test_a_private_zone_is_counted_and_not_told(world, sign_in, database, day):
    hide_place(database, world["mei"])
    text = ask(sign_in("amina"), world, day).get_data(as_text=True)
    assert "zone kept private" in text and "Tokyo" not in text and "UTC+9" not in text
    assert not points_of(text, "Mei")
    series = ask(sign_in("amina"), world, day, every="1", times="3").get_data(as_text=True)
    assert "Tokyo" not in series and not re.search(r'scope="row"><bdi>Mei', series)


def test_so_few_that_a_private_zone_would_show(world, sign_in, database, day):
    hide_place(database, world["mei"])
    text = ask(sign_in("amina"), world, day, who=("amina", "mei")).get_data(as_text=True)
    assert "with so few people the times would tell where they are" in text and "zone kept private" not in text


def test_somebody_of_whom_no_zone_is_known_is_named_not_guessed(world, sign_in, database, day):
    with database.transaction() as session:
        diego, luc = session.get_one(Person, world["diego"]), session.get_one(Person, world["luc"])
        diego.timezone, diego.country = None, "US"
        luc.timezone = None
    text = ask(sign_in("amina"), world, day).get_data(as_text=True)
    assert "Not counted, because their time zone is not known" in text and "Diego" in text
    assert "assumed from the country" in text, "France has one time zone on the mainland"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"who": ("amina",)}, "at least two people"),
        ({"first": "2020-01-01"}, "a day from today"),
        ({"first": "soon"}, "like this: 2027-03-15"),
        ({"minutes": "7"}, "how long it takes"),
        ({"days": "14", "every": "1"}, "as many days as lie between two events"),
        ({"every": "1", "times": "40"}, "at most 12 events"),
    ],
)
def test_bad_questions_are_answered_kindly(world, sign_in, day, change, message):
    answer = ask(sign_in("amina"), world, day, **change)
    assert answer.status_code == 422 and message in answer.get_data(as_text=True)


def test_the_question_and_those_who_keep_the_community(world, sign_in, make_event, database, day):
    amina, number = sign_in("amina"), make_event(title="With these")
    assert "Find a time that is fair" in amina.get(MEET).get_data(as_text=True)
    text = ask(amina, world, day, who=(), **{}).get_data(as_text=True)
    assert "at least two people" in text
    keepers = amina.get(MEET, query_string={"go": "1", "who": "keepers", "minutes": "30", "first": day(2), "days": "1",
                                            "every": "0", "times": "1"}).get_data(as_text=True)  # fmt: skip
    assert "Amina" in keepers and "Luc" in keepers
    with database.transaction() as session:
        for handle in ("mei", "diego"):
            session.add(EventAnswer(event_id=number, person_id=world[handle], answer="yes"))
    come = amina.get(MEET, query_string={"go": "1", "who": "come", "event": number, "minutes": "30", "first": day(2),
                                         "days": "2", "every": "0", "times": "1"}).get_data(as_text=True)  # fmt: skip
    assert "With these" in come and points_of(come, "Mei") and not points_of(come, "Luc")
