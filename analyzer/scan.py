"""The one file that knows the order of the stages: read → signals → embed → compare → store.

A scan may be stopped anywhere. Documents are committed in batches with their signals, then vectors, then what matching
has read of them, then all pairs of a comparison in one transaction; the next scan goes on from there and ends with what
an unbroken one would have given. spaCy, the judge and the second reader are imported and loaded where there is
something new for them, so that a scan that finds nothing new is quick.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from analyzer.compare import Compared, compare, comparison_name, find_candidates, judge_candidates
from analyzer.engine import Engine, cut, open_engine
from analyzer.errors import NothingReadable
from analyzer.fingerprint import package_fingerprint
from analyzer.intake import list_files, read_files
from analyzer.intake.discovery import display_name
from analyzer.matching.encoder import embedding_text, load_encoder
from analyzer.progress import Progress, Silent
from analyzer.reading import nothing_readable, read_limits
from analyzer.records import Document, Signal, Skipped
from analyzer.settings import Settings
from analyzer.store.active import SidesInFront, count_active, load_active, load_library, store_records
from analyzer.store.convert import side_of
from analyzer.store.documents import (
    NO_CORRECTIONS,
    Corrections,
    correct_document,
    correct_documents,
    file_digest,
    find_document,
    known_file,
    note_file,
    note_source,
    store_document,
)
from analyzer.store.pairs import (
    mark_compared,
    store_pairs,
    store_vectors,
    withdraw_assessments,
)
from analyzer.store.replacement import end_replaced
from analyzer.store.schema import ScanRow, SourceRow, now
from analyzer.store.turns import scan_turn
from analyzer.store.withdrawal import gone_records, withdraw_sources

#: Documents that are read and committed together.
BATCH = 200
#: Documents whose signals one worker reads at a time.
SHARD = 10


@dataclass(slots=True)
class ScanResult:
    """What a scan saw. `document_ids` are the documents that the given paths hold, in reading order, each once."""

    document_ids: list[int] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    timings: dict[str, float] = field(default_factory=dict)
    seen: set[int] = field(default_factory=set)

    def count(self, name: str, steps: int = 1) -> None:
        """Add to a counter."""
        self.counts[name] = self.counts.get(name, 0) + steps

    @contextmanager
    def timed(self, name: str) -> Iterator[None]:
        """Add the seconds that the block takes to the stage `name`."""
        begin = time.perf_counter()
        try:
            yield
        finally:
            self.timings[name] = round(self.timings.get(name, 0.0) + time.perf_counter() - begin, 3)


def scan(
    paths: Sequence[Path],
    sessions: sessionmaker[Session],
    settings: Settings,
    progress: Progress | None = None,
    corrections: Corrections = NO_CORRECTIONS,
    engine: str = "local",
) -> ScanResult:
    """Bring files and folders into the store and compare what is new to everything that is there.

    `corrections`: what people know better of documents than intake can guess, by the documents' keys.
    `engine` is one of `analyzer.engine.ENGINES`; it changes how fast a scan is, never what it finds.

    Raises:
        NothingReadable: none of the paths gave a document, now or in an earlier scan.
    """
    result = bring_in(paths, sessions, settings, progress, corrections, engine)
    if not result.document_ids:
        raise NothingReadable(nothing_readable(paths, result.skipped))
    return result


def bring_in(
    paths: Sequence[Path],
    sessions: sessionmaker[Session],
    settings: Settings,
    progress: Progress | None = None,
    corrections: Corrections = NO_CORRECTIONS,
    engine: str = "local",
) -> ScanResult:
    """As `scan`, but paths that give no document are no error. Waits while another scan of the store is at work."""
    with scan_turn(sessions), open_engine(engine, settings) as workers:
        return take_turn(paths, sessions, settings, progress or Silent(), corrections, workers)


def take_turn(
    paths: Sequence[Path],
    sessions: sessionmaker[Session],
    settings: Settings,
    progress: Progress,
    corrections: Corrections,
    engine: Engine | None,
) -> ScanResult:
    """A whole scan, with the store to itself."""
    result = ScanResult()
    begin = time.perf_counter()
    with sessions.begin() as session:
        run = ScanRow(paths=[str(path) for path in paths], counts={}, timings={}, skipped=[])
        session.add(run)
    with result.timed("read"):
        take_in(paths, sessions, settings, progress, result, corrections, engine)
    with result.timed("compare"):
        compare_new(sessions, settings, progress, result, engine)
    result.timings["total"] = round(time.perf_counter() - begin, 3)
    with sessions.begin() as session:
        run = session.merge(run)
        run.finished_at = now()
        run.counts, run.timings = result.counts, result.timings
        run.skipped = [[item.source, item.code, item.reason] for item in result.skipped]
    return result


def reader_name() -> str:
    """Names the code and lexicons that turn files into signals."""
    return package_fingerprint("analyzer.intake", "analyzer.signals")


def take_in(
    paths: Sequence[Path],
    sessions: sessionmaker[Session],
    settings: Settings,
    progress: Progress,
    result: ScanResult,
    corrections: Corrections = NO_CORRECTIONS,
    engine: Engine | None = None,
) -> None:
    """Read what the store does not know yet, and store documents with their signals."""
    files, skipped = list_files(paths)
    result.skipped += skipped
    result.counts["files"] = len(files)
    reader = reader_name()
    digests: dict[str, str] = {}
    unread: list[Path] = []
    with sessions() as session:
        for path in files:
            digest = digests[display_name(path)] = file_digest(path)
            known = known_file(session, display_name(path), digest, reader)
            if known is None:
                unread.append(path)
                continue
            result.skipped += [Skipped(*item) for item in known.skipped]
            for document_id in documents_in_file(session, path):
                note_document(result, document_id)
            result.count("unchanged files")
    progress.stage("read", None)
    newly_skipped: list[Skipped] = []
    present: set[str] = set()
    stream = read_files(unread, limits=read_limits(settings), workers=settings.workers)
    while batch := list(islice(stream, BATCH)):
        newly_skipped += [item for item in batch if isinstance(item, Skipped)]
        documents = [item for item in batch if isinstance(item, Document)]
        present.update(document.source for document in documents)
        with sessions.begin() as session:
            store_batch(session, documents, reader, engine, result, corrections)
        progress.advance(len(batch))
    result.skipped += newly_skipped
    with sessions.begin() as session:
        correct_documents(session, result.document_ids, corrections)
        for path in unread:
            name = display_name(path)
            own = [(item.source, item.code, item.reason) for item in newly_skipped if belongs_to(item.source, name)]
            note_file(session, name, digests[name], reader, own)
            # A record that could not be read is not gone.
            if not own and (gone := gone_records(session, name, present)):
                result.count("withdrawn", len(withdraw_sources(session, gone)))
        if ended := end_replaced(session):
            result.count("given another last day", ended)


def belongs_to(source: str, file: str) -> bool:
    """Whether a document or skipped record came from this file: its own name, or `name#record`."""
    return source == file or source.startswith(f"{file}#")


def documents_in_file(session: Session, path: Path) -> Sequence[int]:
    """Documents that the file held when it was last read, in the order in which they stand."""
    source = display_name(path)
    in_file = (SourceRow.source == source) | SourceRow.source.startswith(f"{source}#", autoescape=True)
    return session.scalars(select(SourceRow.document_id).where(in_file).order_by(SourceRow.document_id)).all()


def note_document(result: ScanResult, document_id: int) -> None:
    """Count a document once, however many files hold it."""
    if document_id not in result.seen:
        result.seen.add(document_id)
        result.document_ids.append(document_id)


def store_batch(
    session: Session,
    documents: Sequence[Document],
    reader: str,
    engine: Engine | None,
    result: ScanResult,
    corrections: Corrections,
) -> None:
    """Store the documents that are new; note under which name each was seen."""
    first: dict[str, Document] = {}
    unknown: list[Document] = []
    for document in documents:
        if document.sha256 not in first and find_document(session, document, reader) is None:
            unknown.append(document)
        first.setdefault(document.sha256, document)
    corrected = [correct_document(document, corrections) for document in unknown]
    signals = dict(zip((document.sha256 for document in unknown), read_signals(corrected, engine), strict=True))
    for document in documents:
        row = find_document(session, document, reader)
        if row is None:
            row, outcome = store_document(session, document, signals[document.sha256], reader)
        else:
            outcome = "known" if row.key == document.key else "same content"
        result.count(outcome)
        note_source(session, document.source, document.key, row.id)
        note_document(result, row.id)


def read_signals(documents: Sequence[Document], engine: Engine | None) -> Iterator[tuple[Signal, ...]]:
    """The signals of each document, by the engine's workers where there are many. Order and result are the same."""
    if engine is None or len(documents) < engine.least_documents:
        from analyzer.signals import load_reader

        return load_reader().read_many(documents)
    shards = [documents[at] for at in cut(len(documents), SHARD)]
    return chain.from_iterable(engine.map("signals", None, shards))


