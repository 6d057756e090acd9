"""All message keys of the matching core, each with an English example; whoever shows them translates them.

Named values are codes: the web half puts the names of subjects, levels, languages, activities and countries in their
place, in the reader's language. ``mine`` is of the one who asks, ``theirs`` of the candidate.
"""

from collections.abc import Mapping
from types import MappingProxyType


def N_(text: str) -> str:  # noqa: N802 - gettext's own name for "translate later"
    """Mark `text` for translation and return it unchanged: whoever shows it translates it."""
    return text


CRITERIA_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "subject": "Subject",
        "level": "Level of education",
        "interests": "Interests",
        "tags": "Tags",
        "teaching_language": "Language taught in",
        "language": "Common language",
        "hours": "Working hours",
        "place": "Place",
        "border": "Across a border",
        "history": "Partnerships so far",
        "they_offer": "They offer what you need",
        "you_offer": "You offer what they need",
        "capacity": "Room for new contacts",
        "freshness": "Last confirmed",
        "reach": "People they could bring together with you",
        "far_subject": "Subject, with the other side",
        "far_level": "Level of education, with the other side",
        "far_interests": "Interests, with the other side",
        "far_tags": "Tags, with the other side",
        "far_language": "Common language with the other side",
    }
)
"""The criteria of contributions, with an English name each."""

_REASONS = {
    "subject.same": "You share the subject %(code)s",
    "subject.same_at_level": "You share the subject %(code)s, at the level %(level)s",
    "subject.near": "Your subject %(mine)s is near theirs: both belong to %(code)s",
    "level.same": "You share the level %(level)s",
    "level.near": "Your level %(mine)s is next to theirs, %(theirs)s",
    "interests.words": "Both write about: %(words)s",
    "interests.alike": "What you both write about is alike",
    "tag.same": "You share the tags: %(tags)s",
    "teaching.same": "You both teach in %(tag)s",
    "language.common": "%(tag)s: you %(mine)s, they %(theirs)s",
    "hours.shared": "You share %(half_hours)s half hours of work a day: %(spans)s, your time",
    "place.country": "You are both in %(country)s",
    "place.region": "You are both in %(region)s",
    "place.border": "You are in %(mine)s, they are in %(theirs)s",
    "offer.theirs": "They offer: %(activity)s. You need it",
    "offer.theirs_subject": "They offer: %(activity)s, in %(subject)s. You need it",
    "offer.yours": "You offer: %(activity)s. They need it",
    "offer.yours_subject": "You offer: %(activity)s, in %(subject)s. They need it",
    "capacity.some": "They have room for %(count)s new contacts this month",
    "capacity.full": "They have no room for new contacts this month",
    "freshness.recent": "They confirmed their profile %(days)s days ago",
    "freshness.old": "They last confirmed their profile %(days)s days ago",
    "bridge.reach": "They share a language with %(count)s of your best matches whom you can't talk to directly",
}
_HISTORY = {
    "history.circles": "%(count)s of the %(among)s organisations most like yours have worked with them",
    "history.partners": "%(count)s of your partners worked with them: %(partners)s",
    "history.partners_unnamed": "%(count)s of your partners worked with them",
    "history.programme": "You are both in the programme %(programme)s; they last joined it in %(year)s",
    "history.country": "%(count)s of your partners are in their country, %(theirs)s",
    "history.projects": "They have taken part in %(count)s projects",
    "history.active": "They have joined %(count)s projects since %(year)s",
    "history.far": "No partner in common yet: %(count)s of their partners worked with partners of yours",
    "history.outlook": "They join projects like those you may join next; %(count)s so far",
    "history.yours": "%(count)s of their partners are in your country, %(mine)s",
    "history.kind": "%(count)s of their partners are organisations of your kind, %(kind)s",
    "history.call": "You have both joined projects of one call, %(programmes)s, last in %(year)s",
    "history.crowd": "You are both among the %(count)s partners of the project %(project)s",
    "history.seldom": "Seldom shown to others: on %(count)s of 1,000 first pages",
    "history.often": "Often shown to others: on %(count)s of 1,000 first pages",
}
_FAR_REASONS = {
    "far.subject.same": "They share the subject %(code)s with the other side",
    "far.subject.same_at_level": "They share the subject %(code)s with the other side, at the level %(level)s",
    "far.subject.near": "Their subject is near that of the other side, %(mine)s: both belong to %(code)s",
    "far.level.same": "They share the level %(level)s with the other side",
    "far.level.near": "Their level, %(theirs)s, is next to that of the other side, %(mine)s",
    "far.interests.words": "They and the other side write about: %(words)s",
    "far.interests.alike": "What they and the other side write about is alike",
    "far.tag.same": "They and the other side share the tags: %(tags)s",
    "far.language.common": "%(tag)s: the other side %(mine)s, they %(theirs)s",
}
_GAPS = {
    "gap.subject.theirs": "They also work on subjects you don't name: %(codes)s",
    "gap.subject.mine": "They don't name these subjects of yours: %(codes)s",
    "gap.subject.unsaid": "They haven't said their subjects",
    "gap.level.different": "You have no level in common",
    "gap.level.unsaid": "They haven't said at which level they work",
    "gap.language.basic": "Your common language %(tag)s is at %(level)s: plan for more time",
    "gap.offers.none": "None of your needs meets an offer of theirs",
    "gap.needs.none": "None of your offers meets a need of theirs",
    "gap.hours.none": "You share no working hours",
    "gap.capacity.full": "They have no room for new contacts this month",
    "gap.freshness.old": "They last confirmed their profile %(days)s days ago",
}
_LIST_GAPS = {
    "gap.say.language": "Say which languages you speak, and how well",
    "gap.say.subject": "Say which subjects you teach or work on",
    "gap.say.level": "Say at which level you work",
    "gap.say.country": "Say which country you are in, so that we know who is across a border",
    "gap.say.need": "Say what you need, and those who offer it come first",
    "gap.accept.language": "Accept %(tag)s at %(level)s: %(adds)s more",
    "gap.add.level": "Add the level %(level)s: %(adds)s more",
    "gap.broaden.subject": "Broaden your subject to %(code)s: %(adds)s more",
    "gap.add.need": "Say that you need: %(activity)s. %(adds)s more",
    "gap.add.offer": "Say that you offer: %(activity)s. %(adds)s more",
    "gap.bridge.shared": "No bridge is needed: you both speak %(tag)s",
    "gap.bridge.none_hidden": "No bridge is needed: nobody is out of reach for want of a common language",
}

KEYS: Mapping[str, str] = MappingProxyType({**_REASONS, **_HISTORY, **_FAR_REASONS, **_GAPS, **_LIST_GAPS})
"""Every message key with its English example; the values are in the ``%(name)s`` places."""
