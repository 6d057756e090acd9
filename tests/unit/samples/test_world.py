"""The sample world: the same each time, plausible, and nobody in it alone."""

from __future__ import annotations

import json
import zoneinfo
from collections import Counter
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from app.features.samples.world import (
    NATIVE,
    SampleActivity,
    SampleInstitution,
    SampleLanguage,
    SamplePerson,
    World,
    generate,
)
from app.features.samples.world.naming import to_slug
from app.features.samples.world.sources import HUBS, countries, cultures, phrases

AFRICA = {"011", "014", "015", "017", "018"}
AMERICAS = {"005", "013", "021", "029"}
ASIA = {"030", "034", "035", "143", "145"}
EUROPE = {"039", "151", "154", "155"}
OCEANIA = {"053", "054", "057", "061"}
VOCABULARIES = Path(__file__).resolve().parents[3] / "app" / "features" / "vocabularies" / "data"
SUBREGIONS = AFRICA | AMERICAS | ASIA | EUROPE | OCEANIA


@lru_cache(maxsize=4)
def world(people: int = 600, seed: int = 1) -> World:
    return generate(people, seed)


def vocabulary(name: str) -> Any:
    """A file of the vocabularies, as it stands."""
    return json.loads((VOCABULARIES / name).read_text(encoding="utf-8"))


def languages_of(person: SamplePerson) -> dict[str, SampleLanguage]:
    return {lang.tag: lang for lang in person.languages}


def share_language(mine: dict[str, SampleLanguage], theirs: dict[str, SampleLanguage]) -> bool:
    """At least one language in which each is at the level the other accepts."""
    return any(
        mine[tag].cefr >= theirs[tag].accepts and theirs[tag].cefr >= mine[tag].accepts for tag in mine if tag in theirs
    )


def related(one: SamplePerson, other: SamplePerson | SampleInstitution) -> bool:
    """A broad field or a level in common."""
    fields = {code[:2] for code in one.subjects} & {code[:2] for code in other.subjects}
    return bool(fields or set(one.levels) & set(other.levels))


def complement(offers: tuple[SampleActivity, ...], needs: tuple[SampleActivity, ...]) -> bool:
    """Something offered is what is needed: activity, subject (one within the other) and language fit."""
    return any(fits(offer, need) for offer in offers for need in needs)


def fits(offer: SampleActivity, need: SampleActivity) -> bool:
    shorter, longer = sorted((offer.subject or "", need.subject or ""), key=len)
    languages = {offer.language, need.language} - {None}
    return offer.code == need.code and longer.startswith(shorter) and len(languages) < 2


@pytest.mark.parametrize("seed", [1, 2])
def test_everyone_has_peers_collaborators_and_institutions(seed: int) -> None:
    sample = world(600, seed)
    known = {frozenset((tie.first, tie.second)) for tie in sample.connections}
    known |= {frozenset((one.sender, one.receiver)) for one in sample.introductions}
    spoken = {person.handle: languages_of(person) for person in sample.people}
    open_ones = [person for person in sample.people if person.suggested and person.availability != 0]
    suggested = [one for one in sample.institutions if one.claimed]
    for person in sample.people:
        mine = spoken[person.handle]
        reachable = [
            other
            for other in open_ones
            if other.handle != person.handle
            and frozenset((person.handle, other.handle)) not in known
            and share_language(mine, spoken[other.handle])
        ]
        peers = sum(related(person, other) for other in reachable)
        collaborators = sum(
            other.country != person.country
            and (complement(person.offers, other.needs) or complement(other.offers, person.needs))
            for other in reachable
        )
        institutions = sum(
            any(tag in mine and mine[tag].cefr >= 3 for tag in one.languages) and related(person, one)
            for one in suggested
        )
        assert peers >= 15, person
        assert collaborators >= 5, person
        assert institutions >= 5, person


def test_the_same_numbers_give_the_same_world_and_others_another() -> None:
    assert generate(120, 7) == generate(120, 7)
    assert generate(120, 7).people != generate(120, 8).people


@pytest.mark.parametrize("people", [0, 1, 3, 50])
def test_small_worlds_hold_together(people: int) -> None:
    sample = generate(people, 1)
    assert len(sample.people) == people
    assert all(one.claimed for one in sample.institutions if one.made_up)


def test_people_are_marked_unique_and_complete() -> None:
    people = world(2000).people
    assert len({person.handle for person in people}) == len({person.email for person in people}) == 2000
    zones = zoneinfo.available_timezones()
    for person in people:
        assert person.sample
        assert person.handle.startswith("sample-") and to_slug(person.handle) == person.handle
        assert person.email == f"{person.handle}@sample.example"
        assert person.timezone is None or person.timezone in zones
        assert person.subjects and person.levels and person.offers and person.needs
        assert 1 <= len(person.bios) <= 3
        assert set(person.bios) | set(person.interests) <= set(languages_of(person))
        assert all(text and "{" not in text for text in (*person.bios.values(), *person.interests.values()))
        assert all(1 <= lang.cefr <= NATIVE and 1 <= lang.accepts <= 6 for lang in person.languages)
        assert len(languages_of(person)) == len(person.languages)
        assert any(lang.tag in HUBS and lang.cefr >= 4 for lang in person.languages)
        assert any(lang.teaches for lang in person.languages)


def test_people_come_from_everywhere_and_write_in_many_scripts() -> None:
    people = world(2000).people
    region = {country.code: country.region for country in countries()}
    assert {region[person.country] for person in people} == SUBREGIONS
    assert len({person.country for person in people}) >= 110
    assert len({person.name_lang for person in people}) >= 35
    assert sum(person.name != person.latin_name for person in people) >= 400
    written = Counter(tag for person in people for tag in person.bios)
    assert set(written) == set(HUBS) and min(written.values()) >= 30


