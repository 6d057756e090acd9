"""Writing a resource as a LearningResource of schema.org with the properties of LRMI."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from app.features.resources.licences import LICENCES, RESERVED, UNKNOWN
from app.features.resources.lrmi.terms import AUDIENCE_WORDS, ISCED, ISCED_F, TYPE_WORDS
from app.features.resources.values import OriginValues, ResourceValues
from app.features.vocabularies.queries import label

CONTEXT = "https://schema.org/"


def _worded(text: str, lang: str) -> dict[str, str]:
    return {"@value": text, "@language": lang}


def _texts(own: str, lang: str, others: Mapping[str, str]) -> Any:
    """One text, or the same in several languages, the original first."""
    if not others:
        return _worded(own, lang)
    return [_worded(own, lang), *(_worded(text, tag) for tag, text in others.items())]


def _term(scheme: str, vocabulary: str, code: str, address: str) -> dict[str, str]:
    return {
        "@type": "DefinedTerm",
        "termCode": code,
        "name": label(vocabulary, code, "en"),
        "inDefinedTermSet": address,
        "alternateName": f"{scheme} {code}",
    }


def _licence(code: str) -> str | None:
    if code == UNKNOWN:
        return None
    return code if code == RESERVED else LICENCES[code].address or code


def _origin(origin: OriginValues) -> dict[str, Any]:
    node: dict[str, Any] = {"@type": "CreativeWork", "@id": origin.url, "url": origin.url}
    if origin.licence and (licence := _licence(origin.licence)):
        node["license"] = licence
    return node


def write_record(
    values: ResourceValues,
    page: str | None = None,
    dates: Mapping[str, str] | None = None,
    translations: Mapping[str, Mapping[str, str]] | None = None,
) -> dict[str, Any]:
    """A resource without its context. ``page``: its page here; ``dates``: names of schema.org to ISO moments;
    ``translations``: by field (``title``, ``description``) the texts in other languages."""
    also = translations or {}
    node: dict[str, Any] = {"@type": ["LearningResource", "CreativeWork"], "@id": values.url, "url": values.url}
    node["name"] = _texts(values.title, values.lang, also.get("title", {}))
    if values.description:
        node["description"] = _texts(values.description, values.lang, also.get("description", {}))
    said: dict[str, Any] = {
        "license": _licence(values.licence),
        "learningResourceType": TYPE_WORDS.get(values.type),
        "author": [{"name": name} for name in values.authors],
        "inLanguage": list(values.languages),
        "encodingFormat": list(values.formats),
        "audience": [
            {"@type": "EducationalAudience", "educationalRole": AUDIENCE_WORDS[code]} for code in values.audiences
        ],
        "about": [_term("ISCED-F 2013", "subject", code, ISCED_F) for code in values.subjects],
        "educationalLevel": [_term("ISCED 2011", "level", code, ISCED) for code in values.levels],
        "isBasedOn": [_origin(origin) for origin in values.origins if origin.relation == "adaptation"],
        "translationOfWork": [_origin(origin) for origin in values.origins if origin.relation == "translation"],
    }
    node.update({name: value for name, value in said.items() if value})
    node["isAccessibleForFree"] = True
    if page:
        node["mainEntityOfPage"] = page
    return {**node, **(dates or {})}


def write_collection(
    records: Iterable[Mapping[str, Any]], name: str, address: str, following: str | None = None
) -> dict[str, Any]:
    """Several resources in one document; ``following`` is the address of the next part."""
    page: dict[str, Any] = {"@id": address, "@type": "Collection", "name": name}
    if following:
        page["relatedLink"] = following
    return {"@context": CONTEXT, "@graph": [page, *records]}
