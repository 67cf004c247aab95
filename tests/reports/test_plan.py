"""The action plan: who must act on each confirmed conflict, what is proposed, who decides, and how urgent it is."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy.orm import Session, sessionmaker

from analyzer.errors import UsageError
from analyzer.reports.action_plan import clash_sentence, make_items, propose_measure, who_acts, yielding_side
from analyzer.reports.acts import acts_on
from analyzer.reports.clash import Clash, SideText
from analyzer.reports.layout import Run
from analyzer.reports.plan_document import make_plan, plan_sheets, write_plan
from analyzer.reports.rendering import render_report
from analyzer.reports.steering_load import measure_load
from analyzer.review.decisions import decide
from analyzer.store.queries import ConflictFilter, conflict_page
from tests.reports.reading import read_report
from tests.ui.planted import fill

DOCUMENTS = ("docx", "pdf", "html")


@pytest.fixture
def confirmed(sessions: sessionmaker[Session]) -> sessionmaker[Session]:
    """A regional plan against a national order: two conflicts confirmed, one dismissed, one open."""
    fill(sessions)
    with sessions.begin() as session:
        decide(session, 1, reviewer="Anna", decision="confirm", comment="Tas upp i mars")
        decide(session, 3, reviewer="Bo", decision="confirm")
        decide(session, 2, reviewer="Bo", decision="dismiss", reason="time")
    return sessions


def side(title: str, issuer: str | None, level: str | None = "regional") -> SideText:
    """A side of nothing but what the plan goes by."""
    return SideText(title, issuer, level, "x.md", (Run("Polisen ska "), Run("öka närvaron", mark=True)), "")


def clash(a: SideText, b: SideText, prevailing: int | None = None) -> Clash:
    """A conflict without a remedy."""
    return Clash(1, "contradiction", 2, 0.9, a, b, (), prevailing, None, None)


def test_only_confirmed_conflicts_and_the_most_urgent_first(confirmed: sessionmaker[Session]) -> None:
    with confirmed() as session:
        views = conflict_page(session, ConflictFilter(statuses=("confirm",)))
        items = make_items(views, acts_on(session, views))
    assert [item.clash.number for item in items] == [1, 3]
    first = items[0]
    # Chance 0.97, clear (2), the higher side national (1.2).
    assert first.score == pytest.approx(0.97 * 2 * 1.2) and first.priority == "high"
    assert first.document == "Verksamhetsplan Öst" and first.unit == "Polisregion Öst"
    assert first.decides == "Polisregion Öst (regional nivå)"
    assert first.sentence == (
        "”öka den synliga närvaron” i Verksamhetsplan Öst går inte att förena med "
        "”ska … minska den synliga närvaron” i Beslut om hushållning."
    )
    assert first.measure == "Rikta kravet i Verksamhetsplan Öst till någon annan än Polisregion Öst."
    assert first.decided_by == "Anna" and first.comment == "Tas upp i mars"


@pytest.mark.parametrize(
    ("one", "other", "unit"),
    [
        ("Polisregion Syd", "Polisregion Syd", "Polisregion Syd"),
        ("Polisregion Syd", "Polisregion Öst", "Polismyndigheten"),
        ("Polismyndigheten", "polisregion Öst", "Polismyndigheten"),
        ("Polismyndigheten", "Regeringen", "Regeringen"),
    ],
)
def test_where_neither_gives_way_the_lowest_unit_above_both_decides(one: str, other: str, unit: str) -> None:
    found, decides = who_acts(clash(side("Plan", one), side("Beslut", other)))
    assert found == unit and unit in decides


def test_issuers_that_nobody_knows_are_named() -> None:
    found, _decides = who_acts(clash(side("Plan", "Föreningen Ax"), side("Beslut", None)))
    assert found == "Närmast gemensamma överordnade till Föreningen Ax och okänd utgivare"


def test_the_side_that_does_not_prevail_changes() -> None:
    conflict = clash(side("Plan", "A"), side("Beslut", "B"), prevailing=0)
    yielding = yielding_side(conflict)
    assert yielding is not None and yielding.title == "Beslut" and who_acts(conflict)[0] == "B"
    assert propose_measure(conflict).endswith("Ändringen görs i Beslut.")
    assert "Ändringen" not in propose_measure(replace(conflict, prevailing=None))
    assert (
        clash_sentence(replace(conflict, kind="target")) == "Plan anger ”öka närvaron” där Beslut anger ”öka närvaron”."
    )


@pytest.mark.parametrize("format_", DOCUMENTS)
def test_the_document_has_figures_measures_and_lines_to_fill_in(confirmed: sessionmaker[Session], format_: str) -> None:
    with confirmed() as session:
        content, count = write_plan(session, format_)
    text = read_report(content, format_)
    assert count == 2 and "2 bekräftade konflikter · hela dokumentsamlingen" in text
    for words in (
        "Planen omfattar 2 åtgärder i 1 dokument. Av dem har 2 hög, 0 medelhög och 0 låg prioritet.",
        "Åtgärd 1 · hög prioritet · motsägelse",
        "Ändras i: Verksamhetsplan Öst",
        "Föreslagen åtgärd: Rikta kravet",
        "Beslutar: Polisregion Öst (regional nivå)",
        "Ansvarig: ……",
        "Slutdatum: ……",
        "Läge: Ej påbörjad",
        "Bekräftad av Anna",
        "Kommentar: Tas upp i mars",
    ):
        assert words in text, words
    assert "Prioriteringskonflikt" not in text


def test_steering_load_counts_each_unit_once_a_signal(confirmed: sessionmaker[Session]) -> None:
    with confirmed() as session:
        views = conflict_page(session, ConflictFilter(statuses=("confirm",)))
        loads = {load["unit"]: load for load in (found.as_json() for found in measure_load(session, views))}
    east = loads["Polisregion Öst"]
    assert east["signals"] == 4 and east["obligations"] == 4 and east["documents"] == 2 and east["levels"] == 2
    assert east["priorities"] == 1 and east["conflicts"] == 1
    assert loads["(ingen angiven mottagare)"]["signals"] == 1 and loads["Rikspolischefen"]["conflicts"] == 1


def test_json_and_sheets_hold_the_same_measures(confirmed: sessionmaker[Session]) -> None:
    with confirmed() as session:
        plan = json.loads(write_plan(session, "json")[0])
        content, _count = write_plan(session, "xlsx")
        views = conflict_page(session, ConflictFilter(statuses=("confirm",)))
        sheets = plan_sheets(make_items(views, acts_on(session, views)), measure_load(session, views))
    assert plan["summary"] == {"items": 2, "documents": 1, "high": 2, "medium": 0, "low": 0, "undecided": 0}
    assert [row["Par"] for row in sheets["Åtgärder"]] == [item["pair"] for item in plan["items"]] == [1, 3]
    assert plan["items"][0]["responsible"] is None and plan["items"][0]["a_quote"].startswith("Polisregion Öst ska")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert all(f'name="{name}"' in archive.read("xl/workbook.xml").decode() for name in sheets)
        assert "Rikta kravet" in archive.read("xl/sharedStrings.xml").decode()


def test_nothing_confirmed_and_no_such_format(sessions: sessionmaker[Session]) -> None:
    report = make_plan([], [], "allt", date(2026, 11, 29))
    assert "inget att åtgärda" in read_report(render_report(report, "docx"), "docx")
    with sessions() as session:
        assert write_plan(session, "pdf")[1] == 0
        with pytest.raises(UsageError, match="docx"):
            write_plan(session, "odt")
