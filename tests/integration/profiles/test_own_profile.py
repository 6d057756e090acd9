"""Making and changing one's own profile."""

from __future__ import annotations

import pytest

from app.features.profiles.models import Person, ProfileChange
from tests.support.people import PASSWORD, make_account, make_person

FIRST = {
    "name": "Amina Wanjiru Otieno",
    "subjects": ["0541", "0531"],
    "levels": ["2"],
    "country": "KE",
    "languages-0-tag": "sw",
    "languages-0-level": "7",
    "languages-0-teaches": "y",
    "languages-0-accepts": "3",
}


@pytest.fixture
def newcomer(app, database):
    with database.transaction() as session:
        make_account(session, "new")
    browser = app.test_client()
    assert browser.submit("/sign-in", {"email": "new@example.org", "password": PASSWORD}).status_code == 303
    return browser


@pytest.fixture
def amina(database, sign_in):
    with database.transaction() as session:
        make_person(
            session,
            "amina",
            name="Amina",
            country="KE",
            subjects=["0541"],
            levels=["2"],
            languages=[("sw", 7, True), ("en", 5)],
            about={"sw": "Habari", "en": "Hello"},
        )
    return sign_in("amina")


def load(database, **by) -> Person:
    """A person with all that hangs on them, free of the session."""
    with database.reading() as session:
        person = session.query(Person).filter_by(**by).one()
        for part in ("subjects", "levels", "languages", "activities", "texts", "tags"):
            getattr(person, part)
        session.expunge_all()
        return person


def stored(database, handle="amina") -> Person:
    return load(database, handle=handle)


def only(database) -> Person:
    return load(database)


def values_on(browser, page) -> dict[str, str]:
    """What the fields of the last page hold, as a browser would send them."""
    browser.get(page)
    return fields_of(browser.last_page)


def fields_of(document) -> dict[str, object]:
    values: dict[str, object] = {}

    def put(name, value):
        if name in values:
            values[name] = [*(values[name] if isinstance(values[name], list) else [values[name]]), value]
        else:
            values[name] = value

    form = next(f for f in document.iter("form") if any(e.get("name") == "version" for e in f.iter("input")))
    for element in form.iter():
        name = element.get("name")
        if (
            element.tag == "input"
            and name
            and (element.get("type") not in ("checkbox", "radio") or "checked" in element.attrib)
        ):
            put(name, element.get("value") or "")
        elif element.tag == "textarea":
            put(name, (element.text or "").removeprefix("\r").removeprefix("\n"))
        elif element.tag == "select":
            put(name, next((o.get("value") for o in element.iter("option") if "selected" in o.attrib), ""))
    return values


def test_a_problem_in_a_row_is_said_in_words_above_the_form(newcomer):
    refused = newcomer.submit("/profile", {**FIRST, "languages-0-level": ""})
    assert refused.status_code == 422
    summary = newcomer.last_page.find(".//*[@class='summary-of-errors']")
    words = "".join(summary.itertext())
    assert "Please say how well you know it." in words
    assert "{" not in words
    assert summary.find(".//a[@href='#languages-0-level']") is not None


def test_the_first_form_makes_a_profile(newcomer, database):
    response = newcomer.submit("/profile", FIRST)
    assert response.status_code == 303
    person = only(database)
    assert person.name == "Amina Wanjiru Otieno"
    assert [s.code for s in person.subjects] == ["0531", "0541"]
    assert (person.languages[0].tag, person.languages[0].level, person.languages[0].teaches) == ("sw", 7, True)
    page = newcomer.get("/profile").get_data(as_text=True)
    assert "Amina Wanjiru Otieno" in page
    assert "Used for teaching" in page


@pytest.mark.parametrize(("country", "zone"), [("KE", "Africa/Nairobi"), ("CD", None), ("", None)])
def test_where_a_country_has_one_time_zone_it_is_known_from_the_beginning(newcomer, database, country, zone):
    newcomer.submit("/profile", {**FIRST, "country": country})
    assert only(database).timezone == zone
    assert ("Say your time zone" in newcomer.get("/").get_data(as_text=True)) == (country == "CD")


def test_the_address_of_a_new_profile_does_not_give_the_name_away(newcomer, database):
    newcomer.submit("/profile", FIRST)
    assert "amina" not in only(database).handle


def test_a_second_profile_is_refused(newcomer, database):
    newcomer.submit("/profile", FIRST)
    assert newcomer.post("/profile", data={**FIRST, "csrf_token": newcomer.token("/profile")}).status_code == 303
    assert only(database)


def test_the_answers_of_the_first_page_are_taken_along(newcomer):
    with newcomer.session_transaction() as session:
        session["first_answers"] = {
            "subjects": ["0541"],
            "levels": ["3"],
            "languages": [{"tag": "sw", "level": 7}, {"tag": "fr", "level": "B2"}],
            "country": "TZ",
        }
    page = newcomer.get("/profile").get_data(as_text=True)
    assert "Mathematics" in page
    assert 'value="fr"' in page
    assert '<option selected value="TZ">' in page
    assert '<option selected value="4">' in page


