"""Which shards a profile stands in: those of its working languages."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.matching.criteria import working_languages
from app.matching.facets import Profile

MOST_SHARDS = 63
"""The shards of a profile are kept as bits of one signed 64-bit number."""


@dataclass(frozen=True, slots=True)
class Placement:
    """The shards of each language. One with more speakers than a shard's fair part is spread over several.

    >>> Placement(2, {"en": (0, 1), "sw": (1,)}).shards_of(["sw", "xx"])
    {1}
    """

    count: int
    languages: Mapping[str, tuple[int, ...]]

    @classmethod
    def balanced(cls, speakers: Mapping[str, int], count: int) -> Placement:
        """Give each language, the most spoken first, to the least loaded shards.

        >>> Placement.balanced({"en": 60, "fr": 30, "sw": 30}, 2).languages
        {'en': (0,), 'fr': (1,), 'sw': (1,)}
        """
        fair = max(sum(speakers.values()) / count, 1)
        load = [0.0] * count
        languages = {}
        for tag, number in sorted(speakers.items(), key=lambda item: (-item[1], item[0])):
            parts = min(count, max(1, round(number / fair)))
            chosen = sorted(range(count), key=lambda shard: (load[shard], shard))[:parts]
            for shard in chosen:
                load[shard] += number / parts
            languages[tag] = tuple(sorted(chosen))
        return cls(count, languages)

    def mask(self, profile: Profile) -> int:
        """The shards of a profile as bits: one for each of its working languages, any one if it has said none."""
        found, mixed = 0, profile.key * 0x9E3779B1 >> 7
        for tag in working_languages(profile.languages):
            among = self.languages.get(tag)
            if among:
                found |= 1 << among[mixed % len(among)]
        return found or 1 << mixed % self.count

    def shards_of(self, tags: Iterable[str]) -> set[int]:
        """The shards in which those stand who work in any of some languages."""
        return {shard for tag in tags for shard in self.languages.get(tag, ())}

    def to_text(self) -> str:
        """As text, to be kept in each shard."""
        return json.dumps({"count": self.count, "languages": self.languages}, sort_keys=True)

    @classmethod
    def of_text(cls, text: str) -> Placement:
        """From the text in a shard."""
        kept = json.loads(text)
        return cls(kept["count"], {tag: tuple(shards) for tag, shards in kept["languages"].items()})


def count_speakers(counts: Counter[str], profiles: Iterable[Profile]) -> None:
    """Add to the number of speakers of each working language."""
    for profile in profiles:
        counts.update(working_languages(profile.languages).keys())
