"""Any local cross-encoder folder of sentence-transformers as second reader: one score, or inference labels."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from analyzer.errors import ModelError
from analyzer.records import Side
from models.manifest import digest_of

CONTRADICTION = "contradiction"


class CrossEncoderReader:
    """Both orders are read and averaged, since such models are trained on premise and hypothesis."""

    def __init__(self, model: Any, column: int | None, raw: Any, name: str) -> None:
        self.name = name
        self._model, self._column, self._raw = model, column, raw

    @classmethod
    def load(cls, folder: Path) -> CrossEncoderReader:
        """A model with one label (its score is that of a conflict), or with a label called "contradiction".

        Raises ModelError when the folder holds neither.
        """
        if not (folder / "config.json").is_file():
            raise ModelError(f"{folder} är ingen korskodare; ange mappen där dess config.json ligger.")
        # torch takes seconds to load, and only whoever sets such a model needs it.
        from sentence_transformers import CrossEncoder
        from torch.nn import Identity

        try:
            model = CrossEncoder(str(folder), device="cpu", local_files_only=True)
        except (OSError, ValueError, KeyError, RuntimeError) as error:
            raise ModelError(f"Korskodaren i {folder} går inte att läsa; ange en annan mapp.") from error
        labels = {label.lower(): number for number, label in model.model.config.id2label.items()}
        if len(labels) > 1 and CONTRADICTION not in labels:
            raise ModelError(f"Korskodaren i {folder} har ingen etikett som heter {CONTRADICTION}; ange en annan mapp.")
        weights = sorted(path for path in folder.iterdir() if path.suffix == ".safetensors")
        digest = digest_of(weights[0])[:12] if weights else "unknown"
        column = labels[CONTRADICTION] if len(labels) > 1 else None
        return cls(model, column, Identity(), f"cross-encoder-{folder.name}-{digest}")

    def odds(self, pairs: Sequence[tuple[Side, Side]]) -> np.ndarray:
        """See `SecondReader.odds`."""
        if not pairs:
            return np.zeros(0)
        both = [(a.text, b.text) for a, b in pairs] + [(b.text, a.text) for a, b in pairs]
        scores = np.asarray(self._model.predict(both, show_progress_bar=False, activation_fn=self._raw), np.float64)
        if self._column is None:
            odds = scores.reshape(-1)
        else:
            rest = np.delete(scores, self._column, axis=1)
            odds = scores[:, self._column] - np.logaddexp.reduce(rest, axis=1)
        return (odds[: len(pairs)] + odds[len(pairs) :]) / 2
