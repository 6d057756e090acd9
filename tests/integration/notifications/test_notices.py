"""Notices: told once, listed, read, counted, mailed at once where they are meant for one person."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.core import jobs
from app.core.database import Database
from app.core.jobs import Job
from app.core.notices import tell
from app.features.notifications.models import CommunityFollow, Notice, NoticeSettings
from tests.integration.notifications.world import World
from tests.support.people import PASSWORD, make_person
from tests.support.statements import count_statements


def answer(world: World, browser, text: str, url: str | None = None) -> None:
    url = url or world.url
    page = browser.get(url)
    assert page.status_code == 200
    token = [e.get("value") for e in browser.last_page.iter("input") if e.get("name") == "token"][-1]
    response = browser.submit(url, {"text": text, "lang": "en", "token": token})
    assert response.status_code == 303, response.get_data(as_text=True)


def notices(world: World) -> list[Notice]:
    with world.database.transaction() as session:
        return list(session.scalars(select(Notice).order_by(Notice.id)))


def test_an_answer_is_told_shown_counted_and_read(world: World, sign_in):
    amina, bela = sign_in("amina"), sign_in("bela")
    answer(world, amina, "With a story.")
    world.work()
    assert [(n.person_id, n.kind, n.read_at) for n in notices(world)] == [(world.bela.id, "quoted", None)]
    # Nobody else had written there, so it is meant for Bela, and not kept for the mail of the week.
    assert [world.message(mail)["Subject"] for mail in world.mails("bela")] == [
        "Amina answered what you wrote in “How do you begin?”"
    ]
    html = bela.get("/notices").get_data(as_text=True)
    assert "<bdi>Amina</bdi> answered what you wrote in" in html and '<bdi lang="en">How do you begin?</bdi>' in html
    assert html.count('<span class="number">1</span>') == 2
    response = bela.get(f"/notices/{notices(world)[0].id}")
    assert response.status_code == 303 and response.location.startswith(world.url)
    assert notices(world)[0].read_at is not None
    assert 'class="number"' not in bela.get("/notices").get_data(as_text=True)


def test_who_has_the_page_before_them_has_read_the_notice(world: World, sign_in):
    answer(world, sign_in("amina"), "With a story.")
    world.work()
    bela = sign_in("bela")
    bela.get("/communities/maths-east/threads")
    assert notices(world)[0].read_at is None
    bela.get(world.url)
    assert notices(world)[0].read_at is not None


def test_a_job_that_runs_twice_tells_once(world: World):
    with world.database.transaction() as session:
        tell(session, [world.bela.id], "community_dormant", name="Maths", slug="maths-east")
    with world.database.reading() as session:
        payload = session.scalars(select(Job.payload).where(Job.name == "notifications.tell")).one()
    world.work()
    with world.database.transaction() as session:
        jobs.enqueue(session, "notifications.tell", **payload)
    world.work()
    assert len(notices(world)) == 1


def test_a_role_given_and_taken_again_and_again_fills_no_mailbox(world: World):
    with world.database.transaction() as session:
        for kind in ("role_given", "role_taken") * 3:
            tell(session, [world.bela.id], kind, community="Maths East", slug="maths-east")
    world.work()
    assert sorted(notice.kind for notice in notices(world)) == ["role_given", "role_taken"]
    assert len(world.mails("bela")) == 2


def test_a_mention_is_mailed_at_once_and_can_be_answered(world: World, sign_in):
    answer(world, sign_in("amina"), "What do **you** do, @bela?")
    world.work()
    (mail,) = world.mails("bela")
    message = world.message(mail)
    assert message["Subject"] == "Amina named you in “How do you begin?”"
    assert "What do you do, @bela?" in world.text(mail) and world.url in world.text(mail)
    assert message["Reply-To"].endswith("@talk.example") and len(message["Reply-To"].partition("@")[0]) <= 64
    assert message["References"] == f"<thread.{world.thread.id}@localhost>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


@pytest.mark.parametrize("way", ["direct", "community"])
def test_who_wants_no_mail_gets_none_and_still_the_notice(world: World, sign_in, way: str):
    if way == "direct":
        world.wish("bela", direct=False)
    else:
        with world.database.transaction() as session:
            session.add(CommunityFollow(person_id=world.bela.id, community_id=world.community.id, level="none"))
    answer(world, sign_in("amina"), "And you, @bela?")
    world.work()
    assert world.mails("bela") == [] and len(notices(world)) == 1


def test_all_is_read_up_to_what_stood_on_the_page(world: World, sign_in):
    def tell_bela(name: str) -> None:
        with world.database.transaction() as session:
            tell(session, [world.bela.id], "community_dormant", name=name, slug="maths-east")
        world.work()

    tell_bela("One")
    bela = sign_in("bela")
    bela.get("/notices")
    fields = {e.get("name"): e.get("value") for e in bela.last_page.iter("input") if e.get("name")}
    tell_bela("Two")
    assert bela.post("/notices/read", data=fields).status_code == 303
    assert [n.read_at is not None for n in notices(world)] == [True, False]


def test_nobody_opens_or_reads_the_notices_of_others(world: World, sign_in, client):
    with world.database.transaction() as session:
        tell(session, [world.bela.id], "community_dormant", name="One", slug="maths-east")
    world.work()
    number = notices(world)[0].id
    amina = sign_in("amina")
    assert amina.get(f"/notices/{number}").status_code == 404
    amina.post("/notices/read", data={"csrf_token": amina.token("/notices/settings"), "newest": str(number)})
    assert notices(world)[0].read_at is None
    assert client.get("/notices").status_code in (302, 303)


def test_the_list_goes_on_in_pages_and_costs_the_same(world: World, sign_in):
    bela = sign_in("bela")

    def cost() -> int:
        bela.get("/notices")
        with count_statements(world.database) as sent:
            bela.get("/notices")
        return len(sent)

    with world.database.transaction() as session:
        session.add(Notice(key="a", person_id=world.bela.id, kind="community_dormant", values={"name": "A"}))
    few = cost()
    with world.database.transaction() as session:
        for number in range(70):
            values = {"name": f"N{number}", "slug": "maths-east"}
            session.add(Notice(key=str(number), person_id=world.bela.id, kind="community_dormant", values=values))
    assert cost() == few
    seen, path = 0, "/notices"
    while path:
        html = bela.get(path).get_data(as_text=True)
        seen += html.count("is marked as quiet")
        links = [e.get("href") for e in bela.last_page.iter("a") if e.get("rel") == "next"]
        path = links[0] if links else ""
    assert seen == 71


def test_settings_are_kept_and_wrong_ones_refused(world: World, sign_in):
    bela = sign_in("bela")
    level = f"level-{world.community.id}"
    chosen = {"digest": "daily", "weekday": "4", "hour": "18", level: "mine", "level-999999": "all"}
    assert bela.submit("/notices/settings", chosen).status_code == 303
    with world.database.reading() as session:
        row = session.get_one(NoticeSettings, world.bela.id)
        assert (row.digest, row.weekday, row.hour, row.direct) == ("daily", 4, 18, False)
        assert [f.level for f in session.scalars(select(CommunityFollow))] == ["mine"]
    wrong = bela.submit("/notices/settings", {"digest": "hourly", "weekday": "9", "hour": "x"})
    assert wrong.status_code == 422


def test_one_click_ends_the_mails_without_signing_in(world: World, sign_in, client):
    answer(world, sign_in("amina"), "And you, @bela?")
    world.work()
    link = world.message(world.mails("bela")[0])["List-Unsubscribe"].strip("<>").removeprefix("http://localhost")
    assert client.get(link).status_code == 200
    with world.database.reading() as session:
        assert session.get(NoticeSettings, world.bela.id) is None
    assert client.post(link, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    with world.database.reading() as session:
        assert session.get_one(NoticeSettings, world.bela.id).direct is False
    assert client.post(link[:-3] + "aaa").status_code == 404


def test_a_notice_of_a_kind_that_is_no_more_stays_readable(world: World, sign_in):
    with world.database.transaction() as session:
        session.add(Notice(key="a", person_id=world.bela.id, kind="of_old", values={}))
        session.add(Notice(key="b", person_id=world.bela.id, kind="mentioned", values={"name": "<b>"}))
    html = sign_in("bela").get("/notices").get_data(as_text=True)
    assert html.count("Something is new") == 2


def test_people_without_a_profile_see_where_to_begin(database: Database, sign_in):
    from tests.support.people import make_account

    with database.transaction() as session:
        make_account(session, "newcomer")
        make_person(session, "other")
    browser = sign_in("newcomer")
    assert "First a profile" in browser.get("/notices").get_data(as_text=True)
    assert browser.get("/notices/settings").status_code == 200


def test_who_goes_takes_their_name_from_what_others_were_told(world: World, sign_in):
    amina, told = sign_in("amina"), {"community": "Maths East", "slug": "maths-east"}
    answer(world, amina, "With a story.")
    with world.database.transaction() as session:
        tell(session, [world.bela.id], "buddy_found", name="Amina", **told)
        # The name of a community that is called the same is not theirs.
        tell(session, [world.bela.id], "community_dormant", name="Amina", slug="maths-east")
    world.work()
    assert sign_in("bela").get("/notices").get_data(as_text=True).count("<bdi>Amina</bdi>") == 3
    form = {"current": PASSWORD}
    assert amina.submit("/account/delete", form).status_code == 303
    page = sign_in("bela").get("/notices").get_data(as_text=True)
    assert page.count("<bdi>Amina</bdi>") == 1
    assert "What you wrote in" in page and "<bdi>–</bdi> welcomes you" in page


def test_what_is_kept_of_a_person_can_be_taken_along_and_goes_with_them(world: World):
    from app.core.registries import erasers, exporters

    with world.database.transaction() as session:
        session.add(Notice(key="a", person_id=world.bela.id, kind="community_dormant", values={"name": "One"}))
        session.add(NoticeSettings(person_id=world.bela.id, digest="daily"))
        session.add(CommunityFollow(person_id=world.bela.id, community_id=world.community.id, level="mine"))
    with world.database.transaction() as session:
        data = dict(exporters())["notices"](session, world.bela.account_id)
        assert data["digest"] == "daily" and data["communities"] == {"maths-east": "mine"}
        assert [notice["kind"] for notice in data["notices"]] == ["community_dormant"]
        dict(erasers())["notices"](session, world.bela.account_id)
    with world.database.reading() as session:
        for table in (Notice, NoticeSettings, CommunityFollow):
            assert session.query(table).count() == 0
