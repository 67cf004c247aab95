"""Which documents a document says it replaces: their numbers, or what it calls them where it gives no number."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from importlib.resources import files

_DATA = tomllib.loads(files(__package__).joinpath("metadata.toml").read_text(encoding="utf-8"))
_NUMBER = re.compile(rf"(?<![\w/:.-])(?:{_DATA['numbers']['formats']})(?![\w/])")
#: A statute's number, with the letters of its series.
_STATUTE = re.compile(rf"(?<![\w:])(?:[A-ZÅÄÖ]{{2,6}}\s?)?(?:{_DATA['numbers']['statute']})(?![\d:])")
#: A day, month or span of years, which has the form of a number.
_TIME = re.compile(r"(?:19|20)\d{2}-(?:[01]\d|(?:19|20)\d{2})")
_SUBJECT, _KIND = _DATA["validity"]["subject"], _DATA["replaced"]["kind"]
_FLAGS = re.IGNORECASE
_REPLACING = re.compile(r"\b(?:ersätter|upphäver|upphävs)\b\s+", _FLAGS)
_ITSELF = re.compile(rf"{_SUBJECT}\s*\Z", _FLAGS)
#: A document as it is called, up to the end of the sentence.
_CALLED = re.compile(r"[^.\n]{4,250}(?:(?:\.(?=\d)|(?<=dnr)\.)[^.\n]{1,100})*")
_SUBJECT_CHARS = 80
#: "Genom denna föreskrift upphör TFS 2022:17 att gälla."
_THROUGH = re.compile(
    rf"\b(?:genom|i\s+och\s+med|med)\s+{_SUBJECT}(?:\s+\w+){{0,3}}?\s+(?:upphör|upphävs)\s+(?P<called>[^\n;]{{4,200}}?)"
    r"(?:\s+att\s+gälla|\.(?!\d)|[;\n]|$)",
    _FLAGS,
)
#: "Beslutet från den 3 februari 2026 upphör att gälla." The sentence begins with what is called; no day of its own.
_ENDED = re.compile(
    r"(?:^|(?<=[.!?;]\s)|(?<=\n))(?:\d+(?:\.\d+){0,4}[.)]?\s+(?!§))?(?P<called>[^.!?\n§]{4,200}?(?:\.\d[^.!?\n§]{0,60}?){0,4}?)\s+"
    r"(?:upphör(?:\s+då|\s+därmed)?\s+att\s+gälla|upphävs|(?:ska|skall|får)\s+inte\s+längre\s+(?:tillämpas|gälla|användas)|"
    r"(?:gäller|tillämpas)\s+inte\s+längre)\b(?!\s+(?:den|från|efter)\b)",
    _FLAGS | re.MULTILINE,
)
#: What begins so is a part of a document, or only happens under some condition.
_PARTLY = re.compile(rf"^(?:{_DATA['replaced']['partly']})\b|§", _FLAGS)
_IS_CALLED = re.compile(rf"\b(?:{_KIND})\b|\b[A-ZÅÄÖ]{{2,6}}\s?\d{{4}}:\d", _FLAGS)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")
#: What follows on a name, and is none of it.
_REST = re.compile(r",?\s+(?:som|vilken|vilket|vilka|när|då|i\s+den\s+del)\b.*|\s+upphör\b.*", _FLAGS | re.DOTALL)


def find_replaced(labelled: str | None, text: str) -> tuple[str, ...]:
    """What a document replaces, in the order in which it says so; `labelled` is what stands after such a label."""
    replaced: list[str] = []
    for phrase in [labelled] if labelled else _phrases(text):
        called = _REST.sub("", " ".join(phrase.split())).rstrip(" ,;.")
        if not called or _PARTLY.search(called):
            continue
        numbers = [number for number in _NUMBER.findall(called) if not _TIME.fullmatch(number)]
        replaced += numbers or _STATUTE.findall(called) or [called]
    return tuple(dict.fromkeys(replaced))


def _phrases(text: str) -> Iterator[str]:
    """What follows on "ersätter", and what is said to end."""
    for found in _REPLACING.finditer(text):
        before = text[max(0, found.start() - _SUBJECT_CHARS) : found.start()]
        if _ITSELF.search(before) and (called := _CALLED.match(text, found.end())):
            yield called.group()
    for found in (*_THROUGH.finditer(text), *_ENDED.finditer(text)):
        told = found["called"]
        dated = _YEAR.search(told) or _STATUTE.search(told) or _NUMBER.search(told)
        if dated and _IS_CALLED.search(told) and not _REPLACING.search(told) and not _THROUGH.search(f"{told} upphävs"):
            yield told
