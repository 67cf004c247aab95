"""Everything that the second reader learns from, read once and kept as word pieces in arrays.

Reading it takes minutes (libraries and the real assignments are scanned for hard candidates), so that it is kept in a
file: training can then begin again at once, or on another machine that has nothing but torch.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from enum import IntEnum
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from analyzer.records import Frame, Side
from analyzer.scoring.pairs import LabelledPair
from analyzer.second_reader.shipped import passage
from models.train.grammar import compose
from models.train.libraries import read_libraries
from models.train.mined import mine_libraries, mine_real
from models.train.second_reader_pairs import HELD_OUT, KINDS, UNREAD, labelled_files, read_inference
from models.train.situations import SITUATIONS, read_situations

#: Composed pairs, as many for each epoch that reads them.
COMPOSED, COMPOSED_SEED = 20_000, 1000


class Sort(IntEnum):
    """Where a pair comes from, which decides how often it is read."""

    LABELLED, SITUATION, MINED_REAL, MINED_LIBRARY, COMPOSED, INFERENCE = range(6)


@dataclass(frozen=True, slots=True)
class Material:
    """n sides as word pieces, one after the other, and p pairs of them."""

    #: Pieces of the signals (uint16) and where each begins (n + 1,); the same of h heads: what is known beside them.
    text: np.ndarray
    text_begins: np.ndarray
    head: np.ndarray
    head_begins: np.ndarray
    #: (n, 4) heads of a side: whole, without addressee, without date, without both.
    head_of: np.ndarray
    #: (p, 2) sides, (p,) number of the kind or of the inference label, `Sort`, number of the file.
    pairs: np.ndarray
    answer: np.ndarray
    sort: np.ndarray
    origin: np.ndarray
    #: (p,) pairs of one group say the same in other words (-1: alone); pairs of one family share a side or a matter.
    group: np.ndarray
    family: np.ndarray
    #: (p, 4) first and last-but-one piece of the evidence in either text, -1 where there is none.
    evidence: np.ndarray
    #: (files,)
    names: np.ndarray

    def save(self, path: Path) -> None:
        """Write it to a file of NumPy arrays."""
        np.savez_compressed(path, **{field.name: getattr(self, field.name) for field in fields(self)})

    @classmethod
    def load(cls, path: Path) -> Material:
        """Read what `save` wrote."""
        with np.load(path) as arrays:
            return cls(**{field.name: arrays[field.name] for field in fields(cls)})


class Collector:
    """Takes pairs in, a side once, and gives them back as `Material`."""

    def __init__(self) -> None:
        self._places: dict[tuple[str, tuple[str, ...]], int] = {}
        self._known: dict[int, tuple[Side, int]] = {}
        self._pairs: list[tuple[int, int, int, Sort, int, int, int]] = []
        self._evidence: list[tuple[str | None, str | None]] = []
        self._files: dict[str, int] = {}
        self._families: dict[tuple[str, str], int] = {}
        self._groups = 0

    def put(self, name: str, sort: Sort, pairs: Iterable[LabelledPair]) -> None:
        """Pairs of a file."""
        for pair in pairs:
            answer = UNREAD if sort in (Sort.MINED_REAL, Sort.MINED_LIBRARY) else KINDS.index(pair.type or "none")
            self._put(name, sort, pair, answer, -1)

    def put_groups(self, name: str, sort: Sort, groups: Iterable[Sequence[LabelledPair]]) -> None:
        """Groups of pairs that say the same in other words."""
        for group in groups:
            for pair in group:
                self._put(name, sort, pair, KINDS.index(pair.type or "none"), self._groups)
            self._groups += 1

    def put_inference(self, name: str, examples: Iterable[tuple[str, str, int]]) -> None:
        """Premises and hypotheses of a file."""
        for number, (premise, hypothesis, answer) in enumerate(examples):
            pair = LabelledPair(str(number), Side(premise, Frame()), Side(hypothesis, Frame()))
            self._put(name, Sort.INFERENCE, pair, answer, -1)

    def _put(self, name: str, sort: Sort, pair: LabelledPair, answer: int, group: int) -> None:
        file = self._files.setdefault(name, len(self._files))
        family = self._families.setdefault((name, pair.family), len(self._families))
        self._pairs.append((self._place(pair.a), self._place(pair.b), answer, sort, file, group, family))
        self._evidence.append((pair.evidence_a, pair.evidence_b))

    def _place(self, side: Side) -> int:
        """The side's number. Wordings repeat a side as the same object, whose head need not be made again."""
        known = self._known.get(id(side))
        if known is None:
            key = (side.text, heads(side))
            known = self._known[id(side)] = (side, self._places.setdefault(key, len(self._places)))
        return known[1]

    def material(self, tokenizer: Tokenizer) -> Material:
        """All that was put in, as pieces of the tokenizer."""
        texts = [text for text, _ in self._places]
        encoded = tokenizer.encode_batch(texts, add_special_tokens=False)
        shown = sorted({head for _, four in self._places for head in four})
        number_of = {head: number for number, head in enumerate(shown)}
        text, text_begins = _in_a_row([one.ids for one in encoded])
        head, head_begins = _in_a_row([one.ids for one in tokenizer.encode_batch(shown, add_special_tokens=False)])
        first, second, answer, sort, file, group, family = np.array(self._pairs, np.int32).reshape(-1, 7).T
        evidence = [
            [
                *_stretch(encoded[pair[0]].offsets, texts[pair[0]], one),
                *_stretch(encoded[pair[1]].offsets, texts[pair[1]], other),
            ]
            for pair, (one, other) in zip(self._pairs, self._evidence, strict=True)
        ]
        return Material(
            text, text_begins, head, head_begins,
            np.array([[number_of[head] for head in four] for _, four in self._places], np.int32).reshape(-1, 4),
            np.column_stack([first, second]), answer.astype(np.int8), sort.astype(np.int8), file.astype(np.int16),
            group, family, np.array(evidence, np.int16).reshape(-1, 4), np.array(list(self._files)),
        )  # fmt: skip


