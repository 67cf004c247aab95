"""Översikt: what is in the store, what waits, and where the flags lie; every row leads into the queue."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import gradio as gr
from sqlalchemy.orm import Session

from analyzer.records import CONFLICT_TYPES
from analyzer.review.decisions import DECISIONS, count_decisions
from analyzer.store.queries import OPEN, ConflictFilter, FlagCount, active_documents, count_flags, counts
from ui.charts import HeatMap, heat_chart, type_chart
from ui.filters import LEAST, Scope
from ui.frame import QUICK, House
from ui.review import ReviewPage
from ui.sides import row_title

#: Documents in the heat map, and pairs of documents in the table.
MOST = 20


@dataclass(frozen=True, slots=True)
class Rows:
    """What the rows of the tables stand for: types, and pairs of documents with their titles."""

    types: tuple[str, ...] = ()
    pairs: tuple[tuple[int, int, str], ...] = ()


class OverviewPage:
    """The components of the page and what happens between them."""

    def __init__(self, house: House) -> None:
        self.house = house
        t = self.t = house.t
        self.rows = gr.State(Rows())
        self.figures = gr.Markdown(elem_classes="live", elem_id="figures")
        with gr.Row(equal_height=False):
            self.least = gr.Slider(0, 100, value=LEAST, step=1, label=t("overview.least"), scale=1)
            self.decided = gr.Markdown(elem_classes="muted")
            self.refresh = gr.Button(t("overview.refresh"), scale=0, min_width=140)
        with gr.Row(equal_height=False):
            with gr.Column(min_width=380):
                self.types_plot = gr.Plot(type_chart(t, count_types([])), label=t("overview.by_type"))
                gr.Markdown(t("overview.type_hint"), elem_classes="muted")
                headers = ["overview.type", "overview.clear", "overview.tension", "overview.total"]
                self.types = self.table(headers, "types", ["49%", "17%", "17%", "17%"])
            with gr.Column(min_width=480):
                self.heat_plot = gr.Plot(heat_chart(t, HeatMap([], [], 0)), label=t("overview.by_documents"))
                self.heat_note = gr.Markdown(elem_classes="muted")
                gr.Markdown(t("overview.pair_hint"), elem_classes="muted")
                headers = ["overview.document_a", "overview.document_b", "overview.total"]
                self.pairs = self.table(headers, "pairs", ["44%", "44%", "12%"])

    def table(self, headers: list[str], name: str, widths: list[str | int]) -> gr.Dataframe:
        """A table whose rows can be chosen."""
        return gr.Dataframe(
            headers=[self.t(header) for header in headers],
            datatype="str",
            interactive=False,
            show_label=False,
            wrap=True,
            buttons=[],
            column_widths=widths,
            elem_id=f"overview-{name}",
        )

    @property
    def outputs(self) -> list[Any]:
        """Everything that `fill` gives values for, in its order."""
        return [
            self.figures,
            self.decided,
            self.types_plot,
            self.types,
            self.heat_plot,
            self.heat_note,
            self.pairs,
            self.rows,
        ]

    def connect(self, tabs: gr.Tabs, review: ReviewPage) -> None:
        """Refresh, and the way into the queue."""
        for event in (self.refresh.click, self.least.release):
            event(self.fill, [self.least], self.outputs, **QUICK)
        ways = ((self.types, self.choose_type), (self.pairs, self.choose_pair))
        for table, choose in ways:
            chosen = table.select(
                self.leading(review, choose), [self.rows, self.least], [tabs, *review.bar.preset_outputs], **QUICK
            )
            chosen.then(review.refill, review.bar.inputs, review.outputs, **QUICK)

    def leading(self, review: ReviewPage, choose: Any) -> Any:
        """A handler that opens the queue with the filter of the chosen row."""

        def handle(rows: Rows, least: float, event: gr.SelectData) -> list[Any]:
            scope, types = choose(rows, event.index[0])
            return [gr.Tabs(selected="review"), *review.bar.preset(scope, types=types, least=least)]

        return handle

    def choose_type(self, rows: Rows, at: int) -> tuple[Scope, list[str]]:
        """All flags of the row's type."""
        return Scope(), [rows.types[at]]

    def choose_pair(self, rows: Rows, at: int) -> tuple[Scope, list[str]]:
        """All flags between the row's two documents."""
        a, b, label = rows.pairs[at]
        # Within one document both sides are in it; between two, each must be one of them.
        return Scope(documents=tuple(sorted({a, b})), both_sides=True, label=label), []

    def fill(self, least: float) -> list[Any]:
        """Values for `outputs`."""
        t = self.t
        with self.house.session() as session:
            flags = count_flags(session, ConflictFilter(statuses=(OPEN,), least_probability=least / 100))
            titles = {row.id: row_title(t, row) for row in active_documents(session)}
            figures, decided = self.figure_lines(session, flags)
        by_type = count_types(flags)
        types = [type_ for type_ in CONFLICT_TYPES if sum(by_type[type_].values())]
        heat, between = heat_map(flags, titles), pair_counts(flags)
        pairs = between.most_common(MOST)
        return [
            figures,
            decided,
            type_chart(t, by_type),
            [type_row(t.name("types", type_), by_type[type_]) for type_ in types],
            heat_chart(t, heat),
            t("overview.heat_limit", shown=len(heat.titles), total=t.number(heat.total)) if heat.cut else "",
            [[titles[a], t("overview.same") if a == b else titles[b], str(count)] for (a, b), count in pairs],
            Rows(tuple(types), tuple((a, b, pair_label(t, titles, a, b)) for (a, b), _count in pairs)),
        ]

    def figure_lines(self, session: Session, flags: list[FlagCount]) -> tuple[str, str]:
        """The key figures, and the decisions so far."""
        t = self.t
        number, decisions = counts(session), count_decisions(session)
        standing = {name: decisions.get(name, 0) for name in DECISIONS if name != "reopen"}
        if not number["documents"]:
            return t("overview.empty"), ""
        figures = t(
            "overview.figures",
            documents=t.number(number["documents"]),
            signals=t.number(number["signals"]),
            open=t.number(sum(flag.count for flag in flags)),
            decided=t.number(sum(standing.values())),
        )
        told = [f"{t.name('statuses', name).lower()} {t.number(count)}" for name, count in standing.items() if count]
        return figures, t("overview.decided", list=", ".join(told)) if told else t("overview.none_decided")