def test_a_third_has_no_working_english_so_that_bridges_matter() -> None:
    people = world().people
    without = [person for person in people if languages_of(person).get("en", SampleLanguage("en", 0)).cefr < 3]
    assert len(people) / 5 < len(without) < len(people) / 2


def test_profiles_are_sparse_stale_hidden_and_full_in_turn() -> None:
    people = world().people
    assert any(person.city is None for person in people)
    assert any(person.confirmed_days_ago > 365 for person in people)
    assert any(not person.suggested for person in people)
    assert any(person.availability is None for person in people)
    assert any(len(person.bios) == 3 and person.tags and person.interests for person in people)
    assert {person.visibility["profile"] for person in people} == {"everyone", "members"}


def test_made_up_institutions_are_marked_and_cover_every_language() -> None:
    made_up = [one for one in world().institutions if one.made_up]
    handles = {person.handle for person in world().people}
    assert len(made_up) >= 60
    for one in made_up:
        assert one.names["en"].startswith("Sample ") and one.names["en"].endswith("(sample)")
        assert one.offers and one.needs and one.claimed and one.sample
        assert {delegate.handle for delegate in one.delegates} <= handles
        assert one.delegates[0].role == "owner"
        assert one.website is not None and one.website.endswith(".example") and len(one.website.split(".")[0]) <= 63
    assert set(HUBS) == {tag for one in made_up for tag in one.languages}


def test_vouching_follows_the_rules() -> None:
    by_slug = {one.slug: one for one in world().institutions}
    assert len(by_slug) == len(world().institutions)
    states = Counter(one.verification for one in by_slug.values() if one.made_up)
    assert set(states) == {"domain", "vouched", "pending", "none"}
    for one in by_slug.values():
        assert len(one.vouched_by) == {"vouched": 2, "pending": 1}.get(one.verification, 0)
        assert all(by_slug[slug].verification == "domain" for slug in one.vouched_by)


def test_ties_join_people_who_can_talk() -> None:
    sample = world()
    spoken = {person.handle: languages_of(person) for person in sample.people}
    pairs = [frozenset((tie.first, tie.second)) for tie in sample.connections]
    assert len(pairs) == len(set(pairs)) and all(len(pair) == 2 for pair in pairs)
    accepted = {frozenset((one.sender, one.receiver)) for one in sample.introductions if one.state == "accepted"}
    others = {frozenset((one.sender, one.receiver)) for one in sample.introductions if one.state != "accepted"}
    assert accepted <= set(pairs) and not others & set(pairs)
    assert {one.state for one in sample.introductions} == {"pending", "accepted", "declined", "expired"}
    for one in sample.introductions:
        assert one.note and one.note_lang in spoken[one.sender] and one.note_lang in spoken[one.receiver]
        assert (one.state == "declined") == (one.reason is not None)
        assert one.days_ago < 30 if one.state == "pending" else one.days_ago >= 30


def test_the_data_files_agree_with_each_other() -> None:
    first = phrases()["en"]
    for lang, words in phrases().items():
        assert words.subjects.keys() == first.subjects.keys(), lang
        assert words.learners.keys() == first.learners.keys(), lang
        assert words.interests.keys() == first.interests.keys(), lang
        assert {key: len(lines) for key, lines in words.about.items()} == {
            key: len(lines) for key, lines in first.about.items()
        }, lang
        assert len(words.openings) >= 12
    for country in countries():
        assert country.region in SUBREGIONS
        assert sum(part.share for part in country.native) == 100
        assert all(part.culture in cultures() for part in country.native)
        assert any(other.tag in HUBS for other in country.others)
    assert len(cultures()) >= 35


def test_real_institutions_come_from_everywhere_and_nothing_is_invented_about_them() -> None:
    real = [one for one in world().institutions if not one.made_up]
    assert len(real) >= 150
    region = {country.code: country.region for country in countries()}
    assert {region[one.country] for one in real if one.country in region} == SUBREGIONS
    assert len({one.type_code for one in real}) >= 14
    for one in real:
        assert one.slug == to_slug(one.slug) and not one.slug.startswith("sample-")
        assert one.names["en"] and one.descriptions["en"] and one.languages
        assert not (one.offers or one.needs or one.delegates or one.tags or one.claimed or one.sample)
        assert one.verification == "none" and one.availability is None


def test_every_code_stands_in_the_vocabularies() -> None:
    sample = world(2000)
    everyone: list[SamplePerson | SampleInstitution] = [*sample.people, *sample.institutions]
    activities = [activity for one in everyone for activity in (*one.offers, *one.needs)]
    tags = {lang.tag for person in sample.people for lang in person.languages}
    tags |= {tag for one in sample.institutions for tag in (*one.languages, *one.names, *one.descriptions)}
    tags |= {activity.language for activity in activities if activity.language}
    subjects = {code for one in everyone for code in one.subjects}
    subjects |= {activity.subject for activity in activities if activity.subject}
    assert tags <= {row["tag"] for row in vocabulary("languages.json")}
    assert subjects <= set(vocabulary("isced_f/codes.json"))
    assert {level for one in everyone for level in one.levels} <= set(vocabulary("isced_levels/en.json"))
    assert {one.country for one in everyone} <= {row["code"] for row in vocabulary("countries.json")}
    assert {activity.code for activity in activities} <= set(vocabulary("activities/en.json"))
    assert {one.type_code for one in sample.institutions} <= set(vocabulary("institution_types/en.json"))
