"""``flask institutions import-partnerships``: created, updated, matched, resumed, refused, through the command."""

from __future__ import annotations

import gzip
import json
import os
import random
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.core.actor import OPERATOR, Actor
from app.features.profiles.models import ImportRun, Institution
from app.features.profiles.services.merging import merge_institutions
from app.features.profiles.services.partnerships import match_known
from app.features.relations.models import PartnerOrganisation, PartnershipParticipation, PartnershipProject
from tests.support.people import make_institution
from tests.support.ror import ror_id

ROOT = Path(__file__).resolve().parents[3]
PUBLISHED = Path(os.environ.get("PARTNERSHIPS", ROOT.parent / "shared" / "data" / "partnerships_to_2018.csv.gz"))
HEADER = "project_id,start_date,organisation_id,organisation_type,country,role,programmes"
ROWS = (
    "p1,2016-03-01,north,HES,NO,coordinator,LEIT;SC4",
    "p1,2016-03-01,south,REC,ES,participant,LEIT;SC4",
    "p2,2017-05-01,north,HES,NO,participant,MSCA",
    "p2,2017-05-01,west,PRC,IE,coordinator,MSCA",
)


def write(path, *rows, header=HEADER):
    content = "\n".join((header, *rows)) + "\n"
    path.write_bytes(gzip.compress(content.encode()) if path.suffix == ".gz" else content.encode())
    return path


def many(number):
    """Rows of which two make a project; every second stands in several."""
    rows = []
    for n in range(0, number, 2):
        project = f"p{n // 2},{date(2015 + n % 4, 1 + n // 2 % 12, 1)}"
        for organisation in (f"o{n}", f"o{n % 96 + 1}"):
            rows.append(f"{project},{organisation},HES,NO,participant,SC{n // 2 % 7}")
    return rows


@pytest.fixture
def run(runner):
    def go(path, *options):
        return runner.invoke(args=["institutions", "import-partnerships", str(path), *map(str, options)])

    return go


@pytest.fixture
def counts(run):
    def go(path, *options):
        result = run(path, "--json", *options)
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)

    return go


def expected(**changes):
    return {"read": 0, "created": 0, "updated": 0, "unchanged": 0, "unmatched": 0, "refused": 0, **changes}


def kept(database):
    """Everything that is kept, in the terms of the file."""
    with database.reading() as session:
        rows = session.execute(
            select(
                PartnershipProject.external_id,
                PartnershipProject.started_on,
                PartnerOrganisation.external_id,
                PartnershipParticipation.organisation_type,
                PartnershipParticipation.country,
                PartnershipParticipation.role,
                PartnershipProject.programmes,
            )
            .join(PartnershipParticipation, PartnershipParticipation.project_id == PartnershipProject.id)
            .join(PartnerOrganisation, PartnerOrganisation.id == PartnershipParticipation.organisation_id)
        )
        return sorted(",".join(str(part) for part in row) for row in rows)


def matched(database):
    with database.reading() as session:
        rows = session.execute(
            select(PartnerOrganisation.external_id, PartnerOrganisation.institution_id).where(
                PartnerOrganisation.institution_id.is_not(None)
            )
        )
        return dict(rows.all())


@pytest.mark.parametrize("name", ["history.csv", "history.csv.gz"])
def test_a_history_comes_in_once_and_a_second_run_changes_nothing(tmp_path, counts, run, database, name):
    file = write(tmp_path / name, *ROWS)
    assert counts(file) == expected(read=4, created=4, unmatched=3)
    assert kept(database) == sorted(ROWS)
    again = run(file, "--json")
    assert json.loads(again.stdout) == expected(read=4, unchanged=4, unmatched=3)
    assert "nothing changed" in again.stderr
    assert kept(database) == sorted(ROWS)


def test_a_newer_file_changes_what_differs_and_loses_nothing(tmp_path, counts, database):
    counts(write(tmp_path / "one.csv", *ROWS))
    newer = (
        "p1,2016-03-01,north,HES,NO,participant,LEIT;SC4",
        "p1,2016-03-01,south,REC,ES,participant,LEIT;SC4",
        "p2,2017-06-01,west,PRC,IE,coordinator,MSCA",
        "p3,2018-01-01,west,PRC,IE,coordinator,",
    )
    assert counts(write(tmp_path / "two.csv", *newer)) == expected(
        read=4, created=1, updated=2, unchanged=1, unmatched=3
    )
    assert kept(database) == sorted((*newer, "p2,2017-06-01,north,HES,NO,participant,MSCA"))