def count_types(flags: list[FlagCount]) -> dict[str, Counter[int]]:
    """Number of flags of each conflict type by grade."""
    counted: dict[str, Counter[int]] = {type_: Counter() for type_ in CONFLICT_TYPES}
    for flag in flags:
        counted[flag.type][flag.grade] += flag.count
    return counted


def type_row(name: str, grades: Counter[int]) -> list[str]:
    """One row of the table of types."""
    return [name, str(grades[2]), str(grades[1]), str(grades.total())]


def pair_counts(flags: list[FlagCount]) -> Counter[tuple[int, int]]:
    """Number of flags between two documents."""
    counted: Counter[tuple[int, int]] = Counter()
    for flag in flags:
        counted[flag.document_a, flag.document_b] += flag.count
    return counted


def pair_label(t: Any, titles: dict[int, str], a: int, b: int) -> str:
    """What a scope of one or two documents is called."""
    return t("review.within", document=titles[a]) if a == b else t("review.between", a=titles[a], b=titles[b])


def heat_map(flags: list[FlagCount], titles: dict[int, str]) -> HeatMap:
    """The documents with most flags against each other."""
    between = pair_counts(flags)
    load: Counter[int] = Counter()
    for (a, b), count in between.items():
        for document in {a, b}:
            load[document] += count
    shown = sorted(document for document, _count in load.most_common(MOST))
    matrix = [[between[min(a, b), max(a, b)] for b in shown] for a in shown]
    return HeatMap([titles[document] for document in shown], matrix, len(load))
