"""What the health page says about figures, and what one can do: a sentence or two that follow from the value."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from flask_babel import format_percent, format_timedelta, ngettext
from flask_babel import gettext as _

from app.core.web.i18n import current_locale, side_by_side
from app.core.web.pages import link_for
from app.features.communities.queries.health_report import GONE, KEEPERS, UNKNOWN, Answers, Languages, Report
from app.features.profiles.views.cards import word
from app.features.vocabularies.queries import label
from app.matching.participation import Coarse, Group

# Half of the posts from so small a part of those who write: a few carry the talk.
FEW = 0.15
# A group that writes half as much as its number would let expect is heard little; twice as much: it is heard a lot.
LITTLE, MUCH = 0.5, 2.0


@dataclass(frozen=True, slots=True)
class Advice:
    """What one can do, and the page for it; ``matter``: in one line what calls for it, if something does."""

    text: str
    href: str | None = None
    link: str = ""
    matter: str = ""


def percent(share: float) -> str:
    """A share as the reader writes it, whole per cents."""
    return str(format_percent(round(share, 2)))


def time_text(span: timedelta) -> str:
    """A span of time in its largest unit."""
    return str(format_timedelta(span, threshold=1.5))


def language(tag: str) -> str:
    """A language in the reader's own."""
    return label("language", tag, current_locale().code)


def place(key: str) -> str:
    """A country, a continent, or one of the groups that are neither."""
    words = {UNKNOWN: _("Country not given"), GONE: _("People who left"), "": _("Others, together")}
    if key.isdigit():
        return _("%(region)s, other countries", region=word("region", key))
    return words.get(key) or word("country", key)


def part(key: str) -> str:
    """A role, or one of the groups that are none."""
    words = {
        KEEPERS: _("Facilitators and coordinators"),
        GONE: _("People who left"),
        "": _("Everybody together"),
    }
    return words.get(key) or _("Members")


def groups_of(found: Coarse) -> list[Group]:
    """The groups to show, what was joined at the end."""
    return [*found.shown, *([found.others] if found.others is not None else [])]


def heard(report: Report, slug: str) -> Advice:
    """About countries: who is heard less or more than their number."""
    groups = [group for group in report.countries.shown if group.key not in (UNKNOWN, GONE)]
    members, posts = report.members or 1, report.posts
    thread = link_for("communities.new_thread", slug=slug) or link_for("communities.list_threads", slug=slug)
    if not posts or len(groups_of(report.countries)) < 2:
        return Advice(
            _("When people from more countries belong and write, you see here whether all of them are heard."),
            link_for("communities.list_invitations", slug=slug), _("Invite people"),
        )  # fmt: skip
    ratios = {group.key: (group.counts[1] / posts) / (group.counts[0] / members) for group in groups if group.counts[0]}
    quiet = [key for key, ratio in ratios.items() if ratio <= LITTLE]
    loud = [key for key, ratio in ratios.items() if ratio >= MUCH]
    if quiet:
        names = side_by_side(place(key) for key in quiet[:3])
        return Advice(
            _("Heard less than their number: %(places)s. Ask there for an experience, in a language they write "
              "gladly, and wait a week before the answers from elsewhere fill the thread.", places=names),
            thread, _("Begin a thread"), _("Some are heard less than their number: %(places)s.", places=names),
        )  # fmt: skip
    if loud:
        names = side_by_side(place(key) for key in loud[:3])
        return Advice(
            _("Heard more than their number: %(places)s. Examples from one country can make the others silent: say "
              "where an example comes from, and ask how it is elsewhere.", places=names),
            thread, _("Begin a thread"), _("Some are heard more than their number: %(places)s.", places=names),
        )  # fmt: skip
    return Advice(_("Go on like this: each country is heard about as much as its number."))


def evenness(report: Report, slug: str) -> Advice:
    """About how many carry the talk."""
    silent = report.members - report.authors
    if report.half <= max(1, FEW * report.authors):
        return Advice(
            _("A few carry the talk. Ask others by name for one sentence, let somebody else open the next thread, and "
              "leave a question open for some days before you answer it yourself."),
            link_for("communities.list_members", slug=slug), _("See the members"), _("A few people carry the talk."),
        )  # fmt: skip
    if silent > report.authors:
        return Advice(
            _("Those who write share it well, but most members only read. That is fine for many; a question that can "
              "be answered in one line brings some of them in."),
            link_for("communities.list_threads", slug=slug), _("See the threads"),
        )  # fmt: skip
    return Advice(_("Go on like this: many carry the talk together."))


