"""The project's own libraries: folders of documents as a scan meets them, with a key to every conflict among them.

`corpus/libraries/<name>` holds documents and `key.jsonl`, whose lines name two quotes by file, their type and grade.
What the key does not name was read and is no conflict. Two libraries are for measuring only.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from analyzer.intake import read_files
from analyzer.matching.candidates import propose
from analyzer.matching.encoder import embedding_text, load_encoder
from analyzer.records import Side, Skipped
from analyzer.scoring.pairs import LabelledPair
from analyzer.scoring.words import tokenise
from analyzer.settings import load_settings
from analyzer.signals import load_reader
from analyzer.store.convert import side_of

LIBRARIES = Path(__file__).resolve().parents[2] / "corpus" / "libraries"
#: Nothing learns from these.
MEASURED = frozenset({"m1", "m2"})
#: Share of the words of quote and signal together that they must have in common.
SAME = 0.5


@dataclass(frozen=True, slots=True)
class Library:
    """n signals, the candidates of a scan among them (c, 2), and the key's pairs (k, 2) with their labels."""

    name: str
    sides: list[Side]
    document_of: np.ndarray
    candidates: np.ndarray
    known: np.ndarray
    labels: list[LabelledPair]
    #: Ids of the key's pairs of which no signal was found.
    lost: list[str]

    @property
    def file(self) -> str:
        """Its name among the files of labelled pairs."""
        return f"library_{self.name}"

    def others(self) -> np.ndarray:
        """(m, 2) candidates that the key does not name."""
        named = {(min(pair), max(pair)) for pair in self.known.tolist()}
        return np.array([pair for pair in self.candidates.tolist() if (pair[0], pair[1]) not in named]).reshape(-1, 2)


def read_library(folder: Path) -> Library:
    """Read, find signals and candidates, and look up the key's quotes among the signals."""
    sides: list[Side] = []
    document_of: list[int] = []
    places: dict[str, list[int]] = {}
    paths = sorted(path for path in folder.iterdir() if path.suffix == ".md")
    for number, document in enumerate(read_files(paths, workers=1)):
        if isinstance(document, Skipped):
            raise ValueError(f"{folder.name}: {document.source}: {document.reason}")
        found = [side_of(signal, document.metadata) for signal in load_reader().read(document)]
        places[Path(document.source).name] = list(range(len(sides), len(sides) + len(found)))
        sides += found
        document_of += [number] * len(found)
    words = [frozenset(token.stem for token in tokenise(side.text)) for side in sides]
    known, labels, lost = [], [], []
    for line in (folder / "key.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        pair = [_place(words, places[row[side]["file"]], row[side]["quote"]) for side in ("a", "b")]
        if None in pair or pair[0] == pair[1]:
            lost.append(row["id"])
            continue
        known.append(pair)
        a, b = (sides[place] for place in pair if place is not None)
        name = f"{folder.name}-{row['id']}"
        labels.append(LabelledPair(name, a, b, type=row["type"], grade=row["grade"], source="written"))
    vectors = load_encoder().encode([embedding_text(side) for side in sides])
    documents = np.array(document_of)
    proposed = propose(sides, vectors, document_of=documents, neighbours=load_settings().neighbours)
    candidates = np.column_stack([proposed.a, proposed.b])
    return Library(folder.name, sides, documents, candidates, np.array(known).reshape(-1, 2), labels, lost)


def _place(words: Sequence[frozenset[str]], rows: Sequence[int], quote: str) -> int | None:
    """The signal that shares most with the quote, if enough."""
    wanted = {token.stem for token in tokenise(quote)}
    shares = [len(wanted & words[row]) / max(min(len(wanted), len(words[row])), 1) for row in rows]
    closest = [len(wanted & words[row]) / max(len(wanted | words[row]), 1) for row in rows]
    best = max(range(len(rows)), key=lambda at: (shares[at] + closest[at], -at), default=None)
    return rows[best] if best is not None and max(closest[best], shares[best] - 0.3) >= SAME else None


def read_libraries(measured: bool = False) -> list[Library]:
    """The libraries to learn from, or those to measure on."""
    folders = sorted(path for path in LIBRARIES.glob("*") if (path / "key.jsonl").exists())
    return [read_library(folder) for folder in folders if (folder.name in MEASURED) == measured]