def test_organisations_are_matched_by_their_ror_id(tmp_path, counts, database):
    with database.transaction() as session:
        number = make_institution(session, "north", ror_id=ror_id(7), claimed=False).id
    rows = [row.replace("north", f"https://ror.org/{ror_id(7)}") for row in ROWS]
    assert counts(write(tmp_path / "history.csv", *rows)) == expected(read=4, created=4, unmatched=2)
    assert matched(database) == {f"https://ror.org/{ror_id(7)}": number}


def test_a_number_of_another_register_is_no_ror_id(tmp_path, counts, database):
    digits = next(ror_id(n) for n in range(10_000) if ror_id(n).isdigit())
    with database.transaction() as session:
        make_institution(session, "north", ror_id=digits)
    counts(write(tmp_path / "history.csv", *(row.replace("north", digits) for row in ROWS)))
    assert matched(database) == {}


def test_a_table_matches_by_ror_id_and_by_handle_also_later(tmp_path, counts, run, database):
    file = write(tmp_path / "history.csv", *ROWS)
    counts(file)
    with database.transaction() as session:
        by_ror = make_institution(session, "a-university", ror_id=ror_id(1)).id
        by_handle = make_institution(session, "a-school").id
    table = write(
        tmp_path / "ids.csv",
        f"north,https://ror.org/{ror_id(1)},",
        "west,,a-school",
        "south,,nobody",
        "east,000000000,",
        ",,a-school",
        "lost,,",
        header="organisation_id,ror,handle",
    )
    result = run(file, "--json", "--ids", table)
    assert json.loads(result.stdout) == expected(read=4, updated=3, unchanged=1, unmatched=1)
    assert matched(database) == {"north": by_ror, "west": by_handle}
    assert "refused line of the ids 4 south: there is no institution nobody" in result.stderr
    assert "is not a ROR identifier" in result.stderr and "names no institution" in result.stderr
    assert counts(file, "--ids", table) == expected(read=4, unchanged=4, unmatched=1)
    # Without the table again: what was matched stays so.
    assert counts(file) == expected(read=4, unchanged=4, unmatched=1)


def test_a_record_that_comes_later_is_matched_and_a_merged_one_passes_its_history_on(tmp_path, counts, database):
    table = write(tmp_path / "ids.csv", f"north,{ror_id(3)}", header="organisation_id,ror")
    counts(write(tmp_path / "history.csv", *ROWS), "--ids", table)
    assert matched(database) == {}
    with database.transaction() as session:
        late = make_institution(session, "late", ror_id=ror_id(3), claimed=False)
        assert match_known(session) == 1
        keep = make_institution(session, "keep")
        late_id, keep_id = late.id, keep.id
    assert matched(database) == {"north": late_id}
    with database.transaction() as session:
        one, other = (session.get(Institution, number) for number in (keep_id, late_id))
        merge_institutions(session, Actor(roles=frozenset({OPERATOR})), one, other)
    assert matched(database) == {"north": keep_id}


