"""What else one might do with the same corpus: all pairs, two transformers, and the least that any program must do.

Each is measured on a sample with one core and told as processor seconds of the whole corpus (extrapolated: linear in
texts and pairs, quadratic where all texts are held against all).
"""

from __future__ import annotations

import gzip
import json
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.stages import stored_sides

SEED = 5
PAIRS, TEXTS, READ_PAIRS, MINED = 20_000, 400, 64, 4_000
#: Tokens that both transformers read at most, as a user of such models would set it.
LONGEST = 128


def all_pairs(database: str) -> dict[str, Any]:
    """(a) The judge on all pairs, from the rate over a random sample of pairs."""
    from analyzer.scoring import load_judge

    sides, vectors, count = stored_sides(database, 2_000)
    judge = load_judge()
    prepared = judge.prepare(sides, vectors)
    chance = np.random.default_rng(SEED)
    a, b = (chance.integers(0, len(sides), PAIRS) for _ in range(2))
    begin = time.process_time()
    judge.probabilities(prepared, a, b, among="candidates")
    rate = PAIRS / (time.process_time() - begin)
    return {"pairs_a_second": rate, "sampled_pairs": PAIRS, "cpu": count * (count - 1) / 2 / rate}


def transformers(database: str, candidates: str) -> dict[str, Any]:
    """(b) `paraphrase_mining` with a MiniLM-size encoder, then a base-size cross-encoder over as many candidates.

    Weights are random, which changes nothing of the time that they take.
    """
    os.environ["HF_HUB_OFFLINE"] = os.environ["TRANSFORMERS_OFFLINE"] = "1"
    import torch
    from sentence_transformers import CrossEncoder, util
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()  # of models that are written and read in a moment
    torch.set_num_threads(1)
    sides, _, count = stored_sides(database, TEXTS)
    texts = [side.text for side in sides]
    with tempfile.TemporaryDirectory() as name:
        encoder = _sentence_model(Path(name) / "encoder")
        encoder.encode(texts[:8])
        encoding = _spent(lambda: encoder.encode(texts, batch_size=32, show_progress_bar=False)) / len(texts)
        # What `paraphrase_mining` does after encoding; of random vectors, so that there are enough to tell the rate.
        vectors = torch.randn(MINED, 384, generator=torch.Generator().manual_seed(SEED))
        mining = _spent(lambda: util.paraphrase_mining_embeddings(vectors, top_k=50)) / MINED**2
        reader = CrossEncoder(str(_save_bert(Path(name) / "reader", 768, 12, 3072, True)), max_length=LONGEST)
        pairs = [(texts[at], texts[-1 - at]) for at in range(min(READ_PAIRS, len(texts)))]
        reader.predict(pairs[:4], show_progress_bar=False)
        reading = _spent(lambda: reader.predict(pairs, batch_size=16, show_progress_bar=False)) / len(pairs)
    parts = {"encode": encoding * count, "mine": mining * count**2, "read": reading * int(candidates)}
    return {
        "texts_a_second": 1 / encoding,
        "pairs_a_second": 1 / reading,
        "sampled_texts": len(texts),
        "sampled_pairs": len(pairs),
        "parts": parts,
        "cpu": sum(parts.values()),
    }


def limit(corpus: str, database: str) -> dict[str, Any]:
    """(c) Reading the bytes, tokenising every signal once, one product of all vectors with all."""
    from analyzer.matching.encoder import StaticEncoder, load_encoder

    encoder = load_encoder()
    assert isinstance(encoder, StaticEncoder)
    sides, vectors, count = stored_sides(database, 1_000_000)
    texts = [side.text for side in sides]
    reading = _spent(lambda: _read_bytes(Path(corpus)))
    tokens = _spent(lambda: sum(len(pieces) for pieces in encoder.pieces(texts)))
    step = max(1, 4_000_000 // count)

    def multiply() -> None:
        for at in range(0, count, step):
            vectors[at : at + step] @ vectors.T

    parts = {"read": reading, "tokenise": tokens, "multiply": _spent(multiply)}
    return {"parts": parts, "cpu": sum(parts.values())}


def _spent(act: Callable[[], Any]) -> float:
    begin = time.process_time()
    act()
    return time.process_time() - begin


def _read_bytes(corpus: Path) -> int:
    paths = [path for path in corpus.rglob("*") if path.is_file()] if corpus.is_dir() else [corpus]
    return sum(
        len(gzip.decompress(data) if path.suffix == ".gz" else data) for path in paths for data in [path.read_bytes()]
    )


def _save_bert(folder: Path, width: int, layers: int, inner: int, classifies: bool) -> Path:
    """A BERT of this size with random weights, and the shipped encoder's word pieces as its tokeniser."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertModel, PreTrainedTokenizerFast

    from analyzer.matching.encoder import SHIPPED

    torch.manual_seed(SEED)
    source = SHIPPED / "tokenizer.json"
    pieces = [piece for piece, _ in json.loads(source.read_text(encoding="utf-8"))["model"]["vocab"]]
    tokeniser = PreTrainedTokenizerFast(tokenizer_file=str(source), pad_token=pieces[0], unk_token=pieces[0])
    config = BertConfig(
        vocab_size=len(pieces),
        hidden_size=width,
        num_hidden_layers=layers,
        num_attention_heads=12,
        intermediate_size=inner,
        num_labels=1,
    )
    (BertForSequenceClassification if classifies else BertModel)(config).save_pretrained(folder)
    tokeniser.save_pretrained(folder)
    return folder


def _sentence_model(folder: Path) -> Any:
    """A sentence-transformers model of MiniLM-L12's size."""
    from sentence_transformers import SentenceTransformer, models

    words = models.Transformer(str(_save_bert(folder, 384, 12, 1536, False)), max_seq_length=LONGEST)
    pooling = models.Pooling(384)
    return SentenceTransformer(modules=[words, pooling], device="cpu")


MEASURES: dict[str, Callable[..., dict[str, Any]]] = {
    "all_pairs": all_pairs,
    "transformers": transformers,
    "limit": limit,
}
