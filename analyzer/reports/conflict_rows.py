"""Conflicts as plain values: the one shape that JSON answers, exports and tables are made from."""

from __future__ import annotations

from typing import Any

from analyzer.matching.candidates import RULES
from analyzer.records import Side, Signal
from analyzer.scoring.advice import Advice, advise
from analyzer.store.convert import metadata_of, side_of, signal_of
from analyzer.store.queries import ConflictView
from analyzer.store.schema import DocumentRow, SignalRow


def conflict_json(view: ConflictView) -> dict[str, Any]:
    """One conflict as the contract of `styrsignal scan --json` has it."""
    explanation = view.assessment.explanation
    return {
        "pair": view.pair.id,
        **judgement_json(
            view.assessment.probability, view.assessment.type, view.assessment.grade, explanation["reasons"]
        ),
        "type_probabilities": explanation["type_probabilities"],
        "rules": rule_names(view.pair.rules),
        "status": view.status,
        **advice_of(view).as_json(),
        "a": side_json(view.a, explanation["evidence_a"]),
        "b": side_json(view.b, explanation["evidence_b"]),
    }


def advice_of(view: ConflictView) -> Advice:
    """Which side of a stored pair prevails, and what would remove the conflict."""
    explanation = view.assessment.explanation
    evidence = (evidence_text(explanation.get("evidence_a")), evidence_text(explanation.get("evidence_b")))
    return advise(row_side(view.a), row_side(view.b), view.assessment.type, evidence)


def row_side(row: SignalRow) -> Side:
    """A stored signal as the judge sees it."""
    return side_of(signal_of(row), metadata_of(row.document))


def evidence_text(evidence: dict[str, Any] | None) -> str | None:
    """The words of evidence as it is stored."""
    return evidence["text"] if evidence else None


def judgement_json(probability: float, kind: str, grade: int, reasons: list[dict[str, Any]]) -> dict[str, Any]:
    """What the judge says of a pair; `reasons` as sentences, with codes and log-odds beside them."""
    return {
        "probability": round(probability, 6),
        "type": kind,
        "grade": grade,
        "reasons": [reason["text"] for reason in reasons],
        "contributions": [{"code": reason["code"], "weight": round(reason["weight"], 3)} for reason in reasons],
    }


def side_json(row: SignalRow, evidence: dict[str, Any] | None) -> dict[str, Any]:
    """One side of a conflict: where it stands and what it says."""
    return passage_json(row.document.source, metadata_of(row.document).title, signal_of(row), evidence)


def passage_json(source: str, title: str | None, signal: Signal, evidence: dict[str, Any] | None) -> dict[str, Any]:
    """Where a signal stands, its exact words, and the evidence in them."""
    return {
        **file_json(source),
        "document": title,
        "page": signal.page,
        "heading": list(signal.heading),
        "lead_in": signal.lead_in,
        "quote": signal.quote,
        "start": signal.start,
        "end": signal.end,
        "evidence": evidence_text(evidence),
    }


def file_json(source: str) -> dict[str, Any]:
    """The file as given, and the record inside it where the file holds many documents."""
    for suffix in (".jsonl#", ".jsonl.gz#"):
        if suffix in source:
            file, record = source.split(suffix, 1)
            return {"file": file + suffix[:-1], "record": record}
    return {"file": source, "record": None}


def signal_json(signal: Signal) -> dict[str, Any]:
    """One signal as the contract of `styrsignal extract --json` has it."""
    return {
        "quote": signal.quote,
        "lead_in": signal.lead_in,
        "start": signal.start,
        "end": signal.end,
        "page": signal.page,
        "heading": list(signal.heading),
        **signal.frame.as_json(),
    }


def document_json(row: DocumentRow, signals: int) -> dict[str, Any]:
    """One document with its metadata."""
    metadata = metadata_of(row)
    return {
        **file_json(row.source),
        "title": metadata.title,
        "issuer": metadata.issuer,
        "document_type": metadata.document_type,
        "level": metadata.level,
        "date": metadata.date,
        "valid_from": metadata.valid_from,
        "valid_to": metadata.valid_to,
        "registration_number": metadata.registration_number,
        "addressees": list(metadata.addressees),
        "replaces": list(metadata.replaces),
        "version": row.version,
        "sha256": row.sha256,
        "warnings": row.warnings,
        "signals": signals,
    }


def rule_names(rules: int) -> list[str]:
    """Names of the candidate rules whose bits are set."""
    return [name for bit, name in enumerate(RULES) if rules >> bit & 1]
