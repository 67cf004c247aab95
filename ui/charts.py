"""Plotly charts that read well on light and dark ground; every figure in them also stands in a table.

A point's `customdata` is the way that it leads (see `ui.ways`): the page's script follows it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from analyzer.records import CONFLICT_TYPES
from analyzer.store.load import UnitLoad
from ui.language import Language
from ui.plain import shorten
from ui.ways import Way

#: Only where the style sheet, which gives text the colour of the page, does not reach.
INK, GROUND = "#7b8494", "rgba(123,132,148,0.6)"
#: Plotly reads tags in labels; titles come from documents.
NO_TAGS = str.maketrans("<>", "‹›")
GRADES = {2: "#b45309", 1: "#3b82c4"}
#: Told apart also by the colour-blind (after Okabe and Ito 2008), at least 3:1 on white and on the dark ground.
HUES = ("#c2410c", "#0b7fc4", "#a3579b", "#0a8a68", "#9a7400", "#6b7fd7")
TYPE_COLOURS: dict[str, str] = dict(zip(map(str, CONFLICT_TYPES), HUES, strict=True))
#: None, then one hue that deepens, never so far that the page's own ink could not be read on it.
SCALE = ((0.0, "rgba(180,83,9,0.04)"), (0.0001, "rgba(217,119,6,0.18)"), (1.0, "rgba(217,119,6,0.7)"))
SERIES = ("#0b7fc4", "#c2410c", "#0a8a68")


#: About so many marks on an axis of counts, at whole numbers.
TICKS = 6


@dataclass(frozen=True, slots=True)
class HeatMap:
    """Flags between documents or units: a square matrix under their names with the way of each cell, "" for none;
    `total` have flags."""

    titles: list[str]
    matrix: list[list[int]]
    total: int
    ways: list[list[str]]

    @property
    def cut(self) -> bool:
        """Whether any are left out."""
        return len(self.titles) < self.total


def lay_out(figure: go.Figure, height: int) -> go.Figure:
    """Common layout: no ground of its own, quiet ink."""
    figure.update_layout(
        height=height,
        margin={"l": 8, "r": 16, "t": 72, "b": 8},  # the plot's label lies over its top left corner
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"color": INK, "size": 13},
        legend={"orientation": "h", "y": 1.02, "x": 0, "yanchor": "bottom"},
        hoverlabel={"bgcolor": "#1e293b", "font": {"color": "white"}, "align": "left"},
        modebar={
            "remove": ["zoom", "pan", "select", "lasso", "zoomIn", "zoomOut", "autoScale", "resetScale", "toImage"]
        },
        dragmode=False,
    )
    figure.update_xaxes(automargin=True, gridcolor="rgba(123,132,148,0.3)", fixedrange=True)
    figure.update_yaxes(automargin=True, gridcolor="rgba(123,132,148,0.3)", fixedrange=True)
    return figure


def count_axis(figure: go.Figure, longest: int, axis: str = "x") -> None:
    """Marks at whole numbers that are easily read."""
    update = figure.update_xaxes if axis == "x" else figure.update_yaxes
    update(rangemode="tozero", dtick=round_step(longest / TICKS))


def round_step(least: float) -> int:
    """The least of 1, 2, 5, 10, 20, 50 … that is no less."""
    step = 1
    while step < least:
        step = step * 5 // 2 if str(step)[0] == "2" else step * 2
    return step


def graded_chart(t: Language, counted: Mapping[str, Counter[int]], least: int) -> go.Figure:
    """Flags by type, clear ones and tensions stacked."""
    keys = list(counted)[::-1]
    figure = go.Figure()
    for grade, colour in GRADES.items():
        figure.add_bar(
            orientation="h",
            name=t.name("grades", str(grade)).capitalize(),
            y=[t.name("types", key) for key in keys],
            x=[counted[key][grade] for key in keys],
            marker={"color": colour},
            customdata=[Way(type=key, grade=grade, least=least).address for key in keys],
            hovertemplate="%{y}: %{x}<extra>%{fullData.name}</extra>",
        )
    figure.update_layout(barmode="stack")
    count_axis(figure, max((grades.total() for grades in counted.values()), default=0))
    return lay_out(figure, 330)


def bar_chart(labels: Sequence[str], values: Sequence[int], ways: Sequence[str]) -> go.Figure:
    """One bar a label, the first on top."""
    figure = go.Figure()
    figure.add_bar(
        orientation="h",
        y=list(reversed(labels)),
        x=list(reversed(values)),
        marker={"color": SERIES[0]},
        customdata=list(reversed(ways)),
        hovertemplate="%{y}: %{x}<extra></extra>",
    )
    count_axis(figure, max(values, default=0))
    return lay_out(figure, 162 + 28 * len(labels))


def heat_chart(t: Language, heat: HeatMap) -> go.Figure:
    """Each against each, darker where more flags are open."""
    # Plotly merges equal labels; a number keeps two documents with the same title apart.
    labels = [f"{number}. {shorten(title, 30).translate(NO_TAGS)}" for number, title in enumerate(heat.titles, start=1)]
    figure = go.Figure(
        go.Heatmap(
            z=heat.matrix,
            x=labels,
            y=labels,
            colorscale=SCALE,
            zmin=0,
            showscale=False,
            xgap=1,
            ygap=1,
            text=[[str(count or "") for count in row] for row in heat.matrix],
            texttemplate="%{text}",
            customdata=heat.ways,
            hovertemplate=t("overview.heat_cell"),
        )
    )
    figure.update_yaxes(autorange="reversed")
    figure.update_xaxes(tickangle=-40)
    return lay_out(figure, 300 + 14 * len(labels))


def time_chart(t: Language, weeks: Sequence[str], series: Mapping[str, Sequence[int]]) -> go.Figure:
    """What came in, was flagged and was decided, week by week; `series` by the keys of their names."""
    figure = go.Figure()
    for colour, (key, values) in zip(SERIES, series.items(), strict=True):
        figure.add_bar(name=t(key), x=list(weeks), y=list(values), marker={"color": colour}, hovertemplate="%{x}: %{y}")
    figure.update_layout(barmode="group")
    figure.update_xaxes(type="category")
    count_axis(figure, max((value for values in series.values() for value in values), default=0), "y")
    return lay_out(figure, 330)


def load_chart(t: Language, load: Sequence[UnitLoad], ways: Sequence[str]) -> go.Figure:
    """Signals to each unit, and how many of them go first or have a last day."""
    figure = go.Figure()
    labels = [shorten(one.unit, 34).translate(NO_TAGS) for one in reversed(load)]
    parts = {
        "overview.signals": [one.signals for one in reversed(load)],
        "overview.priorities": [one.priorities for one in reversed(load)],
        "overview.deadlines": [one.deadlines for one in reversed(load)],
    }
    for colour, (key, values) in zip(SERIES, parts.items(), strict=True):
        figure.add_bar(
            orientation="h",
            name=t(key),
            y=labels,
            x=values,
            marker={"color": colour},
            customdata=list(reversed(ways)),
            hovertemplate="%{y}: %{x}<extra>%{fullData.name}</extra>",
        )
    figure.update_layout(barmode="group")
    count_axis(figure, max((one.signals for one in load), default=0))
    return lay_out(figure, 160 + 40 * len(load))
