"""The batched alignment against a plain loop."""

from __future__ import annotations

import numpy as np

from analyzer.scoring.alignment import align
from analyzer.scoring.preparing import Vocabulary, prepare
from analyzer.scoring.vectors import WordVectors, unit
from tests.scoring.sides import make_side

TEXTS = ("Kranen lyfter tunga laster.", "Truckar flyttar tunga pallar.", "Kranen får 3 nya vajrar.", "Ingen text")


def test_alignment_is_the_brute_force_maximum() -> None:
    words = ["kranen", "lyfter", "tunga", "laster", "truckar", "flyttar", "pallar", "nya", "vajrar", "text"]
    vectors = WordVectors(words, unit(np.random.default_rng(3).normal(size=(len(words), 6))))
    prepared = prepare(
        [make_side(text) for text in TEXTS], vectors, Vocabulary({}, 100), np.zeros((len(TEXTS), 1), np.float32)
    )
    a, b = np.repeat(np.arange(4), 4), np.tile(np.arange(4), 4)
    found = align(prepared, a, b)
    for pair, (one, other) in enumerate(zip(a, b, strict=True)):
        left = [t for t in prepared.tokens(one) if t.content]
        right = [t for t in prepared.tokens(other) if t.content]
        for column, token in enumerate(left):
            best = 0.0
            for partner in right:
                cosine = float(vectors.encode([token.word])[0] @ vectors.encode([partner.word])[0])
                cosine = 0.0 if 0 in (token.kind, partner.kind) else cosine
                best = max(best, 1.0 if token.stem == partner.stem else cosine)
            assert abs(found.best_a[pair, column] - best) < 1e-5


def test_compounds_are_read_by_their_parts() -> None:
    vectors = WordVectors(["hamn", "kran"], np.eye(2, dtype=np.float32))
    compound = vectors.encode(["hamnkran"])[0]
    assert compound[1] > compound[0] > 0
    assert not vectors.encode(["xyz"]).any()
