"""Which words stand beside a word: a small table that tells its gender, number and part of speech, and a layer for it.

"ett" in front of a noun shows its gender, "mycket" in front of a word that it is an adjective. The table holds, for
the commonest words of the domain text, a few numbers that sum up such neighbours; a compound that it lacks is also
looked up by its last part ("utredningstid" → "tid"). The table lies inside the trained tok2vec (`tok2vec/model`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import numpy as np
import srsly
from numpy.typing import NDArray
from spacy.attrs import LOWER
from spacy.ml.featureextractor import FeatureExtractor
from spacy.ml.staticvectors import StaticVectors
from spacy.tokens import Doc
from spacy.util import registry
from thinc.api import HashEmbed, Maxout, Model, chain, concatenate, glorot_uniform_init, list2ragged, ragged2list
from thinc.api import with_array as on_rows
from thinc.model import deserialize_attr, serialize_attr
from thinc.types import Floats2d, Ragged

#: One step of the stored whole numbers.
SCALE = 32.0
#: Only the commonest words are looked for at the end of a compound, and none that is shorter.
LAST_PARTS, SHORTEST_PART = 25_000, 3


class NeighbourTable:
    """Lower-case words, the commonest first, with a row of `codes` each."""

    def __init__(self, words: list[str], codes: NDArray[np.int8]) -> None:
        self.words = words
        self.codes = codes
        # Row 0 stands for every word that the table lacks.
        self._vectors = np.vstack([np.zeros((1, codes.shape[1])), codes / SCALE]).astype(np.float32)
        self._rows = {word: row for row, word in enumerate(words, 1)}
        parts = words[:LAST_PARTS]
        self._parts = {word: self._rows[word] for word in parts if len(word) >= SHORTEST_PART and word.isalpha()}

    @property
    def width(self) -> int:
        """Numbers to a word: its own row and that of its last part."""
        return 2 * self.codes.shape[1]

    def find(self, word: str) -> tuple[int, int]:
        """The row of a lower-case word and that of the longest word that it ends in; 0 where there is none."""
        ends = (self._parts.get(word[start:]) for start in range(2, len(word) - SHORTEST_PART + 1))
        return self._rows.get(word, 0), next((row for row in ends if row), 0)

    def vectors(self, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """One vector to each pair of rows."""
        found: NDArray[np.float32] = self._vectors[rows].reshape(len(rows), self.width)
        return found


@serialize_attr.register
def _pack(_: NeighbourTable, value: NeighbourTable, name: str, model: Model[Any, Any]) -> bytes:
    return bytes(srsly.msgpack_dumps({"words": "\n".join(value.words), "codes": value.codes}))


@deserialize_attr.register
def _unpack(_: NeighbourTable, value: bytes, name: str, model: Model[Any, Any]) -> NeighbourTable:
    data = srsly.msgpack_loads(value)
    return NeighbourTable(data["words"].split("\n"), data["codes"])


@registry.architectures("styrsignal.NeighbourEmbed.v1")
def neighbour_embed(width: int, attrs: list[str], rows: list[int]) -> Model[list[Doc], list[Any]]:
    """spaCy's MultiHashEmbed with static vectors, and the neighbours beside them."""
    hashed: list[Model[Any, Any]] = [
        HashEmbed(width, count, column=i, seed=8 + i, dropout=0.0) for i, count in enumerate(rows)
    ]
    features: Model[Any, Any] = chain(FeatureExtractor(attrs), list2ragged(), on_rows(concatenate(*hashed)))
    mix: Model[Ragged, Ragged] = on_rows(Maxout(width, width * (len(rows) + 2), nP=3, dropout=0.0, normalize=True))
    return chain(concatenate(features, StaticVectors(width, dropout=0.0), _neighbours(width)), mix, ragged2list())


def set_table(model: Model[Any, Any], table: NeighbourTable) -> None:
    """Give the layers of `model` that need one a table; before the model is initialised."""
    for node in model.walk():
        if node.name == "neighbours":
            node.attrs["table"] = table


def _neighbours(width: int) -> Model[list[Doc], Ragged]:
    empty = NeighbourTable([], np.zeros((0, 1), dtype=np.int8))
    return Model(
        "neighbours", _forward, init=_init, params={"W": None}, attrs={"table": empty}, dims={"nO": width, "nM": None}
    )


def _init(model: Model[list[Doc], Ragged], X: Any = None, Y: Any = None) -> None:
    model.set_dim("nM", model.attrs["table"].width, force=True)
    model.set_param("W", glorot_uniform_init(model.ops, (model.get_dim("nO"), model.get_dim("nM"))))


def _forward(
    model: Model[list[Doc], Ragged], docs: list[Doc], is_train: bool
) -> tuple[Ragged, Callable[[Ragged], list[Doc]]]:
    table: NeighbourTable = model.attrs["table"]
    strings = docs[0].vocab.strings
    keys, where = np.unique(np.concatenate([doc.to_array(LOWER) for doc in docs]), return_inverse=True)
    places = np.array([table.find(strings[key]) for key in keys.tolist()], dtype=np.int64).reshape(-1, 2)
    vectors = cast(Floats2d, table.vectors(places[where]))
    result = model.ops.gemm(vectors, cast(Floats2d, model.get_param("W")), trans2=True)

    def backprop(gradient: Ragged) -> list[Doc]:
        model.inc_grad("W", model.ops.gemm(cast(Floats2d, gradient.data), vectors, trans1=True))
        return []

    return Ragged(result, model.ops.asarray1i([len(doc) for doc in docs])), backprop
