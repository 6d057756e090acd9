"""Licences: which is meant, what it lets people do, and what may be made from what."""

from __future__ import annotations

import pytest

from app.features.resources.licences import LICENCES, allows, codes_for, problem_of, problems_of, recognise


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("https://creativecommons.org/licenses/by/4.0/", "CC-BY-4.0"),
        ("http://creativecommons.org/licenses/by-sa/3.0/igo/legalcode", "CC-BY-SA-3.0-IGO"),
        ("https://creativecommons.org/licenses/by-nc-sa/4.0/deed.sw", "CC-BY-NC-SA-4.0"),
        ("https://creativecommons.org/publicdomain/zero/1.0/", "CC0-1.0"),
        ("https://spdx.org/licenses/CC-BY-3.0-IGO.html", "CC-BY-3.0-IGO"),
        ("cc by-nc 4.0", "CC-BY-NC-4.0"),
        ("CC-BY-SA-4.0", "CC-BY-SA-4.0"),
        ("MIT License", "MIT"),
        ("All rights reserved", "LicenseRef-all-rights-reserved"),
        ("https://creativecommons.org/licenses/by/9.0/", None),
        ("free", None),
        ("", None),
    ],
)
def test_a_licence_is_known_by_address_name_or_identifier(text, code):
    assert recognise(text) == code


def test_every_licence_is_known_again_by_its_own_address_and_name():
    for code, licence in LICENCES.items():
        for text in (code, licence.name, licence.address):
            assert not text or recognise(text) == code, text


# Original, what is made from it, whether that is all right.
CHAINS = [
    ("CC-BY-4.0", "CC-BY-SA-4.0", True),
    ("CC-BY-4.0", "CC-BY-NC-4.0", True),
    ("CC0-1.0", "CC-BY-NC-ND-4.0", True),
    ("CC-BY-SA-4.0", "CC-BY-SA-4.0", True),
    ("CC-BY-SA-3.0-IGO", "CC-BY-SA-4.0", True),
    ("CC-BY-SA-3.0", "CC-BY-SA-4.0", True),
    ("CC-BY-SA-4.0", "CC-BY-SA-3.0", False),
    ("CC-BY-SA-4.0", "CC-BY-4.0", False),
    ("CC-BY-SA-4.0", "CC-BY-NC-SA-4.0", False),
    ("CC-BY-SA-4.0", "CC0-1.0", False),
    ("CC-BY-SA-4.0", "GPL-3.0-or-later", True),
    ("CC-BY-SA-3.0", "GPL-3.0-or-later", False),
    ("CC-BY-NC-SA-4.0", "CC-BY-SA-4.0", False),
    ("CC-BY-NC-SA-3.0-IGO", "CC-BY-NC-SA-4.0", True),
    ("CC-BY-NC-4.0", "CC-BY-4.0", False),
    ("CC-BY-NC-4.0", "CC-BY-NC-SA-4.0", True),
    ("CC-BY-NC-4.0", "CC-BY-SA-4.0", False),
    ("CC-BY-ND-4.0", "CC-BY-ND-4.0", False),
    ("CC-BY-NC-ND-3.0-IGO", "CC-BY-NC-ND-3.0-IGO", False),
    ("GFDL-1.3-or-later", "GFDL-1.3-or-later", True),
    ("GFDL-1.3-or-later", "CC-BY-SA-4.0", False),
    ("MIT", "Apache-2.0", True),
    ("CC-BY-4.0", "NOASSERTION", False),
    ("NOASSERTION", "CC-BY-4.0", False),
    ("LicenseRef-all-rights-reserved", "CC-BY-4.0", False),
    ("CC-BY-4.0", "LicenseRef-all-rights-reserved", True),
]


@pytest.mark.parametrize(("parent", "child", "fits"), CHAINS)
def test_what_may_be_made_from_what(parent, child, fits):
    problem = problem_of(parent, child)
    assert (problem is None) == fits
    assert problem is None or str(problem)


def test_two_originals_that_each_bind_cannot_be_joined():
    assert problems_of(["CC-BY-4.0", "CC-BY-SA-4.0"], "CC-BY-SA-4.0") == []
    problems = problems_of(["CC-BY-SA-4.0", "CC-BY-NC-SA-4.0"], "CC-BY-NC-SA-4.0")
    assert len(problems) == 1 and "joined" in str(problems[0])
    assert len(problems_of(["CC-BY-SA-4.0", "CC-BY-SA-4.0"], "CC-BY-4.0")) == 1


def test_what_can_not_be_adapted_says_so_and_is_not_found_as_adaptable():
    said = " ".join(str(text) for text in allows("CC-BY-ND-4.0"))
    assert "can't be adapted" in said
    assert "CC-BY-ND-4.0" not in codes_for("adaptable") and "CC-BY-ND-4.0" in codes_for("copy")
    assert "CC-BY-NC-4.0" in codes_for("adaptable") and "CC-BY-NC-4.0" not in codes_for("commercial")
    assert not LICENCES["CC-BY-ND-4.0"].open and not LICENCES["NOASSERTION"].open
    assert allows("NOASSERTION") and allows("nobody knows this")