def evenness_word(value: float) -> str:
    """The coefficient in words."""
    if value < 0.45:
        return _("well shared")
    return _("unevenly shared") if value < 0.7 else _("very unevenly shared")


def welcome(newcomers: Answers, slug: str) -> Advice:
    """About those who wrote for the first time."""
    page = link_for("communities.newcomers", slug=slug)
    if newcomers.waiting:
        return Advice(
            _("Somebody wrote for the first time and was never answered. One friendly line is enough; who it is "
              "stands on the page of newcomers."),
            link_for("communities.newcomers", slug=slug, unanswered=1), _("Answer them"),
            _("Somebody new wrote and was never answered."),
        )  # fmt: skip
    if newcomers.typical is not None and newcomers.typical > timedelta(days=2):
        return Advice(
            _("Newcomers wait long for a first answer. More people who gladly welcome others would help."),
            page, _("See the newcomers"), _("Newcomers wait long for a first answer."),
        )  # fmt: skip
    return Advice(_("Nobody who wrote for the first time waits for an answer."))


def crossing(report: Report, slug: str) -> Advice:
    """About answers across borders and languages."""
    share = report.across_borders
    if share is not None and share < 0.2:
        return Advice(
            _("Most answers stay within one country. Invite two people from different countries to tell how they do "
              "the same thing, or meet at a time that is fair to all."),
            link_for("events.list_events", slug=slug), _("Plan an event"),
            _("Most answers stay within one country."),
        )  # fmt: skip
    if report.across_languages is not None and report.across_languages < 0.1 and len(report.languages.offered) > 1:
        return Advice(
            _("Languages hardly meet. Translate a good post into another of your languages and ask for an answer."),
            link_for("renditions.index"), _("Translate something"), _("Languages hardly meet."),
        )  # fmt: skip
    return Advice(_("Say thank you where somebody answers across a border or a language: it costs them more."))


def speaking(found: Languages, slug: str, coordinates: bool) -> list[Advice]:
    """About languages offered and languages present."""
    advice = []
    if found.unoffered:
        names = side_by_side(language(tag) for tag in found.unoffered)
        settings = link_for("communities.show_settings", slug=slug) if coordinates else None
        advice.append(
            Advice(
                _("Many members work in %(languages)s, which the community does not offer yet.", languages=names),
                settings,
                _("Change the languages"),
                _("Many members work in a language that is not offered: %(languages)s.", languages=names),
            )
        )
    if found.missing:
        names = side_by_side(language(tag) for tag in found.missing)
        advice.append(
            Advice(
                _(
                    "The community offers %(languages)s, but hardly anybody works in it. Invite people who do.",
                    languages=names,
                ),
                link_for("communities.list_invitations", slug=slug),
                _("Invite people"),
                _("Offered, and hardly anybody works in it: %(languages)s.", languages=names),
            )
        )
    return advice or [Advice(_("The languages you offer are those your members work in."))]


def wishing(report: Report) -> Advice:
    """About translations that are wished for."""
    number = sum(count for _tag, count in report.wishes)
    if not number:
        return Advice(_("Nobody waits for a translation."))
    text = ngettext(
        "%(num)s translation is wished for and not written yet. Ask members who have both languages.",
        "%(num)s translations are wished for and not written yet. Ask members who have both languages.",
        number,
    )
    return Advice(str(text), link_for("renditions.index"), _("See what you could translate"))


def trend(report: Report, slug: str) -> Advice:
    """About whether more or less is written than before."""
    half = len(report.weeks) // 2
    before, after = (sum(week.posts for week in weeks) for weeks in (report.weeks[:half], report.weeks[half:]))
    threads = link_for("communities.list_threads", slug=slug)
    if before and after < before / 2:
        return Advice(
            _("It becomes quieter. Ask what people work on this month, or meet: one hour together often starts "
              "several threads."),
            link_for("events.list_events", slug=slug) or threads, _("Plan an event"),
            _("It becomes quieter."),
        )  # fmt: skip
    if after > 2 * before and after >= 10:
        return Advice(
            _("It becomes livelier. Newcomers lose their way in many threads: pin the one to begin with."),
            threads, _("See the threads"),
        )  # fmt: skip
    return Advice(_("About as much is written as before."))
