"""A new judge from labelled pairs, measured against the one in force before it may take its place."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from analyzer.errors import UsageError
from analyzer.evaluation.metrics import roc_area
from analyzer.evaluation.pairs import judge_pairs
from analyzer.scoring.classifier import load, save
from analyzer.scoring.judge import FOLDER, load_judge
from analyzer.scoring.pairs import LabelledPair, read_pairs
from models.manifest import write
from models.train.judge import SEED, train
from models.train.judge_data import read_training
from models.train.libraries import read_libraries


@dataclass(frozen=True, slots=True)
class Comparison:
    """Areas under ROC of the judge in force and of the new one on pairs that neither was trained on."""

    pairs: int
    present: float
    new: float
    replaced: bool


def train_judge(data: Path, name: str, *, replace: bool) -> Comparison:
    """Train on `data` (the layout of `models.train.judge`), store as `models/NAME`, measure on `data/pairs/dev_*`.

    With `replace` the new judge becomes the one in force, unless it orders the held-back pairs worse.

    Raises:
        UsageError: the data is not there, or the name is taken by a model in force.
    """
    folder = FOLDER.parent / name
    held_back = sorted((data / "pairs").glob("dev_*.jsonl"))
    if not held_back or not (data / "regeringsuppdrag.jsonl.gz").is_file():
        raise UsageError(f"{data} saknar träningsdata; models/README.md säger vad mappen ska innehålla.")
    if folder.parent != FOLDER.parent or folder == FOLDER or folder.exists():
        raise UsageError(f"Namnet {name!r} är upptaget eller ingen mapp; ange ett nytt namn på en bedömare.")
    libraries = read_libraries()
    if not libraries:
        raise UsageError("corpus/libraries saknas bredvid programmet; hämta projektet på nytt.")
    classifier = train(read_training(data, SEED, libraries), libraries, load(FOLDER).vectors, data)
    save(classifier, folder)
    write(folder)
    pairs = [pair for path in held_back for pair in read_pairs(path)]
    present, new = (area(pairs, place) for place in (FOLDER, folder))
    better = replace and new >= present
    if better:
        for path in folder.iterdir():
            shutil.copy2(path, FOLDER / path.name)
        write(FOLDER)
        load_judge.cache_clear()
    return Comparison(len(pairs), present, new, better)


def area(pairs: Sequence[LabelledPair], folder: Path) -> float:
    """Area under ROC of the judge in `folder`, conflict against the rest."""
    verdicts = judge_pairs(pairs, load_judge(folder))
    scores = np.array([verdict.probability for verdict in verdicts])
    found = roc_area(np.array([pair.conflict for pair in pairs], bool), scores)
    if found is None:
        raise UsageError("Paren som hölls undan har bara ett slags facit; lägg till fler.")
    return found
