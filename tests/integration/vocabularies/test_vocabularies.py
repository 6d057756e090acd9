"""The vocabularies: found by any word in any language, named in the reader's language."""

from __future__ import annotations

import re

import pytest

from app.core.locales import LOCALES
from app.features.vocabularies import queries
from tests.support.pages import CheckingClient


@pytest.mark.parametrize("word", ["maths", "Mathematics", "mathématiques", "matemáticas", "رياضيات", "الرياضيات",
                                  "hisabati", "数学", "математика", "गणित", "matemática", "0541"])  # fmt: skip
def test_every_language_leads_to_the_same_subject(word: str):
    assert queries.search("subject", word, "en")[0].code == "0541"


@pytest.mark.parametrize("word", ["Kiswahili", "Swahili", "السواحلية", "суахили", "斯瓦希里语", "suaíli", "sw"])
def test_a_language_is_found_by_its_own_and_every_other_name(word: str):
    assert queries.search("language", word, "fr")[0].code == "sw"


def test_a_beginning_finds_the_language_that_calls_itself_so_first():
    assert queries.search("language", "kisw", "en")[0].code == "sw"


def test_nothing_is_offered_twice_under_the_same_name():
    found = [(option.label, option.detail) for option in queries.search("subject", "hisabati", "en")]
    assert len(found) == len(set(found))


@pytest.mark.parametrize(
    ("scheme", "word", "code"),
    [
        ("country", "Кения", "KE"),
        ("country", "Côte d'Ivoire", "CI"),
        ("country", "KE", "KE"),
        ("place", "Afrique", "002"),
        ("place", "中国", "CN"),
        ("level", "elementary school", "1"),
        ("level", "collège", "2"),
        ("institution_type", "université", "university"),
        ("activity", "traduire", "translate"),
    ],
)
def test_other_schemes_are_found_alike(scheme: str, word: str, code: str):
    assert queries.search(scheme, word, "en")[0].code == code


def test_leftover_fields_come_last():
    found = [option.code for option in queries.search("subject", "mathématiques", "fr", 20)]
    assert found.index("0540") > found.index("0114")


def test_searching_bears_anything():
    for odd in ("", " ", "%", "\0", "'" * 300, "🙂", "ﷺ" * 100):
        queries.search("subject", odd, "en")
    assert queries.search("subject", "xqzwv", "en") == []
    assert len(queries.search("subject", "a", "en", 5)) == 5


@pytest.mark.parametrize("scheme", queries.SCHEMES)
def test_every_code_has_a_name_in_every_language(scheme: str):
    for locale in LOCALES:
        for code in queries.codes(scheme):
            name = queries.label(scheme, code, locale.code)
            assert name
            assert name != code or scheme == "language", f"{scheme} {code} has no name in {locale.code}"


def test_labels_fall_back_to_english_and_then_to_the_code():
    assert queries.label("subject", "0541", "de") == "Mathematics"
    assert queries.label("subject", "nonsense", "fr") == "nonsense"
    assert queries.label("country", None, "fr") == ""
    assert queries.label("cefr", 7, "en") == queries.label("cefr", "native", "en")


def test_tags_are_written_one_way():
    assert queries.normalise_language("EN_gb") == "en-GB"
    assert queries.normalise_language("swa") == "sw"
    assert queries.normalise_language("iw") == "he"
    assert queries.normalise_language("qqq") is None
    assert queries.normalise_language("<script>") is None
    assert queries.is_valid("language", "sw")
    assert not queries.is_valid("language", "SW")
    assert queries.direction("ur") == "rtl"


def test_places_lie_in_each_other():
    assert queries.regions_of("KE") == ("001", "002", "202", "014")
    assert "KE" in queries.countries_in("202")
    assert queries.regions_of("nowhere") == ()


def test_a_picker_gets_the_options_alone(client: CheckingClient):
    response = client.get("/vocabularies/subject?name=subjects&subjects_q=hisabati", headers={"HX-Request": "true"})
    html = response.get_data(as_text=True)
    assert "<html" not in html
    assert 'name="subjects"' in html
    assert 'value="0541"' in html
    assert "HX-Request" in response.headers["Vary"]
    assert "max-age" in response.headers["Cache-Control"]
    one = client.get("/vocabularies/language?multiple=0&tag_q=sw", headers={"HX-Request": "true"})
    assert 'type="radio" name="tag"' in one.get_data(as_text=True)
    forged = client.get('/vocabularies/language?name="><script>', headers={"HX-Request": "true"})
    assert forged.status_code == 404


def test_the_pages_read_well_without_scripts(client: CheckingClient):
    assert "Subjects" in client.get("/vocabularies").get_data(as_text=True)
    for scheme in queries.SCHEMES:
        page = client.get(f"/vocabularies/{scheme.replace('_', '-')}")
        assert page.status_code == 200
    html = client.get("/vocabularies/subject").get_data(as_text=True)
    assert len(re.findall(r"<code", html)) >= 219
    found = client.get("/vocabularies/subject?q=hisabati&lang=fr").get_data(as_text=True)
    assert "Mathématiques" in found
    assert client.get("/vocabularies/nonsense").status_code == 404
