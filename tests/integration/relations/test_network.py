"""The network as a picture and as a table, through the front door."""

from __future__ import annotations

import pytest

from app.core.clock import now
from app.features.relations.services import block, connect
from tests.support.people import make_institution, make_person
from tests.support.statements import count_statements

OPEN = {"connections": "members"}


@pytest.fixture
def people(database):
    """Amina knows Bakari and Chausiku; Bakari knows Dalila; Chausiku keeps connections to herself."""
    with database.transaction() as session:
        made = {
            "amina": make_person(session, "amina", country="KE", audiences=OPEN),
            "bakari": make_person(session, "bakari", country="TZ", audiences=OPEN),
            "chausiku": make_person(session, "chausiku", country="KE", audiences={"connections": "me"}),
            "dalila": make_person(session, "dalila", country="DZ", name="دليلة", name_lang="ar", audiences=OPEN),
            "eshe": make_person(session, "eshe", country="KE", audiences=OPEN),
        }
        ids = {handle: person.id for handle, person in made.items()}
        for one, other in (("amina", "bakari"), ("amina", "chausiku"), ("bakari", "dalila"), ("chausiku", "eshe")):
            connect(session, ids[one], ids[other])
        return ids


def names(browser):
    """The names in the picture."""
    svg = next(
        e for e in browser.last_page.iter() if str(e.tag).endswith("svg") and "network" in (e.get("class") or "")
    )
    return {"".join(t.itertext()).strip() for t in svg.iter() if str(t.tag).endswith("text")}


def test_the_picture_and_the_table_say_the_same(people, sign_in):
    amina = sign_in("amina")
    page = amina.get("/network/amina").get_data(as_text=True)
    # Chausiku is shown as Amina's own connection; whom she knows is hers.
    assert names(amina) == {"Amina", "Bakari", "Chausiku", "دليلة"}
    table = page[page.index("<table") :]
    for name in ("Bakari", "Chausiku", "دليلة"):
        assert name in table
    assert "Eshe" not in page
    assert "through" in table
    assert "<text" in page and 'lang="ar"' in page
    assert page.count('class="edge crosses"') == 2 * 2
    assert 'href="/network/bakari"' in page


def test_the_same_question_gives_the_same_picture(people, sign_in):
    amina = sign_in("amina")
    pictures = set()
    for _time in range(2):
        page = amina.get("/network/amina").get_data(as_text=True)
        pictures.add(page[page.index('<svg class="network') : page.index("</table>")])
    assert len(pictures) == 1


def test_others_who_keep_it_to_themselves_are_only_counted(people, sign_in):
    page = sign_in("eshe").get("/network/amina").get_data(as_text=True)
    assert "Chausiku" not in page[page.index("<main") :].replace("Chausiku</bdi></span></a>", "")
    assert "1 more person keeps this to themselves" in page


def test_who_keeps_it_private_is_not_drawn(people, sign_in):
    response = sign_in("bakari").get("/network/chausiku")
    page = response.get_data(as_text=True)
    assert response.status_code == 200
    assert "does not show connections" in page
    assert "Amina" not in page and "Eshe" not in page


def test_a_block_takes_out_of_the_picture_in_silence(people, sign_in, database):
    with database.transaction() as session:
        block(session, people["dalila"], people["amina"])
    page = sign_in("amina").get("/network/bakari").get_data(as_text=True)
    assert "دليلة" not in page
    assert "to themselves" not in page
    assert sign_in("amina").get("/network/dalila").status_code == 404


def test_hidden_profiles_are_not_drawn(people, sign_in, database):
    from app.features.profiles.models import Person

    with database.transaction() as session:
        session.get(Person, people["dalila"]).hidden_at = now()
    assert "دليلة" not in sign_in("amina").get("/network/bakari").get_data(as_text=True)


def test_nobody_there_and_no_connections(people, sign_in, database):
    with database.transaction() as session:
        make_person(session, "farida")
    farida = sign_in("farida")
    assert "begins with one hello" in farida.get("/network/farida").get_data(as_text=True)
    assert farida.get("/network/nobody").status_code == 404


def test_a_large_network_is_cut_at_forty_and_costs_the_same(people, sign_in, database):
    with database.transaction() as session:
        hub = make_institution(session, "hub", name="Hub", country="KE")
        for number in range(60):
            other = make_person(session, f"p{number:02}", name=f"P{number:02}", audiences=OPEN, country="KE")
            connect(session, hub.id, other.id)
    amina = sign_in("amina")
    with count_statements(database) as sent:
        page = amina.get("/network/hub").get_data(as_text=True)
    assert len(names(amina)) == 40
    assert "21 more did not fit" in page
    assert len(sent) <= 40
    assert len(page.encode()) < 120_000


def test_names_that_are_not_open_are_not_drawn(people, sign_in, database):
    with database.transaction() as session:
        shy = make_person(
            session, "shy", name="Siri Kubwa", country="UG", audiences={"name": "me", "connections": "members"}
        )
        connect(session, shy.id, people["bakari"])
    page = sign_in("amina").get("/network/bakari").get_data(as_text=True)
    assert "Siri" not in page and "A teacher in Uganda" in page
