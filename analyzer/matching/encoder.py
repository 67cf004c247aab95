"""Texts to vectors: one protocol, a static encoder that ships with the program, and any sentence-transformers folder.

The shipped encoder averages one trained vector a word piece (the `StaticEmbedding` layout of sentence-transformers)
and is read here without torch, since loading torch would cost more than encoding a whole library.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import numpy as np
from safetensors.numpy import load_file
from scipy import sparse
from tokenizers import Tokenizer

from analyzer.errors import ModelError
from analyzer.records import Side
from models import manifest

SHIPPED = manifest.ROOT / "encoder"
#: Texts are tokenised this many at a time, to bound memory on a library of a million signals.
BATCH = 4096


@runtime_checkable
class Encoder(Protocol):
    """What every encoder offers. `name` changes whenever the vectors would, so that stored ones can be told apart."""

    name: str
    dimension: int

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Vectors (n, dimension), float32, C order, unit rows; a text without any known piece gives zeros."""
        ...


class StaticEncoder:
    """Mean of piece vectors.

    `matrix` (pieces, dimension) float32 holds them, longer for pieces that say more. `rarity` (pieces,) float32 is
    each piece's surprise in nats, -log p, in the texts of training: about 4 for `och`, 11 for `övertid`.
    """

    def __init__(self, tokenizer: Tokenizer, matrix: np.ndarray, name: str) -> None:
        if matrix.ndim != 2 or len(matrix) != tokenizer.get_vocab_size():
            raise ModelError(
                f"Kodarens vektorer har formen {matrix.shape} men ordlistan {tokenizer.get_vocab_size()} delar; "
                "hämta programmet på nytt."
            )
        self.name = name
        self.dimension = int(matrix.shape[1])
        self.matrix = np.ascontiguousarray(matrix, dtype=np.float32)
        self.rarity = -np.array(
            [score for _, score in json.loads(tokenizer.to_str())["model"]["vocab"]], dtype=np.float32
        )
        self._tokenizer = tokenizer
        self._unknown = tokenizer.token_to_id("[UNK]")

    @classmethod
    def load(cls, folder: Path) -> StaticEncoder:
        """The encoder of a folder in `StaticEmbedding` layout; raises `ModelError` when it cannot be read."""
        weights, pieces = folder / "model.safetensors", folder / "tokenizer.json"
        try:
            matrix = load_file(weights)["embedding.weight"]
            tokenizer = Tokenizer.from_file(str(pieces))
        # tokenizers raises a bare Exception on a broken file, so nothing narrower would do.
        except Exception as error:
            raise ModelError(
                f"Kodaren i {folder.name} går inte att läsa; ange en annan mapp eller hämta programmet på nytt."
            ) from error
        return cls(tokenizer, matrix, f"static-{matrix.shape[1]}-{_content_hash([weights, pieces])}")

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """See `Encoder.encode`."""
        return self.mean(self.bags(texts))

    def mean(self, bags: sparse.csr_matrix) -> np.ndarray:
        """The vectors of texts by their bags (n, pieces); see `encode`."""
        vectors: np.ndarray = bags @ self.matrix
        length = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.divide(vectors, length, out=vectors, where=length > 0)

    def bags(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """How often each text holds each piece, float32 (n, pieces), indices sorted; equal texts are read once."""
        place = {text: at for at, text in enumerate(dict.fromkeys(texts))}
        found = list(self.pieces(list(place)))
        ends = np.cumsum([0, *map(len, found)])
        columns = np.fromiter(chain.from_iterable(found), dtype=np.int32, count=int(ends[-1]))
        shape = (len(place), len(self.matrix))
        counts = sparse.csr_matrix((np.ones(len(columns), dtype=np.float32), columns, ends), shape=shape)
        counts.sum_duplicates()
        return counts if len(place) == len(texts) else counts[[place[text] for text in texts]]

    def pieces(self, texts: Sequence[str]) -> Iterator[list[int]]:
        """Rows of `matrix` for each text, in reading order, one list a text."""
        for begin in range(0, len(texts), BATCH):
            batch = list(texts[begin : begin + BATCH])
            for encoding in self._tokenizer.encode_batch_fast(batch, add_special_tokens=False):
                yield encoding.ids

    def tokens(self, text: str) -> list[tuple[int, int, int]]:
        """Word pieces of a text as (start, end, row of `matrix`); offsets are into `text`, unknown pieces left out."""
        encoding = self._tokenizer.encode(text, add_special_tokens=False)
        return [
            (start, end, piece)
            for (start, end), piece in zip(encoding.offsets, encoding.ids, strict=True)
            if piece != self._unknown
        ]


class TransformerEncoder:
    """Any sentence-transformers model that is already on this machine, with torch loaded at the first text."""

    def __init__(self, model: str) -> None:
        # Set before the import, since the hub's client reads them once, when it is imported.
        os.environ["HF_HUB_OFFLINE"] = os.environ["TRANSFORMERS_OFFLINE"] = "1"
        from sentence_transformers import SentenceTransformer

        try:
            self._model = SentenceTransformer(model, device="cpu", local_files_only=True, trust_remote_code=False)
        except (OSError, ValueError, RuntimeError, KeyError) as error:
            raise ModelError(
                f"Kodaren {model} finns inte på den här datorn eller går inte att läsa; "
                "ange en mapp i sentence-transformers format."
            ) from error
        dimension = self._model.get_embedding_dimension()
        if dimension is None:
            raise ModelError(f"Kodaren {model} uppger ingen vektorlängd; välj en modell som ger en vektor per text.")
        self.dimension = int(dimension)
        self.name = f"{Path(model).name}-{self.dimension}-{_weights_hash(self._model.state_dict())}"

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """See `Encoder.encode`."""
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        vectors = self._model.encode(list(texts), normalize_embeddings=True, show_progress_bar=False)
        return np.ascontiguousarray(vectors, dtype=np.float32)


def embedding_text(side: Side) -> str:
    """The text of a side that its vector stands for."""
    return side.text


def load_encoder(path: str | Path | None = None) -> Encoder:
    """The shipped encoder, or the one at `path`: a folder, or the name of a model that is already on this machine.

    Nothing is ever downloaded. The shipped files are checked against the manifest; raises `ModelError` when they
    differ, and when a given model cannot be read.
    """
    return _load(str(path) if path is not None else None)


@lru_cache(maxsize=4)
def _load(path: str | None) -> Encoder:
    if path is None:
        manifest.verify(SHIPPED)
        return StaticEncoder.load(SHIPPED)
    folder = Path(path)
    return StaticEncoder.load(folder) if _is_static(folder) else TransformerEncoder(path)


def _is_static(folder: Path) -> bool:
    """Whether a folder's only module that yields vectors is a `StaticEmbedding`, which the small reader can read."""
    try:
        modules = json.loads((folder / "modules.json").read_text(encoding="utf-8"))
        kinds = [module["type"].rpartition(".")[2] for module in modules]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False
    at_root = not modules[0].get("path") if modules else False
    return at_root and kinds in (["StaticEmbedding"], ["StaticEmbedding", "Normalize"])


def _weights_hash(state: Mapping[str, Any]) -> str:
    """Twelve hexadecimal digits that change with any weight; a model given by name has no folder to hash."""
    digest = hashlib.sha256()
    for name in sorted(state):
        digest.update(name.encode())
        digest.update(state[name].detach().cpu().float().numpy().tobytes())
    return digest.hexdigest()[:12]


def _content_hash(files: Sequence[Path]) -> str:
    """Twelve hexadecimal digits that change with any byte of the files."""
    return hashlib.sha256("".join(manifest.digest_of(path) for path in files).encode()).hexdigest()[:12]
