"""Backup and restore: everything comes back, on both databases, while others read and write."""

from __future__ import annotations

import gzip
import json
import stat
import threading
from contextlib import contextmanager

import pytest
from sqlalchemy import func, inspect, select, text, update

from app.core import backup
from app.core.database import Base, Database
from app.core.jobs import Job, enqueue
from app.core.limits import Attempt
from app.core.mail import queue_mail
from app.features.accounts.models import Account
from app.features.profiles.models import Institution, Person, Profile
from app.features.samples.services.loading import load_world
from app.features.samples.world import generate
from tests.support.databases import Sqlite
from tests.support.people import make_institution, make_person

# What a restore names anew, so that a match index of the old content is known to be stale.
RENAMED = {"match_identity"}


def _content(database: Database) -> dict[str, list[tuple[object, ...]]]:
    with database.engine.connect() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))]
            for table in Base.metadata.sorted_tables
            if table.name not in RENAMED
        }


def _fill(database: Database) -> None:
    with database.transaction() as session:
        load_world(session, generate(people=30, seed=3))
        older = make_institution(session, "older", name="An older one")
        newer = make_institution(session, "newer", name="Taken in by nobody yet: 示例 مثال")
        # The row that comes first names one that comes later.
        older.merged_into_id = newer.id
        queue_mail(session, "amina@example.org", "account_verify", "fr", token="a 'quoted' \"token\"\n🙂")
        enqueue(session, "tests.nothing", values=[1, 2.5, None, {"deep": "ل"}])


def _refused(runner, *arguments: str) -> str:
    """What a command that ends with 1 says, in its one line."""
    result = runner.invoke(args=list(arguments))
    assert result.exit_code == 1, (result.exit_code, result.output)
    lines = result.stderr.strip().splitlines()
    assert len(lines) == 1, lines
    assert result.stdout == ""
    return lines[0]


def test_everything_comes_back_and_can_be_gone_on_with(database, runner, tmp_path):
    _fill(database)
    before = _content(database)
    assert runner.invoke(args=["backup", str(tmp_path / "all.gz")]).exit_code == 0
    with database.transaction() as session:
        session.execute(update(Account).values(locale="xx"))
        session.execute(update(Institution).values(merged_into_id=None))
        session.delete(session.scalar(select(Person).limit(1)))
        make_person(session, "latecomer")
    result = runner.invoke(args=["restore", str(tmp_path / "all.gz")])
    assert result.exit_code == 0, result.output
    assert _content(database) == before
    # New rows get new numbers, and what is computed from rows was computed again.
    with database.transaction() as session:
        make_person(session, "afterwards", about={"en": "Wholly unheard-of words: quixotry."})
        enqueue(session, "tests.nothing")
    with database.engine.connect() as connection:
        found = connection.scalar(text("SELECT count(*) FROM search_fts"))
        assert found == connection.scalar(select(func.count()).select_from(Profile))


def test_what_is_not_said_stays_unsaid(database, tmp_path):
    with database.transaction() as session:
        enqueue(session, "tests.nothing")
    backup.write_backup(database, tmp_path / "jobs.gz")
    backup.restore_backup(database, tmp_path / "jobs.gz")
    with database.engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM jobs WHERE cursor IS NULL")) == 1


def test_it_moves_from_sqlite_to_the_other_database(database, tmp_path):
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    source = Database(Sqlite(folder).fresh())
    _fill(source)
    backup.write_backup(source, tmp_path / "move.gz")
    backup.restore_backup(database, tmp_path / "move.gz")
    assert _content(database) == _content(source)
    source.dispose()
    with database.transaction() as session:
        make_person(session, "afterwards")


def test_only_its_owner_can_read_a_backup(database, tmp_path):
    backup.write_backup(database, tmp_path / "mine.gz")
    assert stat.S_IMODE((tmp_path / "mine.gz").stat().st_mode) == 0o600


def test_each_kind_of_column_is_known_to_the_backup(app):
    kinds = {type(column.type).__name__ for table in Base.metadata.sorted_tables for column in table.columns}
    assert kinds <= {"BigInteger", "Integer", "String", "Text", "Boolean", "JSON", "UtcDateTime", "Date", "Float"}


def test_the_tables_that_are_left_out_are_computed_ones(database):
    there = set(inspect(database.engine).get_table_names())
    left_out = there - {table.name for table in Base.metadata.sorted_tables}
    assert {name for name in left_out if not name.startswith("search_fts")} == {"alembic_version"}


# While it serves


