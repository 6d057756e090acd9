"""Background jobs: done once, taken over from the dead, tried again, cancelled; mails go out in their language."""

from __future__ import annotations

import email
import email.policy
import signal
import subprocess
import sys
import threading
from datetime import timedelta

import pytest
from flask_babel import force_locale, gettext
from sqlalchemy import select, update

from app.core import jobs
from app.core.clock import now
from app.core.jobs import CANCELLED, DONE, FAILED, LEASE, MAX_ATTEMPTS, WAITING, Job, enqueue, run_one
from app.core.mail import Mail, queue_mail
from tests.support.commands import ROOT, command, of_settings


@pytest.fixture
def register(monkeypatch):
    """``register(name, work)``: a kind of job for this test only."""
    return lambda name, work: monkeypatch.setitem(jobs._work, name, work)


def _add(database, name: str, **values) -> int:
    with database.transaction() as session:
        enqueue(session, name, **values)
        return session.scalars(select(Job.id).order_by(Job.id.desc())).first()


def _job(database, number: int) -> Job:
    with database.reading() as session:
        job = session.get(Job, number)
        session.expunge(job)
    return job


def _change(database, number: int, **values) -> None:
    with database.transaction() as session:
        session.execute(update(Job).where(Job.id == number).values(**values))


def test_a_job_is_done_once(database, register):
    seen = []
    register("tests.see", lambda _database, payload, _progress: seen.append(payload["what"]))
    number = _add(database, "tests.see", what="a")
    assert run_one(database, "w") is True
    assert run_one(database, "w") is False
    job = _job(database, number)
    assert (seen, job.state, job.attempts) == (["a"], DONE, 1)
    assert job.finished_at is not None and job.lease is None


def test_a_rolled_back_transaction_leaves_no_job(database):
    with database.sessions() as session:
        enqueue(session, "tests.see")
        enqueue(session, "tests.see", unique="once")
        session.rollback()
    assert run_one(database, "w") is False


def test_jobs_are_taken_in_the_order_of_their_time_and_not_before_it(database, register):
    seen = []
    register("tests.see", lambda _database, payload, _progress: seen.append(payload["what"]))
    _add(database, "tests.see", what="later", run_at=now() + timedelta(hours=1))
    _add(database, "tests.see", what="second", run_at=now() - timedelta(minutes=1))
    _add(database, "tests.see", what="first", run_at=now() - timedelta(minutes=2))
    jobs.work(database, until_empty=True)
    assert seen[:2] == ["first", "second"]
    assert "later" not in seen


