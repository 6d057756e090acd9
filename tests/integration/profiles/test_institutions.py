"""Entering, showing and changing institutions, and who acts for them."""

from __future__ import annotations

import pytest

from app.core.mail import Mail
from app.core.settings import Settings
from app.core.web.mailing import render_mail
from app.features.profiles.models import Institution
from tests.integration.profiles.test_own_profile import fields_of, values_on
from tests.integration.profiles.worlds import add_delegate, last_token, load, mails, make_owner, make_record, roles
from tests.support.people import make_institution, make_person

NEW = {"name": "Lakeside School", "lang": "en", "type": "school", "country": "KE", "city": "Kisumu", "website": ""}


@pytest.fixture
def world(database):
    with database.transaction() as session:
        make_owner(session, "amina", "lakeside", name="Lakeside School", website="https://lakeside.ac.ke")
        make_person(session, "juma", name="Juma")
        make_person(session, "nadia", name="نادية")


def test_entering_an_institution_makes_one_its_owner(world, sign_in, database):
    response = sign_in("juma").submit("/institutions/new", {**NEW, "name": "Bay School"})
    assert response.location == "/institutions/bay-school/edit"
    institution = load(database, "bay-school")
    assert (institution.name, institution.type, institution.country, institution.claimed) == (
        "Bay School",
        "school",
        "KE",
        True,
    )
    assert institution.verified_by is None
    assert roles(database, "bay-school") == {"juma": "owner"}


@pytest.mark.parametrize(
    "bad, message",
    [
        ({"name": ""}, "Please write the name."),
        ({"name": "12345"}, "Please write the name with letters."),
        ({"website": "javascript:alert(1)"}, "This is not the address of a website."),
        ({"country": "XX"}, "Please choose one from the list."),
        ({"type": "circus"}, "Please choose one from the list."),
    ],
)
def test_bad_input_is_named_and_kept(world, sign_in, database, bad, message):
    response = sign_in("juma").submit("/institutions/new", {**NEW, "city": "Kisumu Ndogo", **bad})
    assert response.status_code == 422
    assert message in response.get_data(as_text=True)
    assert "Kisumu Ndogo" in response.get_data(as_text=True)
    with database.reading() as session:
        assert session.query(Institution).count() == 1


def test_names_in_other_scripts_and_twice_the_same_name_get_a_handle(world, sign_in, database):
    juma = sign_in("juma")
    juma.submit("/institutions/new", {**NEW, "name": "جامعة صفاقس", "lang": "ar"})
    juma.submit("/institutions/new", {**NEW, "name": "Lakeside"})
    juma.submit("/institutions/new", {**NEW, "name": "New"})
    with database.reading() as session:
        handles = {i.handle for i in session.query(Institution)}
    assert {"lakeside", "lakeside-2", "new-2"} <= handles
    assert sum(h.startswith("institution-") for h in handles) == 1


def test_without_a_profile_or_a_confirmed_address_it_says_what_comes_first(sign_in, database):
    with database.transaction() as session:
        make_person(session, "fresh", account={"verified_at": None})
    browser = sign_in("fresh")
    assert "First confirm your mail address" in browser.get("/institutions/new").get_data(as_text=True)


@pytest.mark.parametrize("section", ["names", "place", "teaching", "languages", "exchange", "texts", "contacts"])
def test_every_section_saves_what_it_shows(world, sign_in, database, section):
    amina = sign_in("amina")
    page = f"/institutions/lakeside/edit/{section}"
    before = load(database, "lakeside")
    assert amina.post(page, data=values_on(amina, page)).status_code == 303
    after = load(database, "lakeside")
    assert after.version > before.version
    assert after.name == before.name


