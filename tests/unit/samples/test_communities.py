"""The communities of a sample world: as many as promised, in every state, and nothing that leads nowhere."""

from __future__ import annotations

from collections import Counter

import pytest

from app.features.communities.guidance import BY_NAME
from app.features.communities.licences import BY_CODE
from app.features.communities.models import CANVAS_PARTS, CHARTER_PARTS, JOINING, READING, STATES, TEMPLATES
from app.features.resources.formats import FORMATS
from app.features.resources.licences import LICENCES
from app.features.resources.models import AGAIN, AUDIENCES, CLASS_SIZES, CONNECTIVITY, RELATIONS, TYPES
from app.features.samples.world import World, generate
from app.features.samples.world.communities import shared_words, written
from app.features.samples.world.conversations import LATEST
from app.features.vocabularies.queries import is_valid, normalise_language


@pytest.fixture(scope="module")
def world() -> World:
    """A small world."""
    return generate(people=120, seed=1)


def _posts(world: World):
    return [(c, t, p) for c in world.communities for t in c.threads for p in t.posts]


def test_there_are_twenty_communities_in_every_state(world):
    facts = [{"state": "live", "joining": "open", "reading": "everyone", **c.facts} for c in world.communities]
    assert len(facts) == len({c.slug for c in world.communities}) == 20
    assert {f["template"] for f in facts} == set(TEMPLATES)
    assert {f["state"] for f in facts} == set(STATES)
    assert {f["joining"] for f in facts} == set(JOINING)
    assert {f["reading"] for f in facts} == set(READING)
    assert any(c.orphaned_days_ago for c in world.communities)
    assert any(c.host for c in world.communities)
    assert {c.facts["chapter_kind"] for c in world.communities if c.parent} == {"country", "language"}
    assert any(c.offer for c in world.communities)


def test_the_same_seed_gives_the_same_communities(world):
    assert generate(people=120, seed=1).communities == world.communities
    assert generate(people=120, seed=2).communities != world.communities


def test_the_people_do_not_depend_on_the_communities(world, monkeypatch):
    monkeypatch.setattr("app.features.samples.world.make_communities", lambda *_: ())
    other = generate(people=120, seed=1)
    assert (other.people, other.institutions, other.connections) == (
        world.people, world.institutions, world.connections
    )  # fmt: skip


@pytest.mark.parametrize("people", [0, 1, 3, 20, 600])
def test_a_world_of_any_size_has_communities_that_somebody_coordinates(people):
    world = generate(people=people, seed=3)
    assert len(world.communities) == (20 if people >= 3 else 0)
    handles = {person.handle for person in world.people}
    for community in world.communities:
        members = [member for member in community.members if not member.asked]
        assert len({member.handle for member in community.members}) == len(community.members)
        assert {member.handle for member in community.members} <= handles
        assert community.founder in {m.handle for m in members if m.role == "coordinator"}


def test_half_of_the_people_belong_somewhere(world):
    belong = {m.handle for c in world.communities for m in c.members if not m.asked}
    assert len(belong) * 2 >= len(world.people)


def test_every_code_is_valid():
    for spec in written():
        for kind, codes in spec["facets"].items():
            for code in codes:
                if kind == "place":
                    assert is_valid("country", code) or is_valid("region", code), (spec["slug"], code)
                else:
                    assert is_valid(kind, code), (spec["slug"], kind, code)
        assert normalise_language(spec["lang"]) == spec["lang"] and spec["lang"] in shared_words()
        assert spec.get("licence", "CC-BY-4.0") in BY_CODE
        assert set(spec.get("guidance", ())) <= set(BY_NAME)
        assert set(spec.get("canvas", ())) <= set(CANVAS_PARTS)
        assert len(spec["name"]) <= 120 and len(spec["summary"]) <= 400


def test_resources_and_notes_say_what_can_be_said():
    licences, formats = set(LICENCES), {one.media for one in FORMATS}
    addresses: Counter[str] = Counter()
    for spec in written():
        for resource in spec.get("resources", ()):
            addresses[resource["url"]] += 1
            assert resource["licence"] in licences and resource["type"] in TYPES, resource["url"]
            assert set(resource["formats"]) <= formats, resource["url"]
            assert set(resource.get("audiences", ())) <= set(AUDIENCES)
            assert {relation for _url, relation in resource.get("from", ())} <= set(RELATIONS)
            assert "example.org/" in resource["url"]
            assert all(is_valid("level", code) for code in resource["levels"])
            assert all(is_valid("subject", code) for code in resource.get("subjects", ()))
        for note in spec.get("practice", ()):
            assert note["again"] in AGAIN and note["class_size"] in CLASS_SIZES, note["title"]
            assert note["connectivity"] in CONNECTIVITY
    assert len(addresses) >= 25 and set(addresses.values()) == {1}
    assert sum(len(spec.get("practice", ())) for spec in written()) >= 8


def test_talk_is_lively_and_in_several_languages(world):
    posts = _posts(world)
    assert 150 <= len(posts) <= 350
    assert len({p.lang for _c, _t, p in posts}) >= 8
    mixed = [t for c in world.communities for t in c.threads if len({p.lang for p in t.posts}) >= 3]
    assert len(mixed) >= 10
    threads = [t for c in world.communities for t in c.threads]
    assert any(t.pinned for t in threads) and any(t.locked for t in threads)
    for wanted in ("former", "hidden", "mentions", "reactions", "renditions", "wish"):
        assert any(getattr(p, wanted) for _c, _t, p in posts), wanted
    assert any(p.answers is not None for _c, _t, p in posts)


def test_everybody_who_speaks_is_a_member_and_came_before(world):
    since = {(c.slug, m.handle): m.days_ago for c in world.communities for m in c.members if not m.asked}
    for community, thread, post in _posts(world):
        assert post.days_ago <= since[community.slug, post.author] <= community.days_ago, thread.title
        assert post.days_ago >= LATEST / 2
        assert set(post.mentions) <= {m.handle for m in community.members}
        assert post.answers is None or thread.posts[post.answers].days_ago >= post.days_ago


def test_who_writes_has_the_language(world):
    spoken = {p.handle: {one.tag.split("-")[0] for one in p.languages} for p in world.people}
    lacking = [p for _c, _t, p in _posts(world) if p.lang not in spoken[p.author]]
    # Only who must begin a community though nobody has its language.
    assert len(lacking) < 3


def test_some_translations_are_outdated_some_reviewed_and_some_wished_for(world):
    made = [r for _c, _t, p in _posts(world) for r in p.renditions]
    made += [r for c in world.communities for r in (*c.renditions, *c.charter_renditions)]
    assert len(made) >= 30
    assert any(r.stale for r in made) and any(r.reviewed_by for r in made)
    assert all(r.by != r.reviewed_by for r in made)
    assert sum(p.wish is not None for _c, _t, p in _posts(world)) >= 6


def test_charters_have_every_part_in_every_version(world):
    for community in world.communities:
        for charter in community.charters:
            assert set(charter.parts) == set(CHARTER_PARTS) and all(charter.parts.values())
        days = [charter.days_ago for charter in community.charters]
        assert days == sorted(days, reverse=True)
    assert max(len(c.charters) for c in world.communities) >= 3


def test_meetings_are_past_and_to_come_one_is_cancelled_and_one_series_goes_round(world):
    events = [event for c in world.communities for event in c.events]
    assert any(event.times[0][0] < 0 and event.texts.get("notes") for event in events)
    assert any(event.times[0][0] > 0 for event in events)
    assert any("cancelled" in event.texts for event in events)
    assert any(len({minute for _day, minute in event.times}) > 1 and event.found_for for event in events)
