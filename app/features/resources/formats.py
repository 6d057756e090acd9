"""What can be done with a file format: whether it can be edited, whether large numbers can be printed from it.

UNESCO's guidelines ask that materials come in formats that can be edited and that allow large print runs.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from app.core.messages import N_, Text

YES, PARTLY, NO = "yes", "partly", "no"


@dataclass(frozen=True, slots=True)
class Format:
    """A file format: media type, name, and how well it can be edited and printed.

    ``needs``: what one must have to edit it, in words; ``free``: whether free software does.
    """

    media: str
    name: str
    endings: tuple[str, ...]
    editable: str
    printable: str
    needs: str = ""
    free: bool = True


_OFFICE = N_("Any office program opens it, LibreOffice for free.")
_TEXT = N_("Any text editor opens it.")
_LATEX = N_("It needs LaTeX, which is free, and somebody who knows it.")
_DRAWING = N_("A drawing program opens it, Inkscape for free.")
_PICTURE = N_("A picture can be cut and painted over, but its words can't be changed.")
_PDF = N_("A PDF is made to be read and printed. To change it, ask for the file it was made from.")
_EBOOK = N_("It is made for reading on a screen. Sigil or Calibre, both free, open it.")
_H5P = N_("H5P, which is free, opens it on a website or in Lumi on a computer.")
_MEDIA = N_("It can be cut with free programs such as Shotcut or Audacity; nothing of it can be printed.")
_INDESIGN = N_("It needs Adobe InDesign, which costs money.")
_SCRIBUS = N_("Scribus, which is free, opens it and makes files for the printer.")
_ZIP = N_("What is in it must be unpacked first; look inside before you plan.")
_DATA = N_("A spreadsheet opens it, LibreOffice for free.")
_LMS = N_("It needs a learning platform such as Moodle, which is free.")
_OTHER = N_("Nothing is known of this format here. Try to open it before you plan.")

FORMATS = (
    Format("application/vnd.oasis.opendocument.text", "OpenDocument (odt)", ("odt", "ott"), YES, YES, _OFFICE),
    Format(
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "Word (docx)", ("docx",), YES, YES,
        _OFFICE,
    ),
    Format("application/msword", N_("Word, old (doc)"), ("doc",), YES, YES, _OFFICE),
    Format("application/rtf", N_("Rich text (rtf)"), ("rtf",), YES, YES, _OFFICE),
    Format("application/pdf", "PDF", ("pdf",), NO, YES, _PDF),
    Format(
        "application/vnd.oasis.opendocument.presentation", N_("OpenDocument slides (odp)"), ("odp",), YES, PARTLY,
        _OFFICE,
    ),
    Format(
        "application/vnd.openxmlformats-officedocument.presentationml.presentation", "PowerPoint (pptx)",
        ("pptx", "ppt"), YES, PARTLY, _OFFICE,
    ),
    Format(
        "application/vnd.oasis.opendocument.spreadsheet", N_("OpenDocument table (ods)"), ("ods",), YES, PARTLY, _DATA,
    ),
    Format(
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "Excel (xlsx)", ("xlsx", "xls"), YES,
        PARTLY, _DATA,
    ),
    Format("text/csv", N_("Table as text (csv)"), ("csv", "tsv"), YES, PARTLY, _DATA),
    Format("text/markdown", "Markdown (md)", ("md", "markdown"), YES, YES, _TEXT),
    Format("text/plain", N_("Plain text (txt)"), ("txt",), YES, YES, _TEXT),
    Format("application/x-tex", "LaTeX (tex)", ("tex",), YES, YES, _LATEX),
    Format("text/html", N_("Web page (html)"), ("html", "htm", "xhtml"), YES, PARTLY, _TEXT),
    Format("application/epub+zip", N_("E-book (epub)"), ("epub",), YES, PARTLY, _EBOOK),
    Format("image/svg+xml", N_("Drawing (svg)"), ("svg",), YES, YES, _DRAWING),
    Format("image/png", N_("Picture (png)"), ("png",), PARTLY, PARTLY, _PICTURE),
    Format("image/jpeg", N_("Photograph (jpeg)"), ("jpg", "jpeg"), PARTLY, PARTLY, _PICTURE),
    Format("image/webp", N_("Picture (webp)"), ("webp", "gif"), PARTLY, PARTLY, _PICTURE),
    Format("application/vnd.scribus", "Scribus (sla)", ("sla",), YES, YES, _SCRIBUS),
    Format("application/x-indesign", "InDesign (indd)", ("indd", "idml"), PARTLY, YES, _INDESIGN, free=False),
    Format("application/x-h5p", "H5P", ("h5p",), YES, NO, _H5P),
    Format("application/x-scorm", N_("Course package (SCORM, IMS)"), ("scorm", "imscc", "mbz"), YES, NO, _LMS),
    Format("video/mp4", N_("Video (mp4)"), ("mp4", "m4v", "mov"), PARTLY, NO, _MEDIA),
    Format("video/webm", N_("Video (webm)"), ("webm", "ogv"), PARTLY, NO, _MEDIA),
    Format("audio/mpeg", N_("Sound (mp3)"), ("mp3", "m4a"), PARTLY, NO, _MEDIA),
    Format("audio/ogg", N_("Sound (ogg)"), ("ogg", "oga", "opus"), PARTLY, NO, _MEDIA),
    Format("application/zip", N_("Package of files (zip)"), ("zip",), PARTLY, PARTLY, _ZIP),
)  # fmt: skip
BY_MEDIA = {known.media: known for known in FORMATS}
_BY_ENDING = {ending: known for known in FORMATS for ending in known.endings}
_ALIASES = {
    "text/x-markdown": "text/markdown", "application/x-latex": "application/x-tex", "text/x-tex": "application/x-tex",
    "application/xhtml+xml": "text/html", "text/rtf": "application/rtf", "application/x-pdf": "application/pdf",
    "image/jpg": "image/jpeg", "image/gif": "image/webp", "audio/mp3": "audio/mpeg", "video/ogg": "video/webm",
    "application/vnd.ms-powerpoint": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "application/vnd.ms-excel": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}  # fmt: skip


def recognise(text: str) -> str | None:
    """The media type that a media type, an ending or an address means; None if none is known here.

    >>> recognise("PDF"), recognise("text/html; charset=utf-8"), recognise("https://example.org/a/book.odt?x=1")
    ('application/pdf', 'text/html', 'application/vnd.oasis.opendocument.text')
    """
    plain = text.split(";")[0].strip().lower()[:300]
    plain = _ALIASES.get(plain, plain)
    if plain in BY_MEDIA:
        return plain
    try:
        path = unquote(urlsplit(plain).path)
    except ValueError:
        return None
    ending = posixpath.basename(path).rpartition(".")[2] if "." in path else plain.lstrip(".")
    known = _BY_ENDING.get(ending)
    return known.media if known else None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What can be done with one format: answers are `YES`, `PARTLY`, `NO`; ``needs`` says what with."""

    media: str
    name: str
    editable: str
    printable: str
    needs: Text
    free: bool = True


