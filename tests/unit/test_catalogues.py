"""Translations: complete where offered, in step everywhere, with the right plural forms."""

from __future__ import annotations

import shutil
from gettext import c2py

import pytest
from babel.messages.pofile import read_po

from app.core import catalogues
from app.core.locales import BY_CODE, negotiate


def test_the_catalogues_have_not_drifted_and_offered_languages_are_complete():
    assert catalogues.faults() == []


def test_a_text_taken_away_from_a_catalogue_is_noticed(tmp_path):
    folder = tmp_path / "translations"
    shutil.copytree(catalogues.FOLDER, folder)
    path = catalogues.path_of(BY_CODE["fr"], folder)
    blocks = path.read_text(encoding="utf-8").split("\n\n")
    path.write_text("\n\n".join(blocks[:-2]) + "\n", encoding="utf-8")
    assert any(fault.startswith("fr: not taken in yet") for fault in catalogues.faults(folder))


@pytest.mark.parametrize(
    ("number", "form"), [(0, 0), (1, 1), (2, 2), (3, 3), (10, 3), (11, 4), (99, 4), (100, 5), (102, 5), (103, 3)]
)
def test_arabic_has_the_six_forms_of_cldr(number, form):
    with catalogues.path_of(BY_CODE["ar"]).open("rb") as file:
        catalogue = read_po(file, locale="ar")
    assert catalogue.num_plurals == 6
    assert c2py(catalogue.plural_expr)(number) == form


@pytest.mark.parametrize(
    ("wanted", "given"),
    [
        (["zh-TW", "fr"], "fr"),
        (["fr-CA"], "fr"),
        (["ar-EG", "en"], "ar"),
        (["xx"], "en"),
        ([], "en"),
        (["en-GB", "fr"], "en"),
    ],
)
def test_the_language_that_comes_first_wins(wanted, given):
    assert negotiate(wanted).code == given
