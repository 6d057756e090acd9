"""Questions to the match index and its answers; texts are message keys with values, translated outside."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from app.matching.exposure import NOTHING_OWED, Listing, Owed
from app.matching.facets import Profile
from app.matching.model import HAND_SET, Model

Kind = Literal["peers", "collaborators", "institutions", "bridges"]
KINDS: tuple[Kind, ...] = ("peers", "collaborators", "institutions", "bridges")

Value = str | int | tuple[str, ...] | tuple[int, ...] | None


@dataclass(frozen=True, slots=True)
class Query:
    """Who asks, and for what.

    Attributes
    ----------
    profile
        The one who asks; needn't be in the index (a guest never is).
    kind
        ``"peers"``, ``"collaborators"``, ``"institutions"`` or ``"bridges"``.
    target
        For bridges: the other side. Without it, bridges lead to the best matches that share no language.
    exclude
        Keys never to be answered: blocked, dismissed, already connected. Oneself is always excluded.
    guest
        Only candidates who are public, and one direction: a guest has no profile to be good for anyone.
    limit
        How many suggestions to answer at most.
    seed
        Decides among equals, so that ties don't always fall to the same people.
    model
        What each criterion is worth.
    owed
        What earlier lists gave each region and language less, or more, than its due; changes the order, never a score.
    named
        How many of those whom a change would add are named with each gap, at most.
    known
        Keys that are relevant for a reason no facet says, such as partners in common; every other filter holds.
    reasons
        Whether it is said why; else each suggestion comes with its key and score alone, for who arranges them further.
    """

    profile: Profile
    kind: Kind = "peers"
    target: Profile | None = None
    exclude: frozenset[int] = frozenset()
    guest: bool = False
    limit: int = 20
    seed: int = 0
    model: Model = HAND_SET
    owed: Owed = NOTHING_OWED
    named: int = 0
    known: frozenset[int] = frozenset()
    reasons: bool = True


@dataclass(frozen=True, slots=True)
class Message:
    """A key of :data:`app.matching.messages.KEYS` and its values; codes stay codes (``"0541"``, ``"sw"``, ``"C1"``)."""

    key: str
    values: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one criterion adds to the score, or takes from it, and on what evidence."""

    criterion: str
    points: int
    evidence: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that is missing.

    Attributes
    ----------
    message
        What is missing, or what could be changed.
    adds
        How many more candidates there would be, counted by running the query again with that facet changed.
    change
        The change that was counted, e.g. ``{"facet": "language", "tag": "fr", "accepts": 3}``.
    who
        Some of those it would add, the best first, as the changed query scores them; as many as the query wants named.
    """

    message: Message
    adds: int | None = None
    change: Mapping[str, Value] | None = None
    who: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Measured:
    """What lies between two profiles, before any model says what it is worth.

    Attributes
    ----------
    forward, reverse
        Units of each criterion of :data:`app.matching.weights.CRITERIA`, for the asker and for the candidate.
        Of a bridge, what each side asks of it: the asker, and the other side (where that is one, and not many).
    language, hours, static
        Points for the common language, the working hours, and for the candidate's capacity and freshness together.
    far_language
        Points for the language a bridge shares with the other side; None where both directions share one language.
    reach
        Points for those whom a bridge leads to.
    """

    forward: tuple[int, ...]
    reverse: tuple[int, ...]
    language: int = 0
    hours: int = 0
    static: int = 0
    far_language: int | None = None
    reach: int = 0


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A candidate, its score, the contributions that add up to it, the other direction beside it, and what lacks.

    Attributes
    ----------
    measured
        What the score is made of under any model, but for the border; None where it isn't known.
    """

    key: int
    score: int
    contributions: tuple[Contribution, ...]
    other: tuple[Contribution, ...] = ()
    gaps: tuple[Gap, ...] = ()
    measured: Measured | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """Suggestions in the order to show them.

    Attributes
    ----------
    total
        How many candidates pass the hard filters and are relevant.
    gaps
        What could be changed in the query to have more, the most helpful first.
    hidden_by_language
        How many would be relevant but have no working language in common with the one who asks.
    exposure
        What the list gives each region, language and group of countries of the attention, and their due; None of two
        who need no bridge.
    partial
        Whether some of those who could be suggested couldn't be looked at: the index is over several databases and
        one of them didn't answer.
    """

    suggestions: tuple[Suggestion, ...] = ()
    total: int = 0
    gaps: tuple[Gap, ...] = ()
    hidden_by_language: int = 0
    exposure: Listing | None = None
    partial: bool = False
