"""Reading labelled (or unlabelled) pairs in the format of the annotation guidelines, section 3."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analyzer.errors import UsageError
from analyzer.records import LEVELS, PAIR_TYPES, ConflictType, Level, Side
from analyzer.signals import load_reader


@dataclass(frozen=True, slots=True)
class LabelledPair:
    """One line of a file of pairs. Labels are None where the line holds none."""

    id: str
    a: Side
    b: Side
    type: ConflictType | None = None
    grade: int | None = None
    evidence_a: str | None = None
    evidence_b: str | None = None
    rationale: str | None = None
    source: str | None = None

    @property
    def family(self) -> str:
        """Ids that share a number are a family: `t7-012a` and `t7-012b` → `t7-012`, `k1-004bc` → `k1-004`."""
        return re.sub(r"(?<=\d)[a-z]{1,2}$", "", self.id)

    @property
    def conflict(self) -> bool:
        return bool(self.grade)


def read_side(data: dict[str, Any]) -> Side:
    """A pair's side with its frame. `data` holds at least `text`; unknown fields are ignored."""
    level: Level | None = data.get("level") if data.get("level") in LEVELS else None
    document, issuer, date, addressee = (data.get(name) for name in ("document", "issuer", "date", "addressee"))
    frame = load_reader().frame(
        data["text"], level=level, document=document, issuer=issuer, date=date, addressee=addressee
    )
    return Side(data["text"], frame, document, issuer, level, date, addressee=addressee)


def read_pair(line: str, where: str) -> LabelledPair:
    """One JSON line. Raises UsageError that names `where` when the line is no pair."""
    try:
        row = json.loads(line)
        for side in ("a", "b"):
            if not isinstance(row[side]["text"], str):
                raise TypeError(side)
        pair_type = row.get("type")
        if pair_type is not None and pair_type not in PAIR_TYPES:
            raise ValueError(pair_type)
        labels = {name: row.get(name) for name in ("evidence_a", "evidence_b", "rationale", "source")}
        return LabelledPair(
            str(row["id"]), read_side(row["a"]), read_side(row["b"]), pair_type, row.get("grade"), **labels
        )
    except (ValueError, KeyError, TypeError) as error:
        raise UsageError(
            f"{where} är inte ett par i annoteringsformatet ({error}); rätta raden eller ta bort den."
        ) from error


def read_pairs(path: str | Path) -> list[LabelledPair]:
    """All pairs of one JSON Lines file, in file order; blank lines are passed over."""
    try:
        # Not splitlines(): a quote may hold a line separator that JSON leaves as it is.
        lines = Path(path).read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} går inte att läsa ({error}); ange en fil med par i UTF-8.") from error
    return [read_pair(line, f"{path}, rad {number}") for number, line in enumerate(lines, start=1) if line.strip()]
