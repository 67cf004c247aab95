"""Documents in the store: round trip, versions, the same content again, corrected metadata."""

from __future__ import annotations

import pytest

from analyzer.store.active import load_active
from analyzer.store.convert import document_of, metadata_of, signal_of
from analyzer.store.documents import correct_metadata, find_document, store_document
from analyzer.store.queries import active_documents, signals_of, versions_of
from analyzer.store.schema import DocumentRow
from tests.store.samples import (
    COMPARISON,
    DIMENSION,
    ENCODER,
    READER,
    embed_all,
    make_document,
    make_signals,
    make_verdict,
    pair_up,
    store_sample,
)


def test_document_and_signals_come_back_as_they_went_in(sessions):
    document = make_document("a.md", ["Abc ska göras.", "Abc får inte göras."])
    signals = make_signals(document)
    with sessions.begin() as session:
        store_document(session, document, signals, READER)
    with sessions() as session:
        row = active_documents(session)[0]
        assert document_of(row) == document
        assert tuple(signal_of(signal) for signal in signals_of(session, [row.id])) == signals


def test_new_version_replaces_and_keeps_the_old_one(sessions):
    store_sample(sessions, "a.md", ["Abc ska göras."])
    store_sample(sessions, "a.md", ["Abc ska göras.", "Mer ska göras."])
    with sessions() as session:
        versions = versions_of(session, "a.md")
        assert [(row.version, row.status) for row in versions] == [(2, "active"), (1, "replaced")]
        assert [row.version for row in active_documents(session)] == [2]
        old, new = (signals_of(session, [row.id]) for row in reversed(versions))
        assert old[0].key == new[0].key, "the same words keep their name, so that reviews follow them"
        active = load_active(session, encoder=ENCODER, dimension=DIMENSION, comparison=COMPARISON)
        assert len(active.ids) == 2


def test_same_content_is_found_under_another_name_and_reader_decides(sessions):
    store_sample(sessions, "a.md", ["Abc ska göras."])
    twin = make_document("copy of a.md", ["Abc ska göras."])
    with sessions() as session:
        assert find_document(session, twin, READER).key == "a.md"
        assert find_document(session, twin, "another reader") is None
        assert find_document(session, make_document("a.md", ["Annat."]), READER) is None


def test_corrected_metadata_overrules_the_guess_and_asks_for_a_new_comparison(sessions):
    document_id = store_sample(sessions, "a.md", ["Abc ska göras.", "Abc ska inte göras."])
    embed_all(sessions)
    pair_up(sessions, {(0, 1): make_verdict(0.9)})
    with sessions.begin() as session:
        correct_metadata(session, document_id, {"title": "Rätt titel", "level": "local"})
    with sessions() as session:
        row = session.get(DocumentRow, document_id)
        assert (metadata_of(row).title, metadata_of(row).issuer) == ("Rätt titel", "Polisregion Syd")
        assert row.guessed["title"] == "Beslut"
        active = load_active(session, encoder=ENCODER, dimension=DIMENSION, comparison=COMPARISON)
        assert not active.compared.any()


def test_unknown_metadata_is_refused(sessions):
    document_id = store_sample(sessions, "a.md", ["Abc ska göras."])
    with pytest.raises(KeyError, match="colour"), sessions.begin() as session:
        correct_metadata(session, document_id, {"colour": "red"})
