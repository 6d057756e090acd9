"""The licences a community may choose for what is made in it, by their SPDX identifiers."""

from __future__ import annotations

from dataclasses import dataclass

from app.core.messages import N_

DEFAULT_LICENCE = "CC-BY-4.0"


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence: its SPDX identifier, its own name, what it means in a line, whether its works are OER."""

    code: str
    name: str
    meaning: str
    # Where it stands in full.
    url: str
    oer: bool = True


_NAMED = N_("Anyone may use, adapt and share it, also for money, and names who made it.")
_ALIKE = N_("Anyone may use, adapt and share it and names who made it; adaptations are shared under the same licence.")
_NO_MONEY = N_("Not for commercial use. A printer or a fee-paying school may be in doubt whether they can use it.")
_NO_CHANGE = N_("It may not be adapted or translated. Works under it are not open educational resources.")
_KEPT = N_("Nobody may use it without asking each time. Works under it are not open educational resources.")
_CC = "https://creativecommons.org/"

LICENCES = (
    Licence("CC-BY-4.0", "Creative Commons BY 4.0", _NAMED, f"{_CC}licenses/by/4.0/"),
    Licence("CC-BY-SA-4.0", "Creative Commons BY-SA 4.0", _ALIKE, f"{_CC}licenses/by-sa/4.0/"),
    Licence(
        "CC0-1.0", "Creative Commons Zero 1.0",
        N_("Anyone may do anything with it; those who made it keep no rights."), f"{_CC}publicdomain/zero/1.0/",
    ),
    Licence("CC-BY-3.0-IGO", "Creative Commons BY 3.0 IGO", _NAMED, f"{_CC}licenses/by/3.0/igo/"),
    Licence("CC-BY-SA-3.0-IGO", "Creative Commons BY-SA 3.0 IGO", _ALIKE, f"{_CC}licenses/by-sa/3.0/igo/"),
    Licence("CC-BY-NC-4.0", "Creative Commons BY-NC 4.0", _NO_MONEY, f"{_CC}licenses/by-nc/4.0/", False),
    Licence("CC-BY-NC-SA-4.0", "Creative Commons BY-NC-SA 4.0", _NO_MONEY, f"{_CC}licenses/by-nc-sa/4.0/", False),
    Licence(
        "CC-BY-NC-SA-3.0-IGO", "Creative Commons BY-NC-SA 3.0 IGO", _NO_MONEY, f"{_CC}licenses/by-nc-sa/3.0/igo/", False
    ),
    Licence("CC-BY-ND-4.0", "Creative Commons BY-ND 4.0", _NO_CHANGE, f"{_CC}licenses/by-nd/4.0/", False),
    Licence("CC-BY-NC-ND-4.0", "Creative Commons BY-NC-ND 4.0", _NO_CHANGE, f"{_CC}licenses/by-nc-nd/4.0/", False),
)  # fmt: skip
BY_CODE = {licence.code: licence for licence in LICENCES}


def licence_of(code: str) -> Licence:
    """The licence of that identifier; one that is not among ours is taken for closed."""
    return BY_CODE.get(code) or Licence(code, code, _KEPT, f"https://spdx.org/licenses/{code}.html", False)
