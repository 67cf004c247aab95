"""The report on a draft: what was compared, what it collides with, and that nothing of it is kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from sqlalchemy.orm import Session, sessionmaker

from analyzer.compare import Compared
from analyzer.reports.draft_document import DraftSummary, make_draft_report, summarise_draft, write_draft_report
from analyzer.reports.rendering import render_report
from analyzer.scan import DraftResult
from analyzer.store.active import load_active
from tests.reports.reading import parse_html, read_report
from tests.ui.planted import ENCODER, fill, make_verdict, order

FORMATS = ("docx", "pdf", "html")
DAY = date(2026, 11, 29)


@pytest.fixture
def summary(sessions: sessionmaker[Session]) -> DraftSummary:
    """A national draft against a regional plan: one conflict, a duplicate, and one conflict inside the draft."""
    fill(sessions)
    document, signals = order()
    texts = [signal.text for signal in signals]
    with sessions() as session:
        active = load_active(session, encoder=ENCODER, dimension=4, comparison="test")
        own = len(signals)
        stored = active.sides[0].text
        verdicts = [
            make_verdict(texts[0], stored, 0.9, "contradiction", 2, "minska", "öka"),
            make_verdict(texts[0], stored, 0.4, "duplicate", 1, "synliga närvaron", "synliga närvaron"),
            make_verdict(texts[0], texts[1], 0.3, "target", 1, "minska", "bemanna"),
        ]
        b = np.array([own, own, 1])
        pairs = Compared(np.zeros(3, int), b, np.ones(3, np.uint32), verdicts, {"candidates": 17})
        checked = DraftResult(replace(document, source="utkast.docx"), tuple(signals), active.ids, pairs, {})
        return summarise_draft(session, checked)


@pytest.mark.parametrize("format_", FORMATS)
def test_a_report_tells_what_was_compared_and_what_collides(summary: DraftSummary, format_: str) -> None:
    text = read_report(write_draft_report(summary, format_, 0.1), format_)
    for words in (
        "2 möjliga konflikter från 10 % sannolikhet.",
        "Inget av utkastet har sparats.",
        "Fil: utkast.docx",
        "Styrsignaler i utkastet: 3",
        "Gällande dokument: 2",
        "Gällande styrsignaler: 7",
        "Bedömda par: 17",
        "1. Motsägelse mot Verksamhetsplan Öst",
        "Motsägelse, tydlig · sannolikhet 90 %",
        "A · Utkastet",
        "B · Verksamhetsplan Öst",
        "Riktningarna är motsatta.",
        "A går före B: nationell nivå står över regional nivå.",
        "Konflikten skulle upphöra om B riktades till någon annan än Polisregion Öst.",
        "2. Oförenliga målvärden inom utkastet",
        "B · Utkastet",
        "Dubbleringar",
        "Dokument i jämförelsen",
    ):
        assert words in text, words
    assert "Motsägelse inom" not in text and "Dubblering mot" not in text


def test_evidence_of_both_sides_is_marked(summary: DraftSummary) -> None:
    marked = parse_html(write_draft_report(summary, "html", 0.5)).marked
    assert marked == ["minska", "öka"]


@pytest.mark.parametrize("format_", FORMATS)
def test_that_nothing_was_found_is_said_with_what_was_compared(summary: DraftSummary, format_: str) -> None:
    text = read_report(write_draft_report(summary, format_, 0.95), format_)
    assert "Inga konflikter funna från 95 % sannolikhet." in text and "Bedömda par: 17" in text
    assert "Därutöver bedömdes 2 par som mindre troliga" in text and "Konflikterna" not in text


def test_a_draft_without_signals_and_an_empty_store(summary: DraftSummary) -> None:
    empty = replace(summary, signals=0, stored_signals=0, documents=(), clashes=(), duplicates=(), inside=frozenset())
    text = read_report(render_report(make_draft_report(empty, 0.1, DAY), "html"), "html")
    assert "inga styrsignaler" in text and "bara med sig självt" in text and "Inga konflikter funna" not in text


def test_long_lists_say_that_they_are_cut(summary: DraftSummary) -> None:
    long = replace(summary, documents=tuple(f"Plan {number}" for number in range(230)), left_out=9)
    text = read_report(render_report(make_draft_report(long, 0.1, DAY), "html"), "html")
    assert "Plan 199" in text and "Plan 200" not in text and "och 30 till." in text and "Fler än 500 par" in text
