"""The one list of languages the interface is offered in."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Locale:
    """An interface language: BCP 47 tag, Babel's name for it, its own name, and the direction it is written in."""

    code: str
    babel: str
    name: str
    dir: str = "ltr"
    # A language is offered once its catalogue is complete; until then only its drift is checked.
    complete: bool = False


LOCALES = (
    Locale("en", "en", "English", complete=True),
    Locale("fr", "fr", "Français", complete=True),
    Locale("es", "es", "Español"),
    Locale("pt", "pt", "Português"),
    Locale("ar", "ar", "العربية", "rtl", complete=True),
    Locale("ru", "ru", "Русский"),
    Locale("zh", "zh_Hans", "中文"),
    Locale("hi", "hi", "हिन्दी"),
    Locale("sw", "sw", "Kiswahili"),
)
OFFERED = tuple(locale for locale in LOCALES if locale.complete)
BY_CODE = {locale.code: locale for locale in LOCALES}


def negotiate(wanted: list[str]) -> Locale:
    """The offered language that comes first in ``wanted`` (BCP 47 tags, best first); English if none does.

    Babel's own negotiation prefers a later exact match to an earlier language in another script, so that
    ``zh-TW, fr`` gives French; here the order of the reader counts.

    >>> negotiate(["de", "fr-CA", "en"]).code
    'fr'
    >>> negotiate(["xx"]).code
    'en'
    """
    offered = {locale.code: locale for locale in OFFERED}
    for tag in wanted:
        found = offered.get(tag.replace("_", "-").split("-")[0].lower())
        if found:
            return found
    return OFFERED[0]
