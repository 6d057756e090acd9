"""The address at which repositories harvest: OAI-PMH 2.0."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parseaddr
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

from flask import Response, current_app, request, send_file, url_for
from flask.typing import ResponseReturnValue
from itsdangerous import BadData, URLSafeSerializer

from app.core.clock import now
from app.core.settings import ROOT, Settings
from app.core.web.sessions import db
from app.features.resources.oai.answers import Answer, Header, write_error
from app.features.resources.oai.protocol import OaiError, Request, Resumption, read_request, unpack
from app.features.resources.oai.records import write_dublin_core, write_lrmi
from app.features.resources.queries.harvest import (
    Harvested,
    Offer,
    count_offered,
    find_earliest,
    find_offered,
    find_set,
    list_offered,
    list_sets,
)
from app.features.resources.queries.reading import values_of
from app.features.resources.queries.translations import Translations, list_translations
from app.features.resources.views.blueprint import blueprint
from app.features.resources.views.showing import base_url, page_address

PAGE = 50
SET = "community:"
_SETS_TOKEN = re.compile(r"sets-(\d{1,18})")


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings


def _host() -> str:
    return urlsplit(base_url()).hostname or "localhost"


def _address() -> str:
    return base_url() + url_for("resources.harvest")


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(_settings().secret_key, salt="resources.oai")


def _schema() -> str:
    return base_url() + url_for("resources.harvest_schema")


def _identifier(resource_id: int) -> str:
    return f"oai:{_host()}:{resource_id}"


def _read_identifier(identifier: str) -> Harvested:
    found = re.fullmatch(rf"oai:{re.escape(_host())}:([1-9]\d{{0,17}})", identifier)
    offered = find_offered(db(), int(found[1])) if found else None
    if offered is None:
        raise OaiError("idDoesNotExist", "no record has this identifier")
    return offered


def _header(row: Harvested) -> Header:
    sets = (f"{SET}{row.community.slug}",) if row.community is not None else ()
    return Header(_identifier(row.resource.id), row.resource.changed_at, sets, row.deleted)


def _metadata(row: Harvested, prefix: str, also: Translations) -> Element | None:
    if row.deleted:
        return None
    identifier, page, values = _identifier(row.resource.id), page_address(row.resource.id), values_of(row.resource)
    if prefix == "lrmi":
        return write_lrmi(values, identifier, page, also, _schema())
    return write_dublin_core(values, identifier, page, also)


def _identify(answer: Answer, _asked: Request) -> None:
    mail = parseaddr(_settings().mail_from)[1] or f"noreply@{_host()}"
    answer.identify("Commonweave", mail, find_earliest(db()) or now().replace(microsecond=0), _host())


def _formats(answer: Answer, asked: Request) -> None:
    if identifier := asked.get("identifier"):
        _read_identifier(identifier)
    answer.formats(_schema())


def _sets(answer: Answer, asked: Request) -> None:
    after = 0
    if (token := asked.get("resumptionToken")) is not None:
        packed = _unsigned(token)
        found = _SETS_TOKEN.fullmatch(packed) if isinstance(packed, str) else None
        if found is None:
            raise OaiError("badResumptionToken", "this token was not given here")
        after = int(found[1])
    rows = list_sets(db(), after)
    shown = rows[:PAGE]
    answer.sets([(f"{SET[:-1]}", "Communities")] * (after == 0))
    answer.sets((f"{SET}{row.slug}", row.name) for row in shown)
    if len(rows) > PAGE:
        answer.open_end(str(_signer().dumps(f"sets-{shown[-1].id}")))
    elif after:
        answer.open_end("")


def _unsigned(token: str) -> object:
    try:
        packed: object = _signer().loads(token)
    except BadData:
        raise OaiError("badResumptionToken", "this token was not given here") from None
    return packed


def _record(answer: Answer, asked: Request) -> None:
    row = _read_identifier(asked.get("identifier") or "")
    also = list_translations(db(), [row.resource.id])[row.resource.id]
    answer.record(_header(row), _metadata(row, asked.get("metadataPrefix") or "", also))


def _begin(asked: Request) -> Resumption:
    """Where a list begins, as if it went on from before everything."""
    prefix = asked.get("metadataPrefix") or ""
    first = datetime(1970, 1, 2, tzinfo=UTC)
    return Resumption(asked.verb, prefix, first, 0, 0, 0, asked.get("set"), asked.since, asked.until)


def _offer(at: Resumption) -> Offer:
    community_id = None
    if at.set_spec is not None and at.set_spec != SET[:-1]:
        slug = at.set_spec.removeprefix(SET) if at.set_spec.startswith(SET) else ""
        community = find_set(db(), slug) if slug else None
        if community is None:
            # The same words as for an empty list: nobody learns which communities are closed to them.
            raise OaiError("noRecordsMatch", "there is no such record")
        community_id = community.id
    return Offer(at.since, at.until, community_id, in_any_community=at.set_spec == SET[:-1])


def _list(answer: Answer, asked: Request) -> None:
    session, token = db(), asked.get("resumptionToken")
    at = unpack(_unsigned(token), asked.verb) if token is not None else _begin(asked)
    offer = _offer(at)
    rows = list_offered(session, offer, (at.changed_at, at.record_id), PAGE)
    if not rows:
        code = "badResumptionToken" if token is not None else "noRecordsMatch"
        raise OaiError(code, "nothing is left of this list" if token is not None else "there is no such record")
    shown = rows[:PAGE]
    also = list_translations(session, [row.resource.id for row in shown if not row.deleted])
    for row in shown:
        if asked.verb == "ListIdentifiers":
            answer.header(_header(row))
        else:
            answer.record(_header(row), _metadata(row, at.prefix, also[row.resource.id]))
    if token is None and len(rows) <= PAGE:
        return
    total = at.total or count_offered(session, offer)
    last = shown[-1].resource
    after = replace(at, changed_at=last.changed_at, record_id=last.id, given=at.given + len(shown), total=total)
    following = str(_signer().dumps(after.packed())) if len(rows) > PAGE else ""
    answer.resumption(following, at.given, total)


_VERBS = {
    "Identify": _identify,
    "ListMetadataFormats": _formats,
    "ListSets": _sets,
    "GetRecord": _record,
    "ListIdentifiers": _list,
    "ListRecords": _list,
}


@blueprint.route("/oai", methods=["GET", "POST"])
def harvest() -> ResponseReturnValue:
    """Answer a harvester."""
    pairs = list((request.form if request.method == "POST" else request.args).items(multi=True))
    moment, base = now(), _address()
    given = {name: value for name, value in pairs if name in _KNOWN}
    try:
        asked = read_request(pairs)
        answer = Answer(base, moment, {"verb": asked.verb, **asked.arguments})
        _VERBS[asked.verb](answer, asked)
        body = answer.written()
    except OaiError as problem:
        body = write_error(base, moment, given, problem)
    response = Response(body, content_type="text/xml; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    return response


_KNOWN = {"verb", "identifier", "metadataPrefix", "from", "until", "set", "resumptionToken"}


@blueprint.get("/oai/lrmi.xsd")
def harvest_schema() -> ResponseReturnValue:
    """How records look under the prefix lrmi."""
    return send_file(ROOT / "app/features/resources/oai/lrmi.xsd", mimetype="application/xml", max_age=3600)
