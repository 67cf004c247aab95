"""The second reader that ships with the program: a small transformer over an English gloss, in int8 by ONNX Runtime."""

from __future__ import annotations

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from tokenizers import Tokenizer

from analyzer.errors import ModelError
from analyzer.records import Side
from analyzer.second_reader.gloss import Glossary
from models import manifest

FOLDER = manifest.ROOT / "second_reader"


class ShippedReader:
    """Reads one pair a run: int8 scales are set by what is read together, and a pair's answer must not depend on
    its neighbours. Threads read pairs side by side instead."""

    def __init__(
        self, session: Any, tokenizer: Tokenizer, glossary: Glossary, name: str, learned: frozenset[str], threads: int
    ) -> None:
        self.name = name
        #: Files of labelled pairs that the model was trained on.
        self.learned = learned
        self._session, self._tokenizer, self._glossary, self._threads = session, tokenizer, glossary, threads

    @classmethod
    def load(cls, folder: Path = FOLDER, threads: int = 2) -> ShippedReader:
        """Read and check the model. Raises ModelError when a file is missing or altered."""
        manifest.verify(folder)
        # Takes a second to import, and only whoever asks for a second reading needs it.
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        try:
            session = onnxruntime.InferenceSession(
                str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
            )
            tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
            config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        # onnxruntime and tokenizers raise bare exceptions on a broken file, so nothing narrower would do.
        except Exception as error:
            raise ModelError(
                f"Den andra läsaren i {folder.name} går inte att läsa; hämta programmet på nytt."
            ) from error
        tokenizer.enable_truncation(config["pieces"], strategy="longest_first")
        digest = manifest.digest_of(folder / "model.onnx")[:12]
        learned = frozenset(config["learned"])
        return cls(session, tokenizer, Glossary.load(folder / "gloss.tsv"), f"second-reader-{digest}", learned, threads)

    def odds(self, pairs: Sequence[tuple[Side, Side]]) -> np.ndarray:
        """See `SecondReader.odds`."""
        glosses = {text: self._glossary.gloss(text) for text in {side.text for pair in pairs for side in pair}}
        read = [(glosses[a.text], glosses[b.text]) for a, b in pairs]
        if not read:
            return np.zeros(0)
        with ThreadPoolExecutor(self._threads) as pool:
            return np.array(list(pool.map(self._read, read)), np.float64)

    def _read(self, pair: tuple[str, str]) -> float:
        encoding = self._tokenizer.encode(*pair)
        inputs = {
            "input_ids": encoding.ids,
            "attention_mask": encoding.attention_mask,
            "token_type_ids": encoding.type_ids,
        }
        (odds,) = self._session.run(["odds"], {name: np.array([ids], np.int64) for name, ids in inputs.items()})
        return float(odds[0])
