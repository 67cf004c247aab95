"""Labelled sentences for the detector: annotated passages, sides of labelled pairs, prose that steers nobody."""

from __future__ import annotations

import gzip
import hashlib
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from analyzer.evaluation.signals import load_cases, make_document, normalise
from analyzer.evaluation.signals_sides import make_side
from analyzer.intake.documents import read_document
from analyzer.intake.limits import ReadLimits
from analyzer.records import Document, Metadata
from analyzer.signals.components import SignalComponent
from analyzer.signals.detector import is_doubtful
from analyzer.signals.finding import Candidate
from analyzer.signals.reader import SignalReader

#: Prose is read as if it stood in a plan: the tone must tell it from the plan's orders.
PRETENCE = Metadata(title="Verksamhetsplan", document_type="verksamhetsplan", level="regional")


@dataclass(frozen=True, slots=True)
class Labelled:
    """A doubtful candidate, whether it is a signal, what it came from, and the group that no fold may split."""

    candidate: Candidate
    steers: bool
    source: str
    group: str


def collect_candidates(reader: SignalReader, document: Document) -> list[Candidate]:
    """The doubtful candidates of a document."""
    component = reader.nlp.get_pipe("styrsignal_signals")
    assert isinstance(component, SignalComponent)
    found: list[Candidate] = []

    def keep(candidate: Candidate) -> bool:
        found.append(candidate)
        return candidate.verdict

    before, component.decide = component.decide, keep
    try:
        reader.read(document)
    finally:
        component.decide = before
    return [candidate for candidate in found if is_doubtful(candidate)]


def label_cases(reader: SignalReader, cases: Sequence[dict[str, Any]]) -> Iterator[Labelled]:
    """Candidates of annotated passages: signals where half of a marked quote, or of the sentence, is shared."""
    for case in cases:
        marked = [normalise(signal["quote"]) for signal in case["signals"]]
        for candidate in collect_candidates(reader, make_document(case)):
            text = normalise(candidate.words.text)
            steers = any(quote in text or text in quote or _begins_alike(quote, text) for quote in marked)
            yield Labelled(candidate, steers, "annotated", case["id"])


def _begins_alike(quote: str, text: str) -> bool:
    return quote[: len(text) // 2] == text[: len(text) // 2]


def label_sides(reader: SignalReader, paths: Sequence[Path]) -> Iterator[Labelled]:
    """Candidates of the sides of labelled pairs with a type: written as signals. A file is a group."""
    seen: set[str] = set()
    for path in paths:
        for pair in load_cases(path):
            if pair["type"] == "none":
                continue
            for side in (pair["a"], pair["b"]):
                if side["text"] in seen:
                    continue
                seen.add(side["text"])
                for candidate in collect_candidates(reader, make_side(side)):
                    yield Labelled(candidate, True, "sides", path.stem)


def label_prose(reader: SignalReader, path: Path, kind: str, count: int, seed: int) -> Iterator[Labelled]:
    """Candidates of `count` texts of a kind that steers nobody, drawn with `seed`."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [row for row in map(json.loads, lines) if row["kind"] == kind and len(row["text"]) > 200]
    random.Random(seed).shuffle(rows)
    for row in rows[:count]:
        key = hashlib.sha256(row["id"].encode()).hexdigest()
        document = read_document("passage.md", row["text"].encode(), key=key, limits=ReadLimits())
        for candidate in collect_candidates(reader, replace(document, metadata=PRETENCE)):
            yield Labelled(candidate, False, kind, row["id"])
