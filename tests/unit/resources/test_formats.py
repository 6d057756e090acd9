"""Formats: what can be edited, and printed in large numbers."""

from __future__ import annotations

import pytest

from app.features.resources.formats import FORMATS, judge, recognise, sum_up


@pytest.mark.parametrize(
    ("text", "media"),
    [
        ("application/pdf", "application/pdf"),
        ("text/html; charset=utf-8", "text/html"),
        (".ODT", "application/vnd.oasis.opendocument.text"),
        ("https://example.org/a%20b/book.PDF?download=1#p2", "application/pdf"),
        ("md", "text/markdown"),
        ("https://example.org/", None),
        ("something", None),
        ("", None),
        ("http://[", None),
    ],
)
def test_a_format_is_known_by_type_ending_or_address(text, media):
    assert recognise(text) == media


def test_every_format_is_known_by_its_own_type_and_endings():
    assert len({known.media for known in FORMATS}) == len(FORMATS)
    for known in FORMATS:
        assert recognise(known.media) == known.media
        for ending in known.endings:
            assert recognise(f"file.{ending}") == known.media


@pytest.mark.parametrize(
    ("formats", "editable", "printable"),
    [
        (("application/pdf",), "no", "yes"),
        (("application/vnd.oasis.opendocument.text",), "yes", "yes"),
        (("application/pdf", "application/x-h5p"), "yes", "yes"),
        (("video/mp4",), "partly", "no"),
        (("text/html",), "yes", "partly"),
        (("application/x-unheard-of",), "partly", "partly"),
    ],
)
def test_the_best_of_all_formats_counts(formats, editable, printable):
    summary = sum_up(formats)
    assert (summary.editable, summary.printable) == (editable, printable)
    assert len(summary.words) == 2 and all(judge(media).needs.key for media in formats)


def test_without_formats_nothing_is_claimed():
    assert sum_up(()) is None
