"""Saying when one works."""

from __future__ import annotations

from sqlalchemy import select

from app.features.profiles.models import Person, ProfileChange, ProfileHours

PAGE = "/profile/hours"


def lines(*rows: tuple[str, int, int]) -> dict[str, str]:
    fields = {}
    for number, (days, begin, end) in enumerate(rows):
        fields |= {
            f"hours-{number}-days": days,
            f"hours-{number}-begin": str(begin * 60),
            f"hours-{number}-end": str(end * 60),
        }
    return fields


def version(browser) -> str:
    browser.get(PAGE)
    return next(e.get("value") for e in browser.last_page.iter("input") if e.get("name") == "version")


def stored(database) -> list[tuple[int, int, int]]:
    with database.sessions() as session:
        rows = session.scalars(select(ProfileHours).order_by(ProfileHours.weekday, ProfileHours.begin))
        return [(row.weekday, row.begin // 60, row.end // 60) for row in rows]


def test_days_that_are_alike_are_one_line(world, sign_in, database):
    amina = sign_in("amina")
    assert "this is assumed" in amina.get(PAGE).get_data(as_text=True)
    with database.sessions() as session:
        changes = len(session.scalars(select(ProfileChange)).all())
    rows = lines(("mon_fri", 8, 12), ("mon_fri", 13, 17), ("5", 10, 12))
    assert amina.submit(PAGE, {**rows, "version": version(amina)}).status_code == 303
    assert stored(database) == [(d, *s) for d in range(5) for s in ((8, 12), (13, 17))] + [(5, 10, 12)]
    own = amina.get("/profile").get_data(as_text=True)
    assert "Working hours" in own and "Monday to Friday" in own and "Saturday" in own
    with database.sessions() as session:
        assert len(session.scalars(select(ProfileChange)).all()) == changes + 1


def test_what_overlaps_is_joined_and_nothing_said_is_nothing(world, sign_in, database):
    amina = sign_in("amina")
    rows = lines(("all", 8, 12), ("0", 11, 14))
    assert amina.submit(PAGE, {**rows, "version": version(amina)}).status_code == 303
    assert stored(database)[0] == (0, 8, 14) and len(stored(database)) == 7
    empty = {"hours-0-days": "all", "hours-0-begin": "", "hours-0-end": "", "version": version(amina)}
    assert amina.submit(PAGE, empty).status_code == 303 and not stored(database)


def test_lines_come_and_go_without_a_script(world, sign_in, database):
    amina = sign_in("amina")
    rows = {**lines(("all", 8, 12)), "version": version(amina)}
    added = amina.submit(PAGE, {**rows, "add": "hours"})
    assert added.status_code == 200 and 'name="hours-1-begin"' in added.get_data(as_text=True)
    gone = amina.submit(PAGE, {**rows, "remove": "hours-0"})
    assert gone.status_code == 200 and 'name="hours-0-begin"' not in gone.get_data(as_text=True)
    assert not stored(database)


def test_hours_that_cannot_be_are_said_beside_the_line(world, sign_in, database):
    amina = sign_in("amina")
    for wrong, message in (
        (lines(("all", 17, 9)), "must be later"),
        ({**lines(("all", 9, 17)), "hours-0-end": ""}, "Please choose a time"),
        ({**lines(("all", 9, 17)), "hours-0-begin": "541"}, "from the lists"),
        ({**lines(("all", 9, 17)), "hours-0-days": "someday"}, "from the lists"),
        (lines(*[("0", 2 * n, 2 * n + 1) for n in range(6)]), "4 spans a day"),
    ):
        answer = amina.submit(PAGE, {**wrong, "version": version(amina)})
        assert answer.status_code == 422 and message in answer.get_data(as_text=True), message
    assert not stored(database)


def test_hours_stand_on_the_page_for_whom_the_place_is_open(world, sign_in, say_hours, client, database):
    say_hours("mei", 9, 17)
    address = "/people/mei"
    text = sign_in("diego").get(address).get_data(as_text=True)
    assert "Working hours" in text and "By the clocks of Tokyo" in text and "Every day" in text
    assert "Working hours" not in client.get(address).get_data(as_text=True)
    with database.transaction() as session:
        session.get_one(Person, world["mei"]).audiences = {"name": "members", "place": "connections"}
    assert "Working hours" not in sign_in("diego").get(address).get_data(as_text=True)
