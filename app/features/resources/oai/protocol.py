"""Requests of OAI-PMH 2.0: verbs, their arguments, dates, and every way in which they can be wrong."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

GRANULARITY = "YYYY-MM-DDThh:mm:ssZ"
PREFIXES = ("oai_dc", "lrmi")

# Verb: arguments that must be there, and those that may.
VERBS: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    "Identify": (frozenset(), frozenset()),
    "ListMetadataFormats": (frozenset(), frozenset({"identifier"})),
    "ListSets": (frozenset(), frozenset({"resumptionToken"})),
    "GetRecord": (frozenset({"identifier", "metadataPrefix"}), frozenset()),
    "ListIdentifiers": (frozenset({"metadataPrefix"}), frozenset({"from", "until", "set", "resumptionToken"})),
    "ListRecords": (frozenset({"metadataPrefix"}), frozenset({"from", "until", "set", "resumptionToken"})),
}

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_SECOND = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)
_SET = re.compile(r"[A-Za-z0-9\-_.!~*'()]+(:[A-Za-z0-9\-_.!~*'()]+)*", re.ASCII)


class OaiError(Exception):
    """A request that can't be answered; ``code`` is one of the protocol's."""

    def __init__(self, code: str, message: str) -> None:
        self.code, self.message = code, message
        super().__init__(f"{code}: {message}")


@dataclass(frozen=True, slots=True)
class Request:
    """A request that is in order. ``since`` and ``until`` are the first and last second that is asked for."""

    verb: str
    arguments: Mapping[str, str] = field(default_factory=dict)
    since: datetime | None = None
    until: datetime | None = None

    def get(self, name: str) -> str | None:
        """An argument, if it was given."""
        return self.arguments.get(name)


def write_moment(moment: datetime) -> str:
    """A moment as the protocol writes it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _read_moment(name: str, text: str) -> tuple[datetime, bool]:
    for shape, form in ((_DAY, "%Y-%m-%d"), (_SECOND, "%Y-%m-%dT%H:%M:%SZ")):
        if shape.fullmatch(text):
            try:
                return datetime.strptime(text, form).replace(tzinfo=UTC), shape is _DAY
            except ValueError:
                break
    raise OaiError("badArgument", f"{name} is no UTC date such as 2026-03-01 or 2026-03-01T12:00:00Z")


def _read_range(arguments: Mapping[str, str]) -> tuple[datetime | None, datetime | None]:
    since = _read_moment("from", arguments["from"]) if "from" in arguments else None
    until = _read_moment("until", arguments["until"]) if "until" in arguments else None
    if since and until:
        if since[1] != until[1]:
            raise OaiError("badArgument", "from and until must be written alike, both as days or both with a time")
        if since[0] > until[0]:
            raise OaiError("badArgument", "from is later than until")
    last = None
    if until:
        last = until[0] + timedelta(days=1, seconds=-1) if until[1] else until[0]
    return (since[0] if since else None), last


def read_request(pairs: Iterable[tuple[str, str]]) -> Request:
    """The request that pairs of names and values make; raises `OaiError`."""
    given: dict[str, str] = {}
    twice = None
    for name, value in pairs:
        twice = name if name in given else twice
        given.setdefault(name, value)
    verb = given.pop("verb", None)
    if verb is None or verb not in VERBS or twice == "verb":
        raise OaiError("badVerb", "there must be one verb, and it must be one of the protocol's")
    if twice is not None:
        raise OaiError("badArgument", "an argument is repeated")
    needed, possible = VERBS[verb]
    if unknown := sorted(set(given) - needed - possible):
        raise OaiError("badArgument", f"{verb} knows no argument {_short(unknown[0])}")
    if "resumptionToken" in given:
        if len(given) > 1:
            raise OaiError("badArgument", "resumptionToken stands alone")
        return Request(verb, given)
    if lacking := sorted(needed - set(given)):
        raise OaiError("badArgument", f"{verb} needs {lacking[0]}")
    since, until = _read_range(given)
    if "set" in given and not _SET.fullmatch(given["set"]):
        raise OaiError("badArgument", "set is not written as sets are")
    prefix = given.get("metadataPrefix")
    if prefix is not None and prefix not in PREFIXES:
        raise OaiError("cannotDisseminateFormat", f"records are given as {' and '.join(PREFIXES)}")
    return Request(verb, given, since, until)


def _short(text: str) -> str:
    return "".join(c for c in text[:40] if c.isprintable())


# The last place that was given, and what is still asked for: everything that a resumption token carries.
@dataclass(frozen=True, slots=True)
class Resumption:
    """Where a list goes on: after which record, and what was asked for in the beginning."""

    verb: str
    prefix: str
    changed_at: datetime
    record_id: int
    given: int
    total: int
    set_spec: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    def packed(self) -> list[object]:
        """As plain values, to be signed."""
        moments = [int(m.timestamp()) if m else None for m in (self.changed_at, self.since, self.until)]
        return [self.verb, self.prefix, *moments, self.record_id, self.given, self.total, self.set_spec]


def unpack(packed: object, verb: str) -> Resumption:
    """What was packed; raises `OaiError` where it was for another verb or is none."""
    bad = OaiError("badResumptionToken", "this token was not given here, or for another request")
    if not isinstance(packed, list) or len(packed) != 9 or packed[0] != verb:
        raise bad
    _verb, prefix, changed, since, until, record_id, given, total, set_spec = packed
    try:
        moments = [datetime.fromtimestamp(m, UTC) if m is not None else None for m in (changed, since, until)]
    except (TypeError, ValueError, OverflowError, OSError):
        raise bad from None
    if moments[0] is None or prefix not in PREFIXES:
        raise bad
    return Resumption(
        verb, prefix, moments[0], int(record_id), int(given), int(total), set_spec, moments[1], moments[2]
    )
