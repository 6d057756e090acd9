"""What a page costs: ``python -m benchmarks.web --json``.

gunicorn with two workers serves the application on a PostgreSQL started as the tests start theirs, with sample people
and two communities: one of 100 posts in 10 threads, one of 100,000 posts in 1,000. Beside it, under the same gunicorn
on the same database, a bare Flask and SQLAlchemy list of 20 rows: the floor.

``cpu_ms`` is the processor time of the application and the database together for one request, the median of several
runs that take turns with those of the floor; ``bytes`` and ``requests`` are those of a first visit, compressed. Pages
are a guest's unless their name ends in ``_member``; the page of suggestions is a member's by its nature.
``slope`` is a page's time in the large community as a ratio to the small one.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from sqlalchemy import select, text

from app.core.database import Base, Database
from app.core.settings import Settings
from benchmarks.web.population import add_community
from benchmarks.web.processes import cpu_seconds, parent_of
from benchmarks.web.reading import Reader
from benchmarks.web.serving import Served, served

SMALL, LARGE = "small", "large"
FEW, MANY = (10, 100), (1000, 100_000)


def main() -> int:
    """Run the benchmark and print its figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=100, help="of each page in each run")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--people", type=int, default=600)
    parser.add_argument("--posts", type=int, default=MANY[1], help="of the large community")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        figures = measure(given, Path(folder))
    if given.json:
        print(json.dumps(figures))
        return 0
    print(f"{'page':>20} {'cpu ms':>8} {'floors':>7} {'bytes':>8} {'requests':>9}")
    print(f"{'floor':>20} {figures['floor_cpu_ms']:>8}")
    for name, page in figures["pages"].items():
        print(f"{name:>20} {page['cpu_ms']:>8} {page['floors']:>7} {page['bytes']:>8} {page['requests']:>9}")
    print("slope of 1,000 times the posts:", figures["slope"])
    return 0


def measure(given: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """Fill a database, serve it, and load its pages in turn with the floor."""
    # The tests know how to find or start a PostgreSQL.
    from tests.support.databases import Postgres

    server = Postgres()
    url = server.fresh()
    environment = {"DATABASE_URL": url, "INSTANCE_PATH": str(folder / "instance"), "APP_ENV": "embedded"}
    try:
        facts = _fill(given, Settings(database_url=url, instance_path=folder / "instance"))
        environment["FLOOR_COMMUNITY"] = str(facts["large_id"])
        with ExitStack() as stack:
            ours = stack.enter_context(served("wsgi:app", environment, folder / "log"))
            floor = stack.enter_context(served("benchmarks.web.floor:create_floor()", environment, folder / "log"))
            return _load(given, _Meter(url), ours, floor, facts)
    finally:
        server.drop(url)
        server.close()


def _fill(given: argparse.Namespace, settings: Settings) -> dict[str, Any]:
    from app.factory import build_app

    app = build_app(settings)
    database: Database = app.extensions["database"]
    made = app.test_cli_runner().invoke(args=["sample", "load", "--people", str(given.people)])
    if made.exit_code != 0:
        raise RuntimeError(made.output)
    with database.transaction() as session:
        small = add_community(session, SMALL, *FEW, members=60)
        large = add_community(session, LARGE, MANY[0], given.posts, members=500)
        handle = session.execute(
            text(
                "SELECT handle FROM profiles JOIN community_members ON person_id = id "
                "WHERE community_id = :large AND monthly_contacts > 2 ORDER BY id LIMIT 1"
            ),
            {"large": large.id},
        ).scalar_one()
        threads = Base.metadata.tables["community_threads"]
        latest = select(threads.c.id).order_by(threads.c.last_post_at.desc(), threads.c.id.desc()).limit(1)
        facts = {
            "large_id": large.id,
            "handle": handle,
            SMALL: session.scalar(latest.where(threads.c.community_id == small.id)),
            LARGE: session.scalar(latest.where(threads.c.community_id == large.id)),
        }
    database.refresh_statistics()
    app.test_cli_runner().invoke(args=["suggestions", "rebuild"])
    database.dispose()
    return facts


class _Meter:
    """Processor time of a server and of the database it uses."""

    def __init__(self, url: str) -> None:
        database = Database(url)
        with database.engine.connect() as connection:
            here = connection.scalar(text("SELECT pg_backend_pid()"))
            self.postgres = parent_of(int(here or 0))
        database.dispose()

    def milliseconds(self, server: Served, reader: Reader, path: str, requests: int) -> float:
        """Of one of ``requests`` loads of a page, after three that are not counted."""
        for _ in range(3):
            reader.get(path)
        before = cpu_seconds(server.pid) + cpu_seconds(self.postgres)
        for _ in range(requests):
            reader.get(path)
        return (cpu_seconds(server.pid) + cpu_seconds(self.postgres) - before) / requests * 1000


def _load(
    given: argparse.Namespace, meter: _Meter, ours: Served, floor: Served, facts: dict[str, Any]
) -> dict[str, Any]:
    guest, member, bare = Reader(ours.port), Reader(ours.port), Reader(floor.port)
    member.sign_in(facts["handle"])
    lists = {slug: f"/communities/{slug}/threads" for slug in (SMALL, LARGE)}
    threads = {slug: f"{lists[slug]}/{facts[slug]}" for slug in (SMALL, LARGE)}
    pages: dict[str, tuple[Reader, str]] = {
        "list": (guest, lists[LARGE]),
        "thread": (guest, threads[LARGE]),
        "directory": (guest, "/directory"),
        "suggestions": (member, "/suggestions"),
        "list_member": (member, lists[LARGE]),
        "thread_member": (member, threads[LARGE]),
        "list_small": (guest, lists[SMALL]),
        "thread_small": (guest, threads[SMALL]),
    }
    times: dict[str, list[float]] = {name: [] for name in ("floor", *pages)}
    for _run in range(given.runs):
        times["floor"].append(meter.milliseconds(floor, bare, "/", given.requests))
        for name, (reader, path) in pages.items():
            times[name].append(meter.milliseconds(ours, reader, path, given.requests))
    medians = {name: statistics.median(measured) for name, measured in times.items()}
    shown: dict[str, Any] = {}
    for name, (_reader, path) in pages.items():
        if name.endswith("_small"):
            continue
        fresh = Reader(ours.port)
        if pages[name][0] is member:
            fresh.sign_in(facts["handle"])
        size, requests = fresh.first_visit(path)
        ratio = round(medians[name] / medians["floor"], 2)
        shown[name] = {"cpu_ms": round(medians[name], 2), "floors": ratio, "bytes": size, "requests": requests}
    slope = {name: round(medians[name] / medians[f"{name}_small"], 2) for name in ("list", "thread")}
    return {
        "pages": shown, "floor_cpu_ms": round(medians["floor"], 2), "slope": slope,
        "small_posts": FEW[1], "large_posts": given.posts, "requests": given.requests, "runs": given.runs,
        "cores": os.cpu_count(),
    }  # fmt: skip


if __name__ == "__main__":
    raise SystemExit(main())
