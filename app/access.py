"""Every route of the application and the rule that guards it.

A route missing here answers nobody, and a test fails. What a person may do on a page once they may reach it
is for the policies of its feature.
"""

from app.core.web.access import Rule

ACCESS = {
    "static": Rule.PUBLIC,
    "core.healthz": Rule.PUBLIC,
}
