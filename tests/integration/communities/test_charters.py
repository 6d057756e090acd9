"""Charters: read, compared, changed by two at once, accepted by members."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.core.actor import Actor
from app.core.clock import now
from app.core.database import Database
from app.core.errors import Invalid
from app.core.jobs import Job
from app.features.accounts.models import Account
from app.features.communities.charter_texts import default_parts
from app.features.communities.models import CHARTER_PARTS, TEMPLATES, Charter, Community, HouseLog, Member
from app.features.communities.services.charters import LONGEST_PART, first_charter
from app.features.renditions.models import Rendition
from tests.integration.introductions.test_at_once import at_once
from tests.support.communities import add_member, make_community
from tests.support.people import make_person
from tests.support.statements import count_statements

CHARTER, EDIT = "/communities/maths-east/charter", "/communities/maths-east/charter/edit"


@pytest.fixture
def world(database: Database) -> None:
    """A community that amina and omar coordinate; brigitte is a member, zoe is not."""
    with database.transaction() as session:
        amina = make_person(session, "amina", languages=[("sw", 7), ("en", 5)])
        omar = make_person(session, "omar", languages=[("ar", 7), ("en", 5)])
        brigitte = make_person(session, "brigitte", languages=[("fr", 7)])
        make_person(session, "zoe")
        community = make_community(session, "maths-east", amina)
        add_member(session, community, omar, "coordinator")
        add_member(session, community, brigitte)


def _parts(**changes: str) -> dict[str, str]:
    return {f"part_{part}": changes.get(part, f"Our {part}.") for part in CHARTER_PARTS}


def _version(seen: int = 1, spdx: str = "CC-BY-4.0", **values: str) -> dict[str, Any]:
    parts = {k: v for k, v in values.items() if k in CHARTER_PARTS}
    more = {k: v for k, v in values.items() if k not in CHARTER_PARTS}
    return {**_parts(**parts), "lang": "en", "licence": spdx, "seen": str(seen), **more}


def _told(database: Database) -> list[tuple[list[int], str]]:
    with database.reading() as session:
        jobs = session.scalars(select(Job).where(Job.name == "notifications.tell"))
        return [(job.payload["person_ids"], job.payload["kind"]) for job in jobs]


@pytest.mark.usefixtures("world")
def test_everyone_reads_the_charter_also_of_a_closed_circle(client, database) -> None:
    with database.transaction() as session:
        session.scalar(select(Community)).reading = "members"
    page = client.get(CHARTER).get_data(as_text=True)
    assert all(f"Our {part}." in page for part in CHARTER_PARTS)
    assert "Creative Commons BY 4.0" in page and "not a licence for open" not in page
    assert "Change the charter" not in page
    assert client.get("/communities/maths-east/charter?version=7").status_code == 404
    assert client.get("/communities/nowhere/charter").status_code == 404


@pytest.mark.usefixtures("world")
def test_a_new_version_is_told_and_accepted(sign_in, database) -> None:
    amina, brigitte = sign_in("amina"), sign_in("brigitte")
    sent = _version(talk="We write plain words.", note="Plainer")
    assert amina.submit(EDIT, sent).status_code == 303
    with database.reading() as session:
        members = {m.person_id: m.charter_version for m in session.scalars(select(Member))}
        charter = session.scalar(select(Charter).where(Charter.version == 2))
        assert charter is not None and charter.note == "Plainer"
        author = charter.created_by
        assert members[author] == 2
        assert session.scalar(select(HouseLog).where(HouseLog.kind == "charter")).reason == "Plainer"
    ((people, kind),) = _told(database)
    assert kind == "charter_changed" and author not in people and len(people) == 2
    page = brigitte.get(CHARTER).get_data(as_text=True)
    assert "The charter has a new version" in page
    changes = brigitte.get("/communities/maths-east/charter/changes").get_data(as_text=True)
    assert "Plainer" in changes and "<ins>" in changes and "[added:]" in changes and "Our purpose." not in changes
    # What is only spoken stands apart: the direction of the text is found in its own first letter.
    assert '<ins><bdi class="aloud">[added:] </bdi>' in changes
    brigitte.submit("/communities/maths-east/charter/accept", {"version": "1"}, page=CHARTER)
    assert "The charter has a new version" in brigitte.get(CHARTER).get_data(as_text=True)
    assert brigitte.submit("/communities/maths-east/charter/accept", {"version": "2"}, page=CHARTER).status_code == 303
    assert "The charter has a new version" not in brigitte.get(CHARTER).get_data(as_text=True)
    assert "The charter has a new version" not in amina.get(CHARTER).get_data(as_text=True)


@pytest.mark.usefixtures("world")
def test_a_small_correction_asks_nobody(sign_in, database) -> None:
    sent = _version(talk="We write plain words.", note="Spelling", small="y")
    assert sign_in("amina").submit(EDIT, sent).status_code == 303
    assert _told(database) == []
    assert "The charter has a new version" not in sign_in("brigitte").get(CHARTER).get_data(as_text=True)


@pytest.mark.usefixtures("world")
def test_two_coordinators_at_once_see_both_wordings(sign_in, database) -> None:
    amina, omar = sign_in("amina"), sign_in("omar")
    assert amina.submit(EDIT, _version(talk="Amina's words.")).status_code == 303
    response = omar.submit(EDIT, _version(seen=1, talk="Omar's words.", note="Mine"))
    page = response.get_data(as_text=True)
    assert response.status_code == 409
    assert "Amina&#39;s words." in page and "Omar&#39;s words." in page and 'value="Mine"' in page
    assert 'name="seen" type="hidden" value="2"' in page
    assert omar.submit(EDIT, _version(seen=2, talk="Both our words.")).status_code == 303
    with database.reading() as session:
        talks = [c.parts["talk"] for c in session.scalars(select(Charter).order_by(Charter.version))]
    assert talks == ["Our talk.", "Amina's words.", "Both our words."]


@pytest.mark.usefixtures("world")
def test_saving_without_a_change_makes_no_version(sign_in, database) -> None:
    assert sign_in("amina").submit(EDIT, _version()).status_code == 303
    with database.reading() as session:
        assert len(session.scalars(select(Charter)).all()) == 1


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"purpose": " "}, "what the community is here for"),
        ({"talk": "x" * (LONGEST_PART + 1)}, "please keep it to 3000"),
        ({"spdx": "WTF"}, "one of these licences"),
        ({"lang": "no language"}, "language you wrote in"),
    ],
)
def test_what_cannot_be_taken_is_said_and_kept(sign_in, change, told) -> None:
    response = sign_in("amina").submit(EDIT, _version(**{"welcome": "Karibu wote.", **change}))
    page = response.get_data(as_text=True)
    assert response.status_code == 422
    assert told in page and "Karibu wote." in page


@pytest.mark.usefixtures("world")
def test_a_licence_that_is_not_open_is_possible_and_said(sign_in, client) -> None:
    assert sign_in("amina").submit(EDIT, _version(spdx="CC-BY-ND-4.0")).status_code == 303
    page = client.get(CHARTER).get_data(as_text=True)
    assert "This is not a licence for open educational resources." in page
    assert "Creative Commons BY 4.0" in client.get("/communities/maths-east/charter/changes").get_data(as_text=True)


@pytest.mark.usefixtures("world")
def test_only_coordinators_change_and_only_members_accept(sign_in, client) -> None:
    assert sign_in("brigitte").get(EDIT).status_code == 403
    zoe = sign_in("zoe")
    assert zoe.get(EDIT).status_code == 403
    assert zoe.submit("/communities/maths-east/charter/accept", {"version": "1"}, page="/account").status_code == 403
    assert client.get(EDIT).status_code == 303


@pytest.mark.usefixtures("world")
def test_every_script_and_markdown_stands_in_its_direction(sign_in, client) -> None:
    words = "**نكتب** بكلمات بسيطة.\n\n我们用简单的话写作。\n\n<script>alert(1)</script>"
    assert sign_in("omar").submit(EDIT, _version(talk=words)).status_code == 303
    page = client.get(CHARTER).get_data(as_text=True)
    assert "<strong>نكتب</strong>" in page and "我们用简单的话写作。" in page
    assert "<script>alert" not in page


@pytest.mark.usefixtures("world")
def test_after_thirty_days_it_is_accepted_before_writing_on(sign_in, database) -> None:
    assert sign_in("amina").submit(EDIT, _version(talk="New words.")).status_code == 303
    brigitte, new = sign_in("brigitte"), "/communities/maths-east/threads/new"
    sent = {"title": "Habari", "text": "What do you do?", "lang": "en", "token": "0" * 32}
    assert brigitte.submit(new, sent).status_code == 303
    with database.transaction() as session:
        long_ago = now() - timedelta(days=31)
        session.scalar(select(Charter).where(Charter.version == 2)).created_at = long_ago
        for member in session.scalars(select(Member)):
            member.joined_at = long_ago
    assert "accept it before you write next" in brigitte.get(CHARTER).get_data(as_text=True)
    refused = brigitte.submit(new, {**sent, "token": "1" * 32, "text": "Kept words"})
    page = refused.get_data(as_text=True)
    assert refused.status_code == 403 and "Kept words" in page and "read the charter and accept it" in page
    accepted = brigitte.submit("/communities/maths-east/charter/accept", {"version": "2", "next": new}, page=new)
    assert accepted.location == new
    assert brigitte.submit(new, {**sent, "token": "1" * 32}).status_code == 303


@pytest.mark.usefixtures("world")
def test_who_joined_late_has_time_from_then_on(sign_in, database) -> None:
    with database.transaction() as session:
        session.scalar(select(Charter)).created_at = now() - timedelta(days=300)
        member = session.scalar(select(Member).where(Member.role == "member"))
        member.charter_version = None
    page = sign_in("brigitte").get(CHARTER).get_data(as_text=True)
    assert "Have you read the charter?" in page and "before you write next" not in page


@pytest.mark.usefixtures("world")
def test_a_translation_stands_where_the_original_is_not_read(sign_in, database) -> None:
    with database.transaction() as session:
        community = session.scalar(select(Community))
        fields = {part: f"Notre {part}." for part in CHARTER_PARTS}
        session.add(
            Rendition(
                kind="charter",
                thing_id=community.id,
                lang="fr",
                source_lang="en",
                fields=fields,
                of_version=1,
            )
        )
        for account in session.scalars(select(Account).where(Account.email.startswith("brigitte"))):
            account.locale = "fr"
    brigitte = sign_in("brigitte")
    page = brigitte.get(CHARTER).get_data(as_text=True)
    assert "Notre talk." in page and "Our talk." not in page
    original = brigitte.get(f"{CHARTER}?original=1").get_data(as_text=True)
    assert "Our talk." in original
    assert sign_in("amina").submit(EDIT, _version(talk="New words.")).status_code == 303
    stale = brigitte.get(CHARTER).get_data(as_text=True)
    # The mark that the original has changed stands in bold beside the translation.
    assert "Notre talk." in stale and "· <b>" in stale and "· <b>" not in page


@pytest.mark.usefixtures("world")
def test_the_page_costs_the_same_with_many_versions(sign_in, database) -> None:
    browser = sign_in("brigitte")
    browser.get(CHARTER)
    with count_statements(database) as few:
        browser.get(CHARTER)
    with database.transaction() as session:
        community = session.scalar(select(Community))
        author = session.scalar(select(Member.person_id).where(Member.role == "coordinator").limit(1))
        for version in range(2, 41):
            session.add(Charter(
                community_id=community.id, version=version, lang="en", parts={"purpose": "Same."}, small=True,
                created_by=author,
            ))  # fmt: skip
    with count_statements(database) as many:
        page = browser.get(CHARTER).get_data(as_text=True)
    assert "Earlier versions" in page
    # The names of who wrote them come in a fixed number of statements.
    assert len(many) - len(few) <= 12
    with database.transaction() as session:
        for version in range(41, 61):
            session.add(Charter(
                community_id=community.id, version=version, lang="en", parts={"purpose": "Same."}, small=True,
                created_by=author,
            ))  # fmt: skip
    with count_statements(database) as more:
        browser.get(CHARTER)
    assert len(more) == len(many)


@pytest.mark.parametrize("template", TEMPLATES)
def test_each_template_brings_a_whole_charter(template: str, database: Database) -> None:
    parts = default_parts(template)
    assert tuple(parts) == CHARTER_PARTS and all(parts.values())
    with database.transaction() as session:
        community = Community(slug="new", name="New", lang="en")
        session.add(community)
        session.flush()
        charter = first_charter(session, community, Actor(), "en", parts)
        assert charter.version == 1 and charter.licence == "CC-BY-4.0"


def test_a_first_charter_needs_a_purpose(database: Database) -> None:
    with database.transaction() as session:
        community = Community(slug="new", name="New", lang="en")
        session.add(community)
        session.flush()
        with pytest.raises(Invalid) as refused:
            first_charter(session, community, Actor(), "xx-nowhere-no", {})
        assert set(refused.value.fields) >= {"part_purpose"}


@pytest.mark.usefixtures("world")
def test_coordinators_who_save_at_the_same_moment_do_not_overwrite(sign_in, database) -> None:
    def saving(handle: str) -> Any:
        browser = sign_in(handle)
        data = {"csrf_token": browser.token(EDIT), **_version(talk=f"Words of {handle}.")}
        return lambda: browser.post(EDIT, data=data).status_code

    assert sorted(at_once(saving("amina"), saving("omar"), saving("amina"))) == [303, 409, 409]
    with database.reading() as session:
        assert sorted(session.scalars(select(Charter.version))) == [1, 2]
