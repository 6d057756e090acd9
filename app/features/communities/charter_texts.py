"""What a charter may begin with: texts for each template, in the catalogue's English until somebody translates them."""

from __future__ import annotations

from app.core.messages import N_
from app.features.communities.models import CHARTER_PARTS

PART_LABELS = {
    "purpose": N_("What we are here for"),
    "welcome": N_("Who is welcome, and how"),
    "talk": N_("How we talk with each other"),
    "decide": N_("How we decide"),
    "languages": N_("Our languages"),
    "licence": N_("What becomes of what we make"),
    "conflicts": N_("When we do not agree"),
}

PART_HINTS = {
    "purpose": N_("In two or three sentences: what you care about together, and for whom."),
    "welcome": N_("Who can join, and what a newcomer can expect in the first days."),
    "talk": N_("What makes it safe to ask, to answer and to say no here."),
    "decide": N_("Who decides what, how everyone is heard, and how long you wait for answers."),
    "languages": N_("Which languages people may write in, and how everyone comes to understand."),
    "licence": N_("The licence is chosen below; here are the words around it."),
    "conflicts": N_("Whom to turn to first, what happens then, and what happens last."),
}

_PURPOSES = {
    "subject": N_(
        "We teach the same subject. We share open materials and what we learn from using them, "
        "so that nobody has to begin alone."
    ),
    "language": N_(
        "We teach in the same language. We find, make and translate open materials in it, "
        "so that learners meet knowledge in words they know."
    ),
    "region": N_(
        "We work in the same part of the world. We adapt open materials to our schools, our learners and our means, "
        "and we help each other to make it last."
    ),
    "level": N_(
        "We teach learners of the same age. We share open materials that suit them, and what we learn from using them."
    ),
    "project": N_(
        "We have come together to make something, openly and within a time we agree on. "
        "What we make stays free for everyone to use and adapt."
    ),
    "circle": N_(
        "We come from different places and languages to listen to each other and to learn how others teach and learn. "
        "From this grows work that we could not do alone."
    ),
}

_COMMON = {
    "welcome": N_(
        "Everyone who shares this purpose is welcome, whatever their country, language, school or experience. "
        "Each newcomer is greeted by name and shown where to begin. No question is too small."
    ),
    "talk": N_(
        "We write in plain words and assume that others mean well. We speak about work, not about persons. "
        "Being direct is polite in some places and hurtful in others, so we ask before we judge. "
        "Silence can mean many things: we ask what it means."
    ),
    "decide": N_(
        "Small things are decided by those who do them. What concerns everyone is announced here, stays open "
        "for at least one week, and is decided when all objections have been heard. "
        "Nobody who was asleep or offline loses their say."
    ),
    "languages": N_(
        "Everyone writes in the language they write best. We translate for each other, "
        "and important decisions are put into every language of the community. Nobody apologises for their language."
    ),
    "licence": N_(
        "What we make together carries the licence named here, so that others may use, adapt and share it. "
        "Everyone who took part is named. What we take from others keeps its own licence."
    ),
    "conflicts": N_(
        "We first speak with the person concerned, kindly and in private. If that does not help, "
        "we ask a facilitator to listen to both sides. The coordinators decide last, say why, and write it down. "
        "Whoever disagrees may turn to the moderators of the platform."
    ),
}

_OTHERWISE = {
    ("circle", "talk"): N_(
        "We listen first, and to the end. Each of us speaks from their own experience and for nobody else. "
        "We ask what a word or a custom means before we judge it. What is told here about a life stays here."
    ),
    ("language", "languages"): N_(
        "We write in our common language, in any of its forms: every accent and every spelling is welcome. "
        "Other languages are welcome too, with a short summary in ours."
    ),
    ("project", "decide"): N_(
        "We agree at the start on who does what and until when. Changes to the plan are announced here and stay open "
        "for three days. If we cannot agree, the person who does the work decides and says why."
    ),
}


def default_parts(template: str) -> dict[str, str]:
    """What the charter of a new community says at first, part by part: message keys, to be translated when shown."""
    texts = {"purpose": _PURPOSES.get(template, _PURPOSES["subject"]), **_COMMON}
    return {part: _OTHERWISE.get((template, part), texts[part]) for part in CHARTER_PARTS}
