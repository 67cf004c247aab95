"""What a document says of itself: guesses from its title, head and first lines, with known facts put first."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, cast

from analyzer.records import Level, Metadata, Passage

from .dates import parse_date
from .organisations import find_addressees, find_organisation, split_names
from .replacing import find_replaced
from .validity import find_validity

_DATA: dict[str, Any] = tomllib.loads(files(__package__).joinpath("metadata.toml").read_text(encoding="utf-8"))
_LABELS = {
    name: re.compile(rf"^(?:{pattern})\s*(?::|\s(?=[A-ZÅÄÖ\d]))\s*(.{{2,200}})$", re.IGNORECASE)
    for name, pattern in _DATA["labels"].items()
}
_NUMBER = re.compile(rf"(?<![\w/:.-])(?:{_DATA['numbers']['formats']})(?![\w/])")
_STATUTE = re.compile(_DATA["numbers"]["statute"])
_TYPES = [
    (kind["name"], kind.get("level"), re.compile(kind["title"], re.I), re.compile(kind.get("opening", r"(?!)"), re.I))
    for kind in _DATA["types"]
]
_JUNK = re.compile(_DATA["titles"]["junk"], re.IGNORECASE)
_ADDRESSED = re.compile(r"\s(?:till|åt)\s")
_DATE_ALONE = re.compile(r"(?:[A-ZÅÄÖ][a-zåäö]+\s+)?(?:den\s+)?(?:\d{4}-\d{2}-\d{2}|\d{1,2}\s+[a-z]+\s+\d{4})")

#: How many passages from the start count as the document's head, and how long one of them may be.
_HEAD_PASSAGES, _HEAD_CHARS = 14, 160
_OPENING_CHARS = 1_500
_TYPE_CHARS, _TYPE_LINE_CHARS = 300, 60


@dataclass(frozen=True, slots=True)
class _Front:
    """The places where a document introduces itself."""

    title: str
    #: Short lines of the head and the margins, one label or fact each.
    lines: tuple[str, ...]
    opening: str
    text: str

    def labelled(self, name: str) -> str | None:
        found = (_LABELS[name].match(line) for line in self.lines)
        return next((match.group(1).strip() for match in found if match), None)


def guess_metadata(
    text: str, passages: Sequence[Passage], properties: dict[str, str], fields: dict[str, str], stem: str
) -> Metadata:
    """Facts in `fields` win over `properties` of the file, which win over what the text suggests.

    `properties["margin"]` holds the lines of running heads and feet; `stem` is the file's name, the last resort
    for a title.
    """
    facts = {_DATA["fields"].get(name, name): value for name, value in {**properties, **fields}.items() if value}
    front = _look_at(text, passages, facts, stem)
    kind = _DATA["kinds"].get(facts.get("kind", ""), {})
    document_type, type_level = _find_type(front) if not kind else (kind["document_type"], kind["level"])
    issuer = kind.get("issuer") or facts.get("issuer") or facts.get("department") or _find_issuer(front, document_type)
    own_level = _level_of(issuer)
    # An authority gives itself instructions; only the Government's are ordinances.
    instructs = front.title.lower().startswith("instruktion")
    if type_level == "ordinance" and instructs and own_level in ("national", "regional", "local"):
        document_type, type_level = "instruktion", None
    valid_from, valid_to = find_validity(front.title, front.lines, front.text, document_type)
    return Metadata(
        title=front.title,
        issuer=issuer,
        document_type=document_type,
        level=cast("Level | None", type_level or own_level),
        date=parse_date(facts.get("issued") or facts.get("published") or facts.get("date") or "") or _find_date(front),
        valid_from=parse_date(facts.get("in_force", "")) or valid_from,
        valid_to=parse_date(facts.get("valid_to", "")) or valid_to,
        registration_number=facts.get("registration_number") or _find_number(front, facts),
        addressees=tuple(split_names(facts.get("addressees") or front.labelled("addressees") or "", listed=True))
        or find_addressees(front.title, front.opening),
        replaces=find_replaced(front.labelled("replaces"), front.text),
    )


def _look_at(text: str, passages: Sequence[Passage], facts: dict[str, str], stem: str) -> _Front:
    head = [text[p.start : p.end] for p in passages[:_HEAD_PASSAGES]]
    lines = [part.strip() for line in head if len(line) <= _HEAD_CHARS for part in line.split(" | ")]
    lines += [line.strip() for line in facts.get("margin", "").split("\n") if line.strip()]
    title = facts.get("title", "")
    heading = next(
        (
            text[p.start : p.end]
            for p in passages[:_HEAD_PASSAGES]
            if p.kind == "heading" and text[p.start : p.end].lower() not in _DATA["titles"]["generic"]
        ),
        None,
    )
    first = head[0] if head and len(head[0]) <= _HEAD_CHARS and not head[0].endswith(".") else None
    # A record's title is a fact; a file's own title property is often left over from a template.
    known = title if title and "id" in facts else None
    proper = title if title and not _JUNK.search(title) else None
    body = next((p.start for p in passages if p.kind != "heading"), 0)
    return _Front(known or heading or proper or first or stem, tuple(lines), text[body : body + _OPENING_CHARS], text)


def _find_type(front: _Front) -> tuple[str | None, str | None]:
    """The first type that the title or the opening speaks for, else one that a short line of the head names."""
    opening = front.opening[:_TYPE_CHARS].lower()
    for name, level, title, opens in _TYPES:
        if title.search(front.title) or opens.search(opening):
            return name, level
    for line in front.lines:
        for name, level, title, _ in _TYPES:
            if len(line) < _TYPE_LINE_CHARS and title.search(line):
                return name, level
    return None, None


def _find_issuer(front: _Front, document_type: str | None) -> str | None:
    if document_type in ("regleringsbrev", "regeringsuppdrag", "regeringsbeslut"):
        return "Regeringen"
    labelled = front.labelled("issuer")
    if labelled:
        return find_organisation(labelled[0].upper() + labelled[1:]) or labelled
    # Whoever a title is addressed to ("till polisregion Syd") did not write it, nor whoever an ordinance is about.
    about = document_type in ("lag", "förordning") and not front.title.lower().startswith("instruktion")
    titles = () if about else (_ADDRESSED.split(front.title)[0],)
    for where in (*titles, *(line for line in front.lines if not about or line != front.title)):
        found = find_organisation(where)
        if found:
            return found
    return "Regeringen" if front.opening.startswith("Regeringen ") else find_organisation(front.opening[:300])


def _level_of(issuer: str | None) -> str | None:
    for organisation in _DATA["organisations"] if issuer else ():
        if re.search(organisation["pattern"], issuer or ""):
            return str(organisation["level"])
    return None


def _find_date(front: _Front) -> str | None:
    labelled = front.labelled("date")
    if labelled and (found := parse_date(labelled)):
        return found
    alone = next((line for line in front.lines if _DATE_ALONE.fullmatch(line)), "")
    return parse_date(alone)


def _find_number(front: _Front, facts: dict[str, str]) -> str | None:
    if _STATUTE.fullmatch(facts.get("id", "")):
        return facts["id"]
    labelled = front.labelled("registration_number")
    if labelled:
        found = _NUMBER.search(labelled)
        return found.group() if found else labelled
    for line in front.lines:
        # A number inside a sentence is some other document's; its own stands alone or after its label.
        found = _NUMBER.search(line)
        if found and len(line) < 60 and re.search(rf"(?i)\b(?:{_DATA['labels']['registration_number']})\b", line):
            return found.group()
        if found and found.group() == line:
            return line
    return None
