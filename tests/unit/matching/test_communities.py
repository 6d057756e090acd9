"""Which communities suit, and which one is missing: what must always hold."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from app.matching.communities import Domain, best_fits, find_missing, fit, suit, walls_between
from app.matching.facets import Language, Profile

SUBJECTS = ("05", "054", "0541", "0542", "0231", "02")
LEVELS = ("1", "2", "3", "nf")
TAGS = ("sw", "en", "fr", "ar")
PLACES = ("001", "002", "202", "014", "KE", "FR")
AFRICA = ("001", "002", "202", "014")


def some(values, most=3):
    return st.lists(st.sampled_from(values), unique=True, max_size=most).map(tuple)


languages = st.lists(
    st.builds(Language, st.sampled_from(TAGS), st.integers(1, 7), st.booleans(), st.integers(1, 5)),
    max_size=3,
    unique_by=lambda one: one.tag,
).map(tuple)
people = st.builds(
    Profile,
    key=st.integers(1, 99),
    kind=st.just("person"),
    country=st.sampled_from((None, "KE")),
    regions=st.just(AFRICA),
    subjects=some(SUBJECTS),
    levels=some(LEVELS),
    languages=languages,
)
domains = st.builds(
    Domain,
    key=st.integers(1, 999),
    subjects=some(SUBJECTS),
    levels=some(LEVELS),
    languages=some(TAGS),
    places=some(PLACES),
    quiet_days=st.integers(0, 200),
)


@given(people, domains)
def test_the_score_is_the_sum_of_the_reasons_and_each_reason_has_evidence(person, community):
    found = fit(person, community)
    if found is not None:
        assert found.score == sum(one.points for one in found.reasons)
        assert all(one.points > 0 and one.evidence for one in found.reasons)
        assert [one.points for one in found.reasons] == sorted((one.points for one in found.reasons), reverse=True)


@given(people, domains)
def test_what_a_community_names_is_a_wall(person, community):
    found = fit(person, community)
    if found is not None:
        said = {one.criterion for one in found.reasons}
        named = {"subject": community.subjects, "level": community.levels, "place": community.places}
        assert {name for name, codes in named.items() if codes} <= said
        assert bool(community.languages) == ("language" in said)


@given(people, domains)
def test_leaving_more_open_never_shuts_anybody_out(person, community):
    if fit(person, community) is not None and community.languages:
        for name in ("subjects", "levels", "places"):
            assert fit(person, replace(community, **{name: ()})) is not None


@given(people, st.lists(domains, max_size=6, unique_by=lambda one: one.key), st.randoms())
def test_the_order_does_not_depend_on_the_order_asked_in(person, communities, random):
    before = best_fits(person, communities, 6)
    random.shuffle(communities)
    assert best_fits(person, communities, 6) == before


def teacher(key, country="KE", subjects=("0541",), tongues=(("sw", 7), ("en", 4))):
    spoken = tuple(Language(tag, level) for tag, level in tongues)
    return Profile(key, "person", country, AFRICA, subjects, ("2",), spoken)


def test_a_missing_community_is_named_with_its_people_languages_and_countries():
    others = [teacher(n, country) for n, country in enumerate(("KE", "TZ", "TZ", "UG", "RW"), 2)]
    found = find_missing(teacher(1), others, [])
    assert found is not None
    assert (found.subject, found.level, found.languages) == ("0541", "2", ("en", "sw"))
    assert found.keys == (2, 3, 4, 5, 6)
    assert found.countries == ("KE", "RW", "TZ", "UG")


def test_four_others_are_too_few_and_an_existing_community_is_enough():
    others = [teacher(n) for n in range(2, 6)]
    assert find_missing(teacher(1), others, []) is None
    others.append(teacher(6))
    assert find_missing(teacher(1), others, []) is not None
    assert find_missing(teacher(1), others, [Domain(1, subjects=("054",), languages=("sw", "en"))]) is None
    # One elsewhere, or for another level, is not one for them.
    elsewhere = [Domain(1, subjects=("0541",), places=("FR",)), Domain(2, subjects=("0541",), levels=("6",))]
    assert find_missing(teacher(1), others, elsewhere) is not None


def test_of_a_language_said_twice_the_better_counts():
    twice = (Language("pt-BR", 7), Language("pt-PT", 1, accepts=7))
    others = [replace(teacher(n), languages=twice) for n in range(2, 7)]
    found = find_missing(replace(teacher(1), languages=(Language("pt", 5),)), others, [])
    assert found is not None and found.languages == ("pt",)
    assert fit(others[0], Domain(9, ("0541",), languages=("pt",))).gaps == ()


@given(people, st.lists(people, max_size=8, unique_by=lambda one: one.key), st.lists(domains, max_size=3))
def test_nobody_is_in_a_missing_community_without_a_shared_language_and_level(person, others, existing):
    found = find_missing(person, others, existing, least=1)
    if found is not None:
        by_key = {one.key: one for one in others}
        assert person.key not in found.keys
        for key in found.keys:
            assert found.level in by_key[key].levels
            assert {one.tag for one in by_key[key].languages} & set(found.languages)


def changed(person, change):
    """The person with one facet added, as a gap proposes it."""
    name = {"level": "levels", "subject": "subjects"}[change["facet"]]
    return replace(person, **{name: (*getattr(person, name), change["code"])})


@given(people, st.lists(domains, max_size=12, unique_by=lambda one: one.key))
def test_a_change_brings_as_many_as_it_says(person, communities):
    found = suit(person, communities, 20)
    assert found.total == len([one for one in communities if fit(person, one)])
    assert [one.key for one in found.fits] == [one.key for one in best_fits(person, communities, 20)]
    assert len(found.gaps) <= 3
    for gap in found.gaps:
        assert gap.who and all(fit(person, communities[at]) is None for at in gap.who)
        if gap.change is not None:
            after = changed(person, gap.change)
            assert suit(after, communities, 20).total == found.total + gap.adds
            assert all(fit(after, communities[at]) for at in gap.who)


@given(people, st.lists(domains, max_size=12, unique_by=lambda one: one.key))
def test_those_hidden_by_language_would_suit_whoever_spoke_it(person, communities):
    found = suit(person, communities, 20)
    hidden = [one for one in communities if walls_between(person, one) == ["language"]]
    assert found.hidden_by_language == len(hidden)
    for one in hidden:
        assert fit(replace(person, languages=(*person.languages, Language(one.languages[0], 7))), one) is not None


@given(people, domains)
def test_what_lives_elsewhere_is_no_less_explained(person, community):
    inside, outside = fit(person, community), fit(person, replace(community, external=True))
    assert (inside is None) == (outside is None)
    if outside is not None:
        assert outside.external and outside.score == sum(one.points for one in outside.reasons)
        assert "gap.fit.quiet" not in {gap.message.key for gap in outside.gaps}


def test_a_low_level_and_foreign_languages_are_told():
    person = teacher(1, tongues=(("sw", 3),))
    found = fit(person, Domain(9, ("0541",), (), ("sw", "fr"), (), 45))
    assert [gap.message.key for gap in found.gaps] == ["gap.fit.slow", "gap.fit.languages", "gap.fit.quiet"]
