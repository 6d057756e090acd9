"""Who welcomes a newcomer: rules that must hold for every community."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.matching.buddies import (
    B2,
    MOST_AT_A_TIME,
    MOST_DAYS_AWAY,
    Welcomer,
    best_shared,
    choose_buddy,
    tier_of,
)

languages = st.dictionaries(st.sampled_from(["en", "fr", "sw", "ar", "yo"]), st.integers(1, 7), max_size=4)
welcomers = st.lists(
    st.builds(
        Welcomer,
        person_id=st.integers(1, 10_000),
        languages=languages,
        burden=st.integers(0, 7),
        days_away=st.integers(0, 90),
    ),
    max_size=12,
    unique_by=lambda member: member.person_id,
)


@given(languages, welcomers)
def test_the_choice_can_talk_has_room_and_was_there(newcomer, members):
    buddy = choose_buddy(newcomer, members)
    if buddy is None:
        return
    chosen = next(member for member in members if member.person_id == buddy.person_id)
    assert chosen.burden < MOST_AT_A_TIME and chosen.days_away <= MOST_DAYS_AWAY
    assert buddy.level == min(newcomer[buddy.language], chosen.languages[buddy.language]) >= B2


@given(languages, welcomers, st.randoms(use_true_random=False))
def test_the_order_of_members_does_not_matter(newcomer, members, random):
    shuffled = random.sample(members, len(members))
    assert choose_buddy(newcomer, members) == choose_buddy(newcomer, shuffled)


@given(languages, welcomers)
def test_nobody_better_is_passed_over(newcomer, members):
    buddy = choose_buddy(newcomer, members)

    def merit(member):
        shared = best_shared(newcomer, member.languages)
        return tier_of(shared[1]) if shared else 0

    free = [m for m in members if m.burden < MOST_AT_A_TIME and m.days_away <= MOST_DAYS_AWAY and merit(m)]
    assert (buddy is None) == (not free)
    if buddy is not None:
        best = max(merit(member) for member in free)
        chosen = next(member for member in free if member.person_id == buddy.person_id)
        assert merit(chosen) == best
        assert chosen.burden == min(member.burden for member in free if merit(member) == best)


@given(languages, languages)
def test_a_shared_language_is_the_same_from_both_sides(one, other):
    here, there = best_shared(one, other), best_shared(other, one)
    assert (here is None) == (there is None)
    if here is not None and there is not None:
        assert here[1] == there[1]


def test_language_counts_before_burden_and_burden_before_presence():
    members = [
        Welcomer(1, {"sw": 4}, burden=0),
        Welcomer(2, {"sw": 7}, burden=4, days_away=0),
        Welcomer(3, {"sw": 7}, burden=1, days_away=50),
    ]
    assert choose_buddy({"sw": 7}, members).person_id == 3
    assert choose_buddy({"sw": 3}, members) is None
