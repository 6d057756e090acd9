"""What can truly be said for each criterion of a suggested partner, as message keys with values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np

from app.matching.partnerships.facts import Facts
from app.matching.partnerships.history import History, Integers, row_of
from app.matching.partnerships.mixing import Criterion
from app.matching.partnerships.ranker import Ranked, Ranker
from app.matching.partnerships.snapshot import Snapshot
from app.matching.query import Message


class Evidence:
    """Reads off a history what speaks for somebody, for each criterion of the score."""

    def __init__(self, ranker: Ranker, history: History, as_of: date) -> None:
        self._ranker = ranker
        self._facts = Facts.of(history, as_of)

    def given(self, asker: int, found: Sequence[Ranked]) -> list[Ranked]:
        """Return the suggestions to ``asker`` with evidence for each reason; the scores stay."""
        others = np.array([one.organisation for one in found], dtype=np.int64)
        named = np.ones(len(self._facts.history.organisations), dtype=np.bool_)
        said = self._facts.evidence(asker, others, named)
        known = self._ranker.known
        # Looked up once for all who are suggested: it costs as much as a list.
        alike = known.seen[self._ranker.circles.alike(int(known.place[asker]))] if found else others
        return [
            replace(
                one,
                reasons=tuple(
                    replace(reason, evidence=self._of(reason.criterion, asker, one.organisation, words, alike))
                    for reason in one.reasons
                ),
            )
            for one, words in zip(found, said, strict=True)
        ]

    def _of(
        self, criterion: Criterion, asker: int, other: int, said: Sequence[Message], alike: Integers
    ) -> tuple[Message, ...]:
        history = self._facts.history
        known = {message.key: message for message in said}
        if criterion == "partners":
            return (known.get("history.partners") or self._far(asker, other),)
        if criterion == "circles":
            return (self._circles(other, alike),)
        if criterion == "programme":
            fields = [known[key] for key in ("history.programme", "history.active") if key in known]
            return tuple(fields) or (Message("history.outlook", {"count": int(self._facts.joined[other])}),)
        if criterion in ("call", "crowd"):
            return (self._call(asker, other) if criterion == "call" else self._crowd(asker, other),)
        theirs = self._partners(other)
        if criterion == "country":
            mine = int(history.country[asker])
            count = int((history.country[theirs] == mine).sum())
            yours = Message("history.yours", {"count": count, "mine": history.countries[mine]})
            return (known["history.country"], yours) if "history.country" in known else (yours,)
        if criterion == "kind":
            kind = int(history.type_of[asker])
            count = int((history.type_of[theirs] == kind).sum())
            return (Message("history.kind", {"count": count, "kind": history.types[kind]}),)
        shown = self._ranker.shown(other)
        return (Message("history.seldom" if shown < 1 else "history.often", {"count": round(shown)}),)

    def _circles(self, other: int, alike: Integers) -> Message:
        """Say how many of those whose circles are most like the asker's worked with somebody."""
        met = int(np.isin(alike, self._partners(other)).sum())
        if not met:
            return self._facts.projects(other)
        return Message("history.circles", {"count": met, "among": len(alike)})

    def _far(self, asker: int, other: int) -> Message:
        """Say over how many a way of three steps leads to somebody without a partner in common."""
        near = np.zeros(len(self._facts.history.organisations), dtype=np.bool_)
        mine = self._partners(asker)
        if len(mine):
            near[self._facts.together[mine].indices] = True
        return Message("history.far", {"count": int(near[self._partners(other)].sum())})

    def _call(self, asker: int, other: int) -> Message:
        """Say in which call, the latest of several, both joined projects."""
        known, history = self._ranker.known, self._facts.history
        calls = [
            {(int(history.start[one]), history.programmes_of(one)) for one in _projects(known, known.joined, who)}
            for who in (asker, other)
        ]
        day, of = max(calls[0] & calls[1])
        names = tuple(history.programmes[one] for one in of)
        return Message("history.call", {"programmes": names or ("-",), "year": str(date.fromordinal(day).year)})

    def _crowd(self, asker: int, other: int) -> Message:
        """Say in which project of too many partners to count both are, the smallest of several."""
        known, history = self._ranker.known, self._facts.history
        both = set(_projects(known, known.crowds, asker)) & set(_projects(known, known.crowds, other))
        least = min(both, key=lambda one: (int(known.history.size[one]), one))
        size = int(known.history.size[least])
        return Message("history.crowd", {"count": size, "project": history.projects[least]})

    def _partners(self, one: int) -> Integers:
        return row_of(self._facts.together, one)


def _projects(known: Snapshot, of: Any, organisation: int) -> list[int]:
    found: list[int] = row_of(of, int(known.place[organisation])).tolist()
    return found