def heads(side: Side) -> tuple[str, ...]:
    """What is read before a signal: all that is known, then without its addressee, its date, and both."""
    nobody = replace(side, addressee=None, frame=replace(side.frame, addressee=()))
    shown = [side, nobody, replace(side, date=None), replace(nobody, date=None)]
    return tuple(passage(one)[: -len(one.text) or None].rstrip() for one in shown)


def _in_a_row(lists: Sequence[Sequence[int]]) -> tuple[np.ndarray, np.ndarray]:
    """Lists of pieces one after the other, and where each begins."""
    begins = np.concatenate([[0], np.cumsum([len(one) for one in lists], dtype=np.int64)])
    return np.fromiter((piece for one in lists for piece in one), np.uint16, begins[-1]), begins


def _stretch(offsets: Sequence[tuple[int, int]], text: str, evidence: str | None) -> tuple[int, int]:
    """First piece of the evidence and the one after its last; -1 twice without evidence."""
    start = text.find(evidence) if evidence else -1
    if start < 0:
        return -1, -1
    end = start + len(evidence or "")
    inside = [number for number, (begin, after) in enumerate(offsets) if begin < end and after > start]
    return (inside[0], inside[-1] + 1) if inside else (-1, -1)


def gather(data: Path, tokenizer: Tokenizer) -> Material:
    """Everything for training: inference pairs, labelled files, situations, mined and composed pairs."""
    collector = Collector()
    for name in ("swenli_dev", "swenli_test", "swediagnostics_test"):
        collector.put_inference(name, read_inference(data / "superlim" / f"{name}.jsonl"))
    files, libraries = labelled_files(data), read_libraries()
    for name, pairs in sorted(files.items()):
        collector.put(name, Sort.LABELLED, pairs)
    for library in libraries:
        collector.put(library.file, Sort.LABELLED, library.labels)
        collector.put(library.file, Sort.MINED_LIBRARY, mine_libraries([library]))
    for path in sorted(SITUATIONS.glob("*.jsonl")):
        groups = [group for one in read_situations(path, data) for group in (*one.by_partner, one.reworded)]
        collector.put_groups(path.stem, Sort.SITUATION, groups)
    collector.put("mined", Sort.MINED_REAL, mine_real((pair for file in files.values() for pair in file), data))
    collector.put("composed", Sort.COMPOSED, compose(COMPOSED, COMPOSED_SEED))
    return collector.material(tokenizer)


def learned_files(material: Material) -> list[str]:
    """Names of the files of labelled pairs that training reads."""
    told = np.isin(material.sort, [Sort.LABELLED, Sort.SITUATION])
    return sorted({str(material.names[number]) for number in np.unique(material.origin[told])} - HELD_OUT)
