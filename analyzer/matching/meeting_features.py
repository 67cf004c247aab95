"""What the meeting model reads of a side, and what it compares in a pair."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from scipy import sparse

from analyzer.matching.columns import (
    DIRECTIONS,
    MODALITIES,
    NO_DAY,
    PRIORITIES,
    RESOURCES,
    Columns,
    read_columns,
)
from analyzer.matching.encoder import StaticEncoder
from analyzer.matching.rules.opposite_direction import OPPOSED
from analyzer.matching.scope import APART, MET
from analyzer.records import LEVELS, Side
from analyzer.signals.lexicon import load_lexicon

#: Word pieces read of each part of a side, at most.
PARTS = {"text": 400, "object": 60, "action": 8, "title": 60}
#: Surprise in nats from which a piece that both sides hold begins to count, per how many it gains 1, and at most.
COMMON, SLOPE, MOST = 6.0, 4.0, 1.5
FORBIDS, ALLOWS = MODALITIES.index("prohibition"), MODALITIES.index("permission")
#: Pair features beside the towers' own score, in their order.
FEATURES = (
    *("score", "likeness", "apart", "met", "meaning", "topic", "object", "words", "titles"),
    *("same_resource", "one_resource", "opposed_goals", "same_goals", "same_unit", "other_value"),
    *("ban", "mandate", "opposite", "both_first", "both_absolute", "same_action", "other_level", "other_deadline"),
    "same_document",
)


@dataclass(frozen=True, slots=True)
class Read:
    """n sides as the model reads them."""

    columns: Columns
    #: Word pieces of each part: ones at the distinct pieces, sparse (n, pieces).
    pieces: dict[str, sparse.csr_matrix]
    #: Frame slots as 0 and 1, float32 (n, m).
    marks: np.ndarray
    #: Unit rows: meaning of the text, float32 (n, d); rare pieces of text and of title, sparse (n, pieces).
    meaning: np.ndarray
    words: sparse.csr_matrix
    titles: sparse.csr_matrix

    def __len__(self) -> int:
        return len(self.marks)


def read_sides(sides: Sequence[Side], encoder: StaticEncoder) -> Read:
    """Everything of sides that pairs are compared by, in their order."""
    texts = {
        "text": [side.text for side in sides],
        "object": [side.frame.object or "" for side in sides],
        "action": [side.frame.action or "" for side in sides],
        "title": [" ".join([side.document or "", *side.heading[-1:]]) for side in sides],
    }
    bags = {part: encoder.bags(texts[part]) for part in PARTS}
    pieces = {part: _distinct(bags[part], PARTS[part]) for part in PARTS}
    return Read(
        columns=read_columns(sides, encoder, bags["text"], bags["object"]),
        pieces=pieces,
        marks=read_marks(sides),
        meaning=encoder.mean(bags["text"]),
        words=_weigh(pieces["text"], encoder.rarity),
        titles=_weigh(pieces["title"], encoder.rarity),
    )


def _distinct(bags: sparse.csr_matrix, most: int) -> sparse.csr_matrix:
    """Which pieces each row holds, as ones; of a row with more than `most` the first so many."""
    place = np.arange(bags.nnz) - np.repeat(bags.indptr[:-1], np.diff(bags.indptr))
    kept = place < most
    ends = np.concatenate([[0], np.cumsum(kept)])[bags.indptr]
    return sparse.csr_matrix((np.ones(ends[-1], dtype=np.float32), bags.indices[kept], ends), shape=bags.shape)


def mark_names() -> tuple[str, ...]:
    """Names of the columns of `read_marks`."""
    goals = [f"goals:{name}{pole}" for name in load_lexicon("goals")["dimensions"] for pole in "+-"]
    return (
        *(f"modality:{name}" for name in MODALITIES),
        *(f"direction:{name}" for name in DIRECTIONS),
        *(f"priority:{name}" for name in PRIORITIES),
        *(f"polarity:{name}" for name in ("for", "against", "only")),
        *(f"resource:{name}" for name in RESOURCES),
        *goals,
        *(f"comparator:{name}" for name in ("min", "max", "exact")),
        *(f"has:{name}" for name in ("quantity", "deadline", "recurrence", "condition", "addressee")),
        *(f"level:{name}" for name in ("", *LEVELS)),
    )


def read_marks(sides: Sequence[Side]) -> np.ndarray:
    """Which slots hold what, float32 (n, m): 1 where the column's name holds for the side."""
    place = {name: at for at, name in enumerate(mark_names())}
    marks = np.zeros((len(sides), len(place)), dtype=np.float32)
    for row, side in enumerate(sides):
        frame = side.frame
        found = [f"{slot}:{getattr(frame, slot)}" for slot in ("modality", "direction", "priority", "polarity")]
        found += [f"{slot}:{value}" for slot in ("resource", "goals") for value in getattr(frame, slot)]
        found += [f"comparator:{quantity.comparator}" for quantity in frame.quantity]
        found += [
            f"has:{slot}"
            for slot in ("quantity", "deadline", "recurrence", "condition", "addressee")
            if getattr(frame, slot)
        ]
        found.append(f"level:{side.level or ''}")
        marks[row, [place[name] for name in found if name in place]] = 1.0
    return marks


