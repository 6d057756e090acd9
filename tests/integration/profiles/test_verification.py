"""Claiming, verifying, vouching for and merging institutions."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.core.clock import now
from app.core.jobs import Job
from app.core.notices import notice_kind
from app.features.profiles.models import Institution, InstitutionName, Person, Verification
from app.features.relations.queries import are_connected
from app.features.relations.services import connect
from tests.integration.profiles.test_own_profile import values_on
from tests.integration.profiles.worlds import (
    ROR,
    add_delegate,
    last_token,
    load,
    mails,
    make_owner,
    make_record,
    roles,
)
from tests.support.people import make_institution, make_person
from tests.support.ror import record, ror_id, write_dump

SITE = "https://www.lakeside.ac.ke"


@pytest.fixture
def world(database):
    with database.transaction() as session:
        make_record(session)
        make_owner(session, "amina", "lakeside", name="Lakeside School", website=SITE)
        make_person(session, "juma")


def claim(browser, address, handle="muhas"):
    return browser.submit(f"/institutions/{handle}/claim", {"address": address})


def confirm(browser, database):
    return browser.submit(f"/institutions/verify/{last_token(database, 'profile_verify')}", {})


def test_claiming_a_record_needs_a_mail_to_one_of_its_domains(world, sign_in, database):
    juma = sign_in("juma")
    assert claim(juma, "Juma@MUHAS.ac.tz").status_code == 303
    assert load(database, "muhas").claimed is False
    link = f"/institutions/verify/{last_token(database, 'profile_verify')}"
    assert juma.get(link).status_code == 200
    assert load(database, "muhas").claimed is False, "opening the link alone must change nothing"
    assert "Last confirmed" not in juma.get("/institutions/muhas").get_data(as_text=True), "nobody confirmed a record"
    assert confirm(juma, database).location == "/institutions/muhas"
    page = juma.get("/institutions/muhas").get_data(as_text=True)
    assert "You now act for" in page and "Last confirmed" in page
    institution = load(database, "muhas")
    assert (institution.claimed, institution.verified_by) == (True, "ror")
    assert roles(database, "muhas") == {"juma": "owner"}
    assert juma.get(link).status_code == 404


@pytest.mark.parametrize(
    "address, message",
    [
        ("juma@gmail.com", "Everybody can have an address at gmail.com"),
        ("juma@evil.org", "This address must end in: @muhas.ac.tz"),
        ("juma@muhas.ac.tz.evil.org", "This address must end in"),
        ("juma@notmuhas.ac.tz", "This address must end in"),
        ("muhas.ac.tz", "not a complete mail address"),
        ("", "Please write your mail address."),
    ],
)
def test_other_addresses_do_not_count(world, sign_in, database, address, message):
    response = claim(sign_in("juma"), address)
    assert response.status_code == 422
    assert message in response.get_data(as_text=True)
    assert mails(database, "profile_verify") == []


def test_a_public_mail_host_never_counts_even_if_the_record_names_it(sign_in, database):
    with database.transaction() as session:
        make_record(session, domains=("gmail.com", "yahoo.fr"), website="https://facebook.com/muhas")
        make_person(session, "juma")
    juma = sign_in("juma")
    assert "names no domain of its own" in juma.get("/institutions/muhas/claim").get_data(as_text=True)
    response = juma.post(
        "/institutions/muhas/claim", data={"address": "x@gmail.com", "csrf_token": juma.token("/profile/place")}
    )
    assert response.status_code == 422
    assert mails(database, "profile_verify") == []


def test_the_link_is_for_the_one_who_asked(world, sign_in, database):
    claim(sign_in("juma"), "juma@muhas.ac.tz")
    link = f"/institutions/verify/{last_token(database, 'profile_verify')}"
    amina = sign_in("amina")
    assert amina.get(link).status_code == 404
    assert amina.post(link, data={"csrf_token": amina.token("/profile/place")}).status_code == 404
    assert load(database, "muhas").claimed is False


def test_an_old_link_is_over(world, sign_in, database):
    juma = sign_in("juma")
    claim(juma, "juma@muhas.ac.tz")
    with database.transaction() as session:
        session.query(Verification).one().expires_at = now() - timedelta(seconds=1)
    assert juma.get(f"/institutions/verify/{last_token(database, 'profile_verify')}").status_code == 404


def test_of_two_who_claim_the_first_wins(world, sign_in, database):
    juma, amina = sign_in("juma"), sign_in("amina")
    claim(juma, "juma@muhas.ac.tz")
    first = last_token(database, "profile_verify")
    claim(amina, "amina@muhas.ac.tz")
    confirm(amina, database)
    token = juma.token("/profile/place")
    assert juma.post(f"/institutions/verify/{first}", data={"csrf_token": token}).status_code == 409
    assert roles(database, "muhas") == {"amina": "owner"}


def ask(browser, method, data):
    page = "/institutions/lakeside/verification"
    fields = {f"{method}-{name}": value for name, value in data.items()}
    return browser.submit(f"{page}/{method}", fields, page=page)


def test_verifying_by_mail_to_the_domain_of_the_website(world, sign_in, database):
    amina = sign_in("amina")
    assert ask(amina, "mail", {"address": "head@gmail.com"}).status_code == 422
    assert ask(amina, "mail", {"address": "head@other.ac.ke"}).status_code == 422
    assert ask(amina, "mail", {"address": "head@lakeside.ac.ke"}).status_code == 303
    confirm(amina, database)
    institution = load(database, "lakeside")
    assert institution.verified_by == "mail"
    assert [d.domain for d in institution.domains] == ["lakeside.ac.ke"]


def test_a_new_website_ends_a_verification_by_mail(world, sign_in, database):
    amina = sign_in("amina")
    ask(amina, "mail", {"address": "head@lakeside.ac.ke"})
    confirm(amina, database)
    page = "/institutions/lakeside/edit/place"
    amina.post(page, data={**values_on(amina, page), "website": "http://lakeside.ac.ke/new"})
    assert load(database, "lakeside").verified_by == "mail"
    amina.post(page, data={**values_on(amina, page), "website": "https://ministry.go.ke"})
    institution = load(database, "lakeside")
    assert institution.verified_by is None
    assert institution.domains == []


def test_a_website_changed_after_the_mail_was_sent_is_noticed(world, sign_in, database):
    amina = sign_in("amina")
    ask(amina, "mail", {"address": "head@lakeside.ac.ke"})
    page = "/institutions/lakeside/edit/place"
    amina.post(page, data={**values_on(amina, page), "website": "https://ministry.go.ke"})
    assert confirm(amina, database).status_code == 409
    assert load(database, "lakeside").verified_by is None


@pytest.mark.parametrize("website", [None, "https://sites.google.com/lakeside", "https://lakeside.wordpress.com"])
def test_a_page_on_a_shared_host_verifies_nothing(world, sign_in, database, website):
    with database.transaction() as session:
        session.query(Institution).filter_by(handle="lakeside").one().website = website
    amina = sign_in("amina")
    page = amina.get("/institutions/lakeside/verification")
    assert "pages on a shared host do not count" in page.get_data(as_text=True)
    assert ask(amina, "mail", {"address": "x@google.com"}).status_code == 422


def test_joining_a_ror_record_verifies_and_keeps_ones_own_page(world, sign_in, database):
    amina = sign_in("amina")
    wrong = ask(amina, "ror", {"ror_id": "ror.org/0000", "address": "a@muhas.ac.tz"})
    assert "This is not a ROR id." in wrong.get_data(as_text=True)
    unknown = ask(amina, "ror", {"ror_id": "https://ror.org/02y9nww90", "address": "a@muhas.ac.tz"})
    assert "We do not have this record." in unknown.get_data(as_text=True)
    assert ask(amina, "ror", {"ror_id": "027PR6C67", "address": "a@muhas.ac.tz"}).status_code == 303
    confirm(amina, database)
    institution = load(database, "lakeside")
    assert (institution.ror_id, institution.verified_by) == (ROR, "ror")
    assert institution.name == "Lakeside School"
    assert "Chuo Kikuu cha Muhimbili" in [n.name for n in institution.names]
    moved = amina.get("/institutions/muhas")
    assert (moved.status_code, moved.location) == (301, "/institutions/lakeside")


def test_only_owners_verify(world, sign_in):
    assert sign_in("juma").get("/institutions/lakeside/verification").status_code == 403


@pytest.fixture
def three(database):
    """Two verified institutions and one that wants to be, each with an owner; a fourth verified by vouching alone."""
    with database.transaction() as session:
        make_owner(session, "amina", "lakeside", name="Lakeside School")
        make_owner(session, "bo", "bay", verified_by="ror", verified_at=now())
        make_owner(session, "cleo", "coast", verified_by="mail", verified_at=now(), website="https://coast.example")
        make_owner(session, "dao", "delta", verified_by="vouch", verified_at=now())


def vouch(browser, by, handle="lakeside", **more):
    return browser.submit(f"/institutions/{handle}/vouch", {"by": by, **more})


def test_two_verified_institutions_vouch(three, sign_in, database):
    assert vouch(sign_in("bo"), "bay").status_code == 303
    assert load(database, "lakeside").verified_by is None
    assert vouch(sign_in("bo"), "bay").status_code in (303, 422)
    assert load(database, "lakeside").verified_by is None, "the same word twice is one"
    assert vouch(sign_in("cleo"), "coast").status_code == 303
    assert load(database, "lakeside").verified_by == "vouch"
    vouch(sign_in("cleo"), "coast", action="withdraw")
    assert load(database, "lakeside").verified_by is None


def test_whoever_vouched_hears_of_another_name(three, sign_in, database):
    vouch(sign_in("bo"), "bay")
    amina, page = sign_in("amina"), "/institutions/lakeside/edit/names"
    for name in ("Lakeside School", "Ministry of Education"):
        typed = {**values_on(amina, page), "names-0-name": name}
        assert amina.post(page, data=typed).status_code == 303
    with database.reading() as session:
        ((told,),) = session.query(Job.payload).filter_by(name="notifications.tell")
        assert told["person_ids"] == [session.query(Person.id).filter_by(handle="bo").scalar()]
    assert (told["values"]["before"], told["values"]["name"]) == ("Lakeside School", "Ministry of Education")
    assert notice_kind(told["kind"]).endpoint == "profiles.show_institution"


def test_one_verified_by_vouching_alone_may_not_vouch(three, sign_in, database):
    dao = sign_in("dao")
    token = dao.token("/profile/place")
    response = dao.post("/institutions/lakeside/vouch", data={"by": "delta", "csrf_token": token})
    assert response.status_code == 403
    assert "Vouch for it" not in dao.get("/institutions/lakeside").get_data(as_text=True)


def test_nobody_vouches_for_their_own(three, sign_in, database):
    with database.transaction() as session:
        people = {p.handle: p for p in session.query(Person)}
        lakeside = session.query(Institution).filter_by(handle="lakeside").one()
        bay = session.query(Institution).filter_by(handle="bay").one()
        add_delegate(session, lakeside, people["bo"], "editor", accepted=False)
        add_delegate(session, bay, people["amina"], "owner")
        add_delegate(session, bay, people["dao"], "representative")
    assert sign_in("bo").get("/institutions/lakeside/vouch").status_code == 403
    # Somebody else of an institution that shares an owner with it is refused too.
    dao = vouch(sign_in("dao"), "bay")
    assert dao.status_code == 422
    assert "Nobody vouches for an institution of their own." in dao.get_data(as_text=True)


def test_one_person_is_one_voice(three, sign_in, database):
    with database.transaction() as session:
        bo = session.query(Person).filter_by(handle="bo").one()
        coast = session.query(Institution).filter_by(handle="coast").one()
        add_delegate(session, coast, bo, "representative")
    bo = sign_in("bo")
    vouch(bo, "bay")
    vouch(bo, "coast")
    assert load(database, "lakeside").verified_by is None


def test_vouching_ends_with_the_verification_it_stands_on(three, sign_in, database):
    vouch(sign_in("bo"), "bay")
    vouch(sign_in("cleo"), "coast")
    cleo = sign_in("cleo")
    page = "/institutions/coast/edit/place"
    cleo.post(page, data={**values_on(cleo, page), "website": "https://elsewhere.example"})
    assert load(database, "coast").verified_by is None
    assert load(database, "lakeside").verified_by is None


@pytest.fixture
def twice(world, database):
    """Amina's institution, and a second record of it that she owns too, with an editor and a connection."""
    with database.transaction() as session:
        amina = session.query(Person).filter_by(handle="amina").one()
        juma = session.query(Person).filter_by(handle="juma").one()
        double = make_institution(session, "double", amina, name="Lakeside Sch.", about={"sw": "Shule"})
        double.names.append(InstitutionName(name="LS", kind="acronym"))
        add_delegate(session, double, juma, "editor")
        connect(session, double.id, juma.id)
        return double.id, juma.id


