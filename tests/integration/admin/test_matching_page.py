"""The weights of suggestions, as an operator sees and sets them."""

from __future__ import annotations

import re
from dataclasses import asdict
from datetime import UTC, datetime, timedelta

import pytest

from app.core.clock import now
from app.features.suggestions.models import MatchChoice, MatchChoiceLog, MatchModel
from app.matching.model import HAND_SET, REASONS
from tests.integration.suggestions.world import make_world
from tests.support.people import make_person
from tests.support.statements import count_statements

LEARNT = {**asdict(HAND_SET.peers.scaled(8)), "interests": 36, "subject": 12}


def add_model(session, kind="peers", better=True, came=None, **weights):
    row = MatchModel(
        kind=kind, window_from=now() - timedelta(days=90), window_to=now(), outcomes=1234, held_out=400, queries=55,
        figures={"old": 0.5, "new": 0.625, "difference": 0.125, "lower": 0.05 if better else -0.05, "upper": 0.2,
                 **({"came": came} if came is not None else {})},
        weights={**LEARNT, **weights}, better=better,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row.id


@pytest.fixture
def people(database):
    with database.transaction() as session:
        make_world(session)
        make_person(session, "olga", name="Olga Okafor", roles=["operator"])
        make_person(session, "otto", name="Otto Ochieng", roles=["operator"])
        make_person(session, "moses", roles=["moderator"])


@pytest.fixture
def model(database, people):
    with database.transaction() as session:
        return add_model(session)


def words(response):
    return response.get_data(as_text=True)


def choose(browser, use, lasting="pinned", version=0, kind="peers"):
    return browser.submit(
        "/admin/matching/choose", {"kind": kind, "use": str(use), "version": str(version), "lasting": lasting}
    )


def scores(browser):
    found = browser.get("/suggestions?kind=peers")
    assert found.status_code == 200
    return re.findall(r'Together</th><td class="number">([^<]+)<', words(found))


def test_only_operators_see_it(people, client, sign_in):
    for browser in (sign_in("amina"), sign_in("moses")):
        assert browser.get("/admin/matching").status_code == 403
        assert choose(browser, "hand").status_code == 403
        assert "/admin/matching" not in words(browser.get("/directory"))
    assert client.get("/admin/matching").status_code in (302, 303)
    olga = sign_in("olga")
    assert 'href="/admin/matching"' in words(olga.get("/directory"))


def test_before_anything_is_learnt_it_says_what_will_be_here(people, sign_in):
    page = words(sign_in("olga").get("/admin/matching"))
    assert "Nothing learnt yet" in page and "Set by hand" in page and "Nobody has changed them yet" in page
    assert all(reason.replace("'", "&#39;") in page for reason in REASONS["peers"].values())


def test_a_model_stands_there_with_its_figures_and_weights(model, sign_in):
    olga = sign_in("olga")
    assert "From 1,234 outcomes. NDCG 0.625, before 0.500." in words(olga.get("/admin/matching"))
    page = words(olga.get(f"/admin/matching/{model}"))
    # Interests weigh 36 eighths for each of 100 units, the subject 12.
    for said in ("1,234", "400", "55", "0.500", "0.625", "0.050", ">450<", ">150<"):
        assert said in page
    assert olga.get("/admin/matching/999").status_code == 404
    assert olga.get("/admin/matching?kind=nonsense").status_code == 200


def test_an_operator_uses_and_pins_a_model_and_everybody_s_list_follows(model, sign_in, database):
    amina, olga = sign_in("amina"), sign_in("olga")
    before = scores(amina)
    question = olga.get(f"/admin/matching/choose?kind=peers&use={model}")
    assert question.status_code == 200 and "Learnt on" in words(question)
    assert choose(olga, model).status_code == 303
    page = words(olga.get("/admin/matching"))
    assert "pinned" in page and "Olga Okafor" in page and "Learnt on" in page
    assert scores(amina) != before
    with database.reading() as session:
        row = session.get(MatchChoice, "peers")
        assert (row.model_id, row.pinned, row.version) == (model, True, 1)
        assert [(one.model_id, one.pinned, one.by_job) for one in session.query(MatchChoiceLog)] == [
            (model, True, False)
        ]


def test_going_back_to_the_hand_set_weights_gives_the_first_list_again(model, sign_in):
    amina, olga = sign_in("amina"), sign_in("olga")
    before = scores(amina)
    choose(olga, model)
    assert scores(amina) != before
    assert choose(olga, "hand", "until-better", version=1).status_code == 303
    assert scores(amina) == before
    page = words(olga.get("/admin/matching"))
    assert page.count("Olga Okafor") >= 2 and "leaves it as it is" not in page


def test_of_two_operators_at_once_the_second_is_told(model, sign_in, database):
    olga, otto = sign_in("olga"), sign_in("otto")
    assert choose(olga, model).status_code == 303
    late = choose(otto, "hand")
    assert late.status_code == 409 and "Somebody else changed this meanwhile" in words(late)
    with database.reading() as session:
        assert session.get(MatchChoice, "peers").model_id == model
        assert session.query(MatchChoiceLog).count() == 1
    # The answer carries the new state: who still wants it presses again.
    assert 'name="version"' in words(late) and 'value="1"' in words(late)
    assert choose(otto, "hand", version=1).status_code == 303
    assert choose(olga, model, version=1).status_code == 409


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"lasting": ""}, 422),
        ({"lasting": "for ever"}, 422),
        ({"version": "x"}, 422),
        ({"use": "999"}, 404),
        ({"use": "1e3"}, 404),
        ({"use": "9" * 40}, 404),
        ({"kind": "communities"}, 404),
        ({"kind": ""}, 404),
    ],
)
def test_what_makes_no_sense_changes_nothing(change, status, model, sign_in, database):
    said = {"kind": "peers", "use": str(model), "version": "0", "lasting": "pinned", **change}
    assert sign_in("olga").submit("/admin/matching/choose", said).status_code == status
    with database.reading() as session:
        assert session.query(MatchChoice).count() == session.query(MatchChoiceLog).count() == 0


