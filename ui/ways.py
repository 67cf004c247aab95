"""Ways from one page into another, written as addresses: "?vy=granska&typ=target". Every figure of the overview leads
somewhere by one; the page's script follows them without loading the page anew, and they can be sent to others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, quote, urlencode

from analyzer.records import CONFLICT_TYPES, LEVELS
from analyzer.store.overview import AS_NAMED

REVIEW, DOCUMENT = "granska", "dokument"
#: No way is longer; what is longer comes from elsewhere.
LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Way:
    """Which flags of the queue a figure stands for. Empty fields leave nothing out."""

    type: str = ""
    grade: int = 0
    level: str = ""
    status: str = ""
    assigned: str = ""
    #: One document on either side, or two, one on each.
    documents: tuple[int, ...] = ()
    #: One unit on either side, or two, one on each; told by themselves down to `depth` in the organisation tree.
    units: tuple[str, ...] = ()
    depth: int = 0
    #: One of these signals on either side, by their ids.
    signals: tuple[int, ...] = ()
    #: Per cent from which flags are counted.
    least: int = 0

    @property
    def address(self) -> str:
        """The way as a relative address."""
        told: list[tuple[str, Any]] = [("vy", REVIEW)]
        fields = {
            "typ": self.type,
            "grad": self.grade,
            "niva": self.level,
            "status": self.status,
            "tilldelad": self.assigned,
            "minst": self.least,
        }
        told += [(name, value) for name, value in fields.items() if value]
        told += [("dokument", document) for document in self.documents]
        told += [("enhet", unit) for unit in self.units]
        told += [("id", signal) for signal in self.signals]
        told += [("djup", self.depth)] if self.units else []
        return "?" + urlencode(told, quote_via=quote)


def document_address(document_id: int, signal: int | None = None) -> str:
    """The way to a document, and to one of its signals by its ordinal."""
    told = [("vy", DOCUMENT), ("dokument", document_id), *([("signal", signal)] if signal is not None else [])]
    return "?" + urlencode(told)


def read_way(address: str) -> Way | None:
    """The way that an address tells; None where it leads elsewhere. What cannot be read in it is passed over."""
    told = read_address(address, REVIEW)
    if told is None:
        return None
    type_, level, status = (told.get(name, [""])[0] for name in ("typ", "niva", "status"))
    return Way(
        type=type_ if type_ in (*CONFLICT_TYPES, "duplicate") else "",
        grade=whole(told, "grad", 2),
        level=level if level in LEVELS else "",
        status=status if status.isalpha() else "",
        assigned=told.get("tilldelad", [""])[0],
        documents=tuple(int(one) for one in told.get("dokument", [])[:2] if is_number(one)),
        units=tuple(told.get("enhet", [])[:2]),
        signals=tuple(int(one) for one in told.get("id", []) if is_number(one)),
        depth=whole(told, "djup", AS_NAMED),
        least=whole(told, "minst", 100),
    )


def read_document_way(address: str) -> tuple[int, int | None] | None:
    """(document, signal or None) of a way to a document; None where an address leads elsewhere."""
    told = read_address(address, DOCUMENT) or {}
    document, signal = (told.get(name, [""])[0] for name in ("dokument", "signal"))
    return (int(document), int(signal) if is_number(signal) else None) if is_number(document) else None


def read_address(address: str, view: str) -> dict[str, list[str]] | None:
    """The parts of an address to a page, else None."""
    if not address.startswith("?") or len(address) > LONGEST:
        return None
    told = parse_qs(address[1:])
    return told if told.get("vy") == [view] else None


def is_number(told: str) -> bool:
    """Whether it is a number that a row of the store may have."""
    return told.isascii() and told.isdecimal() and len(told) < 16


def whole(told: dict[str, list[str]], name: str, most: int) -> int:
    """A small number by its name, 0 where there is none."""
    value = told.get(name, [""])[0]
    return min(int(value), most) if is_number(value) else 0
