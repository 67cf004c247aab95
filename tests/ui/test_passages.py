from dataclasses import replace

import pytest

from analyzer.records import Document, Signal, Span
from tests.ui.planted import ORDER, PLAN, order, plan, span
from ui.passages import MARGIN, Segment, context_segments, passage_segments, signal_marks


def shown(document: Document, signal: Signal, evidence: Span | None) -> list[Segment]:
    return list(context_segments(document, signal, evidence))


def marked(segments: list[Segment], mark: str) -> list[str]:
    return [text for text, label in segments if label == mark]


def test_evidence_in_the_quote_is_marked_where_it_stands() -> None:
    document, signals = plan()
    segments = shown(document, signals[0], span(signals[0].text, "öka den synliga närvaron"))
    assert marked(segments, "evidence") == ["öka den synliga närvaron"]
    assert "".join(marked(segments, "signal")) == "Polisregion Öst ska  i Sjöstaden till minst 40 poliser per dygn."


def test_evidence_over_lead_in_and_quote_is_marked_in_both() -> None:
    document, signals = order()
    segments = shown(document, signals[0], span(signals[0].text, "ska … minska"))
    assert marked(segments, "evidence") == ["ska", "minska"]


def test_evidence_in_the_lead_in_alone() -> None:
    document, signals = order()
    segments = shown(document, signals[1], span(signals[1].text, "Polisregion Öst"))
    assert marked(segments, "evidence") == ["Polisregion Öst"]


def test_context_holds_neighbours_lead_in_and_a_sign_for_what_is_left_out() -> None:
    document, signals = order()
    text = "".join(text for text, _mark in shown(document, signals[1], None))
    assert text == f"{ORDER[2][1]}\n• {ORDER[3][1]}\n• {ORDER[4][1]}\n{ORDER[5][1]}"
    far = replace(signals[2], lead_in="Polisregion", lead_in_start=0, lead_in_end=3, passage=5)
    assert "\n[…]\n" in [text for text, _mark in shown(document, far, None)]


def test_without_a_margin_the_whole_text_comes_back() -> None:
    document, signals = plan()
    marks = [mark for signal in signals for mark in signal_marks(signal)]
    text = "".join(text for text, _mark in passage_segments(document.text, document.passages, marks, margin=None))
    assert text == "\n".join(words for _kind, words in PLAN)


@pytest.mark.parametrize("at", [0, 3000, 6000])
def test_a_long_passage_is_cut_around_the_signal_and_says_so(at: int) -> None:
    document, signals = plan()
    words = ("ord " * 2000).strip()
    passage = replace(document.passages[2], start=0, end=len(words), ordinal=2)
    long = replace(document, text=words, passages=(passage,))
    signal = replace(signals[0], quote=words[at : at + 11], start=at, end=at + 11, passage=2)
    segments = shown(long, signal, None)
    assert marked(segments, "signal") == [words[at : at + 11]]
    assert len("".join(text for text, _mark in segments)) <= 2 * MARGIN + 11 + 4
    assert segments[-1] == (" …", None)
    assert (segments[0] == ("… ", None)) == (at > MARGIN)
