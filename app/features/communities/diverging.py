"""How the charter of a chapter and that of its parent have drifted apart: part by part, knowing where both began."""

from __future__ import annotations

SAME, HERE, THERE, BOTH = "same", "here", "there", "both"


def _plain(text: str) -> str:
    return " ".join(text.split())


def divergence_of(here: str, here_began: str, there: str, there_began: str) -> str:
    """Who changed a part since both sides said the same: nobody, the chapter (here), the parent (there), or both.

    ``here_began`` and ``there_began`` are the wordings that said the same: equal texts, or one the translation of the
    other. Only words count, not how they are spread over lines.

    >>> divergence_of("We write.", "We write.", "We speak.", "We write.")
    'there'
    """
    here, here_began, there, there_began = map(_plain, (here, here_began, there, there_began))
    if here == there:
        return SAME
    changed = (here != here_began, there != there_began)
    return {(False, False): SAME, (True, False): HERE, (False, True): THERE, (True, True): BOTH}[changed]
