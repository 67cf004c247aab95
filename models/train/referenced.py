"""Labelled pairs with a real side, kept by reference: the project's labels without other people's text.

`corpus/references/*.jsonl` names a real side by record of `regeringsuppdrag.jsonl.gz` and character offsets in its text
as intake gives it; the other side, where there is one of ours, stands there in full. Here the references are resolved.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from analyzer.errors import UsageError
from analyzer.intake import read_files
from analyzer.records import Document
from analyzer.scoring.pairs import LabelledPair, read_pair

REFERENCES = Path(__file__).resolve().parents[2] / "corpus" / "references"
CORPUS = "regeringsuppdrag.jsonl.gz"


@lru_cache(maxsize=1)
def read_corpus(path: Path) -> dict[str, Document]:
    """The documents of the assignments by record id."""
    found = (item for item in read_files([path]) if isinstance(item, Document))
    return {document.source.split("#", 1)[1]: document for document in found}


def read_references(path: Path, data: Path) -> list[LabelledPair]:
    """The pairs of one file of references. Raises UsageError when a record is not in the data."""
    documents = read_corpus(data / CORPUS)
    pairs = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        row = json.loads(line)
        for side in ("a", "b"):
            if "record" in row[side]:
                if row[side]["record"] not in documents:
                    raise UsageError(f"{path.name}, rad {number}: {row[side]['record']} finns inte i {CORPUS}.")
                row[side] = resolve(row[side], documents[row[side]["record"]])
            span = row.pop(f"span_{side}", None)
            if span is not None:
                row[f"evidence_{side}"] = row[side]["text"][span[0] : span[1]]
        pairs.append(read_pair(json.dumps(row), f"{path.name}, rad {number}"))
    return pairs


def resolve(reference: Mapping[str, Any], document: Document) -> dict[str, Any]:
    """A side in the guidelines' format: `parts` are offset pairs (lead-in and item), joined by a space."""
    known = document.metadata
    return {
        "text": " ".join(document.text[begin:end] for begin, end in reference["parts"]),
        "document": known.title,
        "issuer": known.issuer,
        "level": known.level,
        "date": known.date,
        "addressee": reference.get("addressee"),
    }
