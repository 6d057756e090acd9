"""The words for what resources and practice notes are made of; marked here, translated where they are shown."""

from __future__ import annotations

from app.core.messages import N_
from app.features.resources.queries.reviews import Opinion

TYPES = {
    "course": N_("Course"),
    "module": N_("Unit of a course"),
    "lesson_plan": N_("Lesson plan"),
    "textbook": N_("Textbook"),
    "reading": N_("Text to read"),
    "worksheet": N_("Worksheet"),
    "exercise": N_("Exercise"),
    "assessment": N_("Test or examination"),
    "presentation": N_("Slides"),
    "video": N_("Video"),
    "audio": N_("Sound or podcast"),
    "image": N_("Picture or drawing"),
    "simulation": N_("Simulation or experiment"),
    "game": N_("Game"),
    "software": N_("Program"),
    "dataset": N_("Data"),
    "reference": N_("Reference work"),
    "guide": N_("Guide for teachers"),
    "collection": N_("Collection"),
    "other": N_("Something else"),
}
AUDIENCES = {
    "student": N_("Learners"),
    "teacher": N_("Teachers"),
    "teacher_educator": N_("Those who train teachers"),
    "parent": N_("Parents"),
    "administrator": N_("School leaders"),
    "general_public": N_("Everyone"),
}
USES = {
    "copy": N_("May be copied and printed"),
    "adaptable": N_("May be changed and translated"),
    "commercial": N_("May be sold, too"),
}
RELATIONS = {"adaptation": N_("Adaptation"), "translation": N_("Translation")}
FILTERS = {
    "subject": N_("Subject"),
    "level": N_("Level of education"),
    "language": N_("Language"),
    "use": N_("What may be done with it"),
    "type": N_("What it is"),
}
CRITERIA = {
    "quality": N_("Quality"),
    "inclusion": N_("Inclusion"),
    "suitability": N_("Suitability here"),
}
QUESTIONS = {
    "quality": N_("Is it correct, clear and complete?"),
    "inclusion": N_("Does it include everyone: girls and boys, those with disabilities, every background?"),
    "suitability": N_("Does it suit where you teach: language, examples, devices, what is taught when?"),
}
ANSWERS = {1: N_("Hardly"), 2: N_("Partly"), 3: N_("Well"), 4: N_("Very well")}
AGAIN = {"yes": N_("Yes"), "changes": N_("With changes"), "no": N_("No")}
AGAIN_LONG = {
    "yes": N_("They would do it again"),
    "changes": N_("They would do it again, with changes"),
    "no": N_("They would not do it again"),
}
CLASS_SIZES = {
    "1-15": N_("Up to 15 learners"),
    "16-30": N_("16 to 30 learners"),
    "31-60": N_("31 to 60 learners"),
    "61-": N_("More than 60 learners"),
}
CONNECTIVITY = {
    "none": N_("No internet"),
    "sometimes": N_("Internet now and then"),
    "phones": N_("Internet on phones only"),
    "good": N_("Good internet"),
}
CONTEXT = {
    "country": N_("Country"),
    "level": N_("Level of education"),
    "subject": N_("Subject"),
    "language": N_("Language of the class"),
    "class_size": N_("Size of the class"),
    "connectivity": N_("Internet"),
    "again": N_("Would they do it again?"),
}
EDITABLE = {
    "yes": N_("Made for editing"),
    "partly": N_("Can be changed with some work"),
    "no": N_("Not made for editing"),
}
PRINTABLE = {
    "yes": N_("Prints well, also in large numbers"),
    "partly": N_("Prints, not at its best"),
    "no": N_("Can't be printed"),
}
# What an import can lack, by field.
MISSING = {
    "url": N_("the address"),
    "title": N_("a title"),
    "lang": N_("the language of the title"),
    "licence": N_("the licence"),
    "type": N_("what it is"),
    "subjects": N_("a subject"),
    "languages": N_("the language it is in"),
    "level": N_("a level"),
    "subject": N_("a subject"),
    "language": N_("a language"),
    "format": N_("a format"),
    "audience": N_("for whom it is"),
    "origin": N_("what it was made from"),
}


def average_words(opinion: Opinion) -> dict[str, str]:
    """An average in words, for each criterion; empty while too few have spoken."""
    return {name: ANSWERS[min(4, max(1, int(value + 0.5)))] for name, value in opinion.averages.items()}
