"""The licences that open resources come with, what each lets people do, and whether one made from others may carry it.

Keys are those of SPDX where there is one. This helps people choose; it is no advice of a lawyer, and the pages say so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from app.core.messages import N_, Text

UNKNOWN, RESERVED = "NOASSERTION", "LicenseRef-all-rights-reserved"


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence: its names, its address, and what it asks.

    ``family`` and ``rank`` say which licences that ask for the same licence again may follow one another: works under
    one may go on under another of the same family with the same or a higher rank.
    """

    code: str
    name: str
    address: str
    open: bool = True
    adaptable: bool = True
    commercial: bool = True
    credit: bool = True
    share_alike: bool = False
    family: str = ""
    rank: int = 0


def _cc(parts: str, version: str, igo: bool = False) -> Licence:
    code = f"CC-{parts}-{version}" + ("-IGO" if igo else "")
    words = f"CC {parts} {version}" + (" IGO" if igo else "")
    address = f"https://creativecommons.org/licenses/{parts.lower()}/{version}/" + ("igo/" if igo else "")
    alike = "SA" in parts
    return Licence(
        code,
        words,
        address,
        # As UNESCO's recommendation has it: free to use, change and hand on; earning money is not part of it.
        open="ND" not in parts,
        adaptable="ND" not in parts,
        commercial="NC" not in parts,
        share_alike=alike,
        family=f"CC-{parts}" if alike else "",
        # What is made from version 3.0, also for intergovernmental organisations, may go on under 4.0, not back.
        rank=40 if version == "4.0" else 30,
    )


_CC_PARTS = ("BY", "BY-SA", "BY-NC", "BY-NC-SA", "BY-ND", "BY-NC-ND")
_ALL = (
    Licence("CC0-1.0", "CC0 1.0", "https://creativecommons.org/publicdomain/zero/1.0/", credit=False),
    Licence("CC-PDM-1.0", "Public Domain Mark 1.0", "https://creativecommons.org/publicdomain/mark/1.0/", credit=False),
    *(_cc(parts, "4.0") for parts in _CC_PARTS),
    *(_cc(parts, "3.0", igo=True) for parts in _CC_PARTS),
    *(_cc(parts, "3.0") for parts in _CC_PARTS),
    Licence(
        "GFDL-1.3-or-later", "GNU FDL 1.3 or later", "https://www.gnu.org/licenses/fdl-1.3.html",
        share_alike=True, family="GFDL",
    ),
    Licence("PDDL-1.0", "PDDL 1.0", "https://opendatacommons.org/licenses/pddl/1-0/", credit=False),
    Licence("MIT", "MIT", "https://opensource.org/license/mit"),
    Licence("Apache-2.0", "Apache 2.0", "https://www.apache.org/licenses/LICENSE-2.0"),
    Licence(
        "GPL-3.0-or-later", "GNU GPL 3 or later", "https://www.gnu.org/licenses/gpl-3.0.html",
        share_alike=True, family="GPL",
    ),
    Licence(UNKNOWN, "", "", open=False, adaptable=False, commercial=False),
    Licence(RESERVED, "", "", open=False, adaptable=False, commercial=False),
)  # fmt: skip
LICENCES = {licence.code: licence for licence in _ALL}

# The ways to look for resources by what may be done with them.
USES = ("copy", "adaptable", "commercial")


def codes_for(use: str) -> tuple[str, ...]:
    """The licences under which a resource may be put to a use: one of `USES`."""
    if use == "copy":
        return tuple(code for code in LICENCES if code not in (UNKNOWN, RESERVED))
    if use == "adaptable":
        return tuple(code for code, licence in LICENCES.items() if licence.adaptable)
    return tuple(code for code, licence in LICENCES.items() if licence.commercial)


def name_of(code: str) -> Text:
    """What a licence is called; those that are none are said in words."""
    if code == UNKNOWN:
        return Text(N_("Licence not known"))
    if code == RESERVED:
        return Text(N_("All rights reserved"))
    return Text(N_("%(licence)s"), {"licence": LICENCES[code].name if code in LICENCES else code})


def allows(code: str) -> list[Text]:
    """What a licence lets people do and what it asks, in plain sentences."""
    licence = LICENCES.get(code, LICENCES[UNKNOWN])
    if code == RESERVED:
        return [Text(N_("Not open: ask whoever made it before you copy, print or change it."))]
    if licence.code == UNKNOWN:
        return [Text(N_("Nobody has said under which licence it stands. Ask before you copy, print or change it."))]
    said = [Text(N_("You may copy it, print it and hand it on."))]
    if licence.adaptable:
        said.append(Text(N_("You may change and translate it.")))
    else:
        said.append(Text(N_("It can't be adapted: you may not hand on a changed or translated version.")))
    if not licence.commercial:
        said.append(Text(N_("Not to earn money with it.")))
    if licence.credit:
        said.append(Text(N_("Say who made it.")))
    if licence.share_alike:
        said.append(Text(N_("What you make from it must carry the same licence.")))
    return said


