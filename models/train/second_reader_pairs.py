"""What the second reader is trained on: labelled and inference pairs as they stand in files."""

from __future__ import annotations

import json
from pathlib import Path

from analyzer.records import CONFLICT_TYPES
from analyzer.scoring.pairs import LabelledPair, read_pairs
from models.train.referenced import REFERENCES, read_references

#: none, duplicate, then the kinds of conflict.
KINDS = ("none", "duplicate", *CONFLICT_TYPES)
#: What stands for the kind of a mined pair.
UNREAD = -1
INFERENCE = ("entailment", "neutral", "contradiction")
#: Files of labelled pairs that are left for learning what the reader's word is worth: a quarter, of every sort.
HELD_OUT = frozenset(
    {
        *("train_1", "train_13", "train_2", "train_6"),
        *("w10_langa", "w4_malkonflikt", "w8_vardag", "f3_vard", "f6_forsvar_migration"),
        *("half_03", "half_07", "half_11"),
        *("library_c1", "library_d2", "library_e2", "library_g1", "library_n2", "library_n4", "library_n6"),
        *("library_q2", "library_q5", "library_q8"),
        "k3",
    }
)
OWN = Path(__file__).resolve().parents[2] / "corpus" / "pairs"


def labelled_files(data: Path) -> dict[str, list[LabelledPair]]:
    """Every file of labelled pairs for training, by name."""
    paths = [*sorted((data / "pairs").glob("train_*.jsonl")), *sorted(OWN.glob("*.jsonl"))]
    found = {path.stem: read_pairs(path) for path in paths}
    return found | {path.stem: read_references(path, data) for path in sorted(REFERENCES.glob("*.jsonl"))}


def read_inference(path: Path) -> list[tuple[str, str, int]]:
    """Premises, hypotheses, and the number of each label."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [(row["premise"], row["hypothesis"], INFERENCE.index(row["label"])) for row in rows]
