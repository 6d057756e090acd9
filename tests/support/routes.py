"""Each test builds the application anew; what Werkzeug compiles for a route is kept from one to the next.

It compiles a function for each route, which takes most of the time of building the application. The function knows
nothing of the application it was compiled for: it is the same for the same route.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from werkzeug.routing import Rule


def keep_compiled_routes() -> None:
    """Have Werkzeug compile the same route once in this process."""
    compile_anew: Callable[..., Any] | None = getattr(Rule, "_compile_builder", None)
    if compile_anew is None:
        return
    kept: dict[Any, Any] = {}

    def compile_once(rule: Any, append_unknown: bool = True) -> Any:
        if rule.defaults:
            return compile_anew(rule, append_unknown)
        key = (append_unknown, *rule._trace)
        if key not in kept:
            kept[key] = compile_anew(rule, append_unknown)
        return kept[key]

    Rule._compile_builder = compile_once  # type: ignore[method-assign, assignment]
