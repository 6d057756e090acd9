"""Charters drifting apart, and the words that changed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.wording import GONE, NEW, SAME, compare_wordings
from app.features.communities.diverging import BOTH, HERE, THERE, divergence_of

WORDS = st.lists(st.sampled_from(["we", "write", "talk", "\n", "نكتب", "我们写", "ร่วมกัน", ".", " "]), max_size=12)
TEXTS = WORDS.map(" ".join)


@given(TEXTS, TEXTS)
def test_pieces_give_back_both_wordings(before: str, after: str) -> None:
    pieces = compare_wordings(before, after)
    assert "".join(p.text for p in pieces if p.kind != NEW) == before
    assert "".join(p.text for p in pieces if p.kind != GONE) == after


@given(st.text(max_size=60), st.text(max_size=60))
def test_pieces_give_back_any_text(before: str, after: str) -> None:
    pieces = compare_wordings(before, after)
    assert "".join(p.text for p in pieces if p.kind != NEW) == before
    assert "".join(p.text for p in pieces if p.kind != GONE) == after
    assert all(p.text for p in pieces)


@given(TEXTS)
def test_nothing_changed_is_one_piece(text: str) -> None:
    assert [p.kind for p in compare_wordings(text, text)] == ([SAME] if text else [])


def test_scripts_without_spaces_are_compared_by_characters() -> None:
    pieces = compare_wordings("我们用简单的话写作", "我们用清楚的话写作")
    assert [(p.kind, p.text) for p in pieces] == [
        ("same", "我们用"), ("gone", "简单"), ("new", "清楚"), ("same", "的话写作"),
    ]  # fmt: skip


def test_a_changed_phrase_reads_as_one() -> None:
    pieces = compare_wordings("We answer within a week.", "We answer before two days.")
    assert [(p.kind, p.text) for p in pieces] == [
        ("same", "We answer "), ("gone", "within a week"), ("new", "before two days"), ("same", "."),
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["a b " * 5000, "word" * 20000, "\n" * 30000, "我" * 20000])
def test_long_and_dull_texts_do_not_hold_up_a_page(text: str) -> None:
    pieces = compare_wordings(text, text[: len(text) // 2] + "x" + text[len(text) // 2 :])
    assert "".join(p.text for p in pieces if p.kind != NEW) == text


@given(TEXTS, TEXTS, TEXTS, TEXTS)
def test_the_other_side_sees_it_the_other_way_round(here: str, began: str, there: str, there_began: str) -> None:
    mirrored = {HERE: THERE, THERE: HERE}
    seen = divergence_of(here, began, there, there_began)
    assert divergence_of(there, there_began, here, began) == mirrored.get(seen, seen)


@given(TEXTS, TEXTS, TEXTS)
def test_the_same_words_are_the_same_whatever_was_before(text: str, began: str, there_began: str) -> None:
    assert divergence_of(text, began, text, there_began) == SAME


@given(TEXTS, TEXTS)
def test_after_a_fork_nothing_differs_and_one_change_shows_on_its_side(text: str, changed: str) -> None:
    assert divergence_of(text, text, text, text) == SAME
    if changed.split() != text.split():
        assert divergence_of(changed, text, text, text) == HERE
        assert divergence_of(text, text, changed, text) == THERE


@given(TEXTS, TEXTS, TEXTS)
def test_keeping_ours_forgets_what_changed_there(here: str, began: str, there: str) -> None:
    assert divergence_of(here, began, there, there) in (SAME, HERE)


def test_a_translation_is_no_change() -> None:
    assert divergence_of("Nous écrivons.", "Nous écrivons.", "We write.", "We write.") == SAME
    assert divergence_of("Nous écrivons.", "Nous écrivons.", "We speak.", "We write.") == THERE
    assert divergence_of("Nous lisons.", "Nous écrivons.", "We speak.", "We write.") == BOTH
