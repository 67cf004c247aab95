"""Översikt: what is in the store, what waits, and where the flags lie; every figure leads into the queue."""

from __future__ import annotations

from typing import Any

import gradio as gr
from sqlalchemy.orm import Session

from analyzer.store.overview import AS_NAMED, REGIONS, count_standings, count_waiting, open_flags
from analyzer.store.queries import OPEN, ConflictFilter, conflict_count, counts
from ui.filters import LEAST, Scope
from ui.frame import QUICK, House
from ui.link_tables import link
from ui.overview_parts import (
    Counted,
    document_titles,
    heat_part,
    kinds_part,
    levels_part,
    load_part,
    network_part,
    pair_table,
    related_documents,
    related_units,
    time_part,
    types_part,
)
from ui.review import ReviewPage
from ui.ways import Way, read_way

#: What the network is of.
DOCUMENTS, UNITS = "documents", "units"
#: How far down units are told by themselves: authorities, regions and departments, or as they are named.
DEPTHS = {"overview.depth_authorities": 1, "overview.depth_regions": REGIONS, "overview.depth_named": AS_NAMED}


class OverviewPage:
    """The components of the page and what happens between them."""

    def __init__(self, house: House) -> None:
        self.house = house
        t = self.t = house.t
        # The page's script writes the way of a clicked link or point here.
        self.way = gr.Textbox(elem_id="way-granska", elem_classes="unseen", container=False, render=False)
        self.figures = gr.Markdown(elem_classes="live", elem_id="figures")
        self.waiting = gr.Markdown(elem_id="waiting")
        with gr.Row(equal_height=False, elem_classes="controls"):
            self.least = gr.Slider(0, 100, value=LEAST, step=1, label=t("overview.least"), scale=1)
            depths = [(t(name), depth) for name, depth in DEPTHS.items()]
            self.depth = gr.Dropdown(depths, value=REGIONS, label=t("overview.depth"), scale=1)
            self.decided = gr.Markdown(elem_classes="muted")
            self.refresh = gr.Button(t("overview.refresh"), scale=0, min_width=140)
        gr.Markdown(t("overview.hint"), elem_classes="muted")
        with gr.Row(equal_height=False):
            self.types_plot, self.types = self.figure("overview.by_type", "types")
            self.levels_plot, self.levels = self.figure("overview.by_level", "levels")
        with gr.Row(equal_height=False):
            self.heat_plot, self.pairs, self.heat_note = self.figure("overview.by_documents", "pairs", noted=True)
            self.units_plot, self.unit_pairs, self.units_note = self.figure(
                "overview.by_units", "unit-pairs", noted=True
            )
        with gr.Column():
            choices = [(t("overview.network_documents"), DOCUMENTS), (t("overview.network_units"), UNITS)]
            self.what = gr.Radio(choices, value=DOCUMENTS, label=t("overview.network_what"))
            self.network_plot = gr.Plot(label=t("overview.network"), elem_id="plot-network")
            self.network_note = gr.Markdown(elem_classes="muted")
        with gr.Row(equal_height=False):
            self.time_plot, self.weeks = self.figure("overview.by_week", "weeks")
            self.load_plot, self.load, self.load_note = self.figure("overview.load", "load", noted=True)
        gr.Markdown(f"### {t('overview.in_force')}")
        self.kinds = gr.Markdown(elem_id="overview-kinds", elem_classes="figures-table")

    def figure(self, title: str, name: str, *, noted: bool = False) -> tuple[Any, ...]:
        """A chart, and the same figures as a table under it; a note of what is left out where there may be one."""
        with gr.Column(min_width=480):
            plot = gr.Plot(label=self.t(title), elem_id=f"plot-{name}")
            note = [gr.Markdown(elem_classes="muted")] if noted else []
            table = gr.Markdown(elem_id=f"overview-{name}", elem_classes="figures-table")
        return plot, table, *note

    @property
    def inputs(self) -> list[Any]:
        """Inputs of `fill`, in its order."""
        return [self.least, self.depth, self.what]

    @property
    def outputs(self) -> list[Any]:
        """Everything that `fill` gives values for, in its order."""
        return [
            self.figures,
            self.waiting,
            self.decided,
            self.types_plot,
            self.types,
            self.levels_plot,
            self.levels,
            self.heat_plot,
            self.heat_note,
            self.pairs,
            self.units_plot,
            self.units_note,
            self.unit_pairs,
            self.network_plot,
            self.network_note,
            self.time_plot,
            self.weeks,
            self.load_plot,
            self.load,
            self.load_note,
            self.kinds,
        ]

    def connect(self, tabs: gr.Tabs, review: ReviewPage) -> None:
        """Refresh, and the way into the queue."""
        self.review = review
        self.way.render()  # outside of the tabs: what a tab holds is there only once it has been opened
        for event in (self.refresh.click, self.least.release, self.depth.input):
            event(self.fill, self.inputs, self.outputs, **QUICK)
        self.what.input(self.draw_network, self.inputs, [self.network_plot, self.network_note], **QUICK)
        # Each way counts, also one that comes while the one before is still followed.
        followed = self.way.change(
            self.follow, [self.way], [tabs, *review.bar.preset_outputs], **{**QUICK, "trigger_mode": "multiple"}
        )
        followed.then(review.refill, review.bar.inputs, review.outputs, **QUICK)

    def come_by(self, landing: Any) -> None:
        """Follow the address of the page itself, once what else happens on arrival has happened."""
        landing.then(self.arrive, None, [self.way], **QUICK)

    def arrive(self, request: gr.Request) -> Any:
        """The way that the page's address tells, if it does."""
        address = f"?{request.query_params}"
        return address if read_way(address) else gr.skip()

    def follow(self, address: str) -> list[Any]:
        """Open the queue with the flags that a way leads to; nothing happens where it leads nowhere."""
        way = read_way((address or "").partition("#")[0])
        if way is None:
            return [gr.skip()] * (1 + len(self.review.bar.preset_outputs))
        wanted = {
            "types": [way.type] if way.type else [],
            "grade": way.grade,
            "least": way.least,
            "levels": [way.level] if way.level else [],
            "statuses": [way.status or OPEN],
            "assigned": way.assigned,
        }
        with self.house.session() as session:
            scope = self.scope_of(session, way)
        return [gr.Tabs(selected="review"), *self.review.bar.values_of(wanted, scope)]

    def scope_of(self, session: Session, way: Way) -> Scope:
        """The way's documents and units under the names that the reader knows them by."""
        t = self.t
        if way.documents:
            titles = document_titles(t, session, way.documents)
            a, b = (titles.get(one, "") for one in (way.documents[0], way.documents[-1]))
            if len(way.documents) == 1:
                return Scope(documents=way.documents, label=a)
            label = t("review.within", document=a) if a == b else t("review.between", a=a, b=b)
            return Scope(between=(way.documents[0], way.documents[1]), label=label)
        if way.units:
            label = way.units[0] if len(way.units) == 1 else t("review.between", a=way.units[0], b=way.units[1])
            return Scope(units=way.units, unit_depth=way.depth, label=label)
        if way.signals:
            return Scope(signals=way.signals, label=t("search.signal"))
        return Scope()

    def fill(self, least: float, depth: int, what: str) -> list[Any]:
        """Values for `outputs`."""
        t, counted = self.t, Counted(int(least), int(depth))
        with self.house.session() as session:
            figures, waiting, decided = self.figure_lines(session, counted)
            with open_flags(session, least / 100):
                types, levels = types_part(t, session, counted), levels_part(t, session, counted)
                documents, units = related_documents(t, session, counted), related_units(t, session, counted)
                weeks = time_part(t, session)
            load, kinds = load_part(t, session, counted), kinds_part(t, session)
            session.rollback()
        return [
            figures,
            waiting,
            decided,
            *types,
            *levels,
            *heat_part(t, documents),
            pair_table(t, documents, "overview.document_a"),
            *heat_part(t, units),
            pair_table(t, units, "overview.unit"),
            *network_part(t, units if what == UNITS else documents),
            *weeks,
            *load,
            kinds,
        ]

    def draw_network(self, least: float, depth: int, what: str) -> list[Any]:
        """The network of documents or of units."""
        related = related_units if what == UNITS else related_documents
        counted = Counted(int(least), int(depth))
        with self.house.session() as session:
            with open_flags(session, least / 100):
                found = related(self.t, session, counted)
            session.rollback()
        return list(network_part(self.t, found))

    def figure_lines(self, session: Session, counted: Counted) -> tuple[str, str, str]:
        """The key figures, what waits with the ways to it, and the decisions so far."""
        t = self.t
        number, standings, waiting = counts(session), count_standings(session), count_waiting(session)
        if not number["documents"]:
            return t("overview.empty"), "", ""
        decided = {name: count for name, count in standings.items() if name not in (OPEN, "disagreed")}
        open_count = conflict_count(session, ConflictFilter(statuses=(OPEN,), least_probability=counted.least / 100))
        figures = t(
            "overview.figures",
            documents=t.number(number["documents"]),
            signals=t.number(number["signals"]),
            open=t.number(open_count),
            decided=t.number(sum(decided.values())),
        )
        told = [f"{t.name('statuses', name).lower()} {t.number(count)}" for name, count in sorted(decided.items())]
        ways = [
            link(t("overview.waiting_open", count=t.number(open_count)), counted.way()),
            link(t("overview.waiting_mine"), Way(assigned="@me").address),
            link(
                t("overview.waiting_disagreed", count=t.number(waiting["disagreed"])), Way(status="disagreed").address
            ),
        ]
        waits = t("overview.waiting", list=" · ".join(ways), assigned=t.number(waiting["assigned"]))
        return figures, waits, t("overview.decided", list=", ".join(told)) if told else t("overview.none_decided")
