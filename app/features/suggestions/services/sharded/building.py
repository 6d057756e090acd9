"""Building a generation: count, fill, list, index, swap; each step is kept, so that a killed build goes on."""

from __future__ import annotations

import itertools
import json
import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import islice
from struct import pack
from typing import Any

import numpy as np

from app.features.suggestions.services.sharded import tables
from app.features.suggestions.services.sharded.lists import HOURS, POINTS
from app.features.suggestions.services.sharded.placing import Placement, count_speakers
from app.features.suggestions.services.sharded.rows import COPY_END, COPY_HEAD, columns_of, facets_of, packed_rows
from app.features.suggestions.services.sharded.shards import Connection, Shards
from app.matching.building import chunked, counted
from app.matching.encoding import Encoder, Flat, Weighed, weigh
from app.matching.facets import Profile
from app.matching.index import weights_mark
from app.matching.segment import Columns, bitmap_of
from app.matching.text import GRAM_SPACE
from app.matching.vocabulary import Ints, Rarity, Vocabulary

log = logging.getLogger(__name__)

CHUNK = 10_000
"""Profiles that are encoded and committed together; after a kill at most so many are filled in again."""
DENSE = 32
"""From one profile in so many on, a list is a bitmap: smaller and quicker than its numbers."""

Source = Callable[[int], Iterable[Profile]]
"""Gives the profiles with keys above a number, by ascending key."""


@dataclass(frozen=True, slots=True)
class About:
    """What a generation was made from, and what all its shards have in common."""

    generation: str
    source: str
    note: str
    vocabulary: Vocabulary
    rarity: Rarity
    placement: Placement

    def row(self, shard: int) -> dict[str, object]:
        """As a row of each shard."""
        return {
            "generation": self.generation,
            "shard": shard,
            "source": self.source,
            "note": self.note,
            "weights": weights_mark(),
            "total": self.rarity.total,
            "features": json.dumps(self.vocabulary.features, ensure_ascii=True),
            "counts": self.rarity.counts.astype("<u4").tobytes(),
            "placement": self.placement.to_text(),
        }


def read_about(connection: Connection, schema: str) -> tuple[About, int]:
    """What a generation is about, and the mark of the weights it was built with."""
    names = "generation, source, note, weights, total, features, counts, placement"
    row: Any = connection.execute(f"SELECT {names} FROM {schema}.about").fetchone()
    generation, source, note, mark, total, features, counts, placement = row
    rarity = Rarity(total, np.frombuffer(counts, "<u4").astype(np.uint32))
    about = About(generation, source, note, Vocabulary(json.loads(features)), rarity, Placement.of_text(placement))
    return about, mark


def build(shards: Shards, source: Source, begin: Callable[[], str], identity: str, name: str) -> int:
    """Make a generation in all shards and use it; returns how many profiles are in it.

    What a killed build of the same source left is taken up. If a shard doesn't answer, nothing is swapped and the
    error is raised: the generation in use stays, and the next build goes on.

    Parameters
    ----------
    source
        The profiles; read twice, first to count.
    begin
        Called before the first profile is read; returns the note of the snapshot.
    identity
        Of the database the profiles come from: what another one left isn't taken up.
    name
        Of the generation, if a new one is begun.
    """
    with ExitStack() as held:
        connections = [held.enter_context(shard.primary.building()) for shard in shards.all]
        for connection in connections:
            connection.execute("SELECT pg_advisory_lock(hashtext('commonweave match'))")
        about = _resumed(connections, identity) or _begun(connections, source, begin, identity, name)
        waiting = [one for one in connections if not tables.is_ready(one, about.generation)]
        _fill(waiting, source, about)
        for connection in waiting:
            _finish(connection, about)
        for connection in waiting:
            tables.swap_in(connection, about.generation)
    return about.rarity.total


def _resumed(connections: list[Connection], identity: str) -> About | None:
    """What was begun before and holds still: in each shard either on its way or finished."""
    begun = [tables.find_begun(connection) for connection in connections]
    name = next((one.generation for one in begun if one and one.source == identity), None)
    if name is None:
        return None
    pairs = list(zip(connections, begun, strict=True))
    if not all((one and one.generation == name) or tables.is_ready(connection, name) for connection, one in pairs):
        return None
    about, mark = next(read_about(connection, tables.BESIDE) for connection, one in pairs if one)
    if mark != weights_mark() or about.placement.count != len(connections):
        return None
    log.info("a build of the match index goes on: %s", name)
    return about


def _begun(
    connections: list[Connection],
    source: Source,
    begin: Callable[[], str],
    identity: str,
    name: str,
) -> About:
    note = begin()
    vocabulary, rarity, speakers = count(source(0))
    about = About(name, identity, note, vocabulary, rarity, Placement.balanced(speakers, len(connections)))
    for number, connection in enumerate(connections):
        tables.begin(connection, about.row(number))
    return about


def count(profiles: Iterable[Profile]) -> tuple[Vocabulary, Rarity, Counter[str]]:
    """Number the features, count how many have each, and how many work in each language."""
    vocabulary, speakers, total = Vocabulary(), Counter[str](), 0
    encoder, counts = Encoder(vocabulary), np.zeros(GRAM_SPACE, np.int64)
    for chunk in chunked(profiles, CHUNK):
        counts, total = counted(counts, encoder.encode(chunk), len(vocabulary)), total + len(chunk)
        count_speakers(speakers, chunk)
    return vocabulary, Rarity(total, counts.astype(np.uint32)), speakers


