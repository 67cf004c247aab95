"""Styles and numbering of a DOCX: what makes a paragraph a heading or a list item, and with which marker."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from .package import attribute, child, children

_HEADING_NAME = re.compile(r"(?:heading|rubrik)\s*([1-9])", re.IGNORECASE)
_TITLE_NAMES = ("title", "rubrik", "dokumenttitel")
_CONTENTS_NAME = re.compile(r"(?:toc|innehåll)\s*(?:[1-9]|heading)", re.IGNORECASE)
_LIST_NAME = re.compile(r"(?:list bullet|list number|punktlista|numrerad lista)\s*([2-9]?)", re.IGNORECASE)
_MAX_BASED_ON = 20
_ROMAN = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


@dataclass(frozen=True, slots=True)
class Style:
    """What matters of a paragraph style, its bases included. `heading` is 0 for a title, 1–9 for headings."""

    heading: int | None = None
    contents: bool = False
    list_depth: int = 0
    number: tuple[str, int] | None = None


@dataclass(slots=True)
class Numbering:
    """List definitions, and counters that go on from paragraph to paragraph."""

    #: numId → level → (format, pattern such as "%1.%2", first number)
    levels: dict[str, dict[int, tuple[str, str, int]]] = field(default_factory=dict)
    _counters: dict[str, dict[int, int]] = field(default_factory=lambda: defaultdict(dict))

    def next_marker(self, number: str, level: int) -> str:
        """The marker of the next paragraph of list `number` on `level`, and one step of its counter."""
        defined = self.levels.get(number, {})
        form, pattern, first = defined.get(level, ("bullet", "", 1))
        counters = self._counters[number]
        counters[level] = counters.get(level, first - 1) + 1
        for deeper in [other for other in counters if other > level]:
            del counters[deeper]
        if form in ("bullet", "none"):
            return "•" if form == "bullet" else ""

        def fill(found: re.Match[str]) -> str:
            other = int(found.group(1)) - 1
            other_form, _, other_first = defined.get(other, ("decimal", "", 1))
            return format_number(counters.get(other, other_first), other_form)

        return re.sub(r"%([1-9])", fill, pattern).strip()


def format_number(value: int, form: str) -> str:
    if form in ("lowerLetter", "upperLetter", "a", "A"):
        letter = chr(ord("a") + (value - 1) % 26)
        return letter.upper() if form in ("upperLetter", "A") else letter
    if form in ("lowerRoman", "upperRoman", "i", "I") and 0 < value < 40:
        text = ""
        for amount, sign in _ROMAN:
            while value >= amount:
                text, value = text + sign, value - amount
        return text.upper() if form in ("upperRoman", "I") else text
    return str(value)


def read_styles(root: Element | None) -> dict[str, Style]:
    raw = {attribute(style, "styleId") or "": style for style in children(root, "style")}
    return {name: _resolve(name, raw) for name in raw}


def _resolve(name: str, raw: dict[str, Element]) -> Style:
    heading: int | None = None
    list_depth, contents, number = 0, False, None
    for _ in range(_MAX_BASED_ON):
        element = raw.get(name)
        if element is None:
            break
        label = (attribute(title, "val") or "") if (title := child(element, "name")) is not None else ""
        found = _HEADING_NAME.match(label) or _HEADING_NAME.match(name)
        if heading is None and found:
            heading = int(found.group(1))
        elif heading is None and label.lower() in _TITLE_NAMES:
            heading = 0
        properties = child(element, "pPr")
        if heading is None:
            heading = read_outline(properties)
        contents |= bool(_CONTENTS_NAME.match(label))
        listed = _LIST_NAME.match(label)
        list_depth = list_depth or (int(listed.group(1) or 1) if listed else 0)
        number = number or read_number(properties)
        name = (attribute(base, "val") or "") if (base := child(element, "basedOn")) is not None else ""
    return Style(heading, contents, list_depth, number)


def read_outline(properties: Element | None) -> int | None:
    """Heading level from an outline level: 0–8 are headings, 9 is body text."""
    element = child(properties, "outlineLvl")
    value = attribute(element, "val") if element is not None else None
    return int(value) + 1 if value and value.isdecimal() and int(value) < 9 else None


def read_number(properties: Element | None) -> tuple[str, int] | None:
    """(list, level counted from 0) of a paragraph's or style's properties; list "0" switches numbering off."""
    numbered = child(properties, "numPr")
    identity = child(numbered, "numId")
    if identity is None:
        return None
    level = child(numbered, "ilvl")
    depth = (attribute(level, "val") or "0") if level is not None else "0"
    return attribute(identity, "val") or "0", min(int(depth), 8) if depth.isdecimal() else 0


def read_numbering(root: Element | None) -> Numbering:
    abstract = {attribute(element, "abstractNumId"): _levels(element) for element in children(root, "abstractNum")}
    numbering = Numbering()
    for number in children(root, "num"):
        link = child(number, "abstractNumId")
        target = attribute(link, "val") if link is not None else None
        numbering.levels[attribute(number, "numId") or ""] = abstract.get(target, {})
    return numbering


def _levels(element: Element) -> dict[int, tuple[str, str, int]]:
    levels = {}
    for level in children(element, "lvl"):
        values = {name: _value(level, name) for name in ("numFmt", "lvlText", "start")}
        depth, first = attribute(level, "ilvl") or "0", values["start"]
        if depth.isdecimal():
            levels[int(depth)] = (
                values["numFmt"] or "decimal",
                values["lvlText"],
                int(first) if first.isdecimal() else 1,
            )
    return levels


def _value(element: Element, name: str) -> str:
    found = child(element, name)
    return (attribute(found, "val") or "") if found is not None else ""
