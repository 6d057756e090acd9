"""Short guidance, given where it is needed: each piece in at most ninety words, with why, and where it comes from."""

from __future__ import annotations

from dataclasses import dataclass

from app.core.messages import N_


@dataclass(frozen=True, slots=True)
class Source:
    """Where a piece comes from: who, when, the title in its own language, and where to read more."""

    who: str
    year: int
    title: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Guide:
    """A piece of guidance as it comes with the software; its texts are marked for translation.

    ``paragraphs`` are what to do, ``why`` is the reason, ``when`` tells coordinators where it is shown.
    """

    name: str
    title: str
    paragraphs: tuple[str, ...]
    why: str
    sources: tuple[Source, ...]
    when: str


_UNESCO_COMPETENCES = Source(
    "UNESCO", 2013, "Intercultural Competences: Conceptual and Operational Framework",
    "https://unesdoc.unesco.org/ark:/48223/pf0000219768",
)  # fmt: skip
_HALL_CONTEXT = Source("Edward T. Hall", 1976, "Beyond Culture")
_HALL_TIME = Source("Edward T. Hall", 1983, "The Dance of Life: The Other Dimension of Time")
_MEYER = Source("Erin Meyer", 2014, "The Culture Map")
_BRETT = Source(
    "Jeanne Brett, Kristin Behfar, Mary C. Kern", 2006, "Managing Multicultural Teams (Harvard Business Review)",
    "https://hbr.org/2006/11/managing-multicultural-teams",
)  # fmt: skip
_NEELEY = Source(
    "Tsedal Neeley", 2015, "Global Teams That Work (Harvard Business Review)",
    "https://hbr.org/2015/10/global-teams-that-work",
)  # fmt: skip
_WENGER = Source(
    "Etienne and Beverly Wenger-Trayner", 2015, "Introduction to communities of practice",
    "https://www.wenger-trayner.com/introduction-to-communities-of-practice/",
)  # fmt: skip
_POLITENESS = Source(
    "Penelope Brown, Stephen C. Levinson", 1987, "Politeness: Some Universals in Language Usage"
)  # fmt: skip

GUIDES = (
    Guide(
        "first_post",
        N_("Before your first post"),
        (
            N_(
                "Say who you are, where you teach, and what you would like. "
                "Write in the language you write best, in short sentences."
            ),
            N_(
                "Say the important thing outright, also when it would be clear to people at home. "
                "Leave out sayings and local abbreviations."
            ),
            N_("If an answer seems abrupt, or does not come, ask what was meant before you judge."),
        ),
        N_(
            "People here come from different places. How much is said in words, and how much is left to be understood, "
            "differs from place to place."
        ),
        (_HALL_CONTEXT, _BRETT, _UNESCO_COMPETENCES, _WENGER),
        N_("Before somebody's first post, where members come from three countries or speak two languages."),
    ),
    Guide(
        "declining",
        N_("A no that leaves the door open"),
        (
            N_(
                "Thank them, then say clearly that it does not suit you, and give one reason. "
                "If you can, name another way: a later time, a person, a community."
            ),
            N_(
                "A “perhaps” that means no lets people wait. "
                "A no without a word can hurt more than you mean it to. Two sentences are enough."
            ),
        ),
        N_(
            "A refusal touches the standing of both sides everywhere, but how directly it is said differs: "
            "what is honest in one place is rude in another."
        ),
        (_POLITENESS, _MEYER),
        N_("When somebody declines an introduction."),
    ),
    Guide(
        "scheduling",
        N_("Before you choose a time"),
        (
            N_(
                "Ask what each person's week is like: working days, prayers, school runs, market days and electricity "
                "differ. Look at the night hours and holidays shown here."
            ),
            N_(
                "If no time suits everyone, take turns, so that the same people are not always tired. "
                "Say how exact the beginning is, and write down what was said for those who could not come."
            ),
        ),
        N_(
            "In some places a time is a promise to the minute, in others it follows the people who meet. "
            "Neither is careless; saying it helps."
        ),
        (_HALL_TIME, _MEYER),
        N_("Where a time for an event is looked for."),
    ),
    Guide(
        "one_country",
        N_("Whose voice is missing?"),
        (
            N_(
                "Most of the recent posts in this thread come from one country. That is nobody's fault. "
                "Before you write, you could ask how others see it, by name or by language."
            ),
            N_(
                "Explain what only people at home would know: school forms, offices, exams. "
                "Leave a few days before something is decided here."
            ),
        ),
        N_(
            "Where one group is larger, the others often feel that the decision is made elsewhere, "
            "and those who write in a second language speak up less."
        ),
        (_NEELEY, _BRETT),
        N_(
            "In a thread of eight posts or more, of which seven in ten come from one country, "
            "when members come from several."
        ),
    ),
)
BY_NAME = {guide.name: guide for guide in GUIDES}
