"""How well signals are found and read, against passages annotated by hand.

    python -m analyzer.evaluation.signals FILE… [--misses]
    python -m analyzer.evaluation.signals --pairs FILE… [--misses]

A signal counts as found when its quote and a marked one, both normalised, share at least four fifths of the longer
(the guidelines' "compare after normalising"). Slots are compared on found signals only. With `--pairs` the files are
labelled pairs, and each side is read as a document of one paragraph: how many give a signal?
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import time
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from analyzer.intake.documents import read_document
from analyzer.intake.limits import ReadLimits
from analyzer.records import Document, Metadata, Passage, Signal
from analyzer.signals import SignalReader, load_reader
from analyzer.signals.organisation import canonical
from analyzer.signals.rows import BETWEEN, read_cells

#: Share of the longer of two quotes that they must have in common.
OVERLAP = 0.8


@dataclass(slots=True)
class SignalScores:
    """Counts over documents. `slots` maps a slot to (right, compared)."""

    found: int = 0
    marked: int = 0
    read: int = 0
    words: int = 0
    documents: int = 0
    #: Processor time spent reading.
    seconds: float = 0.0
    slots: Counter[tuple[str, bool]] = field(default_factory=Counter)
    misses: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        return self.found / self.read if self.read else 0.0

    @property
    def recall(self) -> float:
        return self.found / self.marked if self.marked else 0.0

    @property
    def f1(self) -> float:
        total = self.read + self.marked
        return 2 * self.found / total if total else 0.0

    def accuracy(self, slot: str) -> float:
        """Share of found signals whose `slot` is right."""
        right, wrong = self.slots[slot, True], self.slots[slot, False]
        return right / (right + wrong) if right + wrong else 0.0


def normalise(text: str) -> str:
    """Without soft hyphens, white space as one space, composed letters, lower case, no marks at the ends."""
    plain = unicodedata.normalize("NFC", text.replace("\u00ad", ""))
    return re.sub(r"\s+", " ", plain).strip(" .,;:").lower()


def load_cases(path: Path) -> Iterator[dict[str, Any]]:
    """The annotated passages of a JSON Lines file in the format of the guidelines' development data."""
    with path.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())


def make_document(case: dict[str, Any]) -> Document:
    """The case as intake would read it."""
    return read_document(
        "passage.md", case["text"].encode(), key=hashlib.sha256(case["id"].encode()).hexdigest(), limits=ReadLimits()
    )


def match_signals(read: Sequence[Signal], marked: Sequence[dict[str, Any]]) -> list[tuple[int, int]]:
    """Pairs (place in `read`, place in `marked`) that are the same signal, each used once, the closest first."""
    quotes = [normalise(_bare_cells(signal.quote)) for signal in read]
    wanted = [normalise(signal["quote"]) for signal in marked]
    pairs = sorted(
        (-overlap, i, j)
        for i, quote in enumerate(quotes)
        for j, want in enumerate(wanted)
        if (overlap := share(quote, want)) >= OVERLAP
    )
    used_read: set[int] = set()
    used_marked: set[int] = set()
    chosen = []
    for _, i, j in pairs:
        if i not in used_read and j not in used_marked:
            used_read.add(i)
            used_marked.add(j)
            chosen.append((i, j))
    return sorted(chosen)


def _bare_cells(quote: str) -> str:
    """A row of a table as its source has it: intake repeats the heading of the column before each cell."""
    cells = read_cells(quote)
    return BETWEEN.join(quote[cell.value : cell.end] for cell in cells) if len(cells) > 1 else quote


def share(a: str, b: str) -> float:
    """Length of the longest stretch that one quote has of the other, over the longer; 1 when they are equal."""
    shorter, longer = sorted((a, b), key=len)
    if not longer:
        return 0.0
    if shorter in longer:
        return len(shorter) / len(longer)
    words_a, words_b = Counter(a.split()), Counter(b.split())
    common = sum(len(word) * count for word, count in (words_a & words_b).items())
    whole = max(sum(map(len, a.split())), sum(map(len, b.split())))
    return common / whole if whole else 0.0


def _names(names: Iterable[str]) -> frozenset[str]:
    return frozenset(canonical(name).lower() for name in names)


def _quantities(rows: Iterable[Any]) -> frozenset[tuple[float, str, str]]:
    return frozenset((float(row["value"]), row["unit"].split(" per ")[0], row["comparator"]) for row in rows)


def _stem(text: str | None) -> frozenset[str]:
    return frozenset(word[:6] for word in normalise(text or "").split())


def _same_object(read: str | None, marked: str | None) -> bool:
    one, other = _stem(read), _stem(marked)
    return len(one & other) >= 0.5 * max(1, min(len(one), len(other)))


COMPARISONS: dict[str, Callable[[dict[str, Any], dict[str, Any]], bool]] = {
    "addressee": lambda read, marked: _names(read["addressee"]) == _names(marked["addressee"]),
    "modality": lambda read, marked: read["modality"] == marked["modality"],
    "action": lambda read, marked: read["action"] == marked["action"],
    "direction": lambda read, marked: read["direction"] == marked["direction"],
    "object": lambda read, marked: _same_object(read["object"], marked["object"]),
    "quantity": lambda read, marked: _quantities(read["quantity"]) == _quantities(marked["quantity"]),
    "deadline": lambda read, marked: read["deadline"] == marked["deadline"],
    "period": lambda read, marked: (read["period"] or None) == (marked["period"] or None),
    "priority": lambda read, marked: read["priority"] == marked["priority"],
    "resource": lambda read, marked: set(read["resource"]) == set(marked["resource"]),
}


