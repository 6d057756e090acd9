"""Order in the house: members tell, coordinators decide, the person concerned reads why."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from app.core.actor import Actor
from app.core.clock import now
from app.core.errors import Forbidden
from app.core.jobs import Job
from app.features.communities.models import Community, HouseLog, HouseReport, Member
from app.features.communities.queries import get_standing
from app.features.communities.services.talk import return_post
from app.features.moderation.models import Report
from app.features.threads.models import Post
from tests.support.communities import add_member, make_community, make_post, make_thread
from tests.support.people import PASSWORD, make_person
from tests.support.statements import count_statements

PLACE = "/communities/maths-east"


@pytest.fixture
def world(database):
    """Coordinators Carla and Chen, facilitator Fatou, members Amina, Bakari and Dora; Bakari wrote something rude."""
    with database.transaction() as session:
        people = {name: make_person(session, name) for name in
                  ("carla", "chen", "fatou", "amina", "bakari", "dora", "guest")}  # fmt: skip
        make_person(session, "moses", roles=["moderator"])
        community = make_community(session, "maths-east", founder=people["carla"], name="Maths East")
        add_member(session, community, people["chen"], "coordinator")
        add_member(session, community, people["fatou"], "facilitator")
        for name in ("amina", "bakari", "dora"):
            add_member(session, community, people[name])
        thread = make_thread(session, community, people["amina"], title="Fractions")
        post = make_post(session, thread, people["bakari"], "You are all **fools**.")
        posts = {name: make_post(session, thread, people[name], f"{name} wrote this").id for name in
                 ("carla", "chen", "fatou")}  # fmt: skip
        ids = {name: person.id for name, person in people.items()}
        return {**ids, "community": community.id, "thread": thread.id, "post": post.id, "posts": posts}


def tell(browser, kind, number, reason="unkind", note="Please look", **more):
    path = f"{PLACE}/report/{kind}/{number}"
    return browser.submit(path, {"reason": reason, "note": note, "lang": "en", **more})


def decide(browser, number, outcome, reason="We talk kindly here.", **more):
    data = {"outcome": outcome, "reason": reason, "lang": "en", **more}
    return browser.submit(f"{PLACE}/order/{number}", data)


def act(browser, handle, action, reason="Enough for now.", cause="unkind"):
    data = {"do-action": action, "do-reason": reason, "do-cause": cause, "do-lang": "en"}
    return browser.submit(f"{PLACE}/order/people/{handle}", data, page=f"{PLACE}/log")


def undo(browser, handle, action, reason=""):
    data = {"undo-action": action, "undo-reason": reason, "undo-lang": "en"}
    return browser.submit(f"{PLACE}/order/people/{handle}", data, page=f"{PLACE}/log")


def member(database, world, name):
    with database.reading() as session:
        row = session.get(Member, (world["community"], world[name]))
        session.expunge_all()
        return row


def reports(database):
    with database.reading() as session:
        found = list(session.query(HouseReport).order_by(HouseReport.id))
        session.expunge_all()
        return found


def told(database, kind):
    """Who was told something of a kind."""
    with database.reading() as session:
        jobs = [job.payload for job in session.query(Job).filter_by(name="notifications.tell").order_by(Job.id)]
    return [(job["person_ids"], job["values"]) for job in jobs if job["kind"] == kind]


def text(response):
    return response.get_data(as_text=True)


def test_a_member_tells_and_hears_what_became_of_it_but_not_to_whom(world, sign_in, database):
    amina = sign_in("amina")
    page = text(amina.get(f"{PLACE}/report/post/{world['post']}"))
    assert "<strong>fools</strong>" in page and "whoever it is about is not told" in page
    sent = tell(amina, "post", world["post"])
    assert "Waiting" in text(amina.get(sent.location))
    assert told(database, "house_report")[0][0] == sorted([world["carla"], world["chen"], world["fatou"]])
    carla = sign_in("carla")
    listed = text(carla.get(f"{PLACE}/order"))
    assert "fools" in listed and "Please look" in listed and "Amina" in listed and "Bakari" in listed
    assert decide(carla, 1, "muted-7").status_code == 303
    row = member(database, world, "bakari")
    assert timedelta(days=6, hours=23) < row.muted_until - now() <= timedelta(days=7)
    assert (row.measure_reason, row.measure_lang) == ("We talk kindly here.", "en")
    answer = text(amina.get(f"{PLACE}/reported"))
    assert "Looked at, and acted on" in answer
    assert "muted" not in answer.lower() and "We talk kindly here" not in answer
    assert told(database, "house_acted") == [([world["amina"]], {"community": "Maths East", "slug": "maths-east"})]
    assert "Muted for a time" in text(carla.get(f"{PLACE}/order?state=decided"))


def test_the_list_of_members_leads_there(world, sign_in):
    members = "/communities/maths-east/members"
    seen = text(sign_in("amina").get(members))
    assert f"{PLACE}/report/person/{world['carla']}" in seen and f"report/person/{world['amina']}" not in seen
    assert "order/people" not in seen
    seen = text(sign_in("fatou").get(members))
    assert f"{PLACE}/order/people/bakari" in seen and f"{PLACE}/order/people/carla" not in seen
    assert f"{PLACE}/report/person/{world['carla']}" in seen
    assert f"{PLACE}/order/people/chen" in text(sign_in("carla").get(members))


def test_the_muted_person_reads_why_until_when_and_what_they_can_do(world, sign_in, database):
    bakari = sign_in("bakari")
    assert "You are muted" not in text(bakari.get(f"{PLACE}/log"))
    act(sign_in("carla"), "bakari", "mute-3", "Cool down, <b>please</b>.")
    everywhere = text(bakari.get(f"{PLACE}/log"))
    assert "You are muted here" in everywhere and "Cool down, &lt;b&gt;please&lt;/b&gt;." in everywhere
    page = text(bakari.get(f"{PLACE}/measure"))
    assert "Cool down" in page and "What you can do" in page and "Carla" in page and "Chen" in page
    ((receivers, values),) = told(database, "house_muted")
    assert receivers == [world["bakari"]] and values["reason"] == "Cool down, <b>please</b>."
    assert "You are muted" not in text(sign_in("amina").get(f"{PLACE}/log"))


def test_a_measure_ends_by_itself_and_before_its_time(world, sign_in, database):
    carla, bakari = sign_in("carla"), sign_in("bakari")
    act(carla, "bakari", "mute-30")
    assert "Muted until" in text(carla.get(f"{PLACE}/order/measures"))
    assert undo(carla, "bakari", "unmute", "Thank you for talking.").status_code == 303
    assert member(database, world, "bakari").muted_until is None
    assert "You are muted" not in text(bakari.get(f"{PLACE}/log"))
    assert told(database, "house_unmuted")[0][0] == [world["bakari"]]
    # Undone twice, or ended by itself: nothing is written.
    assert undo(carla, "bakari", "unmute").status_code == 409
    with database.transaction() as session:
        session.get(Member, (world["community"], world["bakari"])).muted_until = now() - timedelta(minutes=1)
    assert "You are muted" not in text(bakari.get(f"{PLACE}/log"))
    assert "Nobody is muted" in text(carla.get(f"{PLACE}/order/measures"))


def test_somebody_is_taken_out_and_let_back_in(world, sign_in, database):
    carla, bakari = sign_in("carla"), sign_in("bakari")
    joined = member(database, world, "bakari").joined_at
    act(carla, "bakari", "remove-30", "You went on after two warnings.")
    row = member(database, world, "bakari")
    assert row.state == "removed" and timedelta(days=29) < row.removed_until - now() <= timedelta(days=30)
    with database.reading() as session:
        assert session.get(Community, world["community"]).member_count == 5
    page = text(bakari.get(f"{PLACE}/measure"))
    assert "took you out" in page and "two warnings" in page
    # What concerns them stays open to them, the rest of the log is the members' own.
    assert "two warnings" in text(bakari.get(f"{PLACE}/log"))
    assert bakari.get(f"{PLACE}/report/person/{world['amina']}").status_code == 403
    assert undo(carla, "bakari", "restore").status_code == 303
    row = member(database, world, "bakari")
    assert (row.state, row.role, row.removed_until, row.joined_at) == ("active", "member", None, joined)
    with database.reading() as session:
        assert session.get(Community, world["community"]).member_count == 6
    act(carla, "bakari", "remove-0")
    assert member(database, world, "bakari").removed_until is None
    assert "for good" in text(bakari.get(f"{PLACE}/measure"))


def test_who_had_left_is_kept_out_and_not_made_a_member_again(world, sign_in, database):
    with database.transaction() as session:
        session.get(Member, (world["community"], world["dora"])).state = "left"
    carla = sign_in("carla")
    act(carla, "dora", "remove-30")
    assert member(database, world, "dora").state == "removed"
    undo(carla, "dora", "restore")
    assert member(database, world, "dora").state == "left"


def test_facilitators_mute_members_for_a_week_at_most_and_take_nobody_out(world, sign_in, database):
    fatou = sign_in("fatou")
    page = text(fatou.get(f"{PLACE}/order/people/bakari"))
    assert "mute-7" in page and "mute-30" not in page and "remove-" not in page
    assert act(fatou, "bakari", "mute-30").status_code == 422
    assert act(fatou, "bakari", "remove-0").status_code == 403
    assert member(database, world, "bakari").state == "active"
    assert member(database, world, "bakari").muted_until is None
    assert act(fatou, "bakari", "mute-7").status_code == 303
    # What a coordinator decided for longer is not theirs to end.
    act(sign_in("carla"), "bakari", "mute-30")
    assert undo(fatou, "bakari", "unmute").status_code == 403
    assert act(fatou, "bakari", "mute-1").status_code == 403
    assert member(database, world, "bakari").muted_until > now() + timedelta(days=20)


@pytest.mark.parametrize("whom", ["carla", "fatou"])
def test_nobody_acts_against_themselves_or_above_themselves(world, sign_in, database, whom):
    fatou = sign_in("fatou")
    assert "mute-" not in text(fatou.get(f"{PLACE}/order/people/{whom}"))
    assert act(fatou, whom, "mute-1").status_code == 403
    assert member(database, world, whom).muted_until is None
    if whom == "carla":
        assert act(sign_in("carla"), "carla", "remove-0").status_code == 403
        assert member(database, world, "carla").role == "coordinator"


def test_members_and_strangers_keep_no_order(world, sign_in, database, client):
    for name in ("amina", "guest"):
        browser = sign_in(name)
        for path in ("order", "order/1", "order/measures", "order/people/bakari"):
            assert browser.get(f"{PLACE}/{path}").status_code == 403, (name, path)
        token = {"csrf_token": browser.token("/account")}
        data = {**token, "do-action": "mute-1", "do-reason": "x", "do-cause": "unkind"}
        assert browser.post(f"{PLACE}/order/people/bakari", data=data).status_code == 403
        assert browser.post(f"{PLACE}/order/1", data={**token, "outcome": "left"}).status_code == 403
    assert sign_in("guest").get(f"{PLACE}/log").status_code == 403
    assert client.get(f"{PLACE}/order").status_code in (302, 303, 401)
    assert member(database, world, "bakari").muted_until is None


def test_what_is_about_a_coordinator_goes_to_the_others_and_never_to_themselves(world, sign_in, database):
    tell(sign_in("amina"), "person", world["carla"])
    assert [receivers for receivers, _values in told(database, "house_report")] == [[world["chen"]]]
    carla, chen, fatou = sign_in("carla"), sign_in("chen"), sign_in("fatou")
    for browser in (carla, fatou):
        assert "Nothing to look at" in text(browser.get(f"{PLACE}/order"))
        assert browser.get(f"{PLACE}/order/1").status_code == 404
    assert "Please look" in text(chen.get(f"{PLACE}/order"))
    assert decide(chen, 1, "muted-1").status_code == 303
    assert member(database, world, "carla").muted_until is not None


def test_where_nobody_else_could_decide_it_goes_to_the_moderators_of_the_platform(world, sign_in, database, runner):
    with database.transaction() as session:
        session.get(Member, (world["community"], world["chen"])).state = "left"
    sent = tell(sign_in("amina"), "person", world["carla"], "unsafe", "She threatens people")
    (row,) = reports(database)
    assert (row.state, row.outcome, row.decided_by) == ("decided", "forwarded", None)
    assert told(database, "house_report") == []
    assert "Passed on to the moderators" in text(sign_in("amina").get(sent.location))
    runner.invoke(args=["jobs", "work", "--until-empty"])
    with database.reading() as session:
        (platform,) = session.query(Report)
        assert (platform.kind, platform.thing_id, platform.reason) == ("profile", world["carla"], "unsafe")
        assert platform.note == "She threatens people" and platform.reporter_account_id is not None
    moses = sign_in("moses")
    assert "She threatens people" in text(moses.get("/reports/1"))
    # Not even that there was one.
    assert "Nothing decided yet" in text(sign_in("carla").get(f"{PLACE}/order?state=decided"))


def test_what_nobody_can_decide_any_more_is_passed_on_by_itself(world, sign_in, database, runner):
    tell(sign_in("amina"), "person", world["carla"])
    tell(sign_in("amina"), "post", world["post"])
    with database.transaction() as session:
        session.get(Member, (world["community"], world["chen"])).state = "left"
    runner.invoke(args=["jobs", "work", "--until-empty"])
    runner.invoke(args=["jobs", "work", "--until-empty"])
    assert [(row.kind, row.outcome) for row in reports(database)] == [("person", "forwarded"), ("post", None)]
    with database.reading() as session:
        assert [row.thing_id for row in session.query(Report)] == [world["carla"]]


def test_nobody_shows_a_post_of_their_own_again_that_was_hidden(world, sign_in, database):
    tell(sign_in("amina"), "post", world["posts"]["fatou"])
    decide(sign_in("chen"), 1, "hidden")
    with database.reading() as session:
        standing = get_standing(session, Actor(account_id=1, person_id=world["fatou"]), "maths-east")
        with pytest.raises(Forbidden):
            return_post(session, standing, world["posts"]["fatou"], "Mine")


def test_what_is_beyond_the_coordinators_is_passed_on_by_them(world, sign_in, database, runner):
    tell(sign_in("amina"), "post", world["post"], "off_topic")
    assert decide(sign_in("fatou"), 1, "forwarded", "We fear for somebody.").status_code == 303
    runner.invoke(args=["jobs", "work", "--until-empty"])
    with database.reading() as session:
        (platform,) = session.query(Report)
        # A reason that only communities know is none of the platform's.
        assert (platform.kind, platform.thing_id, platform.reason) == ("post", world["post"], "other")
        assert platform.note == "Please look\n\nWe fear for somebody."
    assert told(database, "house_forwarded")[0][0] == [world["amina"]]


def test_nobody_decides_what_they_reported_themselves(world, sign_in, database):
    carla = sign_in("carla")
    tell(carla, "post", world["post"])
    assert [receivers for receivers, _values in told(database, "house_report")] == [
        sorted([world["chen"], world["fatou"]])
    ]
    assert "You reported this yourself" in text(carla.get(f"{PLACE}/order/1"))
    assert decide(carla, 1, "muted-7").status_code == 403
    assert member(database, world, "bakari").muted_until is None


def test_the_same_person_reports_the_same_thing_once(world, sign_in, database):
    amina, dora = sign_in("amina"), sign_in("dora")
    tell(amina, "post", world["post"])
    tell(amina, "post", world["post"], "unsafe", "Once more")
    (row,) = reports(database)
    assert row.reason == "unsafe" and row.note == "Please look\n\nOnce more"
    assert len(told(database, "house_report")) == 1
    tell(dora, "post", world["post"], note="Me too")
    fatou = sign_in("fatou")
    listed = text(fatou.get(f"{PLACE}/order"))
    assert listed.count("Look at it and decide") == 1
    assert "Once more" in listed and "Me too" in listed
    page = text(fatou.get(f"{PLACE}/order/1"))
    assert "Once more" in page and "Me too" in page
    # Deciding one decides both, and both hear of it.
    decide(fatou, 1, "left", "")
    assert {row.state for row in reports(database)} == {"decided"}
    assert told(database, "house_left")[0][0] == sorted([world["amina"], world["dora"]])
    # After that it may be reported again.
    assert tell(amina, "post", world["post"]).status_code == 303
    assert len(reports(database)) == 3


def test_a_post_is_hidden_with_a_reason_alone_or_beside_a_measure(world, sign_in, database):
    tell(sign_in("amina"), "post", world["post"])
    chen = sign_in("chen")
    assert decide(chen, 1, "hidden", "Not in these words.").status_code == 303
    with database.reading() as session:
        assert session.get(Post, world["post"]).hidden_at is not None
        row = session.query(HouseLog).one()
        assert (row.action, row.kind, row.person_id, row.reason) == (
            "hide", "post", world["bakari"], "Not in these words.",
        )  # fmt: skip
    assert "Post hidden" in text(chen.get(f"{PLACE}/order?state=decided"))
    assert sign_in("dora").get(f"{PLACE}/report/post/{world['post']}").status_code == 404
    # Beside a measure: the report of a facilitator's post, which only coordinators decide.
    tell(sign_in("amina"), "post", world["posts"]["fatou"])
    assert sign_in("fatou").get(f"{PLACE}/order/2").status_code == 404
    assert "Hide the post as well" in text(chen.get(f"{PLACE}/order/2"))
    assert decide(chen, 2, "muted-1", also_hide="y").status_code == 303
    assert member(database, world, "fatou").muted_until is not None
    with database.reading() as session:
        assert session.get(Post, world["posts"]["fatou"]).hidden_at is not None
        assert [row.action for row in session.query(HouseLog).order_by(HouseLog.id)] == ["hide", "hide", "mute"]


def test_a_post_that_is_gone_or_taken_back_can_still_be_decided(world, sign_in, database):
    amina, carla = sign_in("amina"), sign_in("carla")
    tell(amina, "post", world["post"])
    with database.transaction() as session:
        session.get(Post, world["post"]).withdrawn_at = now()
    page = text(carla.get(f"{PLACE}/order/1"))
    assert "has taken it back" in page and "fools" in page and 'value="hidden"' not in page
    with database.transaction() as session:
        session.delete(session.get(Post, world["post"]))
    page = text(carla.get(f"{PLACE}/order/1"))
    assert "no longer there" in page
    assert decide(carla, 1, "hidden").status_code == 422
    assert decide(carla, 1, "muted-1").status_code == 303
    assert "no longer there" in text(carla.get(f"{PLACE}/order?state=decided"))


def test_two_who_decide_at_once_decide_once(world, sign_in, database):
    tell(sign_in("amina"), "post", world["post"])
    carla, chen = sign_in("carla"), sign_in("chen")
    token = carla.token(f"{PLACE}/order/1"), chen.token(f"{PLACE}/order/1")
    data = {"outcome": "muted-7", "reason": "First", "lang": "en"}
    assert carla.post(f"{PLACE}/order/1", data={"csrf_token": token[0], **data}).status_code == 303
    late = chen.post(f"{PLACE}/order/1", data={"csrf_token": token[1], **data, "outcome": "removed-0"})
    assert late.status_code == 409 and "Somebody else decided this" in text(late)
    assert member(database, world, "bakari").state == "active"
    with database.reading() as session:
        assert session.query(HouseLog).count() == 1


def test_only_what_can_be_read_and_is_not_ones_own_is_reported(world, sign_in, database):
    amina = sign_in("amina")
    assert sign_in("bakari").get(f"{PLACE}/report/post/{world['post']}").status_code == 403
    assert amina.get(f"{PLACE}/report/person/{world['amina']}").status_code == 403
    assert sign_in("guest").get(f"{PLACE}/report/post/{world['post']}").status_code == 403
    with database.transaction() as session:
        elsewhere = make_community(session, "elsewhere")
        stranger = make_person(session, "stranger")
        other = make_thread(session, elsewhere, stranger).last_post_id
    for path in (f"post/{other}", "post/999999", f"thread/{world['thread']}", f"person/{world['guest']}",
                 "person/9223372036854775807", "post/0"):  # fmt: skip
        assert amina.get(f"{PLACE}/report/{path}").status_code == 404, path


def test_bad_input_is_told_beside_the_field_and_kept(world, sign_in, database):
    amina = sign_in("amina")
    refused = tell(amina, "post", world["post"], "nonsense", "This I typed")
    assert refused.status_code == 422 and "This I typed" in text(refused) and "choose what is wrong" in text(refused)
    assert tell(amina, "post", world["post"], "unkind", "x" * 2001).status_code == 422
    tell(amina, "post", world["post"])
    carla = sign_in("carla")
    refused = decide(carla, 1, "muted-7", "")
    assert refused.status_code == 422 and "say why" in text(refused)
    for outcome in ("", "nonsense", "muted-2", "muted-0", "removed-7", "muted-99999999"):
        assert decide(carla, 1, outcome, "Kept words").status_code == 422, outcome
    assert reports(database)[0].state == "open"
    assert act(carla, "bakari", "mute-7", "").status_code == 422
    assert act(carla, "bakari", "mute-7", cause="nonsense").status_code == 422
    assert act(carla, "bakari", "nonsense").status_code == 422
    assert undo(carla, "bakari", "nonsense").status_code == 422
    assert member(database, world, "bakari").muted_until is None
    with database.reading() as session:
        assert session.query(HouseLog).count() == 0


def test_the_log_is_open_to_those_concerned_and_unnamed_for_the_others(world, sign_in, database):
    act(sign_in("carla"), "bakari", "mute-7", "A reason for him alone.", "selling")
    everything = text(sign_in("chen").get(f"{PLACE}/log"))
    assert "Bakari" in everything and "Carla" in everything and "for him alone" in everything
    his = text(sign_in("bakari").get(f"{PLACE}/log"))
    assert "About you" in his and "for him alone" in his
    for name in ("amina", "fatou"):
        page = text(sign_in(name).get(f"{PLACE}/log"))
        assert "A member was muted" in page and "Sells something" in page
        listed = page.split("<ol", 1)[1].split("</ol>", 1)[0]
        assert "Bakari" not in listed and "Carla" not in listed and "for him alone" not in listed
        # Of the moment only the day, so that it can't be matched with what one saw happen.
        assert not re.search(r"T\d\d:\d\d", listed)
    assert "Nothing was done yet" in text(sign_in("amina").get(f"{PLACE}/log?about=me"))


def test_the_person_concerned_learns_nothing_of_who_reported(world, sign_in, database):
    tell(sign_in("amina"), "post", world["post"], note="A note of hers")
    decide(sign_in("carla"), 1, "muted-7")
    bakari = sign_in("bakari")
    for path in ("log", "measure", "reported"):
        page = text(bakari.get(f"{PLACE}/{path}"))
        assert "Amina" not in page and "A note of hers" not in page
    download = bakari.get("/account/download")
    assert "A note of hers" not in text(download)


def test_the_list_asks_the_database_a_fixed_number_of_times(world, sign_in, database):
    carla = sign_in("carla")

    def statements(path):
        with count_statements(database) as sent:
            assert carla.get(path).status_code == 200
        return len(sent)

    tell(sign_in("amina"), "post", world["post"])
    tell(sign_in("dora"), "person", world["bakari"])
    act(carla, "bakari", "mute-1")
    few = {path: statements(f"{PLACE}/{path}") for path in ("order", "order/measures", "log")}
    with database.transaction() as session:
        community = session.get(Community, world["community"])
        for number in range(30):
            person = make_person(session, f"p{number}")
            add_member(session, community, person, muted_until=now() + timedelta(days=3), measure_reason="Quiet")
            session.add(
                HouseReport(
                    community_id=community.id,
                    by_person_id=world["dora"],
                    about_id=person.id,
                    kind="person",
                    thing_id=person.id,
                    reason="unkind",
                    open_key=f"k{number}",
                )
            )
            session.add(
                HouseLog(
                    community_id=community.id,
                    by_person_id=world["chen"],
                    action="mute",
                    kind="person",
                    thing_id=person.id,
                    person_id=person.id,
                    reason="x",
                )
            )
    many = text(carla.get(f"{PLACE}/order"))
    assert many.count("Look at it and decide") == 20
    assert "after=" in many
    for path, number in few.items():
        assert statements(f"{PLACE}/{path}") == number, path
    following = re.search(r'href="([^"]*after=[^"]*)"', many).group(1).replace("&amp;", "&")
    assert text(carla.get(following)).count("Look at it and decide") == 12


def test_what_was_reported_is_taken_along_and_the_words_go_with_the_account(world, sign_in, database):
    amina = sign_in("amina")
    tell(amina, "post", world["post"], note="A note of hers")
    assert "A note of hers" in text(amina.get("/account/download"))
    amina.submit("/account/delete", {"current": PASSWORD})
    (row,) = reports(database)
    assert (row.by_person_id, row.note, row.state) == (None, "", "open")
    carla = sign_in("carla")
    assert "Someone who is not here now" in text(carla.get(f"{PLACE}/order"))
    assert decide(carla, 1, "left", "").status_code == 303
