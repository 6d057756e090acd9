"""The external networks that come with the software: those the UNESCO guidelines on cooperation give as examples.

Public facts in words of our own; members keep them from here on like every other.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

# When these lines were written. Until a member looks, this is what "last checked" counts from.
WRITTEN = datetime(2026, 11, 22, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class ListedNetwork:
    """A network as it is listed at first; facets as for communities, texts in English."""

    slug: str
    name: str
    url: str
    summary: str
    reach: str
    who_can_join: str
    languages: tuple[str, ...]
    subjects: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()


LISTED = (
    ListedNetwork(
        "unesco-oer-dynamic-coalition",
        "UNESCO OER Dynamic Coalition",
        "https://www.oerdynamiccoalition.org/",
        "Brings ministries, educational institutions, libraries, civil society and companies together so that the "
        "UNESCO Recommendation on open educational resources of 2019 is put into practice. They exchange what they do "
        "and work on its areas of action.",
        "global",
        "institutions",
        ("en",),
        subjects=("011",),
    ),
    ListedNetwork(
        "african-publishers-network",
        "African Publishers Network (APNET)",
        "https://www.african-publishers.net/",
        "Connects the national associations of publishers in Africa since 1992, so that books for schools and for "
        "everyone are made where they are read. It trains publishers, passes on news and helps with trade between "
        "countries.",
        "regional",
        "institutions",
        ("en", "fr", "pt"),
        subjects=("0211",),
        places=("002",),
    ),
    ListedNetwork(
        "paho-virtual-campus-for-public-health",
        "Virtual Campus for Public Health (PAHO)",
        "https://campus.paho.org/",
        "The learning platform of the Pan American Health Organization: people and institutions of the Americas share "
        "courses and open educational resources on public health. The courses are free of charge.",
        "regional",
        "everyone",
        ("es", "en", "pt", "fr"),
        subjects=("091",),
        places=("019",),
        levels=("nf",),
    ),
    ListedNetwork(
        "scielo",
        "SciELO",
        "https://scielo.org/",
        "A network of collections of open-access scholarly journals, each kept in its own country, that began in "
        "Brazil in the 1990s. It makes research from Latin America and beyond readable for everyone, in several "
        "languages.",
        "regional",
        "institutions",
        ("es", "pt", "en"),
        places=("419",),
        levels=("6", "7", "8"),
    ),
    ListedNetwork(
        "international-african-institute",
        "International African Institute",
        "https://www.internationalafricaninstitute.org/",
        "Furthers the study of Africa's history, societies and cultures since 1926, above all by publishing: journals, "
        "books, a bibliography, and readings for university teaching.",
        "global",
        "professionals",
        ("en",),
        subjects=("0222", "0314"),
        places=("002",),
        levels=("6", "7", "8"),
    ),
    ListedNetwork(
        "unesco-e-platform-on-intercultural-dialogue",
        "UNESCO e-Platform on Intercultural Dialogue",
        "https://www.unesco.org/interculturaldialogue/en",
        "A place to learn from others how people of different cultures come to understand each other: good practices "
        "from many countries, explanations of the main ideas, and people to exchange with.",
        "global",
        "everyone",
        ("en",),
        subjects=("0314",),
    ),
)
SLUGS = frozenset(one.slug for one in LISTED)
