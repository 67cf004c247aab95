"""Plotly charts that read well on light and dark ground; every figure in them also stands in a table."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import plotly.graph_objects as go

from ui.language import Language
from ui.plain import shorten

#: Only where the style sheet, which gives text the colour of the page, does not reach.
INK = "#7b8494"
#: Plotly reads tags in labels; titles come from documents.
NO_TAGS = str.maketrans("<>", "‹›")
GRADES = {2: "#b45309", 1: "#3b82c4"}
#: None, then one hue that deepens.
SCALE = ((0.0, "rgba(180,83,9,0.04)"), (0.0001, "rgba(180,83,9,0.25)"), (1.0, "rgba(180,83,9,0.95)"))


#: About so many marks on an axis of counts, at whole numbers.
TICKS = 6


@dataclass(frozen=True, slots=True)
class HeatMap:
    """Flags between documents: a square matrix under their titles, out of `total` documents with flags."""

    titles: list[str]
    matrix: list[list[int]]
    total: int

    @property
    def cut(self) -> bool:
        """Whether documents are left out."""
        return len(self.titles) < self.total


def lay_out(figure: go.Figure, height: int) -> go.Figure:
    """Common layout: no ground of its own, quiet ink."""
    figure.update_layout(
        height=height,
        margin={"l": 8, "r": 16, "t": 40, "b": 8},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"color": INK, "size": 13},
        legend={"orientation": "h", "y": 1.12, "x": 0},
        modebar={
            "remove": ["zoom", "pan", "select", "lasso", "zoomIn", "zoomOut", "autoScale", "resetScale", "toImage"]
        },
        dragmode=False,
    )
    figure.update_xaxes(automargin=True, gridcolor="rgba(123,132,148,0.3)", fixedrange=True)
    figure.update_yaxes(automargin=True, gridcolor="rgba(123,132,148,0.3)", fixedrange=True)
    return figure


def type_chart(t: Language, by_type: dict[str, Counter[int]]) -> go.Figure:
    """Flags by type, clear ones and tensions stacked."""
    types = list(reversed(by_type))
    figure = go.Figure()
    for grade, colour in GRADES.items():
        figure.add_bar(
            orientation="h",
            name=t.name("grades", str(grade)).capitalize(),
            y=[t.name("types", type_) for type_ in types],
            x=[by_type[type_][grade] for type_ in types],
            marker={"color": colour},
        )
    figure.update_layout(barmode="stack")
    longest = max((counted.total() for counted in by_type.values()), default=0)
    figure.update_xaxes(rangemode="tozero", dtick=max(1, round(longest / TICKS)))
    return lay_out(figure, 300)


def heat_chart(t: Language, heat: HeatMap) -> go.Figure:
    """Documents against documents, darker where more flags are open."""
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
            hovertemplate=t("overview.heat_cell"),
        )
    )
    figure.update_yaxes(autorange="reversed")
    figure.update_xaxes(tickangle=-40)
    return lay_out(figure, 300 + 14 * len(labels))
