"""A newcomer is shown who joins projects like its own, those first who took in others like it."""

from datetime import date, timedelta

import numpy as np

from app.matching.partnerships.history import Participation, build_history
from app.matching.partnerships.newcomers import Newcomer, NewcomerRanker
from tests.unit.matching.partnerships.made_up import made_up_rows

BEGIN, DAY = date(2014, 1, 1), date(2016, 1, 1)


def project(name, week, programmes, *members):
    day = BEGIN + timedelta(weeks=week)
    return [Participation(name, day, one, kind, country, programmes) for one, kind, country in members]


def names(rows, newcomer, limit=5):
    history = build_history(rows)
    [found] = NewcomerRanker.fit(history, DAY).rank([newcomer], limit)
    return [history.organisations[one.organisation] for one in found]


def two_hosts(guests_of_a, guests_of_b):
    """Two equally busy hosts of one country and type: one takes in first-timers, the other an old hand."""
    hand = ("hand", "HES", "IT")
    rows = project("p0", 0, ("WATER",), ("a", "REC", "DE"), ("b", "REC", "DE"), hand)
    for i, (with_a, with_b) in enumerate(zip(guests_of_a, guests_of_b, strict=True)):
        rows += project(f"a{i}", 9 + i, ("WATER",), ("a", "REC", "DE"), with_a or hand)
        rows += project(f"b{i}", 9 + i, ("WATER",), ("b", "REC", "DE"), with_b or hand)
    return rows


def test_those_come_first_who_take_in_first_timers():
    guests, none = [(f"n{i}", "HES", "IT") for i in range(6)], [None] * 6
    asked = Newcomer("FR", "HES", ("WATER",))
    for rows, first, second in ((two_hosts(guests, none), "a", "b"), (two_hosts(none, guests), "b", "a")):
        found = names(rows, asked)
        assert found.index(first) < found.index(second)


def test_first_timers_of_ones_own_type_count():
    schools, firms = ([(f"{kind}{i}", kind, "IT") for i in range(6)] for kind in ("HES", "PRC"))
    rows = two_hosts(schools, firms)
    for kind, first, second in (("HES", "a", "b"), ("PRC", "b", "a")):
        found = names(rows, Newcomer("FR", kind, ("WATER",)))
        assert found.index(first) < found.index(second)


def test_compatriots_who_bring_in_compatriots_come_first():
    own, others = ([(f"{country}{i}", "HES", country) for i in range(6)] for country in ("DE", "IT"))
    found = names(two_hosts(own, others), Newcomer("DE", "HES", ("WATER",)))
    assert found.index("a") < found.index("b")


def test_projects_of_other_programmes_hardly_count():
    rows = project("w0", 1, ("WATER",), ("water", "REC", "DE"), ("x", "REC", "IT"))
    for i in range(4):
        rows += project(f"s{i}", 2 + i, ("SPACE",), ("space", "REC", "DE"), ("y", "REC", "IT"))
    assert names(rows, Newcomer("FR", "HES", ("WATER",)))[0] in ("water", "x")
    assert names(rows, Newcomer("FR", "HES", ("SPACE",)))[0] in ("space", "y")


def test_nothing_after_the_day_counts():
    rows = made_up_rows()
    day = sorted(row.day for row in rows)[len(rows) // 2]
    asked = [Newcomer("FR", "HES", ("WATER",)), Newcomer("KE", "PRC"), Newcomer("XX", "??", ("NONE",))]
    told = []
    for some in (rows, [row for row in rows if row.day <= day]):
        history = build_history(some)
        ranker = NewcomerRanker.fit(history, day)
        told.append(
            [[(history.organisations[r.organisation], r.score) for r in found] for found in ranker.rank(asked, 20)]
        )
    assert told[0] == told[1]


def test_an_answer_is_the_same_for_one_and_for_many():
    ranker = NewcomerRanker.fit(build_history(made_up_rows()), DAY)
    asked = [Newcomer(c, t, p) for c in ("FR", "KE") for t in ("HES", "PRC") for p in ((), ("WATER",))] * 9
    together = ranker.scores(asked)
    for place in (0, 7, 50, 71):
        assert np.array_equal(ranker.scores([asked[place]])[0], together[place])


def test_a_history_without_pairs_gives_nobody_an_advantage():
    history = build_history(project("lonely", 1, ("WATER",), ("a", "REC", "DE")))
    [found] = NewcomerRanker.fit(history, DAY).rank([Newcomer("FR", "HES", ("WATER",))], 5)
    assert [history.organisations[one.organisation] for one in found] == ["a"]
    assert np.isfinite(found[0].score)
