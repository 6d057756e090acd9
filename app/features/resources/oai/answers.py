"""The answers of OAI-PMH 2.0 as XML, with their elements in the order that the protocol's schema asks for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from app.features.resources.oai.protocol import GRANULARITY, OaiError, write_moment
from app.features.resources.oai.records import OAI, OAI_DC, SCHEMA_ORG, XSI, xml_text

IDENTIFIER = "http://www.openarchives.org/OAI/2.0/oai-identifier"
register_namespace("oai", IDENTIFIER)


@dataclass(frozen=True, slots=True)
class Header:
    """What stands at the head of a record; ``deleted`` ones have no metadata."""

    identifier: str
    changed_at: datetime
    sets: tuple[str, ...] = ()
    deleted: bool = False


def _add(parent: Element, name: str, text: str | None = None) -> Element:
    element = SubElement(parent, f"{{{OAI}}}{name}")
    if text is not None:
        element.text = xml_text(text)
    return element


def _envelope(base_url: str, moment: datetime, arguments: Mapping[str, str]) -> Element:
    root = Element(f"{{{OAI}}}OAI-PMH")
    root.set(f"{{{XSI}}}schemaLocation", f"{OAI} http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd")
    _add(root, "responseDate", write_moment(moment))
    request = _add(root, "request", base_url)
    for name, value in arguments.items():
        request.set(name, xml_text(value))
    return root


def _written(root: Element) -> bytes:
    # The protocol's own elements stand in the default namespace, as in its examples and as old harvesters expect.
    for element in root.iter():
        if isinstance(element.tag, str) and element.tag.startswith(f"{{{OAI}}}"):
            element.tag = element.tag.removeprefix(f"{{{OAI}}}")
    root.set("xmlns", OAI)
    return tostring(root, encoding="UTF-8", xml_declaration=True)


def write_error(base_url: str, moment: datetime, arguments: Mapping[str, str], problem: OaiError) -> bytes:
    """The answer to a request that can't be answered; where the request itself is wrong its arguments are left out."""
    shown = {} if problem.code in ("badVerb", "badArgument") else arguments
    root = _envelope(base_url, moment, shown)
    _add(root, "error", problem.message).set("code", problem.code)
    return _written(root)


class Answer:
    """One answer, filled by the verb that it is for."""

    def __init__(self, base_url: str, moment: datetime, arguments: Mapping[str, str]) -> None:
        self.base_url = base_url
        self.root = _envelope(base_url, moment, arguments)
        self.body = _add(self.root, arguments["verb"])

    def written(self) -> bytes:
        """The whole document."""
        return _written(self.root)

    def identify(self, name: str, mail: str, earliest: datetime, host: str) -> None:
        """Say who this repository is."""
        for tag, text in (
            ("repositoryName", name),
            ("baseURL", self.base_url),
            ("protocolVersion", "2.0"),
            ("adminEmail", mail),
            ("earliestDatestamp", write_moment(earliest)),
            ("deletedRecord", "persistent"),
            ("granularity", GRANULARITY),
        ):
            _add(self.body, tag, text)
        said = SubElement(_add(self.body, "description"), f"{{{IDENTIFIER}}}oai-identifier")
        said.set(f"{{{XSI}}}schemaLocation", f"{IDENTIFIER} http://www.openarchives.org/OAI/2.0/oai-identifier.xsd")
        for tag, text in (
            ("scheme", "oai"),
            ("repositoryIdentifier", host),
            ("delimiter", ":"),
            ("sampleIdentifier", f"oai:{host}:1"),
        ):
            SubElement(said, f"{{{IDENTIFIER}}}{tag}").text = text

    def formats(self, lrmi_schema: str) -> None:
        """Say in which forms records are given."""
        for prefix, schema, space in (
            ("oai_dc", "http://www.openarchives.org/OAI/2.0/oai_dc.xsd", OAI_DC),
            ("lrmi", lrmi_schema, SCHEMA_ORG),
        ):
            known = _add(self.body, "metadataFormat")
            _add(known, "metadataPrefix", prefix)
            _add(known, "schema", schema)
            _add(known, "metadataNamespace", space)

    def sets(self, names: Iterable[tuple[str, str]]) -> None:
        """Say which sets there are."""
        for spec, name in names:
            one = _add(self.body, "set")
            _add(one, "setSpec", spec)
            _add(one, "setName", name)

    def header(self, header: Header, parent: Element | None = None) -> None:
        """Add the head of a record."""
        element = _add(self.body if parent is None else parent, "header")
        if header.deleted:
            element.set("status", "deleted")
        _add(element, "identifier", header.identifier)
        _add(element, "datestamp", write_moment(header.changed_at))
        for spec in header.sets:
            _add(element, "setSpec", spec)

    def record(self, header: Header, metadata: Element | None) -> None:
        """Add a record."""
        element = _add(self.body, "record")
        self.header(header, element)
        if metadata is not None:
            _add(element, "metadata").append(metadata)

    def resumption(self, token: str, cursor: int, total: int) -> None:
        """Say where the list goes on; an empty token ends it."""
        element = _add(self.body, "resumptionToken", token)
        element.set("completeListSize", str(total))
        element.set("cursor", str(cursor))

    def open_end(self, token: str) -> None:
        """The same for a list whose length nobody counted."""
        _add(self.body, "resumptionToken", token)
