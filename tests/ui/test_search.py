import re

import gradio as gr
import numpy as np
import pytest
from sqlalchemy.orm import Session, sessionmaker

from analyzer.settings import Settings
from analyzer.store.pairs import store_vectors
from analyzer.store.queries import find_documents
from tests.ui.planted import ENCODER
from ui.documents import DocumentsPage
from ui.frame import House
from ui.jobs import Jobs
from ui.language import load_language
from ui.search import SearchPanel, marked_words
from ui.ways import read_document_way, read_way


def make_house(sessions: sessionmaker[Session]) -> House:
    house = House(sessions, Settings(), Jobs("sqlite://", Settings()), load_language("sv"))
    house.jobs.close()
    return house


@pytest.fixture
def panel(sessions: sessionmaker[Session]) -> SearchPanel:
    with gr.Blocks():
        return SearchPanel(make_house(sessions))


@pytest.fixture
def page(sessions: sessionmaker[Session]) -> DocumentsPage:
    with gr.Blocks():
        return DocumentsPage(make_house(sessions))


def ask(panel: SearchPanel, words: str, units: list[str] | None = None, here: int | None = None) -> tuple[str, str]:
    _asked, note, hits = panel.ask(words, units, [], [], here is not None, here)
    return note, hits


def test_answers_lead_to_their_place_and_show_what_was_asked_for(panel: SearchPanel) -> None:
    note, hits = ask(panel, "närvaro minskar")
    assert note == "Träff 1–1 av 1"
    assert "<mark>minska</mark>" in hits and "<mark>närvaron</mark>" in hits
    (address,) = re.findall(r"\]\((\?[^)]*)\)", hits)
    assert read_document_way(address) == (2, 0)


def test_filters_narrow_the_question(panel: SearchPanel) -> None:
    assert ask(panel, "ska")[0] == "Träff 1–5 av 5"
    assert ask(panel, "ska", here=1)[0] == "Träff 1–3 av 3"
    assert ask(panel, "ska", units=["Polisregion Öst"])[0] == "Träff 1–4 av 4"
    assert ask(panel, "hund*") == (load_language("sv")("search.none"), "")


def test_words_of_documents_stay_words(panel: SearchPanel) -> None:
    _note, hits = ask(panel, "uppföljning onerror")
    assert set(re.findall(r"<(/?\w+)", hits)) == {"mark", "/mark", "br"}
    assert "https://example.com" not in hits.replace("&#46;", "")


def test_pieces_join_with_their_spaces() -> None:
    pieces = [("Minska ", False), ("närvaron", True), (" i ", False), (" ", False), ("city.", False)]
    assert marked_words(pieces) == "Minska <mark>närvaron</mark> i  city&#46;"


def test_pages_turn_and_stop_at_the_ends(panel: SearchPanel) -> None:
    asked, note, _hits = panel.ask("ska", [], [], [], False, None)
    again, same, _hits = panel.turning(50)(asked)
    assert same == note and again.offset == 0
    assert panel.turning(-50)(asked)[1] == note


def test_a_way_opens_the_document_at_its_signal(page: DocumentsPage, sessions: sessionmaker[Session]) -> None:
    tab, _position, listed, *opened = page.follow("?vy=dokument&dokument=2&signal=1#3")
    assert tab.selected == "documents" and listed.value == 2
    shown = dict(zip(map(id, page.outputs), opened, strict=True))
    assert "Beslut om hushållning" in shown[id(page.head)]
    assert "### Styrsignal 2" in shown[id(page.panel)]
    assert any(label and "vald" in label for _words, label in shown[id(page.text)])
    nearest = shown[id(page.nearest)]
    assert "Granska signalens öppna flaggor" in nearest
    (way,) = re.findall(r"\]\((\?vy=granska[^)]*)\)", nearest)
    assert read_way(way).signals == (6,)
    with sessions() as session:
        assert list(find_documents(session, "")) == [1, 2]


def test_the_nearest_are_listed_with_their_likeness(page: DocumentsPage, sessions: sessionmaker[Session]) -> None:
    rows = np.eye(7, dtype=np.float32)
    rows[4] = rows[0] * 0.8 + rows[4] * 0.6
    with sessions.begin() as session:
        store_vectors(session, list(range(1, 8)), rows, ENCODER)
    _tab, _position, _listed, *opened = page.follow("?vy=dokument&dokument=1&signal=0")
    nearest = opened[page.outputs.index(page.nearest)]
    first = nearest.split("\n- ")[1]
    assert first.startswith("**80 %**".replace(" ", "\u00a0")) or first.startswith("**80 %**")
    assert "(?vy=dokument&dokument=2&signal=0)" in first and nearest.count("\n- ") == 6


def test_a_document_that_is_gone_is_told(page: DocumentsPage) -> None:
    _tab, _position, listed, *opened = page.follow("?vy=dokument&dokument=99")
    assert listed.value is None
    assert opened[page.outputs.index(page.head)] == load_language("sv")("search.gone")
    assert {type(value) for value in page.follow("?vy=granska")} == {type(gr.skip())}