def compare_new(
    sessions: sessionmaker[Session],
    settings: Settings,
    progress: Progress,
    result: ScanResult,
    engine: Engine | None = None,
) -> None:
    """Embed what has no vector, judge every candidate pair with a signal not compared before, store the pairs."""
    encoder = load_encoder(settings.encoder)
    comparison = comparison_name(encoder, settings)
    with result.timed("load"), sessions() as session:
        result.counts["signals in store"], lacking = count_active(session, encoder=encoder.name, comparison=comparison)
        result.counts["signals compared"] = 0
        if not lacking:
            return
        active = load_active(session, encoder=encoder.name, dimension=encoder.dimension, comparison=comparison)
    missing = np.flatnonzero(~active.embedded)
    if len(missing):
        progress.stage("embed", len(missing))
        with result.timed("embed"), sessions.begin() as session:
            unembedded = active.sides.fetch_in(session, missing)
            active.vectors[missing] = encoder.encode([embedding_text(side) for side in unembedded])
            store_vectors(session, active.ids[missing].tolist(), active.vectors[missing], encoder.name)
        progress.advance(len(missing))
    fresh = ~active.compared
    result.counts["signals compared"] = int(fresh.sum())
    if not fresh.any():
        return
    from analyzer.scoring import load_judge

    with result.timed("load"), sessions() as session:
        judge = load_judge()
        library, unrecorded = load_library(session, active)
    with result.timed("store records"), sessions.begin() as session:
        store_records(session, active, library, unrecorded)
    progress.stage("propose", None)
    with result.timed("propose"):
        candidates = find_candidates(active.sides, active.vectors, active.document_ids, fresh, settings, library)
    del library  # which is larger than all that is still to come
    compared = judge_candidates(
        candidates, active.sides, active.vectors, int(fresh.sum()), judge, settings, progress, engine
    )
    result.counts |= compared.counts
    result.counts["pairs kept"] = len(compared.verdicts)
    progress.stage("store", None)
    with result.timed("store pairs"), sessions.begin() as session:
        withdraw_assessments(session, active.ids[fresh])
        store_pairs(session, active, compared.a, compared.b, compared.rules, compared.verdicts, judge.name)
        mark_compared(session, active.ids[fresh], comparison)