def test_names_in_several_languages(world, sign_in, database):
    amina = sign_in("amina")
    page = "/institutions/lakeside/edit/names"
    new = {"new_name": "Shule ya Lakeside", "new_lang": "sw", "new_kind": "label"}
    assert amina.post(page, data={**values_on(amina, page), **new, "add": "names"}).status_code == 200
    data = {**fields_of(amina.last_page), "main": "1"}
    assert amina.post(page, data=data).status_code == 303
    institution = load(database, "lakeside")
    assert institution.name == "Shule ya Lakeside"
    assert {(n.name, n.lang) for n in institution.names} == {("Lakeside School", "en"), ("Shule ya Lakeside", "sw")}
    text = amina.get("/institutions/lakeside").get_data(as_text=True)
    assert "Shule ya Lakeside" in text
    assert "Lakeside School" in text


def test_two_tabs_on_an_institution(world, sign_in, database):
    amina = sign_in("amina")
    page = "/institutions/lakeside/edit/place"
    one = values_on(amina, page)
    assert amina.post(page, data={**one, "city": "Kisumu"}).status_code == 303
    told = amina.post(page, data={**one, "city": "Homa Bay"})
    assert told.status_code == 409
    assert "Kisumu" in told.get_data(as_text=True)
    assert "Homa Bay" in told.get_data(as_text=True)
    assert load(database, "lakeside").city == "Kisumu"


def test_only_owners_and_editors_change_it(world, sign_in, database):
    with database.transaction() as session:
        from app.features.profiles.models import Person

        institution = session.query(Institution).one()
        people = {p.handle: p for p in session.query(Person)}
        add_delegate(session, institution, people["juma"], "representative")
    page = "/institutions/lakeside/edit/place"
    assert sign_in("juma").get(page).status_code == 403
    assert sign_in("nadia").get(page).status_code == 403
    amina = sign_in("amina")
    data = values_on(amina, page)
    juma = sign_in("juma")
    token = juma.token("/profile/place")
    assert juma.post(page, data={**data, "csrf_token": token, "city": "X"}).status_code == 403
    assert load(database, "lakeside").city is None


def test_the_page_says_what_is_not_verified_and_is_open_to_guests(world, client):
    text = client.get("/institutions/lakeside").get_data(as_text=True)
    assert "Not verified yet" in text
    assert "Lakeside School" in text
    assert "Amina" not in text


def test_a_hidden_institution_is_not_there_but_for_operators(world, client, sign_in, database):
    with database.transaction() as session:
        from app.core.clock import now

        session.query(Institution).one().hidden_at = now()
        make_person(session, "ops", roles=["operator"])
    assert client.get("/institutions/lakeside").status_code == 404
    assert sign_in("ops").get("/institutions/lakeside").status_code == 200


def test_asking_by_handle_and_saying_yes(world, sign_in, database):
    amina = sign_in("amina")
    response = amina.submit("/institutions/lakeside/people", {"who": "juma", "role": "editor"})
    assert response.status_code == 303
    assert roles(database, "lakeside") == {"amina": "owner", "juma": "editor?"}
    assert mails(database, "profile_invited")[0]["to"] == "juma@example.org"
    juma = sign_in("juma")
    assert juma.get("/institutions/lakeside/edit").status_code == 403
    assert "Lakeside School" in juma.get("/institutions/mine").get_data(as_text=True)
    juma.submit("/institutions/lakeside/membership", {"answer": "accept"}, page="/institutions/lakeside")
    assert roles(database, "lakeside")["juma"] == "editor"
    assert juma.get("/institutions/lakeside/edit").status_code == 200


@pytest.mark.parametrize(
    "who, role, message",
    [
        ("nobody-here", "editor", "There is nobody with this handle."),
        ("amina", "editor", "acts for it already"),
        ("juma", "emperor", "Please choose one from the list."),
        ("not@an@address", "editor", "This is not a complete mail address"),
        ("", "editor", "Please say whom you ask."),
    ],
)
def test_asking_wrongly(world, sign_in, database, who, role, message):
    response = sign_in("amina").submit("/institutions/lakeside/people", {"who": who, "role": role})
    assert response.status_code == 422
    assert message in response.get_data(as_text=True)
    assert roles(database, "lakeside") == {"amina": "owner"}


