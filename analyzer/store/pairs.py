"""Pairs with the assessments that the judge gave them, and the signals' vectors."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
from sqlalchemy import delete, func, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from analyzer.records import Verdict
from analyzer.review.order import importance, level_bits, teaching
from analyzer.store.active import BLOCK, ActiveSignals
from analyzer.store.convert import pair_key
from analyzer.store.schema import AssessmentRow, PairRow, SignalRow


def store_vectors(session: Session, ids: Sequence[int], vectors: np.ndarray, encoder: str) -> None:
    """Keep float32 rows (n, d) for the signals `ids`."""
    session.execute(
        update(SignalRow),
        [
            {"id": int(signal_id), "vector": row.astype(np.float32).tobytes(), "encoder": encoder}
            for signal_id, row in zip(ids, vectors, strict=True)
        ],
    )


def withdraw_assessments(session: Session, signal_ids: Iterable[int]) -> None:
    """Forget what the machine said of every pair that touches these signals; pairs and reviews stay."""
    ids = [int(signal_id) for signal_id in signal_ids]
    for at in range(0, len(ids), BLOCK):
        block = ids[at : at + BLOCK]
        touching = select(PairRow.id).where(or_(PairRow.a_id.in_(block), PairRow.b_id.in_(block)))
        session.execute(delete(AssessmentRow).where(AssessmentRow.pair_id.in_(touching)))


def store_pairs(
    session: Session,
    active: ActiveSignals,
    a: np.ndarray,
    b: np.ndarray,
    rules: np.ndarray,
    verdicts: Sequence[Verdict],
    judge: str,
) -> None:
    """Keep pairs (`a`, `b`: positions in `active`, int64 (n,)) with the rules that proposed them and their verdicts."""
    taking = np.union1d(a, b)
    known = known_pairs(session, active.ids[taking])
    free = (session.execute(select(func.max(PairRow.id))).scalar_one_or_none() or 0) + 1
    sides = dict(zip(taking.tolist(), active.sides.fetch_in(session, taking), strict=True))
    pairs: list[dict[str, Any]] = []
    assessments: list[dict[str, Any]] = []
    for at, verdict in enumerate(verdicts):
        ids = (int(active.ids[a[at]]), int(active.ids[b[at]]))
        pair_id = known.get(ids)
        if pair_id is None:
            pair_id, free = free, free + 1
        key = pair_key(active.keys[a[at]], active.keys[b[at]])
        pairs.append({"id": pair_id, "a_id": ids[0], "b_id": ids[1], "key": key, "rules": int(rules[at])})
        levels = level_bits((sides[int(a[at])].level, sides[int(b[at])].level))
        assessments.append(assessment_values(verdict, key, levels) | {"pair_id": pair_id, "judge": judge})
    for at in range(0, len(pairs), BLOCK):
        upsert_pairs(session, pairs[at : at + BLOCK])
        session.execute(insert(AssessmentRow), assessments[at : at + BLOCK])


def known_pairs(session: Session, signal_ids: np.ndarray) -> dict[tuple[int, int], int]:
    """(a_id, b_id) → pair id of every stored pair whose first signal is among `signal_ids`."""
    found: dict[tuple[int, int], int] = {}
    for at in range(0, len(signal_ids), BLOCK):
        block = [int(signal_id) for signal_id in signal_ids[at : at + BLOCK]]
        rows = session.execute(select(PairRow.a_id, PairRow.b_id, PairRow.id).where(PairRow.a_id.in_(block)))
        found.update({(a_id, b_id): pair_id for a_id, b_id, pair_id in rows})
    return found


def upsert_pairs(session: Session, values: list[dict[str, Any]]) -> None:
    """Insert pairs; of those that are there already only the rules are renewed."""
    dialect_insert = postgresql_insert if session.get_bind().dialect.name == "postgresql" else sqlite_insert
    statement: Any = dialect_insert(PairRow)
    session.execute(
        statement.on_conflict_do_update(index_elements=["id"], set_={"rules": statement.excluded.rules}), values
    )


def assessment_values(verdict: Verdict, key: str, levels: int) -> dict[str, Any]:
    """Columns of an assessment. The type shown is the likeliest kind of conflict, should it be one.

    `key` is the pair's, `levels` the bit set of both sides' levels.
    """
    grade = max(1, verdict.grade)
    return {
        "probability": verdict.probability,
        "type": shown_type(verdict.type_probabilities),
        "grade": grade,
        "importance": importance(verdict.probability, grade, levels),
        "teaching": teaching(verdict.probability, key),
        "levels": levels,
        "explanation": {
            "type_probabilities": verdict.type_probabilities,
            "evidence_a": asdict(verdict.evidence_a) if verdict.evidence_a else None,
            "evidence_b": asdict(verdict.evidence_b) if verdict.evidence_b else None,
            "reasons": [asdict(reason) for reason in verdict.reasons],
        },
    }


def shown_type(probabilities: dict[str, float]) -> str:
    """`duplicate` where that is likelier than all conflicts together, else the likeliest of the six conflict types."""
    conflicts = {name: value for name, value in probabilities.items() if name not in ("duplicate", "none")}
    if probabilities.get("duplicate", 0.0) > sum(conflicts.values()):
        return "duplicate"
    return max(sorted(conflicts), key=lambda name: conflicts[name])


def mark_compared(session: Session, signal_ids: Iterable[int], comparison: str) -> None:
    """Note that these signals have been compared to all others."""
    ids = [int(signal_id) for signal_id in signal_ids]
    for at in range(0, len(ids), BLOCK):
        session.execute(update(SignalRow).where(SignalRow.id.in_(ids[at : at + BLOCK])).values(compared=comparison))