def test_the_model_of_one_kind_is_not_used_for_another(model, sign_in):
    assert choose(sign_in("olga"), model, kind="institutions").status_code == 404


def test_a_model_that_was_not_proven_comes_with_a_warning(people, database, sign_in):
    with database.transaction() as session:
        number = add_model(session, better=False)
    olga = sign_in("olga")
    assert "Kept out: not proven better" in words(olga.get("/admin/matching"))
    assert "were not proven" in words(olga.get(f"/admin/matching/choose?kind=peers&use={number}"))


def test_what_came_was_counted_when_weights_were_learnt(people, database, sign_in):
    with database.transaction() as session:
        number = add_model(session, came={"accepted": 4321, "untouched": 5})
        session.get(MatchModel, number).created_at = datetime(2026, 2, 3, 12, tzinfo=UTC)
    olga = sign_in("olga")
    with count_statements(database) as asked:
        page = words(olga.get("/admin/matching"))
    assert "4,321" in page and "Counted on Feb 3, 2026, when weights were last learnt" in page
    assert not [one for one in asked if "introductions" in one or "suggestion_shown" in one]
    other = words(olga.get("/admin/matching?kind=bridges"))
    assert "4,321" not in other and "Nothing came of these lists yet" in other


def test_points_of_all_criteria_compare(people, sign_in):
    page = words(sign_in("olga").get("/admin/matching?kind=bridges"))
    points = dict(re.findall(r'scope="row">([^<]+)</th><td [^>]*class="number">([^<]+)<', page))
    assert points["Subject"] == points["Common language"] == "200" and points["Tags"] == "50"
    assert points["People you could reach through them"] == "400", "so they count most"
    assert points["Room, and last confirmed"] == "40 more to 400 less"
    assert "Working hours" not in points, "hours of a bridge aren't measured"


def test_what_counts_nothing_by_hand_is_told_once_it_was_learnt(people, database, sign_in):
    olga = sign_in("olga")
    assert "By hand it counts nothing" not in words(olga.get("/admin/matching?kind=bridges"))
    with database.transaction() as session:
        learnt = asdict(HAND_SET.bridges.scaled(8))
        number = add_model(session, "bridges", **{**learnt, "offers": 2})
    page = words(olga.get(f"/admin/matching/{number}"))
    assert page.count("By hand it counts nothing") == 1 and ">25<" in page and "Working hours" not in page


def test_a_long_history_is_paged(people, database, sign_in):
    with database.transaction() as session:
        numbers = [add_model(session, better=False) for _ in range(23)]
    olga = sign_in("olga")
    first = words(olga.get("/admin/matching"))
    assert f"/admin/matching/{numbers[-1]}" in first and f'"/admin/matching/{numbers[0]}"' not in first
    second = words(olga.get(f"/admin/matching?kind=peers&before={numbers[3]}"))
    assert f'"/admin/matching/{numbers[0]}"' in second and f'"/admin/matching/{numbers[3]}"' not in second
