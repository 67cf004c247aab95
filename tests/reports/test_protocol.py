"""The protocol: each pair under the filter, with quotes, assessment, advice and decisions."""

from __future__ import annotations

from dataclasses import fields

import pytest
from sqlalchemy.orm import Session, sessionmaker

from analyzer.errors import UsageError
from analyzer.reports import protocol
from analyzer.reports.exports import render_export
from analyzer.reports.names import text_table
from analyzer.reports.protocol import describe_filter
from analyzer.review.decisions import decide
from analyzer.store.queries import ConflictFilter
from tests.reports.reading import parse_html, read_report
from tests.ui.planted import fill

FORMATS = ("docx", "pdf", "html")


@pytest.fixture
def decided(sessions: sessionmaker[Session]) -> sessionmaker[Session]:
    """Four flags, two of them decided, one of these twice."""
    fill(sessions)
    with sessions.begin() as session:
        decide(session, 1, reviewer="Anna", decision="unsure")
        decide(session, 1, reviewer="Bo", decision="confirm", comment="Säkert <b>")
        decide(session, 2, reviewer="Anna", decision="dismiss", reason="time")
    return sessions


@pytest.mark.parametrize("format_", FORMATS)
def test_the_filter_decides_what_is_in_it(decided: sessionmaker[Session], format_: str) -> None:
    with decided() as session:
        content, count = render_export(session, ConflictFilter(statuses=("confirm",)), format_)
    text = read_report(content, format_)
    assert count == 1 and "urval: beslut bekräftad" in text and "Par 1 · Motsägelse" in text and "Par 2" not in text
    for words in (
        "Motsägelse, tydlig · sannolikhet 97 %",
        "A · Verksamhetsplan Öst",
        "B · Beslut om hushållning",
        "minska den synliga närvaron",
        "Riktningarna är motsatta.",
        "B går före A: nationell nivå står över regional nivå.",
        "riktades till någon annan än Polisregion Öst",
        "Bekräftad, Bo, 20",
        "Kommentar: Säkert <b>",
        "Osäker, Anna",
    ):
        assert words in text, words


def test_evidence_and_place(decided: sessionmaker[Session]) -> None:
    with decided() as session:
        content, _count = render_export(session, ConflictFilter(types=("contradiction",)), "html")
    read = parse_html(content)
    assert read.marked == ["öka den synliga närvaron", "ska … minska den synliga närvaron"]
    assert "Polisregion Öst · regional nivå · 2025-01-15 · sida 2 · stycke" in "".join(read.texts)


def test_a_dismissal_has_its_reason(decided: sessionmaker[Session]) -> None:
    with decided() as session:
        text = read_report(render_export(session, ConflictFilter(), "html")[0], "html")
    assert "Avfärdad (tiderna möts inte), Anna" in text and "Inget beslut är fattat." in text
    assert "urval: alla flaggor" in text


def test_an_empty_filter_and_one_too_many(decided: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch) -> None:
    with decided() as session:
        content, count = render_export(session, ConflictFilter(words="zebra"), "docx")
        assert count == 0 and "Inga par finns i urvalet." in read_report(content, "docx")
        monkeypatch.setattr(protocol, "MOST_PAIRS", 3)
        with pytest.raises(UsageError, match="4 par"):
            render_export(session, ConflictFilter(), "docx")


def test_every_field_of_the_filter_is_told() -> None:
    chosen = ConflictFilter(types=["target"], least_probability=0.1, grade=2, documents=[1, 2], words="bil")
    assert describe_filter(chosen) == (
        "typ oförenliga målvärden, från sannolikhet 10 %, grad 2, 2 dokument, orden ”bil”"
    )
    named = {*text_table("filter"), *protocol.NO_FILTER}
    assert {field.name for field in fields(ConflictFilter)} <= named
    assert describe_filter(ConflictFilter(sort="newest", reading=True, levels=("national",))) == "nivå nationell nivå"