def test_lines_that_make_no_sense_are_refused_by_themselves(tmp_path, run, database):
    file = tmp_path / "history.csv"
    lines = [
        HEADER.encode(),
        ROWS[0].encode(),
        b"p9,yesterday,north,HES,NO,coordinator,SC1",
        b"p9,2016-03-01,,HES,NO,coordinator,SC1",
        b"p9,2016-03-01",
        b"p9,2016-03-01,n\xf8rth,HES,NO,coordinator,SC1",
        b"p9,2016-03-01," + b"x" * (1 << 20) + b",HES,NO,coordinator,SC1",
        b'p9,2016-03-01,"north,HES,NO,coordinator,SC1',
        b"p9,2016-03-01,no\x00rth,HES,NO,coordinator,SC1",
        b"p9,2016-03-01," + b"x" * 121 + b",HES,NO,coordinator,SC1",
        b"",
        ROWS[1].encode(),
        ROWS[1].encode(),
        ROWS[1].replace("participant", "coordinator").encode(),
        ROWS[1].replace("2016-03-01", "2016-04-01").encode(),
    ]
    file.write_bytes(b"\xef\xbb\xbf" + b"\r\n".join(lines))
    report = tmp_path / "refused.txt"
    result = run(file, "--json", "--report", report)
    assert result.exit_code == 0
    assert json.loads(result.stdout) == expected(read=13, created=2, unchanged=1, unmatched=2, refused=10)
    said = report.read_text().splitlines()
    assert [int(line.split()[1]) for line in said] == [3, 4, 5, 6, 7, 8, 9, 10, 14, 15]
    assert "is no date" in said[0] and "not UTF-8" in said[3] and "longer than" in said[4]
    assert "another role" in said[8] and "another start date" in said[9]
    assert kept(database) == sorted(ROWS[:2])


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "not one participation"),
        (HEADER.encode(), "not one participation"),
        (b"a,b,c\n1,2,3\n", "does not name the column project_id"),
        (HEADER.replace(",", ";").encode() + b"\n", "separated by commas"),
        ("\n".join((HEADER, *ROWS)).encode("utf-16"), "UTF-16"),
        (b"\x1f\x8b not a packed file", "damaged or cut off"),
        (b"x" * (1 << 20), "longer than"),
        (b"PK\x03\x04 something else", "does not name"),
    ],
)
def test_what_is_no_history_is_refused_with_one_clear_line(tmp_path, run, database, content, says):
    file = tmp_path / "history.csv"
    file.write_bytes(content)
    result = run(file, "--json")
    assert (result.exit_code, result.stdout) == (1, "")
    assert says in result.stderr and "Traceback" not in result.stderr
    assert "Nothing was taken in" in result.stderr and "go on" not in result.stderr
    assert kept(database) == []


def test_a_broken_table_of_ids_is_refused_before_anything_is_taken_in(tmp_path, run, database):
    file, table = write(tmp_path / "history.csv", *ROWS), tmp_path / "ids.csv"
    for content in (b"", b"organisation_id,name\nnorth,North\n", b"id,ror\n"):
        table.write_bytes(content)
        result = run(file, "--ids", table)
        assert (result.exit_code, result.stdout) == (1, "")
        assert "ids.csv" in result.stderr and "Nothing was taken in" in result.stderr
        assert kept(database) == []


def test_a_missing_file_is_a_wrong_call(run):
    assert run("nowhere.csv").exit_code == 2


def test_a_packed_file_cut_in_half_says_so_and_the_whole_one_goes_on(tmp_path, run, counts, database):
    whole = write(tmp_path / "whole.csv.gz", *many(20_000))
    half = tmp_path / "half.csv.gz"
    packed = whole.read_bytes()
    half.write_bytes(packed[: len(packed) // 2])
    result = run(half, "--json")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "damaged or cut off" in result.stderr and "stay" in result.stderr
    there = len(kept(database))
    assert 0 < there < 20_000
    done = counts(whole)
    assert (done["read"], done["created"], done["unchanged"]) == (20_000, 20_000 - there, there)


def _position(database):
    with database.reading() as session:
        return session.scalar(select(func.max(ImportRun.position))) or 0


def _command(settings, *args):
    environment = {**os.environ, "DATABASE_URL": settings.database_url, "INSTANCE_PATH": str(settings.instance_path)}
    return subprocess.Popen(
        [sys.executable, "-m", "flask", "institutions", "import-partnerships", *args],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def test_a_run_killed_at_random_lines_goes_on_to_the_same_end(tmp_path, settings, database):
    lines = many(24_000)
    file = write(tmp_path / "history.csv", *lines)
    chance = random.Random(5)
    for _ in range(2):
        process = _command(settings, str(file), "--json")
        goal, deadline = _position(database) + chance.randrange(500, 6000), time.monotonic() + 60
        while _position(database) < goal and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        process.communicate()
    assert 0 < _position(database) < 24_000
    last = _command(settings, str(file), "--json")
    out, err = last.communicate(timeout=120)
    assert last.returncode == 0, err.decode()
    assert "went on after participation" in err.decode()
    done = json.loads(out)
    assert (done["read"], done["created"], done["refused"]) == (24_000, 24_000, 0)
    assert kept(database) == sorted(lines)


@pytest.mark.many_rows
def test_the_real_history_comes_in_whole(counts):
    if not PUBLISHED.exists():
        pytest.skip(f"no history of partnerships beside the checkout (looked at {PUBLISHED.name}); see PARTNERSHIPS")
    assert counts(PUBLISHED) == expected(read=91_334, created=91_334, unmatched=27_411)
