"""Whatever somebody puts into addresses and texts of communities: an answer in words and in time, never a fault."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from werkzeug.routing import BuildError

from app.core.markdown import render_markdown
from app.core.wording import compare_wordings
from app.features.communities.models import FACILITATOR, MEMBERS
from app.features.events.models import Event
from app.features.notifications.incoming import read_message
from app.features.resources.lrmi import Unreadable, read_document, read_records
from app.features.resources.models import Resource
from app.features.threads.models import Post, PostVersion
from tests.support.communities import add_member, make_community, make_post, make_thread
from tests.support.people import make_person
from tests.support.resources import make_resource

OURS = ("communities.", "threads.", "events.", "resources.", "renditions.", "notifications.")
# Texts as nobody types them, and numbers that no row has.
TEXTS = ("9" * 25, "\0", "%", "1_nan_1", "99991231T2359Z", "00010101T0000Z", "../../etc/passwd", "Europe")
NAMES = (
    "after", "before", "at", "post", "quote", "language", "lang_of", "role", "q", "state", "about", "start", "upto",
    "person", "zone", "minutes", "past", "link", "in", "days", "subject", "level", "type", "use", "again", "country",
    "resource", "kind", "seed", "who", "go", "first", "every", "times", "people", "event", "from", "verb", "set",
    "until", "identifier", "resumptionToken", "metadataPrefix", "place", "next",
)  # fmt: skip
# Texts that keep a machine busy take no time to speak of here; where one is quadratic again, a test takes minutes.


@pytest.fixture
def world(database):
    """A community in which something of many kinds stands."""
    with database.transaction() as session:
        amina = make_person(session, "amina", languages=[("en", 7), ("fr", 7)], timezone="Africa/Nairobi")
        luc = make_person(session, "luc", languages=[("en", 7), ("fr", 7)])
        community = make_community(session, "maths", amina, {"language": ["en", "fr"]}, questions=["Why?"])
        make_community(session, "circle", luc, reading=MEMBERS)
        add_member(session, community, luc, FACILITATOR)
        thread = make_thread(session, community, luc)
        post = make_post(session, thread, amina)
        resource = make_resource(session, amina, community=community)
        event = Event(
            community_id=community.id, uid="one", token="0" * 32, title="Meet", lang="en", minutes=60,
            starts_at=datetime.now(UTC) + timedelta(days=3), zone="Europe/Paris", created_by=amina.id,
        )  # fmt: skip
        session.add(event)
        session.flush()
        return {
            "slug": "maths", "thread_id": thread.id, "post_id": post.id, "resource_id": resource.id,
            "event_id": event.id, "person_id": luc.id, "handle": "luc", "kind": "post", "thing_id": post.id,
            "lang": "fr", "tool": "hide", "part": "purpose", "section": "practice", "code": "x", "token": "x",
        }  # fmt: skip


def addresses(app, world):
    """Every address of ours that is read, filled in."""
    found = set()
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith(OURS) and "GET" in (rule.methods or ()):
            values = {name: world.get(name, 1) for name in rule.arguments}
            try:
                found.add(adapter.build(rule.endpoint, values))
            except BuildError:
                found.add(adapter.build(rule.endpoint, dict.fromkeys(rule.arguments, "x")))
    return sorted(found)


def ask(browser, address, **more):
    """What is wrong with the answer; empty for nothing."""
    try:
        response = browser.open(address, **more)
    except AssertionError as problem:
        # A page may show what was asked for, as odd as it is.
        return "" if "invalid-codepoint" in str(problem) else f"{address[:80]}: {problem}"
    except Exception as problem:
        return f"{address[:80]}: {type(problem).__name__}: {str(problem)[:200]}"
    return f"{address[:80]}: {response.status_code}" if response.status_code >= 500 else ""


@pytest.mark.parametrize("text", TEXTS)
def test_odd_questions_are_answered(app, world, sign_in, text):
    browser, question = sign_in("amina"), dict.fromkeys(NAMES, text)
    assert not [fault for one in addresses(app, world) if (fault := ask(browser, one, query_string=question))]


@pytest.mark.parametrize("text", ["\0", "x" * 3000])
def test_odd_names_in_addresses_are_answered(app, world, sign_in, text):
    names = ("slug", "handle", "kind", "lang", "tool", "part", "section", "code", "token", "step", "piece", "word")
    odd, browser = {**world, **dict.fromkeys(names, text)}, sign_in("amina")
    faults = [ask(browser, one) for values in (odd, {**odd, "slug": "maths"}) for one in addresses(app, values)]
    assert not list(filter(None, faults))


@pytest.mark.parametrize("address", ["/communities/maths/threads", "/communities/maths/members"])
def test_a_sign_that_no_database_takes_finds_nothing(world, sign_in, address):
    browser = sign_in("amina")
    assert not ask(browser, f"{address}?language=%00&role=%00&after=%00&lang_of=%00")


def test_a_history_of_many_bombs_is_shown_page_by_page(world, database, client):
    random.seed(3)
    words = [f"{number % 120:x}\n" for number in range(12_000)]
    with database.transaction() as session:
        post = session.get_one(Post, world["post_id"])
        for version in range(1, 31):
            random.shuffle(words)
            session.add(
                PostVersion(post_id=post.id, version=version, text="".join(words), lang="en", at=post.created_at)
            )
        post.version, post.edited_at = 31, post.created_at
    page = client.get(f"/communities/maths/posts/{world['post_id']}/history").get_data(as_text=True)
    assert page.count("Changed on") == 20 and "upto=11" in page and "Written on" not in page
    earlier = client.get(f"/communities/maths/posts/{world['post_id']}/history?upto=11").get_data(as_text=True)
    assert earlier.count("Changed on") == 10 and "Written on" in earlier


def test_texts_made_to_keep_a_machine_busy_do_not(world):
    random.seed(1)
    blocks = ["\n".join(f"L{at}\n" + " ".join(random.choices("ab", k=395)) for at in range(60)) for _side in range(2)]
    pieces = compare_wordings(*blocks)
    assert "".join(piece.text for piece in pieces if piece.kind != "new") == blocks[0]
    assert "".join(piece.text for piece in pieces if piece.kind != "gone") == blocks[1]
    render_markdown((">  " * 12 + "x\n") * 1300)
    head = b"From: a@example.org\r\nTo: reply+x@example.org\r\nContent-Type: text/%s; charset=utf-8\r\n\r\n"
    read_message(head % b"plain" + b"-" * 190_000)
    for broken in (b"<!", b"<!--", b"<a ", b"<?", b"</", b'<a "x="'):
        read_message(head % b"html" + broken * (190_000 // len(broken)))


def test_descriptions_that_name_one_long_text_over_and_over_are_read_in_time(world):
    long = {"@id": "x", "name": "a," * 200_000}
    books = [
        {"@type": "Book", "name": f"b{at}", "url": f"https://example.org/{at}", "about": [{"@id": "x"}] * 100}
        for at in range(100)
    ]
    assert len(read_records(read_document(json.dumps([long, *books])))) == 100
    with pytest.raises(Unreadable):
        read_records(read_document(json.dumps([{"name": "a"}] * 60_000)))


def test_halves_of_letters_in_an_import_do_no_harm(world, sign_in, database):
    text = json.dumps(
        {"@type": "Book", "name": "Ha\ud800lf \0 \U0001f600", "url": "https://example.org/half",
         "about": "\udfff", "license": "\ud800"}
    )  # fmt: skip
    browser = sign_in("amina")
    shown = browser.submit("/resources/import", {"text": text, "lang": "en"})
    assert shown.status_code == 200 and "\U0001f600" in shown.get_data(as_text=True)
    sent = {"text": text, "lang": "en", "confirm": "1", "take": "0", "token": "a" * 32}
    assert browser.submit("/resources/import", sent).status_code < 500
    with database.reading() as session:
        titles = session.scalars(select(Resource.title).where(Resource.url == "https://example.org/half")).all()
    assert all(title.encode() for title in titles)
