"""Who sees what of whom."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import event

from app.core.actor import GUEST, Actor
from app.core.clock import now
from app.features.profiles.models import Delegation, Institution, Person
from app.features.profiles.queries.visible import present_many
from app.features.relations.models import Connection
from app.features.relations.services import block, connect
from tests.support.people import PASSWORD, make_account, make_institution, make_person

AUDIENCES = {"texts": "connections", "exchange": "me"}


@pytest.fixture
def people(database):
    with database.transaction() as session:
        amina = make_person(
            session,
            "a-teacher",
            name="Amina Otieno",
            name_lang="sw",
            country="KE",
            city="Kisumu",
            timezone="Africa/Nairobi",
            subjects=["0541"],
            levels=["2"],
            languages=[("sw", 7, True), ("en", 5)],
            offers=[("translate",)],
            about={"sw": "Habari <b>zenu</b>\n\nNdimi mwalimu", "fr": "Bonjour"},
            audiences=AUDIENCES,
        )
        juma = make_person(session, "juma", name="Juma", languages=[("sw", 5)])
        nadia = make_person(session, "nadia", name="Nadia", languages=[("fr", 7), ("sw", 2)])
        make_person(session, "ops", roles=["operator"])
        make_person(session, "fresh", account={"verified_at": None})
        connect(session, amina.id, nadia.id)
        return {"amina": amina.id, "juma": juma.id, "nadia": nadia.id}


def page(browser, path="/people/a-teacher") -> str:
    response = browser.get(path)
    assert response.status_code == 200
    return response.get_data(as_text=True)


def test_a_guest_sees_neither_name_nor_exact_place(people, client):
    text = page(client)
    assert "A teacher in Kenya" in text
    assert "Mathematics" in text
    assert "Kiswahili" in text
    for hidden in ("Amina", "Otieno", "Kisumu", "Nairobi", "Habari", "Bonjour"):
        assert hidden not in text


def test_someone_whose_address_is_not_confirmed_counts_as_a_guest(people, sign_in):
    assert "Otieno" not in page(sign_in("fresh"))


def test_a_member_sees_what_is_open_to_members(people, sign_in):
    text = page(sign_in("juma"))
    assert "Amina Otieno" in text
    assert "Kisumu" in text
    assert "there now" in text
    for hidden in ("Habari", "Bonjour", "Translate"):
        assert hidden not in text


def test_a_connection_sees_more_and_only_oneself_everything(people, sign_in):
    text = page(sign_in("nadia"))
    assert "Connected with you" in text
    assert "Bonjour" in text
    assert "Translate" not in text
    own = page(sign_in("a-teacher"))
    assert "Translate" in own
    assert "Otieno" not in page(sign_in("a-teacher"), "/people/a-teacher?as=guest").partition("<main")[2]


def test_nobody_else_looks_through_a_guests_eyes_by_the_address(people, sign_in):
    assert "Amina Otieno" in page(sign_in("juma"), "/people/a-teacher?as=guest")


def test_texts_come_in_the_readers_language_with_links_to_the_others(people, sign_in):
    nadia = sign_in("nadia")
    text = page(nadia, "/people/a-teacher?lang=fr")
    assert '<div class="prose" lang="fr" dir="auto"><p>Bonjour</p></div>' in text
    assert "?text=sw" in text
    other = page(nadia, "/people/a-teacher?text=sw")
    assert "<p>Habari &lt;b&gt;zenu&lt;/b&gt;</p><p>Ndimi mwalimu</p>" in other
    assert page(nadia, "/people/a-teacher?text=xx")


def test_shared_languages_are_those_both_know_well_enough(people, sign_in):
    assert "shared with you" in page(sign_in("juma"))
    assert "shared with you" not in page(sign_in("nadia"))
    assert "shared with you" not in page(sign_in("a-teacher"))


def test_a_block_hides_both_from_each_other(people, sign_in, database):
    with database.transaction() as session:
        block(session, people["amina"], people["juma"])
    assert sign_in("juma").get("/people/a-teacher").status_code == 404
    assert sign_in("a-teacher").get("/people/juma").status_code == 404


def test_someone_hidden_is_seen_by_themselves_and_operators(people, client, sign_in, database):
    with database.transaction() as session:
        session.get(Person, people["amina"]).hidden_at = now()
    assert client.get("/people/a-teacher").status_code == 404
    assert sign_in("juma").get("/people/a-teacher").status_code == 404
    assert "This page is hidden" in page(sign_in("a-teacher"))
    text = page(sign_in("ops"))
    assert "Amina Otieno" in text
    assert "Translate" not in text, "what is for oneself alone is not for operators either"


def test_a_profile_without_anything_is_shown(client, database):
    with database.transaction() as session:
        make_person(session, "bare", audiences={})
    assert "A teacher" in page(client, "/people/bare")
    assert client.get("/people/nobody").status_code == 404


def test_samples_are_marked(client, database):
    with database.transaction() as session:
        make_person(session, "sample-x", sample=True)
    assert "Sample" in page(client, "/people/sample-x")


def test_institutions_one_acts_for_follow_their_own_audience(people, client, sign_in, database):
    with database.transaction() as session:
        institution = make_institution(
            session, "lakeside", session.get(Person, people["amina"]), name="Lakeside School"
        )
        assert institution.id
    assert "Lakeside School" in page(sign_in("juma"))
    assert "Lakeside School" not in page(client)


def test_presenting_many_takes_the_same_number_of_queries_for_few_and_for_many(people, database):
    with database.transaction() as session:
        many = [
            make_person(session, f"p{n}", languages=[("en", 5)], subjects=["0541"], about={"en": "x"}).id
            for n in range(12)
        ]
        many += [make_institution(session, f"i{n}").id for n in range(8)]
    actor = Actor(account_id=1, person_id=people["juma"], verified=True)
    counts = []
    for ids in (many[:1] + many[-1:], many):
        statements: list[str] = []
        with database.reading() as session:
            listen = lambda *args, into=statements: into.append(args[2])  # noqa: E731
            event.listen(database.engine, "before_cursor_execute", listen)
            views = present_many(session, actor, ids)
            event.remove(database.engine, "before_cursor_execute", listen)
        assert [view.id for view in views] == list(ids)
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 12


def test_presenting_many_leaves_out_the_hidden_and_the_blocked(people, database):
    with database.transaction() as session:
        block(session, people["nadia"], people["juma"])
        session.get(Person, people["amina"]).hidden_at = now()
    ids = [people["nadia"], 999_999, people["amina"], people["juma"]]
    with database.reading() as session:
        juma = Actor(account_id=1, person_id=people["juma"], verified=True)
        assert [view.handle for view in present_many(session, juma, ids)] == ["juma"]
        assert [view.handle for view in present_many(session, GUEST, ids)] == ["nadia", "juma"]
        assert present_many(session, GUEST, []) == []


def test_the_name_of_an_institution_comes_in_the_readers_language(client, database):
    with database.transaction() as session:
        institution = make_institution(session, "unesco", name="UNESCO, the organisation")
        from app.features.profiles.models import InstitutionName

        institution.names.append(InstitutionName(name="UNESCO, l'organisation", lang="fr", kind="label"))
    assert '<h1><bdi lang="fr">UNESCO, l&#39;organisation' in page(client, "/institutions/unesco?lang=fr")
    assert '<h1><bdi lang="en">UNESCO, the organisation' in page(client, "/institutions/unesco?lang=ar")


def test_two_languages_are_listed_once_each_in_arabic(people, sign_in):
    text = page(sign_in("a-teacher"), "/profile?lang=ar")
    assert text.count("Kiswahili\u2069 (") == text.count("English\u2069 (") == 1


def test_the_download_holds_the_whole_profile(people, sign_in):
    response = sign_in("a-teacher").get("/account/download")
    profile = json.loads(response.get_data(as_text=True))["profile"]
    assert profile["name"] == "Amina Otieno"
    assert profile["about"]["fr"] == "Bonjour"
    assert profile["languages"][0]["tag"] == "sw"
    assert profile["offers"][0]["code"] == "translate"
    assert "website" not in profile


def delete_account(browser):
    return browser.submit("/account/delete", {"current": PASSWORD})


def test_deleting_the_account_removes_the_person_and_sees_to_their_institutions(people, sign_in, database):
    with database.transaction() as session:
        amina, juma = session.get(Person, people["amina"]), session.get(Person, people["juma"])
        edited = make_institution(session, "edited", amina)
        session.add(Delegation(institution_id=edited.id, person_id=juma.id, role="editor", accepted_at=now()))
        make_institution(session, "record", amina, ror_id="027pr6c67", verified_by="ror")
        make_institution(session, "alone", amina, verified_by="mail")
    assert delete_account(sign_in("a-teacher")).status_code == 303
    with database.reading() as session:
        assert session.get(Person, people["amina"]) is None
        assert session.query(Connection).count() == 0
        found = {i.handle: i for i in session.query(Institution)}
        assert (found["edited"].claimed, found["edited"].hidden_at) == (True, None)
        assert (found["record"].claimed, found["record"].verified_by, found["record"].hidden_at) == (False, None, None)
        assert found["alone"].hidden_at is not None
        owner = session.query(Delegation).one()
        assert (owner.person_id, owner.role) == (people["juma"], "owner")


def test_an_account_without_a_profile_can_be_downloaded_and_deleted(app, database):
    with database.transaction() as session:
        make_account(session, "new")
    browser = app.test_client()
    browser.submit("/sign-in", {"email": "new@example.org", "password": PASSWORD})
    assert json.loads(browser.get("/account/download").get_data(as_text=True)).get("profile") is None
    assert delete_account(browser).status_code == 303
