"""The evidence of each criterion: shared features as messages."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

from app.matching import text
from app.matching.criteria import ANY, BANDS, UNSAID
from app.matching.facets import Profile
from app.matching.query import Message

_MOST = 3
_MOST_WORDS = 5
Maker = Callable[[Sequence[str]], tuple[Message, ...]]
Makers = Mapping[str, Maker]
"""What makes messages of the shared features of a criterion, by its name in contributions."""


def subject(features: Sequence[str], asker: Profile) -> tuple[Message, ...]:
    """Return the deepest shared subjects: the same as the asker names, or a common ancestor.

    >>> subject(["s:05", "s:054"], Profile(1, "person", subjects=("0541",)))[0].values["code"]
    '054'
    """
    found = []
    for code in deepest(feature[2:] for feature in features):
        if code in asker.subjects:
            found.append(Message("subject.same", {"code": code}))
        else:
            mine = next((said for said in asker.subjects if said.startswith(code)), code)
            found.append(Message("subject.near", {"code": code, "mine": mine}))
    return tuple(sorted(found, key=lambda one: (one.key != "subject.same", -len(str(one.values["code"])))))[:_MOST]


def level(features: Sequence[str], asker: Profile) -> tuple[Message, ...]:
    """Return the shared levels, or the neighbours if none is shared.

    >>> level(["l:1-2"], Profile(1, "person", levels=("2",)))[0].values["theirs"]
    '1'
    """
    same = sorted(feature[2:] for feature in features if feature[2:] not in BANDS)
    if same:
        return tuple(Message("level.same", {"level": code}) for code in same[:_MOST])
    near = []
    for low, high in sorted(BANDS[feature[2:]] for feature in features):
        mine, theirs = (low, high) if low in asker.levels else (high, low)
        near.append(Message("level.near", {"mine": mine, "theirs": theirs}))
    return tuple(near[:_MOST])


class Interests:
    """Tells which of the asker's words most of the shared n-grams of a word stand for."""

    def __init__(self, asker: Profile) -> None:
        self._words = text.words(asker.interests)
        self._lengths: list[int] = []
        self._places: dict[int, list[int]] = {}
        for place, word in enumerate(self._words):
            grams = text.word_grams(word)
            self._lengths.append(len(grams))
            for gram in grams:
                self._places.setdefault(gram, []).append(place)

    def __call__(self, features: Sequence[str]) -> tuple[Message, ...]:
        """Return the words, or that what both write is alike if none is shared so far."""
        shared = [0] * len(self._words)
        for feature in features:
            for place in self._places.get(int(feature[2:]), ()):
                shared[place] += 1
        words = [word for word, here, of in zip(self._words, shared, self._lengths, strict=True) if 2 * here > of]
        if words:
            return (Message("interests.words", {"words": tuple(words[:_MOST_WORDS])}),)
        return (Message("interests.alike"),)


def tags(features: Sequence[str]) -> tuple[Message, ...]:
    """Return the shared tags."""
    return (Message("tag.same", {"tags": tuple(sorted(feature[2:] for feature in features)[:_MOST_WORDS])}),)


def teaching_language(features: Sequence[str]) -> tuple[Message, ...]:
    """Return the languages both teach in."""
    return tuple(Message("teaching.same", {"tag": feature[2:]}) for feature in sorted(features)[:_MOST])


def place(features: Sequence[str], asker: Profile) -> tuple[Message, ...]:
    """Return the smallest place both are in."""
    shared = {feature[2:] for feature in features}
    if asker.country in shared:
        return (Message("place.country", {"country": asker.country}),)
    region = next((code for code in reversed(asker.regions) if code in shared), min(shared))
    return (Message("place.region", {"region": region}),)


def they_offer(features: Sequence[str]) -> tuple[Message, ...]:
    """Return what they offer and the asker needs."""
    return _activities(features, "offer.theirs")


def you_offer(features: Sequence[str]) -> tuple[Message, ...]:
    """Return what the asker offers and they need."""
    return _activities(features, "offer.yours")


def makers(asker: Profile) -> Makers:
    """Return what makes messages for one who asks."""
    return {
        "subject": partial(subject, asker=asker),
        "level": partial(level, asker=asker),
        "interests": Interests(asker),
        "tags": tags,
        "teaching_language": teaching_language,
        "place": partial(place, asker=asker),
        "they_offer": they_offer,
        "you_offer": you_offer,
    }


def at_level(said: Message, level: str) -> Message:
    """Say at which level a subject is shared; leaves other messages as they are."""
    if said.key != "subject.same":
        return said
    return Message("subject.same_at_level", {**said.values, "level": level})


def their_subject_gaps(theirs: Mapping[str, bool]) -> Iterable[Message]:
    """Yield which of their deepest subjects the asker hasn't, or that they have said none."""
    if not theirs:
        yield Message("gap.subject.unsaid")
    yield from _lacking("gap.subject.theirs", theirs)


def my_subject_gaps(mine: Mapping[str, bool]) -> Iterable[Message]:
    """Yield which of the asker's deepest subjects they haven't."""
    yield from _lacking("gap.subject.mine", mine)


def _lacking(key: str, wanted: Mapping[str, bool]) -> Iterable[Message]:
    lacking = [code for code, shared in wanted.items() if not shared]
    if lacking:
        yield Message(key, {"codes": tuple(lacking[:_MOST])})


def level_gaps(shared: Sequence[bool], said: bool) -> Iterable[Message]:
    """Yield what the levels lack: which of the asker's are shared, and whether the other has said any."""
    if shared and not any(shared):
        yield Message("gap.level.different" if said else "gap.level.unsaid")


def activity_gaps(offers: Sequence[int], needs: Sequence[int]) -> Iterable[Message]:
    """Yield whether no offer meets the asker's needs, or no need their offers."""
    for key, met in (("gap.offers.none", offers), ("gap.needs.none", needs)):
        if met and not any(met):
            yield Message(key)


def deepest(codes: Iterable[str]) -> list[str]:
    """Return the codes that are no ancestor of another.

    >>> deepest(["05", "054", "01"]), deepest([])
    (['01', '054'], [])
    """
    every = sorted(set(codes))  # a code is followed by those it is an ancestor of
    # Nothing follows the last one; of no codes at all there is no last one either.
    return [code for code, after in zip(every, [*every[1:], ""], strict=False) if not after.startswith(code)]


def _activities(features: Sequence[str], key: str) -> tuple[Message, ...]:
    deepest: dict[str, str | None] = {}
    tongues: dict[str, str] = {}
    for feature in sorted(features):
        code, tongue, subject = feature[2:].split("|", 2)
        said = None if subject in (ANY, UNSAID) else subject
        before = deepest.setdefault(code, said)
        deepest[code] = said if len(said or "") > len(before or "") else before
        if tongue not in (ANY, UNSAID):
            tongues[code] = tongue
    return tuple(
        Message(
            f"{key}_subject" if said else key,
            {"activity": code, "subject": said, "language": tongues.get(code)},
        )
        for code, said in sorted(deepest.items())
    )[:_MOST]
