"""The inner loops of the match index, as numba compiles them; :mod:`app.matching.compiled` alone imports this.

Each function is plain arithmetic over addresses of arrays: nothing is allocated and nothing raised, so that the machine
code stands alone and a worker runs it without numba. A bitmap is walked a word of 64 profiles at a time; what a bit
decides is decided for all 64 at once (``add_where``), which is one masked addition a word where the processor has them.

Each takes one table of int64, in the order its docstring names. Planes and lists are tables of int64, too: for a plane
the address of its bitmap and its gain, for a list the address of its rows (uint32, ascending), their number and gain.
"""

from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba import carray, cfunc, njit, types
from numba.core import cgutils
from numba.extending import intrinsic

_WORD = 64
_LANES = ir.VectorType(ir.IntType(16), _WORD)
_BLOCK = 1024  # words of a block: what is summed up stays in the nearest cache (int16: 128 kB)

i8, u8, i16, u16, i32, u32, i64, u64 = (
    types.int8, types.uint8, types.int16, types.uint16, types.int32, types.uint32, types.int64, types.uint64,
)  # fmt: skip


def _pointer_to(kind: Any) -> Any:
    @intrinsic
    def pointer(_context: Any, address: Any) -> Any:
        def generate(context: Any, builder: Any, _signature: Any, args: Any) -> Any:
            return builder.inttoptr(args[0], context.get_value_type(types.CPointer(kind)))

        return types.CPointer(kind)(i64), generate

    return pointer


bytes_at, shorts_at, numbers_at, words_at, longs_at, ints_at = (
    _pointer_to(one) for one in (u8, i16, u32, u64, i64, i32)
)


_NONE = ir.Constant(_LANES, [0] * _WORD)


def _spread(builder: Any, value: Any) -> Any:
    """Return a value in all lanes."""
    nothing = ir.Constant(_LANES, ir.Undefined)
    first = builder.insert_element(nothing, value, ir.Constant(ir.IntType(32), 0))
    return builder.shuffle_vector(first, nothing, ir.Constant(ir.VectorType(ir.IntType(32), _WORD), [0] * _WORD))


