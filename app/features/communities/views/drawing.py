"""QR codes as drawings in the page: sharp at every size, and nothing to load."""

from __future__ import annotations

from io import BytesIO

import segno
from markupsafe import Markup


def qr_code(address: str, scale: int = 6) -> Markup:
    """The QR code of an address. Medium correction: a corner torn off a poster does no harm.

    Its colours are fixed, dark on white in every theme, since not every reader takes the reverse.
    """
    drawing = BytesIO()
    segno.make(address, error="m", micro=False).save(
        drawing, kind="svg", xmldecl=False, svgns=False, scale=scale, border=4, omitsize=True, dark="#000",
        light="#fff", svgclass="qr", lineclass=None,
    )  # fmt: skip
    # Said to nobody who cannot see it: the address stands beside it in words.
    svg = drawing.getvalue().decode().strip().replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1)
    return Markup(svg)  # noqa: S704 - made of squares by the library, nothing of the address stands in it as text
