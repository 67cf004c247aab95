"""Which documents a document says it replaces: their numbers, or what it calls them where it gives no number."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from importlib.resources import files

_DATA = tomllib.loads(files(__package__).joinpath("metadata.toml").read_text(encoding="utf-8"))
_NUMBER = re.compile(rf"(?<![\w/:.-])(?:{_DATA['numbers']['formats']})(?![\w/])")
_STATUTE = re.compile(_DATA["numbers"]["statute"])
_SUBJECT, _KIND = _DATA["validity"]["subject"], _DATA["replaced"]["kind"]
_FLAGS = re.IGNORECASE
_REPLACING = re.compile(r"\b(?:ersätter|upphäver|upphävs)\b\s+", _FLAGS)
_ITSELF = re.compile(rf"{_SUBJECT}\s*\Z", _FLAGS)
#: A document as it is called, up to the end of the sentence.
_CALLED = re.compile(r"[^.\n]{4,250}(?:(?:\.(?=\d)|(?<=dnr)\.)[^.\n]{1,100})*")
_SUBJECT_CHARS = 80
#: "Genom denna föreskrift upphör TFS 2022:17 att gälla."
_THROUGH = re.compile(
    rf"\b(?:genom|i\s+och\s+med|med)\s+{_SUBJECT}(?:\s+\w+){{0,3}}?\s+(?:upphör|upphävs)\s+(?P<called>[^\n]{{4,200}}?)"
    r"(?:\s+att\s+gälla|[.;\n]|$)",
    _FLAGS,
)
#: "Beslutet från den 3 februari 2026 upphör att gälla." The sentence begins with what is called.
_ENDED = re.compile(
    r"(?:^|(?<=[.!?;]\s)|(?<=\n))(?:\d+(?:\.\d+)*[.)]?\s+(?!§))?(?P<called>[^.!?\n§]{4,200}?(?:\.\d[^.!?\n§]{0,60}?)*?)\s+"
    r"(?:upphör(?:\s+då|\s+därmed)?\s+att\s+gälla|upphävs|(?:ska|skall|får)\s+inte\s+längre\s+(?:tillämpas|gälla|användas)|"
    r"(?:gäller|tillämpas)\s+inte\s+längre)\b",
    _FLAGS | re.MULTILINE,
)
_IS_CALLED = re.compile(rf"\b(?:{_KIND})\b|\b[A-ZÅÄÖ]{{2,6}}\s?\d{{4}}:\d", _FLAGS)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")
#: What follows on a name, and is none of it.
_REST = re.compile(r",?\s+(?:som|vilken|vilket|vilka|när|då|i\s+den\s+del)\b.*|\s+upphör\b.*", _FLAGS | re.DOTALL)


def find_replaced(labelled: str | None, text: str) -> tuple[str, ...]:
    """What a document replaces, in the order in which it says so; `labelled` is what stands after such a label."""
    replaced: list[str] = []
    for phrase in [labelled] if labelled else _phrases(text):
        numbers = [found.group() for found in _NUMBER.finditer(phrase)] or _STATUTE.findall(phrase)
        called = _REST.sub("", " ".join(phrase.split())).rstrip(" ,;.")
        replaced += numbers or ([called] if called and not called.startswith("inte ") else [])
    return tuple(dict.fromkeys(replaced))


def _phrases(text: str) -> Iterator[str]:
    """What follows on "ersätter", and what is said to end."""
    for found in _REPLACING.finditer(text):
        before = text[max(0, found.start() - _SUBJECT_CHARS) : found.start()]
        if _ITSELF.search(before) and (called := _CALLED.match(text, found.end())):
            yield called.group()
    for through in _THROUGH.finditer(text):
        yield through["called"]
    for ended in _ENDED.finditer(text):
        told = ended["called"]
        dated = _IS_CALLED.search(told) and (_YEAR.search(told) or _STATUTE.search(told))
        if dated and not _REPLACING.search(told) and not _THROUGH.search(f"{told} upphör att gälla"):
            yield told
