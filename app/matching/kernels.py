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


@intrinsic
def add_where(_context: Any, address: Any, word: Any, gain: Any) -> Any:
    """Add `gain` to those of the 64 int16 at `address` whose bit is set in `word`."""

    def generate(_context: Any, builder: Any, _signature: Any, args: Any) -> Any:
        at, word, gain = args
        lanes = ir.VectorType(ir.IntType(16), _WORD)
        place = builder.inttoptr(at, lanes.as_pointer())
        mask = builder.bitcast(word, ir.VectorType(ir.IntType(1), _WORD))
        first = builder.insert_element(ir.Constant(lanes, ir.Undefined), gain, ir.Constant(ir.IntType(32), 0))
        zeros = ir.Constant(ir.VectorType(ir.IntType(32), _WORD), [0] * _WORD)
        gains = builder.shuffle_vector(first, ir.Constant(lanes, ir.Undefined), zeros)
        chosen = builder.select(mask, gains, ir.Constant(lanes, [0] * _WORD))
        builder.store(builder.add(builder.load(place, align=2), chosen), place, align=2)
        return cgutils.get_null_value(ir.IntType(64))

    return i64(i64, u64, i16), generate


@intrinsic
def keep_where(_context: Any, address: Any, word: Any) -> Any:
    """Set those of the 64 int16 at `address` to zero whose bit isn't set in `word`."""

    def generate(_context: Any, builder: Any, _signature: Any, args: Any) -> Any:
        lanes = ir.VectorType(ir.IntType(16), _WORD)
        place = builder.inttoptr(args[0], lanes.as_pointer())
        mask = builder.bitcast(args[1], ir.VectorType(ir.IntType(1), _WORD))
        kept = builder.select(mask, builder.load(place, align=2), ir.Constant(lanes, [0] * _WORD))
        builder.store(kept, place, align=2)
        return cgutils.get_null_value(ir.IntType(64))

    return i64(i64, u64), generate


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
    sums, highest = carray(shorts_at(bound), words * _WORD), carray(shorts_at(said[19]), words)
    for begin in range(0, words, _BLOCK):
        end = min(begin + _BLOCK, words)
        _start(bound, given, begin * _WORD, end * _WORD)
        for one in range(said[1]):
            bits = carray(words_at(planes[2 * one]), words)
            gain = i16(planes[2 * one + 1])
            for at in range(begin, end):
                add_where(bound + at * (2 * _WORD), bits[at], gain)
        for one in range(said[3]):
            _add_rows(bound, said[2] + one * 24, said[4] + one * 8, end * _WORD)
        for at in range(begin, end):
            keep_where(bound + at * (2 * _WORD), passing[at])
        for at in range(begin, end):
            most = i16(0)
            for row in range(at * _WORD, at * _WORD + _WORD):
                most = max(most, sums[row])
            highest[at] = most


@njit(error_model="numpy")
def _start(bound: int, given: int, begin: int, end: int) -> None:
    said, sums = carray(longs_at(given), 20), carray(shorts_at(bound), end)
    constant, last = i16(said[14]), min(end, said[16])
    for row in range(begin, end):
        sums[row] = constant
    if said[5] and said[6]:
        tallied, times = carray(bytes_at(said[5]), end), i16(said[6])
        for row in range(begin, last):
            sums[row] += i16(tallied[row]) * times
    if said[7]:
        more = carray(shorts_at(said[7]), end)
        for row in range(begin, last):
            sums[row] += more[row]
    if said[8]:
        static, scale = carray(shorts_at(said[8]), end), i16(said[9])
        for row in range(begin, last):
            sums[row] += static[row] * scale
    if said[10]:
        hours, mine, most, worth = carray(words_at(said[10]), end), u64(said[11]), u64(said[12]), i16(said[13])
        for row in range(begin, last):
            sums[row] += i16(min(_ones(hours[row] & mine) >> u64(1), most)) * worth


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


def intersect(given: int) -> None:
    """Write how many are in all planes; of a plane whose gain isn't zero those count who are not in it.

    Given: planes, their number, words, where the number goes.
    """
    said = carray(longs_at(given), 4)
    planes, words = carray(longs_at(said[0]), said[1] * 2), said[2]
    bits = carray(words_at(said[3] + 8), _BLOCK)
    total = u64(0)
    for begin in range(0, words, _BLOCK):
        size = min(_BLOCK, words - begin)
        for at in range(size):
            bits[at] = ~u64(0)
        for one in range(said[1]):
            plane = carray(words_at(planes[2 * one] + begin * 8), size)
            if planes[2 * one + 1]:
                for at in range(size):
                    bits[at] &= ~plane[at]
            else:
                for at in range(size):
                    bits[at] &= plane[at]
        for at in range(size):
            total += _ones(bits[at])
    carray(longs_at(said[3]), 1)[0] = i64(total)


KERNELS: dict[str, Callable[[int], None]] = {
    one.__name__: one for one in (unite, tally, lift, collect, answer, intersect)
}


def assembled() -> dict[str, tuple[str, str]]:
    """Return for each kernel the code for LLVM, optimised for this processor, and the name of its function in it."""
    made = {}
    for name, function in KERNELS.items():
        compiled = cfunc(types.void(i64), error_model="numpy")(function)
        made[name] = compiled.inspect_llvm(), compiled.native_name.removeprefix("cfunc.")
    return made
