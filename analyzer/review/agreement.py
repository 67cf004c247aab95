"""How far independent readers agree: raw agreement and Cohen's kappa (Cohen 1960), in all and by type of conflict."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from analyzer.store.schema import AssessmentRow, PairRow, ReadingRow

#: The first and the second reader's decision on one pair.
Two = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Agreement:
    """Of `pairs` pairs read by two. `kappa` is None where both always say the same one thing, `raw` where none is."""

    pairs: int
    agreed: int
    raw: float | None
    kappa: float | None


def measure(readings: Sequence[Two]) -> Agreement:
    """Agreement over pairs of decisions."""
    count = len(readings)
    agreed = sum(one == two for one, two in readings)
    if not count:
        return Agreement(0, 0, None, None)
    first, second = Counter(one for one, _two in readings), Counter(two for _one, two in readings)
    by_chance = sum(first[decision] * second[decision] for decision in first) / count**2
    raw = agreed / count
    return Agreement(count, agreed, raw, (raw - by_chance) / (1 - by_chance) if by_chance < 1 else None)


def agreement(session: Session) -> dict[str, Agreement]:
    """Agreement by type of conflict, and under "" in all.

    Of pairs that more than two have read the first two readings count. Who is first of the two goes by name, so that
    where the same two persons read, kappa is that of these two.
    """
    types = {
        key: type_
        for key, type_ in session.execute(
            select(PairRow.key, func.max(AssessmentRow.type))
            .join(AssessmentRow, AssessmentRow.pair_id == PairRow.id)
            .where(PairRow.key.in_(select(ReadingRow.pair_key)))
            .group_by(PairRow.key)
        )
    }
    by_pair: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for key, reviewer, decision in session.execute(
        select(ReadingRow.pair_key, ReadingRow.reviewer, ReadingRow.decision).order_by(ReadingRow.review_id)
    ):
        by_pair[key].append((reviewer, decision))
    told: dict[str, list[Two]] = defaultdict(list)
    for key, readings in by_pair.items():
        if len(readings) < 2 or key not in types:
            continue
        one, two = sorted(readings[:2])
        for group in ("", types[key]):
            told[group].append((one[1], two[1]))
    return {group: measure(told[group]) for group in sorted({"", *told})}
