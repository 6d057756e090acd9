"""Chapters: founded by country or language, drifting from their parent, taking and offering words."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from app.core.database import Database
from app.core.jobs import Job
from app.features.communities.models import (
    CHARTER_PARTS,
    Charter,
    CharterOffer,
    Community,
    CommunityFacet,
    HouseLog,
    Member,
)
from app.features.renditions.models import Rendition
from tests.integration.introductions.test_at_once import at_once
from tests.support.communities import add_member, make_community
from tests.support.people import make_person
from tests.support.statements import count_statements

PARENT = "/communities/maths-east"
NEW = f"{PARENT}/chapters/new"


@pytest.fixture
def world(database: Database) -> None:
    """A community that amina coordinates; brigitte (Kenya) and omar (Arabic) are members; chidi facilitates."""
    with database.transaction() as session:
        amina = make_person(session, "amina", country="TZ", languages=[("sw", 7)])
        community = make_community(
            session, "maths-east", amina, {"subject": ["0541"], "language": ["en"], "place": ["202"]},
            canvas={"domain": "Mathematics."}, questions=["Why?"],
        )  # fmt: skip
        for handle, role, country, language in (
            ("brigitte", "member", "KE", "fr"), ("omar", "member", "EG", "ar-EG"), ("chidi", "facilitator", "KE", "sw"),
        ):  # fmt: skip
            add_member(
                session, community, make_person(session, handle, country=country, languages=[(language, 7)]), role
            )


def _plan(code: str = "KE", **values: str) -> dict[str, str]:
    return {"code": code, "name": "Maths East Kenya", "summary": "Here.", "lang": "en", **values}


def _found(sign_in: Any, handle: str = "chidi", kind: str = "country", **plan: str) -> Any:
    browser = sign_in(handle)
    response = browser.submit(f"{NEW}?kind={kind}", _plan(**plan))
    assert response.status_code == 303, response.get_data(as_text=True)[:3000]
    return browser, response.location.removesuffix("/charter/parent")


def _edit(browser: Any, base: str, seen: int, lang: str = "en", **changes: str) -> Any:
    marks = {k: v for k, v in changes.items() if k in ("translated", "anchor")}
    parts = {f"part_{part}": changes.get(part, f"Our {part}.") for part in CHARTER_PARTS}
    sent = {**parts, "lang": lang, "licence": "CC-BY-4.0", "seen": str(seen), **marks}
    response = browser.submit(f"{base}/charter/edit", sent)
    assert response.status_code == 303, response.status_code
    return response


def _versions(database: Database, slug: str) -> list[dict[str, Any]]:
    with database.reading() as session:
        query = select(Charter).join(Community, Community.id == Charter.community_id).where(Community.slug == slug)
        return [
            {"id": c.id, "version": c.version, "offer": c.offer_id, **c.parts}
            for c in session.scalars(query.order_by(Charter.version))
        ]


def _told(database: Database, kind: str) -> list[list[str]]:
    from app.features.profiles.models import Person

    with database.reading() as session:
        handles = {person.id: person.handle for person in session.scalars(select(Person))}
        jobs = session.scalars(select(Job).where(Job.name == "notifications.tell"))
        return [sorted(handles[i] for i in j.payload["person_ids"]) for j in jobs if j.payload["kind"] == kind]


@pytest.mark.usefixtures("world")
def test_a_chapter_begins_with_the_parents_domain_and_charter(sign_in, client, database) -> None:
    _browser, base = _found(sign_in)
    assert base == "/communities/maths-east-kenya"
    with database.reading() as session:
        chapter = session.scalar(select(Community).where(Community.chapter_code == "KE"))
        facets = session.execute(select(CommunityFacet.kind, CommunityFacet.code).where(
            CommunityFacet.community_id == chapter.id
        )).all()  # fmt: skip
        assert {tuple(f) for f in facets} == {
            ("subject", "0541"),
            ("language", "en"),
            ("place", "202"),
            ("place", "KE"),
        }
        assert chapter.canvas == {"domain": "Mathematics."} and chapter.questions == ["Why?"]
        member = session.scalar(select(Member).where(Member.community_id == chapter.id))
        assert member.role == "coordinator" and member.charter_version == 1 and chapter.member_count == 1
    (charter,) = _versions(database, "maths-east-kenya")
    assert charter["talk"] == "Our talk."
    assert _told(database, "chapter_founded") == [["brigitte"]]
    page = client.get(f"{PARENT}/chapters").get_data(as_text=True)
    assert "Maths East Kenya" in page and "Kenya" in page and "Its charter says the same." in page
    assert "1 chapter" in client.get(f"{PARENT}/charter").get_data(as_text=True)
    page = client.get(f"{base}/charter/parent").get_data(as_text=True)
    assert "Both charters say the same." in page and f"{base}/charter/edit" not in page
    # The next step of whoever began it.
    assert f"{base}/charter/edit" in sign_in("chidi").get(f"{base}/charter/parent").get_data(as_text=True)


@pytest.mark.usefixtures("world")
def test_a_chapter_for_a_language_leaves_out_texts_in_another(sign_in, database) -> None:
    _found(sign_in, kind="language", code="ar", name="رياضيات الشرق", lang="ar")
    with database.reading() as session:
        chapter = session.scalar(select(Community).where(Community.chapter_code == "ar"))
        assert chapter.canvas == {} and chapter.questions == [] and chapter.lang == "ar"
    assert _told(database, "chapter_founded") == [["omar"]]


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize(("of_version", "lang"), [(1, "fr"), (0, "en")])
def test_a_chapter_begins_with_the_charter_as_members_translated_it(
    sign_in, client, database, of_version: int, lang: str
) -> None:
    with database.transaction() as session:
        parent = session.scalar(select(Community))
        fields = {part: f"Notre {part}." for part in CHARTER_PARTS}
        session.add(Rendition(
            kind="charter", thing_id=parent.id, lang="fr", source_lang="en", fields=fields, of_version=of_version,
        ))  # fmt: skip
    _browser, base = _found(sign_in, kind="language", code="fr", name="Maths Est", lang="fr")
    (charter,) = _versions(database, "maths-est")
    # A translation of an older version is not what is in force.
    assert charter["talk"] == ("Notre talk." if lang == "fr" else "Our talk.")
    assert "Both charters say the same." in client.get(f"{base}/charter/parent").get_data(as_text=True)


@pytest.mark.usefixtures("world")
def test_one_chapter_for_each_place_and_none_of_a_chapter(sign_in) -> None:
    browser, base = _found(sign_in)
    again = browser.submit(NEW, _plan(name="Another"))
    assert again.status_code == 422
    page = again.get_data(as_text=True)
    assert "There is a chapter for this already." in page and 'value="Another"' in page
    assert browser.get(f"{base}/chapters/new").status_code == 409
    assert "Chapters have no chapters of their own." in browser.get(f"{base}/chapters").get_data(as_text=True)


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("change", [{"code": "XX"}, {"code": ""}, {"name": " "}, {"summary": "x" * 401}, {"lang": "?"}])
def test_a_plan_that_cannot_be_is_said(sign_in, change: dict[str, str]) -> None:
    assert sign_in("chidi").submit(NEW, _plan(**change)).status_code == 422


@pytest.mark.usefixtures("world")
def test_members_propose_and_strangers_read(sign_in, client) -> None:
    member = sign_in("brigitte")
    assert member.get(NEW).status_code == 403
    assert member.submit(NEW, _plan(), page="/account").status_code == 403
    assert client.get(f"{PARENT}/chapters").status_code == 200
    assert client.get(f"{PARENT}/charter/parent").status_code == 404


@pytest.mark.usefixtures("world")
def test_both_sides_drift_and_the_chapter_takes_words(sign_in, client, database) -> None:
    chidi, base = _found(sign_in)
    amina = sign_in("amina")
    _edit(chidi, base, 1, talk="We talk in Sheng.", decide="We decide in the staff room.")
    _edit(amina, PARENT, 1, talk="We talk plainly.", conflicts="We ask an elder.")
    page = client.get(f"{base}/charter/parent").get_data(as_text=True)
    assert "Changed on both sides" in page and "Changed there since" in page and "Changed here" in page
    assert "We talk in Sheng." in page and "We ask an elder." in page and "Take their words" not in page
    listed = client.get(f"{PARENT}/chapters").get_data(as_text=True)
    assert chidi.get(f"{base}/charter/edit").get_data(as_text=True).count('name="translated"') == 2
    assert "2 parts of the charter in its own words." in listed and "2 parts have changed here since." in listed
    there = _versions(database, "maths-east")[-1]["id"]
    mine = chidi.get(f"{base}/charter/parent").get_data(as_text=True)
    assert "Take their words" in mine and "Keep our words" in mine
    sent = {"seen": "2", "there": str(there)}
    chidi.submit(f"{base}/charter/parent/conflicts/take", sent, page=f"{base}/charter/parent")
    assert _versions(database, "maths-east-kenya")[-1]["conflicts"] == "We ask an elder."
    chidi.submit(f"{base}/charter/parent/talk/keep", {"there": str(there)}, page=f"{base}/charter/parent")
    page = client.get(f"{base}/charter/parent").get_data(as_text=True)
    assert "Changed on both sides" not in page and "Changed there since" not in page and "Changed here" in page
    assert _versions(database, "maths-east-kenya")[-1]["talk"] == "We talk in Sheng."


@pytest.mark.usefixtures("world")
def test_words_that_changed_meanwhile_are_not_taken(sign_in, database) -> None:
    chidi, base = _found(sign_in)
    amina = sign_in("amina")
    _edit(amina, PARENT, 1, talk="We talk plainly.")
    there = _versions(database, "maths-east")[-1]["id"]
    _edit(amina, PARENT, 2, talk="We shout.")
    sent = {"seen": "1", "there": str(there)}
    response = chidi.submit(f"{base}/charter/parent/talk/take", sent, page=f"{base}/charter/parent")
    assert response.status_code == 303
    assert len(_versions(database, "maths-east-kenya")) == 1
    assert "in the meantime" in chidi.get(f"{base}/charter/parent").get_data(as_text=True)


@pytest.mark.usefixtures("world")
def test_a_translated_charter_does_not_count_as_another(sign_in, client, database) -> None:
    chidi, base = _found(sign_in, kind="language", code="fr", name="Maths Est", lang="fr")
    assert chidi.get(f"{base}/charter/edit").get_data(as_text=True).count('name="translated"') == len(CHARTER_PARTS)
    french = {part: f"Notre {part}." for part in CHARTER_PARTS}
    there = _versions(database, "maths-east")[-1]["id"]
    _edit(chidi, base, 1, "fr", translated=list(CHARTER_PARTS), anchor=str(there), **french)  # type: ignore[arg-type]
    page = client.get(f"{base}/charter/parent").get_data(as_text=True)
    assert "Both charters say the same." in page and "not their words are compared" in page
    _edit(sign_in("amina"), PARENT, 1, talk="We talk plainly.")
    page = chidi.get(f"{base}/charter/parent").get_data(as_text=True)
    assert "Changed there since" in page and "Translate their words" in page and "Take their words" not in page
    there = _versions(database, "maths-east")[-1]["id"]
    _edit(chidi, base, 2, "fr", translated="talk", anchor=str(there), **{**french, "talk": "Nous parlons simplement."})
    assert "Both charters say the same." in client.get(f"{base}/charter/parent").get_data(as_text=True)


def _offer(browser: Any, base: str, part: str, note: str = "It helped us.") -> Any:
    return browser.submit(f"{base}/charter/parent/{part}/offer", {"note": note})


@pytest.mark.usefixtures("world")
def test_an_offer_upward_is_taken(sign_in, client, database) -> None:
    chidi, base = _found(sign_in)
    _edit(chidi, base, 1, talk="We talk in Sheng.")
    assert _offer(chidi, base, "talk").status_code == 303
    assert _offer(chidi, base, "talk").status_code == 303
    assert _told(database, "charter_offered") == [["amina"]]
    amina = sign_in("amina")
    assert "1 offer of a chapter waits" in amina.get(f"{PARENT}/chapters").get_data(as_text=True)
    with database.reading() as session:
        number = session.scalars(select(CharterOffer.id)).one()
    page = amina.get(f"{PARENT}/charter/offers/{number}").get_data(as_text=True)
    assert "It helped us." in page and "<ins>" in page
    assert "We talk in Sheng." in page
    sent = {"text": "We talk in Sheng, too.", "answer": "Thank you", "seen": "1"}
    taken = amina.submit(f"{PARENT}/charter/offers/{number}/take", sent, page=f"{PARENT}/charter/offers/{number}")
    assert taken.status_code == 303
    newest = _versions(database, "maths-east")[-1]
    assert newest["version"] == 2 and newest["talk"] == "We talk in Sheng, too." and newest["offer"] == number
    assert "with words of a chapter" in client.get(f"{PARENT}/charter").get_data(as_text=True)
    assert _told(database, "offer_taken") == [["chidi"]]
    page = chidi.get(f"{base}/charter/parent").get_data(as_text=True)
    assert "Both charters say the same." in page and "taken over" in page and "Thank you" in page
    again = amina.submit(f"{PARENT}/charter/offers/{number}/take", sent, page=f"{PARENT}/charter/offers")
    assert again.status_code == 303 and len(_versions(database, "maths-east")) == 2


@pytest.mark.usefixtures("world")
def test_an_offer_is_declined_with_a_reason_or_taken_back(sign_in, database) -> None:
    chidi, base = _found(sign_in)
    _edit(chidi, base, 1, talk="We talk in Sheng.", decide="Fast.")
    _offer(chidi, base, "talk")
    _offer(chidi, base, "decide")
    amina = sign_in("amina")
    with database.reading() as session:
        talk, decide = session.scalars(select(CharterOffer.id).order_by(CharterOffer.id)).all()
    page = f"{PARENT}/charter/offers/{talk}"
    assert amina.submit(f"{page}/decline", {"text": "x", "answer": ""}, page=page).status_code == 422
    assert amina.submit(f"{page}/decline", {"text": "x", "answer": "Not all know it."}, page=page).status_code == 303
    assert "Not all know it." in chidi.get(f"{base}/charter/parent").get_data(as_text=True)
    assert _told(database, "offer_declined") == [["chidi"]]
    chidi.submit(f"{base}/charter/offers/{decide}/withdraw", {}, page=f"{base}/charter/parent")
    late = amina.submit(
        f"{PARENT}/charter/offers/{decide}/take", {"text": "Fast.", "seen": "1"}, page=f"{PARENT}/charter/offers"
    )
    assert late.status_code == 303 and len(_versions(database, "maths-east")) == 1
    assert "took this back" in amina.get(f"{PARENT}/charter/offers/{decide}").get_data(as_text=True)


@pytest.mark.usefixtures("world")
def test_taking_an_offer_after_another_change_keeps_the_words(sign_in, database) -> None:
    chidi, base = _found(sign_in)
    _edit(chidi, base, 1, talk="We talk in Sheng.")
    _offer(chidi, base, "talk")
    amina = sign_in("amina")
    _edit(amina, PARENT, 1, decide="Slowly.")
    with database.reading() as session:
        number = session.scalars(select(CharterOffer.id)).one()
    page = f"{PARENT}/charter/offers/{number}"
    response = amina.submit(f"{page}/take", {"text": "Sheng it is.", "answer": "", "seen": "1"}, page=page)
    assert response.status_code == 409 and "Sheng it is." in response.get_data(as_text=True)
    with database.reading() as session:
        assert session.scalars(select(CharterOffer.state)).one() == "offered"


@pytest.mark.usefixtures("world")
def test_only_coordinators_of_each_side_decide(sign_in, database) -> None:
    chidi, base = _found(sign_in)
    _edit(chidi, base, 1, talk="We talk in Sheng.")
    _offer(chidi, base, "talk")
    with database.reading() as session:
        number = session.scalars(select(CharterOffer.id)).one()
    # He facilitates the parent and coordinates the chapter only.
    assert chidi.get(f"{PARENT}/charter/offers/{number}").status_code == 403
    amina = sign_in("amina")
    assert amina.get(f"{base}/charter/parent/talk/offer").status_code == 403
    assert amina.get(f"{base}/chapters/leave").status_code == 403
    assert amina.get(f"{base}/charter/offers/{number}").status_code == 403


@pytest.mark.usefixtures("world")
def test_a_chapter_stands_alone_and_keeps_its_history(sign_in, client, database) -> None:
    chidi, base = _found(sign_in)
    assert chidi.get(f"{base}/chapters/leave").status_code == 200
    assert chidi.submit(f"{base}/chapters/leave", {}).status_code == 303
    assert client.get(f"{base}/charter/parent").status_code == 404
    assert "This charter began as that of a chapter of" in client.get(f"{base}/charter").get_data(as_text=True)
    assert _told(database, "chapter_left") == [["amina"]]
    with database.reading() as session:
        assert session.scalar(select(HouseLog).where(HouseLog.action == "left_parent")).details == {
            "parent": "Maths East"
        }
    _found(sign_in, name="Maths East Kenya again")


@pytest.mark.usefixtures("world")
def test_the_chapter_of_a_closed_community_stands_alone(sign_in, client, database) -> None:
    chidi, base = _found(sign_in)
    with database.transaction() as session:
        session.scalar(select(Community).where(Community.slug == "maths-east")).state = "closed"
    assert client.get(f"{base}/charter/parent").status_code == 404
    assert client.get(f"{base}/charter").status_code == 200
    assert chidi.get(f"{base}/charter/edit").status_code == 200


@pytest.mark.usefixtures("world")
def test_the_list_costs_the_same_for_many_chapters(sign_in, client, database) -> None:
    _found(sign_in)
    client.get(f"{PARENT}/chapters")
    with count_statements(database) as few:
        client.get(f"{PARENT}/chapters")
    with database.transaction() as session:
        parent = session.scalar(select(Community).where(Community.slug == "maths-east"))
        for number in range(30):
            make_community(
                session, f"chapter-{number}", parent_id=parent.id, chapter_kind="language", chapter_code=f"x{number}"
            )
    with count_statements(database) as many:
        page = client.get(f"{PARENT}/chapters").get_data(as_text=True)
    assert len(many) == len(few) and page.count("<h3>") == 20 and 'rel="next"' in page


@pytest.mark.usefixtures("world")
def test_the_same_chapter_begun_twice_at_once_begins_once(sign_in, database) -> None:
    def beginning(handle: str) -> Any:
        browser = sign_in(handle)
        data = {"csrf_token": browser.token(NEW), **_plan(name=f"Kenya of {handle}")}
        return lambda: browser.post(f"{NEW}?kind=country", data=data).status_code

    assert sorted(at_once(beginning("amina"), beginning("chidi"), beginning("chidi"))) == [303, 422, 422]
    with database.reading() as session:
        assert len(session.scalars(select(Community).where(Community.chapter_code == "KE")).all()) == 1


@pytest.mark.usefixtures("world")
def test_an_offer_is_answered_once(sign_in, database) -> None:
    chidi, base = _found(sign_in)
    _edit(chidi, base, 1, talk="We talk in Sheng.")
    _offer(chidi, base, "talk")
    with database.reading() as session:
        page = f"{PARENT}/charter/offers/{session.scalars(select(CharterOffer.id)).one()}"

    def answering(how: str) -> Any:
        browser = sign_in("amina")
        data = {"csrf_token": browser.token(page), "text": "We talk in Sheng.", "answer": "So be it.", "seen": "1"}
        return lambda: browser.post(f"{page}/{how}", data=data).status_code

    answers = at_once(answering("take"), answering("decline"), answering("take"))
    assert set(answers) <= {303, 409} and 303 in answers
    with database.reading() as session:
        state = session.scalars(select(CharterOffer.state)).one()
    assert len(_versions(database, "maths-east")) == (2 if state == "taken" else 1)
