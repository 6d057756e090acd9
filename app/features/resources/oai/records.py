"""Records as XML: unqualified Dublin Core, and LRMI as elements of schema.org."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from xml.etree.ElementTree import Element, SubElement, register_namespace

from app.features.resources.licences import LICENCES, name_of
from app.features.resources.lrmi.terms import AUDIENCE_WORDS, TYPE_WORDS
from app.features.resources.values import ResourceValues
from app.features.vocabularies.queries import label

OAI = "http://www.openarchives.org/OAI/2.0/"
OAI_DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"
DC = "http://purl.org/dc/elements/1.1/"
SCHEMA_ORG = "https://schema.org/"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
XML = "http://www.w3.org/XML/1998/namespace"

for _prefix, _address in (("oai_dc", OAI_DC), ("dc", DC), ("xsi", XSI), ("schema", SCHEMA_ORG)):
    register_namespace(_prefix, _address)

Translations = Mapping[str, Mapping[str, str]]


def xml_text(text: str) -> str:
    """The text without what XML can't hold.

    >>> xml_text("a\\x00b\\ufffe")
    'ab'
    """
    return "".join(
        c for c in text if c in "\t\n\r" or " " <= c <= "\ud7ff" or "\ue000" <= c <= "\ufffd" or c > "\uffff"
    )


def _add(parent: Element, space: str, name: str, text: str, lang: str | None = None) -> Element:
    element = SubElement(parent, f"{{{space}}}{name}")
    element.text = xml_text(text)
    if lang:
        element.set(f"{{{XML}}}lang", lang)
    return element


def _add_all(parent: Element, space: str, name: str, texts: Iterable[str]) -> None:
    for text in texts:
        if text:
            _add(parent, space, name, text)


def _worded(parent: Element, space: str, name: str, own: str, lang: str, others: Mapping[str, str]) -> None:
    if own:
        _add(parent, space, name, own, lang)
    for tag, text in others.items():
        _add(parent, space, name, text, tag)


def _licence_address(code: str) -> str:
    licence = LICENCES[code]
    return licence.address or str(name_of(code))


def write_dublin_core(values: ResourceValues, identifier: str, page: str, also: Translations) -> Element:
    """A resource in unqualified Dublin Core."""
    record = Element(f"{{{OAI_DC}}}dc")
    record.set(f"{{{XSI}}}schemaLocation", f"{OAI_DC} http://www.openarchives.org/OAI/2.0/oai_dc.xsd")
    _worded(record, DC, "title", values.title, values.lang, also.get("title", {}))
    _add_all(record, DC, "creator", values.authors)
    for code in values.subjects:
        _add(record, DC, "subject", label("subject", code, "en"), "en")
        _add(record, DC, "subject", f"ISCED-F 2013 {code}")
    _worded(record, DC, "description", values.description, values.lang, also.get("description", {}))
    for code in values.levels:
        _add(record, DC, "description", f"{label('level', code, 'en')} (ISCED 2011 level {code})", "en")
    if values.type:
        _add(record, DC, "type", TYPE_WORDS[values.type], "en")
    _add_all(record, DC, "format", values.formats)
    _add_all(record, DC, "identifier", (values.url, identifier))
    _add_all(record, DC, "language", values.languages)
    _add_all(record, DC, "source", [origin.url for origin in values.origins])
    _add(record, DC, "relation", page)
    _add(record, DC, "rights", _licence_address(values.licence))
    return record


def _term(parent: Element, name: str, scheme: str, vocabulary: str, code: str) -> None:
    node = _add(parent, SCHEMA_ORG, name, "")
    node.text = None
    _add(node, SCHEMA_ORG, "termCode", code)
    _add(node, SCHEMA_ORG, "name", label(vocabulary, code, "en"), "en")
    _add(node, SCHEMA_ORG, "inDefinedTermSet", scheme)


def write_lrmi(values: ResourceValues, identifier: str, page: str, also: Translations, schema: str) -> Element:
    """A resource with the properties of LRMI, as elements of schema.org in the order that ``schema`` describes."""
    record = Element(f"{{{SCHEMA_ORG}}}LearningResource")
    record.set(f"{{{XSI}}}schemaLocation", f"{SCHEMA_ORG} {schema}")
    _worded(record, SCHEMA_ORG, "name", values.title, values.lang, also.get("title", {}))
    _worded(record, SCHEMA_ORG, "description", values.description, values.lang, also.get("description", {}))
    _add(record, SCHEMA_ORG, "url", values.url)
    _add(record, SCHEMA_ORG, "identifier", identifier)
    _add(record, SCHEMA_ORG, "mainEntityOfPage", page)
    _add_all(record, SCHEMA_ORG, "author", values.authors)
    _add(record, SCHEMA_ORG, "license", _licence_address(values.licence))
    if values.type:
        _add(record, SCHEMA_ORG, "learningResourceType", TYPE_WORDS[values.type])
    for code in values.subjects:
        _term(record, "about", "ISCED-F 2013", "subject", code)
    for code in values.levels:
        _term(record, "educationalLevel", "ISCED 2011", "level", code)
    _add_all(record, SCHEMA_ORG, "inLanguage", values.languages)
    _add_all(record, SCHEMA_ORG, "encodingFormat", values.formats)
    _add_all(record, SCHEMA_ORG, "educationalRole", [AUDIENCE_WORDS[code] for code in values.audiences])
    for name, relation in (("isBasedOn", "adaptation"), ("translationOfWork", "translation")):
        _add_all(record, SCHEMA_ORG, name, [origin.url for origin in values.origins if origin.relation == relation])
    return record
