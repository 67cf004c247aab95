"""A trained second reader as files: an ONNX graph with int8 weights, and the vectors of its pieces as bytes beside."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from onnxruntime.quantization.matmul_nbits_quantizer import MatMulNBitsQuantizer
from safetensors.numpy import load_file, save_file

#: Weights that share a scale, ONNX Runtime's code for int8 arithmetic, and what stands for zero in a byte.
BLOCK, INT8, ZERO = 128, 4, 128


class Answers(torch.nn.Module):
    """The model with its answers for a pair: log-odds of any conflict (1,), log-probability of each kind (1, 8) in the
    order of `KINDS`, and log-odds of each piece that it carries the conflict."""

    def __init__(self, model: torch.nn.Module) -> None:
        super().__init__()
        self.model = model

    def forward(
        self, embeddings: torch.Tensor, attention_mask: torch.Tensor, token_type_ids: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        _, kinds, marks = self.model(
            {"inputs_embeds": embeddings, "attention_mask": attention_mask, "token_type_ids": token_type_ids}
        )
        return kinds[:, 2:].logsumexp(-1) - kinds[:, :2].logsumexp(-1), kinds.log_softmax(-1), marks


def export(model: Any, folder: Path) -> None:
    """Write `model.onnx` and `pieces.safetensors`; the vectors of the pieces lie apart, so that no file is large."""
    weights = model.bert.embeddings.word_embeddings.weight.detach().numpy()
    scales = np.abs(weights).max(1) / 127
    rounded = (weights / np.maximum(scales, 1e-12)[:, None]).round().astype(np.int8)
    save_file({"weights": rounded, "scales": scales.astype(np.float32)}, folder / "pieces.safetensors")
    ids = torch.ones((1, 8), dtype=torch.long)
    with tempfile.TemporaryDirectory() as scratch:
        whole = Path(scratch) / "model.onnx"
        torch.onnx.export(
            Answers(model).eval(),
            (torch.zeros((1, 8, weights.shape[1])), ids, ids),
            str(whole),
            input_names=["embeddings", "attention_mask", "token_type_ids"],
            output_names=["odds", "kinds", "marks"],
            dynamic_axes={name: {1: "pieces"} for name in ("embeddings", "attention_mask", "token_type_ids", "marks")},
            opset_version=17,
            dynamo=False,
        )
        graph = onnx.load(str(whole))
    # One scale for a whole layer's activations, as in dynamic int8, cost .035 of the area under ROC on dev_1: a few
    # numbers of this model are far larger than the rest. Here both sides have a scale a block.
    quantizer = MatMulNBitsQuantizer(graph, bits=8, block_size=BLOCK, is_symmetric=True, accuracy_level=INT8)
    quantizer.process()
    quantizer.model.save_model_to_file(str(folder / "model.onnx"))
    onnx.checker.check_model(str(folder / "model.onnx"))


def read_exported(folder: Path, model: torch.nn.Module) -> None:
    """Give the model the weights of exported files, as far as they are there (the head for inference is not)."""
    graph = onnx.load(str(folder / "model.onnx")).graph
    stored = {one.name: numpy_helper.to_array(one) for one in graph.initializer}
    weights = {name.removeprefix("model."): array for name, array in stored.items() if name.startswith("model.")}
    for node in graph.node:
        if node.op_type == "MatMulNBits":
            size = {one.name: onnx.helper.get_attribute_value(one) for one in node.attribute}
            quantised, scales = stored[node.input[1]], stored[node.input[2]].reshape(size["N"], -1, 1)
            wide = (quantised.reshape(size["N"], -1, BLOCK).astype(np.float32) - ZERO) * scales
            name = node.name.removeprefix("/model/").rsplit("/MatMul", 1)[0].replace("/", ".")
            weights[f"{name}.weight"] = wide.reshape(size["N"], -1)[:, : size["K"]]
    pieces = load_file(folder / "pieces.safetensors")
    weights["bert.embeddings.word_embeddings.weight"] = pieces["weights"] * pieces["scales"][:, None]
    state = {name: torch.tensor(array, dtype=torch.float32) for name, array in weights.items()}
    missing, unknown = model.load_state_dict(state, strict=False)
    if unknown or {name.split(".")[0] for name in missing} - {"nli"}:
        raise ValueError(f"{folder.name} holds another model: {unknown or missing}")
