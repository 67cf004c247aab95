"""The report on a draft: what it was compared to, what it collides with, how sure that is, and what would help."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session

from analyzer.records import Span, Verdict
from analyzer.reports.clash import (
    Clash,
    SideText,
    clash_blocks,
    make_clash,
    shortened,
    side_text,
    stored_side_text,
)
from analyzer.reports.conflict_rows import row_side
from analyzer.reports.draft_report import advice_on, draft_side, span_json, stored_rows
from analyzer.reports.layout import Block, Bullets, Facts, Grid, Heading, Quote, Report, say_plain
from analyzer.reports.names import TYPE_NAMES, number, percent, say_text
from analyzer.reports.rendering import render_report
from analyzer.scan import DraftResult
from analyzer.store.convert import metadata_of
from analyzer.store.pairs import shown_type
from analyzer.store.queries import active_documents
from analyzer.store.schema import SignalRow

#: Pairs that a report is made of, likeliest first.
MOST_PAIRS = 500
#: Documents of the comparison that are named one by one.
MOST_DOCUMENTS = 200
#: Characters of either quote in a note on a duplicate.
LONGEST_QUOTE = 240
DRAFT_FORMATS = ("docx", "pdf", "html")


@dataclass(frozen=True, slots=True)
class DraftSummary:
    """What the check of a draft found. Plain values only, so that it travels between processes."""

    title: str
    source: str
    signals: int
    stored_signals: int
    candidates: int
    #: Titles of the documents in force that it was compared to.
    documents: tuple[str, ...]
    warnings: tuple[str, ...]
    #: Likeliest first; `a` is the draft, `b` another document, or the draft again where `inside` holds the position.
    clashes: tuple[Clash, ...]
    duplicates: tuple[Clash, ...]
    inside: frozenset[int]
    #: Judged pairs that there was no room for.
    left_out: int


def summarise_draft(session: Session, draft: DraftResult) -> DraftSummary:
    """The check of a draft as reports tell it. Reads the store, writes nothing."""
    compared, own = draft.compared, len(draft.signals)
    shown = compared.verdicts[:MOST_PAIRS]
    others = [int(compared.b[at]) for at in range(len(shown))]
    rows = stored_rows(session, [int(draft.stored_ids[b - own]) for b in others if b >= own])
    clashes: list[Clash] = []
    duplicates: list[Clash] = []
    inside: set[int] = set()
    for at, verdict in enumerate(shown):
        row = rows[int(draft.stored_ids[others[at] - own])] if others[at] >= own else None
        clash = draft_clash(draft, int(compared.a[at]), others[at], row, verdict)
        if clash.kind == "duplicate":
            duplicates.append(clash)
            continue
        if row is None:
            inside.add(len(clashes))
        clashes.append(replace(clash, number=len(clashes) + 1))
    document = draft.document
    return DraftSummary(
        title=document.metadata.title or document.source,
        source=document.source,
        signals=own,
        stored_signals=len(draft.stored_ids),
        candidates=compared.counts.get("candidates", 0),
        documents=tuple(metadata_of(row).title or row.source for row in active_documents(session)),
        warnings=document.warnings,
        clashes=tuple(clashes),
        duplicates=tuple(duplicates),
        inside=frozenset(inside),
        left_out=len(compared.verdicts) - len(shown),
    )


def draft_clash(draft: DraftResult, a: int, b: int, row: SignalRow | None, verdict: Verdict) -> Clash:
    """A pair of the draft's signal `a` with a stored signal, or with the draft's own signal `b`."""
    other = row_side(row) if row else draft_side(draft, b)
    evidence = verdict.evidence_b
    said = stored_side_text(row, span_json(evidence)) if row else own_side_text(draft, b, evidence)
    return make_clash(
        None,
        (shown_type(verdict.type_probabilities), max(1, verdict.grade), verdict.probability),
        (own_side_text(draft, a, verdict.evidence_a), said),
        [reason.text for reason in verdict.reasons],
        advice_on(draft_side(draft, a), other, verdict),
    )


def own_side_text(draft: DraftResult, position: int, evidence: Span | None) -> SideText:
    """A side that stands in the draft."""
    signal, document = draft.signals[position], draft.document
    paragraph = document.passages[signal.passage].paragraph
    span = (evidence.start, evidence.end) if evidence else None
    return side_text(signal, document.metadata, document.source, paragraph, span)


def write_draft_report(summary: DraftSummary, format_: str, least: float) -> bytes:
    """The report as "docx", "pdf" or "html", with the conflicts of at least this chance."""
    return render_report(make_draft_report(summary, least, date.today()), format_)


def make_draft_report(summary: DraftSummary, least: float, day: date) -> Report:
    """The report as blocks."""
    shown = [at for at, clash in enumerate(summary.clashes) if clash.probability >= least]
    blocks = (
        say_plain(say_text("draft.intro")),
        *result_blocks(summary, len(shown), least),
        *compared_blocks(summary, least),
        *clash_sections(summary, shown),
        *duplicate_blocks(summary.duplicates),
        *document_list(summary),
    )
    return Report(say_text("draft.title"), say_text("draft.subtitle", title=summary.title), day, blocks)


def result_blocks(summary: DraftSummary, count: int, least: float) -> Iterator[Block]:
    """What was found, or that nothing was."""
    yield Heading(1, say_text("draft.result"))
    if not summary.signals:
        yield say_plain(say_text("draft.no_signals"))
    else:
        key = "draft.nothing" if not count else "draft.found_one" if count == 1 else "draft.found"
        yield say_plain(say_text(key, count=number(count), percent=percent(least)))
    if not summary.stored_signals:
        yield say_plain(say_text("draft.empty_store"))
    if less := len(summary.clashes) - count:
        yield say_plain(say_text("draft.less_likely", count=number(less)))
    if summary.left_out:
        yield say_plain(say_text("draft.left_out", count=number(MOST_PAIRS)))


def compared_blocks(summary: DraftSummary, least: float) -> Iterator[Block]:
    """The draft and what it was compared to, in figures."""
    yield Heading(1, say_text("draft.compared"))
    rows = [
        (say_text("draft.file"), summary.source),
        (say_text("draft.signals"), number(summary.signals)),
        (say_text("draft.documents"), number(len(summary.documents))),
        (say_text("draft.stored"), number(summary.stored_signals)),
        (say_text("draft.candidates"), number(summary.candidates)),
        (say_text("draft.least"), percent(least)),
    ]
    if summary.warnings:
        rows.append((say_text("draft.warnings"), " ".join(summary.warnings)))
    yield Facts(tuple(rows))


def clash_sections(summary: DraftSummary, shown: Sequence[int]) -> Iterator[Block]:
    """The conflicts in a table, then one by one."""
    if not shown:
        return
    yield Heading(2, say_text("draft.overview"))
    heads = tuple(say_text(f"draft.{key}") for key in ("number", "type", "chance", "against"))
    rows = tuple(
        (
            str(at + 1),
            TYPE_NAMES[clash.kind],
            percent(clash.probability),
            say_text("common.draft") if at in summary.inside else clash.b.title,
        )
        for at, clash in ((at, summary.clashes[at]) for at in shown)
    )
    yield Grid(heads, rows, (0.08, 0.3, 0.17, 0.45))
    yield say_plain(say_text("common.advice_note"), muted=True)
    yield Heading(1, say_text("draft.clashes"))
    for at in shown:
        clash, own = summary.clashes[at], at in summary.inside
        values = {"number": at + 1, "type": TYPE_NAMES[clash.kind], "document": shortened(clash.b.title)}
        yield Heading(2, say_text("draft.item_within" if own else "draft.item", **values))
        yield from (name_draft(block, own) for block in clash_blocks(clash))


def name_draft(block: Block, both: bool) -> Block:
    """The draft's quotes are headed by that word, not by a title that the other side may have too."""
    if not isinstance(block, Quote) or not (block.head.startswith("A") or both):
        return block
    return replace(block, head=say_text("draft.own", letter=block.head[0]))


def duplicate_blocks(duplicates: Sequence[Clash]) -> Iterator[Block]:
    """What is said already elsewhere."""
    if not duplicates:
        return
    yield Heading(1, say_text("draft.duplicates"))
    yield say_plain(say_text("draft.duplicates_intro"))
    yield Bullets(
        tuple(
            say_text(
                "draft.duplicate",
                a=clipped(clash.a.text),
                place_a=clash.a.place,
                b=clipped(clash.b.text),
                title_b=clash.b.title,
                place_b=clash.b.place,
            )
            for clash in duplicates
        )
    )


def clipped(quote: str) -> str:
    """A quote that fits in a note."""
    line = " ".join(quote.split()).rstrip(".")
    return line if len(line) <= LONGEST_QUOTE else f"{line[: LONGEST_QUOTE - 1].rstrip()}…"


def document_list(summary: DraftSummary) -> Iterator[Block]:
    """Titles of what the draft was compared to."""
    if not summary.documents:
        return
    yield Heading(1, say_text("draft.compared_documents"))
    more = len(summary.documents) - MOST_DOCUMENTS
    rest = (say_text("draft.more_documents", count=number(more)),) if more > 0 else ()
    yield Bullets((*summary.documents[:MOST_DOCUMENTS], *rest))
