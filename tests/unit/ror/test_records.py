"""Reading one record: what is kept, what is refused and why."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.features.profiles.services.ror.records import Refused, normalise_ror_id, parse_record
from tests.support.ror import record, ror_id

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
FIELDS = ("id", "status", "types", "names", "locations", "links", "domains")


def test_every_name_is_kept_with_its_language_and_kind():
    parsed = parse_record(record(7))
    assert [(n.name, n.lang, n.kind, n.main) for n in parsed.names] == [
        ("Sample University 7", "en", "label", True),
        ("Université exemple 7", "fr", "label", False),
        ("示例大学7", "zh", "alias", False),
        ("SU7", None, "acronym", False),
    ]
    assert (parsed.type, parsed.country, parsed.city, parsed.domains) == (
        "university",
        "KE",
        "Kisumu",
        ("su7.example",),
    )


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"id": "https://ror.org/000025p05"}, "identifier"),
        ({"id": None}, "identifier"),
        ({"names": []}, "no name"),
        ({"names": [{"value": "x" * 401, "types": ["label"]}]}, "401 characters"),
        ({"locations": []}, "no country"),
        ({"locations": [{"geonames_details": {"country_code": "XX"}}]}, "ISO 3166"),
        ({"status": "sleeping"}, "status"),
    ],
)
def test_what_cannot_be_taken_is_refused_with_its_reason(changes, reason):
    with pytest.raises(Refused, match=reason):
        parse_record(record(7, **changes))


@pytest.mark.parametrize(
    ("name", "types", "kind"),
    [
        ("Lakeside High School", ["education"], "school"),
        ("Ministry of Education", ["government"], "ministry"),
        ("National Library", ["archive", "government"], "library"),
        ("Open Learning Trust", ["nonprofit", "funder"], "ngo"),
        ("River Authority", ["government"], "other"),
        ("School of Thought", ["education"], "university"),
    ],
)
def test_the_kind_of_institution_follows_its_types_and_name(name, types, kind):
    names = [{"value": name, "types": ["ror_display"], "lang": "en"}]
    assert parse_record(record(7, names=names, types=types)).type == kind


@given(st.integers(0, 32**6 - 1))
def test_a_well_formed_identifier_is_known_however_it_is_written(number):
    wanted = ror_id(number)
    for form in (wanted, f"https://ror.org/{wanted}", f"ror.org/{wanted.upper()}/"):
        assert normalise_ror_id(form) == wanted


@given(st.dictionaries(st.sampled_from(FIELDS), JSON), st.booleans())
def test_whatever_stands_in_a_record_it_is_taken_or_refused(changes, keep):
    raw = {**record(7), **changes} if keep else changes
    try:
        parsed = parse_record(raw)
    except Refused:
        return
    assert sum(name.main for name in parsed.names) == 1
    assert parsed.digest == parse_record(raw).digest
