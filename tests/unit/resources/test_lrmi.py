"""LRMI: what is written is read back whole, and what others write is understood or refused, never a crash."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.cleaning import clean_line, clean_text
from app.features.resources.addresses import clean_address
from app.features.resources.formats import BY_MEDIA
from app.features.resources.licences import LICENCES, UNKNOWN
from app.features.resources.lrmi import Unreadable, read_document, read_records, write_collection, write_record
from app.features.resources.models import AUDIENCES, RELATIONS, TYPES
from app.features.resources.oai.records import write_dublin_core, write_lrmi
from app.features.resources.values import OriginValues, ResourceValues
from app.features.vocabularies.queries import level_codes, subject_codes

TAGS = ("en", "fr", "sw", "ar", "zh-Hant", "pt-BR", "hi", "ff-Adlm")
LINES = st.text(min_size=1, max_size=60).map(clean_line).filter(bool)
ADDRESSES = st.from_regex(r"https://[a-z]{3,12}\.example\.org/[a-z0-9/]{0,20}", fullmatch=True).map(clean_address)


def some_of(codes, most=4):
    """A few different ones, in any order."""
    return st.lists(st.sampled_from(list(codes)), max_size=most, unique=True).map(tuple)


ORIGINS = st.lists(
    st.builds(OriginValues, ADDRESSES, st.sampled_from(RELATIONS), st.sampled_from([None, "CC-BY-4.0", "CC0-1.0"])),
    max_size=3,
    unique_by=lambda origin: origin.url,
).map(lambda found: tuple(sorted(found, key=lambda origin: origin.relation != "translation")))
VALUES = st.builds(
    ResourceValues,
    url=ADDRESSES,
    title=LINES,
    description=st.text(max_size=200).map(clean_text),
    lang=st.sampled_from(TAGS),
    licence=st.sampled_from([code for code in LICENCES if code != UNKNOWN]),
    type=st.sampled_from(TYPES),
    authors=st.lists(LINES, max_size=3, unique=True).map(tuple),
    formats=some_of(BY_MEDIA),
    audiences=some_of(AUDIENCES),
    subjects=some_of(subject_codes()),
    levels=some_of(level_codes()),
    languages=some_of(TAGS),
    origins=ORIGINS,
)


@settings(max_examples=150)
@given(values=VALUES)
def test_what_is_written_is_read_back(values):
    text = json.dumps(
        write_collection([write_record(values, "https://here.example.org/resources/1")], "All", "https://x")
    )
    (found,) = read_records(read_document(text))
    assert found.values == values
    assert found.unknown == ()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(
        st.sampled_from(
            ["@type", "@id", "@value", "@language", "@graph", "@list", "name", "url", "license", "author", "about",
             "inLanguage", "educationalLevel", "educationalAlignment", "targetName", "encoding", "audience", "item",
             "isBasedOn", "learningResourceType", "educationalRole", "description", "termCode", "inDefinedTermSet",
             "http://schema.org/name"]
        ),
        inner | st.sampled_from(["LearningResource", "Book", "https://example.org/a", "en"]),
        max_size=6,
    ),
    max_leaves=25,
)  # fmt: skip


@settings(max_examples=300)
@given(document=JSON)
def test_no_document_is_too_odd(document):
    try:
        records = read_records(read_document(json.dumps(document)))
    except Unreadable:
        return
    assert all(record.values.title or record.values.url for record in records)


@pytest.mark.parametrize(
    ("node", "field", "expected"),
    [
        ({"name": "A"}, "title", "A"),
        ({"name": ["A", "B"]}, "title", "A"),
        ({"name": {"fr": "Un", "en": "One"}}, "title", "Un"),
        ({"name": {"@value": "A", "@language": "sw"}}, "lang", "sw"),
        ({"name": "A", "inLanguage": {"alternateName": "fr", "name": "French"}}, "languages", ("fr",)),
        ({"name": "A", "inLanguage": "French"}, "languages", ("fr",)),
        ({"name": "A", "license": "https://creativecommons.org/licenses/by/4.0/"}, "licence", "CC-BY-4.0"),
        ({"name": "A", "license": {"url": "https://mit-license.org", "name": "MIT"}}, "licence", "MIT"),
        ({"name": "A", "about": ["Biology", {"@type": "Thing", "name": "Chemistry"}]}, "subjects", ("0511", "0531")),
        ({"name": "A", "keywords": "mathematics, sunshine"}, "subjects", ("0541",)),
        ({"name": "A", "educationalLevel": "high school"}, "levels", ("3",)),
        ({"name": "A", "learningResourceType": ["lesson plan"]}, "type", "lesson_plan"),
        ({"name": "A", "learningResourceType": {"@id": "http://example.org/lrt/worksheet"}}, "type", "worksheet"),
        ({"name": "A", "author": {"name": "X"}}, "authors", ("X",)),
        ({"name": "A", "creator": [{"@id": "#p"}]}, "authors", ("Known by number",)),
        ({"name": "A", "url": "javascript:alert(1)", "@id": "https://example.org/x"}, "url", "https://example.org/x"),
        ({"name": "A", "url": "http://10.0.0.1/x"}, "url", ""),
    ],
)  # fmt: skip
def test_the_many_ways_to_say_it(node, field, expected):
    document = {
        "@graph": [{"@type": "LearningResource", **node}, {"@id": "#p", "@type": "Person", "name": "Known by number"}]
    }
    (found,) = read_records(document)
    assert getattr(found.values, field) == expected


@settings(max_examples=60)
@given(values=VALUES)
def test_records_for_harvesters_hold_in_xml(values):
    from xml.etree.ElementTree import fromstring, tostring

    for record in (
        write_dublin_core(values, "oai:x:1", "https://x/1", {}),
        write_lrmi(values, "oai:x:1", "https://x/1", {"title": {"fr": "Un"}}, "https://x/lrmi.xsd"),
    ):
        assert len(fromstring(tostring(record))) >= 5


def test_pages_whose_scripts_never_close_are_read_in_a_straight_line_of_time():
    with pytest.raises(Unreadable):
        read_document("<script " * 100_000)
    with pytest.raises(Unreadable):
        read_document('<script type="application/ld+json">' * 20_000)
    page = '<p>A<script src="x"/><script type="application/ld+json">{"name": "A"}</script><SCRIPT>'
    assert read_document(page) == [{"name": "A"}]
