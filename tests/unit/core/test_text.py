"""The analyser: what counts as the same word, in every script."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.text import LONGEST, MOST_TERMS, analyse, fold, query_terms

ANY_TEXT = st.text(st.characters(), max_size=60)


def finds(asked: str, text: str, language: str | None = None) -> bool:
    """Whether a question finds a text, as the search tables do it."""
    tokens = set(analyse(text, language))
    terms = query_terms(asked, language)
    return bool(terms) and all(term.matches(tokens) for term in terms)


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        ("发展", "教育发展"),
        ("教", "教育发展"),
        ("展", "教育发展"),
        ("教育发展", "我们的教育发展计划"),
        ("ひらがな", "ひらがなを学ぶ"),
        ("교육", "평생교육원"),
        ("การศึกษา", "ระบบการศึกษาไทย"),
        ("ศึ", "การศึกษา"),
        ("mathematiques", "Mathématiques"),
        ("MATHÉMATIQUES", "mathematiques"),
        ("math", "mathematics"),
        ("strasse", "Straße"),
        ("ελληνικα", "Ελληνικά"),
        ("ёлка", "елка"),
        ("رياضيات", "الرياضيات"),
        ("الاداره", "الإِدَارَة"),
        ("مدرسه", "مـــدرسة"),
        ("۲۰۲۶", "2026"),
        ("हिन्दी", "हिन्दी की पढ़ाई"),
        ("फ़िल्म", "फिल्म"),
        ("ogrenci", "Öğrenci"),
        ("Istanbul", "İstanbul"),
        ("dong", "Đồng"),
        ("ɗalibi", "dalibi"),
        ("ﬁsica", "fisica"),
        ("open", "ＯＰＥＮ"),
        ("𞤀𞤣", "𞤀𞤣𞤤𞤢𞤥"),
    ],
)
def test_what_people_type_finds_what_is_written(asked: str, text: str):
    assert finds(asked, text)


@pytest.mark.parametrize(
    ("asked", "text"),
    [("展发", "教育发展"), ("数", "教育发展"), ("ematics", "mathematics"), ("न्दी", "हिन्दी"), ("", "x"), ("…", "…")],
)
def test_what_is_not_there_is_not_found(asked: str, text: str):
    assert not finds(asked, text)


def test_stems_are_added_and_never_replace_words():
    assert finds("teaching", "He teaches", "en")
    assert not finds("teaching", "He teaches")
    assert "enseignante" in analyse("enseignante", "fr")
    assert analyse("habari", "sw") == ["habari"]


def test_joiners_and_direction_marks_part_no_word():
    assert analyse("نمی\u200cخواهم") == ["نميخواهم"]
    assert fold("a\u202eb\u200f") == "ab"


@given(ANY_TEXT)
def test_folding_twice_is_folding_once(text: str):
    assert fold(fold(text)) == fold(text)


@given(ANY_TEXT)
def test_any_text_gives_plain_tokens(text: str):
    for token in analyse(text, "en"):
        assert token
        assert len(token) <= LONGEST
        assert all(unicodedata.category(char)[0] in "LMN" for char in token)


@given(ANY_TEXT, ANY_TEXT)
def test_a_text_is_found_by_itself_in_any_company(text: str, more: str):
    assert len(query_terms(text)) <= MOST_TERMS
    if query_terms(text):
        assert finds(text, f"{more} {text} {more}")


@given(st.text("教育发展数学课程", min_size=1, max_size=8), st.text("教育发展数学课程", max_size=8))
def test_every_piece_of_a_chinese_text_is_found(piece: str, around: str):
    assert finds(piece, around + piece + around)
