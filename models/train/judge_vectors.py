"""Trains the judge's word vectors: fastText CBOW (Bojanowski et al. 2017) on running text without any labels."""

from __future__ import annotations

import gzip
import json
import re
import tempfile
from pathlib import Path

import floret
import numpy as np

from analyzer.scoring.vectors import WordVectors, unit

SOURCES = ("regeringsuppdrag", "regeringen_texts", "sfs")
WORD = re.compile(r"[a-zåäöéü0-9-]+")
DIMENSION = 64
LEAST_COUNT = 6


def write_text(folder: Path, target: Path) -> None:
    """One document a line, lower-case words only."""
    with target.open("w", encoding="utf-8") as out:
        for source in SOURCES:
            with gzip.open(folder / f"{source}.jsonl.gz", "rt", encoding="utf-8") as lines:
                for line in lines:
                    text = json.loads(line)["text"].replace("\u00ad", "").lower()
                    out.write(" ".join(WORD.findall(text)) + "\n")


def train_vectors(folder: Path) -> WordVectors:
    """Vectors of every word seen `LEAST_COUNT` times.

    floret starts from its own fixed seed, and one thread keeps the order of the updates.
    """
    with tempfile.TemporaryDirectory() as scratch:
        text = Path(scratch) / "text"
        write_text(folder, text)
        model = floret.train_unsupervised(
            str(text), model="cbow", mode="fasttext", dim=DIMENSION, minn=4, maxn=6, minCount=LEAST_COUNT,
            epoch=4, thread=1, bucket=100_000, neg=6, ws=6, lr=0.08,
        )  # fmt: skip
        words = sorted(word for word in model.words if word != "</s>")
        return WordVectors(words, unit(np.vstack([model.get_word_vector(word) for word in words])))
