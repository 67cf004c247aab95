"""The parts that the encoder is trained with, each against a known truth."""

from __future__ import annotations

import numpy as np

from models.train.encoder_contrast import ContrastSettings, train_vectors
from models.train.encoder_corpus import Source, split_paragraphs
from models.train.encoder_factorise import count_neighbours, factorise, normalise, sif_weights
from models.train.encoder_pairs import TextPair, document_pairs
from models.train.encoder_tokenizer import train_tokenizer

WORDS = ["polis", "poliser", "område", "skola", "elev", "brand", "bil", "häst", "gran", "båt"]


def test_neighbour_counts_are_those_of_a_plain_loop() -> None:
    rng = np.random.default_rng(0)
    texts = [rng.integers(0, 7, size) for size in (9, 1, 5)]
    expected = np.zeros((7, 7))
    for text in texts:
        for i, one in enumerate(text):
            for j, other in enumerate(text):
                if 0 < abs(i - j) <= 3:
                    expected[one, other] += 1 / abs(i - j)
    np.testing.assert_allclose(count_neighbours(texts, 7, window=3).toarray(), expected, rtol=1e-5)


def test_pieces_that_share_company_get_alike_vectors() -> None:
    rng = np.random.default_rng(1)
    # 0 and 1 stand among 10..19, 2 and 3 among 20..29.
    texts = [
        np.array([rng.integers(low, low + 10), centre, rng.integers(low, low + 10)])
        for _ in range(600)
        for centre, low in ((0, 10), (1, 10), (2, 20), (3, 20))
    ]
    vectors = factorise(count_neighbours(texts, 30), 4, seed=3)
    np.testing.assert_array_equal(vectors, factorise(count_neighbours(texts, 30), 4, seed=3))
    assert vectors[0] @ vectors[1] > 0.9 > 0.3 > vectors[0] @ vectors[2]


def test_frequent_pieces_weigh_less() -> None:
    weights = sif_weights([np.array([0] * 90 + [1] * 9 + [2])], 4)
    assert weights[0] < weights[1] < weights[2] < weights[3] == 1


def test_pieces_are_the_same_wherever_they_stand_in_a_word() -> None:
    texts = [f"{a}{b} {a}, {b}." for a in WORDS for b in WORDS] * 5
    tokenizer = train_tokenizer(texts, 60)
    assert tokenizer.encode("Gran").ids == tokenizer.encode("gran").ids
    assert tokenizer.encode("brandbåt").ids == tokenizer.encode("brand, båt").ids


def test_training_draws_pairs_together_and_is_repeatable() -> None:
    tokenizer = train_tokenizer([f"{a} {b}" for a in WORDS for b in WORDS] * 5, 60)
    partners = list(zip(WORDS[::2], WORDS[1::2], strict=True))
    pairs = [TextPair("title", f"{n}-{a}", a, b) for n in range(40) for a, b in partners]
    start = normalise(np.random.default_rng(2).normal(size=(tokenizer.get_vocab_size(), 8)).astype(np.float32))
    settings = ContrastSettings(epochs=30, batch=50, rate=0.05, dropout=0.0)
    trained = train_vectors(start, tokenizer, pairs, settings, seed=4)
    np.testing.assert_array_equal(trained, train_vectors(start, tokenizer, pairs, settings, seed=4))

    def cosines(vectors: np.ndarray) -> list[float]:
        rows = [[normalise(vectors[tokenizer.encode(w).ids].mean(0, keepdims=True))[0] for w in p] for p in partners]
        return [float(a @ b) for a, b in rows]

    assert np.mean(cosines(trained)) > np.mean(cosines(start)) + 0.2


def test_items_remember_their_lead_in_and_documents_give_bounded_pairs() -> None:
    items = "* räkna alla hästar i länet varje år,\n* redovisa hästarnas ålder till staten."
    text = f"# Uppdrag\n\nMyndigheten ska i detta arbete:\n\n{items}\n\nSlut."
    paragraphs = split_paragraphs(text)
    assert [(p.text.split()[0], p.lead_in) for p in paragraphs] == [
        ("Myndigheten", None),
        ("räkna", 0),
        ("redovisa", 0),
        ("Slut.", None),
    ]
    source = Source("sfs", "x", "Om hästar", tuple(paragraphs))
    pairs = document_pairs([source], seed=0)
    assert pairs == document_pairs([source], seed=0)
    assert {p.kind for p in pairs} == {"title", "item"}
    assert all(p.a == paragraphs[0].text for p in pairs if p.kind == "item")