def merge(browser, duplicate, **more):
    page = "/institutions/lakeside/merge"
    return browser.submit(page, {"duplicate": duplicate, **more})


def test_merging_asks_then_moves_everything(twice, sign_in, database):
    amina = sign_in("amina")
    sure = merge(amina, "http://localhost/institutions/double")
    assert sure.status_code == 200
    assert "It cannot be taken back." in sure.get_data(as_text=True)
    assert load(database, "double").merged_into_id is None
    assert merge(amina, "double", sure="yes").status_code == 303
    kept = load(database, "lakeside")
    assert {(n.name, n.kind) for n in kept.names} == {
        ("Lakeside School", "label"),
        ("Lakeside Sch.", "alias"),
        ("LS", "acronym"),
    }
    assert [t.lang for t in kept.texts] == ["sw"]
    assert roles(database, "lakeside") == {"amina": "owner", "juma": "editor"}
    with database.reading() as session:
        assert are_connected(session, kept.id, twice[1])
    old = amina.get("/institutions/double")
    assert (old.status_code, old.location) == (301, "/institutions/lakeside")


@pytest.mark.parametrize("named", ["nothing-here", "lakeside", "muhas", "amina"])
def test_merging_what_cannot_be_merged(twice, sign_in, database, named):
    response = merge(sign_in("amina"), named, sure="yes")
    assert response.status_code in (403, 422)
    assert load(database, "muhas").merged_into_id is None


