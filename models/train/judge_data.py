"""What the judge is trained on: labelled pairs, pairs of real neighbouring signals, and word counts."""

from __future__ import annotations

import gzip
import json
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from analyzer.matching.encoder import load_encoder
from analyzer.records import Side
from analyzer.scoring.pairs import LabelledPair, read_pairs, read_side
from analyzer.scoring.preparing import Vocabulary
from analyzer.scoring.words import tokenise
from models.train.libraries import Library
from models.train.referenced import REFERENCES, read_references
from models.train.situations import SITUATIONS, read_situations

#: Real pairs as background, and what one of them weighs against a labelled pair.
BACKGROUND = 1200
BACKGROUND_WEIGHT = 0.4
BACKGROUND_ID = "background-"
#: Real lines among which neighbours are looked for, and how many of the nearest one is drawn from.
DRAWN = 8000
NEIGHBOURS = 10
#: Pairs written for the project; they are harder and of other hands than those that the judge is measured on.
OWN = Path(__file__).resolve().parents[2] / "corpus" / "pairs"
OWN_WEIGHT = 0.7
#: Candidates of a real scan that were read and labelled: nearly all of them no conflict, and hard.
REAL_WEIGHT = 0.2
#: Files of pairs with a real side up to this one keep nearest to the words of the assignments; the later weigh less.
CLOSE_HALVES, LATER_WEIGHT = "half_16", 0.5
#: Pairs drawn with each partner of a situation.
OF_PARTNER = 1
LEAST_COUNT = 2
SHORTEST = 40


@dataclass(frozen=True, slots=True)
class TrainingPairs:
    """`files` names the file of each pair (background pairs are spread over them).

    `labelled` holds for pairs that were written to meet; the rest are real pairs, which mostly do not.
    """

    pairs: list[LabelledPair]
    files: np.ndarray
    labelled: np.ndarray
    weight: np.ndarray

    @property
    def library(self) -> np.ndarray:
        """(pairs,) whether a pair teaches what a pair out of a library is: not those with a real side, nor the families
        written later, whose looser look-alikes blur whether two signals meet (fewer hidden conflicts were found)."""
        return np.logical_or.reduce([np.char.startswith(self.files, name) for name in ("train_", "w", "library_")])

    @property
    def background(self) -> np.ndarray:
        """(pairs,) lines of real documents that nobody labelled, taken as no conflict."""
        return np.array([pair.id.startswith(BACKGROUND_ID) for pair in self.pairs])

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
    """Real lines with near meaning, from two assignments or (one in five) next to each other in one.

    True conflicts among such pairs are rarer than one in 400, so all are taken as "no conflict".
    """
    chooser = random.Random(seed)
    records = [(record, line) for record in read_records(folder) for line in steering_lines(record["text"])]
    drawn = [records[at] for at in sorted(chooser.sample(range(len(records)), min(DRAWN, len(records))))]
    vectors = load_encoder().encode([line for _, line in drawn])
    pairs = []
    for number in range(count):
        first = chooser.randrange(len(drawn) - 1)
        if number % 5 == 0:
            second = first + 1
        else:
            nearest = np.argsort(-(vectors @ vectors[first]), kind="stable")
            apart = [at for at in nearest[: 4 * NEIGHBOURS].tolist() if drawn[at][0] is not drawn[first][0]]
            second = chooser.choice(apart[:NEIGHBOURS] or [first + 1])
        a, b = (
            read_side(
                {
                    "text": text,
                    "document": source["title"],
                    "issuer": "Regeringen",
                    "level": "government decision",
                    "date": source.get("published"),
                }
            )
            for source, text in (drawn[first], drawn[second])
        )
        pairs.append(LabelledPair(f"{BACKGROUND_ID}{number}", a, b, type="none", grade=0, source="natural"))
    return pairs


def read_training(folder: Path, seed: int, libraries: Sequence[Library] = ()) -> TrainingPairs:
    """All `pairs/train_*.jsonl`, the project's own pairs, those with a real side, some of each situation, what is
    labelled in libraries, and the background pairs."""
    sources = [(path, 1.0, True) for path in sorted((folder / "pairs").glob("train_*.jsonl"))]
    sources += [(path, OWN_WEIGHT, True) for path in sorted(OWN.glob("*.jsonl"))]
    halves = sorted(REFERENCES.glob("half_*.jsonl"))
    sources += [(path, 1.0 if path.stem <= CLOSE_HALVES else LATER_WEIGHT, True) for path in halves]
    sources += [(path, REAL_WEIGHT, False) for path in sorted(REFERENCES.glob("real_*.jsonl"))]
    pairs: list[LabelledPair] = []
    files: list[str] = []
    weights: list[float] = []
    labelled: list[bool] = []
    for path, weight, meet in sources:
        found = read_references(path, folder) if path.parent == REFERENCES else read_pairs(path)
        pairs += found
        files += [path.stem] * len(found)
        weights += [weight] * len(found)
        labelled += [meet] * len(found)
    chooser = random.Random(seed)
    for path in sorted(SITUATIONS.glob("*.jsonl")):
        found = [pair for one in read_situations(path, folder) for pair in one.draw(OF_PARTNER, 0, chooser)]
        pairs += found
        files += [path.stem] * len(found)
        weights += [LATER_WEIGHT] * len(found)
        labelled += [True] * len(found)
    for library in libraries:
        pairs += library.labels
        files += [library.file] * len(library.labels)
        weights += [OWN_WEIGHT] * len(library.labels)
        labelled += library.meets.tolist()
    names = [path.stem for path, _, _ in sources if path.stem.startswith(("train_", "w"))]
    background = background_pairs(folder, seed, BACKGROUND)
    files += [names[number % len(names)] for number in range(len(background))]
    return TrainingPairs(
        [*pairs, *background],
        np.array(files),
        np.array(labelled + [False] * len(background)),
        np.array(weights + [BACKGROUND_WEIGHT] * len(background)),
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
