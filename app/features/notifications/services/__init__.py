"""Writes of notices: telling, reading, choosing, digests, and answers that come by mail."""

from app.features.notifications.services.choosing import choose_level, save_settings, stop_mails
from app.features.notifications.services.digests import send_digests
from app.features.notifications.services.reading import mark_all_read, mark_read, mark_seen
from app.features.notifications.services.receiving import Outcome, receive
from app.features.notifications.services.reminding import send_reminders
from app.features.notifications.services.telling import keep_notice

__all__ = [
    "Outcome",
    "choose_level",
    "keep_notice",
    "mark_all_read",
    "mark_read",
    "mark_seen",
    "receive",
    "save_settings",
    "send_digests",
    "send_reminders",
    "stop_mails",
]
