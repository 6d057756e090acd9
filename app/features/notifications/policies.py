"""When a digest is due, and what may be mailed to whom."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from app.core.notices import NoticeKind
from app.features.accounts.models import Account
from app.features.notifications.models import MINE, NEVER, NOTHING, WEEKLY, NoticeSettings

# A job that came late, or an hour that the clocks left out, still gives a digest; past that it is for the next day.
LATE = timedelta(hours=3)
APART = timedelta(hours=12)
ONE_WEEK = timedelta(days=7)


def zone_of(name: str | None) -> ZoneInfo:
    """A person's time zone; UTC where they did not say, or where it is no zone any more."""
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def is_due(wanted: NoticeSettings, timezone: str | None, moment: datetime) -> bool:
    """Whether a digest is due: at the wanted hour of the person's own day, and never twice a day."""
    if wanted.digest == NEVER:
        return False
    local = moment.astimezone(zone_of(timezone))
    if not 0 <= local.hour - wanted.hour < LATE.total_seconds() / 3600:
        return False
    if wanted.digest_on is not None and wanted.digest_on >= local.date():
        return False
    # Who travels west has the same day again under another name.
    if wanted.digest_at is not None and moment - wanted.digest_at < APART:
        return False
    missed = wanted.digest_on is not None and local.date() - wanted.digest_on > ONE_WEEK
    return wanted.digest != WEEKLY or missed or local.weekday() == wanted.weekday


def can_be_mailed(account: Account) -> bool:
    """Mail goes to confirmed addresses of accounts that are open."""
    return account.verified_at is not None and account.suspended_at is None


def is_mailed_at_once(kind: NoticeKind, wanted: NoticeSettings, level: str | None) -> bool:
    """Whether a notice is mailed by itself, not only with the next digest."""
    return kind.mail and wanted.direct and level != NOTHING


def wants_threads(level: str | None) -> bool:
    """Whether what is new in a community belongs into the digest, besides what concerns the person."""
    return level not in (MINE, NOTHING)
