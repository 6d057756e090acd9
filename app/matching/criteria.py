"""What each criterion makes of a profile: the features it *has*, and those it *wants* in others, with their weight.

A feature is a short string such as ``s:0541``. The score from one profile to another is, for each criterion, the units
of the wanted features that the other has. So a criterion is two small functions here; the index turns them into
arrays, and the slow reference in the tests uses them as they are.

=========  ==============================================================================
``s:``     subject: an ISCED-F code and each of its ancestors
``l:``     level, and the bands of two adjacent levels it lies in
``t:``     language taught in
``#:``     tag
``p:``     place: country, and M49 regions below the world
``o:``     an offer: activity, language and subject (see :func:`activity_has`)
``n:``     a need, likewise
``w:``     working language: tag, level, and the lowest level accepted (for the filter)
``k:``     what kind of profile it is, and who may be shown it (for the filter)
=========  ==============================================================================
"""

from collections.abc import Mapping
from functools import lru_cache
from itertools import pairwise

from app.matching import weights
from app.matching.facets import Activity, Language, speech_key
from app.matching.text import normalise

Wants = tuple[tuple[str, int], ...]
Speaks = Mapping[str, tuple[int, int]]
"""Working languages: ``{tag: (level, lowest level accepted)}``."""

PREFIXES = {
    "s": weights.SUBJECT,
    "l": weights.LEVEL,
    "t": weights.TEACHING,
    "#": weights.TAGS,
    "p": weights.PLACE,
    "o": weights.OFFERS,
    "n": weights.NEEDS,
}
ANY, UNSAID = "*", "~"
_LEVELS = ("0", "1", "2", "3", "4", "5", "6", "7", "8")
BANDS = {f"{low}-{high}": (low, high) for low, high in pairwise(_LEVELS)}
"""The bands of two adjacent levels."""


def criterion_of(feature: str) -> int:
    """Return the number of the criterion a feature belongs to.

    >>> criterion_of("s:0541") == weights.SUBJECT, criterion_of("w:fr:53") == weights.UNMEASURED
    (True, True)
    """
    return PREFIXES.get(feature[0], weights.UNMEASURED)


@lru_cache(maxsize=4096)
def ancestors(code: str) -> tuple[str, ...]:
    """Return an ISCED-F code with its ancestors, the broadest first.

    >>> ancestors("0541"), ancestors("05")
    (('05', '054', '0541'), ('05',))
    """
    return tuple(code[:depth] for depth in (2, 3, 4) if depth <= len(code)) or (code,)


def subject_has(codes: tuple[str, ...]) -> tuple[str, ...]:
    """Return the features of subjects: each code and its ancestors.

    >>> subject_has(("0541", "054"))
    ('s:05', 's:054', 's:0541')
    """
    return tuple(sorted({f"s:{code}" for said in codes for code in ancestors(said)}))


def subject_wants(codes: tuple[str, ...]) -> Wants:
    """Return the wanted subjects with their weight before rarity: the deeper, the more.

    >>> subject_wants(("0541",))
    (('s:05', 1), ('s:054', 2), ('s:0541', 3))
    """
    return tuple((feature, weights.SUBJECT_DEPTH.get(len(feature) - 2, 1)) for feature in subject_has(codes))


def subject_relevant(codes: tuple[str, ...]) -> frozenset[str]:
    """Return the features of which one makes a profile relevant: the narrow fields of the codes, or the broad if said.

    >>> sorted(subject_relevant(("0541", "0542", "01")))
    ['s:01', 's:054']
    """
    return frozenset(f"s:{code[:3]}" for code in codes)


def level_has(levels: tuple[str, ...]) -> tuple[str, ...]:
    """Return the features of levels: each with the bands it shares with its neighbours.

    >>> level_has(("1", "nf"))
    ('l:0-1', 'l:1', 'l:1-2', 'l:nf')
    """
    return tuple(feature for feature, _ in level_wants(levels))


def level_wants(levels: tuple[str, ...]) -> Wants:
    """Return the wanted levels in units: all for the same level, a part for a neighbour through the common band.

    >>> level_wants(("2",))
    (('l:1-2', 25), ('l:2', 50), ('l:2-3', 25))
    """
    raw: dict[str, int] = {}
    for level in levels:
        raw[f"l:{level}"] = weights.LEVEL_SAME
        for band in (name for name, pair in BANDS.items() if level in pair):
            raw[f"l:{band}"] = raw.get(f"l:{band}", 0) + weights.LEVEL_BAND
    return _shared_out(weights.LEVEL, raw)


