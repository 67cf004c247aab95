"""What an encoder is worth here, beside simple baselines: can it find the partner of a signal among real signals?

For each labelled development pair, side a asks and side b is hidden among the steering sentences of the Government's
assignments; a partner is found when fewer than k of these are nearer. Development files are only measured on.
"""

from __future__ import annotations

import json
import re
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeAlias

import floret
import numpy as np
from scipy.sparse import csr_matrix
from scipy.stats import spearmanr
from sklearn.feature_extraction.text import TfidfVectorizer

from models.train.encoder_corpus import read_sources

_STEERS = re.compile(r"\b(ska|skall|bör|får|måste|uppdrar|uppdrag att|ansvarar|målet)\b", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<=[.!?:])\s+(?=[A-ZÅÄÖ])")

Vectors: TypeAlias = np.ndarray | csr_matrix
Encode = Callable[[Sequence[str]], Vectors]


def real_signals(data: Path) -> list[str]:
    """Sentences and list items of the Government's assignments that look like steering, each once, in order."""
    found: dict[str, None] = {}
    for source in read_sources(data, ("regeringsuppdrag",)):
        for paragraph in source.paragraphs:
            if paragraph.lead_in is not None and len(paragraph.text.split()) > 3:
                found.setdefault(paragraph.text)
                continue
            for sentence in _SENTENCE.split(paragraph.text):
                if _STEERS.search(sentence) and len(sentence.split()) > 4:
                    found.setdefault(sentence)
    return list(found)


def development_pairs(data: Path) -> list[dict]:
    """Every labelled pair of the development files."""
    paths = sorted((data / "pairs").glob("dev_*.jsonl"))
    return [json.loads(line) for path in paths for line in path.read_text(encoding="utf-8").splitlines()]


def measure(encode: Encode, data: Path) -> dict[str, float]:
    """Recall of hidden partners, rank correlation with human similarity, and speed in signals a second."""
    real = real_signals(data)
    begun = time.perf_counter()
    gallery = encode(real)
    speed = len(real) / (time.perf_counter() - begun)
    pairs = development_pairs(data)
    conflicts = [p for p in pairs if p["type"] not in {"none", "duplicate"}]
    duplicates = [p for p in pairs if p["type"] == "duplicate"]
    similarity = [json.loads(line) for line in (data / "superlim" / "sweparaphrase_test.jsonl").open(encoding="utf-8")]
    first, second = (encode([r[side] for r in similarity]) for side in ("sentence_1", "sentence_2"))
    return {
        "conflict recall@10": _recall(encode, gallery, conflicts, 10),
        "conflict recall@50": _recall(encode, gallery, conflicts, 50),
        "duplicate recall@5": _recall(encode, gallery, duplicates, 5),
        "sweparaphrase": float(spearmanr(_rowwise(first, second), [r["label"] for r in similarity]).statistic),
        "signals/s": round(speed),
    }


def tfidf(data: Path, analyzer: str) -> Encode:
    """TF-IDF over words, or over character 3- to 5-grams, fitted on the real signals."""
    span = (1, 1) if analyzer == "word" else (3, 5)
    vectorizer = TfidfVectorizer(analyzer=analyzer, ngram_range=span, sublinear_tf=True, min_df=2)
    vectorizer.fit(real_signals(data))
    return vectorizer.transform


def floret_averages(texts: Sequence[str], dimension: int) -> Encode:
    """Mean of floret skip-gram vectors (words with character n-grams, hashed) trained on the texts for one epoch."""
    with tempfile.TemporaryDirectory() as folder:
        lines = Path(folder) / "texts.txt"
        lines.write_text("\n".join(text.lower() for text in texts), encoding="utf-8")
        model = floret.train_unsupervised(
            str(lines),
            model="skipgram",
            mode="floret",
            hashCount=2,
            bucket=50_000,
            minn=4,
            maxn=5,
            dim=dimension,
            epoch=1,
            thread=1,
            verbose=0,
        )

    def encode(batch: Sequence[str]) -> np.ndarray:
        vectors = np.stack([model.get_sentence_vector(" ".join(text.lower().split())) for text in batch])
        return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)

    return encode


def _rowwise(a: Vectors, b: Vectors) -> np.ndarray:
    return np.asarray(a.multiply(b).sum(axis=1)).ravel() if isinstance(a, csr_matrix) else (a * b).sum(axis=1)


def _recall(encode: Encode, gallery: Vectors, pairs: list[dict], k: int) -> float:
    a, b = (encode([p[side]["text"] for p in pairs]) for side in ("a", "b"))
    partner = _rowwise(a, b)
    scores = a @ gallery.T
    scores = scores.toarray() if isinstance(scores, csr_matrix) else scores
    return float(((scores > partner[:, None]).sum(axis=1) < k).mean())
