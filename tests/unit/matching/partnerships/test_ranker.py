"""The ranker looks at nothing after its day, suggests nobody known, and its reasons add up."""

import random
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.matching.messages import KEYS
from app.matching.partnerships import LARGEST
from app.matching.partnerships.history import Participation, build_history
from app.matching.partnerships.newcomers import Newcomer, NewcomerRanker
from app.matching.partnerships.ranker import Ranker
from app.matching.partnerships.reasons import Evidence
from app.matching.partnerships.widening import PAGE
from tests.unit.matching.partnerships.made_up import BEGIN, made_up_history, made_up_rows

DAY = date(2015, 9, 1)


def lists(history, limit=15, cross_border=True):
    ranker = Ranker.fit(history, DAY, cross_border)
    asking = np.flatnonzero(history.until(DAY).seen()).tolist()
    return {
        history.organisations[one]: [(history.organisations[r.organisation], r.score, r.reasons) for r in found]
        for one, found in zip(asking, ranker.rank(asking, limit), strict=True)
    }


def without_numbers(found):
    return {
        one: [(name, score, [(r.criterion, r.contribution) for r in why]) for name, score, why in of]
        for one, of in found.items()
    }


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 10_000))
def test_nothing_after_the_day_is_looked_at(seed):
    rows, lots = made_up_rows(), random.Random(seed)
    early, late = [row for row in rows if row.day <= DAY], [row for row in rows if row.day > DAY]
    changed = [
        row._replace(
            organisation=f"o{lots.randrange(90):03}",
            country=lots.choice(("FR", "ZZ")),
            project=lots.choice((row.project, early[0].project, "new")),
            day=row.day + timedelta(days=lots.randrange(50)),
        )
        for row in late
        if lots.random() < 0.7
    ]
    mixed = early + changed
    lots.shuffle(mixed)
    assert without_numbers(lists(build_history(mixed))) == without_numbers(lists(build_history(rows)))


def test_contributions_add_up_and_come_best_first():
    for found in lists(made_up_history()).values():
        scores = [score for _, score, _ in found]
        assert scores == sorted(scores, reverse=True)
        for _, score, reasons in found:
            assert abs(score - sum(reason.contribution for reason in reasons)) < 1e-9


@pytest.mark.parametrize("cross_border", [True, False])
def test_nobody_known_unseen_or_of_ones_own_country_is_suggested(cross_border):
    rows = made_up_rows()
    early = [row for row in rows if row.day <= DAY]
    country = {row.organisation: row.country for row in early}
    members: dict[str, set[str]] = {}
    for row in early:
        members.setdefault(row.project, set()).add(row.organisation)
    for asker, found in lists(build_history(rows), 100, cross_border).items():
        partners = {one for who in members.values() if asker in who and len(who) <= LARGEST for one in who}
        left = set(country) - partners - {asker}
        if cross_border:
            left = {one for one in left if country[one] != country[asker]}
        assert {name for name, _, _ in found} == left


def test_scores_are_in_the_order_of_the_lists_however_many_ask():
    history = made_up_history()
    ranker = Ranker.fit(history, DAY, True)
    asking = np.flatnonzero(history.until(DAY).seen()).tolist()[:9]
    together = ranker.scores(asking)
    for one, row, found in zip(asking, together, ranker.rank(asking, 12), strict=True):
        best = [ranked.organisation for ranked in found]
        assert np.argsort(-row, kind="stable")[: len(best)].tolist() == best
        np.testing.assert_allclose(ranker.scores([one])[0], row, rtol=1e-5)


def test_a_crowd_gives_no_partners_but_counts_as_a_reason():
    rows = [
        Participation("big", BEGIN, f"o{one:03}", "HES", "FR" if one % 2 else "KE", ("WATER",)) for one in range(55)
    ]
    found = lists(build_history(rows))
    assert len(found["o000"]) == 15
    assert all("crowd" in {reason.criterion for reason in why} for _, _, why in found["o000"])


