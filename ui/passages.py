"""A signal in its context, cut into marked segments: what the eye needs to judge it without opening the document."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

from analyzer.records import Document, Metadata, Passage, Signal, Span
from analyzer.store.convert import document_of, signal_of
from analyzer.store.schema import DocumentRow, SignalRow

#: What `Signal.text` puts between lead-in and quote.
JOINT = " … "
#: Passages shown before and after the signal's own.
AROUND = 1
#: Characters shown of a passage before and after what is marked in it.
MARGIN = 500
BULLET = "• "

#: (text, mark) with mark "evidence", "signal" or None, as `gr.HighlightedText` takes them once marks have names.
Segment = tuple[str, str | None]
Mark = tuple[int, int, str]
#: What a mark says of the text under it.
Label = TypeVar("Label", bound=Hashable)


@dataclass(frozen=True, slots=True)
class SideView:
    """One side of a pair as a page shows it. Plain values only, so that it travels between processes."""

    metadata: Metadata
    source: str
    page: int | None
    paragraph: int
    heading: tuple[str, ...]
    segments: tuple[Segment, ...]
    document_id: int | None = None


def stored_side(document: DocumentRow, signal: SignalRow, evidence: dict[str, object] | None) -> SideView:
    """The side of a stored pair; `evidence` as the assessment keeps it."""
    span = Span(**evidence) if evidence else None  # type: ignore[arg-type]
    return view_side(document_of(document), signal_of(signal), span, document.id)


def view_side(document: Document, signal: Signal, evidence: Span | None, document_id: int | None = None) -> SideView:
    """The side of a pair: `evidence` is a span of `signal.text`."""
    return SideView(
        metadata=document.metadata,
        source=document.source,
        page=signal.page,
        paragraph=document.passages[signal.passage].paragraph,
        heading=signal.heading,
        segments=tuple(context_segments(document, signal, evidence)),
        document_id=document_id,
    )


def context_segments(document: Document, signal: Signal, evidence: Span | None) -> Iterator[Segment]:
    """The signal's passage, the one its lead-in stands in, and their neighbours, with signal and evidence marked."""
    marks = signal_marks(signal) + evidence_marks(signal, evidence)
    for text, labels in passage_segments(document.text, shown_passages(document.passages, signal), marks):
        yield text, "evidence" if "evidence" in labels else next(iter(labels), None)


def passage_segments(
    text: str, passages: Sequence[Passage], marks: Sequence[tuple[int, int, Label]], margin: int | None = MARGIN
) -> Iterator[tuple[str, frozenset[Label]]]:
    """Passages one a line, list items with a bullet, "[…]" where passages between them are left out; each piece of
    text with the labels of all marks that cover it."""
    before: Passage | None = None
    for passage in passages:
        if before is not None:
            yield ("\n" if passage.ordinal == before.ordinal + 1 else "\n[…]\n"), frozenset()
        if passage.kind == "list_item":
            yield "\u2003" * max(0, passage.depth - 1) + BULLET, frozenset()
        inside = [mark for mark in marks if mark[0] < passage.end and mark[1] > passage.start]
        yield from cut_segments(text, passage, inside, margin)
        before = passage


def shown_passages(passages: Sequence[Passage], signal: Signal) -> list[Passage]:
    """The passages to show, in reading order."""
    wanted = set(range(signal.passage - AROUND, signal.passage + AROUND + 1))
    if signal.lead_in_start is not None:
        start, end = signal.lead_in_start, signal.lead_in_end or signal.lead_in_start
        wanted |= {passage.ordinal for passage in passages if passage.start < end and passage.end > start}
    return [passage for passage in passages if passage.ordinal in wanted]


def signal_marks(signal: Signal) -> list[Mark]:
    """Where quote and lead-in stand in the document."""
    marks: list[Mark] = [(signal.start, signal.end, "signal")]
    if signal.lead_in_start is not None and signal.lead_in_end is not None:
        marks.append((signal.lead_in_start, signal.lead_in_end, "signal"))
    return marks


def evidence_marks(signal: Signal, evidence: Span | None) -> list[Mark]:
    """Where the evidence, a span of lead-in and quote together, stands in the document."""
    if evidence is None:
        return []
    head = len(signal.lead_in) if signal.lead_in else 0
    quote_at = head + len(JOINT) if signal.lead_in else 0
    marks: list[Mark] = []
    if head and signal.lead_in_start is not None and evidence.start < head:
        marks.append(
            (signal.lead_in_start + evidence.start, signal.lead_in_start + min(evidence.end, head), "evidence")
        )
    if evidence.end > quote_at:
        start = signal.start + max(0, evidence.start - quote_at)
        marks.append((start, signal.start + evidence.end - quote_at, "evidence"))
    return marks


def cut_segments(
    text: str, passage: Passage, marks: Sequence[tuple[int, int, Label]], margin: int | None
) -> Iterator[tuple[str, frozenset[Label]]]:
    """One passage, cut where a mark begins or ends; far from any mark a long passage is left out."""
    start, end = visible_part(passage, marks, margin)
    if start > passage.start:
        yield "… ", frozenset()
    edges = {start, end} | {edge for mark in marks for edge in mark[:2] if start < edge < end}
    for left, right in pairwise(sorted(edges)):
        yield text[left:right], frozenset(label for from_, to, label in marks if from_ <= left and right <= to)
    if end < passage.end:
        yield " …", frozenset()


def visible_part(passage: Passage, marks: Sequence[tuple[int, int, Label]], margin: int | None) -> tuple[int, int]:
    """The offsets of the passage between which it is shown."""
    if margin is None:
        return passage.start, passage.end
    first = min((mark[0] for mark in marks), default=passage.start)
    last = max((mark[1] for mark in marks), default=passage.start)
    return max(passage.start, first - margin), min(passage.end, last + margin)
