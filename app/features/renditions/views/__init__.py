"""The pages of renditions, by topic."""

from importlib import import_module

from app.features.renditions.views.blueprint import blueprint

# Each brings its routes when it is imported.
for _topic in ("queue", "reading", "writing"):
    import_module(f"{__name__}.{_topic}")

__all__ = ["blueprint"]
