"""The export page: what the filter lets through becomes a file for the person who asked."""

import json
from collections.abc import Iterator
from typing import Any

import gradio as gr
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from analyzer.review.decisions import decide
from analyzer.settings import Settings
from analyzer.store.schema import AuditRow
from tests.reports.reading import read_report
from ui.access import Visitor, acting
from ui.downloads import PATH
from ui.exports import ALL, FILES, FILTERED, ExportPage
from ui.filters import FilterBar
from ui.frame import House
from ui.jobs import Jobs
from ui.language import load_language

ANNA = Visitor("anna", "reviewer")


@pytest.fixture
def house(sessions: sessionmaker[Session]) -> Iterator[House]:
    jobs = Jobs("sqlite://", Settings())
    with sessions.begin() as session:
        decide(session, 1, reviewer="anna", decision="confirm")
    yield House(sessions, Settings(), jobs, load_language("sv"))
    jobs.close()


@pytest.fixture
def page(house: House) -> ExportPage:
    with gr.Blocks():
        return ExportPage(house, FilterBar(house))


def filters(page: ExportPage, **changed: Any) -> list[Any]:
    """What the filter bar holds, with some of it changed."""
    values = {name: component.value for name, component in page.bar.by_name.items()}
    return [*(values | changed).values(), page.bar.scope.value]


def fetch(house: House, button: dict[str, Any]) -> bytes:
    """The file behind the button, for the person who acts."""
    assert button["visible"] and button["link"].startswith(PATH)
    found = house.downloads.find(button["link"].removeprefix(f"{PATH}/"), house.visitor())
    assert found is not None
    return found.make()


def test_the_filter_of_the_queue_is_what_is_exported(house: House, page: ExportPage) -> None:
    with acting(ANNA):
        assert "3 flaggor" in page.tell("json", FILTERED, *filters(page))[0]
        told, button = page.make("json", FILTERED, *filters(page))
        rows = json.loads(fetch(house, props(button)))
        assert "3 flaggor" in told and {row["status"] for row in rows} == {"open"}
        everything = page.make("json", ALL, *filters(page))[1]
        assert len(json.loads(fetch(house, props(everything)))) == 4
        narrow = page.make("json", FILTERED, *filters(page, types=["priority"]))[1]
        assert [row["pair"] for row in json.loads(fetch(house, props(narrow)))] == [2]


def test_the_page_says_which_flags_are_counted(house: House, page: ExportPage) -> None:
    with acting(ANNA):
        told = page.tell("json", FILTERED, *filters(page, least=20))[0].replace("\u00a0", " ")
        assert told == "Urvalet har 3 flaggor. Räknat från 20 % sannolikhet, urvalets gräns under Granska."
        for what, which, count in (
            ("json", FILTERED, "Urvalet har 3 flaggor."),
            ("json", ALL, "Urvalet har 4 flaggor."),
            ("plan.pdf", ALL, "Åtgärdsplanen tar med de bekräftade konflikterna i urvalet: 1."),
        ):
            told = page.tell(what, which, *filters(page))[0].replace("\u00a0", " ")
            assert told == f"{count} Räknat vilken sannolikhet de än har; översikten räknar öppna flaggor från 10 %."
        assert page.tell("csv", FILTERED, *filters(page, types=["priority"]))[0].startswith("Urvalet har 1 flagga. ")


def test_a_plan_takes_the_confirmed_whatever_the_queue_shows(house: House, page: ExportPage) -> None:
    with acting(ANNA):
        assert "urvalet: 1." in page.tell("plan.docx", FILTERED, *filters(page))[0]
        button = page.make("plan.docx", FILTERED, *filters(page))[1]
        text = read_report(fetch(house, props(button)), "docx")
        assert "1 bekräftade konflikter · typ" not in text and "Åtgärd 1 · hög prioritet · motsägelse" in text
        empty = page.make("plan.pdf", FILTERED, *filters(page, types=["priority"]))[1]
        assert "inget att åtgärda" in read_report(fetch(house, props(empty)), "pdf")


@pytest.mark.parametrize("what", FILES)
def test_every_file_is_made_and_logged(house: House, page: ExportPage, what: str) -> None:
    with acting(ANNA):
        content = fetch(house, props(page.make(what, ALL, *filters(page))[1]))
    assert content[:4] in (b"PK\x03\x04", b"%PDF", b"\xef\xbb\xbfP", b"[\n {")
    with house.sessions() as session:
        log = session.scalars(select(AuditRow)).all()
    assert [(row.person, row.act, row.object) for row in log] == [("anna", "export", what)]


def test_what_is_not_offered_is_refused(house: House, page: ExportPage) -> None:
    with acting(ANNA), pytest.raises(gr.Error):
        page.make("../x", ALL, *filters(page))


def props(button: Any) -> dict[str, Any]:
    """What an answer sets on a button."""
    return button if isinstance(button, dict) else {"visible": button.visible, "link": button.link}
