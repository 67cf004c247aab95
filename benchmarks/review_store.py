"""A store with many flagged pairs for load tests. Every text, vector and verdict in it is synthetic, by a seed."""

from __future__ import annotations

import hashlib
import random

import numpy as np
from sqlalchemy.orm import Session, sessionmaker

from analyzer.compare import comparison_name
from analyzer.matching.encoder import load_encoder
from analyzer.records import CONFLICT_TYPES, LEVELS, Document, Frame, Metadata, Passage, Reason, Signal, Span, Verdict
from analyzer.review.assignments import assign
from analyzer.review.bulk import decide_all, plan_bulk
from analyzer.settings import load_settings
from analyzer.store.active import load_active
from analyzer.store.documents import store_document
from analyzer.store.flags import flag_places
from analyzer.store.pairs import mark_compared, store_pairs, store_vectors
from analyzer.store.queries import ConflictFilter

SIGNALS_PER_DOCUMENT = 50
BLOCK = 10_000
UNITS = ("Polisregion Syd", "Polisregion Nord", "Polisregion Öst", "Noa", "Tullverket", "Kustbevakningen")
VERBS = ("öka", "minska", "prioritera", "samordna", "följa upp", "begränsa", "utveckla", "redovisa")
OBJECTS = ("närvaron", "handläggningstiden", "utredningarna", "kostnaderna", "samverkan", "tillsynen", "utbildningen")
PLACES = ("i Sjöstaden", "i hela landet", "vid gränsen", "i utsatta områden", "på natten", "inom eget område")


def make_document(draw: random.Random, number: int) -> tuple[Document, list[Signal]]:
    """A document of `SIGNALS_PER_DOCUMENT` one-sentence paragraphs, each a signal."""
    level = draw.choice(LEVELS)
    metadata = Metadata(
        f"Syntetiskt dokument {number}",
        draw.choice(UNITS),
        level=level,
        date=f"{draw.randint(2015, 2026)}-{draw.randint(1, 12):02d}-{draw.randint(1, 28):02d}",
    )
    text, passages, signals = "", [], []
    for ordinal in range(SIGNALS_PER_DOCUMENT):
        unit, verb, object_ = draw.choice(UNITS), draw.choice(VERBS), draw.choice(OBJECTS)
        sentence = f"{unit} ska {verb} {object_} {draw.choice(PLACES)} med minst {draw.randint(2, 90)} procent."
        start = len(text)
        text += sentence + "\n"
        passages.append(Passage(ordinal, "paragraph", start, start + len(sentence), 1 + ordinal // 10, ordinal + 1))
        frame = Frame((unit,), "obligation", verb, object=object_, level=level)
        signals.append(Signal(ordinal, sentence, start, start + len(sentence), frame, passage=ordinal, page=1))
    name = f"syntetiskt-{number}.txt"
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Document(name, name, digest, text, tuple(passages), metadata), signals


def make_verdict(draw: random.Random) -> Verdict:
    """A verdict with evidence and four reasons; few are likely, as in a real scan."""
    probability, type_ = draw.betavariate(0.6, 4), draw.choice(CONFLICT_TYPES)
    reasons = tuple(
        Reason(f"skäl-{at}", "Ett syntetiskt skäl av vanlig längd för en rad.", 1.5 - at) for at in range(4)
    )
    shares: dict[str, float] = {kind: 0.02 for kind in CONFLICT_TYPES}
    shares |= {type_: probability, "none": 1 - probability}
    return Verdict(probability, type_, draw.choice((1, 2)), shares, Span(0, 12, ""), Span(4, 20, ""), reasons)


def fill(sessions: sessionmaker[Session], pairs: int, *, decided: int, assigned: int, seed: int = 6) -> None:
    """Store `pairs` flagged pairs, the likeliest `decided` of them decided and `assigned` more given to somebody."""
    draw, numbers = random.Random(seed), np.random.default_rng(seed)
    documents = max(4, pairs // 5 // SIGNALS_PER_DOCUMENT)
    for number in range(documents):
        with sessions.begin() as session:
            store_document(session, *make_document(draw, number), "synthetic")
    encoder, settings = load_encoder(), load_settings()
    with sessions.begin() as session:
        active = load_active(session, encoder=encoder.name, dimension=encoder.dimension, comparison="")
        vectors = numbers.normal(size=(len(active.ids), encoder.dimension)).astype(np.float32)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        store_vectors(session, active.ids.tolist(), vectors, encoder.name)
        mark_compared(session, active.ids.tolist(), comparison_name(encoder, settings))
    chosen = draw_pairs(numbers, len(active.ids), pairs)
    for at in range(0, pairs, BLOCK):
        a, b = chosen[at : at + BLOCK].T
        verdicts = [make_verdict(draw) for _ in range(len(a))]
        with sessions.begin() as session:
            store_pairs(session, active, a, b, np.ones(len(a), np.uint32), verdicts, "synthetic")
    decide_some(sessions, decided, assigned)


def draw_pairs(numbers: np.random.Generator, signals: int, pairs: int) -> np.ndarray:
    """Different pairs of positions, int64 (pairs, 2), the smaller first."""
    found = np.zeros((0, 2), dtype=np.int64)
    while len(found) < pairs:
        drawn = np.sort(numbers.integers(0, signals, size=(2 * pairs, 2)), axis=1)
        found = np.unique(np.concatenate([found, drawn[drawn[:, 0] < drawn[:, 1]]]), axis=0)
    return numbers.permutation(found)[:pairs]


def decide_some(sessions: sessionmaker[Session], decided: int, assigned: int) -> None:
    """Decide on the likeliest pairs and give the next to somebody."""
    with sessions.begin() as session:
        places = flag_places(session, ConflictFilter(), limit=decided + assigned)
        least = places[decided - 1][0]
        plan = plan_bulk(session, ConflictFilter(least_probability=least))
        decide_all(session, plan, reviewer="tidigare granskare", decision="dismiss", reason="object")
        assign(session, [pair_id for _value, pair_id in places[decided:]], "granskare", by="strateg")
