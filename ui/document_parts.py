"""What the page of documents tells of one of them, in words."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from analyzer.records import Signal
from analyzer.store.convert import document_of, metadata_of
from analyzer.store.queries import signals_of, versions_of
from analyzer.store.schema import DocumentRow
from ui.language import Language
from ui.plain import plain, shorten
from ui.search import neighbour_lines
from ui.sides import facts_of, row_title


def list_row(t: Language, row: DocumentRow, signals: int) -> str:
    """Title, issuer, date and number of signals."""
    metadata = metadata_of(row)
    facts = t(
        "documents.list_line",
        issuer=metadata.issuer or t("side.no_issuer"),
        date=metadata.date or t("side.no_date"),
        signals=signals,
    )
    return f"{shorten(row_title(t, row), 38)}\n{facts}"


def passage_of(session: Session, row: DocumentRow, signal: int | None) -> int:
    """The passage of a signal, by its ordinal; the first where there is no such signal."""
    passages = [one.passage for one in signals_of(session, [row.id]) if one.ordinal == signal]
    return passages[0] if passages else 0


def head_lines(t: Language, session: Session, row: DocumentRow) -> str:
    """Title, facts, where it came from, warnings and versions, as safe Markdown."""
    facts = " · ".join(plain(fact) for fact in facts_of(t, document_of(row).metadata))
    source = t("documents.source", source=plain(row.source), version=row.version, when=t.moment(row.added_at))
    lines = [f"## {plain(row_title(t, row))}", facts, source]
    if row.warnings:
        lines.append(t("documents.warnings", list=plain(" ".join(row.warnings))))
    versions = versions_of(session, row.key)
    if len(versions) > 1:
        told = [t("documents.version", version=one.version, when=t.moment(one.added_at)) for one in versions]
        lines.append(t("documents.versions", list=", ".join(told)))
    return "\n\n".join(lines)


def nearest_lines(t: Language, session: Session, document_id: int, chosen: Sequence[Signal]) -> str:
    """Flags and neighbours of the one signal that is chosen."""
    if len(chosen) != 1:
        return ""
    rows = [one.id for one in signals_of(session, [document_id]) if one.ordinal == chosen[0].ordinal]
    return neighbour_lines(t, session, rows[0]) if rows else ""
