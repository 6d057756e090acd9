"""Handles, websites, ROR ids, the best language, initials: what needs no database."""

from __future__ import annotations

import pytest

from app.features.profiles.queries.reading import best_of, reading_order
from app.features.profiles.services.checking import clean_website, timezones
from app.features.profiles.services.handles import latin_handle
from app.features.profiles.services.ror.records import normalise_ror_id
from app.features.profiles.services.website import host_of, is_public, mail_domain, public_hosts


@pytest.mark.parametrize(
    "name, handle",
    [
        ("Amina Wanjiru Otieno", "amina-wanjiru-otieno"),
        ("Zoë Łukasz O’Neill", "zoe-lukasz-o-neill"),
        ("Straße Øresund", "strasse-oresund"),
        ("Nguyễn Văn Đức", "nguyen-van-duc"),
        ("İstanbul Üniversitesi", "istanbul-universitesi"),
        ("李明", ""),
        ("نادية", ""),
        ("Anna Νίκου", ""),
        ("🙂 42", ""),
        ("x" * 200, "x" * 60),
    ],
)
def test_handles_are_plain_latin_or_nothing(name, handle):
    assert latin_handle(name) == handle


@pytest.mark.parametrize(
    "typed, website",
    [
        ("www.School.example", "https://www.school.example"),
        ("http://school.example/a?b=c", "http://school.example/a?b=c"),
        ("https://école.example", "https://xn--cole-9oa.example"),
        ("javascript:alert(1)", None),
        ("https://user:secret@school.example", None),
        ("https://127.0.0.1/", None),
        ("https://localhost", None),
        ("https://a b.example", None),
        ("https://school.example:99999", None),
        ("ftp://school.example", None),
    ],
)
def test_only_addresses_people_can_open(typed, website):
    assert clean_website(typed) == website


def test_public_hosts_speak_for_nobody():
    assert len(public_hosts()) > 150
    assert all(is_public(host) for host in ("guerrillamail.com", "school.onmicrosoft.com", "school.squarespace.com"))
    known = ("gmail.com", "qq.com", "163.com", "mail.ru", "yandex.ru", "web.de", "gmx.org")
    assert [host for host in known if not is_public(host)] == []
    assert is_public("mail.yahoo.co.jp")
    assert not is_public("notgmail.com")
    assert not is_public("uonbi.ac.ke")


def test_the_domain_of_a_website_and_of_an_address():
    assert host_of("https://www.uonbi.ac.ke/about") == "uonbi.ac.ke"
    assert host_of("https://sites.google.com/our-school") is None
    assert host_of(None) is None
    assert mail_domain("Head@BÜCHER.example.") == "xn--bcher-kva.example"
    assert mail_domain("nobody") == "nobody"


@pytest.mark.parametrize(
    "typed, ror",
    [
        ("https://ror.org/027pr6c67", "027pr6c67"),
        (" ROR.org/027PR6C67/ ", "027pr6c67"),
        ("027pr6c67", "027pr6c67"),
        ("https://evil.org/027pr6c67", None),
        ("12345", None),
    ],
)
def test_ror_ids_as_people_paste_them(typed, ror):
    assert normalise_ror_id(typed) == ror


def test_the_text_a_reader_reads_best():
    assert best_of(["sw", "fr-CA", "en"], ["fr", "sw"]) == "fr-CA"
    assert best_of(["zh-Hant", "zh-Hans"], ["zh-Hans"]) == "zh-Hans"
    assert best_of(["ru", "en"], ["fr"]) == "en"
    assert best_of(["ru"], ["fr"], strict=True) is None
    assert best_of([], ["fr"]) is None


def test_the_order_of_reading_starts_with_the_page():
    from app.core.actor import Actor

    assert reading_order(Actor(locale="en", languages=("en", "sw")), ["fr"]) == ("fr", "en", "sw")


def test_time_zones_are_places():
    assert "Africa/Nairobi" in timezones()
    assert "US/Eastern" not in timezones()
