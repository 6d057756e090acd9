"""When a digest is due, and what may be mailed to whom."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from app.core.notices import NoticeKind
from app.features.accounts.models import Account
from app.features.notifications.models import (
    HOUR_BEFORE,
    MINE,
    NEVER,
    NOTHING,
    UNREMINDED,
    WEEKLY,
    NoticeSettings,
)

# A job that came late, or an hour that the clocks left out, still gives a digest; past that it is for the next day.
LATE = timedelta(hours=3)
APART = timedelta(hours=12)
ONE_WEEK = timedelta(days=7)

# How long before something people are reminded of it, and when on their clocks it is night.
ONE_DAY, ONE_HOUR = timedelta(days=1), timedelta(hours=1)
EVENING, DAYBREAK = time(22), time(7)


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


def reminder_due(
    wish: str, timezone: str, starts_at: datetime, answered_at: datetime, moment: datetime
) -> timedelta | None:
    """Which reminder of something that begins is due to somebody at a moment: `ONE_DAY` or `ONE_HOUR` before, or None.

    A late one still comes until it begins, then only the nearer one; none of what they said just before; and none at
    night by their clocks if they can have it in the morning, an hour before at the latest.
    """
    left = starts_at - moment
    ahead = ONE_HOUR if wish == HOUR_BEFORE and left <= ONE_HOUR else ONE_DAY
    if wish == UNREMINDED or not timedelta(0) < left <= ahead or answered_at > starts_at - ahead:
        return None
    morning = _morning_after(moment.astimezone(zone_of(timezone)))
    return ahead if morning is None or morning > starts_at - ONE_HOUR else None


def _morning_after(local: datetime) -> datetime | None:
    """When the night ends that somebody is in; None by day."""
    if DAYBREAK <= local.time() < EVENING:
        return None
    day = local.date() + timedelta(days=local.time() >= EVENING)
    return datetime.combine(day, DAYBREAK, local.tzinfo)


def can_be_mailed(account: Account) -> bool:
    """Mail goes to confirmed addresses of accounts that are open."""
    return account.verified_at is not None and account.suspended_at is None


def is_mailed_at_once(kind: NoticeKind, wanted: NoticeSettings, level: str | None) -> bool:
    """Whether a notice is mailed by itself, not only with the next digest."""
    return kind.mail and wanted.direct and level != NOTHING


def wants_threads(level: str | None) -> bool:
    """Whether what is new in a community belongs into the digest, besides what concerns the person."""
    return level not in (MINE, NOTHING)