@dataclass(frozen=True, slots=True)
class DraftResult:
    """A draft against the store. Pair sides `a` are the draft's signals (positions in `signals`), `b` the store's."""

    document: Document
    signals: tuple[Signal, ...]
    #: Stored signals that took part, by position in `compared.b` less the number of the draft's own.
    stored_ids: np.ndarray
    compared: Compared
    timings: dict[str, float]


def check_draft(
    path: Path, sessions: sessionmaker[Session], settings: Settings, progress: Progress | None = None
) -> DraftResult:
    """Compare one file to everything in force in the store; store nothing.

    Raises:
        NothingReadable: the file gives no document.
    """
    from analyzer.scoring import load_judge
    from analyzer.signals import load_reader

    progress = progress or Silent()
    result = ScanResult()
    progress.stage("read", 1)
    with result.timed("read"):
        files, skipped = list_files([path])
        read = list(read_files(files, limits=read_limits(settings), workers=1))
        documents = [item for item in read if isinstance(item, Document)]
        if not documents:
            skipped += [item for item in read if isinstance(item, Skipped)]
            raise NothingReadable(nothing_readable([path], skipped))
        document = documents[0]
        signals = load_reader().read(document)
    encoder, judge = load_encoder(settings.encoder), load_judge()
    comparison = comparison_name(encoder, settings)
    with result.timed("compare"):
        with sessions() as session:
            active = load_active(session, encoder=encoder.name, dimension=encoder.dimension, comparison=comparison)
            own = [side_of(signal, document.metadata) for signal in signals]
            library, _ = load_library(session, active, own)
        sides = SidesInFront(own, active.sides)
        vectors = np.zeros((len(sides), encoder.dimension), dtype=np.float32)
        vectors[len(own) :] = active.vectors
        missing = np.concatenate([np.arange(len(own)), len(own) + np.flatnonzero(~active.embedded)])
        if len(missing):
            vectors[missing] = encoder.encode([embedding_text(side) for side in sides.fetch(missing)])
        document_of = np.concatenate([np.zeros(len(own), dtype=np.int64), active.document_ids])
        fresh = np.arange(len(sides)) < len(own)
        compared = compare(sides, vectors, document_of, fresh, judge, settings, progress, None, library)
    return DraftResult(document, signals, active.ids, compared, result.timings)