def _loaded(builder: Any, at: Any, bits: int) -> Any:
    """Return the 64 integers of so many bits at an address."""
    kind = ir.VectorType(ir.IntType(bits), _WORD)
    return builder.load(builder.inttoptr(at, kind.as_pointer()), align=bits // 8)


def _added(builder: Any, at: Any, more: Any) -> Any:
    """Add to the 64 int16 at an address."""
    place = builder.inttoptr(at, _LANES.as_pointer())
    builder.store(builder.add(builder.load(place, align=2), more), place, align=2)
    return ir.Constant(ir.IntType(64), 0)


def _called(builder: Any, name: str, back: Any, given: Any) -> Any:
    """Return what one of LLVM's own functions makes of a vector."""
    function = cgutils.get_or_insert_function(builder.module, ir.FunctionType(back, [given.type]), name)
    return builder.call(function, [given])


@intrinsic
def fill(_context: Any, address: Any, value: Any) -> Any:
    """Set the 64 int16 at `address`."""

    def generate(_context: Any, builder: Any, _signature: Any, args: Any) -> Any:
        builder.store(_spread(builder, args[1]), builder.inttoptr(args[0], _LANES.as_pointer()), align=2)
        return ir.Constant(ir.IntType(64), 0)

    return i64(i64, i16), generate


@intrinsic
def add_where(_context: Any, address: Any, word: Any, gain: Any) -> Any:
    """Add `gain` to those of the 64 int16 at `address` whose bit is set in `word`."""

    def generate(_context: Any, builder: Any, _signature: Any, args: Any) -> Any:
        mask = builder.bitcast(args[1], ir.VectorType(ir.IntType(1), _WORD))
        return _added(builder, args[0], builder.select(mask, _spread(builder, args[2]), _NONE))

    return i64(i64, u64, i16), generate


@intrinsic
def add_shorts(_context: Any, address: Any, more: Any, times: Any) -> Any:
    """Add to the 64 int16 at `address` those at `more`, so many times."""

    def generate(_context: Any, builder: Any, _signature: Any, args: Any) -> Any:
        return _added(builder, args[0], builder.mul(_loaded(builder, args[1], 16), _spread(builder, args[2])))

    return i64(i64, i64, i16), generate


@intrinsic
def add_bytes(_context: Any, address: Any, more: Any, times: Any) -> Any:
    """Add to the 64 int16 at `address` the 64 uint8 at `more`, so many times."""

    def generate(_context: Any, builder: Any, _signature: Any, args: Any) -> Any:
        wide = builder.zext(_loaded(builder, args[1], 8), _LANES)
        return _added(builder, args[0], builder.mul(wide, _spread(builder, args[2])))

    return i64(i64, i64, i16), generate


@intrinsic
def add_hours(_context: Any, address: Any, hours: Any, mine: Any, most: Any, worth: Any) -> Any:
    """Add to the 64 int16 at `address` the worth of each whole hour, up to `most`, that those at `hours` share."""

    def generate(_context: Any, builder: Any, _signature: Any, args: Any) -> Any:
        longs = ir.VectorType(ir.IntType(64), _WORD)
        nothing = ir.Constant(longs, ir.Undefined)
        first = builder.insert_element(nothing, args[2], ir.Constant(ir.IntType(32), 0))
        zeros = ir.Constant(ir.VectorType(ir.IntType(32), _WORD), [0] * _WORD)
        shared = builder.and_(_loaded(builder, args[1], 64), builder.shuffle_vector(first, nothing, zeros))
        bits = builder.trunc(_called(builder, "llvm.ctpop.v64i64", longs, shared), _LANES)
        whole = builder.lshr(bits, ir.Constant(_LANES, [1] * _WORD))
        most = _spread(builder, args[3])
        counted = builder.select(builder.icmp_unsigned("<", whole, most), whole, most)
        return _added(builder, args[0], builder.mul(counted, _spread(builder, args[4])))

    return i64(i64, i64, u64, i16, i16), generate


@intrinsic
def keep_where(_context: Any, address: Any, word: Any) -> Any:
    """Set those of the 64 int16 at `address` to zero whose bit isn't set in `word`; returns the highest."""

    def generate(_context: Any, builder: Any, _signature: Any, args: Any) -> Any:
        place = builder.inttoptr(args[0], _LANES.as_pointer())
        mask = builder.bitcast(args[1], ir.VectorType(ir.IntType(1), _WORD))
        kept = builder.select(mask, builder.load(place, align=2), _NONE)
        builder.store(kept, place, align=2)
        return _called(builder, "llvm.vector.reduce.smax.v64i16", ir.IntType(16), kept)

    return i16(i64, u64), generate


@intrinsic
def _ones(_context: Any, word: Any) -> Any:
    def generate(_context: Any, builder: Any, _signature: Any, args: Any) -> Any:
        return builder.ctpop(args[0])

    return i64(u64), generate


def unite(given: int) -> None:
    """Write who is in any of the planes or lists into a bitmap.

    Given: planes, their number, lists, their number, words, the bitmap.
    """
    said = carray(longs_at(given), 6)
    words = said[4]
    planes, lists, out = carray(longs_at(said[0]), said[1] * 2), carray(longs_at(said[2]), said[3] * 3), said[5]
    found = carray(words_at(out), words)
    for begin in range(0, words, _BLOCK):
        end = min(begin + _BLOCK, words)
        for at in range(begin, end):
            found[at] = 0
        for one in range(said[1]):
            bits = carray(words_at(planes[2 * one]), words)
            for at in range(begin, end):
                found[at] |= bits[at]
    for one in range(said[3]):
        rows = carray(numbers_at(lists[3 * one]), lists[3 * one + 1])
        for row in rows:
            found[row >> 6] |= u64(1) << u64(row & 63)


def count(given: int) -> None:
    """Write for each group of features how many of a bitmap have any of them.

    Given: the bitmap, words, planes (addresses), lists (addresses and lengths), groups (four numbers each: where its
    planes and its lists begin and end), their number, a bitmap to write into, where the counts go.
    """
    said = carray(longs_at(given), 8)
    words, groups = said[1], carray(longs_at(said[4]), said[5] * 4)
    base, counts = carray(words_at(said[0]), words), carray(longs_at(said[7]), said[5])
    for one in range(said[5]):
        first, last, begin, end = groups[4 * one], groups[4 * one + 1], groups[4 * one + 2], groups[4 * one + 3]
        if last - first == 1 and begin == end:
            counts[one] = _both(said[0], carray(longs_at(said[2]), last)[first], words)
        elif first == last and end - begin == 1:
            lists, total = carray(longs_at(said[3]), end * 2), i64(0)
            for row in carray(numbers_at(lists[2 * begin]), lists[2 * begin + 1]):
                total += i64(base[row >> 6] >> u64(row & 63) & u64(1))
            counts[one] = total
        else:
            _unite(said[2] + 8 * first, last - first, said[3] + 16 * begin, end - begin, words, said[6])
            counts[one] = _both(said[0], said[6], words)


@njit(error_model="numpy")
def _both(one: int, other: int, words: int) -> Any:
    """Return how many are in both bitmaps."""
    mine, theirs, total = carray(words_at(one), words), carray(words_at(other), words), i64(0)
    for at in range(words):
        total += _ones(mine[at] & theirs[at])
    return total


@njit(error_model="numpy")
def _unite(planes: int, bitmaps: int, lists: int, listed: int, words: int, out: int) -> None:
    """Write who is in any of the bitmaps or lists."""
    where, found = carray(longs_at(planes), bitmaps), carray(words_at(out), words)
    for at in range(words):
        found[at] = 0
    for one in range(bitmaps):
        bits = carray(words_at(where[one]), words)
        for at in range(words):
            found[at] |= bits[at]
    beside = carray(longs_at(lists), listed * 2)
    for one in range(listed):
        for row in carray(numbers_at(beside[2 * one]), beside[2 * one + 1]):
            found[row >> 6] |= u64(1) << u64(row & 63)


def tally(given: int) -> None:
    """Write into bytes, one a profile, the gains of the lists it is in, and mark in a bitmap who has enough of them.

    Given: lists, their number, words, how many are enough, the bytes (64 for a word), the bitmap.
    """
    said = carray(longs_at(given), 6)
    lists, words, enough = carray(longs_at(said[0]), said[1] * 3), said[2], said[3]
    sums, marked = carray(bytes_at(said[4]), words * _WORD), carray(words_at(said[5]), words)
    for at in range(words * _WORD):
        sums[at] = 0
    for at in range(words):
        marked[at] = 0
    for one in range(said[1]):
        rows = carray(numbers_at(lists[3 * one]), lists[3 * one + 1])
        gain = u8(lists[3 * one + 2])
        for row in rows:
            sums[row] += gain
            if sums[row] >= enough:
                marked[row >> 6] |= u64(1) << u64(row & 63)


def lift(given: int) -> None:
    """Sum up what everyone has; write the sums (int16), zero for who doesn't pass, and the highest of each word.

    Given: planes, their number, lists, their number, a cursor for each list; bytes to be added and how often;
    int16 to be added; int16 to be added and how often; the half hours of each and those to be shared, how many hours
    count at most and for what; a constant; the bitmap of who passes; profiles, words; where the sums and the highest
    go. What is absent is 0. Block by block, so that the sums stay in the nearest cache until they are done.
    """
    said = carray(longs_at(given), 20)
    planes = carray(longs_at(said[0]), said[1] * 2)
    passing, words, bound = carray(words_at(said[15]), said[17]), said[17], said[18]
    highest = carray(shorts_at(said[19]), words)
    for begin in range(0, words, _BLOCK):
        end = min(begin + _BLOCK, words)
        _start(bound, given, begin, end)
        for one in range(said[1]):
            bits = carray(words_at(planes[2 * one]), words)
            gain = i16(planes[2 * one + 1])
            for at in range(begin, end):
                add_where(bound + at * (2 * _WORD), bits[at], gain)
        for one in range(said[3]):
            _add_rows(bound, said[2] + one * 24, said[4] + one * 8, end * _WORD)
        for at in range(begin, end):
            highest[at] = keep_where(bound + at * (2 * _WORD), passing[at])


@njit(error_model="numpy")
def _start(bound: int, given: int, begin: int, end: int) -> None:
    """Write what doesn't depend on features into the sums of the words from `begin` to `end`."""
    said = carray(longs_at(given), 20)
    whole, constant, times, scale, worth = said[16] // _WORD, i16(said[14]), i16(said[6]), i16(said[9]), i16(said[13])
    for at in range(begin, end):
        fill(bound + at * (2 * _WORD), constant)
    last = min(end, whole)
    for at in range(begin, last):
        place = bound + at * (2 * _WORD)
        if said[5]:
            add_bytes(place, said[5] + at * _WORD, times)
        if said[7]:
            add_shorts(place, said[7] + at * (2 * _WORD), i16(1))
        if said[8]:
            add_shorts(place, said[8] + at * (2 * _WORD), scale)
    if said[10]:
        for at in range(begin, last):
            add_hours(bound + at * (2 * _WORD), said[10] + at * (8 * _WORD), u64(said[11]), i16(said[12]), worth)
    if begin <= whole < end:
        _start_rest(bound, given, whole * _WORD, said[16])


@njit(error_model="numpy")
def _start_rest(bound: int, given: int, begin: int, end: int) -> None:
    """Do the same for the last profiles, which don't fill a word."""
    said, sums = carray(longs_at(given), 20), carray(shorts_at(bound), end)
    for row in range(begin, end):
        if said[5]:
            sums[row] += i16(carray(bytes_at(said[5]), end)[row]) * i16(said[6])
        if said[7]:
            sums[row] += carray(shorts_at(said[7]), end)[row]
        if said[8]:
            sums[row] += carray(shorts_at(said[8]), end)[row] * i16(said[9])
        if said[10]:
            shared = _ones(carray(words_at(said[10]), end)[row] & u64(said[11]))
            sums[row] += i16(min(shared >> u64(1), u64(said[12]))) * i16(said[13])


@njit(error_model="numpy")
def _add_rows(bound: int, which: int, cursor: int, end: int) -> None:
    said, place, sums = carray(longs_at(which), 3), carray(longs_at(cursor), 1), carray(shorts_at(bound), end)
    rows, gain, at = carray(numbers_at(said[0]), said[1]), i16(said[2]), place[0]
    while at < len(rows) and rows[at] < end:
        sums[rows[at]] += gain
        at += 1
    place[0] = at


def collect(given: int) -> None:
    """Write the rows (int64) whose sum is at least so much and below so much, ascending, and how many.

    Given: the sums, the highest of each word, words, least, below, where the rows go and how many have room there,
    where their number goes. Only words whose highest is enough are looked at; what has no room is counted.
    """
    said = carray(longs_at(given), 8)
    words, least, below, room = said[2], said[3], said[4], said[6]
    sums, highest = carray(shorts_at(said[0]), words * _WORD), carray(shorts_at(said[1]), words)
    out = carray(longs_at(said[5]), room)
    found = 0
    for at in range(words):
        if highest[at] >= least:
            for row in range(at * _WORD, at * _WORD + _WORD):
                if least <= sums[row] < below:
                    if found < room:
                        out[found] = row
                    found += 1
    carray(longs_at(said[7]), 1)[0] = found


def answer(given: int) -> None:
    """Write for each row (int64) what it wants of what is had, in points (int64).

    Given: the rows, their number, where each profile's wants begin, the wants, the points for a unit of each feature
    (int32), where the points go.
    """
    said = carray(longs_at(given), 6)
    count = said[1]
    rows, points = carray(longs_at(said[0]), count), carray(longs_at(said[5]), count)
    for at in range(count):
        begins = carray(longs_at(said[2] + rows[at] * 8), 2)
        wants = carray(numbers_at(said[3]), begins[1])
        total = i64(0)
        for place in range(begins[0], begins[1]):
            worth = carray(ints_at(said[4] + i64(wants[place] >> u32(8)) * 4), 1)[0]
            total += i64(worth) * i64(wants[place] & u32(255))
        points[at] = total


def hold(given: int) -> None:
    """Write for each feature and each row whether the row has it, as bytes, feature by feature.

    Given: a table of the address of the list or bitmap of each feature and the length of the list, -1 for a bitmap; the
    number of features; the rows (int64), their number; where the bytes go.
    """
    said = carray(longs_at(given), 5)
    features, count = carray(longs_at(said[0]), said[1] * 2), said[3]
    rows, held = carray(longs_at(said[2]), count), carray(bytes_at(said[4]), said[1] * count)
    for one in range(said[1]):
        where, length = features[2 * one], features[2 * one + 1]
        for at in range(count):
            row = rows[at]
            if length < 0:
                word = carray(words_at(where), (row >> 6) + 1)[row >> 6]
                held[one * count + at] = u8(word >> u64(row & 63) & u64(1))
            else:
                held[one * count + at] = _is_in(where, length, row)


@njit(error_model="numpy")
def _is_in(where: int, length: int, row: int) -> Any:
    """Return whether a row is in a list, by halves."""
    rows = carray(numbers_at(where), length)
    low, high = 0, length
    while low < high:
        middle = (low + high) >> 1
        if rows[middle] < row:
            low = middle + 1
        else:
            high = middle
    return u8(low < length and rows[low] == row)


_ALL = (unite, count, tally, lift, collect, answer, hold)
KERNELS: dict[str, Callable[[int], None]] = {one.__name__: one for one in _ALL}


def assembled() -> dict[str, tuple[str, str]]:
    """Return for each kernel the code for LLVM, optimised for this processor, and the name of its function in it."""
    made = {}
    for name, function in KERNELS.items():
        compiled = cfunc(types.void(i64), error_model="numpy")(function)
        made[name] = compiled.inspect_llvm(), compiled.native_name.removeprefix("cfunc.")
    return made
