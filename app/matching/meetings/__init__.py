"""Fair meeting times: what a time costs each person, the least unfair times, and series that rotate the burden.

A slot costs a person nothing inside their own hours and more the further it lies outside; `burdens` says how much.
`proposing` orders the slots of one meeting, `rotating` chooses those of a series. Both are exact, and both order by
the totals of the people, the worst-off first (leximin). Nothing here knows the time or a database.
"""

from app.matching.meetings.burdens import (
    ASSUMED_HOURS,
    BREAK,
    EARLY,
    FINE,
    FREE_DAY,
    HOLIDAY,
    LATE,
    NIGHT,
    Load,
    Participant,
    load_of,
    load_table,
)
from app.matching.meetings.proposing import STEP, Slot, candidate_starts, propose, rank_slots
from app.matching.meetings.rotating import NoSlot, Series, TooHard, is_as_said, rotate, same_time, take_turns

__all__ = [
    "ASSUMED_HOURS",
    "BREAK",
    "EARLY",
    "FINE",
    "FREE_DAY",
    "HOLIDAY",
    "LATE",
    "NIGHT",
    "STEP",
    "Load",
    "NoSlot",
    "Participant",
    "Series",
    "Slot",
    "TooHard",
    "candidate_starts",
    "is_as_said",
    "load_of",
    "load_table",
    "propose",
    "rank_slots",
    "rotate",
    "same_time",
    "take_turns",
]
