"""What the canvas of a new community begins with: each template explains itself and brings texts to change."""

from __future__ import annotations

from dataclasses import dataclass

from app.core.messages import N_
from app.features.communities.models import CANVAS_PARTS


@dataclass(frozen=True, slots=True)
class Template:
    """A kind of community: what it is called, when it suits, and how its canvas begins."""

    code: str
    title: str
    suits: str
    domain: str
    people: str
    practice: str
    first_months: str


TEMPLATES = (
    Template(
        "subject",
        N_("A subject network"),
        N_("For those who teach the same subject and want to share what they make and what they learn."),
        N_("We care about how our subject is taught and learnt, and about "
           "open materials for it that everyone may adapt."),
        N_("Teachers of this subject, beginners and experienced ones, and those who train them."),
        N_("- share lessons and exercises that worked\n- adapt each other's "
           "open materials\n- answer each other's questions"),
        N_("- first month: we introduce ourselves, each with one lesson we like\n"
           "- second month: we adapt one open material together\n- third "
           "month: we try it in class and tell how it went"),
    ),
    Template(
        "language",
        N_("A language network"),
        N_("For those who teach in the same language, whatever their subject and country."),
        N_("We care about learning in our language, and about open "
           "materials in it, made, translated or adapted by us."),
        N_("Everyone who teaches in our language or writes and translates materials in it."),
        N_("- list what exists in our language\n- translate and review in pairs\n- agree on words for new terms"),
        N_("- first month: we list the open materials we know\n"
           "- second month: we choose one to translate, in parts\n- third month: we review it and use it in class"),
    ),
    Template(
        "region",
        N_("A regional network"),
        N_("For neighbours: the same part of the world, similar schools, similar means."),
        N_("We care about open education that fits our region: our curricula, "
           "our languages, our electricity and networks."),
        N_("Teachers and institutions of the region, from town and village alike."),
        N_("- adapt open materials to our curricula\n- share what works with little electricity and few devices\n"
           "- visit each other, or meet from afar"),
        N_("- first month: each tells what their school has and needs\n"
           "- second month: we adapt one material to our conditions\n- third month: five schools try it"),
    ),
    Template(
        "level",
        N_("A network of a level"),
        N_("For those whose learners are of the same age, from early childhood to adults."),
        N_("We care about learners of this age: how they learn, and open materials that suit them."),
        N_("Those who teach at this level, in any subject, and those who support them."),
        N_("- share what engages learners of this age\n- watch and discuss short "
           "lessons\n- choose open materials that suit them"),
        N_("- first month: each shares one thing that works with this age\n"
           "- second month: we choose open materials together\n- third month: we try one of them and compare"),
    ),
    Template(
        "project",
        N_("A project"),
        N_("For a group that wants to make one thing together, openly and in a certain time."),
        N_("We are making something together: say here what it is, for whom, "
           "and how one will know that it is finished."),
        N_("Those who write, translate, review or try it out. Say here whom you still need."),
        N_("- divide the work into small pieces\n- show unfinished work "
           "early\n- review each other before publishing"),
        N_("- first month: we agree on the plan and on who does what\n"
           "- second month: a first draft of everything\n- third month: review, corrections, publishing"),
    ),
    Template(
        "circle",
        N_("An intercultural circle"),
        N_("For people from different cultures who want to understand how others teach and learn."),
        N_("We care about understanding each other: how teaching and learning "
           "differ between us, and what we can learn from it."),
        N_("A small group from at least three countries, curious and patient."),
        N_("- one question each month, answered by everyone from their own experience\n"
           "- describe before judging\n- write down what surprised us"),
        N_("- first month: how does a school day begin where you are?\n"
           "- second month: what does a good question look like?\n- third "
           "month: what do we want to try from each other?"),
    ),
)  # fmt: skip
BY_CODE = {template.code: template for template in TEMPLATES}

_SHARED = {
    "languages": N_("Everyone writes in the language they know best. We help each other with "
                    "translations, and say what we did not understand."),
    "rhythm": N_("One question or task every two weeks, and one event a month for "
                 "those who can. Reading along is welcome, too."),
    "success": N_("After three months: at least ten members have written, newcomers are answered "
                  "within two days, and one material is better than before."),
}  # fmt: skip

PART_TITLES = {
    "domain": N_("What we are about"),
    "people": N_("Who we are"),
    "practice": N_("What we do together"),
    "languages": N_("Our languages"),
    "rhythm": N_("Our rhythm"),
    "first_months": N_("The first three months"),
    "success": N_("What success looks like"),
}


def starting_canvas(template: str) -> dict[str, str]:
    """The canvas of a new community, part by part: message keys, to be translated into its language."""
    chosen = BY_CODE.get(template, TEMPLATES[0])
    own = {part: str(getattr(chosen, part)) for part in ("domain", "people", "practice", "first_months")}
    return {part: {**_SHARED, **own}[part] for part in CANVAS_PARTS}
