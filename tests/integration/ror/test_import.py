"""``flask institutions import-ror``: created, updated, resumed, refused, through the command."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.features.profiles.models import ImportRun, Institution, InstitutionName, Profile
from tests.support.ror import record, ror_id, write_dump

ROOT = Path(__file__).resolve().parents[3]
PUBLISHED = Path(os.environ.get("ROR_DUMP", ROOT.parent / "shared" / "data" / "ror-data.zip"))


@pytest.fixture
def run(runner):
    def go(path, *options):
        return runner.invoke(args=["institutions", "import-ror", str(path), *options])

    return go


@pytest.fixture
def counts(run):
    def go(path):
        result = run(path, "--json")
        assert result.exit_code == 0, result.stderr
        return json.loads(result.stdout)

    return go


def _expected(**changes):
    return {"read": 0, "created": 0, "updated": 0, "unchanged": 0, "withdrawn": 0, "refused": 0, **changes}


@pytest.mark.parametrize("name", ["dump.json", "dump.zip"])
def test_records_come_in_once_and_a_second_run_changes_nothing(tmp_path, counts, run, database, name):
    dump = write_dump(tmp_path / name, [record(n) for n in range(1, 1203)])
    assert counts(dump) == _expected(read=1202, created=1202)
    again = run(dump, "--json")
    assert json.loads(again.stdout) == _expected(read=1202, unchanged=1202)
    assert "nothing changed" in again.stderr
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Institution)) == 1202
        assert session.scalar(select(func.count()).select_from(InstitutionName)) == 1202 * 4
        one = session.scalar(select(Institution).where(Institution.ror_id == ror_id(5)))
        assert (one.claimed, one.suggestible, one.verified_by, one.country) == (False, False, None, "KE")


def test_updates_withdrawn_and_refused_records(tmp_path, counts, run, database):
    counts(write_dump(tmp_path / "one.json", [record(n) for n in range(1, 6)]))
    newer = [
        record(1),
        record(2, names=[{"value": "Renamed Sample", "types": ["ror_display"], "lang": "en"}]),
        record(3, status="withdrawn"),
        record(4, status="inactive"),
        record(6, id="https://ror.org/000000000"),
        "not a record",
        record(1),
    ]
    report = tmp_path / "refused.txt"
    result = run(write_dump(tmp_path / "two.json", newer), "--json", "--report", str(report))
    assert json.loads(result.stdout) == _expected(read=7, updated=2, unchanged=1, withdrawn=1, refused=3)
    assert [line.split(" ")[1] for line in report.read_text().splitlines()] == ["5", "6", "7"]
    assert "not a ROR identifier" in report.read_text()
    with database.reading() as session:
        by_id = {i.ror_id: i for i in session.scalars(select(Institution))}
        assert by_id[ror_id(2)].name == "Renamed Sample"
        assert by_id[ror_id(3)].hidden_at is not None
        assert by_id[ror_id(4)].hidden_at is None


def test_what_people_wrote_on_an_institution_they_act_for_stays(tmp_path, counts, database):
    counts(write_dump(tmp_path / "one.json", [record(1)]))
    with database.transaction() as session:
        institution = session.scalar(select(Institution))
        institution.claimed, institution.country, institution.city = True, "UG", "Kampala"
        institution.names[0].name = "Our own name"
    newer = record(
        1, domains=["new.example"], locations=[{"geonames_details": {"country_code": "TZ", "name": "Moshi"}}]
    )
    assert counts(write_dump(tmp_path / "two.json", [newer])) == _expected(read=1, updated=1)
    with database.reading() as session:
        institution = session.scalar(select(Institution))
        assert (institution.name, institution.country, institution.city) == ("Our own name", "UG", "Kampala")
        assert [d.domain for d in institution.domains] == ["new.example"]
        assert "Sample University 1" in {n.name for n in institution.names}


def test_every_name_is_found_in_the_directory(tmp_path, counts, client):
    counts(write_dump(tmp_path / "one.json", [record(41)]))
    for words in ("Sample University 41", "universite exemple", "示例", "SU41"):
        assert "Sample University 41" in client.get("/directory", query_string={"q": words}).get_data(as_text=True)


def test_a_file_cut_in_half_says_so_and_the_whole_one_goes_on(tmp_path, run, counts, database):
    whole = write_dump(tmp_path / "whole.json", [record(n) for n in range(1, 1001)])
    half = tmp_path / "half.json"
    text = whole.read_bytes()
    half.write_bytes(text[: len(text) // 2])
    result = run(half, "--json")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "the file ends in the middle" in result.stderr
    with database.reading() as session:
        kept = session.scalar(select(func.count()).select_from(Institution))
    assert 400 < kept < 600
    assert counts(whole) == _expected(read=1000, created=1000 - kept, unchanged=kept)


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"PK\x03\x04 cut off", b"not json at all", b"[1, 2"])
@pytest.mark.parametrize("name", ["dump.json", "dump.zip"])
def test_what_is_no_dump_is_refused_with_one_clear_line(tmp_path, run, content, name):
    path = tmp_path / name
    path.write_bytes(content)
    result = run(path, "--json")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    assert name in result.stderr.strip().splitlines()[-1]


def test_a_missing_file_is_a_wrong_call(run):
    assert run("nowhere.json").exit_code == 2


def _command(settings, *args):
    environment = {
        **os.environ,
        "DATABASE_URL": settings.database_url,
        "INSTANCE_PATH": str(settings.instance_path),
    }
    return subprocess.Popen(
        [sys.executable, "-m", "flask", "institutions", "import-ror", *args],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def _position(database):
    with database.reading() as session:
        return session.scalar(select(func.max(ImportRun.position))) or 0


@pytest.mark.many_rows
def test_a_run_killed_at_random_records_goes_on_to_the_same_end(tmp_path, settings, database):
    dump = write_dump(tmp_path / "dump.json", [record(n) for n in range(1, 6001)])
    chance = random.Random(11)
    for _ in range(2):
        process = _command(settings, str(dump), "--json")
        goal = _position(database) + chance.randrange(1, 2000)
        deadline = time.monotonic() + 60
        while _position(database) < goal and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        process.communicate()
    assert 0 < _position(database) < 6000
    last = _command(settings, str(dump), "--json")
    out, err = last.communicate(timeout=120)
    assert last.returncode == 0, err.decode()
    assert "went on after record" in err.decode()
    assert json.loads(out) == _expected(read=6000, created=6000)
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Institution)) == 6000
        assert session.scalar(select(func.count()).select_from(Profile)) == 6000
        assert session.scalar(select(func.count()).select_from(InstitutionName)) == 24000


def test_a_full_disk_stops_with_a_clear_line_and_loses_nothing(tmp_path, run, counts, database, app):
    if not database.is_sqlite:
        pytest.skip("the limit below is SQLite's; PostgreSQL reports a full disk by the same kind of error")
    dump = write_dump(tmp_path / "dump.json", [record(n) for n in range(1, 3001)])
    from sqlalchemy import event

    def small(connection, _record):
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count={pages + 300}")

    database.dispose()
    event.listen(database.engine, "connect", small)
    result = run(dump, "--json")
    event.remove(database.engine, "connect", small)
    database.dispose()
    assert result.exit_code == 1
    assert "full" in result.stderr.strip().splitlines()[-1]
    with database.reading() as session:
        kept = session.scalar(select(func.count()).select_from(Institution))
        assert kept == session.scalar(select(func.max(ImportRun.position)))
    assert counts(dump) == _expected(read=3000, created=3000)


@pytest.mark.many_rows
def test_the_published_dump_comes_in_whole(counts, run):
    if not PUBLISHED.exists():
        pytest.skip(
            f"ROR's published dump is not beside the checkout; name one in ROR_DUMP (looked at {PUBLISHED.name})"
        )
    first = counts(PUBLISHED)
    assert first == _expected(read=18649, created=18577, withdrawn=72)
    assert counts(PUBLISHED) == _expected(read=18649, unchanged=18649)