def test_one_who_wasnt_seen_gets_nothing_and_an_empty_past_does_no_harm():
    history = made_up_history()
    ranker = Ranker.fit(history, BEGIN - timedelta(days=1), True)
    assert ranker.rank([0, 1], 5) == [[], []]
    assert np.isneginf(ranker.scores([0])).all()


def test_evidence_is_true_for_each_criterion():
    history = made_up_history()
    ranker = Ranker.fit(history, DAY, True)
    evidence = Evidence(ranker, history, DAY)
    asker = int(np.argmax(np.bincount(history.until(DAY).participation_org)))
    found = evidence.given(asker, ranker.rank([asker], 20)[0])
    links = ranker.known.links.toarray() > 0
    place = ranker.known.place
    told = said_alike = 0
    for one in found:
        assert all(KEYS[message.key] % message.values for reason in one.reasons for message in reason.evidence)
        common = int((links[place[asker]] & links[place[one.organisation]]).sum())
        for message in (message for reason in one.reasons for message in reason.evidence):
            if message.key == "history.partners":
                told += 1
                assert message.values["count"] == common
            assert message.key != "history.far" or common == 0
            if message.key == "history.circles":
                alike = ranker.circles.alike(place[asker])
                assert place[asker] not in alike
                assert message.values["count"] == int(links[place[one.organisation], alike].sum())
                assert message.values["among"] == len(alike)
                said_alike += 1
    assert told
    assert said_alike


def test_circles_reach_beyond_partners_of_partners():
    """Two crowds of organisations meet within themselves alone: one who met few meets more of its own crowd's."""
    lots = random.Random(5)
    rows = []
    for project in range(120):
        side = project % 2
        members = lots.sample(range(side * 40, side * 40 + 40), 4)
        rows += [
            Participation(f"p{project:03}", BEGIN + timedelta(days=project), f"o{one:03}", "HES", "FR")
            for one in members
        ]
    history = build_history(
        [*rows, Participation("last", BEGIN, "o000", "HES", "FR"), Participation("last", BEGIN, "o099", "HES", "FR")]
    )
    ranker = Ranker.fit(history, DAY, False)
    asker = history.place_of("o099")
    close = ranker.circles.closeness(ranker.known.place[[asker]])[0]
    names = [history.organisations[one] for one in ranker.known.seen]
    own = [row for row, name in enumerate(names) if "o000" < name < "o040"]
    others = [row for row, name in enumerate(names) if "o040" <= name < "o080"]
    links = ranker.known.links.toarray()
    beyond = [row for row in own if not (links[row] @ links[ranker.known.place[asker]])]
    assert len(beyond) > 10
    assert np.median(close[beyond]) > np.quantile(close[others], 0.9)


def test_pages_show_more_than_the_giants():
    history = build_history(made_up_rows(3, organisations=400, projects=500))
    shown = [name for found in lists(history, PAGE).values() for name, _, _ in found]
    plain = Ranker.fit(history, DAY, True)
    asking = np.flatnonzero(history.until(DAY).seen())
    before = [plain._plain(plain.known.place[asking[[row]]])[0].score[0] for row in range(len(asking))]
    giants = {int(one) for score in before for one in np.argsort(-score)[:PAGE]}
    assert len(set(shown)) > len(giants)


def test_newcomers_meet_those_of_their_programme_abroad():
    history = made_up_history()
    ranker = NewcomerRanker.fit(history, DAY, True)
    asked = [Newcomer("FR", "HES", ("WATER",)), Newcomer("XX", "??", ("NONE",)), Newcomer("KE", "PRC")]
    for one, found in zip(asked, ranker.rank(asked, 10), strict=True):
        assert len(found) == 10
        assert all(history.countries[history.country[r.organisation]] != one.country for r in found)
        assert all(abs(r.score - sum(reason.contribution for reason in r.reasons)) < 1e-9 for r in found)
    assert np.isfinite(ranker.scores(asked)).sum(axis=1).min() > 10
