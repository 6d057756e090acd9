"""Cleaning what people type: what disguises a name goes, what a script needs stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.cleaning import clean_line, clean_text


@pytest.mark.parametrize(
    "mark", ["\u200b", "\u00ad", "\u2060", "\u3164", "\u034f", "\u200d", "\u200c", "\u202e", "\ufff9"]
)
def test_what_nobody_sees_makes_no_other_name(mark):
    assert clean_line(f"{mark}Am{mark}ina{mark}") == "Amina"
    assert clean_line(mark * 3) == ""


@pytest.mark.parametrize(
    "name",
    [
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
        "\u0d05\u0d35\u0d28\u0d4d\u200d \u0d35",
        "\U0001f469\u200d\U0001f3eb",
        "\u2801\u2800\u2803",
    ],
)
def test_what_a_script_needs_stays(name):
    assert clean_line(name) == name


def test_accents_do_not_climb_into_other_lines():
    assert clean_line("Vi\u1ec7t e" + "\u0301\u0316" * 100).count("\u0316") <= 4


@given(st.text(st.sampled_from("ae\u0301\u0327\u200b\u200d\u202e \n\x00\u0d4d\u3164\u1100\u1161")))
def test_what_is_clean_stays_as_it_is(text):
    assert clean_line(clean_line(text)) == clean_line(text)
    assert clean_text(clean_text(text)) == clean_text(text)
