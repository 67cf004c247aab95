"""The packed sentence model: four-bit blocks, the tensor directory, pieces, and the torch model made of them."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest
import torch

from models.train.packed_e5 import LAYER, kept_pieces, make_model, make_tokenizer, read_packed, widen

WIDTH, LAYERS, INNER, POSITIONS = 32, 2, 64, 16
PIECES = ["<s>", "<pad>", "</s>", "<unk>", "▁", "a", "k", "s", "▁ska", "▁öka", "▁sällan", "<mask>"]


def pack(values: np.ndarray) -> bytes:
    """Float32 values as four-bit blocks, as the package stores them."""
    blocks = b""
    for block in values.reshape(-1, 32):
        scale = np.float16(np.abs(block).max() / 7 or 1)
        numbers = np.clip(np.round(block / np.float32(scale)) + 8, 0, 15).astype(np.uint8)
        blocks += scale.tobytes() + (numbers[:16] | numbers[16:] << 4).astype(np.uint8).tobytes()
    return blocks


@pytest.fixture
def packed_file(tmp_path: Path) -> Path:
    """A whole file with a tiny random model."""
    draw = np.random.default_rng(1)
    shapes = {"q": (WIDTH, WIDTH), "k": (WIDTH, WIDTH), "v": (WIDTH, WIDTH), "ao": (WIDTH, WIDTH)}
    shapes |= {"fi": (INNER, WIDTH), "fo": (WIDTH, INNER)}
    tensors: dict[str, tuple[int, np.ndarray]] = {
        "emb.word": (1, draw.normal(size=(len(PIECES), WIDTH))),
        "emb.pos": (0, draw.normal(size=(POSITIONS, WIDTH))),
        "emb.type": (0, draw.normal(size=(2, WIDTH))),
        "emb.ln.w": (0, np.ones(WIDTH)),
        "emb.ln.b": (0, np.zeros(WIDTH)),
    }
    for layer in range(LAYERS):
        for short in LAYER:
            matrix = short in shapes
            tensors[f"l{layer}.{short}.w"] = (int(matrix), draw.normal(size=shapes.get(short, (WIDTH,))))
            tensors[f"l{layer}.{short}.b"] = (0, draw.normal(size=shapes.get(short, (WIDTH,))[0]))
    spoken = [piece.encode() for piece in PIECES]
    offsets = np.cumsum([0, *map(len, spoken)]).astype("<u4")
    head = b"E5S1" + struct.pack("<I7ifi", 1, WIDTH, LAYERS, 4, INNER, len(PIECES), POSITIONS, 2, 1e-12, 32)
    head += struct.pack("<5iQ", len(PIECES), 0, 2, 1, 3, int(offsets[-1])) + offsets.tobytes()
    head += np.arange(0, -len(PIECES), -1, "<f4").tobytes() + b"".join(spoken) + struct.pack("<iI", 0, 0)
    stored = {
        name: pack(value.astype(np.float32)) if kind else value.astype("<f4").tobytes()
        for name, (kind, value) in tensors.items()
    }
    place = len(head) + 4 + sum(2 + len(name) + 21 for name in tensors)
    entries = b""
    for name, (kind, value) in tensors.items():
        length = len(stored[name])
        entries += struct.pack("<H", len(name)) + name.encode() + struct.pack("<BIQQ", kind, value.size, place, length)
        place += length
    path = tmp_path / "tiny.bin"
    path.write_bytes(head + struct.pack("<i", len(tensors)) + entries + b"".join(stored.values()))
    return path


def test_four_bit_blocks_come_back_within_their_step() -> None:
    values = np.random.default_rng(2).normal(size=96).astype(np.float32)
    back = widen(pack(values))
    steps = np.abs(values.reshape(-1, 32)).max(1) / 7
    assert (np.abs(back - values).reshape(-1, 32) <= steps[:, None] * 1.01).all()


def test_a_file_that_is_no_model_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.bin"
    path.write_bytes(b"no model at all")
    with pytest.raises(ValueError, match="no packed"):
        read_packed(path)


def test_pieces_that_no_text_needs_are_left_out(packed_file: Path) -> None:
    packed = read_packed(packed_file)
    kept = kept_pieces(packed, ["ska öka ska"] * 5)
    names = [packed.pieces[number][0] for number in kept]
    assert names == ["<s>", "<pad>", "</s>", "<unk>", "▁ska", "▁öka"]


def test_a_pair_is_read_with_both_sides_marked(packed_file: Path) -> None:
    packed = read_packed(packed_file)
    encoding = make_tokenizer(packed, range(len(PIECES))).encode("ska  öka", "öka")
    assert encoding.tokens == ["<s>", "▁ska", "▁öka", "</s>", "</s>", "▁öka", "</s>"]
    assert encoding.type_ids == [0, 0, 0, 0, 0, 1, 1]


def test_the_model_holds_the_files_weights(packed_file: Path) -> None:
    packed = read_packed(packed_file)
    kept = [0, 1, 2, 3, 8, 9]
    model = make_model(packed, kept, layers=1)
    assert len(model.encoder.layer) == 1
    words = packed.tensors["emb.word"].reshape(-1, WIDTH)
    assert np.array_equal(model.embeddings.word_embeddings.weight.detach().numpy(), words[kept])
    inner = model.encoder.layer[0].intermediate.dense.weight.detach().numpy()
    assert np.array_equal(inner, packed.tensors["l0.fi.w"].reshape(INNER, WIDTH))
    states = model(torch.tensor([[0, 4, 5, 2]]), torch.ones(1, 4)).last_hidden_state
    assert states.shape == (1, 4, WIDTH)
    assert torch.isfinite(states).all()
