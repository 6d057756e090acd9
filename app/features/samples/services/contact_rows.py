"""From the records of a sample world to the rows of connections, introductions, threads and messages."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from app.features.introductions.models import ACCEPTED, DECLINED, EXPIRED, PENDING
from app.features.introductions.policies import WAITS
from app.features.introductions.queries import open_key
from app.features.samples.world import SampleIntroduction, SamplePerson, World

Row = dict[str, Any]
DATA = Path(__file__).resolve().parent.parent / "data"
REASONS = {"no_time": "busy", "other_subject": "field", "other_language": "language"}
ANSWERED_AFTER = timedelta(hours=30)
WROTE_AGAIN_AFTER = timedelta(days=3)
# Every so many connected pairs have written to each other after the first words.
TALKING = 3


@dataclass(frozen=True, slots=True)
class Said:
    """Something written in a thread."""

    author_id: int
    text: str
    lang: str
    at: datetime
    token: str


@cache
def greetings() -> Mapping[str, Mapping[str, list[str]]]:
    """Words of greeting, agreement and further talk, by language."""
    found: Mapping[str, Mapping[str, list[str]]] = json.loads((DATA / "greetings.json").read_text(encoding="utf-8"))
    return found


def pair(one: int, other: int) -> tuple[int, int]:
    """Two numbers, the lower one first."""
    return min(one, other), max(one, other)


class Contacts:
    """Who asked whom for contact, who is connected, and what they wrote. All times are before ``moment``."""

    def __init__(self, world: World, ids: Mapping[str, int], moment: datetime) -> None:
        self.ids, self.moment = ids, moment
        self.people = {person.handle: person for person in world.people}
        self.choice = Random(len(world.people))
        asked = {pair(ids[i.sender], ids[i.receiver]) for i in world.introductions if i.state == ACCEPTED}
        since = {pair(ids[c.first], ids[c.second]): c.days_ago for c in world.connections}
        self.introductions = [
            *world.introductions,
            *(
                self._first_words(c.first, c.second, c.days_ago)
                for c in world.connections
                if pair(ids[c.first], ids[c.second]) not in asked
            ),
        ]
        # Who said yes is connected; the rest of a pair's introductions don't count.
        self.connected = {
            pair(ids[i.sender], ids[i.receiver]): self._answered(i, since.get(pair(ids[i.sender], ids[i.receiver])))
            for i in self.introductions
            if i.state == ACCEPTED
        }

    def _first_words(self, first: str, second: str, days_ago: int) -> SampleIntroduction:
        lang = self._language(self.people[first], self.people[second])
        note = self.choice.choice(greetings()[lang]["hello"])
        return SampleIntroduction(first, second, note, lang, ACCEPTED, None, days_ago + 2)

    def _language(self, one: SamplePerson, other: SamplePerson) -> str:
        """The language of `greetings` the two share best, English where they share none."""
        levels = {language.tag.split("-")[0]: language.cefr for language in other.languages}
        common = [
            (min(language.cefr, levels[tag]), tag)
            for language in one.languages
            if (tag := language.tag.split("-")[0]) in levels and tag in greetings()
        ]
        return max(common)[1] if common else "en"

    def _asked(self, introduction: SampleIntroduction) -> datetime:
        # Never the same minute for all, and never in the time to come.
        return self.moment - timedelta(
            days=introduction.days_ago, minutes=30 + (self.ids[introduction.sender] * 37) % 900
        )

    def _answered(self, introduction: SampleIntroduction, connected_days_ago: int | None = None) -> datetime:
        latest = self.moment - timedelta(minutes=5)
        at = self._asked(introduction) + ANSWERED_AFTER
        if connected_days_ago is not None:
            at = max(self.moment - timedelta(days=connected_days_ago), self._asked(introduction) + timedelta(hours=1))
        return min(at, latest)

    def introduction_rows(self) -> Iterator[Row]:
        """The rows of introductions; each pair waits at most once."""
        waiting: set[tuple[int, int]] = set()
        for introduction in self.introductions:
            sender, receiver = self.ids[introduction.sender], self.ids[introduction.receiver]
            asked, state = self._asked(introduction), introduction.state
            if state == PENDING and (asked + WAITS <= self.moment or pair(sender, receiver) in waiting):
                state = EXPIRED
            low, high = pair(sender, receiver)
            waits = state == PENDING
            if waits and (low, high) in self.connected:
                continue
            if waits:
                waiting.add((low, high))
            yield {
                "from_profile_id": sender,
                "to_profile_id": receiver,
                "by_person_id": sender,
                "decided_by_id": receiver if state in (ACCEPTED, DECLINED) else None,
                "note": introduction.note,
                "note_lang": introduction.note_lang,
                "state": state,
                "open_key": open_key(low, high) if waits else None,
                "decline_reason": REASONS.get(introduction.reason or "", "other") if state == DECLINED else None,
                "created_at": asked,
                "expires_at": asked + WAITS,
                "decided_at": self._decided(introduction, state),
            }

    def _decided(self, introduction: SampleIntroduction, state: str) -> datetime | None:
        if state == PENDING:
            return None
        if state == EXPIRED:
            return min(self._asked(introduction) + WAITS, self.moment)
        if state == ACCEPTED:
            return self.connected[pair(self.ids[introduction.sender], self.ids[introduction.receiver])]
        return self._answered(introduction)

    def connection_rows(self) -> Iterator[Row]:
        """The rows of connections."""
        return ({"low_id": low, "high_id": high, "created_at": at} for (low, high), at in self.connected.items())

    def thread_rows(self) -> Iterator[Row]:
        """A thread for each connection."""
        for row in self.connection_rows():
            yield {"kind": "connection", **row}

    def messages(self) -> Iterator[tuple[tuple[int, int], list[Said]]]:
        """What each connected pair wrote: the note, the answer, and for some what came after."""
        told: set[tuple[int, int]] = set()
        for number, introduction in enumerate(i for i in self.introductions if i.state == ACCEPTED):
            sender, receiver = self.ids[introduction.sender], self.ids[introduction.receiver]
            both = pair(sender, receiver)
            if both in told:
                continue
            told.add(both)
            yield both, list(self._talk(introduction, number, sender, receiver, self.connected[both]))

    def _talk(
        self, introduction: SampleIntroduction, number: int, sender: int, receiver: int, answered: datetime
    ) -> Iterator[Said]:
        tag = introduction.note_lang.split("-")[0]
        words = greetings().get(tag, greetings()["en"])
        lang = tag if tag in greetings() else "en"
        yield Said(sender, introduction.note, introduction.note_lang, self._asked(introduction), "sample-note")
        yield Said(receiver, self.choice.choice(words["yes"]), lang, answered, "sample-reply")
        later = answered + WROTE_AGAIN_AFTER
        if number % TALKING == 0 and later < self.moment:
            yield Said(sender, self.choice.choice(words["more"]), lang, later, "sample-more")
