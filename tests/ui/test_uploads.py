"""Uploads on the real reading stages: looked at first, then taken in as people say. Comparing is left out."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import gradio as gr
import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from analyzer.progress import Silent
from analyzer.settings import Settings
from analyzer.store.database import open_database
from analyzer.store.queries import active_documents
from analyzer.store.schema import DocumentRow, SignalRow
from ui.frame import House
from ui.jobs import Job, Jobs
from ui.language import load_language
from ui.metadata_form import form_values
from ui.upload import UploadPage
from ui.upload_intake import OWN, Intake
from ui.uploads import LookAnswer, TakeOrder, file_of, look_at, take_in_files

PLAN = "# Verksamhetsplan\n\nPolisregion Öst, 2026-01-15\n\nPolisregion Öst ska öka närvaron i Sjöstaden under 2026.\n"
OTHER = "# Verksamhetsplan\n\nPolisregion Syd, 2026-01-15\n\nPolisregion Syd ska minska övertiden under 2026.\n"
RECORDS = (
    '{"id": "a/1", "title": "Ett", "text": "Polisen ska öka närvaron."}\n{"id": "a/2", "title": "Två", "text": "x"}'
)


@pytest.fixture
def sessions(tmp_path: Path) -> sessionmaker[Session]:
    """An empty store."""
    return open_database(str(tmp_path / "store.db"))


@pytest.fixture
def upload(tmp_path: Path, sessions: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch) -> Any:
    """Uploads files by name and text: looks at them, or takes them in as ordered."""
    monkeypatch.setattr("analyzer.scan.compare_new", lambda *_arguments: None)
    rounds = iter(range(100))

    def run(texts: dict[str, str], order: TakeOrder | None = None) -> Any:
        folder = tmp_path / str(next(rounds))
        folder.mkdir()
        monkeypatch.chdir(folder)
        for name, text in texts.items():
            Path(name).write_text(text, encoding="utf-8")
        files = sorted(Path().iterdir())
        settings = Settings(workers=1)
        if order is None:
            return look_at(files, sessions, settings, Silent())
        return take_in_files(files, sessions, settings, Silent(), order)

    return run


def rows(sessions: sessionmaker[Session]) -> Sequence[DocumentRow]:
    """Documents in force."""
    with sessions() as session:
        return active_documents(session)


def test_looking_tells_what_is_known_and_stores_nothing(upload: Any, sessions: sessionmaker[Session]) -> None:
    answer: LookAnswer = upload({"plan.md": PLAN, "program.pdf": "MZ"})
    (one,) = answer.documents
    assert one.metadata.title == "Verksamhetsplan" and one.metadata.issuer == "Polisregion Öst" and one.known == "new"
    assert [source for source, _reason in answer.skipped] == ["program.pdf"] and answer.questions == ()
    assert rows(sessions) == []
    upload({"plan.md": PLAN}, TakeOrder())
    again = upload({"plan.md": PLAN, "kopia.md": PLAN})
    assert [(one.file, one.known, one.earlier) for one in again.documents] == [
        ("kopia.md", "same", "Verksamhetsplan"),
        ("plan.md", "same", "Verksamhetsplan"),
    ]
    other = upload({"plan.md": OTHER})
    assert other.questions == ("plan.md",) and other.documents[0].earlier_version == 1
    assert len(rows(sessions)) == 1


def test_a_new_version_takes_the_place_of_the_earlier(upload: Any, sessions: sessionmaker[Session]) -> None:
    upload({"plan.md": PLAN}, TakeOrder())
    upload({"plan.md": OTHER}, TakeOrder())
    assert [(row.key, row.version) for row in rows(sessions)] == [("plan.md", 2)]


def test_a_document_of_its_own_gets_a_free_name(upload: Any, sessions: sessionmaker[Session]) -> None:
    upload({"plan.md": PLAN}, TakeOrder())
    corrections = {"plan.md": {"title": "Plan Syd"}}
    upload({"plan.md": OTHER, "plan (2).md": PLAN + "\nMer.\n"}, TakeOrder(corrections, own=("plan.md",)))
    found = {row.key: (row.version, row.corrected) for row in rows(sessions)}
    assert found == {"plan.md": (1, {}), "plan (2).md": (1, {}), "plan (3).md": (1, {"title": "Plan Syd"})}


def test_corrections_hold_before_signals_are_read(upload: Any, sessions: sessionmaker[Session]) -> None:
    upload({"plan.md": PLAN}, TakeOrder({"plan.md": {"level": "local", "issuer": "Lokalpolisområde Ekhaga"}}))
    (row,) = rows(sessions)
    assert row.guessed["issuer"] == "Polisregion Öst" and row.guessed["level"] == "regional"
    assert row.corrected == {"level": "local", "issuer": "Lokalpolisområde Ekhaga"}
    with sessions() as session:
        frames = session.scalars(select(SignalRow.frame)).all()
    assert frames and {frame["level"] for frame in frames} == {"local"}


def test_records_of_one_file_are_asked_about_once(upload: Any, sessions: sessionmaker[Session]) -> None:
    assert file_of("a/x.jsonl.gz#a/1") == "a/x.jsonl.gz" and file_of("plan #2.md") == "plan #2.md"
    upload({"x.jsonl": RECORDS}, TakeOrder())
    changed = RECORDS.replace("närvaron", "övertiden")
    assert upload({"x.jsonl": changed}).questions == ("x.jsonl",)
    upload({"x.jsonl": changed}, TakeOrder(own=("x.jsonl",)))
    with sessions() as session:
        keys = session.scalars(select(DocumentRow.key).where(DocumentRow.status == "active")).all()
        assert session.scalar(select(func.count()).select_from(DocumentRow).where(DocumentRow.version > 1)) == 0
    assert "x (2).jsonl#a/1" in keys and "x.jsonl#a/1" in keys


def test_a_choice_that_is_told_twice_keeps_no_form_under_another_document(
    upload: Any, sessions: sessionmaker[Session], tmp_path: Path
) -> None:
    answer = upload({"a.md": PLAN, "b.md": OTHER})
    house = House(sessions, Settings(), Jobs("sqlite://", Settings()), load_language("sv"))
    with gr.Blocks():
        page = UploadPage(house)
    form = ["Ny titel", *form_values(answer.documents[0].metadata)[1:]]
    first = page.pick(Intake(Job("read", tmp_path), answer), "a.md", "b.md", None, *form)
    assert first[page.form["title"]] == "Verksamhetsplan"
    # The form on the screen has not changed yet when the second comes.
    again = page.pick(first[page.intake], first[page.shown], "b.md", None, *form)
    intake = again.get(page.intake, first[page.intake])
    assert again[page.shown] == "b.md" and page.form["title"] not in again
    assert list(intake.corrections()) == ["a.md"] and intake.corrections()["a.md"]["title"] == "Ny titel"


def test_the_answer_on_the_screen_counts_where_one_goes_on_at_once(
    upload: Any, sessions: sessionmaker[Session], tmp_path: Path
) -> None:
    """The answer travels with what is done next, which cannot run ahead of it."""
    upload({"a.md": PLAN}, TakeOrder())
    answer = upload({"a.md": PLAN.replace("närvaron", "övertiden"), "b.md": OTHER})
    assert answer.questions == ("a.md",)
    with gr.Blocks():
        page = UploadPage(House(sessions, Settings(), Jobs("sqlite://", Settings()), load_language("sv")))
    intake, form = Intake(Job("read", tmp_path), answer), form_values(answer.documents[0].metadata)
    assert page.fault(page.pick(intake, "a.md", "b.md", None, *form)[page.intake]) is not None
    told = page.pick(intake, "a.md", "b.md", OWN, *form)[page.intake]
    assert told.answers == {"a.md": OWN} and page.fault(told) is None
    asked = next(page.take_in(intake, "a.md", None, *form))
    assert asked[page.notice].startswith("Ange först om a")