def test_asking_by_mail_says_nothing_of_accounts(world, sign_in, database):
    amina = sign_in("amina")
    answers = []
    for address in ("juma@example.org", "unknown@example.org"):
        response = amina.submit("/institutions/lakeside/people", {"who": address, "role": "owner"})
        page = amina.get(response.location).get_data(as_text=True)
        assert address not in page
        answers.append((response.status_code, response.location, page.count("Asked.")))
    assert answers[0] == answers[1]
    assert [m["to"] for m in mails(database, "profile_invitation")] == ["juma@example.org", "unknown@example.org"]


def test_the_link_of_the_mail_works_once(world, sign_in, database):
    sign_in("amina").submit(
        "/institutions/lakeside/people", {"who": "someone@school.example", "role": "representative"}
    )
    link = f"/institutions/join/{last_token(database, 'profile_invitation')}"
    juma = sign_in("juma")
    assert juma.submit(link, {}).location == "/institutions/lakeside"
    assert roles(database, "lakeside")["juma"] == "representative"
    assert sign_in("nadia").get(link).status_code == 404


def test_an_invitation_ends_with_the_owner_who_sent_it(world, sign_in, database):
    amina = sign_in("amina")
    amina.submit("/institutions/lakeside/people", {"who": "juma", "role": "owner"})
    sign_in("juma").submit("/institutions/lakeside/membership", {"answer": "accept"}, page="/institutions/lakeside")
    amina.submit("/institutions/lakeside/people", {"who": "friend@example.org", "role": "owner"})
    link = f"/institutions/join/{last_token(database, 'profile_invitation')}"
    sign_in("juma").submit(
        "/institutions/lakeside/people/amina", {"action": "remove"}, page="/institutions/lakeside/people"
    )
    assert sign_in("nadia").get(link).status_code == 404


def test_whom_a_former_owner_asked_is_not_asked_any_more(world, sign_in, database):
    amina, people = sign_in("amina"), "/institutions/lakeside/people"
    amina.submit(people, {"who": "juma", "role": "owner"})
    juma = sign_in("juma")
    juma.submit("/institutions/lakeside/membership", {"answer": "accept"}, page="/institutions/lakeside")
    amina.submit(people, {"who": "nadia", "role": "owner"})
    juma.submit(f"{people}/amina", {"action": "role", "role": "editor"}, page=people)
    assert roles(database, "lakeside") == {"amina": "editor", "juma": "owner"}


def test_asking_and_taking_back_again_and_again_fills_no_mailbox(world, sign_in, database):
    amina, people = sign_in("amina"), "/institutions/lakeside/people"
    answers = []
    for who in ("juma", "@juma", "juma", "juma"):
        answers.append(amina.submit(people, {"who": who, "role": "editor"}).status_code)
        amina.submit(f"{people}/juma", {"action": "remove"}, page=people)
    assert answers == [303, 303, 303, 429]
    assert len(mails(database, "profile_invited")) == 3
    assert amina.submit(people, {"who": "nadia", "role": "editor"}).status_code == 303


def test_whoever_is_asked_reads_as_what(world, sign_in):
    sign_in("amina").submit("/institutions/lakeside/people", {"who": "juma", "role": "representative"})
    page = sign_in("juma").get("/institutions/lakeside").get_data(as_text=True)
    assert "Your role would be: Representative: speaks for it, and changes nothing" in page


def test_only_known_languages_are_compared_and_never_with_an_institution_of_one_s_own(world, sign_in, database):
    with database.transaction() as session:
        make_person(session, "zuri", languages=[("sw", 7)])
        owner = make_person(session, "wei", languages=[("sw", 7)])
        make_institution(session, "academy", owner, languages=[("zh", 7)], country="CN")
        make_institution(session, "quiet", country="CN")
    said = {
        (who, where): "No language in common" in sign_in(who).get(f"/institutions/{where}").get_data(as_text=True)
        for who in ("zuri", "wei")
        for where in ("academy", "quiet")
    }
    assert said == {("zuri", "academy"): True} | dict.fromkeys(said.keys() - {("zuri", "academy")}, False)


