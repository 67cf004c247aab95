"""What surface statistics alone give away about the labels of pairs: area under ROC of each, by file and over all.

    python -m analyzer.evaluation.bias PAIRS.jsonl…

Near one half a statistic tells nothing. Pairs where one does tell teach a judge the writer's habits, not conflicts.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from analyzer.evaluation.metrics import roc_area
from analyzer.scoring.lexicon import load_lexicon
from analyzer.scoring.pairs import LabelledPair, read_pairs
from analyzer.scoring.words import tokenise

#: The statistics ought to stay within these.
LOW, HIGH = 0.44, 0.56
DIGIT = re.compile(r"\d")
DATE = re.compile(r"\b(?:19|20)\d\d\b")


def _contents(text: str) -> set[str]:
    return {token.stem for token in tokenise(text) if token.content}


def _cue(name: str, text: str) -> bool:
    number = load_lexicon().cue(name)
    return any(number in token.classes for token in tokenise(text))


def word_overlap(a: str, b: str) -> float:
    """Jaccard share of content stems."""
    one, other = _contents(a), _contents(b)
    return len(one & other) / max(len(one | other), 1)


def length(a: str, b: str) -> float:
    return len(a) + len(b)


def length_difference(a: str, b: str) -> float:
    return abs(len(a) - len(b))


def numbers(a: str, b: str) -> float:
    return len(DIGIT.findall(a)) + len(DIGIT.findall(b))


def years(a: str, b: str) -> float:
    return len(DATE.findall(a)) + len(DATE.findall(b))


def different_numbers(a: str, b: str) -> float:
    return float(bool(set(re.findall(r"\d+", a)) ^ set(re.findall(r"\d+", b))))


def bans(a: str, b: str) -> float:
    return _cue("ban", a) + _cue("ban", b)


def negations(a: str, b: str) -> float:
    return _cue("negation", a) + _cue("negation", b)


def negation_on_one_side(a: str, b: str) -> float:
    return float(_cue("negation", a) != _cue("negation", b))


def exceptions(a: str, b: str) -> float:
    return _cue("exception", a) + _cue("exception", b)


def ranks(a: str, b: str) -> float:
    return _cue("top", a) + _cue("top", b)


STATISTICS: tuple[Callable[[str, str], float], ...] = (
    word_overlap,
    length,
    length_difference,
    numbers,
    years,
    different_numbers,
    bans,
    negations,
    negation_on_one_side,
    exceptions,
    ranks,
)


def measure_bias(pairs: Sequence[LabelledPair]) -> dict[str, float | None]:
    """Area under ROC of each statistic for "conflict"; None where all pairs are of one class."""
    labels = np.array([pair.conflict for pair in pairs], bool)
    return {
        statistic.__name__: roc_area(labels, np.array([statistic(pair.a.text, pair.b.text) for pair in pairs]))
        for statistic in STATISTICS
    }


def make_table(areas: dict[str, dict[str, float | None]]) -> Table:
    """One row a statistic, one column a file; areas outside the limits carry a star."""
    table = Table("mått", *areas)
    for statistic in STATISTICS:
        found = [column[statistic.__name__] for column in areas.values()]
        cells = ["–" if v is None else f"{v:.2f}{'' if LOW <= v <= HIGH else '*'}" for v in found]
        table.add_row(statistic.__name__, *cells)
    return table


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path)
    read = {path.stem: read_pairs(path) for path in parser.parse_args().files}
    areas = {name: measure_bias(pairs) for name, pairs in read.items()}
    areas["all"] = measure_bias([pair for pairs in read.values() for pair in pairs])
    Console(width=30 + 16 * len(areas)).print(make_table(areas))


if __name__ == "__main__":
    main()
