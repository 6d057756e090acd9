"""What an answer says: in words for every key, in an order that is fair, after a change at once, and after a crash."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from app.matching import Activity, Answer, Contribution, Language, Message, Profile, Query, ranking, store
from app.matching.index import Index, UnreadableIndex
from app.matching.messages import CRITERIA_NAMES, KEYS
from app.matching.query import KINDS, Suggestion
from benchmarks.population import population

KISWAHILI = Language("sw", 7, teaches=True)


def teacher(key: int, **facets: object) -> Profile:
    said: dict[str, object] = {
        "country": "KE",
        "regions": ("001", "002", "202", "014"),
        "subjects": ("0541",),
        "levels": ("2",),
        "languages": (KISWAHILI,),
    }
    return Profile(key, "person", **{**said, **facets})  # type: ignore[arg-type]


def ask(index: Index, profile: Profile, kind: str = "peers", **more: object) -> Answer:
    return index.suggest(Query(profile, kind, **more))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def crowd_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("crowd") / "index"
    Index.build(population(600, seed=3), path)
    return path


@pytest.fixture
def crowd(crowd_file: Path) -> Index:
    return Index.open(crowd_file)


def messages(answer: Answer) -> list[Message]:
    found = [gap.message for gap in answer.gaps]
    for one in answer.suggestions:
        parts: tuple[Contribution, ...] = (*one.contributions, *one.other)
        assert {part.criterion for part in parts} <= set(CRITERIA_NAMES)
        found += [said for part in parts for said in part.evidence] + [gap.message for gap in one.gaps]
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_every_message_has_a_text_and_its_values(crowd: Index, kind: str) -> None:
    seen = 0
    for asker in population(30, seed=4):
        for message in messages(ask(crowd, asker, kind)):
            assert set(re.findall(r"%\((\w+)\)s", KEYS[message.key])) <= set(message.values), message.key
            seen += 1
    assert seen > 100


def test_without_reasons_the_list_is_the_same_with_the_scores_alone(crowd: Index) -> None:
    for asker in population(2, seed=4):
        for kind in KINDS:
            whole, bare = ask(crowd, asker, kind), ask(crowd, asker, kind, reasons=False)
            assert bare == replace(
                whole, suggestions=tuple(Suggestion(one.key, one.score, ()) for one in whole.suggestions)
            )


def test_messages_of_a_bridge_to_a_named_other_have_texts(tmp_path: Path) -> None:
    far = teacher(9, languages=(Language("ar", 7),), interests="games")
    bridge = teacher(5, languages=(Language("sw", 4), Language("ar", 6)), interests="games")
    index = Index.build([far, bridge, teacher(6)], tmp_path / "index")
    answer = ask(index, teacher(1), "bridges", target=far)
    assert [one.key for one in answer.suggestions] == [5]
    for message in messages(answer):
        assert set(re.findall(r"%\((\w+)\)s", KEYS[message.key])) <= set(message.values), message.key


def test_two_who_share_a_language_need_no_bridge(tmp_path: Path) -> None:
    index = Index.build([teacher(2), teacher(3)], tmp_path / "index")
    answer = ask(index, teacher(1), "bridges", target=teacher(2))
    assert answer.suggestions == () and answer.gaps[0].message.values == {"tag": "sw"}


def test_the_reasons_of_a_peer_are_what_both_said(tmp_path: Path) -> None:
    index = Index.build([teacher(2, languages=(Language("sw", 5),))], tmp_path / "index")
    one = ask(index, teacher(1)).suggestions[0]
    said = {part.criterion: part.evidence[0] for part in one.contributions}
    assert said["subject"] == Message("subject.same_at_level", {"code": "0541", "level": "2"})
    assert said["language"] == Message("language.common", {"tag": "sw", "mine": "native", "theirs": "C1"})


def test_a_need_meets_an_offer_across_a_border_only(tmp_path: Path) -> None:
    offers = (Activity("translate", "0541", "fr"),)
    abroad = teacher(2, country="TZ", offers=offers, needs=(Activity("review"),))
    index = Index.build([abroad, teacher(3, offers=offers), teacher(4, country=None)], tmp_path / "index")
    asker = teacher(1, needs=(Activity("translate", "054", "fr"),), offers=(Activity("review"),))
    answer = ask(index, asker, "collaborators")
    assert [one.key for one in answer.suggestions] == [2]
    points = {part.criterion: part.points for part in answer.suggestions[0].contributions}
    assert points["they_offer"] > 0 and points["you_offer"] > 0 and points["border"] > 0


def test_who_is_full_or_silent_for_years_comes_last(tmp_path: Path) -> None:
    people = [teacher(2, capacity=0), teacher(3, fresh_days=3000), teacher(4)]
    index = Index.build(people, tmp_path / "index")
    assert ask(index, teacher(1)).suggestions[0].key == 4


def test_guests_see_only_who_is_public(tmp_path: Path) -> None:
    index = Index.build([teacher(2, public=True), teacher(3)], tmp_path / "index")
    answer = ask(index, teacher(-1), guest=True)
    assert [(one.key, one.other) for one in answer.suggestions] == [(2, ())]


def test_accepting_a_language_at_a_lower_level_is_offered_with_its_count(tmp_path: Path) -> None:
    index = Index.build([teacher(key, languages=(Language("fr", 3),)) for key in range(2, 16)], tmp_path / "index")
    answer = ask(index, teacher(1, languages=(Language("fr", 7, accepts=5),)))
    assert answer.total == 0 and answer.hidden_by_language == 14
    assert answer.gaps[0].message == Message("gap.accept.language", {"tag": "fr", "level": "B1", "adds": 14})


def test_a_change_is_in_the_next_answer(crowd: Index) -> None:
    asker = teacher(5000, languages=(Language("xx", 7),))
    assert ask(crowd, asker).total == 0
    crowd.apply([teacher(5001, languages=(Language("xx", 6),))])
    assert [one.key for one in ask(crowd, asker).suggestions] == [5001]
    crowd.apply([teacher(5001, languages=(Language("xx", 6),), suggestible=False)])
    assert ask(crowd, asker).total == 0


def test_a_rebuild_takes_the_place_of_the_file_and_leaves_open_ones_alone(tmp_path: Path) -> None:
    path = tmp_path / "index"
    old = Index.build([teacher(2)], path, note="first")
    new = Index.build([teacher(3)], path, note="second")
    assert (old.note, ask(old, teacher(1)).suggestions[0].key) == ("first", 2)
    assert (new.note, ask(Index.open(path), teacher(1)).suggestions[0].key) == ("second", 3)
    assert [file.name for file in tmp_path.iterdir()] == ["index"]


@pytest.mark.parametrize("damage", [b"", b"something else", None])
def test_a_damaged_file_is_refused(tmp_path: Path, damage: bytes | None) -> None:
    path = tmp_path / "index"
    Index.build([teacher(2)], path)
    path.write_bytes(path.read_bytes()[:-100] if damage is None else damage)
    with pytest.raises(UnreadableIndex):
        Index.open(path)


def test_a_header_with_any_byte_changed_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "index"
    Index.build([teacher(2)], path)
    whole = path.read_bytes()
    header = range(len(store.FORMAT), whole.index(b"}}") + 2)
    with path.open("r+b", buffering=0) as file:
        for at in (*header[:12], *header[12::40]):
            file.seek(at)
            file.write(bytes([whole[at] ^ 0x41]))
            with pytest.raises(UnreadableIndex):
                Index.open(path)
            file.seek(at)
            file.write(whole[at : at + 1])
    assert len(Index.open(path)) == 1


def test_an_index_built_with_other_weights_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Index.build([teacher(2)], tmp_path / "index")
    monkeypatch.setattr("app.matching.weights.LEVEL_SAME", 5)
    with pytest.raises(UnreadableIndex):
        Index.open(tmp_path / "index")


def test_a_region_gets_the_exposure_of_its_share(tmp_path: Path) -> None:
    shortlist = [ranking.Entry(at, 400 - at, "150" if at < 20 else "002") for at in range(40)]
    shown = ranking.arrange(shortlist, 20, {"150": 1, "002": 1})
    africa = sum(ranking.exposure(at) for at, one in enumerate(shown) if one.region == "002")
    assert 0.4 < africa / sum(ranking.exposure(at) for at in range(20)) < 0.6
    plain = ranking.arrange(shortlist[:20], 20, {"150": 1})
    assert [one.position for one in plain] == list(range(20))


def test_the_seed_decides_only_among_equals(tmp_path: Path) -> None:
    index = Index.build([teacher(key) for key in range(2, 200)], tmp_path / "index")
    first, second = (ask(index, teacher(1), seed=seed) for seed in (1, 2))
    assert [one.score for one in first.suggestions] == [one.score for one in second.suggestions]
    assert {one.key for one in first.suggestions} != {one.key for one in second.suggestions}
