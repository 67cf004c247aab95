import re
from pathlib import Path

import gradio as gr
import pytest
from sqlalchemy.orm import Session, sessionmaker

from analyzer.review.decisions import decide
from analyzer.settings import Settings
from analyzer.store.database import open_database
from analyzer.store.overview import REGIONS
from analyzer.store.queries import OPEN, ConflictFilter, conflict_count
from ui.frame import House
from ui.jobs import Jobs
from ui.language import load_language
from ui.overview import OverviewPage
from ui.review import ReviewPage
from ui.ways import read_way

NAMES = [
    "figures",
    "waiting",
    "decided",
    "types_plot",
    "types",
    "levels_plot",
    "levels",
    "heat_plot",
    "heat_note",
    "pairs",
    "units_plot",
    "units_note",
    "unit_pairs",
    "network_plot",
    "network_note",
    "time_plot",
    "weeks",
    "load_plot",
    "load",
    "load_note",
    "kinds",
]


class Pages:
    """The overview beside the queue that it leads into."""

    def __init__(self, sessions: sessionmaker[Session]) -> None:
        house = House(sessions, Settings(), Jobs("sqlite://", Settings()), load_language("sv"))
        house.jobs.close()
        with gr.Blocks():
            with gr.Tabs() as tabs, gr.Tab("x"):
                self.overview = OverviewPage(house)
                self.review = ReviewPage(house)
            self.overview.connect(tabs, self.review)
        self.house = house

    def fill(self, least: int = 50, depth: int = REGIONS, what: str = "documents") -> dict[str, object]:
        """What the page shows, by name."""
        values = self.overview.fill(least, depth, what)
        assert [getattr(self.overview, name) for name in NAMES] == self.overview.outputs
        return dict(zip(NAMES, values, strict=True))

    def led_to(self, address: str) -> ConflictFilter:
        """The queue's filter after following a way."""
        _tab, *values = self.overview.follow(address)
        with self.house.session() as session:
            return self.review.bar.read(session, *values[: len(self.review.bar.inputs)])


@pytest.fixture
def pages(sessions: sessionmaker[Session]) -> Pages:
    """Over the planted store."""
    return Pages(sessions)


def rows(table: object) -> list[list[str]]:
    """The cells of a Markdown table under its head, links as their words."""
    lines = str(table).splitlines()[2:]
    return [[re.sub(r"\[(.*?)\]\(.*?\)", r"\1", cell.strip()) for cell in line.strip("|").split("|")] for line in lines]


def test_figures_and_tables_tell_what_is_in_the_store(pages: Pages, sessions: sessionmaker[Session]) -> None:
    with sessions.begin() as session:
        decide(session, 1, reviewer="anna", decision="confirm")
    told = pages.fill()
    assert told["figures"] == "**2** dokument · **7** styrsignaler · **3** öppna flaggor · **1** avgjord"
    assert told["decided"] == "Beslut hittills: bekräftad 1"
    assert rows(told["types"]) == [
        ["Ansvarskonflikt", "1", "0", "1"],
        ["Prioriteringskonflikt", "1", "0", "1"],
        ["Målkonflikt", "0", "1", "1"],
    ]
    assert rows(told["levels"]) == [["Nationell", "3", "3"], ["Regional", "3", "3"]]
    assert rows(told["pairs"]) == [["Verksamhetsplan Öst", "Beslut om hushållning", "Ansvarskonflikt", "3"]]
    assert [list(row) for row in told["heat_plot"].data[0].z] == [[0, 3], [3, 0]]
    assert rows(told["load"])[0] == ["Polisregion Öst", "4", "1", "0", "2"]
    assert rows(told["weeks"])[0][1:] == ["2", "3", "1"]
    assert [row[1:] for row in rows(told["kinds"])] == [["Nationell", "1"], ["Regional", "1"]]


def ways_in(told: dict[str, object]) -> dict[str, int]:
    """Every way in the tables beside a number, with the number."""
    found = {}
    for name in ("waiting", "types", "pairs", "unit_pairs"):
        for words, address in re.findall(r"\[([^\]]*)\]\((\?[^)]*)\)", str(told[name])):
            if number := re.match(r"\d+", words):
                found[address] = int(number.group())
    return found


@pytest.mark.parametrize("depth", [1, REGIONS, 99])
def test_every_number_leads_to_as_many_flags(pages: Pages, sessions: sessionmaker[Session], depth: int) -> None:
    ways = ways_in(pages.fill(10, depth))
    assert len(ways) > 8
    with sessions() as session:
        counts = {address: conflict_count(session, pages.led_to(address)) for address in ways}
    assert counts == ways


@pytest.mark.parametrize("what", ["documents", "units"])
def test_every_point_leads_to_as_many_flags(pages: Pages, sessions: sessionmaker[Session], what: str) -> None:
    told = pages.fill(10, REGIONS, what)
    with sessions() as session:
        for name in ("heat_plot", "units_plot"):
            heat = told[name].data[0]
            for counts, ways in zip(heat.z, heat.customdata, strict=True):
                for count, way in zip(counts, ways, strict=True):
                    assert bool(way) == bool(count)
                    assert not way or conflict_count(session, pages.led_to(way)) == count
        for bar in told["types_plot"].data:
            for count, way in zip(bar.x, bar.customdata, strict=True):
                assert conflict_count(session, pages.led_to(way)) == count
        handles, nodes = told["network_plot"].data[-2:]
        loads = [int(re.search(r"<br>(\d+)", text).group(1)) for text in nodes.hovertext]
        # A node leads to all of its flags, those with a side that names no unit too.
        assert all(
            conflict_count(session, pages.led_to(way)) >= n for way, n in zip(nodes.customdata, loads, strict=True)
        )
        assert all(loads)
        assert all(read_way(way) for way in handles.customdata)


def test_the_network_is_drawn_by_itself(pages: Pages) -> None:
    figure, note = pages.overview.draw_network(10, REGIONS, "units")
    assert "Polisregion Öst" in figure.data[-1].text and note == ""


def test_a_way_sets_the_whole_filter(pages: Pages) -> None:
    chosen = pages.led_to("?vy=granska&typ=target&grad=2&niva=local&minst=20&tilldelad=%40me")
    assert (chosen.types, chosen.grade, chosen.levels, chosen.statuses) == (("target",), 2, ("local",), (OPEN,))
    assert chosen.least_probability == 0.2 and chosen.assignee == Settings().reviewer
    disagreed = pages.led_to("?vy=granska&status=disagreed")
    assert disagreed.statuses == ("disagreed",)


def test_what_is_no_way_changes_nothing(pages: Pages) -> None:
    for address in ("", "https://example.com", "?vy=dokument&dokument=1"):
        assert {type(value) for value in pages.overview.follow(address)} == {type(gr.skip())}


@pytest.mark.parametrize(("least", "open_flags"), [(0, 4), (60, 3), (90, 1), (99, 0)])
def test_the_threshold_decides_what_counts(pages: Pages, least: int, open_flags: int) -> None:
    named = "öppen flagga" if open_flags == 1 else "öppna flaggor"
    assert f"**{open_flags}** {named} ·" in pages.fill(least)["figures"]


def test_an_empty_store_says_how_to_begin(tmp_path: Path) -> None:
    told = Pages(open_database(str(tmp_path / "empty.db"))).fill()
    assert told["figures"] == "Databasen är tom. Börja med att ladda upp dokument."
    assert all(told[name] == "" for name in ("waiting", "types", "pairs", "unit_pairs", "weeks", "load", "kinds"))
