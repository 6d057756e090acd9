"""Who suits whom, and why: pure algorithms over frozen dataclasses and arrays.

Nothing here knows Flask, the database, the clock or a language to speak in: facets go in, message keys come out, and
the same snapshot with the same seed gives the same answer.

What goes in and comes out: facets, query, messages. What counts: weights (how much is measured), model (what it is
worth), outcomes (what can come of it).

A profile in numbers: criteria, text and hours make features of it; vocabulary and lexicon number them; encoding weighs
them. The index: building and segment invert the rows, store keeps them in a file, changing holds what came since;
kernels are the inner loops, compiled makes and loads them, loops calls them; index puts it together.

A question: side (the one who asks), filters, scoring and found, then ranking and exposure for the order; evidence,
legs and explain say why, gaps what would bring more. suggesting and bridges go that way from the query to the answer.

Learning: examples, fitting, learning, threads; metrics. The history of projects elsewhere: partnerships.

Groups: communities (which suit, which one is missing), nearest, clusters and naming (which should exist), graph and
brokerage (who stands between), buddies, meetings. Figures that point at nobody: participation, disclosure.
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
