"""Each test builds the application anew; what Werkzeug makes of a route is kept from one to the next.

It reads each route's rule and compiles functions for it, which takes most of the time of building the application. What
comes of that knows nothing of the application it was made for: it is the same for the same rule.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from werkzeug.routing import Rule

# Absent in a release that works otherwise: then every route is compiled anew, as without this.
PARTS = ("_parts", "_trace", "_converters")
BUILDERS = ("_build", "_build_unknown")


def keep_compiled_routes() -> None:
    """Have Werkzeug compile the same rule once in this process."""
    compile_anew: Callable[[Any], None] | None = getattr(Rule, "compile", None)
    if compile_anew is None:
        return
    kept: dict[Any, tuple[dict[str, Any], dict[str, Any], set[str]]] = {}

    def compile_once(rule: Any) -> None:
        if rule.defaults or rule.host or rule.subdomain or rule.map.host_matching:
            return compile_anew(rule)
        key = (rule.rule, rule.merge_slashes, *rule.map.converters.items())
        if key not in kept:
            compile_anew(rule)
            if not all(hasattr(rule, name) for name in (*PARTS, *BUILDERS)):
                return None
            builders = {name: getattr(rule, name).__func__ for name in BUILDERS}
            kept[key] = ({name: getattr(rule, name) for name in PARTS}, builders, set(rule.arguments))
        parts, builders, arguments = kept[key]
        rule.__dict__.update(parts)
        for name, builder in builders.items():
            setattr(rule, name, builder.__get__(rule, None))
        rule.arguments = set(arguments)
        return None

    Rule.compile = compile_once  # type: ignore[method-assign, assignment]
