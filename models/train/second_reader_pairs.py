"""What the second reader is trained on: labelled, mined and inference pairs as it is shown them."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from analyzer.records import CONFLICT_TYPES, Side
from analyzer.scoring.pairs import LabelledPair, read_pairs
from analyzer.second_reader.shipped import passage
from models.train.referenced import REFERENCES, read_references

#: none, duplicate, then the kinds of conflict.
KINDS = ("none", "duplicate", *CONFLICT_TYPES)
INFERENCE = ("entailment", "neutral", "contradiction")
#: Files of labelled pairs that are left for learning what the reader's word is worth: a quarter, of every sort.
HELD_OUT = frozenset(
    {
        *("train_1", "train_13", "train_2", "train_6"),
        *("w10_langa", "w4_malkonflikt", "w8_vardag", "f3_vard", "f6_forsvar_migration"),
        *("half_03", "half_07", "half_11"),
        *("library_c1", "library_d2", "library_e2", "library_g1"),
        "k3",
    }
)
#: Share of pairs whose sides have nothing to do with each other, and how often a known addressee or date is hidden.
CROSSED, HIDDEN = 0.06, 0.15
OWN = Path(__file__).resolve().parents[2] / "corpus" / "pairs"
#: Two texts, the number of the answer, and in either text the stretch that carries the conflict.
Stretch = tuple[int, int] | None
Example = tuple[str, str, int, tuple[Stretch, Stretch]]
#: What stands for the kind of a mined pair.
UNREAD = -1


def labelled_files(data: Path) -> dict[str, list[LabelledPair]]:
    """Every file of labelled pairs for training, by name."""
    paths = [*sorted((data / "pairs").glob("train_*.jsonl")), *sorted(OWN.glob("*.jsonl"))]
    found = {path.stem: read_pairs(path) for path in paths}
    return found | {path.stem: read_references(path, data) for path in sorted(REFERENCES.glob("*.jsonl"))}


def read_inference(path: Path) -> list[Example]:
    """Premises and hypotheses, and the number of each label."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [(row["premise"], row["hypothesis"], INFERENCE.index(row["label"]), (None, None)) for row in rows]


def draw_pairs(files: Sequence[Sequence[LabelledPair]], chooser: random.Random) -> list[Example]:
    """Every pair once, its sides in random order and what is known of them now and then hidden, and crossed pairs."""
    pairs = [pair for file in files for pair in file]
    examples: list[Example] = []
    for pair in pairs:
        sides = [look(pair.a, pair.evidence_a, chooser), look(pair.b, pair.evidence_b, chooser)]
        if chooser.random() < 0.5:
            sides.reverse()
        (one, stretch), (other, further) = sides
        examples.append((one, other, KINDS.index(pair.type or "none"), (stretch, further)))
    while len(examples) < round((1 + CROSSED) * len(pairs)):
        file = chooser.choice(files)
        first, second = chooser.choice(file), chooser.choice(file)
        if first.family != second.family:
            texts = look(first.a, None, chooser)[0], look(second.b, None, chooser)[0]
            examples.append((*texts, KINDS.index("none"), (None, None)))
    return examples


def draw_mined(mined: Sequence[LabelledPair], count: int, chooser: random.Random) -> list[Example]:
    """So many mined pairs, as `draw_pairs` shows them."""
    examples: list[Example] = []
    for pair in chooser.sample(mined, min(count, len(mined))):
        sides = [look(pair.a, None, chooser)[0], look(pair.b, None, chooser)[0]]
        chooser.shuffle(sides)
        examples.append((sides[0], sides[1], UNREAD, (None, None)))
    return examples


def look(side: Side, evidence: str | None, chooser: random.Random) -> tuple[str, Stretch]:
    """What is read of a side this time, and where its evidence lies in it."""
    if chooser.random() < HIDDEN:
        side = replace(side, addressee=None, frame=replace(side.frame, addressee=()))
    if chooser.random() < HIDDEN:
        side = replace(side, date=None)
    text = passage(side)
    start = side.text.find(evidence) if evidence else -1
    if start < 0:
        return text, None
    start += len(text) - len(side.text)
    return text, (start, start + len(evidence or ""))
