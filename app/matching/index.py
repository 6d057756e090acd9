"""The match index: built from a snapshot of profiles, memory-mapped by the workers, changed by an overlay."""

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from zlib import crc32

import numpy as np

from app.matching import bridges, store, suggesting, weights
from app.matching.building import build_segment, overlay_segment, weigh_one
from app.matching.encoding import Encoder, Weighed
from app.matching.facets import Profile
from app.matching.filters import Field
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
    overlay: Mapping[int, tuple[Profile, Weighed]] = field(default_factory=dict)
    removed: frozenset[int] = frozenset()

    def fields(self, query: Query, profile: Profile | None = None) -> list[Field]:
        """Return the segments as `profile` sees them, the asker unless said otherwise."""
        side = Side.of(profile or query.profile, self.vocabulary, self.rarity)
        return [Field(segment, live, side, query) for segment, live in self.segments]


class Index:
    """Answers who suits whom, exactly and with reasons.

    Any number of processes may open one file: its arrays are shared through the memory map. Changes since the build
    are held by each process in a small segment of its own, with the vocabulary and rarity of the base.
    """

    def __init__(self, snapshot: Snapshot, note: str = "") -> None:
        self._base = snapshot
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
            "features": vocabulary.features,
            "total": rarity.total,
            "weights": weights_mark(),
            "note": note,
        }
        store.write(path, {**segment.arrays(), "counts": rarity.counts}, meta)
        return cls.open(path)

    @classmethod
    def open(cls, path: Path) -> "Index":
        """Map an index file into memory, read only.

        Raises
        ------
        UnreadableIndex
            If the file is damaged, of another format, or was built with other weights.
        """
        arrays, meta = store.read(path)
        if meta["weights"] != weights_mark():
            raise UnreadableIndex(f"{path.name} was built with other weights")
        rarity = Rarity(meta["total"], arrays["counts"].astype(np.uint32))
        segment = Segment.of_arrays(arrays)
        base = Snapshot(Vocabulary(meta["features"]), rarity, ((segment, segment.everyone()),))
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
        O(profiles in the overlay) for putting it together, so rebuild when it has grown to some thousands.
        """
        with self._changing:
            before, (base, _) = self._now, self._base.segments[0]
            added = before.vocabulary.features if before.vocabulary.parent else []
            vocabulary = Vocabulary(added, self._base.vocabulary)
            encoder = Encoder(vocabulary)
            gone, overlay = set(before.removed), dict(before.overlay)
            for profile in changed:
                overlay[profile.key] = profile, weigh_one(profile, before.rarity, encoder)
                gone.discard(profile.key)
            for key in removed:
                overlay.pop(key, None)
                gone.add(key)
            live = base.everyone() & ~base.marked(base.find_rows([*overlay, *gone]))
            extra = overlay_segment(overlay.values(), len(vocabulary))
            segments = ((base, live), (extra, extra.everyone()))
            self._now = Snapshot(vocabulary, before.rarity, segments, overlay, frozenset(gone))

    def count(self, query: Query) -> int:
        """Return how many candidates pass the hard filters and are relevant."""
        if query.kind == "bridges":
            return bridges.count(self._now, query)
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
