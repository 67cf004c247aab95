"""A small store for the tests of the interface, filled through the store's own functions with texts of our own."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sqlalchemy.orm import Session, sessionmaker

from analyzer.records import (
    Document,
    Frame,
    Metadata,
    Passage,
    PassageKind,
    Quantity,
    Reason,
    Signal,
    Span,
    Verdict,
)
from analyzer.store.active import load_active
from analyzer.store.convert import signal_of
from analyzer.store.documents import note_source, store_document
from analyzer.store.pairs import store_pairs
from analyzer.store.schema import SignalRow

READER, ENCODER, JUDGE = "test-reader", "test-encoder", "test-judge"

#: Words that would do harm on a careless page.
HOSTILE = "<img src=x onerror=alert(1)> [klicka](https://example.com) <b>fet</b>"

PLAN: list[tuple[PassageKind, str]] = [
    ("heading", "Inriktning för året"),
    ("paragraph", "Läget i regionen har varit stabilt under hösten."),
    ("paragraph", "Polisregion Öst ska öka den synliga närvaron i Sjöstaden till minst 40 poliser per dygn."),
    ("paragraph", "Polisregion Öst ska i första hand bemanna ungdomsgruppen."),
    ("paragraph", "Chefen för polisregionen beslutar om bemanningen av lokalpolisområdet."),
    ("paragraph", f"Uppföljningen ska vara enkel. {HOSTILE}"),
]
ORDER: list[tuple[PassageKind, str]] = [
    ("heading", "Hushållning"),
    ("heading", "Personal"),
    ("paragraph", "Polisregion Öst ska"),
    ("list_item", "minska den synliga närvaron i Sjöstaden till högst 30 poliser per dygn"),
    ("list_item", "i första hand bemanna utredningsgruppen"),
    ("paragraph", "Rikspolischefen beslutar om bemanningen av lokalpolisområden."),
]


def make_document(
    key: str, blocks: Sequence[tuple[PassageKind, str]], metadata: Metadata, page: int | None
) -> Document:
    """A document of these blocks, one a line."""
    passages: list[Passage] = []
    path: tuple[str, ...] = ()
    text, paragraph = "", 0
    for ordinal, (kind, words) in enumerate(blocks):
        paragraph += kind != "heading"
        start = len(text)
        text += words + "\n"
        number = paragraph + (kind == "heading")
        passages.append(Passage(ordinal, kind, start, start + len(words), page, number, path, int(kind == "list_item")))
        if kind == "heading":
            path = (*path, words)
    return Document(key, key, f"{key:0<64}"[:64], text, tuple(passages), metadata)


def make_signal(document: Document, ordinal: int, quote: str, frame: Frame, lead_in: str | None = None) -> Signal:
    """The signal with these words, where they stand in the document."""
    start = document.text.index(quote)
    passage = next(one for one in document.passages if one.start <= start < one.end)
    lead_at = document.text.index(lead_in) if lead_in else None
    return Signal(
        ordinal,
        quote,
        start,
        start + len(quote),
        frame,
        lead_in,
        lead_at,
        lead_at + len(lead_in) if lead_at is not None and lead_in else None,
        passage.ordinal,
        passage.page,
        passage.heading_path,
    )


def plan() -> tuple[Document, list[Signal]]:
    """A regional plan as a PDF would give it."""
    metadata = Metadata("Verksamhetsplan Öst", "Polisregion Öst", level="regional", date="2025-01-15")
    document = make_document("plan.pdf", PLAN, metadata, page=2)
    frames = [
        Frame(("Polisregion Öst",), "obligation", "öka", "increase", "synlig närvaro", (forty(),)),
        Frame(("Polisregion Öst",), "obligation", "bemanna", priority="absolute", resource=("personnel",)),
        Frame(("Chefen för polisregionen",), "permission", "besluta"),
        Frame((), "obligation", "vara"),
    ]
    quotes = [PLAN[2][1], PLAN[3][1], PLAN[4][1], PLAN[5][1]]
    return document, [make_signal(document, at, quote, frames[at]) for at, quote in enumerate(quotes)]


def order() -> tuple[Document, list[Signal]]:
    """A national order with a lead-in and a list."""
    metadata = Metadata("Beslut om hushållning", "Rikspolischefen", level="national", date="2025-02")
    document = make_document("beslut.docx", ORDER, metadata, page=None)
    frame = Frame(("Polisregion Öst",), "obligation", "minska", "decrease", "synlig närvaro")
    return document, [
        make_signal(document, 0, ORDER[3][1], frame, lead_in=ORDER[2][1]),
        make_signal(
            document, 1, ORDER[4][1], Frame(("Polisregion Öst",), "obligation", "bemanna"), lead_in=ORDER[2][1]
        ),
        make_signal(document, 2, ORDER[5][1], Frame(("Rikspolischefen",), "permission", "besluta")),
    ]


def forty() -> Quantity:
    """At least forty."""
    return Quantity(40, "poliser", "min", "minst 40 poliser")


#: (index in plan, index in order, probability, type, grade, evidence in plan, evidence in order)
PAIRS = (
    (0, 0, 0.97, "contradiction", 2, "öka den synliga närvaron", "ska … minska den synliga närvaron"),
    (1, 1, 0.81, "priority", 2, "i första hand", "i första hand"),
    (2, 2, 0.74, "responsibility", 2, "Chefen för polisregionen beslutar", "Rikspolischefen beslutar"),
    (3, 0, 0.55, "goal_tension", 1, "enkel", "minska"),
)


def fill(sessions: sessionmaker[Session]) -> None:
    """Store both documents and their four flagged pairs; pairs are named 1 to 4, likeliest first."""
    with sessions.begin() as session:
        for document, signals in (plan(), order()):
            row, _outcome = store_document(session, document, signals, READER)
            note_source(session, document.source, document.key, row.id)
        active = load_active(session, encoder=ENCODER, dimension=4, comparison="test")
        texts = [signal_of(session.get_one(SignalRow, int(id_))).text for id_ in active.ids]
        count = len(plan()[1])
        a = np.array([pair[0] for pair in PAIRS])
        b = np.array([pair[1] + count for pair in PAIRS])
        verdicts = [make_verdict(texts[a[at]], texts[b[at]], *pair[2:]) for at, pair in enumerate(PAIRS)]
        store_pairs(session, active, a, b, np.ones(len(PAIRS), dtype=np.uint32), verdicts, JUDGE)


def make_verdict(text_a: str, text_b: str, share: float, type_: str, grade: int, words_a: str, words_b: str) -> Verdict:
    """A verdict whose evidence is the given words of either side."""
    reasons = (Reason("direction", "Riktningarna är motsatta.", 2.4), Reason("object", f"Samma sak. {HOSTILE}", 1.1))
    return Verdict(
        share, type_, grade, {type_: 0.9, "none": 0.1}, span(text_a, words_a), span(text_b, words_b), reasons
    )


def span(text: str, words: str) -> Span:
    """Where the words stand."""
    start = text.index(words)
    return Span(start, start + len(words), words)