def test_several_workers_share_the_work_without_doing_any_twice(database, register):
    seen, lock = [], threading.Lock()

    def see(_database, payload, _progress):
        with lock:
            seen.append(payload["what"])

    register("tests.see", see)
    with database.transaction() as session:
        for number in range(40):
            enqueue(session, "tests.see", what=number)

    def work(name: str) -> None:
        while run_one(database, name):
            pass

    workers = [threading.Thread(target=work, args=(f"w{number}",)) for number in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert sorted(seen) == list(range(40))


# Dead workers

HANG = """
import sys, time
from app.core import jobs
from app.core.database import Database

@jobs.job("tests.steps")
def steps(database, payload, progress):
    progress.advance(3, 10, {"at": 3})
    print("at 3", flush=True)
    time.sleep(600)

jobs.run_one(Database(sys.argv[1]), "soon-dead")
"""


def test_a_killed_workers_job_is_taken_over_where_it_was(database, settings, register):
    number = _add(database, "tests.steps", what="x")
    worker = subprocess.Popen(
        [sys.executable, "-c", HANG, settings.sqlalchemy_url], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert worker.stdout.readline() == "at 3\n"
    worker.send_signal(signal.SIGKILL)
    worker.communicate(timeout=30)
    went_on_at = []
    register("tests.steps", lambda _database, _payload, progress: went_on_at.append(progress.cursor))
    assert run_one(database, "w") is False, "it is still leased to the dead one"
    held = _job(database, number)
    assert (held.state, held.done_count, held.total_count) == (WAITING, 3, 10)
    assert now() < held.leased_until <= now() + LEASE
    _change(database, number, leased_until=now() - timedelta(seconds=1))
    assert run_one(database, "w") is True
    assert went_on_at == [{"at": 3}]
    assert (_job(database, number).state, _job(database, number).attempts) == (DONE, 2)


def test_who_lost_the_lease_can_neither_go_on_nor_end_the_job(database, register):
    number = _add(database, "tests.slow")

    def slow(_database, _payload, progress):
        progress.advance(1)
        _change(database, number, lease="another", leased_until=now() + LEASE)
        progress.advance(2)
        raise AssertionError("it went on without a lease")

    register("tests.slow", slow)
    run_one(database, "w")
    job = _job(database, number)
    assert (job.state, job.lease, job.done_count) == (WAITING, "another", 1)


# Failures


def test_a_failing_job_is_tried_again_later_and_later_and_given_up(database, register):
    def fail(_database, _payload, _progress):
        raise ValueError("no luck")

    register("tests.fail", fail)
    number = _add(database, "tests.fail", unique="only-one")
    waits = []
    for attempt in range(1, MAX_ATTEMPTS + 1):
        before = now()
        assert run_one(database, "w") is True
        job = _job(database, number)
        assert job.attempts == attempt and job.error == "ValueError: no luck"
        if attempt < MAX_ATTEMPTS:
            assert job.state == WAITING and job.lease is None
            waits.append(job.run_at - before)
            assert run_one(database, "w") is False, "it has to wait"
            _change(database, number, run_at=now() - timedelta(seconds=1))
    assert waits == sorted(waits) and waits[0] >= timedelta(seconds=5) and waits[-1] > 10 * waits[0]
    assert _job(database, number).state == FAILED
    # Given up, it doesn't stand in the way of a new one.
    assert _job(database, number).unique_key is None
    assert _add(database, "tests.fail", unique="only-one") != number


def test_a_job_that_ends_its_worker_each_time_is_given_up(database, register):
    seen = []
    register("tests.deadly", lambda _database, _payload, _progress: seen.append(1))
    number = _add(database, "tests.deadly")
    _change(database, number, attempts=MAX_ATTEMPTS, lease="dead", leased_until=now() - LEASE)
    assert run_one(database, "w") is True
    assert run_one(database, "w") is False
    assert (seen, _job(database, number).state) == ([], FAILED)


def test_a_job_nobody_knows_is_not_lost(database):
    number = _add(database, "tests.of-a-newer-release")
    run_one(database, "w")
    job = _job(database, number)
    assert job.state == WAITING and "tests.of-a-newer-release" in job.error


# One of a kind


def test_of_several_waiting_with_a_key_one_is_kept(database, register):
    seen = []
    register("tests.see", lambda _database, payload, _progress: seen.append(payload["what"]))
    first = _add(database, "tests.see", unique="rebuild", what=1)
    assert _add(database, "tests.see", unique="rebuild", what=2) == first
    jobs.run_one(database, "w")
    assert seen == [1]
    assert _add(database, "tests.see", unique="rebuild", what=3) != first


def test_two_transactions_that_want_the_same_job_both_go_through(database):
    one = database.sessions()
    enqueue(one, "tests.see", unique="rebuild")
    problems = []

    def other() -> None:
        try:
            with database.transaction() as session:
                enqueue(session, "tests.see", unique="rebuild")
        except Exception as problem:
            problems.append(problem)

    thread = threading.Thread(target=other)
    thread.start()
    thread.join(0.3)
    one.commit()
    one.close()
    thread.join(30)
    assert problems == []
    with database.reading() as session:
        assert len(session.scalars(select(Job).where(Job.unique_key == "rebuild")).all()) == 1


def test_recurring_jobs_wait_once_each_and_come_again(database, register, monkeypatch):
    monkeypatch.setattr(jobs, "_every", {"tests.tick": timedelta(hours=1)})
    ticks = []
    register("tests.tick", lambda *_arguments: ticks.append(1))
    jobs.schedule_recurring(database)
    jobs.schedule_recurring(database)
    while run_one(database, "w"):
        pass
    assert ticks == [1]
    jobs.schedule_recurring(database)
    with database.reading() as session:
        waiting = session.scalars(select(Job.run_at).where(Job.name == "tests.tick", Job.state == WAITING)).all()
    assert len(waiting) == 1
    assert timedelta(minutes=59) < waiting[0] - now() <= timedelta(hours=1)


# Stopping


def test_a_cancelled_job_is_not_begun(database, register):
    register("tests.see", lambda *_arguments: pytest.fail("it was begun"))
    number = _add(database, "tests.see", unique="one")
    with database.transaction() as session:
        jobs.cancel(session, number)
    assert run_one(database, "w") is False
    assert (_job(database, number).state, _job(database, number).unique_key) == (CANCELLED, None)


def test_a_running_job_that_is_cancelled_stops_at_its_next_step(database, register):
    number, steps = _add(database, "tests.steps"), []

    def count(_database, _payload, progress):
        for step in range(1, 10):
            progress.advance(step, 9)
            steps.append(step)
            if step == 4:
                with database.transaction() as session:
                    jobs.cancel(session, number)

    register("tests.steps", count)
    run_one(database, "w")
    job = _job(database, number)
    assert (steps, job.state, job.done_count) == ([1, 2, 3, 4], CANCELLED, 4)


def test_the_worker_stops_when_told_to(settings, database):
    worker = subprocess.Popen(
        command("jobs", "work"), cwd=ROOT, env=of_settings(settings), stderr=subprocess.PIPE, text=True
    )
    number = _add(database, "mail.send", mail_id=0)
    deadline = now() + timedelta(seconds=60)
    while _job(database, number).state != DONE and now() < deadline:
        threading.Event().wait(0.1)
    worker.send_signal(signal.SIGTERM)
    _out, said = worker.communicate(timeout=30)
    assert worker.returncode == 0, said
    assert "jobs done" in said.splitlines()[-1]


def test_the_command_works_until_nothing_is_due(runner, database, register):
    seen = []
    register("tests.see", lambda *_arguments: seen.append(1))
    for _number in range(3):
        _add(database, "tests.see")
    result = runner.invoke(args=["jobs", "work", "--until-empty"])
    assert result.exit_code == 0 and result.stdout == ""
    assert seen == [1, 1, 1]


# Mails


def _outbox(settings) -> list[email.message.EmailMessage]:
    files = sorted((settings.instance_path / "outbox").glob("*.eml"))
    return [email.message_from_bytes(file.read_bytes(), policy=email.policy.default) for file in files]


def _work_off(database) -> None:
    while run_one(database, "w"):
        pass


def test_a_mail_goes_out_once(database, settings):
    with database.transaction() as session:
        queue_mail(session, "amina@example.org", "account_verify", "en", token="tok")
    _work_off(database)
    assert [str(mail["To"]) for mail in _outbox(settings)] == ["amina@example.org"]
    sent = next((settings.instance_path / "outbox").glob("*.eml"))
    sent.unlink()
    # A second job for the same mail, as after a worker died between sending and noting so, finds it sent.
    with database.transaction() as session:
        mail = session.scalars(select(Mail)).one()
        assert mail.sent_at is not None
        enqueue(session, "mail.send", mail_id=mail.id)
    _work_off(database)
    assert _outbox(settings) == []


def test_a_mail_of_a_rolled_back_transaction_is_never_sent(database, settings):
    with database.sessions() as session:
        queue_mail(session, "amina@example.org", "account_verify", "en", token="tok")
        session.rollback()
    _work_off(database)
    assert _outbox(settings) == []


def test_a_mail_that_cannot_be_sent_waits_for_the_next_try(database, settings, monkeypatch):
    with database.transaction() as session:
        queue_mail(session, "amina@example.org", "account_verify", "en", token="tok")
    settings.instance_path.mkdir(parents=True, exist_ok=True)
    (settings.instance_path / "outbox").write_text("in the way")
    _work_off(database)
    with database.reading() as session:
        job = session.scalars(select(Job).where(Job.name == "mail.send")).one()
        assert job.state == WAITING and job.error
        assert session.scalars(select(Mail)).one().sent_at is None
    (settings.instance_path / "outbox").unlink()
    _change(database, 1, run_at=now() - timedelta(seconds=1))
    _work_off(database)
    assert len(_outbox(settings)) == 1


SUBJECTS = {
    "account_verify": "Please confirm your mail address",
    "account_password_changed": "Your password was changed",
}


@pytest.mark.parametrize("template", SUBJECTS)
def test_mails_are_written_in_the_language_of_who_receives_them(app, database, settings, template):
    for locale in ("en", "fr", "ar"):
        with database.transaction() as session:
            queue_mail(session, f"{locale}@example.org", template, locale, token="tok")
    _work_off(database)
    mails = {str(mail["Content-Language"]): mail for mail in _outbox(settings)}
    assert set(mails) == {"en", "fr", "ar"}
    for locale, mail in mails.items():
        with app.test_request_context(), force_locale(locale):
            expected = gettext(SUBJECTS[template])
        assert str(mail["Subject"]) == expected
        assert str(mail["To"]) == f"{locale}@example.org"
        assert f"{settings.base_url}/" in mail.get_content()


def test_a_line_break_in_a_value_makes_no_header(database, settings):
    with database.transaction() as session:
        mail = Mail(
            to_address="amina@example.org", template="account_verify", locale="en", values={"token": "a\nBcc: x"}
        )
        session.add(mail)
        session.flush()
        enqueue(session, "mail.send", mail_id=mail.id)
    _work_off(database)
    assert _outbox(settings)[0]["Bcc"] is None
