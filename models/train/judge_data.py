"""What the judge is trained on: labelled pairs, pairs of real neighbouring signals, and word counts."""

from __future__ import annotations

import gzip
import json
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from analyzer.records import Side
from analyzer.scoring.pairs import LabelledPair, read_pairs, read_side
from analyzer.scoring.prepared import Vocabulary
from analyzer.scoring.words import tokenise

#: Real pairs as background, and what one of them weighs against a labelled pair.
BACKGROUND = 400
BACKGROUND_WEIGHT = 0.4
#: Pairs written for the project; they are harder and of other hands than those that the judge is measured on.
OWN = Path(__file__).resolve().parents[2] / "corpus" / "pairs"
OWN_WEIGHT = 0.7
LEAST_COUNT = 2
SHORTEST = 40


@dataclass(frozen=True, slots=True)
class TrainingPairs:
    """`files` names the file of each pair (background pairs are spread over them), `labelled` the labelled ones."""

    pairs: list[LabelledPair]
    files: np.ndarray
    labelled: np.ndarray
    weight: np.ndarray

    def sides(self) -> list[Side]:
        """Both sides of every pair in turn: pair i is rows 2i and 2i + 1."""
        return [side for pair in self.pairs for side in (pair.a, pair.b)]


def read_records(folder: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(folder / "regeringsuppdrag.jsonl.gz", "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def steering_lines(text: str) -> list[str]:
    """Lines that read as signals: long enough, and with a duty in them."""
    lines = (" ".join(line.split()).lstrip("-*•– ") for line in text.splitlines())
    return [line for line in lines if SHORTEST <= len(line) <= 500 and f" {line} ".find(" ska ") > 0]


def background_pairs(folder: Path, seed: int, count: int) -> list[LabelledPair]:
    """Pairs of steering lines of one real assignment or of two; true conflicts among them are rarer than one in 400."""
    chooser = random.Random(seed)
    records = [(record, steering_lines(record["text"])) for record in read_records(folder)]
    records = [(record, lines) for record, lines in records if len(lines) >= 2]
    pairs = []
    for number in range(count):
        record, lines = chooser.choice(records)
        other, other_lines = (record, lines) if number % 3 else chooser.choice(records)
        first = chooser.randrange(len(lines) - 1)
        second = lines[first + 1] if other is record else chooser.choice(other_lines)
        sides = [
            read_side(
                {
                    "text": text,
                    "document": source["title"],
                    "issuer": "Regeringen",
                    "level": "government decision",
                    "date": source.get("published"),
                }
            )
            for text, source in ((lines[first], record), (second, other))
        ]
        pairs.append(LabelledPair(f"background-{number}", *sides, type="none", grade=0, source="natural"))
    return pairs


def read_training(folder: Path, seed: int) -> TrainingPairs:
    """All `pairs/train_*.jsonl`, the project's own pairs and the background pairs."""
    pairs: list[LabelledPair] = []
    files: list[str] = []
    weights: list[float] = []
    for weight, paths in ((1.0, (folder / "pairs").glob("train_*.jsonl")), (OWN_WEIGHT, OWN.glob("*.jsonl"))):
        for path in sorted(paths):
            found = read_pairs(path)
            pairs += found
            files += [path.stem] * len(found)
            weights += [weight] * len(found)
    names = sorted(set(files))
    background = background_pairs(folder, seed, BACKGROUND)
    labelled = np.arange(len(pairs) + len(background)) < len(pairs)
    files += [names[number % len(names)] for number in range(len(background))]
    return TrainingPairs(
        [*pairs, *background], np.array(files), labelled, np.array([*weights, *[BACKGROUND_WEIGHT] * len(background)])
    )


def count_words(folder: Path) -> Vocabulary:
    """In how many paragraphs of the assignments and labelled sides each stem stands."""
    counts: Counter[str] = Counter()
    documents = 0
    texts = [line for record in read_records(folder) for line in record["text"].splitlines() if len(line) >= SHORTEST]
    for path in sorted((folder / "pairs").glob("train_*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            texts += [row["a"]["text"], row["b"]["text"]]
    for text in texts:
        documents += 1
        counts.update({token.stem for token in tokenise(text)})
    return Vocabulary({stem: seen for stem, seen in sorted(counts.items()) if seen >= LEAST_COUNT}, documents)
