"""Looking after links: politely, within limits, never into a private network."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import time_machine

from app.core.jobs import Job, enqueue, run_one
from app.features.resources import tasks
from app.features.resources.models import DEAD, FAILING, FINE, UNCHECKED, Resource
from tests.support.people import make_person
from tests.support.resources import make_resource


class _Site(BaseHTTPRequestHandler):
    """A small website: /fine, /gone, /shy (knows no HEAD), /away (into a private network); all else is broken."""

    asked: Counter[str] = Counter()

    def _answer(self) -> None:
        self.asked[f"{self.command} {self.path}"] += 1
        status = {"/fine": 200, "/gone": 404, "/shy": 404 if self.command == "HEAD" else 200, "/away": 302,
                  "/closed": 403}.get(self.path, 500)  # fmt: skip
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "http://10.0.0.1/secret")
        body = b"x" * 10_000 if self.command == "GET" and status == 200 else b""
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_HEAD = _answer  # noqa: N815 - as the library calls them

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


@pytest.fixture
def site():
    """The website, on this machine."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Site)
    _Site.asked.clear()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture
def links(database, app, settings, site):
    """Resources whose links lead to the website, by path; the tests alone may fetch from this machine."""
    tasks.use_settings(settings.model_copy(update={"fetch_loopback": True}))
    with database.transaction() as session:
        amina = make_person(session, "amina")
        found = {}
        for path in ("/fine", "/gone", "/shy", "/away", "/closed", "/broken"):
            resource = make_resource(session, amina, f"At {path}")
            resource.url = site + path
            found[path] = resource.id
    yield found
    tasks.use_settings(settings)


def check(database) -> None:
    """Let the worker look."""
    with database.transaction() as session:
        enqueue(session, "resources.check_links")
        session.flush()
    while run_one(database, "test"):
        pass


def states(database, links) -> dict[str, str]:
    """What is known of each link."""
    with database.reading() as session:
        return {path: session.get_one(Resource, number).link_state for path, number in links.items()}


def test_a_link_is_dead_after_three_days_and_who_brought_it_is_told(database, links, client):
    with time_machine.travel(datetime(2026, 5, 1, 10, tzinfo=UTC), tick=False) as clock:
        check(database)
        expected = {
            "/fine": FINE,
            "/shy": FINE,
            "/closed": FINE,
            "/gone": FAILING,
            "/away": FAILING,
            "/broken": FAILING,
        }
        assert states(database, links) == expected
        clock.shift(timedelta(hours=2))
        check(database)  # the same day: nobody is asked again
        assert _Site.asked["HEAD /gone"] == 1
        for _day in range(2):
            clock.shift(timedelta(days=1))
            check(database)
        assert states(database, links)["/gone"] == DEAD and _Site.asked["HEAD /fine"] == 1
        with database.reading() as session:
            told = [job.payload for job in session.query(Job).filter_by(name="notifications.tell")]
        assert sorted(t["values"]["title"] for t in told) == ["At /away", "At /broken", "At /gone"]
        page = client.get(f"/resources/{links['/gone']}").get_data(as_text=True)
        assert "didn’t answer since May 1, 2026" in page
        assert "didn’t answer since" in client.get("/resources").get_data(as_text=True)
        # It answers again: everything is well.
        with database.transaction() as session:
            resource = session.get_one(Resource, links["/gone"])
            resource.url = resource.url.replace("/gone", "/fine")
        clock.shift(timedelta(days=15))
        check(database)
        assert states(database, links)["/gone"] == FINE


def test_private_addresses_are_not_asked(database, app, settings, site):
    tasks.use_settings(settings)
    with database.transaction() as session:
        resource = make_resource(session, make_person(session, "amina"))
        resource.url = f"{site}/fine"
        number = resource.id
    check(database)
    with database.reading() as session:
        assert session.get_one(Resource, number).link_state == FAILING
    assert not _Site.asked


def test_a_run_takes_few_of_each_host_and_goes_on_where_it_stopped(database, app, settings, site):
    tasks.use_settings(settings.model_copy(update={"fetch_loopback": True}))
    with database.transaction() as session:
        amina = make_person(session, "amina")
        for _number in range(12):
            make_resource(session, amina).url = f"{site}/fine"
    check(database)
    assert _Site.asked["HEAD /fine"] == 8
    check(database)
    assert _Site.asked["HEAD /fine"] == 12
    with database.reading() as session:
        assert session.query(Resource).filter_by(link_state=UNCHECKED).count() == 0
    check(database)
    assert _Site.asked["HEAD /fine"] == 12


def test_an_edit_of_the_address_forgets_what_was_known(database, app, sign_in):
    with database.transaction() as session:
        resource = make_resource(session, make_person(session, "amina"))
        resource.link_state, resource.link_failed_days = DEAD, 3
        number = resource.id
    with database.reading() as session:
        version = session.get_one(Resource, number).version
    said = {"url": "https://example.org/new", "title": "New", "lang": "en", "type": "video", "languages": ["en"],
            "licence": "CC0-1.0", "version": str(version)}  # fmt: skip
    assert sign_in("amina").submit(f"/resources/{number}/edit", said).status_code == 303
    with database.reading() as session:
        row = session.get_one(Resource, number)
        assert (row.link_state, row.link_failed_days, row.link_checked_at) == (UNCHECKED, 0, None)