def test_a_language_chosen_without_a_level_asks_for_it_and_keeps_the_rest(newcomer, database):
    answers = {k: v for k, v in FIRST.items() if not k.startswith("languages")}
    response = newcomer.submit("/profile", {**answers, "language": ["ha"]})
    page = response.get_data(as_text=True)
    assert response.status_code == 422
    assert "Please say how well you know it." in page
    assert 'value="ha"' in page
    assert "Amina Wanjiru Otieno" in page


def test_the_buttons_that_add_and_find_save_nothing_and_keep_what_was_typed(newcomer, database):
    find = newcomer.submit("/profile", {**FIRST, "find": "subjects", "subjects_q": "hisabati", "subjects": []})
    page = find.get_data(as_text=True)
    assert find.status_code == 200
    assert "Mathematics" in page
    assert "Amina Wanjiru Otieno" in page
    removed = newcomer.submit("/profile", {**FIRST, "remove": "languages-0"}).get_data(as_text=True)
    assert "languages-0-tag" not in removed
    with database.reading() as session:
        assert session.query(Person).count() == 0


@pytest.mark.parametrize(
    "bad, message",
    [
        ({"name": ""}, "Please write your name."),
        ({"name": "🙂🙂"}, "Please write the name with letters."),
        ({"name": "x" * 200}, "This has 200 characters; please keep it to 120."),
        ({"country": "ZZ"}, "Please choose one from the list."),
        ({"subjects": ["7777"]}, "Please choose one from the list."),
        ({"levels": ["42"]}, "Please choose one from the list."),
        ({"languages-0-tag": "qqq"}, "We do not know this language."),
        ({"languages-0-level": "9"}, "Please say how well you know it."),
        ({"languages-0-level": ""}, "Please say how well you know it."),
    ],
)
def test_bad_input_is_named_beside_its_field_and_kept(newcomer, database, bad, message):
    response = newcomer.submit("/profile", {**FIRST, **bad})
    assert response.status_code == 422
    page = response.get_data(as_text=True)
    assert message in page
    assert "what you entered is still here" in page
    with database.reading() as session:
        assert session.query(Person).count() == 0


def test_marks_that_turn_the_direction_are_taken_out_of_names(newcomer, database):
    newcomer.submit("/profile", {**FIRST, "name": "Amina\u202e otieno 🌍\u0007"})
    assert only(database).name == "Amina otieno 🌍"


SECTIONS = ["place", "teaching", "languages", "exchange", "texts", "visibility", "contacts"]


@pytest.mark.parametrize("section", SECTIONS)
def test_every_section_saves_what_it_shows_without_changing_anything(amina, database, section):
    before = stored(database)
    page = f"/profile/{section}"
    response = amina.post(page, data=values_on(amina, page))
    assert response.status_code == 303, response.get_data(as_text=True)
    after = stored(database)
    assert after.version > before.version
    for column in ("name", "country", "audiences", "suggestible", "monthly_contacts"):
        assert getattr(after, column) == getattr(before, column)
    for part in ("subjects", "levels", "languages", "activities", "texts", "tags"):
        assert len(getattr(after, part)) == len(getattr(before, part))


def test_an_unknown_section_is_not_there(amina):
    assert amina.get("/profile/nothing").status_code == 404


def test_place_is_saved_and_a_made_up_time_zone_refused(amina, database):
    data = {**values_on(amina, "/profile/place"), "city": "Kisumu", "timezone": "Africa/Nairobi"}
    assert amina.post("/profile/place", data=data).status_code == 303
    assert stored(database).timezone == "Africa/Nairobi"
    data = {**values_on(amina, "/profile/place"), "city": "Elsewhere", "timezone": "Mars/Olympus"}
    response = amina.post("/profile/place", data=data)
    assert response.status_code == 422
    assert "We do not know this time zone." in response.get_data(as_text=True)
    assert "Elsewhere" in response.get_data(as_text=True)
    assert stored(database).city == "Kisumu"


def test_offers_are_added_one_by_one_and_saved_together(amina, database):
    page = "/profile/exchange"
    new = {"new_direction": "offer", "new_code": "translate", "new_subject": "0541", "new_language": "sw"}
    shown = amina.post(page, data={**values_on(amina, page), **new, "add": "exchange"})
    assert shown.status_code == 200
    data = fields_of(amina.last_page)
    assert data["offers-0-code"] == "translate"
    need = {"new_direction": "need", "new_code": "review", "new_subject": "", "new_language": ""}
    assert amina.post(page, data={**data, **need}).status_code == 303
    person = stored(database)
    assert [(a.code, a.subject, a.language) for a in person.offers] == [("translate", "0541", "sw")]
    assert [a.code for a in person.needs] == ["review"]
    kept = [a.id for a in person.activities]
    assert amina.post(page, data=values_on(amina, page)).status_code == 303
    assert [a.id for a in stored(database).activities] == kept
    data = {**values_on(amina, page), "offers-0-code": "hypnotise"}
    assert amina.post(page, data=data).status_code == 422


