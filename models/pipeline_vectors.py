"""spaCy's floret vectors with a memory: adding up the parts of a word costs more than looking it up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from spacy.util import registry
from spacy.vectors import Vectors
from spacy.vocab import Vocab

#: Words remembered (0.5 kB each); after that the memory starts anew.
REMEMBERED = 20_000


class RememberedVectors(Vectors):
    """Gives the same vectors as its base class. Two networks of the pipeline ask for them, for each document anew."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self._known: dict[int, Any] = {}

    def get_batch(self, keys: Any) -> Any:
        """One vector to each key; the keys of a batch of documents are an array of hashes."""
        if not isinstance(keys, np.ndarray):
            return super().get_batch(keys)
        distinct, where = np.unique(keys, return_inverse=True)
        wanted = distinct.tolist()
        # Never emptied in place: another thread may be reading it.
        if len(self._known) > REMEMBERED:
            self._known = {}
        known = self._known
        missing = [key for key in wanted if key not in known]
        if missing:
            known.update(zip(missing, super().get_batch(missing), strict=True))
        return np.stack([known[key] for key in wanted])[where]

    def from_disk(self, path: Any, **settings: Any) -> Any:
        """Read another table and forget what was known of the old one."""
        self._known = {}
        return super().from_disk(path, **settings)


@registry.vectors("styrsignal.RememberedVectors.v1")
def make_vectors() -> Callable[[Vocab], RememberedVectors]:
    """What spaCy calls for a new vocabulary."""
    return lambda vocab: RememberedVectors(strings=vocab.strings)
