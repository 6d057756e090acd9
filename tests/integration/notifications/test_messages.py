"""Messages between two: mailed at once, and not again until they are read."""

from __future__ import annotations

import json

from app.core.clock import now
from app.features.events.models import Event
from app.features.profiles.models import Delegation
from app.features.relations.services import connect
from app.features.threads.services import open_thread
from tests.integration.notifications.world import World
from tests.support.people import make_institution


def write(browser, thread: int, text: str) -> None:
    path = f"/threads/{thread}"
    browser.get(path)
    token = next(e.get("value") for e in browser.last_page.iter("input") if e.get("name") == "token")
    assert browser.submit(path, {"text": text, "lang": "en", "token": token}).status_code == 303


def test_one_mail_until_it_is_read(world: World, sign_in):
    with world.database.transaction() as session:
        connect(session, world.amina.id, world.bela.id)
        thread = open_thread(session, world.amina.id, world.bela.id).id
    amina, bela = sign_in("amina"), sign_in("bela")
    for text in ("One.", "Two.", "Three."):
        write(amina, thread, text)
        world.work()
    (mail,) = world.mails("bela")
    message = world.message(mail)
    assert message["Subject"] == "Amina wrote to you" and f"/threads/{thread}" in world.text(mail)
    assert message["Reply-To"] is None, "only threads of communities take answers by mail"
    assert "One." not in world.text(mail), "what two write to each other stays on the page"
    assert '<span class="number">1</span>' in bela.get("/notices").get_data(as_text=True)
    bela.get(f"/threads/{thread}")
    write(amina, thread, "Four.")
    world.work()
    assert len(world.mails("bela")) == 2 and world.mails("amina") == []


def test_all_who_act_for_an_institution_hear_of_it_but_the_writer(world: World, sign_in):
    with world.database.transaction() as session:
        school = make_institution(session, "school", owner=world.bela, name="Bread School")
        session.add(Delegation(institution_id=school.id, person_id=world.chloe.id, role="editor"))
        connect(session, world.amina.id, school.id)
        thread = open_thread(session, world.amina.id, school.id).id
    write(sign_in("amina"), thread, "Hello.")
    write(sign_in("bela"), thread, "Hello back.")
    world.work()
    subjects = [(mail.to_address.partition("@")[0], world.message(mail)["Subject"]) for mail in world.mails()]
    assert subjects == [("bela", "Amina wrote to you"), ("amina", "Bread School wrote to you")]


def test_a_community_takes_its_events_along(world: World, sign_in):
    with world.database.transaction() as session:
        for number, hidden in ((1, None), (2, now())):
            session.add(
                Event(
                    community_id=world.community.id, uid=f"u{number}", token=f"t{number}", title=f"Bread {number}",
                    lang="en", zone="UTC", starts_at=now(), hidden_at=hidden,
                )
            )  # fmt: skip
    data = json.loads(sign_in("amina").get("/communities/maths-east/export").get_data(as_text=True))
    assert [event["title"] for event in data["events"]] == ["Bread 1"]
