"""Every route of the application and the rule that guards it.

A route missing here answers nobody, and a test fails. What a person may do on a page once they may reach it
is for the policies of its feature.
"""

from app.core.web.access import Rule

ACCESS = {
    "static": Rule.PUBLIC,
    "core.healthz": Rule.PUBLIC,
    "accounts.sign_in": Rule.PUBLIC,
    "accounts.enter": Rule.PUBLIC,
    "accounts.sign_up": Rule.PUBLIC,
    "accounts.join": Rule.PUBLIC,
    "accounts.sign_up_sent": Rule.PUBLIC,
    "accounts.sign_out": Rule.PUBLIC,
    "accounts.set_language": Rule.PUBLIC,
    "accounts.verify": Rule.PUBLIC,
    "accounts.confirm": Rule.PUBLIC,
    "accounts.forgot": Rule.PUBLIC,
    "accounts.ask_reset": Rule.PUBLIC,
    "accounts.forgot_sent": Rule.PUBLIC,
    "accounts.reset": Rule.PUBLIC,
    "accounts.take_reset": Rule.PUBLIC,
    "accounts.sign_out_everywhere": Rule.SIGNED_IN,
    "accounts.unverified": Rule.SIGNED_IN,
    "accounts.resend": Rule.SIGNED_IN,
    "accounts.settings": Rule.SIGNED_IN,
    "accounts.password": Rule.SIGNED_IN,
    "accounts.change_password": Rule.SIGNED_IN,
    "accounts.address": Rule.SIGNED_IN,
    "accounts.change_address": Rule.SIGNED_IN,
    "accounts.tokens": Rule.SIGNED_IN,
    "accounts.create_token": Rule.SIGNED_IN,
    "accounts.revoke_token": Rule.SIGNED_IN,
    "accounts.download": Rule.SIGNED_IN,
    "accounts.delete": Rule.SIGNED_IN,
    "accounts.close": Rule.SIGNED_IN,
    "accounts.outbox": Rule.EMBEDDED,
    "accounts.outbox_mail": Rule.EMBEDDED,
    "accounts.sample_sign_in": Rule.EMBEDDED,
    "accounts.sample_enter": Rule.EMBEDDED,
    "vocabularies.index": Rule.PUBLIC,
    "vocabularies.search": Rule.PUBLIC,
    "profiles.directory": Rule.PUBLIC,
    "profiles.directory_filters": Rule.PUBLIC,
    "profiles.edit_person": Rule.SIGNED_IN,
    "profiles.edit_section": Rule.SIGNED_IN,
    "profiles.confirm_person": Rule.SIGNED_IN,
    "profiles.show_person": Rule.OBJECT,
}