def test_the_way_to_its_suggestions_is_for_those_who_act_for_it(world, sign_in):
    way = 'href="/suggestions?kind=institutions&amp;as=lakeside"'
    amina = sign_in("amina")
    assert way in amina.get("/institutions/lakeside").get_data(as_text=True)
    assert amina.get("/suggestions?kind=institutions&as=lakeside").status_code == 200
    assert way not in sign_in("juma").get("/institutions/lakeside").get_data(as_text=True)


def test_its_owner_is_asked_to_describe_it_not_themselves(world, sign_in):
    page = sign_in("amina").get("/institutions/lakeside").get_data(as_text=True)
    assert "Say a little about it" in page and "about yourself" not in page


def test_the_last_owner_stays(world, sign_in, database):
    amina = sign_in("amina")
    people = "/institutions/lakeside/people"
    amina.submit(people, {"who": "juma", "role": "editor"})
    amina.submit("/institutions/lakeside/membership", {"answer": "leave"}, page=people)
    assert "You are its only owner" in amina.get(people).get_data(as_text=True)
    amina.submit(f"{people}/amina", {"action": "role", "role": "editor"}, page=people)
    assert roles(database, "lakeside")["amina"] == "owner"
    amina.submit(f"{people}/juma", {"action": "role", "role": "owner"}, page=people)
    # Somebody who has only been asked is not an owner yet.
    amina.submit("/institutions/lakeside/membership", {"answer": "leave"}, page=people)
    assert roles(database, "lakeside")["amina"] == "owner"
    sign_in("juma").submit("/institutions/lakeside/membership", {"answer": "accept"}, page="/institutions/mine")
    amina.submit("/institutions/lakeside/membership", {"answer": "leave"}, page=people)
    assert roles(database, "lakeside") == {"juma": "owner"}


def test_editors_decide_nothing_about_people(world, sign_in, database):
    sign_in("amina").submit("/institutions/lakeside/people", {"who": "juma", "role": "editor"})
    juma = sign_in("juma")
    juma.submit("/institutions/lakeside/membership", {"answer": "accept"}, page="/institutions/mine")
    people = "/institutions/lakeside/people"
    assert juma.submit(people, {"who": "nadia", "role": "owner"}).status_code == 403
    assert juma.submit(f"{people}/amina", {"action": "remove"}, page=people).status_code == 403
    assert juma.submit(f"{people}/juma", {"action": "role", "role": "owner"}, page=people).status_code == 403
    assert roles(database, "lakeside") == {"amina": "owner", "juma": "editor"}


def test_people_of_an_institution_show_only_to_whom_they_let(world, sign_in, client, database):
    assert "Amina" in sign_in("nadia").get("/institutions/lakeside").get_data(as_text=True)
    assert "Amina" not in client.get("/institutions/lakeside").get_data(as_text=True)


@pytest.mark.parametrize("template", ["profile_invited", "profile_invitation", "profile_verify"])
def test_the_mails_read_well(app, template):
    values = {
        "institution": "Lakeside & Sons",
        "handle": "x",
        "token": "t0",
        "inviter": "Amina",
        "person": "Amina",
        "role": "owner",
    }
    subject, text = render_mail(app, Mail(id=1, to_address="a@b.org", template=template, locale="en", values=values))
    assert "Lakeside & Sons" in subject
    assert "http://localhost/institutions/" in text
    assert "Amina" in text


def test_the_record_of_an_institution_shows_that_nobody_acts_for_it(world, client, database):
    with database.transaction() as session:
        make_record(session)
    text = client.get("/institutions/muhas").get_data(as_text=True)
    assert "Nobody acts for it here yet" in text
    assert 'href="https://ror.org/027pr6c67"' in text


def test_an_institution_without_anything_is_shown(client, database, settings: Settings):
    with database.transaction() as session:
        make_institution(session, "bare")
    assert client.get("/institutions/bare").status_code == 200
    assert client.get("/institutions/" + "x" * 500).status_code == 404
    assert client.get("/people/bare").status_code == 404
