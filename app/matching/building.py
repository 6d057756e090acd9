"""From profiles to a segment: in one pass over the profiles, then over compact arrays."""

from collections.abc import Iterable, Iterator
from itertools import islice

import numpy as np

from app.matching.encoding import Encoder, Said, Weighed, weigh
from app.matching.facets import Profile
from app.matching.segment import Columns, Segment, assemble, columns, stack, stacked
from app.matching.text import GRAM_SPACE
from app.matching.vocabulary import Ints, Rarity, Vocabulary

_CHUNK = 10_000


def build_segment(
    profiles: Iterable[Profile], vocabulary: Vocabulary, frozen: Rarity | None = None
) -> tuple[Segment, Rarity]:
    """Build a segment and count how rare each feature is in it, unless rarity is frozen.

    Parameters
    ----------
    profiles
        Read once; only compact arrays of them are kept. Their keys are unique.
    vocabulary
        Takes up the new features.
    frozen
        The rarity to weigh with, of the same vocabulary.
    """
    encoder = Encoder(vocabulary)
    said: list[Said] = []
    kept: list[Columns] = []
    counts: Ints = np.zeros(GRAM_SPACE, np.int64)
    for chunk in _chunks(profiles):
        said.append(encoder.encode(chunk))
        kept.append(stack(columns(chunk)))
        counts = _more(counts, said[-1], len(vocabulary))
    rarity = frozen if frozen is not None else Rarity(sum(len(one.key) for one in kept), counts.astype(np.uint32))
    weighed = []
    while said:
        weighed.append(weigh(said.pop(0), rarity, vocabulary))
    return _joined(weighed, kept, len(vocabulary)), rarity


def overlay_segment(rows: Iterable[tuple[Profile, Weighed]], features: int) -> Segment:
    """Build a segment of single profiles that were weighed before."""
    pairs = list(rows)
    return _joined([weighed for _, weighed in pairs], [stack(columns(one for one, _ in pairs))], features)


def _chunks(profiles: Iterable[Profile]) -> Iterator[list[Profile]]:
    rest = iter(profiles)
    while chunk := list(islice(rest, _CHUNK)):
        yield chunk


def _more(counts: Ints, said: Said, features: int) -> Ints:
    grown = np.zeros(features, np.int64)
    grown[: len(counts)] = counts
    grown += np.bincount(said.has.values, minlength=features)
    grown += np.bincount(said.gram.values, minlength=features)
    return grown


def _joined(weighed: list[Weighed], kept: list[Columns], features: int) -> Segment:
    whole = Weighed(
        stacked([one.has for one in weighed]),
        stacked([one.want for one in weighed]),
        stacked([one.language for one in weighed]),
    )
    weighed.clear()
    return assemble(whole, _columns(kept), features)


def _columns(parts: list[Columns]) -> Columns:
    if not parts:
        return stack([])
    names = Columns.__dataclass_fields__
    return Columns(**{name: np.concatenate([getattr(one, name) for one in parts]) for name in names})
