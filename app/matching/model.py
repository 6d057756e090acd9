"""What each criterion is worth for each kind of suggestion: the hand-set table with its reasons, or a learnt one.

What a criterion measures (its *units*, :mod:`app.matching.weights`) is built into the index; what it is worth is said
with each query, so a model is switched on or off without a new index. All numbers are integers, so that every
implementation gives the same score to the last unit.
"""

from collections.abc import Mapping
from dataclasses import astuple, dataclass, field, fields
from types import MappingProxyType

from app.matching import weights
from app.matching.messages import N_

_MOST_OF = (*weights.UNITS[: weights.OFFERS], *(16 * units // 5 for units in weights.UNITS[weights.OFFERS :]))
"""The most units a criterion can give: of four offers that meet one need, two each may leave its language or its
subject unsaid, and together they meet 320 % of it."""
HIGHEST = 24_500
"""The most points a pair may come to: the index adds up in 16 bits, of which some are for negative points."""
SCALE_HIGHEST = 16
"""Full and long unconfirmed costs 400 points times the scale, which has to fit as well."""


@dataclass(frozen=True, slots=True)
class Worth:
    """What the criteria are worth for one kind of suggestion: points for each unit.

    Attributes
    ----------
    interests, subject, level, teaching_language, tags, place, offers, needs
        Points for each unit, in the order of :data:`app.matching.weights.CRITERIA`. `offers` are those of the other
        that meet one's needs, `needs` the other way round; seen from the other side, they change places.
    language, hours
        How many times the points of the common working language and of the working hours count.
    border
        Points for crossing a border; only for collaborators.
    scale
        How many points of this table one of the hand-set table is. Capacity and freshness count at least so many
        times, being promises: whoever is full or long gone is suggested less, whatever people answered.
    standing
        How many times more capacity and freshness count, together: what is learnt only makes the promise stronger.
    reach
        How many times the points count for those whom a bridge leads to; only for bridges.
    """

    interests: int
    subject: int
    level: int
    teaching_language: int
    tags: int
    place: int
    offers: int = 0
    needs: int = 0
    language: int = 1
    hours: int = 1
    border: int = 0
    scale: int = 1
    standing: int = 0
    reach: int = 1

    def __post_init__(self) -> None:
        if min(astuple(self)) < 0 or not 1 <= self.scale <= self.static <= SCALE_HIGHEST:
            raise ValueError("weights are never negative, and their scale is small")
        if self.most() > HIGHEST:
            raise ValueError(f"a pair could come to more than {HIGHEST} points")

    @property
    def multipliers(self) -> tuple[int, ...]:
        """Points for a unit of each criterion that is measured by shared features."""
        return tuple(getattr(self, name) for name in weights.CRITERIA)

    @property
    def static(self) -> int:
        """How many times the points for capacity and freshness count.

        >>> HAND_SET.peers.static, HAND_SET.peers.scaled(8).static
        (1, 8)
        """
        return self.scale + self.standing

    def most(self) -> int:
        """Return a bound on the points of a pair, that of a bridge included.

        >>> HAND_SET.peers.most(), HAND_SET.collaborators.most()
        (1480, 3020)
        """
        measured = sum(units * times for units, times in zip(_MOST_OF, self.multipliers, strict=True))
        room, fresh = (max(p for _, p in one) for one in (weights.CAPACITY_POINTS, weights.FRESHNESS_POINTS))
        static, reach = (room + fresh) * self.static, weights.BRIDGE_REACH_POINTS * self.reach
        contact = max(weights.LANGUAGE_POINTS) * self.language + self.hours * weights.hours_points(48)
        return measured + static + reach + contact + self.border

    def points_of(self, name: str) -> tuple[int, int]:
        """Return the fewest and the most points a criterion gives by itself: nothing shared, and all of it.

        Of offers and needs: as many as when one need is met by one offer, in its subject and its language.

        >>> HAND_SET.peers.points_of("subject"), HAND_SET.peers.points_of("standing")
        ((0, 400), (-400, 40))
        >>> HAND_SET.bridges.points_of("language"), HAND_SET.bridges.points_of("reach")
        ((0, 200), (0, 400))
        """
        if name == "standing":
            least = min(points for _, points in weights.CAPACITY_POINTS) + weights.FRESHNESS_OLDER
            most = sum(max(points for _, points in one) for one in (weights.CAPACITY_POINTS, weights.FRESHNESS_POINTS))
            return least * self.static, most * self.static
        whole = {
            **dict(zip(weights.CRITERIA, weights.UNITS, strict=True)),
            "language": max(weights.LANGUAGE_POINTS),
            "hours": weights.hours_points(48),
            "reach": weights.BRIDGE_REACH_POINTS,
            "border": 1,
        }
        return 0, whole[name] * int(getattr(self, name))

    def scaled(self, times: int) -> "Worth":
        """Return the same model in finer points.

        >>> HAND_SET.peers.scaled(8).subject
        32
        """
        return Worth(*(number * times for number in astuple(self)))


@dataclass(frozen=True, slots=True)
class Model:
    """The weights of every kind of suggestion, and which they are.

    Attributes
    ----------
    name
        Tells models apart in what is noted; it changes no answer.
    """

    peers: Worth
    collaborators: Worth
    institutions: Worth
    bridges: Worth
    name: str = field(default="", compare=False)

    def of(self, kind: str) -> Worth:
        """Return the weights of a kind of suggestion.

        >>> HAND_SET.of("peers").subject
        4
        """
        worth: Worth = getattr(self, kind)
        return worth


WEIGHTS = tuple(one.name for one in fields(Worth))
"""The names of all weights of a kind, in order."""

HAND_SET = Model(
    peers=Worth(interests=2, subject=4, level=2, teaching_language=1, tags=1, place=1),
    collaborators=Worth(
        interests=1, subject=2, level=1, teaching_language=1, tags=1, place=0, offers=4, needs=2, border=40
    ),
    institutions=Worth(interests=1, subject=3, level=1, teaching_language=1, tags=1, place=2, offers=2, needs=1),
    bridges=Worth(interests=1, subject=2, level=1, teaching_language=0, tags=1, place=0, language=2),
    name="hand-set",
)
"""What counts before there are outcomes to learn from; :data:`REASONS` says why."""

REASONS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "peers": {
            "interests": N_("Tells apart those who teach the same: half as much as the subject itself."),
            "subject": N_("What peers most talk about is what they teach, so it counts most."),
            "level": N_("The same subject is another one in primary school: half as much as the subject."),
            "teaching_language": N_("Helps to use the same material, but many who don't share it work well together."),
            "tags": N_("Few people give tags, so those who don't should lose little."),
            "place": N_("A little, so that neighbours meet without hiding the world."),
            "language": N_("Below C1 each step in the common language makes work easier."),
            "hours": N_("Time to talk on a usual day puts one before another who is as good."),
            "standing": N_("Whoever is full or long gone is suggested less: learning may only make that stronger."),
        },
        "collaborators": {
            "interests": N_("Good to share, but a project lives from what each brings."),
            "subject": N_("Half as much as what is needed: many projects cross subjects."),
            "level": N_("Partners often work at different levels; sharing one helps a little."),
            "teaching_language": N_("A common language of teaching helps to try things out together."),
            "tags": N_("Few people give tags, so those who don't should lose little."),
            "place": N_("Nearness counts nothing: collaborators work across a border."),
            "offers": N_("What I need comes first: without it there is no reason to begin."),
            "needs": N_("What I can give comes second, so that both sides gain."),
            "language": N_("Below C1 each step in the common language makes work easier."),
            "hours": N_("Time to talk on a usual day puts one before another who is as good."),
            "standing": N_("Whoever is full or long gone is suggested less: learning may only make that stronger."),
            "border": N_("The same for everyone on the list; it is shown so that it is seen as a gain."),
        },
        "institutions": {
            "interests": N_("What institutions write of themselves is general, so it tells little."),
            "subject": N_("Institutions meet over a field first; it counts most."),
            "level": N_("Schools and universities gain from each other, so a level counts little."),
            "teaching_language": N_("Helps classes and staff to visit each other."),
            "tags": N_("Few institutions give tags, so those that don't should lose little."),
            "place": N_("Near ones are easier to visit and share a school system."),
            "offers": N_("What can be exchanged comes after the field."),
            "needs": N_("What one can give counts half of what one needs."),
            "language": N_("Below C1 each step in the common language makes work easier."),
            "hours": N_("Time to talk on a usual day puts one before another who is as good."),
            "standing": N_("Whoever is full or long gone is suggested less: learning may only make that stronger."),
        },
        "bridges": {
            "interests": N_("Whoever brings two sides together needn't write about the same."),
            "subject": N_("A bridge has to understand what both sides speak of."),
            "level": N_("Knowing the level of both sides helps a little."),
            "teaching_language": N_("A bridge works in the languages of both; which one they teach in doesn't matter."),
            "tags": N_("Few people give tags, so those who don't should lose little."),
            "place": N_("A bridge may stand anywhere."),
            "language": N_("Counts twice: everything passes through the languages of the bridge."),
            "standing": N_("Whoever is full or long gone is suggested less: learning may only make that stronger."),
            "reach": N_("A bridge is sought for the people it leads to, so they count most."),
        },
    }
)
"""Why each hand-set weight is what it is, for people to read."""
