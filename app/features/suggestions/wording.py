"""The reasons and gaps of the matching core, in words and in the reader's language.

The core speaks in keys and codes (`app.matching.messages`); here each key has its sentence, and each code gives way to
the name it has in the vocabularies. A test checks that no key lacks its sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import time

from babel.lists import format_list
from flask_babel import format_decimal, format_time, get_locale, gettext, ngettext

from app.core.messages import N_, NN_
from app.core.web.i18n import current_locale
from app.features.vocabularies.queries import label
from app.matching.query import Contribution, Gap, Message, Value

CRITERIA = {
    "subject": N_("Subject"),
    "level": N_("Level of education"),
    "interests": N_("Interests"),
    "tags": N_("Tags"),
    "teaching_language": N_("Language of teaching"),
    "language": N_("Common language"),
    "place": N_("Place"),
    "hours": N_("Working hours"),
    "border": N_("Across a border"),
    "history": N_("Partnerships so far"),
    "they_offer": N_("They offer what you need"),
    "you_offer": N_("You offer what they need"),
    "capacity": N_("Room for new contacts"),
    "freshness": N_("Last confirmed"),
    "reach": N_("People you could reach through them"),
    "far_subject": N_("Subject, with the other side"),
    "far_level": N_("Level of education, with the other side"),
    "far_interests": N_("Interests, with the other side"),
    "far_tags": N_("Tags, with the other side"),
    "far_language": N_("Common language with the other side"),
}
# What crosses a border or a language; only that may be marked in the warm colour.
CROSSING = frozenset({"border", "reach", "far_language"})

SENTENCES = {
    "subject.same": N_("You both work on %(code)s"),
    "subject.same_at_level": N_("You both work on %(code)s (%(level)s)"),
    "subject.near": N_("Your %(mine)s is close to what they do: both belong to %(code)s"),
    "level.same": N_("You both work at: %(level)s"),
    "level.near": N_("Your level, %(mine)s, is next to theirs, %(theirs)s"),
    "interests.words": N_("You both write about %(words)s"),
    "interests.alike": N_("What you both write about is alike"),
    "tag.same": N_("You share the tags %(tags)s"),
    "teaching.same": N_("You both teach in %(tag)s"),
    "language.common": N_("%(tag)s: you %(mine)s, they %(theirs)s"),
    "place.country": N_("You are both in %(country)s"),
    "place.region": N_("You are both in %(region)s"),
    "place.border": N_("You are in %(mine)s, they are in %(theirs)s"),
    "offer.theirs": N_("You need and they offer: %(activity)s"),
    "offer.theirs_subject": N_("You need and they offer: %(activity)s, in %(subject)s"),
    "offer.yours": N_("They need and you offer: %(activity)s"),
    "offer.yours_subject": N_("They need and you offer: %(activity)s, in %(subject)s"),
    "capacity.full": N_("They have no room for new contacts this month"),
    "history.programme": N_("You are both in the programme %(programme)s; they last joined it in %(year)s"),
    "history.call": N_("You have both joined projects of one call, %(programmes)s, last in %(year)s"),
    "far.subject.same": N_("They and the other side both work on %(code)s"),
    "far.subject.same_at_level": N_("They and the other side both work on %(code)s (%(level)s)"),
    "far.subject.near": N_("What the other side does, %(mine)s, is close to theirs: both belong to %(code)s"),
    "far.level.same": N_("They and the other side both work at: %(level)s"),
    "far.level.near": N_("Their level, %(theirs)s, is next to that of the other side, %(mine)s"),
    "far.interests.words": N_("They and the other side both write about %(words)s"),
    "far.interests.alike": N_("What they and the other side write about is alike"),
    "far.tag.same": N_("They and the other side share the tags %(tags)s"),
    "far.language.common": N_("%(tag)s: the other side %(mine)s, they %(theirs)s"),
    "gap.subject.theirs": N_("they also work on what you don't name: %(codes)s"),
    "gap.subject.mine": N_("they don't name %(codes)s"),
    "gap.subject.unsaid": N_("they haven't said their subjects"),
    "gap.level.different": N_("you have no level in common"),
    "gap.level.unsaid": N_("they haven't said at which level they work"),
    "gap.language.basic": N_("your common language, %(tag)s, is at %(level)s: plan for more time"),
    "gap.offers.none": N_("none of your needs meets an offer of theirs"),
    "gap.needs.none": N_("none of your offers meets a need of theirs"),
    "gap.hours.none": N_("you share no working hours"),
    "gap.capacity.full": N_("they have no room for new contacts this month"),
    "gap.say.language": N_("Say which languages you speak, and how well"),
    "gap.say.subject": N_("Say what you teach or work on"),
    "gap.say.level": N_("Say at which level you work"),
    "gap.say.country": N_("Say which country you are in, so that it is known who is across a border"),
    "gap.say.need": N_("Say what you need, and those who offer it come first"),
    "gap.bridge.shared": N_("No bridge is needed: you both speak %(tag)s"),
    "gap.bridge.none_hidden": N_("No bridge is needed: nobody is out of reach for want of a common language"),
}
COUNTED = {
    "hours.shared": NN_(
        "You share %(hours)s working hour on a usual day: %(spans)s, your time",
        "You share %(hours)s working hours on a usual day: %(spans)s, your time",
    ),
    "capacity.some": NN_(
        "They have room for %(num)s new contact this month", "They have room for %(num)s new contacts this month"
    ),
    "freshness.recent": NN_(
        "They confirmed their profile %(num)s day ago", "They confirmed their profile %(num)s days ago"
    ),
    "freshness.old": NN_(
        "They last confirmed their profile %(num)s day ago", "They last confirmed their profile %(num)s days ago"
    ),
    "bridge.reach": NN_(
        "They share a language with %(num)s of your best matches whom you cannot talk to directly",
        "They share a language with %(num)s of your best matches whom you cannot talk to directly",
    ),
    "history.partners": NN_(
        "%(num)s of your partners has worked with them: %(partners)s",
        "%(num)s of your partners have worked with them: %(partners)s",
    ),
    "history.partners_unnamed": NN_(
        "%(num)s of your partners has worked with them", "%(num)s of your partners have worked with them"
    ),
    "history.circles": NN_(
        "%(num)s of the %(among)s organisations most like yours has worked with them",
        "%(num)s of the %(among)s organisations most like yours have worked with them",
    ),
    "history.country": NN_(
        "%(num)s of your partners is in their country, %(theirs)s",
        "%(num)s of your partners are in their country, %(theirs)s",
    ),
    "history.projects": NN_("They have taken part in %(num)s project", "They have taken part in %(num)s projects"),
    "history.active": NN_(
        "They have joined %(num)s project since %(year)s", "They have joined %(num)s projects since %(year)s"
    ),
    "history.far": NN_(
        "No partner in common yet: %(num)s of their partners has worked with partners of yours",
        "No partner in common yet: %(num)s of their partners have worked with partners of yours",
    ),
    "history.outlook": NN_(
        "They join projects like those you may join next; %(num)s so far",
        "They join projects like those you may join next; %(num)s so far",
    ),
    "history.yours": NN_(
        "%(num)s of their partners is in your country, %(mine)s",
        "%(num)s of their partners are in your country, %(mine)s",
    ),
    "history.kind": NN_(
        "%(num)s of their partners is an organisation of your kind, %(kind)s",
        "%(num)s of their partners are organisations of your kind, %(kind)s",
    ),
    "history.crowd": NN_(
        "You are both among the %(num)s partners of the project %(project)s",
        "You are both among the %(num)s partners of the project %(project)s",
    ),
    "history.seldom": NN_(
        "Seldom shown to others: on %(num)s of 1,000 first pages",
        "Seldom shown to others: on %(num)s of 1,000 first pages",
    ),
    "history.often": NN_(
        "Often shown to others: on %(num)s of 1,000 first pages",
        "Often shown to others: on %(num)s of 1,000 first pages",
    ),
    "gap.accept.language": NN_(
        "Accept %(tag)s at %(level)s: %(num)s more", "Accept %(tag)s at %(level)s: %(num)s more"
    ),
    "gap.add.level": NN_("Add the level %(level)s: %(num)s more", "Add the level %(level)s: %(num)s more"),
    "gap.broaden.subject": NN_(
        "Broaden your subject to %(code)s: %(num)s more", "Broaden your subject to %(code)s: %(num)s more"
    ),
    "gap.add.need": NN_(
        "Say that you need this: %(activity)s. %(num)s more", "Say that you need this: %(activity)s. %(num)s more"
    ),
    "gap.add.offer": NN_(
        "Say that you offer this: %(activity)s. %(num)s more", "Say that you offer this: %(activity)s. %(num)s more"
    ),
    "gap.freshness.old": NN_(
        "they last confirmed their profile %(num)s day ago", "they last confirmed their profile %(num)s days ago"
    ),
}
CONFIRMED_TODAY = N_("They confirmed their profile today")
NATIVE = N_("native")

Naming = Callable[[str], str]
_NUMBERS = ("count", "days", "adds")


def _named(scheme: str) -> Naming:
    return lambda code: label(scheme, code, current_locale().code)


def _proficiency(level: str) -> str:
    return gettext(NATIVE) if level == "native" else level


def _apart(name: str) -> str:
    """A name told apart from the sentence around it, which may run the other way."""
    return f"\u2068{name}\u2069"


_subject, _level, _country = _named("subject"), _named("level"), _named("country")
_BY_NAME: dict[str, Naming] = {
    "code": _subject,
    "codes": _subject,
    "subject": _subject,
    "level": _level,
    "tag": _named("language"),
    "country": _country,
    "region": _named("region"),
    "activity": _named("activity"),
    "partners": _apart,
    "programme": _apart,
    "programmes": _apart,
    "project": _apart,
    "kind": _apart,
}
# What "mine", "theirs" and "level" are of depends on what is spoken about.
_BY_TOPIC: dict[tuple[str, str], Naming] = {
    ("subject.near", "mine"): _subject,
    ("level.near", "mine"): _level,
    ("level.near", "theirs"): _level,
    ("language.common", "mine"): _proficiency,
    ("language.common", "theirs"): _proficiency,
    ("place.border", "mine"): _country,
    ("place.border", "theirs"): _country,
    ("history.country", "theirs"): _country,
    ("history.yours", "mine"): _country,
    ("gap.language.basic", "level"): _proficiency,
    ("gap.accept.language", "level"): _proficiency,
}


def listed(words: Iterable[str]) -> str:
    """Words as a list, as the reader's language writes it."""
    return format_list(list(words), "standard", locale=get_locale() or "en")


