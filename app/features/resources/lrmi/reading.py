"""Reading LRMI and schema.org JSON-LD as people and repositories write it: single things or lists, words or nodes.

No context is ever fetched: terms are known by their names, with or without a prefix or the address of schema.org.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from app.core.cleaning import clean_line, clean_text
from app.core.messages import N_
from app.core.text import fold
from app.features.resources import formats, licences
from app.features.resources.addresses import BadAddress, clean_address
from app.features.resources.lrmi.parsing import Unreadable
from app.features.resources.lrmi.terms import AUDIENCE_ALIASES, LEVEL_WORDS, TYPE_ALIASES
from app.features.resources.values import OriginValues, ResourceValues
from app.features.vocabularies.queries import find_exact, is_valid, normalise_language

MOST_RECORDS = 100
# The same thing may be described several times over.
MOST_NODES = 5 * MOST_RECORDS
# A long text that many nodes name is cut before it is cleaned: it would be cleaned for each of them.
_LONGEST_WORD, _LONGEST_DESCRIPTION = 1000, 20_000
_MOST_OF_EACH = 20

# Classes that describe something to learn with. A page or a breadcrumb beside them is passed over.
CLASSES = frozenset(
    (
        "learningresource", "creativework", "course", "book", "chapter", "article", "scholarlyarticle", "videoobject",
        "audioobject", "imageobject", "mediaobject", "presentationdigitaldocument", "textdigitaldocument",
        "digitaldocument", "softwareapplication", "webapplication", "softwaresourcecode", "dataset", "quiz", "game",
        "howto", "report", "guide", "blogposting", "website", "webpage", "syllabus",
        "educationaloccupationalprogram",
    )
)  # fmt: skip
# Seldom the thing itself where another one stands beside it.
_WEAK = frozenset(("website", "webpage", "imageobject", "blogposting"))


@dataclass(frozen=True, slots=True)
class Understood:
    """What was understood of one record, what is missing, and what was said but not understood."""

    values: ResourceValues
    missing: tuple[str, ...] = ()
    unknown: tuple[tuple[str, str], ...] = ()


def _name(key: str) -> str:
    """The bare name of a property or class: ``http://schema.org/name``, ``schema:name`` and ``name`` are one."""
    return re.split(r"[/#:]", key)[-1]


def _plain(node: dict[str, Any]) -> dict[str, Any]:
    return {key if key.startswith("@") else _name(key): value for key, value in node.items()}


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    if isinstance(value, dict) and ("@list" in value or "@set" in value):
        value = value.get("@list", value.get("@set"))
    return value if isinstance(value, list) else [value]


def _classes(node: dict[str, Any]) -> set[str]:
    return {_name(str(t)).lower() for t in _listed(node.get("@type", node.get("type"))) if isinstance(t, str)}


def _nodes(document: Any) -> Iterator[dict[str, Any]]:
    for item in _listed(document):
        if isinstance(item, list):
            yield from _nodes(item)
        if not isinstance(item, dict):
            continue
        node = _plain(item)
        if _classes(node) & CLASSES or (not _classes(node) and ("name" in node or "title" in node)):
            yield node
        for key in ("@graph", "itemListElement", "item", "hasPart", "mainEntity", "records", "dataFeedElement"):
            if key in node:
                yield from _nodes(node[key])


def _named(value: Any) -> Iterator[dict[str, Any]]:
    """Every node of a document that others may name: those that say more than their own name."""
    if isinstance(value, dict):
        if isinstance(value.get("@id"), str) and len(value) > 1:
            yield _plain(value)
        value = list(value.values())
    if isinstance(value, list):
        for inner in value:
            yield from _named(inner)


def _language(word: str) -> str | None:
    """The language that a tag or a name in any language means."""
    return normalise_language(word) or find_exact("language", word)


def read_records(document: Any) -> list[Understood]:
    """What was understood of each resource in a document, at most `MOST_RECORDS`; raises `Unreadable` where none is."""
    nodes = list(_nodes(document))
    strong = [node for node in nodes if _classes(node) - _WEAK]
    if len(strong or nodes) > MOST_NODES:
        raise Unreadable(
            N_("It holds %(number)s resources. Please bring at most %(limit)s at once."),
            number=len(strong or nodes),
            limit=MOST_RECORDS,
        )
    known = {str(node["@id"]): node for node in _named(document)}
    found: dict[str, Understood] = {}
    for number, node in enumerate(strong or nodes):
        record = _Reader(node, known).understood()
        if record.values.title or record.values.url:
            found.setdefault(record.values.url or f"#{number}", record)
    if not found:
        raise Unreadable(N_("Nothing in it says that it is something to learn with (LearningResource, CreativeWork)."))
    if len(found) > MOST_RECORDS:
        raise Unreadable(
            N_("It holds %(number)s resources. Please bring at most %(limit)s at once."),
            number=len(found),
            limit=MOST_RECORDS,
        )
    return list(found.values())


