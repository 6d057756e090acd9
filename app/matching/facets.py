"""What a profile is described by, as the matching core sees it: codes and numbers only, nothing to be translated."""

from dataclasses import dataclass
from functools import lru_cache

NATIVE = 7
"""Level of someone who grew up with the language; 1 to 6 are the CEFR levels A1 to C2."""

LEVEL_NAMES = ("", "A1", "A2", "B1", "B2", "C1", "C2", "native")
"""Name of each language level, by its number; the empty name stands for none."""

PERSON = "person"
INSTITUTION = "institution"


@dataclass(frozen=True, slots=True)
class Language:
    """A language of a profile.

    Attributes
    ----------
    tag
        BCP 47 tag. For speech only its language counts: ``zh-Hans`` and ``zh-Hant``, ``pt-BR`` and ``pt-PT`` are one.
    level
        1 to 6 for A1 to C2, 7 for native.
    teaches
        Whether the language is taught in.
    accepts
        The lowest level accepted in others for this language.
    """

    tag: str
    level: int
    teaches: bool = False
    accepts: int = 3


@dataclass(frozen=True, slots=True)
class Activity:
    """Something offered or needed: an activity, if said with its subject (ISCED-F) and its language (BCP 47)."""

    code: str
    subject: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Profile:
    """A person or an institution as a bundle of facets.

    Attributes
    ----------
    key
        Unique over persons and institutions.
    kind
        ``"person"`` or ``"institution"``.
    country, regions
        ISO 3166 alpha-2, and the M49 codes from the world (``"001"``) down to the sub-region.
    subjects
        ISCED-F 2013 codes of any depth; the ancestors of a code are its prefixes.
    levels
        ISCED 2011 levels ``"0"`` to ``"8"``, and ``"nf"`` for non-formal.
    capacity
        New contacts still welcome this month; None when not said, 0 when full.
    fresh_days
        Days since the profile was last confirmed, at the time of the snapshot.
    hours
        The half hours of a usual day, in UTC, at which they work (:mod:`app.matching.hours`); 0 when not said.
    utc_offset
        Minutes their clocks are ahead of UTC: only to tell the one who asks of hours by their own clock.
    suggestible, public
        Whether it may be suggested to members, and to guests as well.
    not_as
        Kinds of lists (:data:`app.matching.query.KINDS`) on which it may not stand all the same.
    groups
        M49 codes of the groups its country belongs to, such as ``"199"`` for the least developed ones: exposure is
        measured by them, and nobody is scored.
    """

    key: int
    kind: str
    country: str | None = None
    regions: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    languages: tuple[Language, ...] = ()
    offers: tuple[Activity, ...] = ()
    needs: tuple[Activity, ...] = ()
    interests: str = ""
    tags: tuple[str, ...] = ()
    capacity: int | None = None
    fresh_days: int = 0
    hours: int = 0
    utc_offset: int = 0
    institution_type: str | None = None
    suggestible: bool = True
    public: bool = False
    not_as: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()


@lru_cache(maxsize=4096)
def speech_key(tag: str) -> str:
    """Return the part of a BCP 47 tag that decides whether two people can talk: its primary language.

    Script, region and variants don't part speakers (a reader of ``zh-Hant`` and one of ``zh-Hans`` can talk), so only
    the first subtag counts. Macrolanguages are not unfolded: ``ar`` and ``arz`` stay two.

    >>> speech_key("zh-Hant-TW"), speech_key("pt_BR"), speech_key("sw")
    ('zh', 'pt', 'sw')
    """
    return tag.replace("_", "-").split("-", 1)[0].strip().lower()
