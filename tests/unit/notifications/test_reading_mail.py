"""Reading mail from the world: every program's quotations, every language's letters, and bombs."""

from __future__ import annotations

from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.features.notifications.incoming import read_message
from app.features.notifications.incoming.letters import decode
from app.features.notifications.incoming.markup import words_of_html
from app.features.notifications.incoming.quotes import own_words, unflow
from app.features.notifications.words import read_reply_word, read_stop_word, write_reply_word, write_stop_word

OWN = "Yes, gladly.\n\nSee you."


@pytest.mark.parametrize(
    "rest",
    [
        "On Mon, 3 Mar 2025 at 10:00, Amina <a@example.org> wrote:\n\n> Would you?\n>> Who?",
        "On Mon, 3 Mar 2025 at 10:00, Amina Very Long Name\n<reply+abc@talk.example> wrote:\n\n> Would you?",
        "Le lun. 3 mars 2025 à 10:00, Amina <a@example.org> a écrit :\n\n> Voulez-vous ?",
        "El lun, 3 mar 2025 a las 10:00, Amina (<a@example.org>) escribió:\n\n> ¿Quieres?",
        "Em seg., 3 de mar. de 2025 às 10:00, Amina <a@example.org> escreveu:\n\n> Queres?",
        "Am Mo., 3. März 2025 um 10:00 Uhr schrieb Amina <a@example.org>:\n\n> Willst du?",
        "пн, 3 мар. 2025 г. в 10:00, Amina <a@example.org>:\n\n> Хотите?",
        "3 марта 2025, Амина пишет:\n> Хотите?",
        "في الاثنين، 3 مارس 2025 في 10:00 ص تمت كتابة ما يلي بواسطة Amina <a@example.org>:\n\n> هل تريد؟",
        "بتاريخ 3 مارس 2025، كتبت أمينة:\n> هل تريد؟",
        "Amina <a@example.org> 于2025年3月3日周一 10:00写道：\n\n> 你愿意吗？",
        "-----Original Message-----\nFrom: Amina\nSent: Monday\n\nWould you?",
        "-------- Message d'origine --------\nDe : Amina\n\nVoulez-vous ?",
        "________________________________\nFrom: Amina <a@example.org>\nSent: Monday, 3 March\nTo: Bela\n\nWould you?",
        "De : Amina <a@example.org>\nEnvoyé : lundi\nÀ : Bela\n\nVoulez-vous ?",
        "من: أمينة\nتاريخ الإرسال: الاثنين\n\nهل تريد؟",
        "发件人: Amina\n发送时间: 2025年3月3日\n\n你愿意吗？",
        "-- \nBela\nSchool of Bread",
        "> Would you?",
    ],
)
def test_quotations_and_signatures_are_cut(rest: str):
    assert own_words(f"{OWN}\n\n{rest}\n") == OWN


@pytest.mark.parametrize(
    "text",
    [
        "On Monday we wrote:\nfirst a poem, then a song.",
        "From: here to there it is far.",
        "Three points:\n\n- one\n- two",
        "At 10:00 write to a@example.org:\nshe knows.",
        "a | b",
    ],
)
def test_what_only_looks_like_it_stays(text: str):
    assert own_words(text) == text


def test_words_between_and_below_quotations_are_kept():
    assert own_words("> When?\nTomorrow.\n> Where?\nHere.") == "Tomorrow.\nHere."


def test_flowed_text_becomes_paragraphs():
    assert unflow("One \ntwo\n\n From here\n-- \nBela") == "One two\n\nFrom here\n-- \nBela"
    assert unflow("你 \n好", without_space=True) == "你好"


@pytest.mark.parametrize(
    ("text", "said", "written"),
    [
        ("Grüße", "iso-8859-1", "utf-8"),
        ("Grüße", "utf-8", "iso-8859-1"),
        ("你好，老师", "gb2312", "gb18030"),
        ("مرحبا بكم", "windows-1256", "windows-1256"),
        ("Привет", "koi8-r", "koi8-r"),
        ("Привет", "windows-1251", "windows-1251"),
        ("“curly”", "iso-8859-1", "windows-1252"),
        ("नमस्ते", "", "utf-8"),
        ("නමස්කාරය", "unknown-8bit", "utf-8"),
    ],
)
def test_letters_are_read_as_they_are_written(text: str, said: str, written: str):
    assert decode(text.encode(written), said) == text


