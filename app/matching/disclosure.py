"""Whether several tables of sums together tell of a few people what none of them tells alone."""

from collections.abc import Collection, Mapping, Sequence
from itertools import product

from app.matching.participation import LEAST

Cell = str
MOST_SETS = 10
"""Of so many published sums each combination is looked at: 3 ** 10 are still fast."""


def singles_out(published: Sequence[Collection[Cell]], people: Mapping[Cell, int], least: int = LEAST) -> bool:
    """Return whether adding and subtracting published sums gives that of a few people.

    Parameters
    ----------
    published
        What each published sum is made of; sums may overlap.
    people
        How many people each cell holds.
    least
        Fewer people than this are a few.

    Raises
    ------
    ValueError
        For more than :data:`MOST_SETS` sums.

    Notes
    -----
    Every combination with factors -1, 0 and 1 that comes to some cells once each is tried, O(3^sums * cells). Source:
    complementary suppression, Hundepool et al., Statistical Disclosure Control (2012), 4.

    >>> singles_out(["ab", "b"], {"a": 3, "b": 9})
    True
    >>> singles_out(["ab", "b"], {"a": 7, "b": 9})
    False
    """
    if len(published) > MOST_SETS:
        raise ValueError("too many sums to look at each combination")
    cells = sorted(cell for cell, number in people.items() if number > 0)
    # A byte a cell, 16 for none of it, so that a combination is one sum and is looked at as a whole.
    none = sum(16 << 8 * at for at in range(len(cells)))
    either = sum(0xFE << 8 * at for at in range(len(cells)))
    held = [sum(1 << 8 * at for at, cell in enumerate(cells) if cell in one) for one in published]
    for factors in product((-1, 0, 1), repeat=len(held)):
        combined = none + sum(factor * one for factor, one in zip(factors, held, strict=True))
        if combined & either == none and combined != none:
            number = sum(people[cell] for at, cell in enumerate(cells) if combined >> 8 * at & 1)
            if number < least:
                return True
    return False
