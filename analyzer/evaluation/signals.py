"""How well signals are found and read, against passages annotated by hand.

    python -m analyzer.evaluation.signals FILE… [--errors] [--misses] [--cross-validate]
    python -m analyzer.evaluation.signals --pairs FILE… [--misses]
    python -m analyzer.evaluation.signals --speed PATH…

A signal counts as found when its quote and a marked one, both normalised, share at least four fifths of the longer
(the guidelines' "compare after normalising"). Slots are compared on found signals only. With `--pairs` the files are
labelled pairs, and each side is read as a document of one paragraph: how many give a signal? `--cross-validate` reads
every document with a detector that was trained without it, and with the rules alone. `--speed` reads files from disk
as a scan does, and times it.
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

from analyzer.evaluation.signals_errors import name_detection_error, name_slot_error
from analyzer.evaluation.signals_sides import format_sides, make_side, score_sides
from analyzer.intake import list_files, read_files
from analyzer.intake.documents import read_document
from analyzer.intake.limits import ReadLimits
from analyzer.records import Document, Signal
from analyzer.signals import SignalReader, load_reader
from analyzer.signals.organisation import canonical
from analyzer.signals.reader import build_reader
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
    #: Kind of error → how often.
    errors: Counter[str] = field(default_factory=Counter)

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


def score_cases(
    cases: Iterable[dict[str, Any]], reader: SignalReader, scores: SignalScores | None = None
) -> SignalScores:
    """Scores of the reader on annotated passages, added to `scores` where some are given."""
    scores = scores or SignalScores()
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
                    scores.errors[name_slot_error(slot, read[slot], marked[j][slot])] += 1
                    said = f"{read[slot]!r} ≠ {marked[j][slot]!r}"
                    scores.misses.append(f"{slot}: {case['id'][-40:]}: {signals[i].quote[:70]!r}: {said}")
    quotes = [normalise(_bare_cells(signal.quote)) for signal in signals]
    wanted = [normalise(signal["quote"]) for signal in marked]
    for i in sorted(set(range(len(signals))) - {i for i, _ in pairs}):
        scores.errors[name_detection_error(quotes[i], wanted, share, "false")] += 1
        scores.misses.append(f"false: {case['id'][-40:]}: {signals[i].quote!r}")
    for j in sorted(set(range(len(marked))) - {j for _, j in pairs}):
        scores.errors[name_detection_error(wanted[j], quotes, share, "missed")] += 1
        scores.misses.append(f"missed: {case['id'][-40:]}: {marked[j]['quote']!r}")


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


def measure_speed(paths: Sequence[Path], reader: SignalReader) -> str:
    """Documents and words a second: intake by the clock, since each file is read in a process of its own, and reading
    by processor time."""
    # Lexicons and models are read once, before the clock starts.
    reader.read(make_side({"text": "Hamnchefen beslutar om kranarna.", "document": "Hamnplan"}))
    began = time.perf_counter()
    documents = [read for read in read_files(list_files(paths)[0], workers=1) if isinstance(read, Document)]
    intake = time.perf_counter() - began
    words = sum(len(document.text.split()) for document in documents)
    began = time.process_time()
    signals = sum(len(found) for found in reader.read_many(documents))
    reading = time.process_time() - began
    both = max(intake + reading, 1e-9)
    return (
        f"documents {len(documents)}, words {words:,}, signals {signals}\n"
        f"intake {intake:.2f} s, reading {reading:.2f} s ({words / max(reading, 1e-9):,.0f} words/s)\n"
        f"both {len(documents) / both:.1f} documents/s, {words / both:,.0f} words/s"
    )


def format_errors(scores: SignalScores, count: int = 10) -> str:
    """The commonest kinds of errors, the count first."""
    return "\n".join(f"{times:>4}  {kind}" for kind, times in scores.errors.most_common(count))


def main() -> None:
    """Scores the files named on the command line."""
    parser = argparse.ArgumentParser(description="Scores of signal detection and frame slots.")
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--pairs", action="store_true", help="the files are labelled pairs: read their sides")
    parser.add_argument("--misses", action="store_true", help="list what went wrong")
    parser.add_argument("--errors", action="store_true", help="count the ten commonest kinds of errors")
    parser.add_argument("--cross-validate", action="store_true", help="train without the document that is read")
    parser.add_argument("--speed", action="store_true", help="time intake and reading of the files")
    options = parser.parse_args()
    if options.pairs or options.speed:
        if options.pairs:
            print_sides(options.files, load_reader(), misses=options.misses)
        else:
            print(measure_speed(options.files, load_reader()))
        return
    cases = [case for path in options.files for case in load_cases(path)]
    for name, scores in _score_ways(cases, cross_validate=options.cross_validate):
        if name:
            print(name)
        if options.misses:
            print("\n".join(sorted(scores.misses)))
        print(format_scores(scores))
        if options.errors:
            print(format_errors(scores))


def _score_ways(cases: Sequence[dict[str, Any]], *, cross_validate: bool) -> Iterator[tuple[str, SignalScores]]:
    """The scores to print, each under its name."""
    if not cross_validate:
        yield "", score_cases(cases, load_reader())
        return
    from models.train.signals import score_folds  # Training needs scikit-learn, which nothing else here does.

    yield "rules alone", score_cases(cases, build_reader(trained=False))
    yield "rules and a detector trained on other documents", score_folds(cases)


if __name__ == "__main__":
    main()
