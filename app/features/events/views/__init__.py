"""The pages of events, by topic; each module adds its routes to one blueprint."""

from importlib import import_module

from app.features.events.views.blueprint import blueprint

# Each brings its routes when it is imported.
for _topic in ("showing", "planning", "finding", "calendars"):
    import_module(f"{__name__}.{_topic}")

__all__ = ["blueprint"]
