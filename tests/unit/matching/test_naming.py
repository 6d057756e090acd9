"""What a group has in common, and the neighbours from which groups are found."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from hypothesis import given, settings

from app.matching.clusters import find_clusters
from app.matching.facets import Language, Profile
from app.matching.naming import name_group
from app.matching.nearest import neighbours
from tests.unit.matching.worlds import worlds

AFRICA = ("001", "002", "202", "014")


def teacher(key, subject="0541", level="2", tag="sw", country="KE", **values):
    tongues = (Language(tag, 7, True), Language("en", 4))
    said = {"regions": AFRICA, "subjects": (subject,), "levels": (level,), "languages": tongues, **values}
    return Profile(key, values.pop("kind", "person"), country, **{k: v for k, v in said.items() if k != "kind"})


def test_the_deepest_field_most_share_names_it_and_others_are_left_out():
    group = [teacher(n, subject="0541" if n < 4 else "0542") for n in range(6)] + [teacher(9, subject="0231")]
    found = name_group(group)
    assert (found.subject, found.keys, found.place) == ("054", (0, 1, 2, 3, 4, 5), "KE")
    assert found.languages == ("en", "sw")


def test_countries_and_the_region_that_holds_them():
    group = [teacher(n, country=("KE", "TZ", "UG")[n % 3]) for n in range(6)]
    assert (name_group(group).countries, name_group(group).place) == (("KE", "TZ", "UG"), "014")
    group.append(replace(teacher(9), country="FR", regions=("001", "150", "155")))
    assert name_group(group).place == ""


def test_too_few_people_or_nothing_in_common_is_no_community():
    assert name_group([teacher(n) for n in range(4)]) is None
    assert name_group([teacher(n) for n in range(4)] + [teacher(9, kind="institution")]) is None
    assert name_group([teacher(n, subject=f"0{n}11") for n in range(1, 8)]) is None
    mixed = [
        replace(teacher(n), languages=(Language(tag, 7),)) for n, tag in enumerate(["ar", "en", "fr", "sw", "zh", "hi"])
    ]
    assert name_group(mixed) is None
    assert name_group([]) is None


@given(worlds())
def test_whoever_is_named_shares_subject_and_a_language(world):
    found = name_group(world, least=1)
    if found is not None:
        by_key = {one.key: one for one in world}
        assert found.people + found.institutions == len(found.keys)
        for key in found.keys:
            assert any(code.startswith(found.subject) for code in by_key[key].subjects)
            assert {one.tag.split("-")[0] for one in by_key[key].languages} & set(found.languages)


@settings(max_examples=20)
@given(worlds(least=2))
def test_the_score_of_a_pair_is_the_same_from_both_sides(tmp_path_factory, world):
    lists = {key: dict(listed) for key, listed in neighbours(world, tmp_path_factory.mktemp("index"))}
    for key, listed in lists.items():
        assert key not in listed
        assert all(lists[other][key] == score for other, score in listed.items() if key in lists[other])


def test_groups_of_profiles_are_found_through_the_index(tmp_path):
    random = Random(4)
    groups = [("0541", "2", "sw"), ("0231", "3", "fr"), ("0114", "1", "ar"), ("0613", "6", "en")]
    people = []
    for number, (subject, level, tag) in enumerate(groups):
        people += [teacher(100 * number + n, subject, level, tag, random.choice(("KE", "TZ"))) for n in range(18)]
    strangers = [
        replace(teacher(900 + n), subjects=(random.choice(("0721", "0811", "0912", "1014")),), languages=())
        for n in range(10)
    ]
    random.shuffle(people)
    found = find_clusters(dict(neighbours(people + strangers, tmp_path)))
    assert sorted(len(one.keys) for one in found) == [18, 18, 18, 18]
    assert all(len({key // 100 for key in one.keys}) == 1 for one in found)
