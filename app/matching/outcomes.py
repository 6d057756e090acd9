"""What can come of a suggestion: one table, each outcome with what it is worth and why.

Set by hand, since nothing here could tell what an outcome is worth: that is what people want of a network. What counts
has both sides on record, and means that the two took something up with each other. So meetings that both came to,
reviews, adaptations of somebody's resource, and what people write to each other count nothing: the first three need
no word between the two, and the last is nobody's business.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from app.matching.messages import N_


@dataclass(frozen=True, slots=True)
class Outcome:
    """One thing that can come of a suggestion.

    Attributes
    ----------
    gain
        What it is worth; nothing at all for what led nowhere.
    label, reason
        What it is called, and why it is worth so much, for people to read.
    against
        How much it tells that somebody else led to more.
    """

    gain: int
    label: str
    reason: str
    against: float = 1.0


PROJECT, FOUNDED, MADE, LED, ACCEPTED, DECLINED, IGNORED, NOT_FOR_ME, UNTOUCHED = (
    *("project", "founded", "made", "led on"),
    *("accepted", "declined", "ignored", "not for me", "untouched"),
)

OUTCOMES: Mapping[str, Outcome] = MappingProxyType(
    {
        PROJECT: Outcome(
            4,
            N_("A project together, their first"),
            N_("A consortium is what partners are sought for, and others decided to pay for it."),
        ),
        FOUNDED: Outcome(
            3,
            N_("A new community that both coordinate"),
            N_("They built something that lasts beyond the two of them."),
        ),
        MADE: Outcome(
            3,
            N_("A translation that both worked on"),
            N_("They made something together that others can use."),
        ),
        LED: Outcome(
            2,
            N_("A community that both are in"),
            N_("They meet again, but in a large community perhaps without a word."),
        ),
        ACCEPTED: Outcome(
            1,
            N_("Introductions that were accepted"),
            N_("Both said yes: the beginning of everything else."),
        ),
        DECLINED: Outcome(
            0,
            N_("Introductions that were declined"),
            N_("One of the two saw no reason to go on."),
        ),
        IGNORED: Outcome(
            0,
            N_("Introductions without an answer"),
            N_("It led nowhere, whatever the reason."),
        ),
        NOT_FOR_ME: Outcome(
            0,
            N_("Put aside as not for me"),
            N_("Whoever they were suggested to said so. Who is put aside as known already counts neither way."),
        ),
        UNTOUCHED: Outcome(
            0,
            N_("Shown, and left as they were"),
            N_("Most were not even looked at, so this tells a tenth of what an answer tells."),
            0.1,
        ),
    }
)
"""Everything that is learnt from, what is worth most first."""
