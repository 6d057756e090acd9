"""The whole call as one would say it, slowly: every candidate compared with the asker in plain Python.

It shares with the index the two small functions of each criterion (what a profile has and wants), the weights and the
reading of texts, and none of the arrays: numbers, lists, bitmaps, batches and thresholds are checked against it.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from app.matching import criteria, weights
from app.matching.facets import Profile
from app.matching.found import draw
from app.matching.model import Worth
from app.matching.query import Query
from app.matching.text import grams


class Reference:
    """Profiles, and how rare each feature is among `snapshot` (the same profiles unless said otherwise)."""

    def __init__(self, profiles: Iterable[Profile], snapshot: Iterable[Profile] | None = None) -> None:
        self.profiles = {one.key: one for one in profiles}
        counted = list(self.profiles.values()) if snapshot is None else list(snapshot)
        self.total = len(counted)
        self.counts: Counter[str] = Counter()
        for one in counted:
            self.counts.update(self._said(one) | {f"g:{gram}" for gram in grams(one.interests)})
        self._kept: dict[int, tuple[Profile, dict[str, int], set[str]]] = {}

    def _said(self, one: Profile) -> set[str]:
        return {
            *criteria.subject_has(one.subjects),
            *criteria.level_has(one.levels),
            *criteria.teaching_has(one.languages),
            *criteria.tag_has(one.tags),
            *criteria.place_has(one.country, one.regions),
            *criteria.activities_have("o", one.offers),
            *criteria.activities_have("n", one.needs),
        }

    def rarity(self, feature: str) -> int:
        return max(1, ((self.total + 1) // (self.counts[feature] + 1)).bit_length())

    def kept_grams(self, one: Profile) -> list[str]:
        telling = [gram for gram in grams(one.interests) if self.counts[f"g:{gram}"] <= max(32, self.total // 32)]

        def drawn(gram: int) -> tuple[int, int]:
            number = ((gram + 1) * 0x9E3779B97F4A7C15 % (1 << 64)) >> 35
            return number // self.rarity(f"g:{gram}"), gram

        return [f"g:{gram}" for gram in sorted(sorted(telling, key=drawn)[: weights.GRAMS_KEPT])]

    def by_rarity(self, criterion: int, wanted: list[tuple[str, int]]) -> dict[str, int]:
        raw = [weight * self.rarity(feature) for feature, weight in wanted]
        shares = weights.spread(weights.UNITS[criterion], raw)
        return dict(zip((feature for feature, _ in wanted), shares, strict=True))

    def wants(self, one: Profile) -> dict[str, int]:
        return self._cached(one)[1]

    def has(self, one: Profile) -> set[str]:
        return self._cached(one)[2]

    def _cached(self, one: Profile) -> tuple[Profile, dict[str, int], set[str]]:
        known = self._kept.get(one.key)
        if known is None or known[0] is not one:
            kept = self.kept_grams(one)
            wants = {
                **self.by_rarity(weights.INTERESTS, [(gram, 1) for gram in kept]),
                **self.by_rarity(weights.SUBJECT, list(criteria.subject_wants(one.subjects))),
                **self.by_rarity(weights.TAGS, [(tag, 1) for tag in criteria.tag_has(one.tags)]),
                **dict(criteria.level_wants(one.levels)),
                **dict(criteria.teaching_wants(one.languages)),
                **dict(criteria.place_wants(one.country, one.regions)),
                **dict(criteria.activities_want("o", one.needs)),
                **dict(criteria.activities_want("n", one.offers)),
            }
            known = self._kept[one.key] = one, wants, self._said(one) | set(kept)
        return known

    def units(self, one: Profile, other: Profile) -> dict[int, int]:
        """Units by criterion: what `one` wants and `other` has."""
        units = dict.fromkeys(range(8), 0)
        has = self.has(other)
        for feature, share in self.wants(one).items():
            if feature in has:
                units[weights.INTERESTS if feature[0] == "g" else criteria.criterion_of(feature)] += share
        return units

    def points(self, one: Profile, other: Profile, worth: Worth) -> int:
        return sum(self.units(one, other)[at] * times for at, times in enumerate(worth.multipliers))

    @staticmethod
    def language(one: Profile, other: Profile) -> int:
        """The lower level of the best common working language, 0 for none."""
        common = criteria.common_languages(
            criteria.working_languages(one.languages), criteria.working_languages(other.languages)
        )
        return max((min(levels) for levels in common.values()), default=0)

    def language_points(self, one: Profile, other: Profile, worth: Worth) -> int:
        return weights.LANGUAGE_POINTS[self.language(one, other)] * worth.language

    @staticmethod
    def static(one: Profile, worth: Worth) -> int:
        return (weights.capacity_points(one.capacity) + weights.freshness_points(one.fresh_days)) * worth.static

    def eligible(self, query: Query, other: Profile) -> bool:
        asker = query.profile
        kinds = {
            "peers": {asker.kind},
            "collaborators": {"person", "institution"},
            "institutions": {"institution"},
            "bridges": {"person"},
        }[query.kind]
        abroad = query.kind != "collaborators" or (other.country is not None and other.country != asker.country)
        target = query.target.key if query.target else None
        return (
            other.suggestible
            and query.kind not in other.not_as
            and (other.public or not query.guest)
            and other.kind in kinds
            and abroad
            and other.key not in {*query.exclude, asker.key, target}
        )

    def relevant(self, query: Query, other: Profile) -> bool:
        asker, has, wants = query.profile, self.has(other), self.wants(query.profile)
        shared = {feature for feature in wants if feature in has}
        subject = any(f"s:{code[:3]}" in has for code in asker.subjects)
        level = any(feature.startswith("l:") for feature in shared)
        tag = any(feature.startswith("#:") for feature in shared)
        activity = query.kind in ("collaborators", "institutions") and any(
            feature[:2] in ("o:", "n:") for feature in shared
        )
        interests = self.units(asker, other)[weights.INTERESTS] >= weights.INTERESTS_RELEVANT
        return subject or level or tag or interests or activity

    def passing(self, query: Query) -> list[Profile]:
        return [
            other
            for other in self.profiles.values()
            if self.eligible(query, other) and self.language(query.profile, other) and self.relevant(query, other)
        ]

    def hidden(self, query: Query) -> list[Profile]:
        return [
            other
            for other in self.profiles.values()
            if self.eligible(query, other) and not self.language(query.profile, other) and self.relevant(query, other)
        ]

    def directions(self, query: Query, other: Profile) -> tuple[int, int, int]:
        """Forward, reverse, and what counts in both."""
        asker, worth = query.profile, query.model.of(query.kind)
        border = worth.border if query.kind == "collaborators" and asker.country else 0
        hours = weights.hours_points((asker.hours & other.hours).bit_count()) * worth.hours
        shared = self.static(other, worth) + self.language_points(asker, other, worth) + border + hours
        forward = self.points(asker, other, worth)
        return forward, forward if query.guest else self.points(other, asker, worth), shared

    def score(self, query: Query, other: Profile) -> int:
        forward, reverse, shared = self.directions(query, other)
        return min(forward, reverse) + shared

    def ordered(self, scores: dict[int, int], seed: int) -> list[tuple[int, int]]:
        return sorted(scores.items(), key=lambda item: (-item[1], int(draw(np.array([item[0]]), seed)[0]), item[0]))

    def shortlist(self, query: Query) -> list[tuple[int, int]]:
        """(key, score) of the best, as many as the index chooses from."""
        scores = {other.key: self.score(query, other) for other in self.passing(query)}
        return self.ordered(scores, query.seed)[: query.limit * weights.SHORTLIST]

    def bridges_between(self, query: Query) -> list[tuple[int, int]]:
        asker, target = query.profile, query.target
        assert target is not None
        worth = query.model.bridges
        scores = {}
        for other in self.profiles.values():
            if self.eligible(query, other) and self.language(asker, other) and self.language(target, other):
                legs = [
                    self.points(side, other, worth) + self.language_points(side, other, worth)
                    for side in (asker, target)
                ]
                scores[other.key] = min(legs) + self.static(other, worth)
        return self.ordered(scores, query.seed)

    def bridges_to_many(self, query: Query) -> list[tuple[int, int]]:
        asker, worth, near = query.profile, query.model.bridges, query.model.peers
        peers = replace(query, kind="peers", target=None)
        far_scores = {}
        for other in self.hidden(peers):
            both = self.points(asker, other, near), self.points(other, asker, near)
            far_scores[other.key] = min(both) + self.static(other, near)
        far = self.ordered(far_scores, query.seed)[: weights.BRIDGE_FAR_SIDE]
        units = weights.spread(weights.BRIDGE_REACH_POINTS, [max(score, 1) for _, score in far])
        shares = [one * worth.reach for one in units]
        scores = {}
        for other in self.profiles.values():
            reached = [
                share for (key, _), share in zip(far, shares, strict=True) if self.language(self.profiles[key], other)
            ]
            if self.eligible(query, other) and self.language(asker, other) and reached:
                leg = self.points(asker, other, worth) + self.language_points(asker, other, worth)
                scores[other.key] = leg + sum(reached) + self.static(other, worth)
        return self.ordered(scores, query.seed)