def teaching_has(languages: tuple[Language, ...]) -> tuple[str, ...]:
    """Return the features of the languages taught in.

    >>> teaching_has((Language("fr-CA", 7, teaches=True), Language("en", 5)))
    ('t:fr',)
    """
    return tuple(sorted({f"t:{speech_key(language.tag)}" for language in languages if language.teaches}))


def teaching_wants(languages: tuple[Language, ...]) -> Wants:
    """Return the wanted teaching languages in units."""
    return _shared_out(weights.TEACHING, dict.fromkeys(teaching_has(languages), 1))


def tag_has(tags: tuple[str, ...]) -> tuple[str, ...]:
    """Return the features of tags, folded so that case and width don't part them.

    >>> tag_has(("Robotics", "robotics ", ""))
    ('#:robotics',)
    """
    return tuple(sorted({f"#:{folded}" for tag in tags if (folded := normalise(tag))}))


def adjacent_levels(level: str) -> tuple[str, ...]:
    """Return the levels next to `level`.

    >>> adjacent_levels("0"), adjacent_levels("2"), adjacent_levels("nf")
    (('1',), ('1', '3'), ())
    """
    return tuple(other for pair in BANDS.values() if level in pair for other in pair if other != level)


def tag_wants(tags: tuple[str, ...]) -> Wants:
    """Return the wanted tags with their weight before rarity: all alike."""
    return tuple((feature, 1) for feature in tag_has(tags))


def place_has(country: str | None, regions: tuple[str, ...]) -> tuple[str, ...]:
    """Return the features of a place: country and regions, without the world.

    >>> place_has("KE", ("001", "002", "202", "014"))
    ('p:002', 'p:014', 'p:202', 'p:KE')
    """
    codes = {code for code in regions if code != "001"} | ({country} if country else set())
    return tuple(sorted(f"p:{code}" for code in codes))


def place_wants(country: str | None, regions: tuple[str, ...]) -> Wants:
    """Return the wanted places in units: nearness in steps.

    >>> place_wants("KE", ("001", "002", "202", "014"))
    (('p:002', 4), ('p:014', 4), ('p:202', 4), ('p:KE', 8))
    """
    raw = {
        feature: weights.PLACE_COUNTRY if feature == f"p:{country}" else weights.PLACE_REGION
        for feature in place_has(country, regions)
    }
    return _shared_out(weights.PLACE, raw)


def activity_has(side: str, activity: Activity) -> tuple[str, ...]:
    """Return the features of an offer (`side` ``"o"``) or a need (``"n"``).

    Activity, language and subject are one feature together, because an offer meets a need only if all three fit. Each
    of language and subject also stands as ``*`` (any will do), or as ``~`` when it isn't said.

    >>> activity_has("o", Activity("train", "05", "fr"))
    ('o:train|*|*', 'o:train|*|05', 'o:train|fr|*', 'o:train|fr|05')
    """
    tongues = (ANY, speech_key(activity.language) if activity.language else UNSAID)
    subjects = (ANY, *(ancestors(activity.subject) if activity.subject else (UNSAID,)))
    return tuple(f"{side}:{activity.code}|{tongue}|{subject}" for tongue in tongues for subject in subjects)


def activities_have(side: str, activities: tuple[Activity, ...]) -> tuple[str, ...]:
    """Return the features of several offers or needs."""
    return tuple(sorted({feature for activity in activities for feature in activity_has(side, activity)}))


def activities_want(side: str, activities: tuple[Activity, ...]) -> Wants:
    """Return the wanted offers (`side` ``"o"``, for one's needs) or needs (``"n"``, for one's offers), in units.

    >>> activities_want("o", (Activity("train"), Activity("host")))
    (('o:host|*|*', 50), ('o:train|*|*', 50))
    """
    found: dict[str, int] = {}
    for activity, units in activity_shares(activities):
        for feature, percent in activity_wants(side, activity):
            found[feature] = found.get(feature, 0) + units * percent // 100
    return tuple(sorted(found.items()))


def activity_shares(activities: tuple[Activity, ...]) -> list[tuple[Activity, int]]:
    """Share out the units over activities, each counted once.

    >>> [units for _, units in activity_shares((Activity("train"), Activity("host"), Activity("train")))]
    [50, 50]
    """
    distinct = list(set(activities))
    if len(distinct) > 1:
        distinct.sort(key=lambda one: (one.code, one.subject or "", one.language or ""))
    shares = weights.spread(weights.UNITS[weights.OFFERS], [1] * len(distinct))
    return list(zip(distinct, shares, strict=True))


