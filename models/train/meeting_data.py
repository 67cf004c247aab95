"""What the meeting model is trained on: labelled pairs, and the real signals among which partners must be found."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from analyzer.evaluation.candidates import read_real
from analyzer.matching.encoder import StaticEncoder
from analyzer.matching.meeting_features import Read, read_sides
from analyzer.matching.scope import Scope, read_scope
from analyzer.records import Side
from analyzer.scoring.pairs import LabelledPair, read_pairs
from models.train.libraries import read_libraries
from models.train.referenced import CORPUS, REFERENCES, read_references

OWN = Path(__file__).resolve().parents[2] / "corpus" / "pairs"


@dataclass(frozen=True, slots=True)
class Material:
    """n sides, first the `real` ones of whole documents, libraries included, then those of labelled pairs."""

    read: Read
    scope: Scope
    real: int
    #: (n,) number of the document, of the family of pairs (its own for real sides), and of the text.
    document_of: np.ndarray
    family: np.ndarray
    text: np.ndarray
    #: Conflicts and repeated demands: positions (p, 2), the file each comes from (p,), and whether it is a conflict.
    pairs: np.ndarray
    files: np.ndarray
    conflict: np.ndarray

    def is_open(self, a: np.ndarray, b: np.ndarray) -> np.ndarray:
        """Whether the times of sides (r,) and (c,) meet, bool (r, c)."""
        begins, ends = self.scope.begins, self.scope.ends
        return (begins[a][:, None] <= ends[b][None, :]) & (begins[b][None, :] <= ends[a][:, None])

    def tiers(self, a: np.ndarray, b: np.ndarray) -> np.ndarray:
        """Scope tiers of sides (r,) and (c,), int64 (r, c)."""
        party = self.scope.party
        return self.scope.tiers[party[a]][:, party[b]].astype(np.int64)

    def no_rival(self, a: np.ndarray, wanted: np.ndarray, b: np.ndarray) -> np.ndarray:
        """Whether `b` (c,) cannot stand against `a`'s (r,) partner `wanted` (r,): times, family, or the same words."""
        alike = (self.text[a][:, None] == self.text[b][None, :]) | (self.text[wanted][:, None] == self.text[b][None, :])
        return ~self.is_open(a, b) | (self.family[a][:, None] == self.family[b][None, :]) | alike


def read_labelled(data: Path) -> dict[str, list[LabelledPair]]:
    """Labelled pairs by file: the training files, the project's own, and those with a real side."""
    paths = [*sorted((data / "pairs").glob("train_*.jsonl")), *sorted(OWN.glob("*.jsonl"))]
    found = {path.stem: read_pairs(path) for path in paths}
    return found | {path.stem: read_references(path, data) for path in sorted(REFERENCES.glob("half_*.jsonl"))}


def read_material(data: Path, encoder: StaticEncoder) -> Material:
    """All sides with what the model reads of them."""
    real, document_of = read_real([data / CORPUS])
    sides: list[Side] = list(real)
    places: dict[tuple[str | None, ...], int] = {}
    families: dict[tuple[str, str], int] = {}
    texts: dict[str, int] = {}
    rows, files, conflict = [], [], []
    for library in read_libraries():
        for (a, b), pair in zip(library.known.tolist(), library.labels, strict=True):
            if pair.conflict or pair.type == "duplicate":
                rows.append([a + len(sides), b + len(sides)])
                files.append(library.file)
                conflict.append(pair.conflict)
        document_of = np.concatenate([document_of, document_of.max() + 1 + library.document_of])
        sides += library.sides
    whole = len(sides)
    family = list(range(whole))
    for name, pairs in read_labelled(data).items():
        for pair in pairs:
            row = []
            for side in (pair.a, pair.b):
                place = places.setdefault((name, side.text, side.document, side.addressee), len(sides))
                if place == len(sides):
                    sides.append(side)
                    family.append(whole + families.setdefault((name, pair.family), len(families)))
                row.append(place)
            if pair.conflict or pair.type == "duplicate":
                rows.append(row)
                files.append(name)
                conflict.append(pair.conflict)
    own = int(document_of.max()) + 1 + np.arange(len(sides) - whole)
    documents = np.concatenate([document_of, own])
    text = [texts.setdefault(" ".join(side.text.split()).casefold(), len(texts)) for side in sides]
    return Material(
        read_sides(sides, encoder), read_scope(sides, documents), whole, documents,
        np.array(family), np.array(text), np.array(rows), np.array(files), np.array(conflict),
    )  # fmt: skip