def test_texts_in_several_languages_with_their_tags(amina, database):
    page = "/profile/texts"
    added = amina.post(page, data={**values_on(amina, page), "new_lang": "ar", "add": "texts"})
    assert added.status_code == 200
    data = fields_of(amina.last_page)
    assert data["texts-2-lang"] == "ar"
    data |= {"texts-2-about": "مرحبا", "texts-0-about": "", "tags": "Radio، open textbooks, radio"}
    assert amina.post(page, data=data).status_code == 303
    person = stored(database)
    assert {t.lang: t.text for t in person.texts} == {"en": "Hello", "ar": "مرحبا"}
    assert {t.tag.casefold() for t in person.tags} == {"radio", "open textbooks"}


def test_a_biography_of_a_megabyte_is_refused_kindly_and_kept(amina, database):
    page = "/profile/texts"
    long = "Ninafundisha. " * 75_000
    response = amina.post(page, data={**values_on(amina, page), "texts-0-about": long})
    text = response.get_data(as_text=True)
    assert response.status_code == 422
    assert "please keep it to 5000" in text
    assert text.count("Ninafundisha.") == 75_000
    assert len(stored(database).texts[0].text) < 10


NUMBERS = [("3", True), ("0", True), ("", True), ("٣", True), ("-1", False), ("many", False), ("9" * 99, False)]


@pytest.mark.parametrize("number, ok", NUMBERS)
def test_the_number_of_new_contacts(amina, database, number, ok):
    page = "/profile/contacts"
    response = amina.post(page, data={**values_on(amina, page), "monthly_contacts": number})
    assert response.status_code == (303 if ok else 422)
    if ok:
        assert stored(database).monthly_contacts == (int(number) if number else None)


def test_the_switch_for_suggestions(amina, database):
    data = values_on(amina, "/profile/contacts")
    del data["suggestible"]
    amina.post("/profile/contacts", data=data)
    assert stored(database).suggestible is False


def test_an_unknown_audience_is_refused(amina, database):
    response = amina.post("/profile/visibility", data={**values_on(amina, "/profile/visibility"), "name": "martians"})
    assert response.status_code == 422
    assert stored(database).audiences["name"] == "members"


TWO_TABS = [("texts", "texts-0-about", "Habari mpya", "Habari nyingine"), ("place", "city", "Kisumu", "Mombasa")]


@pytest.mark.parametrize("section, field, first, second", TWO_TABS)
def test_two_tabs_the_second_is_told_and_nothing_is_lost(amina, database, section, field, first, second):
    page = f"/profile/{section}"
    one = values_on(amina, page)
    other = dict(one)
    assert amina.post(page, data={**one, field: first}).status_code == 303
    told = amina.post(page, data={**other, field: second})
    text = told.get_data(as_text=True)
    assert told.status_code == 409
    assert "This was changed elsewhere while you were writing" in text
    assert first in text
    assert second in text
    person = stored(database)
    assert first in [person.city, *(t.text for t in person.texts)]
    again = fields_of(amina.last_page)
    assert again[field] == second
    assert amina.post(page, data=again).status_code == 303
    person = stored(database)
    assert second in [person.city, *(t.text for t in person.texts)]


def test_a_version_that_was_tampered_with_counts_as_changed_elsewhere(amina):
    data = {**values_on(amina, "/profile/place"), "version": "٣x"}
    assert amina.post("/profile/place", data=data).status_code == 409


def test_a_form_for_someone_elses_profile_changes_only_ones_own(amina, database, sign_in):
    with database.transaction() as session:
        other = make_person(session, "juma", languages=[("sw", 7)])
    data = {
        **values_on(amina, "/profile/languages"),
        "id": str(other.id),
        "profile_id": str(other.id),
        "languages-0-level": "2",
    }
    assert amina.post("/profile/languages", data=data).status_code == 303
    assert [x.level for x in stored(database, "juma").languages] == [7]


def test_confirming_is_noted(amina, database):
    before = stored(database).confirmed_at
    amina.submit("/profile/confirm", {}, page="/profile")
    assert stored(database).confirmed_at > before


def test_every_change_is_noted_for_the_index(amina, database):
    def changes():
        with database.reading() as session:
            return session.query(ProfileChange).count()

    before = changes()
    amina.post("/profile/teaching", data=values_on(amina, "/profile/teaching"))
    assert changes() > before


def test_a_guest_is_sent_to_sign_in(client):
    assert client.get("/profile").status_code == 303
