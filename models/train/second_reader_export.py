"""A trained second reader as an ONNX file with int8 weights, and a vocabulary cut to the pieces that occur."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from tokenizers import Tokenizer

SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")


class Odds(torch.nn.Module):
    """The model with one output: log-odds of any conflict, (batch,)."""

    def __init__(self, model: torch.nn.Module) -> None:
        super().__init__()
        self.model = model

    def forward(
        self, input_ids: torch.Tensor, attention_mask: torch.Tensor, token_type_ids: torch.Tensor
    ) -> torch.Tensor:
        kinds = self.model(
            {"input_ids": input_ids, "attention_mask": attention_mask, "token_type_ids": token_type_ids}
        )[1]
        return kinds[:, 2:].logsumexp(-1) - kinds[:, :2].logsumexp(-1)


def cut_vocabulary(tokenizer: Tokenizer, texts: Iterable[str]) -> tuple[Tokenizer, list[int]]:
    """The tokenizer with only the pieces that the texts need (and all single characters), and their old ids in order.

    A word whose pieces were cut is read by shorter pieces, since every single character stays.
    """
    state: dict[str, Any] = json.loads(tokenizer.to_str())
    vocabulary: dict[str, int] = state["model"]["vocab"]
    used = {number for text in texts for number in tokenizer.encode(text, add_special_tokens=False).ids}
    kept = [
        number
        for piece, number in sorted(vocabulary.items(), key=lambda item: item[1])
        if number in used or piece in SPECIAL or len(piece.removeprefix("##")) == 1
    ]
    place = {old: new for new, old in enumerate(kept)}
    state["model"]["vocab"] = {piece: place[old] for piece, old in vocabulary.items() if old in place}
    for token in state["added_tokens"]:
        token["id"] = place[token["id"]]
    special = state["post_processor"].get("special_tokens", {})
    for entry in special.values():
        entry["ids"] = [place[old] for old in entry["ids"]]
    state["padding"] = state["truncation"] = None
    return Tokenizer.from_str(json.dumps(state)), kept


def export(model: torch.nn.Module, kept: list[int], path: Path) -> None:
    """Write `model` with the embeddings of the kept pieces to an int8 ONNX file."""
    embeddings = model.bert.embeddings.word_embeddings
    embeddings.weight = torch.nn.Parameter(embeddings.weight.detach()[kept].clone())
    embeddings.num_embeddings = len(kept)
    embeddings.padding_idx = 0
    ids = torch.ones((1, 8), dtype=torch.long)
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "model.onnx"
        torch.onnx.export(
            Odds(model).eval(),
            (ids, ids, ids),
            str(whole),
            input_names=["input_ids", "attention_mask", "token_type_ids"],
            output_names=["odds"],
            dynamic_axes={name: {1: "pieces"} for name in ("input_ids", "attention_mask", "token_type_ids")},
            opset_version=17,
            dynamo=False,
        )
        quantize_dynamic(whole, path, weight_type=QuantType.QInt8, per_channel=True)
    onnx.checker.check_model(str(path))
