"""What the judge has to beat: cosine of the encoder, TF-IDF with logistic regression, and always saying the same."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from analyzer.evaluation.metrics import roc_area
from analyzer.matching.encoder import Encoder
from analyzer.scoring.pairs import LabelledPair

FOLDS = 5


def cosine_scores(pairs: Sequence[LabelledPair], encoder: Encoder) -> np.ndarray:
    """(n_pairs,) cosine of the two texts."""
    a, b = encoder.encode([p.a.text for p in pairs]), encoder.encode([p.b.text for p in pairs])
    return np.einsum("ij,ij->i", a, b)


def tfidf_scores(pairs: Sequence[LabelledPair]) -> np.ndarray:
    """(n_pairs,) logistic regression on sums and differences of TF-IDF, each family judged by the other families."""
    labels = np.array([pair.conflict for pair in pairs])
    families = {family: number for number, family in enumerate(dict.fromkeys(p.family for p in pairs))}
    fold = np.array([families[p.family] % FOLDS for p in pairs])
    scores = np.full(len(pairs), labels.mean())
    for number in range(FOLDS):
        learn, held = np.flatnonzero(fold != number), np.flatnonzero(fold == number)
        if not len(held) or len(set(labels[learn].tolist())) < 2:
            continue
        vectoriser = TfidfVectorizer(sublinear_tf=True, min_df=2)
        vectoriser.fit([side.text for row in learn.tolist() for side in (pairs[row].a, pairs[row].b)])
        a, b = (
            vectoriser.transform([side.text for side in sides])
            for sides in ([p.a for p in pairs], [p.b for p in pairs])
        )
        matrix = sparse.hstack([a + b, abs(a - b)]).tocsr()
        scores[held] = (
            LogisticRegression(max_iter=500).fit(matrix[learn], labels[learn]).predict_proba(matrix[held])[:, 1]
        )
    return scores


def compare(pairs: Sequence[LabelledPair], encoder: Encoder) -> dict[str, float | None]:
    """Area under ROC of the scoring baselines, accuracy of the majority answer."""
    labels = np.array([pair.conflict for pair in pairs])
    return {
        "cosine_roc_area": roc_area(labels, cosine_scores(pairs, encoder)),
        "tfidf_roc_area": roc_area(labels, tfidf_scores(pairs)),
        "majority_accuracy": float(max(labels.mean(), 1 - labels.mean())) if len(labels) else None,
    }