def _said(key: str, name: str, value: Value) -> str:
    naming = _BY_TOPIC.get((key.removeprefix("far."), name)) or _BY_NAME.get(name, str)
    if isinstance(value, tuple):
        return listed(naming(str(one)) for one in value)
    return "" if value is None else naming(str(value))


def _clock(minute: int) -> str:
    return str(format_time(time(minute // 60 % 24, minute % 60), "short", rebase=False))


def _say_hours(values: Mapping[str, Value]) -> str:
    """How many working hours are shared, and when, by the reader's own clock."""
    minutes = [int(one) for one in values["spans"]]  # type: ignore[union-attr, arg-type]
    spans = (f"{_clock(begin)}–{_clock(end)}" for begin, end in zip(minutes[::2], minutes[1::2], strict=True))
    half_hours = int(str(values["half_hours"]))
    # An hour and a half is more than one, in the grammar of most languages.
    number = half_hours // 2 + half_hours % 2
    return ngettext(*COUNTED["hours.shared"], number, hours=format_decimal(half_hours / 2), spans=listed(spans))


def say(message: Message) -> str:
    """A message of the core as a sentence."""
    key, number = message.key, 0
    if key == "hours.shared":
        return _say_hours(message.values)
    values: dict[str, str] = {}
    for name, value in message.values.items():
        if name in _NUMBERS:
            number = int(str(value))
        else:
            values[name] = _said(key, name, value)
    if key == "freshness.recent" and number == 0:
        return gettext(CONFIRMED_TODAY)
    if key in COUNTED:
        return ngettext(*COUNTED[key], number, **values)
    return gettext(SENTENCES[key], **values) if values else gettext(SENTENCES[key])


def name_of(criterion: str) -> str:
    """What a criterion is called."""
    return gettext(CRITERIA[criterion])


# Said of several things at once, rather than a sentence for each: by which value such messages differ.
_TOGETHER = {
    "subject.same": "code",
    "subject.same_at_level": "code",
    "level.same": "level",
    "teaching.same": "tag",
    "offer.theirs": "activity",
    "offer.yours": "activity",
    "place.country": "country",
}


def _gathered(messages: Iterable[Message]) -> Iterator[Message]:
    """Messages that differ in one value alone become one, in the place of the first."""
    groups: dict[tuple[str, object], list[Message]] = {}
    for message in messages:
        name = _TOGETHER.get(message.key.removeprefix("far."))
        rest = tuple(sorted((k, v) for k, v in message.values.items() if k != name)) if name else id(message)
        groups.setdefault((message.key, rest), []).append(message)
    for (_key, _rest), same in groups.items():
        first, name = same[0], _TOGETHER.get(same[0].key.removeprefix("far."))
        if len(same) > 1 and name:
            together = tuple(str(one.values[name]) for one in same)
            yield Message(first.key, {**first.values, name: together})
        else:
            yield first


def evidence_of(contribution: Contribution) -> str:
    """On what a contribution rests; the name of its criterion where there is nothing more to say."""
    said = (say(message) for message in _gathered(contribution.evidence))
    return " · ".join(said) or name_of(contribution.criterion)


# Which reason already names the level that the subject would name again.
_LEVEL_OF = {"subject": "level", "far_subject": "far_level"}


def weightiest_first(contributions: Sequence[Contribution]) -> list[Contribution]:
    """Contributions in the order in which they are told everywhere, each saying what no other says already."""
    criteria = {one.criterion for one in contributions}
    said = (_without_level(one) if _LEVEL_OF.get(one.criterion) in criteria else one for one in contributions)
    return sorted(said, key=lambda one: -one.points)


def _without_level(one: Contribution) -> Contribution:
    """The subjects alone, where a reason of its own already names the level."""
    said = (_bare(message) if message.key.endswith("subject.same_at_level") else message for message in one.evidence)
    return replace(one, evidence=tuple(said))


def _bare(message: Message) -> Message:
    values = {name: value for name, value in message.values.items() if name != "level"}
    return Message(message.key.removesuffix("_at_level"), values)


def say_gaps(gaps: Iterable[Gap]) -> list[str]:
    """Gaps in words, in their order."""
    return [say(gap.message) for gap in gaps]
