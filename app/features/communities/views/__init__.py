"""The pages of communities, by topic; each module adds its routes to one blueprint."""

from importlib import import_module

from app.features.communities.views.blueprint import blueprint

# Each brings its routes when it is imported.
for _topic in (
    "networks",
    "missing",
    "between",
    "finding",
    "founding",
    "keeping",
    "reporting",
    "order",
    "measures",
    "house_log",
    "health",
    "charters",
    "chapters",
    "offers",
    "guidance",
    "own",
    "membership",
    "members",
    "invitations",
    "newcomers",
    "talk",
    "talk_drafts",
    "talk_posts",
    "talk_search",
    "talk_tools",
    "feeds",
):
    import_module(f"{__name__}.{_topic}")

__all__ = ["blueprint"]
