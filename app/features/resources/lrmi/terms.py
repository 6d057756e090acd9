"""The words of LRMI and schema.org for what resources say of themselves, both ways."""

from __future__ import annotations

ISCED_F = "http://uis.unesco.org/en/topic/international-standard-classification-education-isced#F2013"
ISCED = "http://uis.unesco.org/en/topic/international-standard-classification-education-isced#2011"

# Our types as they are commonly written in ``learningResourceType``.
TYPE_WORDS = {
    "course": "course",
    "module": "unit",
    "lesson_plan": "lesson plan",
    "textbook": "textbook",
    "reading": "reading",
    "worksheet": "worksheet",
    "exercise": "exercise",
    "assessment": "assessment",
    "presentation": "presentation",
    "video": "video",
    "audio": "audio",
    "image": "image",
    "simulation": "simulation",
    "game": "game",
    "software": "software",
    "dataset": "data set",
    "reference": "reference work",
    "guide": "teaching guide",
    "collection": "collection",
    "other": "learning resource",
}
# What others write for the same; also the classes of schema.org that say it.
TYPE_ALIASES = {
    **{words: code for code, words in TYPE_WORDS.items()},
    **{code.replace("_", " "): code for code in TYPE_WORDS},
    "full course": "course", "open course": "course", "onlinecourse": "course", "educational unit": "module",
    "module": "module", "learning module": "module", "lesson": "lesson_plan", "lessonplan": "lesson_plan",
    "lecture": "presentation", "lecture notes": "reading", "slides": "presentation", "slide": "presentation",
    "presentationdigitaldocument": "presentation", "book": "textbook", "e book": "textbook",
    "open textbook": "textbook",
    "chapter": "reading", "article": "reading", "scholarlyarticle": "reading", "text": "reading",
    "student guide": "guide", "handout": "worksheet", "activity": "exercise", "activity lab": "exercise",
    "homework": "exercise", "homework assignment": "exercise", "drill and practice": "exercise", "quiz": "assessment",
    "test": "assessment", "exam": "assessment", "examination": "assessment", "questionnaire": "assessment",
    "videoobject": "video", "film": "video", "lecture video": "video", "audioobject": "audio", "podcast": "audio",
    "sound": "audio", "imageobject": "image", "figure": "image", "diagram": "image", "graph": "image",
    "illustration": "image", "interactive": "simulation", "experiment": "simulation",
    "simulation interactive": "simulation",
    "educational game": "game", "softwareapplication": "software", "softwaresourcecode": "software", "tool": "software",
    "dataset": "dataset", "data": "dataset", "table": "dataset", "reference material": "reference",
    "glossary": "reference", "dictionary": "reference", "encyclopedia": "reference", "primary source": "reference",
    "teacher guide": "guide", "teaching learning strategy": "guide", "methodology": "guide", "tutorial": "guide",
    "learning asset": "other", "interactive exercise": "exercise",
}  # fmt: skip

AUDIENCE_WORDS = {
    "student": "student",
    "teacher": "teacher",
    "teacher_educator": "teacher educator",
    "parent": "parent",
    "administrator": "administrator",
    "general_public": "general public",
}
AUDIENCE_ALIASES = {
    **{words: code for code, words in AUDIENCE_WORDS.items()},
    "learner": "student", "learners": "student", "students": "student", "pupil": "student", "teachers": "teacher",
    "instructor": "teacher", "educator": "teacher", "tutor": "teacher", "parents": "parent",
    "mentor": "teacher", "manager": "administrator", "public": "general_public", "everyone": "general_public",
    "teacher education specialist": "teacher_educator", "trainer": "teacher_educator",
}  # fmt: skip

# Words of school systems for the levels of ISCED 2011 that mean the same nearly everywhere.
LEVEL_WORDS = {
    "preschool": "0", "early childhood": "0", "kindergarten": "0", "primary": "1", "primary education": "1",
    "primary school": "1", "elementary school": "1", "elementary": "1", "lower secondary": "2", "middle school": "2",
    "lower secondary school": "2", "upper secondary": "3", "high school": "3", "secondary": "3",
    "upper secondary school": "3", "higher education": "6", "undergraduate": "6", "bachelor": "6", "college": "6",
    "university": "6", "graduate": "7", "postgraduate": "7", "master": "7", "doctoral": "8", "doctorate": "8",
}  # fmt: skip
