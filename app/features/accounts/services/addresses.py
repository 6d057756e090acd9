"""Mail addresses: checked, and folded to the one form by which they are compared."""

from __future__ import annotations

from dataclasses import dataclass

from email_validator import EmailNotValidError, validate_email

from app.core.errors import Invalid
from app.core.messages import N_, Text

LONGEST = 254  # RFC 5321, 4.5.3.1.3


@dataclass(frozen=True, slots=True)
class Address:
    """An address as written and the key it is found by."""

    email: str
    key: str


def read_address(text: str) -> Address:
    """The address in ``text``; raises `Invalid` for the field ``email``. No name server is asked.

    >>> read_address("Amina@BÜCHER.example").key
    'amina@xn--bcher-kva.example'
    """
    written = text.strip()
    if not written:
        raise Invalid({"email": Text(N_("Please write your mail address."))})
    try:
        if len(written) > LONGEST:
            raise EmailNotValidError
        found = validate_email(written, check_deliverability=False)
    except EmailNotValidError:
        raise Invalid({"email": Text(N_("This is not a complete mail address, such as name@school.org."))}) from None
    return Address(found.normalized, f"{found.local_part.lower()}@{(found.ascii_domain or found.domain).lower()}")


def fold_address(text: str) -> str:
    """The key of whatever was typed: what is no address has a key too, one that nobody's account has.

    >>> fold_address(" Amina@Example.ORG "), fold_address("amina")
    ('amina@example.org', 'amina')
    """
    try:
        return read_address(text).key
    except Invalid:
        return text.strip().lower()[:320]
