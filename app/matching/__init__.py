"""Who suits whom, and why: pure algorithms over frozen dataclasses and arrays.

Nothing here knows Flask, the database, the clock or a language to speak in: facets go in, message keys come out, and
the same snapshot with the same seed gives the same answer.
"""

from app.matching.facets import NATIVE, Activity, Language, Profile
from app.matching.query import Answer, Contribution, Gap, Message, Query, Suggestion

__all__ = [
    "NATIVE",
    "Activity",
    "Answer",
    "Contribution",
    "Gap",
    "Language",
    "Message",
    "Profile",
    "Query",
    "Suggestion",
]
