"""What `styrsignal judge` answers: one JSON object a pair, in the order of the file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from analyzer.errors import NothingReadable, UsageError
from analyzer.progress import Progress
from analyzer.records import Span, Verdict
from analyzer.scoring import load_judge
from analyzer.scoring.pairs import LabelledPair, read_pair
from analyzer.second_reader import load_second_reader
from analyzer.settings import load_settings

BLOCK = 500
LABELS = ("type", "grade", "evidence_a", "evidence_b", "rationale", "source")


def judge_file(path: Path, *, prior: float, progress: Progress) -> Iterator[dict[str, Any]]:
    """Judge every pair of a JSON Lines file; its labels, where it has any, are dropped unread.

    Raises:
        UsageError: the file cannot be opened or a line is no pair. NothingReadable: it holds no pair.
    """
    judge, reader = load_judge(), load_second_reader(load_settings().second_reader)
    progress.stage("judge", None)
    pairs = unlabelled_pairs(path)
    empty = True
    while block := list(islice(pairs, BLOCK)):
        empty = False
        prepared = judge.prepare([side for pair in block for side in (pair.a, pair.b)])
        rows = np.arange(0, 2 * len(block), 2)
        verdicts = judge.judge(prepared, rows, rows + 1, prior=prior, reader=reader)
        yield from (verdict_json(pair.id, verdict) for pair, verdict in zip(block, verdicts, strict=True))
        progress.advance(len(block))
    if empty:
        raise NothingReadable(f"{path} innehåller inga par; ange en fil med ett par per rad.")


def unlabelled_pairs(path: Path) -> Iterator[LabelledPair]:
    """The pairs of the file without their labels."""
    try:
        with path.open(encoding="utf-8") as stream:
            for number, line in enumerate(stream, 1):
                if line.strip():
                    yield read_pair(drop_labels(line), f"{path}, rad {number}")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} går inte att läsa ({error}); ange en fil med par i UTF-8.") from error


def drop_labels(line: str) -> str:
    """The line without its labels; a line that is no JSON object is left as it is, for the reader to refuse."""
    try:
        row = json.loads(line)
    except ValueError:
        return line
    if not isinstance(row, dict):
        return line
    return json.dumps({key: value for key, value in row.items() if key not in LABELS})


def verdict_json(pair_id: str, verdict: Verdict) -> dict[str, Any]:
    """A verdict as the contract of `styrsignal judge` has it."""
    return {
        "id": pair_id,
        "probability": verdict.probability,
        "type": verdict.type,
        "type_probabilities": {name: round(value, 6) for name, value in verdict.type_probabilities.items()},
        "grade": verdict.grade,
        "evidence_a": span_text(verdict.evidence_a),
        "evidence_b": span_text(verdict.evidence_b),
        "reasons": [reason.text for reason in verdict.reasons],
        "contributions": [{"code": reason.code, "weight": round(reason.weight, 3)} for reason in verdict.reasons],
    }


def span_text(span: Span | None) -> str | None:
    """The words of the evidence."""
    return span.text if span else None
