"""Everything the ranker listens to, read off one snapshot: it serves lists across borders and others alike."""

from __future__ import annotations

import numpy as np

from app.matching.partnerships.circles import Circles
from app.matching.partnerships.history import Flags, Floats, Integers
from app.matching.partnerships.meetings import Meetings
from app.matching.partnerships.mixing import TRUSTED, WEIGHTS, lots, points
from app.matching.partnerships.paths import Paths
from app.matching.partnerships.snapshot import Reals, Snapshot

WALKED = 0.7
"""The power of a walk beside the likeness of circles that it is multiplied with; 0.5 or 1 are within 1 %."""


class Signals:
    """What circles, paths and meetings say of everybody on a day; M were seen.

    Attributes
    ----------
    lots
        A number in [0, 1) for each of those seen, that decides among equals; shape (M,).
    """

    def __init__(self, known: Snapshot, seed: int = 0) -> None:
        self.known = known
        self.circles = Circles(known)
        self.lots = lots([known.history.organisations[one] for one in known.seen], seed)
        self._trust = known.degree / (known.degree + TRUSTED)
        self._paths = Paths(known)
        self._meetings = Meetings(known)

    def said(self, places: Integers, open_to: Flags) -> tuple[dict[str, Reals], Floats]:
        """Return the points by each signal, and how close everybody is whatever their size, all of shape (q, M).

        Parameters
        ----------
        places
            Those who ask, by their places among those seen, shape (q,).
        open_to
            Who may be suggested to them, shape (q, M).
        """
        asked = self._meetings.asked(places, self.known)
        paths, meetings = self._paths, self._meetings
        likeness = self.circles.likeness(places)
        signals: dict[str, Floats] = {
            "circles": self.circles.closeness(places),
            "walks": likeness * paths.walks(places) ** WALKED,
            "resource_allocation": paths.resource_allocation(places),
            "by_programme": meetings.by_programme(asked),
            "by_type": meetings.by_type(asked),
            "by_country": meetings.by_country(asked),
            "by_country_pair": meetings.by_country_pair(asked),
        }
        asking = self.lots[places]
        said = {name: points(signals[name], open_to, self.lots, asking) for name in WEIGHTS}
        said["circles"] *= self._trust[places][:, None]
        said["same_call"] = np.where(open_to, paths.same_call(places), 0.0)
        said["same_crowd"] = np.where(open_to, paths.same_crowd(places), 0.0)
        # Either alone finds fewer of those seldom shown that come true, or fewer different ones; see decision 0010.
        return said, likeness * np.sqrt(signals["resource_allocation"])
