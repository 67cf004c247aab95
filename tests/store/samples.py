"""Documents, signals and verdicts made by hand for the tests of what keeps and shows them."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from subprocess import PIPE

import numpy as np
from sqlalchemy.orm import Session, sessionmaker

from analyzer.records import Document, Frame, Metadata, Passage, Quantity, Reason, Signal, Span, Verdict
from analyzer.store.active import load_active
from analyzer.store.documents import note_source, store_document
from analyzer.store.pairs import mark_compared, store_pairs, store_vectors

READER = "reader-1"
ENCODER = "encoder-1"
COMPARISON = "comparison-1"
DIMENSION = 4


def make_document(key: str, sentences: list[str], title: str = "Beslut") -> Document:
    """A document of one heading and one paragraph a sentence."""
    text, passages = title, [Passage(0, "heading", 0, len(title))]
    for number, sentence in enumerate(sentences, 1):
        start = len(text) + 2
        text = f"{text}\n\n{sentence}"
        passages.append(Passage(number, "paragraph", start, len(text), None, number, (title,)))
    metadata = Metadata(title=title, issuer="Polisregion Syd", level="regional", date="2026-01-15")
    return Document(key, key, hashlib.sha256(text.encode()).hexdigest(), text, tuple(passages), metadata)


def make_signals(document: Document) -> tuple[Signal, ...]:
    """Every paragraph as one signal."""
    frame = Frame(
        addressee=("Polisregion Syd",),
        action="öka",
        direction="increase",
        object="närvaron",
        quantity=(Quantity(30, "områdespoliser", "min", "minst 30"),),
        period=("2026-01-01", None),
        resource=("personnel",),
        level="regional",
    )
    paragraphs = [passage for passage in document.passages if passage.kind == "paragraph"]
    return tuple(
        Signal(
            ordinal=at,
            quote=document.text[passage.start : passage.end],
            start=passage.start,
            end=passage.end,
            frame=frame,
            passage=passage.ordinal,
            heading=passage.heading_path,
        )
        for at, passage in enumerate(paragraphs)
    )


def make_verdict(probability: float, kind: str = "resource", grade: int = 2) -> Verdict:
    """A verdict whose evidence is the first word of either side."""
    rest = (1 - probability) / 2
    return Verdict(
        probability=probability,
        type="resource" if probability >= 0.5 else "none",
        grade=grade,
        type_probabilities={kind: probability, "none": rest, "duplicate": rest},
        evidence_a=Span(0, 3, "Abc"),
        evidence_b=Span(0, 3, "Abc"),
        reasons=(Reason("shared_resource", "Båda tar samma personal i anspråk.", 1.25),),
    )


def store_sample(sessions: sessionmaker[Session], key: str, sentences: list[str], title: str = "Beslut") -> int:
    """Store a document with its signals and vectors. Returns its id."""
    document = make_document(key, sentences, title)
    with sessions.begin() as session:
        row, _ = store_document(session, document, make_signals(document), READER)
        note_source(session, document.source, document.key, row.id)
        return row.id


def embed_all(sessions: sessionmaker[Session]) -> None:
    """Give every active signal the same unit vector."""
    with sessions.begin() as session:
        active = load_active(session, encoder=ENCODER, dimension=DIMENSION, comparison=COMPARISON)
        vectors = np.tile(np.eye(1, DIMENSION, dtype=np.float32), (len(active.ids), 1))
        store_vectors(session, active.ids.tolist(), vectors, ENCODER)


def pair_up(sessions: sessionmaker[Session], verdicts: dict[tuple[int, int], Verdict]) -> None:
    """Store pairs of active signals, by position, with the given verdicts, and mark all as compared."""
    with sessions.begin() as session:
        active = load_active(session, encoder=ENCODER, dimension=DIMENSION, comparison=COMPARISON)
        a = np.array([pair[0] for pair in verdicts], dtype=np.int64)
        b = np.array([pair[1] for pair in verdicts], dtype=np.int64)
        rules = np.full(len(a), 0b101, dtype=np.uint32)
        store_pairs(session, active, a, b, rules, list(verdicts.values()), "judge-1")
        mark_compared(session, active.ids.tolist(), COMPARISON)


def open_at_once(url: str, count: int = 3) -> list[tuple[str, int]]:
    """Open a database by so many processes at the same time. Returns what each said on stderr and its exit code."""
    code = (
        "import sys; from analyzer.store.database import open_database\n"
        "print(flush=True); sys.stdin.readline(); open_database(sys.argv[1])"
    )
    arguments = [sys.executable, "-c", code, url]
    processes = [subprocess.Popen(arguments, stdin=PIPE, stdout=PIPE, stderr=PIPE, text=True) for _ in range(count)]
    for process in processes:
        assert process.stdout
        process.stdout.readline()
    for process in processes:
        assert process.stdin
        process.stdin.write("\n")
        process.stdin.flush()
    return [(process.communicate(timeout=60)[1], process.returncode) for process in processes]