class _Reader:
    """Reads one node, and remembers what it could not understand."""

    def __init__(self, node: dict[str, Any], known: dict[str, dict[str, Any]]) -> None:
        self.node, self.known = node, known
        self.unknown: list[tuple[str, str]] = []

    def understood(self) -> Understood:
        """The whole record."""
        title, lang = self._worded("name", "headline", "title")
        description, described_in = self._worded("description", "abstract")
        languages = self._codes("language", self._words("inLanguage", "language"), _language)
        values = ResourceValues(
            url=self._address(),
            title=clean_line(title[:_LONGEST_WORD])[:300],
            description=clean_text(description[:_LONGEST_DESCRIPTION])[:5000],
            lang=lang or described_in or (languages[0] if languages else ""),
            licence=self._licence(self.node),
            type=self._type(),
            authors=tuple(dict.fromkeys(self._people())),
            formats=self._formats(),
            audiences=self._codes("audience", self._audience_words(), lambda w: AUDIENCE_ALIASES.get(_key(w))),
            subjects=self._terms("subject", "about", "subject", "keywords", "teaches", "educationalAlignment"),
            levels=self._terms("level", "educationalLevel", "educationalAlignment", "typicalAgeRange"),
            languages=languages,
            origins=self._origins(),
        )
        needed = ("url", "title", "lang", "licence", "type", "subjects", "languages")
        missing = tuple(name for name in needed if not getattr(values, name))
        return Understood(values, missing, tuple(dict.fromkeys(self.unknown)))

    def _resolved(self, value: Any) -> Any:
        """A node that only names another one of the document is that one."""
        if isinstance(value, dict):
            value = _plain(value)
            if set(value) == {"@id"}:
                return self.known.get(str(value["@id"]), value)
        return value

    def _values(self, *names: str) -> Iterator[Any]:
        for name in names:
            for value in _listed(self.node.get(name))[: 5 * _MOST_OF_EACH]:
                yield self._resolved(value)

    def _worded(self, *names: str) -> tuple[str, str]:
        """The first text under one of these names, with its language if it says one."""
        for value in self._values(*names):
            if isinstance(value, str) and value.strip():
                return value, ""
            if isinstance(value, dict) and isinstance(value.get("@value"), str):
                return value["@value"], normalise_language(str(value.get("@language", ""))) or ""
            if isinstance(value, dict):
                for tag, text in value.items():
                    text = text[0] if isinstance(text, list) and text else text
                    if isinstance(text, str) and not tag.startswith("@") and normalise_language(tag):
                        return text, normalise_language(tag) or ""
        return "", ""

    def _word(self, value: Any) -> str:
        """What a value says in one word: itself, or the name or address of a node."""
        if isinstance(value, (str, int, float)) and not isinstance(value, bool):
            return clean_line(str(value)[:_LONGEST_WORD])[:300]
        if isinstance(value, dict):
            for name in ("@value", "alternateName", "termCode", "name", "prefLabel", "url", "@id", "id"):
                inner = value.get(name)
                inner = inner[0] if isinstance(inner, list) and inner else inner
                if isinstance(inner, str) and inner.strip():
                    return clean_line(inner[:_LONGEST_WORD])[:300]
                if isinstance(inner, dict) and isinstance(inner.get("@value"), str):
                    return clean_line(inner["@value"][:_LONGEST_WORD])[:300]
        return ""

    def _words(self, *names: str) -> list[str]:
        return [word for value in self._values(*names) if (word := self._word(value))]

    def _codes(self, kind: str, words: list[str], look: Callable[[str], str | None]) -> tuple[str, ...]:
        found: dict[str, None] = {}
        for word in words:
            code = look(word)
            if code is None:
                self.unknown.append((kind, word[:80]))
            else:
                found[code] = None
        return tuple(found)[:_MOST_OF_EACH]

    def _address(self) -> str:
        for value in self._values("url", "@id", "contentUrl", "sameAs", "mainEntityOfPage"):
            word = value if isinstance(value, str) else self._word(value)
            if not word.lower().startswith(("http://", "https://")):
                continue
            try:
                return clean_address(word)
            except BadAddress:
                self.unknown.append(("url", word[:80]))
        return ""

    def _licence(self, node: dict[str, Any]) -> str:
        for value in _listed(node.get("license") or node.get("licence")):
            value = self._resolved(value)
            words = (
                [value]
                if isinstance(value, str)
                else [str(value.get(k, "")) for k in ("url", "@id", "identifier", "name")]
                if isinstance(value, dict)
                else []
            )
            for word in filter(None, words):
                if code := licences.recognise(word):
                    return code
            if node is self.node and any(words):
                self.unknown.append(("licence", next(filter(None, words))[:80]))
        return ""

    def _type(self) -> str:
        words = self._words("learningResourceType", "additionalType", "genre")
        for word in [*words, *_classes(self.node)]:
            if code := TYPE_ALIASES.get(_key(word)):
                return code
        self.unknown += [("type", word[:80]) for word in words]
        return ""

    def _people(self) -> Iterator[str]:
        for value in self._values("author", "creator"):
            name = value if isinstance(value, str) else ""
            if isinstance(value, dict):
                name = self._word({"name": value.get("name"), "@value": value.get("@value")})
                given = f"{self._word(value.get('givenName'))} {self._word(value.get('familyName'))}".strip()
                name = name or given
            if name := clean_line(name[:_LONGEST_WORD])[:200]:
                yield name

    def _formats(self) -> tuple[str, ...]:
        words = self._words("encodingFormat", "fileFormat")
        for value in self._values("encoding", "associatedMedia"):
            if isinstance(value, dict):
                words += [w for k in ("encodingFormat", "contentUrl") if (w := self._word(value.get(k)))][:1]
        return self._codes("format", words, formats.recognise)

    def _audience_words(self) -> list[str]:
        words = []
        for value in self._values("audience", "educationalAudience", "intendedEndUserRole"):
            roles = value.get("educationalRole", value.get("audienceType")) if isinstance(value, dict) else value
            words += [word for role in _listed(roles) if (word := self._word(self._resolved(role)))]
        return words

    def _terms(self, scheme: str, *names: str) -> tuple[str, ...]:
        """Codes of a vocabulary, from terms, alignments and plain words; words that are none are no mistake."""
        found: dict[str, None] = {}
        for name in names:
            for value in _listed(self.node.get(name))[: 5 * _MOST_OF_EACH]:
                for word in self._term_words(self._resolved(value)):
                    if code := _code_of(scheme, word):
                        found[code] = None
                        break
                else:
                    if name in ("about", "educationalLevel") and (word := self._word(self._resolved(value))):
                        self.unknown.append((scheme, word[:80]))
        return tuple(found)[:_MOST_OF_EACH]

    def _term_words(self, value: Any) -> list[str]:
        if isinstance(value, str):
            value = value[: 20 * _LONGEST_WORD]
            return [value, *value.split(",", _MOST_OF_EACH)][:_MOST_OF_EACH]
        if not isinstance(value, dict):
            return [self._word(value)]
        of_set = _key(self._word(value.get("inDefinedTermSet")) + self._word(value.get("educationalFramework")))
        code = self._word(value.get("termCode")) or self._word(value.get("targetName"))
        # A bare number means something only in its own list.
        coded = (
            [f"ISCED-F {code}" if "f2013" in of_set or "iscedf" in of_set else f"ISCED {code}"]
            if "isced" in of_set
            else []
        )
        said = [self._word(value.get(name)) for name in ("alternateName", "targetName", "name", "@value")]
        return [word for word in (*coded, *said) if word]

    def _origins(self) -> tuple[OriginValues, ...]:
        found: dict[str, OriginValues] = {}
        for name, relation in (
            ("translationOfWork", "translation"),
            ("isBasedOn", "adaptation"),
            ("isBasedOnUrl", "adaptation"),
        ):
            for value in self._values(name):
                word = (
                    value
                    if isinstance(value, str)
                    else self._word({k: value.get(k) for k in ("url", "@id")})
                    if isinstance(value, dict)
                    else ""
                )
                try:
                    address = clean_address(word) if word else ""
                except BadAddress:
                    self.unknown.append(("origin", word[:80]))
                    continue
                if address:
                    licence = self._licence(value) if isinstance(value, dict) else ""
                    found.setdefault(address, OriginValues(address, relation, licence or None))
        return tuple(found.values())[:_MOST_OF_EACH]


def _key(word: str) -> str:
    """Words as they are compared: folded, whatever stands between them, without an address in front."""
    return " ".join(re.sub(r"[^\w]+", " ", fold(_name(word) if "://" in word else word)).replace("_", " ").split())


@lru_cache(maxsize=4096)
def _code_of(scheme: str, word: str) -> str | None:
    """The code that a word means: ``ISCED-F 0541``, or a whole label in any language."""
    plain = word.strip()
    coded = re.fullmatch(r"ISCED(-F)?(?:\s*20\d\d)?[\s:]+(?:level\s*)?(\d{1,4}|nf)", plain, re.I)
    if coded:
        fits = bool(coded[1]) == (scheme == "subject")
        code = coded[2].lower()
        return code if fits and is_valid(scheme, code) else None
    if not plain or plain.isdigit() or "://" in plain:
        return None
    if scheme == "level" and _key(plain) in LEVEL_WORDS:
        return LEVEL_WORDS[_key(plain)]
    return find_exact(scheme, plain)
