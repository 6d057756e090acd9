"""Letters from bytes, also where a mail says the wrong thing about them."""

from __future__ import annotations

import codecs

# What old programs say, and the wider set that holds all they mean.
_MEANT = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "iso-8859-1": "cp1252",
    "latin-1": "cp1252",
    "us-ascii": "utf-8",
    "ascii": "utf-8",
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-6-i": "iso-8859-6",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "x-sjis": "cp932",
    "shift_jis": "cp932",
    "x-mac-roman": "mac-roman",
    "unicode-1-1-utf-7": "utf-7",
    "unicode-1-1-utf-8": "utf-8",
    "iso-8859-9": "cp1254",
}
_NO_TEXT = {"base64", "bz2", "hex", "quopri", "rot13", "uu", "zlib", "punycode", "idna", "undefined"}
_BY_MARK = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def _named(charset: str) -> str | None:
    name = charset.strip().strip("\"'").lower()
    try:
        found = codecs.lookup(_MEANT.get(name, name)).name
    except (LookupError, ValueError):
        return None
    return None if found in _NO_TEXT else found


def sound(text: str) -> str:
    """A text without halves of letters, which some encodings can smuggle in and no database takes.

    >>> sound("a\\ud800b")
    'a?b'
    """
    return text.encode("utf-8", "replace").decode()


def decode(data: bytes, charset: str) -> str:
    """The text of ``data``: as it says it is written, else as UTF-8, else whatever gives letters.

    >>> decode("é".encode(), "iso-8859-1"), decode("é".encode("latin-1"), "utf-8"), decode(b"abc", "klingon")
    ('é', 'é', 'abc')
    """
    for mark, name in _BY_MARK:
        if data.startswith(mark):
            return data.decode(name, "replace")
    named = _named(charset)
    tries = [named] if named else []
    # UTF-8 proves itself: text of another kind is hardly ever valid by accident.
    wide = named is not None and named.startswith(("utf-16", "utf-32", "utf-7", "iso2022"))
    tries = [*tries, "utf-8"] if wide else ["utf-8", *tries]
    for name in (*tries, "cp1252"):
        try:
            return sound(data.decode(name))
        except (UnicodeError, ValueError):
            continue
    return data.decode("latin-1")