def activity_wants(side: str, activity: Activity) -> Wants:
    """Return the wanted counterparts of one activity, each with how much of it they meet, in percent.

    The same activity, a subject related by prefix or unsaid, and the same language or none said.

    >>> activity_wants("o", Activity("train", "0541"))
    (('o:train|*|05', 40), ('o:train|*|054', 30), ('o:train|*|0541', 30), ('o:train|*|~', 60))
    """
    tongues = (speech_key(activity.language), UNSAID) if activity.language else (ANY,)
    return tuple(
        (f"{side}:{activity.code}|{tongue}|{subject}", percent)
        for tongue in tongues
        for subject, percent in _activity_subjects(activity.subject)
    )


def _activity_subjects(subject: str | None) -> list[tuple[str, int]]:
    if not subject:
        return [(ANY, 100)]
    chain = ancestors(subject)
    percents = weights.ACTIVITY_DEPTH.get(len(chain) + 1, (100,))
    return [*zip(chain, percents, strict=False), (UNSAID, weights.ACTIVITY_ANY_SUBJECT)]


def language_feature(tag: str, level: int, accepts: int) -> str:
    """Return the feature of a working language.

    >>> language_feature("sw", 5, 3)
    'w:sw:53'
    """
    return f"w:{tag}:{level}{accepts}"


def way_of_speaking(feature: str) -> tuple[str, int, int]:
    """Return tag, level and lowest level accepted of the feature of a working language.

    >>> way_of_speaking("w:sw:53")
    ('sw', 5, 3)
    """
    tag, how = feature[2:].rsplit(":", 1)
    return tag, int(how[0]), int(how[1])


def working_languages(languages: tuple[Language, ...]) -> dict[str, tuple[int, int]]:
    """Return ``{tag: (level, lowest level accepted)}``, one entry for each language as spoken.

    Where a profile says one language twice (``pt-BR`` and ``pt-PT``), the better level and the lower demand count.

    >>> working_languages((Language("pt-BR", 7), Language("pt-PT", 5, accepts=2), Language("en", 0)))
    {'pt': (7, 2)}
    """
    found: dict[str, tuple[int, int]] = {}
    for language in languages:
        tag, level, accepts = (
            speech_key(language.tag),
            min(language.level, 7),
            min(max(language.accepts, 1), 7),
        )
        if level > 0 and tag:
            before = found.get(tag, (level, accepts))
            found[tag] = (max(level, before[0]), min(accepts, before[1]))
    return found


def common_languages(mine: Speaks, theirs: Speaks) -> dict[str, tuple[int, int]]:
    """Return the common working languages with the level of each side, the best first.

    Both can work in a language when each speaks it at the level the other accepts.

    >>> common_languages({"sw": (7, 3), "en": (3, 3)}, {"sw": (5, 3), "en": (5, 4)})
    {'sw': (7, 5)}
    """
    found = {
        tag: (level, theirs[tag][0])
        for tag, (level, accepts) in mine.items()
        if tag in theirs and theirs[tag][0] >= accepts and level >= theirs[tag][1]
    }
    return dict(sorted(found.items(), key=lambda item: (-min(item[1]), -max(item[1]), item[0])))


def language_has(languages: tuple[Language, ...]) -> tuple[str, ...]:
    """Return the features of languages: those worked in, for the filter, and those taught in.

    >>> language_has((Language("fr-CA", 7, teaches=True), Language("en", 5)))
    ('t:fr', 'w:en:53', 'w:fr:73')
    """
    spoken = working_languages(languages)
    working = tuple(language_feature(tag, *spoken[tag]) for tag in sorted(spoken))
    return (*teaching_has(languages), *working)


def filter_has(
    kind: str, suggestible: bool, public: bool, placed: bool, not_as: tuple[str, ...] = (), groups: tuple[str, ...] = ()
) -> tuple[str, ...]:
    """Return the features the hard filters need: kind, who may see it and where, whether its country is known.

    >>> filter_has("person", True, False, True, ("bridges",))
    ('k:person', 'k:suggestible', 'k:placed', 'k:not:bridges')
    """
    return (
        f"k:{kind}",
        *(("k:suggestible",) if suggestible else ()),
        *(("k:public",) if suggestible and public else ()),
        *(("k:placed",) if placed else ()),
        *(f"k:not:{one}" for one in not_as),
        *(f"k:of:{group}" for group in groups),
    )


def _shared_out(criterion: int, raw: dict[str, int]) -> Wants:
    features = sorted(raw)
    shares = weights.spread(weights.UNITS[criterion], [raw[feature] for feature in features])
    return tuple(zip(features, shares, strict=True))
