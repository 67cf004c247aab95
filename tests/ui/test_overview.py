from pathlib import Path

import gradio as gr
import pytest
from sqlalchemy.orm import Session, sessionmaker

from analyzer.review.decisions import decide
from analyzer.settings import Settings
from analyzer.store.database import open_database
from ui.filters import Scope
from ui.frame import House
from ui.jobs import Jobs
from ui.language import load_language
from ui.overview import OverviewPage


def make_page(sessions: sessionmaker[Session]) -> OverviewPage:
    house = House(sessions, Settings(), Jobs("sqlite://", Settings()), load_language("sv"))
    house.jobs.close()
    with gr.Blocks():
        return OverviewPage(house)


def test_figures_and_tables_tell_what_is_in_the_store(sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        decide(session, 1, reviewer="anna", decision="confirm")
    figures, decided, _chart, types, heat, _note, pairs, rows = make_page(sessions).fill(50)
    assert figures == "**2** dokument · **7** styrsignaler · **3** öppna flaggor · **1** avgjorda"
    assert decided == "Beslut hittills: bekräftad 1"
    assert types == [
        ["Ansvarskonflikt", "1", "0", "1"],
        ["Prioriteringskonflikt", "1", "0", "1"],
        ["Målkonflikt", "0", "1", "1"],
    ]
    assert pairs == [["Verksamhetsplan Öst", "Beslut om hushållning", "3"]]
    assert [list(row) for row in heat.data[0].z] == [[0, 3], [3, 0]]
    assert rows.pairs[0][:2] == (1, 2)


def test_rows_lead_to_their_flags(sessions: sessionmaker[Session]) -> None:
    page = make_page(sessions)
    rows = page.fill(50)[-1]
    assert page.choose_type(rows, 1) == (Scope(), ["responsibility"])
    scope, types = page.choose_pair(rows, 0)
    assert (scope.documents, scope.both_sides, types) == ((1, 2), True, [])


@pytest.mark.parametrize(("least", "open_flags"), [(0, 4), (60, 3), (90, 1), (99, 0)])
def test_the_threshold_decides_what_counts(sessions: sessionmaker[Session], least: int, open_flags: int) -> None:
    assert f"**{open_flags}** öppna flaggor" in make_page(sessions).fill(least)[0]


def test_an_empty_store_says_how_to_begin(tmp_path: Path) -> None:
    figures, *_rest = make_page(open_database(str(tmp_path / "empty.db"))).fill(50)
    assert figures == "Databasen är tom. Börja med att ladda upp dokument."