def test_html_gives_the_words_without_quotation_and_scripts():
    html = """<html><head><style>p{}</style><title>x</title></head><body><p>Dear all,</p><div>I use <a
    href="https://a.example/x">this</a> and <a href="https://b.example">https://b.example</a>.<br>Best</div>
    <ul><li>one</li><li>two</li></ul><script>alert(1)</script>
    <div class="gmail_quote">On Monday: <div>nested <div>deeper</div></div></div>after
    <blockquote>quoted<blockquote>twice</blockquote></blockquote></body></html>"""
    words = words_of_html(html)
    assert words.startswith("Dear all,\n\nI use this <https://a.example/x> and https://b.example.\nBest")
    assert "- one" in words and "after" in words
    for gone in ("alert", "nested", "deeper", "quoted", "twice", "p{}"):
        assert gone not in words
    assert words_of_html('<p>Yes.</p><div id="divRplyFwdMsg">From: Amina</div><p>Old</p>') == "Yes."


def test_plain_text_comes_before_html_and_html_where_there_is_none():
    message = EmailMessage()
    message["From"] = "Bela <bela@example.org>"
    message.set_content("Plain words.")
    message.add_alternative("<p>Formatted words.</p>", subtype="html")
    assert read_message(message.as_bytes()).text == "Plain words."
    only = "From: b@example.org\nContent-Type: text/html; charset=utf-8\n\n<p>Grüße<blockquote>x</blockquote>"
    assert read_message(only.encode()).text == "Grüße"


def test_bombs_are_read_in_no_time():
    deep = b"Content-Type: multipart/mixed; boundary=b\n\n--b\n" * 300 + b"Content-Type: text/plain\n\nHi\n"
    read_message(b"From: a@b.example\n" + deep)
    assert own_words("\n".join(">" * n + " x" for n in range(1, 3000)) + "\nYes.") == "Yes."
    assert words_of_html("<blockquote>" * 50_000 + "x") == ""
    assert words_of_html("<div>" * 50_000 + "x") == "x"
    assert words_of_html("<a <" * 50_000 + ">x") == "x" and words_of_html("<" * 200_000 + " x").endswith(" x")
    assert words_of_html("<div>" * 600 + "in" + "</div>" * 600 + "<blockquote>them</blockquote><p>out") == "in\n\nout"
    assert "x" in own_words("x 10:00 a@b " * 20_000)
    # What never closes took the cube of its length: eleven thousand letters thirteen seconds.
    assert words_of_html("In<blockquote" + "<blockquote" * 16_000) == "In"
    assert words_of_html("<p>In</p>" + "<a <p " * 30_000) == "In"


def test_brackets_without_end_are_no_address():
    found = read_message(b"From: " + b"(" * 20_000 + b"\nTo: reply@x.example\n\nHello")
    assert found.sender == "" and found.receivers == ("reply@x.example",) and found.text == "Hello"


def test_nothing_that_no_database_takes_comes_through():
    raw = (
        b"From: a\x00b@example.org\nMessage-ID: <\x00\xff@x>\nTo: =?utf-7?q?+2AA-?= <reply@x.example>\n"
        b"Content-Type: text/plain; charset=utf-7\n\n+2AA-\x00 Hello\n"
    )
    found = read_message(raw)
    for text in (found.sender, found.message_id, found.text, *found.receivers):
        assert "\x00" not in text
        text.encode("utf-8")
    assert found.text.endswith("Hello")


@given(st.binary(max_size=2000))
def test_whatever_comes_is_read(raw: bytes):
    read_message(raw)


@given(st.text(max_size=500))
def test_any_body_is_read(text: str):
    read_message(b"From: a@example.org\nContent-Type: text/html; charset=utf-8\n\n" + text.encode("utf-8", "replace"))
    own_words(text)


def test_signed_words_hold_what_they_say_and_nothing_else():
    from datetime import UTC, datetime, timedelta

    moment = datetime(2026, 5, 1, 12, tzinfo=UTC)
    word = write_reply_word("secret", 7, 2**40 - 1, 12, moment)
    assert word and len(f"reply+{word}") <= 64
    found = read_reply_word("secret", word.upper())
    assert found and (found.person_id, found.thread_id, found.post_id) == (7, 2**40 - 1, 12)
    assert timedelta(days=90) <= found.until - moment <= timedelta(days=92)
    assert read_reply_word("other", word) is None
    assert write_reply_word("secret", 2**40, 1, 1, moment) is None
    for place in range(len(word)):
        other = word[:place] + ("b" if word[place] != "b" else "c") + word[place + 1 :]
        changed = read_reply_word("secret", other)
        assert changed is None or changed == found  # the last letter has bits that nobody reads
    assert read_stop_word("secret", write_stop_word("secret", 7, 1)) == (7, 1)
    assert read_stop_word("secret", word) is None and read_reply_word("secret", write_stop_word("secret", 7, 1)) is None
    assert read_stop_word("secret", "!!") is None and read_stop_word("secret", "") is None
