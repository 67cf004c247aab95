"""The second reader that ships with the program: a small multilingual transformer, in int8 by ONNX Runtime."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import load_file
from tokenizers import Encoding, Tokenizer

from analyzer.errors import ModelError
from analyzer.records import Side
from analyzer.second_reader import Mark, Reading
from models import manifest

FOLDER = manifest.ROOT / "second_reader"
#: Words of the addressee and of the title that are read, and characters of the date (year and month).
ADDRESSEE_WORDS, TITLE_WORDS, DATE_LETTERS = 8, 12, 7
#: A signal that speaks of its matter as known names it in the document's title only.
REFERS = re.compile(
    rf"\b(?:{'|'.join(tomllib.loads(Path(__file__).with_name('matters.toml').read_text(encoding='utf-8'))['words'])})\b",
    re.IGNORECASE,
)

#: How the graph asks for int8 products, and for float32 ones with the same weights (ONNX, `accuracy_level` of
#: MatMulNBits as it is stored: a name, and the value 4 or 1).
INT8, FLOAT32 = (b"\x0a\x0eaccuracy_level\x18" + level for level in (b"\x04", b"\x01"))
#: Instructions that int8 products need to be the faster ones: of x86 and of ARM, as Linux names them.
FAST_INT8 = ("vnni", "amx_int8", "asimddp")
PROCESSOR = Path("/proc/cpuinfo")


def has_int8(processor: Path = PROCESSOR) -> bool:
    """Whether int8 products are the faster ones on this processor; so it is taken where nothing is known of it."""
    known = processor.read_text(encoding="utf-8", errors="replace") if processor.exists() else FAST_INT8[0]
    return any(name in known for name in FAST_INT8)


def read_graph(folder: Path, processor: Path = PROCESSOR) -> bytes:
    """The model for this processor. Where it has no instructions for int8 products, float32 ones take two thirds of the
    time; log-odds differ by some hundredths."""
    graph = (folder / "model.onnx").read_bytes()
    return graph if has_int8(processor) else graph.replace(INT8, FLOAT32)


def shipped_name(folder: Path = FOLDER) -> str:
    """The name of the reader in the folder, with the arithmetic if not int8, known without loading it."""
    return f"second-reader-{manifest.digest_of(folder / 'model.onnx')[:12]}{'' if has_int8() else '-float32'}"


def passage(side: Side) -> str:
    """What is read of a side: whom it is for and when it was said, as far as known, the title of the document where
    the signal refers to it, then the signal."""
    addressee = side.addressee or ", ".join(side.frame.addressee)
    known = (" ".join(addressee.split()[:ADDRESSEE_WORDS]), (side.date or "")[:DATE_LETTERS])
    head = ", ".join(part for part in known if part)
    if side.document and REFERS.search(side.text):
        head = f"{head} ({' '.join(side.document.split()[:TITLE_WORDS])})".lstrip()
    return f"{head}: {side.text}" if head else side.text


class ShippedReader:
    """Reads one pair a run: int8 scales are set by what is read together, and a pair's answer must not depend on
    its neighbours. Threads read pairs side by side instead."""

    def __init__(
        self, session: Any, tokenizer: Tokenizer, pieces: np.ndarray, name: str, learned: frozenset[str], threads: int
    ) -> None:
        self.name = name
        #: Files of labelled pairs that the model was trained on.
        self.learned = learned
        self._session, self._tokenizer, self._pieces, self._threads = session, tokenizer, pieces, threads

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
            session = onnxruntime.InferenceSession(read_graph(folder), options, providers=["CPUExecutionProvider"])
            tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
            table = load_file(folder / "pieces.safetensors")
            config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        # onnxruntime and tokenizers raise bare exceptions on a broken file, so nothing narrower would do.
        except Exception as error:
            raise ModelError(
                f"Den andra läsaren i {folder.name} går inte att läsa; hämta programmet på nytt."
            ) from error
        tokenizer.enable_truncation(config["pieces"], strategy="longest_first")
        pieces = table["weights"] * table["scales"][:, None]
        learned = frozenset(config["learned"])
        return cls(session, tokenizer, pieces, shipped_name(folder), learned, threads)

    def odds(self, pairs: Sequence[tuple[Side, Side]]) -> np.ndarray:
        """See `SecondReader.odds`."""
        return np.array([reading.odds for reading in self.read(pairs)], np.float64)

    def read(self, pairs: Sequence[tuple[Side, Side]]) -> list[Reading]:
        """See `MarkingReader.read`."""
        if not pairs:
            return []
        with ThreadPoolExecutor(self._threads) as pool:
            return list(pool.map(self._read, pairs))

    def _read(self, pair: tuple[Side, Side]) -> Reading:
        texts = passage(pair[0]), passage(pair[1])
        encoding = self._tokenizer.encode(*texts)
        inputs = {
            "embeddings": self._pieces[encoding.ids][None],
            "attention_mask": np.array([encoding.attention_mask], np.int64),
            "token_type_ids": np.array([encoding.type_ids], np.int64),
        }
        odds, kinds, marks = self._session.run(["odds", "kinds", "marks"], inputs)
        heads = [len(text) - len(side.text) for text, side in zip(texts, pair, strict=True)]
        chances = 1 / (1 + np.exp(-marks[0]))
        a, b = (_marks(encoding, chances, side, heads[side]) for side in (0, 1))
        shares = np.exp(kinds[0])
        none, duplicate, *types = (float(share) for share in shares)
        conflict = sum(types)
        return Reading(float(odds[0]), tuple(share / conflict for share in types), duplicate / (none + duplicate), a, b)


def _marks(encoding: Encoding, chances: np.ndarray, side: int, head: int) -> tuple[Mark, ...]:
    """The pieces of one side's signal, what stands before it left out."""
    return tuple(
        Mark(max(start - head, 0), end - head, float(chance))
        for (start, end), owner, chance in zip(encoding.offsets, encoding.sequence_ids, chances, strict=True)
        if owner == side and end > head
    )
