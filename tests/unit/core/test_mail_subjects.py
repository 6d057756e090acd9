"""What a mail's subject says arrives as it was written, in every script and however long."""

from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.mail import Mail, build_message
from app.core.settings import Settings

WORDS = "a new thread in खुली गणित fractions sur papier côté l’hiver réunion demain où دروس في الرياضيات Kiswahili 数学"
SUBJECTS = st.lists(st.sampled_from(WORDS.split()), min_size=3, max_size=16).map(" ".join)


def arrived(subject):
    mail = Mail(id=1, to_address="amina@example.org", created_at=datetime(2026, 3, 1, tzinfo=UTC))
    message = build_message(mail, lambda _mail: (subject, "text"), Settings(mail_from="weave@example.org"))
    # As smtplib sends it.
    sent = message.as_bytes(policy=message.policy.clone(linesep="\r\n"))
    assert all(len(line) <= 78 for line in sent.split(b"\r\n\r\n")[0].split(b"\r\n"))
    return message_from_bytes(sent, policy=policy.default)["Subject"]


@settings(max_examples=100, deadline=None)
@given(SUBJECTS)
def test_no_space_or_letter_of_a_subject_is_lost(subject):
    assert arrived(subject) == subject


@pytest.mark.parametrize(
    "subject",
    [
        "côté खुली دروس sur fractions où l’hiver",
        "Rappel : demain à 14 h, la réunion « Les fractions sur papier, côté l’hiver » de votre communauté",
        "Plain and short",
    ],
)
def test_spaces_between_words_stay_where_a_line_ends(subject):
    assert arrived(subject) == subject
