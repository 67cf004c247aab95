"""The project's own libraries: folders of documents as a scan meets them, with a key to every conflict among them.

`corpus/libraries/<name>` holds documents and `key.jsonl`, whose lines name two quotes by file, their type and grade,
and but for those of `MEASURED` `read.jsonl`: what a scan ranked highest of the rest, read and labelled in the same
way. What neither names counts as no conflict.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

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
#: What the names of their files of labelled pairs begin with.
LIBRARY = "library_"
#: Nothing learns from these.
MEASURED = frozenset({"m1", "m2", "p1", "p2"})
#: Share of the words of quote and signal together that they must have in common.
SAME = 0.5


@dataclass(frozen=True, slots=True)
class Library:
    """n signals, the candidates of a scan among them (c, 2), and the labelled pairs (k, 2) with their labels."""

    name: str
    sides: list[Side]
    document_of: np.ndarray
    candidates: np.ndarray
    known: np.ndarray
    labels: list[LabelledPair]
    #: (k,) whether both sides concern one matter: all that the key names, and most of what was read later.
    meets: np.ndarray
    #: Ids of labelled pairs of which no signal was found.
    lost: list[str]

    @property
    def file(self) -> str:
        """Its name among the files of labelled pairs."""
        return f"{LIBRARY}{self.name}"

    def others(self) -> np.ndarray:
        """(m, 2) candidates that nobody labelled."""
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
    known, labels, meets, lost = [], [], [], []
    for row in read_labels(folder):
        pair = [_place(words, places[row[side]["file"]], row[side]["quote"]) for side in ("a", "b")]
        if None in pair or pair[0] == pair[1]:
            lost.append(row["id"])
            continue
        known.append(pair)
        a, b = (sides[place] for place in pair if place is not None)
        name = f"{folder.name}-{row['id']}"
        labels.append(
            LabelledPair(
                name, a, b, row["type"], row["grade"], row.get("evidence_a"), row.get("evidence_b"), source="written"
            )
        )
        meets.append(row.get("meets", True))
    vectors = load_encoder().encode([embedding_text(side) for side in sides])
    documents = np.array(document_of)
    proposed = propose(sides, vectors, document_of=documents, neighbours=load_settings().neighbours)
    candidates = np.column_stack([proposed.a, proposed.b])
    return Library(
        folder.name,
        sides,
        documents,
        candidates,
        np.array(known).reshape(-1, 2),
        labels,
        np.array(meets, bool),
        lost,
    )


def read_labels(folder: Path) -> list[dict[str, Any]]:
    """What the key names, and what was read later, line by line."""
    paths = (path for name in ("key", "read") if (path := folder / f"{name}.jsonl").exists())
    return [json.loads(line) for path in paths for line in path.read_text(encoding="utf-8").splitlines()]


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