def score_cases(cases: Iterable[dict[str, Any]], reader: SignalReader) -> SignalScores:
    """Scores of the reader on annotated passages."""
    scores = SignalScores()
    for case in cases:
        document = make_document(case)
        began = time.process_time()
        signals = reader.read(document)
        scores.seconds += time.process_time() - began
        scores.documents += 1
        scores.words += len(document.text.split())
        _score_case(case, signals, scores)
    return scores


def _score_case(case: dict[str, Any], signals: Sequence[Signal], scores: SignalScores) -> None:
    marked = case["signals"]
    pairs = match_signals(signals, marked)
    scores.found += len(pairs)
    scores.read += len(signals)
    scores.marked += len(marked)
    for i, j in pairs:
        read = signals[i].frame.as_json()
        read["quantity"] = [row if isinstance(row, dict) else row.__dict__ for row in read["quantity"]]
        for slot, compare in COMPARISONS.items():
            if slot in marked[j]:
                right = compare(read, marked[j])
                scores.slots[slot, right] += 1
                if not right:
                    said = f"{read[slot]!r} ≠ {marked[j][slot]!r}"
                    scores.misses.append(f"{slot}: {case['id'][-40:]}: {signals[i].quote[:70]!r}: {said}")
    for i in set(range(len(signals))) - {i for i, _ in pairs}:
        scores.misses.append(f"false: {case['id'][-40:]}: {signals[i].quote!r}")
    for j in set(range(len(marked))) - {j for _, j in pairs}:
        scores.misses.append(f"missed: {case['id'][-40:]}: {marked[j]['quote']!r}")


@dataclass(slots=True)
class SideScores:
    """Sides of labelled pairs, each text counted once: all, and those of pairs with a type other than `none` (a side
    of `none` may be background or cut off)."""

    sides: int = 0
    typed: int = 0
    missed: list[str] = field(default_factory=list)
    missed_typed: int = 0


def make_side(side: dict[str, Any]) -> Document:
    """One side of a pair as a document of one paragraph."""
    text = side["text"]
    metadata = Metadata(
        title=side.get("document"), issuer=side.get("issuer"), level=side.get("level"), date=side.get("date")
    )
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Document(digest, "side.md", digest, text, (Passage(0, "paragraph", 0, len(text)),), metadata)


def score_sides(pairs: Iterable[dict[str, Any]], reader: SignalReader) -> SideScores:
    """How many sides of labelled pairs the reader takes for signals."""
    sides: dict[tuple[str | None, ...], dict[str, Any]] = {}
    typed: set[tuple[str | None, ...]] = set()
    for pair in pairs:
        for side in (pair["a"], pair["b"]):
            key: tuple[str | None, ...] = (side["text"], side.get("document"), side.get("level"))
            sides[key] = side
            if pair["type"] != "none":
                typed.add(key)
    scores = SideScores(sides=len(sides), typed=len(typed))
    for key, side in sides.items():
        if not reader.read(make_side(side)):
            scores.missed.append(side["text"])
            scores.missed_typed += key in typed
    return scores


def format_sides(name: str, scores: SideScores) -> str:
    """One line on the sides of a file."""
    found, typed = scores.sides - len(scores.missed), scores.typed - scores.missed_typed
    return (
        f"{name:<22} sides {scores.sides:>5}, found {found / max(1, scores.sides):.3f}; "
        f"of pairs with a type {scores.typed:>5}, found {typed / max(1, scores.typed):.3f}"
    )


def print_sides(paths: Sequence[Path], reader: SignalReader, *, misses: bool) -> None:
    """Scores each file of pairs, and all of them together."""
    for path in paths:
        scores = score_sides(load_cases(path), reader)
        if misses:
            print("\n".join(f"missed: {text}" for text in scores.missed))
        print(format_sides(path.name, scores))
    print(format_sides("together", score_sides((pair for path in paths for pair in load_cases(path)), reader)))


def format_scores(scores: SignalScores) -> str:
    """The scores as a table for people."""
    lines = [
        f"passages {scores.documents}, signals marked {scores.marked}, read {scores.read}, found {scores.found}",
        f"detection  P {scores.precision:.3f}  R {scores.recall:.3f}  F1 {scores.f1:.3f}",
        *(f"{slot:<10} {scores.accuracy(slot):.3f}" for slot in COMPARISONS),
    ]
    if scores.seconds:
        lines.append(
            f"speed      {scores.documents / scores.seconds:.1f} documents/s, "
            f"{scores.words / scores.seconds:,.0f} words/s of processor time"
        )
    return "\n".join(lines)


def main() -> None:
    """Scores the files named on the command line."""
    parser = argparse.ArgumentParser(description="Scores of signal detection and frame slots.")
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--pairs", action="store_true", help="the files are labelled pairs: read their sides")
    parser.add_argument("--misses", action="store_true", help="list what went wrong")
    options = parser.parse_args()
    reader = load_reader()
    if options.pairs:
        print_sides(options.files, reader, misses=options.misses)
        return
    scores = score_cases((case for path in options.files for case in load_cases(path)), reader)
    if options.misses:
        print("\n".join(sorted(scores.misses)))
    print(format_scores(scores))


if __name__ == "__main__":
    main()
