"""Train the shipped encoder, or measure it beside simple baselines.

    python -m models.train.encoder --data ../shared/data              train, save, register
    python -m models.train.encoder --data ../shared/data --measure    print what the saved one is worth

Steps: vocabulary of word pieces → co-occurrence → factorised vectors with SIF weights → contrastive training →
float16 in the `StaticEmbedding` layout of sentence-transformers. One core, one seed, the same weights each time.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from threadpoolctl import threadpool_limits
from tokenizers import Tokenizer

from analyzer.matching.encoder import SHIPPED, StaticEncoder, load_encoder
from models import manifest
from models.train import encoder_measure as measuring
from models.train.encoder_contrast import ContrastSettings, train_vectors
from models.train.encoder_corpus import Source, read_sources
from models.train.encoder_factorise import count_neighbours, factorise, sif_weights
from models.train.encoder_pairs import document_pairs, entailment_pairs
from models.train.encoder_tokenizer import train_tokenizer

PIECES = 32_000
DIMENSION = 192
SEED = 20240601


def train(data: Path, folder: Path, seed: int = SEED) -> None:
    """Train on the corpora of a data folder and save the encoder in `folder`."""
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    clock = _clock()
    sources = list(read_sources(data))
    texts = [text for source in sources for text in _texts(source)]
    clock(f"read {len(sources)} documents, {len(texts)} texts")
    tokenizer = train_tokenizer(texts, PIECES)
    clock(f"learnt {tokenizer.get_vocab_size()} pieces")
    encoded = [np.asarray(ids, dtype=np.int32) for ids in _encode(tokenizer, texts)]
    size = tokenizer.get_vocab_size()
    vectors = factorise(count_neighbours(encoded, size), DIMENSION, seed) * sif_weights(encoded, size)[:, None]
    clock(f"factorised {sum(map(len, encoded))} pieces of running text")
    pairs = document_pairs(sources, seed) + entailment_pairs(data)
    vectors = train_vectors(vectors, tokenizer, pairs, ContrastSettings(), seed)
    clock(f"trained on {len(pairs)} pairs")
    save(tokenizer, vectors, folder)


def save(tokenizer: Tokenizer, vectors: np.ndarray, folder: Path) -> None:
    """Write the encoder as sentence-transformers itself would, in float16 and with a compact vocabulary file."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding

    module = StaticEmbedding(tokenizer, embedding_weights=vectors.astype(np.float16))
    SentenceTransformer(modules=[module], device="cpu").save(str(folder), create_model_card=False)
    pieces = folder / "tokenizer.json"
    content = json.loads(pieces.read_text(encoding="utf-8"))
    pieces.write_text(json.dumps(content, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")


def measure(data: Path, folder: Path) -> None:
    """Print one line of figures for the encoder in `folder` and for each baseline."""
    encoder = StaticEncoder.load(folder)
    print(f"encoder        {_line(measuring.measure(encoder.encode, data))}")
    for analyzer in ("word", "char_wb"):
        print(f"tfidf {analyzer:8} {_line(measuring.measure(measuring.tfidf(data, analyzer), data))}", flush=True)
    texts = [text for source in read_sources(data) for text in _texts(source)]
    print(f"floret average {_line(measuring.measure(measuring.floret_averages(texts, DIMENSION), data))}")


def _texts(source: Source) -> list[str]:
    return [source.title, *(paragraph.text for paragraph in source.paragraphs)]


def _encode(tokenizer: Tokenizer, texts: list[str], batch: int = 5000) -> list[list[int]]:
    """Piece ids of each text; in batches, since encodings hold far more than their ids."""
    return [e.ids for i in range(0, len(texts), batch) for e in tokenizer.encode_batch_fast(texts[i : i + batch])]


def _line(figures: dict[str, float]) -> str:
    return "  ".join(f"{name} {value:.3f}" if value < 10 else f"{name} {value:.0f}" for name, value in figures.items())


def _clock() -> Callable[[str], None]:
    begun = time.perf_counter()
    return lambda what: print(f"{time.perf_counter() - begun:7.1f} s  {what}", flush=True)


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m models.train.encoder", description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder with the corpora and labelled pairs")
    parser.add_argument("--out", type=Path, default=SHIPPED, help="folder of the encoder (default: the shipped one)")
    parser.add_argument("--measure", action="store_true", help="measure the saved encoder instead of training")
    options = parser.parse_args()
    # One thread everywhere: sums in another order would give other weights.
    os.environ.update(TOKENIZERS_PARALLELISM="false", RAYON_NUM_THREADS="1")
    with threadpool_limits(1):
        if options.measure:
            measure(options.data, options.out)
            return
        train(options.data, options.out)
    if options.out.resolve() == SHIPPED:
        manifest.write(SHIPPED)
        load_encoder()


if __name__ == "__main__":
    main()