def _alike_problem(parent: Licence, child: Licence) -> Text | None:
    values = {"parent": parent.name, "child": child.name}
    if parent.family == child.family and child.rank >= parent.rank:
        return None
    # One way only, declared by Creative Commons.
    if parent.code == "CC-BY-SA-4.0" and child.code == "GPL-3.0-or-later":
        return None
    return Text(N_("What is made from a work under %(parent)s must carry the same licence, not %(child)s."), values)


def problem_of(parent: str, child: str) -> Text | None:
    """Why something under ``child`` should not be made from something under ``parent``; None if nothing speaks so.

    >>> problem_of("CC-BY-4.0", "CC-BY-SA-4.0") is None
    True
    """
    source, made = LICENCES.get(parent), LICENCES.get(child)
    if source is None or source.code == UNKNOWN:
        return Text(N_("Nobody has said under which licence the original stands. Ask before you share what you made."))
    if source.code == RESERVED:
        return Text(N_("The original is not open: whoever made it must agree to this version."))
    if not source.adaptable:
        values = {"parent": source.name}
        return Text(
            N_("The licence of the original, %(parent)s, doesn't allow changed or translated versions."), values
        )
    if made is None or made.code == UNKNOWN:
        return Text(N_("Please say under which licence this version stands; the original is open."))
    if source.share_alike:
        return _alike_problem(source, made)
    if not source.commercial and made.commercial:
        values = {"parent": source.name, "child": made.name}
        return Text(N_("The original, %(parent)s, is not for earning money; %(child)s would allow it."), values)
    return None


def problems_of(parents: Iterable[str], child: str) -> list[Text]:
    """The same for several originals, each thing said once; two that bind to different licences can't be joined."""
    parents = list(parents)
    found = {str(problem): problem for code in parents if (problem := problem_of(code, child))}
    families = {LICENCES[code].family for code in parents if code in LICENCES and LICENCES[code].share_alike}
    if len(families) > 1:
        return [
            Text(N_("Two of the originals each ask for their own licence again, so they can't be joined in one work."))
        ]
    return list(found.values())


_CC_ADDRESS = re.compile(
    r"creativecommons\.org/(?:licenses/(?P<parts>[a-z-]+)/(?P<version>[1-4]\.\d)(?P<port>/igo)?|publicdomain/(?P<public>zero|mark))",
    re.IGNORECASE,
)
_WORDS = re.compile(r"[^a-z0-9.]+")
_ALIASES = {
    "publicdomain": "CC-PDM-1.0", "cc0": "CC0-1.0", "mitlicense": "MIT", "gfdl1.3": "GFDL-1.3-or-later",
    "gfdl1.3only": "GFDL-1.3-or-later", "gpl3.0": "GPL-3.0-or-later", "gplv3": "GPL-3.0-or-later",
    "gpl3.0only": "GPL-3.0-or-later", "pddl": "PDDL-1.0", "apachelicense2.0": "Apache-2.0",
    "allrightsreserved": RESERVED,
}  # fmt: skip


def _key(text: str) -> str:
    return _WORDS.sub("", text.casefold())


_KEYS = {
    **{_key(code): code for code in LICENCES},
    **{_key(licence.name): code for code, licence in LICENCES.items() if licence.name},
    **{_key(re.sub(r"^https?:", "", licence.address)): code for code, licence in LICENCES.items() if licence.address},
    **_ALIASES,
}


def recognise(text: str) -> str | None:
    """The licence that an address, an SPDX identifier or a name means; None if it is none that is known here.

    >>> recognise("http://creativecommons.org/licenses/by-sa/3.0/igo/deed.fr"), recognise("CC BY 4.0")
    ('CC-BY-SA-3.0-IGO', 'CC-BY-4.0')
    """
    match = _CC_ADDRESS.search(text)
    if match and match["public"]:
        return "CC0-1.0" if match["public"].lower() == "zero" else "CC-PDM-1.0"
    if match:
        code = f"CC-{match['parts'].upper()}-{match['version']}{'-IGO' if match['port'] else ''}"
        return code if code in LICENCES else None
    key = _key(re.sub(r"^https?:", "", text.strip()[:300]))
    return _KEYS.get(key) or _KEYS.get(key.replace("spdx.orglicenses", "").removesuffix(".html"))
