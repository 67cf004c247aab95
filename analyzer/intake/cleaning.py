"""Characters as they are stored: NFC, plain spaces and line feeds, nothing invisible."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

from .reasons import warn

_BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_ZERO_WIDTH = "\u200b\u200c\u200d\u2060\u2061\u2062\u2063\u2064\ufeff\u180e\ufff9\ufffa\ufffb"
_SPACES = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"

_SUSPICIOUS = {
    "bidi": re.compile(f"[{_BIDI}]"),
    # Tag characters (plane 14) can hide whole sentences from the eye but not from a reader of text.
    "zero_width": re.compile(f"[{_ZERO_WIDTH}\U000e0000-\U000e007f]"),
    "control": re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]"),
}
#: A soft hyphen, or the "not" sign that some exports put in its place between letters, with the break it allowed.
_SOFT_HYPHEN = re.compile(r"\u00ad[ \t]*\n[ \t]*|\u00ad|(?<=[^\W\d_])\u00ac[ \t]*\n?[ \t]*(?=[^\W\d_])")
_SURROGATE = re.compile("[\ud800-\udfff]")
_TRANSLATION = str.maketrans(
    dict.fromkeys(_SPACES, " ")
    # Symbol-font bullets from the private use area, non-breaking hyphen, line and page separators.
    | {"\uf0b7": "•", "\uf0a7": "•", "\uf0fc": "•", "\uf0d8": "•", "\uf02d": "–", "\u2011": "-", "\u2010": "-"}
    | {"\u2028": "\n", "\u2029": "\n\n", "\x85": "\n", "\x0b": "\n", "\x0c": "\n\n"}
)


class Cleaner:
    """Cleans the texts of one document and remembers what it took away."""

    def __init__(self) -> None:
        self.removed: Counter[str] = Counter()

    def clean(self, text: str) -> str:
        if text.isascii() and "\x0c" not in text and "\r" not in text and text.isprintable():
            return text
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        # A mark at the very start of a text is an encoding's signature, not a trick.
        text = text.removeprefix("\ufeff")
        for name, pattern in _SUSPICIOUS.items():
            text, count = pattern.subn("", text)
            self.removed[name] += count
        text = _SURROGATE.sub("\ufffd", text)
        text = _SOFT_HYPHEN.sub("", text)
        text = unicodedata.normalize("NFC", text.translate(_TRANSLATION))
        self.removed["replacement"] += text.count("\ufffd")
        return text

    def warnings(self) -> tuple[str, ...]:
        return tuple(warn(name, count) for name, count in sorted(self.removed.items()) if count)


def clean_label(text: str, limit: int = 300) -> str:
    """A name or id from outside on one line, without anything invisible, cut to `limit` characters."""
    return " ".join(Cleaner().clean(text).split())[:limit]