def _fill(connections: list[Connection], source: Source, about: About) -> None:
    """Copy the rows, chunk by chunk; each shard knows how far it has come."""
    begun = [tables.find_begun(connection) for connection in connections]
    far = {id(c): (one.filled_to, one.next_slot) for c, one in zip(connections, begun, strict=True) if one}
    open_ones = [c for c, one in zip(connections, begun, strict=True) if one and not one.filled]
    if not open_ones:
        return
    numbers = {id(c): c.execute(f"SELECT shard FROM {tables.BESIDE}.about").fetchone() for c in open_ones}
    vocabulary = Vocabulary(parent=about.vocabulary)  # whoever changed since the count may say something new
    encoder = Encoder(vocabulary)
    for chunk in chunked(source(min(far[id(c)][0] for c in open_ones)), CHUNK):
        weighed = _known_only(weigh(encoder.encode(chunk), about.rarity, vocabulary), len(about.vocabulary))
        kept = Columns.of(chunk)
        places = [about.placement.mask(profile) for profile in chunk]
        for connection in open_ones:
            after, slot = far[id(connection)]
            bit = 1 << (numbers[id(connection)] or (0,))[0]
            chosen = [at for at, mask in enumerate(places) if mask & bit and chunk[at].key > after]
            slots = np.zeros(len(chunk), np.int64)
            slots[chosen] = slot + np.arange(len(chosen))
            rows = packed_rows(weighed, kept, slots.tolist(), places, chosen)
            far[id(connection)] = max(after, chunk[-1].key), slot + len(chosen)
            _copy(connection, rows, *far[id(connection)])
    for connection in open_ones:
        connection.execute(f"UPDATE {tables.BESIDE}.about SET filled = true")


def _known_only(weighed: Weighed, known: int) -> Weighed:
    """Leave out features that weren't counted: whoever has one changed since, and is held beside the shards."""
    return Weighed(_below(weighed.has, known, 0), _below(weighed.want, known, 8), _below(weighed.language, known, 8))


def _below(flat: Flat, known: int, shift: int) -> Flat:
    keep = flat.values >> np.uint32(shift) < known
    if keep.all():
        return flat
    lengths: Ints = np.bincount(flat.rows()[keep], minlength=len(flat.lengths)).astype(np.int64)
    return Flat(flat.values[keep], lengths)


def _copy(connection: Connection, rows: Iterator[bytes], filled_to: int, next_slot: int) -> None:
    with connection.transaction(), connection.cursor() as cursor:
        with cursor.copy(f"COPY {tables.BESIDE}.rows FROM STDIN (FORMAT binary)") as copy:
            copy.write(COPY_HEAD)
            while part := b"".join(islice(rows, 500)):
                copy.write(part)
            copy.write(COPY_END)
        cursor.execute(f"UPDATE {tables.BESIDE}.about SET filled_to = %s, next_slot = %s", [filled_to, next_slot])


def _finish(connection: Connection, about: About) -> None:
    """Make the lists from the rows, then the indexes."""
    begun = tables.find_begun(connection)
    if begun is not None and not begun.listed:
        has, places, kept = _read_facets(connection)
        with connection.transaction(), connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {tables.BESIDE}.lists")
            with cursor.copy(f"COPY {tables.BESIDE}.lists FROM STDIN (FORMAT binary)") as copy:
                copy.write(COPY_HEAD)
                static = ((POINTS, True, kept.points.tobytes()), (HOURS, True, kept.hours.tobytes()))
                for feature, dense, members in itertools.chain(static, _lists(has, places, about.placement.count)):
                    copy.write(pack(">hiiiBi", 3, 4, feature, 1, dense, len(members)) + members)
                copy.write(COPY_END)
            cursor.execute(f"UPDATE {tables.BESIDE}.about SET listed = true")
    tables.index_rows(connection)


def _read_facets(connection: Connection) -> tuple[Flat, Ints, Columns]:
    """What all rows have, by slot, where they stand, and their columns."""
    values, lengths, places = [np.zeros(0, np.uint32)], [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    kept: list[bytes] = []
    with connection.transaction(), connection.cursor("facets", binary=True) as cursor:
        cursor.itersize = CHUNK
        cursor.execute(f"SELECT facets, places, kept FROM {tables.BESIDE}.rows ORDER BY slot")
        while rows := cursor.fetchmany(CHUNK):
            part = facets_of([facets for facets, _, _ in rows])
            values.append(part.values)
            lengths.append(part.lengths)
            places.append(np.array([mask for _, mask, _ in rows], np.int64))
            kept += [record for _, _, record in rows]
    return Flat(np.concatenate(values), np.concatenate(lengths)), np.concatenate(places), columns_of(kept)


def _lists(has: Flat, places: Ints, shards: int) -> Iterator[tuple[int, bool, bytes]]:
    """The list of each feature; under ``-1 - shard`` the profiles that stand in another shard, too."""
    size = len(has.lengths)
    order = has.values.astype(np.uint64) << np.uint64(32) | has.rows().astype(np.uint64)
    order.sort()
    features, rows = (order >> np.uint64(32)).astype(np.int64), (order & np.uint64(0xFFFFFFFF)).astype(np.uint32)
    del order
    starts = np.flatnonzero(np.diff(features, prepend=-1))
    ends = np.append(starts, len(features))[1:]
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        yield int(features[start]), *_packed(rows[start:end], size)
    for shard in range(shards):
        yield -1 - shard, *_packed(np.flatnonzero(places >> shard & 1).astype(np.uint32), size)


def _packed(rows: np.ndarray[tuple[int], np.dtype[np.uint32]], size: int) -> tuple[bool, bytes]:
    if len(rows) <= size // DENSE:
        return False, rows.astype("<u4").tobytes()
    return True, bitmap_of(rows, size).tobytes()