def test_an_imported_record_is_found_by_its_address(world, sign_in, runner, database, tmp_path):
    dump = write_dump(tmp_path / "dump.json", [record(5)])
    assert runner.invoke(args=["institutions", "import-ror", str(dump)]).exit_code == 0
    amina, address = sign_in("amina"), f"https://ror.org/{ror_id(5)}"
    assert ask(amina, "ror", {"ror_id": address, "address": "head@su5.example"}).status_code == 303
    confirm(amina, database)
    institution = load(database, "lakeside")
    assert (institution.ror_id, institution.verified_by) == (ror_id(5), "ror")
    assert f'href="{address}"' in amina.get("/institutions/lakeside").get_data(as_text=True)


def test_the_command_merges_and_keeps_the_ror_id(world, runner, database):
    result = runner.invoke(args=["institutions", "merge", "lakeside", "muhas"])
    assert result.exit_code == 0, result.output
    assert load(database, "lakeside").ror_id == ROR
    assert load(database, "muhas").merged_into_id is not None
    again = runner.invoke(args=["institutions", "merge", "lakeside", "muhas"])
    assert again.exit_code == 1
    assert "merged already" in again.output
    assert runner.invoke(args=["institutions", "merge", "lakeside", "nowhere"]).exit_code == 1
    assert runner.invoke(args=["institutions", "merge", "lakeside"]).exit_code == 2


def test_two_active_ror_records_stay_two(world, runner, database):
    with database.transaction() as session:
        session.query(Institution).filter_by(handle="lakeside").one().ror_id = "02y9nww90"
    result = runner.invoke(args=["institutions", "merge", "lakeside", "muhas"])
    assert result.exit_code == 1
    assert "ROR lists them as two institutions" in result.output


def test_merging_a_chain_leads_to_the_end(world, runner, client, database):
    with database.transaction() as session:
        make_institution(session, "third")
    runner.invoke(args=["institutions", "merge", "lakeside", "muhas"])
    runner.invoke(args=["institutions", "merge", "third", "lakeside"])
    assert client.get("/institutions/muhas").location == "/institutions/third"
