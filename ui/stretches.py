"""A document's text in stretches, each of which knows the signals that it belongs to: what a click can ask about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from analyzer.records import Document, Passage, Signal
from analyzer.store.convert import document_of, signal_of
from analyzer.store.queries import signals_of
from analyzer.store.schema import DocumentRow
from ui.passages import Segment, passage_segments


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of text under the same marks throughout. Signals are named by their ordinals, in reading order."""

    text: str
    quotes: tuple[int, ...] = ()
    lead_ins: tuple[int, ...] = ()

    @property
    def signals(self) -> tuple[int, ...]:
        """Whose frames a click here asks for: the signals quoted, else all that it leads in to."""
        return self.quotes or self.lead_ins

    @property
    def lines(self) -> list[str]:
        """The lines of the text that hold something; a page draws each by itself."""
        return [line for line in self.text.split("\n") if line]


@dataclass(frozen=True, slots=True)
class Part:
    """What is shown of a document at a time, with every signal of the document."""

    document: Document
    passages: Sequence[Passage]
    signals: Sequence[Signal]
    stretches: Sequence[Stretch]

    def signals_at(self, place: int) -> tuple[int, ...]:
        """The signals that the stretch at this place in the text belongs to."""
        return self.stretches[place].signals if 0 <= place < len(self.stretches) else ()


def read_part(session: Session, row: DocumentRow, first: int, count: int) -> Part:
    """`count` passages of a stored document from the one at `first`."""
    document = document_of(row)
    passages = document.passages[first : first + count]
    signals = [signal_of(signal) for signal in signals_of(session, [row.id])]
    return Part(document, passages, signals, cut_stretches(document, passages, signals))


def cut_stretches(document: Document, passages: Sequence[Passage], signals: Sequence[Signal]) -> list[Stretch]:
    """The passages' whole text, cut where quotes and lead-ins begin and end."""
    if not passages:
        return []
    first, last = passages[0].start, passages[-1].end
    marks = [mark for signal in signals for mark in own_marks(signal) if mark[0] < last and mark[1] > first]
    stretches = []
    for text, labels in passage_segments(document.text, passages, marks, margin=None):
        parts = {
            kind: tuple(sorted(number for number, what in labels if what == kind)) for kind in ("quote", "lead_in")
        }
        stretches.append(Stretch(text, parts["quote"], parts["lead_in"]))
    return stretches


def own_marks(signal: Signal) -> Iterator[tuple[int, int, tuple[int, str]]]:
    """Where quote and lead-in of a signal stand, each labelled with the signal's ordinal."""
    yield signal.start, signal.end, (signal.ordinal, "quote")
    if signal.lead_in_start is not None and signal.lead_in_end is not None:
        yield signal.lead_in_start, signal.lead_in_end, (signal.ordinal, "lead_in")


def marked_segments(stretches: Sequence[Stretch], chosen: Sequence[int] = ()) -> list[Segment]:
    """The stretches as segments: "chosen" where a chosen signal or its lead-in stands, else "signal", or nothing."""
    wanted = set(chosen)
    return [
        (one.text, "chosen" if wanted.intersection(one.quotes + one.lead_ins) else "signal" if one.signals else None)
        for one in stretches
    ]
