"""The description of the API, made by flask-smorest from what the operations say of themselves."""

from __future__ import annotations

import json
from functools import cache
from http import HTTPStatus
from importlib import import_module
from typing import Any

from flask import Flask
from flask_smorest import Api, Blueprint

from app.core.locales import LOCALES
from app.features.api.parsing import Parser
from app.features.api.routes import ROUTES, Route
from app.features.api.schemas.problems import PROBLEM, ProblemSchema

VERSION = "1"
_SETTINGS = {"API_TITLE": "Commonweave", "API_VERSION": VERSION, "OPENAPI_VERSION": "3.1.0"}
_DESCRIPTION = (
    "What a person sees and does on Commonweave, for programs. A token acts for the person who made it; without one "
    "the vocabularies, the directory, communities and resources show what everybody may see. Errors are problem "
    "documents (RFC 9457)."
)
_LANGUAGE = {
    "in": "query",
    "name": "lang",
    "schema": {"type": "string", "enum": [locale.code for locale in LOCALES]},
    "description": "The language of labels and sentences; without it that of the account, else the one accepted.",
}


class Operations(Blueprint):  # type: ignore[misc]
    """Collects what operations take and give. It is not registered itself: `extension` routes by the light table."""

    ARGUMENTS_PARSER = Parser()

    def _prepare_arguments_doc(self, doc: Any, doc_info: Any, **kwargs: Any) -> Any:
        # The problem documents of an operation are said by its route.
        doc_info.get("arguments", {}).pop("responses", None)
        return super()._prepare_arguments_doc(doc, doc_info, **kwargs)


class Described(Api):  # type: ignore[misc]
    """Describes without touching the application: its errors are answered by `app.core.web.errors`."""

    DEFAULT_ERROR_RESPONSE_NAME = None

    def _register_error_handlers(self) -> None:
        pass


operations = Operations("api", __name__)


def _problem(status: int) -> dict[str, Any]:
    return {"$ref": f"#/components/responses/{HTTPStatus(status).name}_PROBLEM"}


def _add(collected: Operations, route: Route) -> None:
    function = getattr(import_module(f"app.features.api.resources.{route.topic}"), route.name)
    said: dict[str, Any] = {"responses": {status: _problem(status) for status in route.problems()}}
    if route.public:
        said["security"] = [{}, {"token": []}]
    said["operationId"] = route.name
    function = Operations.doc(**said)(function)
    collected.add_url_rule(
        route.rule, route.name, function, parameters=[_LANGUAGE], tags=[route.topic], methods=[route.method]
    )


@cache
def _collected() -> Operations:
    collected = Operations("api", __name__)
    for route in ROUTES:
        _add(collected, route)
    return collected


def describe(app: Flask) -> dict[str, Any]:
    """The OpenAPI 3.1 document of this application."""
    app.config.update({name: app.config.get(name, value) for name, value in _SETTINGS.items()})
    api = Described(app, spec_kwargs={"info": {"description": _DESCRIPTION}, "security": [{"token": []}]})
    spec = api.spec
    spec.components.security_scheme("token", {"type": "http", "scheme": "bearer"})
    spec.components.schema("Problem", schema=ProblemSchema)
    for status in sorted({status for route in ROUTES for status in route.problems()}):
        content = {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}
        name = f"{HTTPStatus(status).name}_PROBLEM"
        spec.components.response(name, {"description": HTTPStatus(status).phrase, "content": content})
    for topic in dict.fromkeys(route.topic for route in ROUTES):
        spec.tag({"name": topic, "description": import_module(f"app.features.api.resources.{topic}").__doc__})
    _collected().register_views_in_doc(api, app, spec, name="api", parameters=None)
    document: dict[str, Any] = spec.to_dict()
    return document


def description(app: Flask) -> str:
    """The document as JSON, made once."""
    if "api_description" not in app.extensions:
        app.extensions["api_description"] = json.dumps(describe(app), ensure_ascii=False)
    text: str = app.extensions["api_description"]
    return text
