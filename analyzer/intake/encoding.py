"""From bytes to characters when nobody says which encoding it was."""

from __future__ import annotations

import codecs
import re

from .limits import ReadLimits
from .reasons import refuse, warn

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_META = re.compile(rb"""charset\s{0,4}=\s{0,4}["']?([\w-]{3,30})""", re.IGNORECASE)
_SAMPLE = 65_536
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


#: Markup may be this many times longer than the text in it.
_MARKUP_SHARE = 4


def decode(data: bytes, limits: ReadLimits, *, markup: bool = False) -> tuple[str, tuple[str, ...]]:
    """Text and warnings. Raises `ReadError` when the bytes are no text at all, or too much of it."""
    text, warnings = _decode(data, markup)
    if len(text) > limits.text_chars * (_MARKUP_SHARE if markup else 1):
        raise refuse("too_large", "characters", limit=limits.text_chars)
    return text, warnings


def _decode(data: bytes, markup: bool) -> tuple[str, tuple[str, ...]]:
    for mark, name in _MARKS:
        if data.startswith(mark):
            return data.decode(name, errors="replace"), ()
    wide = _guess_utf16(data[:_SAMPLE])
    if wide:
        return data.decode(wide, errors="replace"), (warn("guessed_encoding", detail="UTF-16"),)
    sample = data[:_SAMPLE]
    if len(_CONTROL.findall(sample)) > max(8, len(sample) // 20):
        raise refuse("empty") if not data.strip(b"\0 \r\n\t") else refuse("not_what_it_says", "binary")
    try:
        return data.decode("utf-8"), ()
    except UnicodeDecodeError:
        return _decode_legacy(data, markup)


def _guess_utf16(sample: bytes) -> str | None:
    """UTF-16 without a mark shows as NULs in every other byte of Latin text."""
    even, odd = sample[0::2], sample[1::2]
    if len(odd) < 4:
        return None
    zero_even, zero_odd = even.count(0) / len(even), odd.count(0) / len(odd)
    if zero_odd > 0.4 and zero_even < 0.05:
        return "utf-16-le"
    return "utf-16-be" if zero_even > 0.4 and zero_odd < 0.05 else None


def _decode_legacy(data: bytes, markup: bool) -> tuple[str, tuple[str, ...]]:
    declared = _META.search(data[:4096]) if markup else None
    if declared:
        try:
            name = codecs.lookup(declared.group(1).decode("ascii")).name
            if name not in ("utf-8", "ascii"):
                return data.decode(name, errors="replace"), ()
        except LookupError:
            pass
    text = data.decode("utf-8", errors="replace")
    broken = text.count("\ufffd")
    # Mostly whole multi-byte sequences with a few broken ones is damaged UTF-8; else it never was UTF-8.
    whole = sum(1 for character in text if character > "\x7f" and character != "\ufffd")
    if whole > 2 * broken:
        return text, ()
    # Windows-1252 leaves five bytes undefined; Latin-1 gives them the control characters that cleaning removes.
    try:
        legacy = data.decode("cp1252")
    except UnicodeDecodeError:
        legacy = data.decode("latin-1")
    return legacy, (warn("guessed_encoding", detail="Latin-1 (Windows-1252)"),)
