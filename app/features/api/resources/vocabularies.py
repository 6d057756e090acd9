"""The codes everything is described by, with their labels in nine languages."""

from __future__ import annotations

from typing import Any

from flask import request, url_for

from app.core.errors import NotFound
from app.core.web.i18n import current_locale
from app.features.api.describing import operations
from app.features.api.schemas.vocabularies import OptionsSchema, VocabulariesSchema, VocabularyQuery
from app.features.vocabularies.queries import SCHEMES, codes, options, search


@operations.response(200, VocabulariesSchema)
def list_vocabularies() -> dict[str, Any]:
    """Every vocabulary."""
    return {
        "vocabularies": [
            {
                "scheme": scheme,
                "count": len(codes(scheme)),
                "url": url_for("api.read_vocabulary", scheme=scheme),
            }
            for scheme in SCHEMES
        ]
    }


@operations.arguments(VocabularyQuery, location="query")
@operations.response(200, OptionsSchema)
def read_vocabulary(query: dict[str, Any], scheme: str) -> dict[str, Any]:
    """All codes of a vocabulary, or those that a word finds in any language, best first."""
    if scheme not in SCHEMES:
        raise NotFound
    # Labels are there in more languages than the pages are offered in.
    locale = request.args.get("lang") or current_locale().code
    asked = query["q"].strip()
    return {
        "scheme": scheme,
        "options": search(scheme, asked, locale, query["limit"]) if asked else options(scheme, locale),
    }
