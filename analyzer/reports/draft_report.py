"""What the check of a draft answers: the same JSON as a scan, side `a` always being the draft."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from rich.console import Console
from rich.table import Table
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from analyzer.records import Side, Span, Verdict
from analyzer.reports.conflict_rows import (
    judgement_json,
    passage_json,
    row_side,
    rule_names,
    side_json,
    signal_json,
)
from analyzer.reports.names import TYPE_NAMES
from analyzer.scan import DraftResult
from analyzer.scoring.advice import Advice, advise
from analyzer.store.convert import side_of
from analyzer.store.pairs import shown_type
from analyzer.store.schema import SignalRow


def draft_json(session: Session, draft: DraftResult, top: int) -> dict[str, Any]:
    """The draft, its signals, and what they collide with: in the store, and inside the draft itself."""
    own = len(draft.signals)
    compared = draft.compared
    best = [at for at, verdict in enumerate(compared.verdicts) if shown_type(verdict.type_probabilities) != "duplicate"]
    best = best[:top]
    stored = stored_rows(session, [int(draft.stored_ids[compared.b[at] - own]) for at in best if compared.b[at] >= own])
    conflicts = []
    for at in best:
        verdict, b = compared.verdicts[at], int(compared.b[at])
        other = draft_side(draft, b) if b < own else row_side(stored[int(draft.stored_ids[b - own])])
        conflicts.append(
            {
                **verdict_json(verdict),
                "rules": rule_names(int(compared.rules[at])),
                **advice_on(draft_side(draft, int(compared.a[at])), other, verdict).as_json(),
                "a": own_side(draft, int(compared.a[at]), verdict.evidence_a),
                "b": own_side(draft, b, verdict.evidence_b)
                if b < own
                else side_json(stored[int(draft.stored_ids[b - own])], span_json(verdict.evidence_b)),
            }
        )
    document = draft.document
    return {
        "documents": [
            {"file": document.source, **asdict(document.metadata), "warnings": list(document.warnings), "signals": own}
        ],
        "signals": [{"file": document.source, **signal_json(signal)} for signal in draft.signals],
        "conflicts": conflicts,
        "skipped": [],
        "counts": {**compared.counts, "signals in store": len(draft.stored_ids)},
        "timings": draft.timings,
    }


def verdict_json(verdict: Verdict) -> dict[str, Any]:
    """A verdict that is not stored, in the shape of one that is."""
    reasons = [asdict(reason) for reason in verdict.reasons]
    kind = shown_type(verdict.type_probabilities)
    return {
        **judgement_json(verdict.probability, kind, max(1, verdict.grade), reasons),
        "type_probabilities": verdict.type_probabilities,
    }


def advice_on(a: Side, b: Side, verdict: Verdict) -> Advice:
    """Advice on a pair whose verdict is not stored."""
    evidence = (verdict.evidence_a, verdict.evidence_b)
    words = tuple(span.text if span else None for span in evidence)
    return advise(a, b, shown_type(verdict.type_probabilities), (words[0], words[1]))


def draft_side(draft: DraftResult, position: int) -> Side:
    """One of the draft's signals as the judge sees it."""
    return side_of(draft.signals[position], draft.document.metadata)


def span_json(span: Span | None) -> dict[str, Any] | None:
    """Evidence as it is stored."""
    return asdict(span) if span else None


def own_side(draft: DraftResult, position: int, evidence: Span | None) -> dict[str, Any]:
    """A side that stands in the draft."""
    document = draft.document
    return passage_json(document.source, document.metadata.title, draft.signals[position], span_json(evidence))


def stored_rows(session: Session, ids: list[int]) -> dict[int, SignalRow]:
    """Signals by id, with their documents."""
    statement = select(SignalRow).where(SignalRow.id.in_(ids)).options(joinedload(SignalRow.document))
    return {row.id: row for row in session.scalars(statement)}


def print_draft(report: dict[str, Any], top: int) -> None:
    """The likeliest collisions, to standard output."""
    console = Console()
    counts = report["counts"]
    console.print(
        f"{len(report['signals'])} signaler i utkastet jämförda med {counts['signals in store']} gällande, "
        f"{counts['candidates']} kandidatpar."
    )
    table = Table("Sannolikhet", "Typ", "Utkastet", "Gällande", show_lines=True)
    for conflict in report["conflicts"][:top]:
        a, b = conflict["a"], conflict["b"]
        table.add_row(
            f"{conflict['probability']:.2f}",
            TYPE_NAMES[conflict["type"]],
            a["quote"],
            f"{b['quote']}\n[dim]{b['document'] or b['file']}[/dim]",
        )
    console.print(table if table.row_count else "Inga konflikter funna.")