def judge(media: str) -> Verdict:
    """What can be done with a format."""
    known = BY_MEDIA.get(media)
    if known is None:
        return Verdict(media, media, PARTLY, PARTLY, Text(_OTHER))
    return Verdict(media, known.name, known.editable, known.printable, Text(known.needs), known.free)


@dataclass(frozen=True, slots=True)
class Summary:
    """What can be done with a resource by all its formats together, in words."""

    editable: str
    printable: str
    words: tuple[Text, ...]


def _best(answers: Iterable[str]) -> str:
    return min(answers, key=(YES, PARTLY, NO).index)


_EDITING = {
    YES: N_("You can change it: there is a file made for editing."),
    PARTLY: N_("Changing it takes some work."),
    NO: N_("No file made for editing is named; ask for one before you plan to adapt it."),
}
_PRINTING = {
    YES: N_("It can be printed in large numbers."),
    PARTLY: N_("It can be printed, but not in good quality for large numbers."),
    NO: N_("It can't be printed: it needs a device."),
}


def sum_up(formats: Iterable[str]) -> Summary | None:
    """The verdict on all formats of a resource; None where none is named."""
    verdicts = [judge(media) for media in formats]
    if not verdicts:
        return None
    editable = _best(verdict.editable for verdict in verdicts)
    printable = _best(verdict.printable for verdict in verdicts)
    return Summary(editable, printable, (Text(_EDITING[editable]), Text(_PRINTING[printable])))