class Comparable(Protocol):
    """What `compare` wants to know of sides: see `Read`."""

    @property
    def columns(self) -> Columns: ...
    @property
    def meaning(self) -> np.ndarray: ...
    @property
    def words(self) -> sparse.csr_matrix: ...
    @property
    def titles(self) -> sparse.csr_matrix: ...


def compare(
    read: Comparable,
    a: np.ndarray,
    b: np.ndarray,
    score: np.ndarray,
    likeness: np.ndarray,
    tier: np.ndarray,
    within: np.ndarray,
    dots: tuple[np.ndarray, ...] = (),
    overlaps: tuple[np.ndarray, ...] = (),
) -> np.ndarray:
    """`FEATURES` of pairs, float32 (p, features), the same in either order of the sides.

    Args:
        a, b: positions (p,). score: the towers' score with its bonus of tier, and likeness: its symmetric part, (p,).
        tier: (p,). within: whether both are of one document, (p,).
        dots: products of meaning, topic and object, and overlaps: of words and titles, (p,) each, where the caller has
            them.
    """
    columns = read.columns
    resources, goals, units = (getattr(columns, name) for name in ("resources", "goals", "units"))
    modality, priority, action = columns.modality, columns.priority, columns.action
    day, level, values = columns.deadline, columns.level, columns.values
    same_unit = (units[a] & units[b]) != 0
    meaning, topic, thing = dots or (_dot(rows, a, b) for rows in (read.meaning, columns.topics, columns.objects))
    words, titles = overlaps or (_overlap(rows, a, b) for rows in (read.words, read.titles))
    found = (
        score,
        likeness,
        tier == APART,
        tier == MET,
        meaning,
        topic,
        thing,
        words,
        titles,
        (resources[a] & resources[b]) != 0,
        (resources[a] != 0) != (resources[b] != 0),
        (goals[a] & columns.against[b]) != 0,
        (goals[a] & goals[b]) != 0,
        same_unit,
        same_unit & (values[a] != values[b]),
        (modality[a] == FORBIDS) != (modality[b] == FORBIDS),
        (modality[a] == ALLOWS) != (modality[b] == ALLOWS),
        OPPOSED[columns.direction[a], columns.direction[b]],
        (priority[a] > 0) & (priority[b] > 0),
        (priority[a] == 2) & (priority[b] == 2),
        (action[a] == action[b]) & (action[a] != 0),
        level[a] != level[b],
        (day[a] != day[b]) & (day[a] != NO_DAY) & (day[b] != NO_DAY),
        within,
    )
    features = np.empty((len(found), len(a)), dtype=np.float32)
    for at, column in enumerate(found):
        features[at] = column
    return features.T


def _dot(rows: np.ndarray, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return np.einsum("ij,ij->i", rows[a], rows[b])


def _overlap(rows: sparse.csr_matrix, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Cosine of sparse rows, (p,) float32."""
    return np.asarray(rows[a].multiply(rows[b]).sum(axis=1), dtype=np.float32).ravel()


def _weigh(pieces: sparse.csr_matrix, rarity: np.ndarray) -> sparse.csr_matrix:
    """Pieces as unit rows, the rarer the heavier, (n, pieces) float32."""
    weight = np.clip((rarity - COMMON) / SLOPE, 0.0, MOST).astype(np.float32)
    rows = sparse.csr_matrix((weight[pieces.indices], pieces.indices, pieces.indptr), shape=pieces.shape)
    length = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
    scaled = sparse.diags(1.0 / np.maximum(length, 1e-6)).astype(np.float32) @ rows
    scaled.eliminate_zeros()
    return sparse.csr_matrix(scaled, dtype=np.float32)
