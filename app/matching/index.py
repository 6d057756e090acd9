"""The match index: built from a snapshot of profiles, memory-mapped by the workers, changed by an overlay."""

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from zlib import crc32

import numpy as np

from app.matching import bridges, changing, compiled, lexicon, store, suggesting, weights
from app.matching.building import build_segment
from app.matching.facets import Profile
from app.matching.filters import Field
from app.matching.lexicon import Lexicon
from app.matching.query import Answer, Query, Suggestion
from app.matching.segment import Bitmap, Segment
from app.matching.side import Side
from app.matching.vocabulary import Rarity, Vocabulary

UnreadableIndex = store.UnreadableIndex


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What an index knows at a moment; never changed, so that a query sees one state of it throughout.

    Attributes
    ----------
    segments
        The memory-mapped base, and what changed since, with a bitmap of the rows that still hold for each.
    """

    vocabulary: Vocabulary
    rarity: Rarity
    segments: tuple[tuple[Segment, Bitmap], ...]

    def fields(self, query: Query, profile: Profile | None = None) -> list[Field]:
        """Return the segments as `profile` sees them, the asker unless said otherwise."""
        side = Side.of(profile or query.profile, self.vocabulary, self.rarity)
        return [Field(segment, live, side, query) for segment, live in self.segments]


class Index:
    """Answers who suits whom, exactly and with reasons.

    Any number of processes may open one file: its arrays are shared through the memory map. Changes since the build
    are held by each process in small segments of its own, with the vocabulary and rarity of the base.
    """

    def __init__(self, snapshot: Snapshot, note: str = "") -> None:
        self._now = snapshot
        self._changing = threading.Lock()
        self.note = note

    @classmethod
    def build(cls, profiles: Iterable[Profile], path: Path, note: str = "", frozen: "Index | None" = None) -> "Index":
        """Write a new index file, swap it in by rename, and open it.

        Parameters
        ----------
        profiles
            Read once; their keys are unique.
        path
            The file; whoever has an older one open keeps it.
        note
            The caller's mark of the snapshot, found again as :attr:`note`.
        frozen
            Take the rarity of features from this index instead of counting it, to keep scores as they were.
        """
        vocabulary = Vocabulary(frozen.snapshot.vocabulary.everything() if frozen is not None else ())
        segment, rarity = build_segment(profiles, vocabulary, frozen.snapshot.rarity if frozen is not None else None)
        meta = {
            "activities": sorted(vocabulary.activities()),
            "total": rarity.total,
            "weights": weights_mark(),
            "note": note,
        }
        store.write(path, {**segment.arrays(), **lexicon.arrays(vocabulary), "counts": rarity.counts}, meta)
        return cls.open(path)

    @classmethod
    def open(cls, path: Path) -> "Index":
        """Map an index file into memory, read only.

        Raises
        ------
        UnreadableIndex
            If the file is damaged, of another format, or was built with other weights.
        """
        compiled.load()
        arrays, meta = store.read(path)
        if meta["weights"] != weights_mark():
            raise UnreadableIndex(f"{path.name} was built with other weights")
        rarity = Rarity(meta["total"], np.asarray(arrays["counts"], np.uint32))
        segment, vocabulary = Segment.of_arrays(arrays), Lexicon(arrays, meta["activities"])
        base = Snapshot(vocabulary, rarity, ((segment, segment.everyone()),))
        return cls(base, meta["note"])

    @property
    def snapshot(self) -> Snapshot:
        """What the index knows now."""
        return self._now

    def __len__(self) -> int:
        return sum(int(np.bitwise_count(live).sum()) for _, live in self._now.segments)

    def apply(self, changed: Iterable[Profile], removed: Iterable[int] = ()) -> None:
        """Take in changes since the build; the next answer knows them.

        Of the same change applied twice nothing comes; a profile that is changed after it was removed is back.
        O(changes + size of the small segments they are merged with), see :mod:`app.matching.changing`; questions that
        are being answered go on with what they began with.
        """
        latest = {profile.key: profile for profile in changed}
        gone = set(removed)
        with self._changing:
            before = self._now
            parts = [changing.without(part, [*latest, *gone]) for part in before.segments]
            vocabulary, rest = before.vocabulary, parts[1:]
            new = [profile for key, profile in latest.items() if key not in gone]
            if new:
                extra, vocabulary = changing.encoded(new, before.rarity, vocabulary)
                rest.append((extra, extra.everyone()))
            self._now = Snapshot(vocabulary, before.rarity, (parts[0], *changing.settled(rest)))

    def count(self, query: Query) -> int:
        """Return how many candidates pass the hard filters and are relevant."""
        if query.kind == "bridges":
            return self.suggest(replace(query, limit=0)).total
        return sum(one.count() for one in self._now.fields(query))

    def explain(self, query: Query, key: int) -> Suggestion | None:
        """Return why one candidate suits the asker, as :meth:`suggest` would; None if they don't pass the filters."""
        return suggesting.explain(self._now, query, key)

    def explain_each(self, query: Query, keys: Sequence[int], most: int) -> tuple[Suggestion, ...]:
        """Return the same for the first `most` of `keys` who pass the filters, in their order."""
        return suggesting.explain_each(self._now, query, keys, most)

    def suggest(self, query: Query) -> Answer:
        """Return the best candidates with reasons and gaps.

        The same snapshot, query and seed give the same answer. See :mod:`app.matching.suggesting` for how.
        """
        return bridges.suggest(self._now, query) if query.kind == "bridges" else suggesting.suggest(self._now, query)


def weights_mark() -> int:
    """Return a mark of the weights that are built into an index; what a model says comes with each query."""
    said = {name: str(getattr(weights, name)) for name in weights.BUILT_IN}
    return crc32(repr(said).encode())