@contextmanager
def _meanwhile(*works):
    """Run each work again and again beside the block; what one raises is raised at the end."""
    stop, problems = threading.Event(), []

    def go(work):
        while not stop.is_set():
            try:
                work()
            except Exception as problem:
                problems.append(problem)
                return
            stop.wait(0.002)

    threads = [threading.Thread(target=go, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join(60)
    assert not problems, problems


def _write_pairs(database: Database, bucket: str):
    """A work that writes two rows of different tables in one transaction, always both."""

    def write() -> None:
        with database.transaction() as session:
            session.add(Attempt(bucket=bucket))
            session.flush()
            session.add(Job(name=bucket, payload={}))

    return write


def _count_pairs(database: Database, bucket: str) -> tuple[int, int]:
    attempts = select(func.count()).where(Attempt.bucket == bucket).scalar_subquery()
    jobs = select(func.count()).where(Job.name == bucket).scalar_subquery()
    with database.engine.connect() as connection:
        return tuple(connection.execute(select(attempts, jobs)).one())


def test_a_backup_is_of_one_moment_while_others_write(database, settings, tmp_path):
    with database.transaction() as session:
        load_world(session, generate(people=60, seed=1))
    other = Database(settings.sqlalchemy_url)
    with _meanwhile(_write_pairs(other, "during"), _write_pairs(other, "during")):
        for number in range(3):
            backup.write_backup(database, tmp_path / f"{number}.gz")
    other.dispose()
    written = _count_pairs(database, "during")
    assert written[0] == written[1] > 0
    for number in range(3):
        backup.restore_backup(database, tmp_path / f"{number}.gz")
        held = _count_pairs(database, "during")
        assert held[0] == held[1] <= written[0]


def test_a_restore_is_seen_whole_or_not_at_all(database, settings, tmp_path):
    with database.transaction() as session:
        load_world(session, generate(people=40, seed=1))
    file = tmp_path / "forty.gz"
    backup.write_backup(database, file)
    with database.transaction() as session:
        for number in range(10):
            make_person(session, f"later{number}")
    other, seen = Database(settings.sqlalchemy_url), set()

    def look() -> None:
        accounts, people = select(func.count(Account.id)), select(func.count(Person.id))
        with other.reading() as session:
            seen.add(tuple(session.execute(select(accounts.scalar_subquery(), people.scalar_subquery())).one()))

    with _meanwhile(look, look, _write_pairs(other, "meanwhile")):
        for _time in range(3):
            backup.restore_backup(database, file)
    look()
    other.dispose()
    assert seen <= {(51, 51), (41, 41)}, seen
    assert (41, 41) in seen
    pairs = _count_pairs(database, "meanwhile")
    assert pairs[0] == pairs[1]


# What is refused


def _lines(file) -> list[str]:
    with gzip.open(file, "rt", encoding="utf-8") as source:
        return source.read().splitlines()


def _rewrite(file, lines) -> None:
    with gzip.open(file, "wt", encoding="utf-8") as out:
        out.write("".join(f"{line}\n" for line in lines))


def _flip(file, at: float) -> None:
    content = bytearray(file.read_bytes())
    content[int(len(content) * at)] ^= 0x55
    file.write_bytes(content)


def _cut(file, at: float) -> None:
    content = file.read_bytes()
    file.write_bytes(content[: int(len(content) * at)])


DAMAGES = {
    "empty": lambda file: file.write_bytes(b""),
    "not packed": lambda file: file.write_text("hello"),
    "cut early": lambda file: _cut(file, 0.3),
    "cut at the end": lambda file: file.write_bytes(file.read_bytes()[:-6]),
    "a byte at the start": lambda file: _flip(file, 0.02),
    "a byte in the middle": lambda file: _flip(file, 0.5),
    "a byte of the check sum": lambda file: file.write_bytes(file.read_bytes()[:-8] + bytes(8)),
    "another program's": lambda file: _rewrite(file, ['{"format": "something"}']),
    "no head": lambda file: _rewrite(file, _lines(file)[1:]),
    "cut at a line": lambda file: _rewrite(file, _lines(file)[:-3]),
    "a row missing": lambda file: _rewrite(file, _without_a_row(_lines(file))),
    "more after the end": lambda file: _rewrite(file, [*_lines(file), '{"table": "jobs", "columns": []}']),
    "an unknown table": lambda file: _rewrite(file, [_lines(file)[0], '{"table": "robots", "columns": []}']),
    "an unknown column": lambda file: _rewrite(file, [_lines(file)[0], '{"table": "jobs", "columns": ["x"]}', "[1]"]),
    "a wrong date": lambda file: _rewrite(file, [line.replace('"20', '"x0') for line in _lines(file)]),
    "a word for a line": lambda file: _rewrite(file, [_lines(file)[0], '"word"']),
}  # fmt: skip


def _without_a_row(lines: list[str]) -> list[str]:
    row = next(number for number, line in enumerate(lines) if line.startswith("["))
    return lines[:row] + lines[row + 1 :]


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_file_changes_nothing(database, runner, tmp_path, damage):
    with database.transaction() as session:
        make_person(session, "amina", subjects=["0541"])
    file = tmp_path / "damaged.gz"
    backup.write_backup(database, file)
    DAMAGES[damage](file)
    before = _content(database)
    said = _refused(runner, "restore", str(file))
    assert said.startswith("nothing was restored: ")
    assert _content(database) == before


def test_a_file_of_another_revision_is_refused(database, runner, tmp_path):
    file = tmp_path / "old.gz"
    backup.write_backup(database, file)
    lines = _lines(file)
    _rewrite(file, [json.dumps({**json.loads(lines[0]), "revision": "0000"}), *lines[1:]])
    said = _refused(runner, "restore", str(file))
    assert "0000" in said and "tests" in said


def test_a_database_without_tables_is_refused(database, runner, tmp_path):
    with database.engine.begin() as connection:
        connection.execute(text("DROP TABLE alembic_version"))
    assert "flask db upgrade" in _refused(runner, "backup", str(tmp_path / "none.gz"))
    assert list(tmp_path.glob("*.gz")) == []


def test_a_backup_that_cannot_be_written_leaves_the_last_one(database, runner, tmp_path, monkeypatch):
    file = tmp_path / "mine.gz"
    backup.write_backup(database, file)
    kept = file.read_bytes()

    def full(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backup, "_line", full)
    assert "No space left" in _refused(runner, "backup", str(file))
    assert file.read_bytes() == kept
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["mine.gz"]


@pytest.mark.parametrize("arguments", [["backup"], ["restore"], ["restore", "/nowhere/at/all.gz"]])
def test_a_wrong_call_ends_with_2(runner, arguments):
    result = runner.invoke(args=arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
