"""Who clashes with whom, as a network: its layout, worked out here and the same every time, and its drawing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from analyzer.store.overview import Link
from ui.charts import GROUND, NO_TAGS, TYPE_COLOURS, lay_out
from ui.language import Language
from ui.plain import shorten

#: Nodes and edges that are drawn; what is left out is told in words.
NODES, EDGES = 40, 150
STEPS = 200
WIDTHS = (1.5, 3.0, 5.0, 8.0)
LONGEST_NAME = 26


@dataclass(frozen=True, slots=True)
class Edge:
    """Flags between two nodes, by their places; `type` is the commonest."""

    a: int
    b: int
    count: int
    type: str


@dataclass(frozen=True, slots=True)
class Network:
    """Nodes with the flags that touch each, and the edges between different ones, heaviest first."""

    keys: tuple[object, ...]
    load: tuple[int, ...]
    edges: tuple[Edge, ...]


def make_network(links: Sequence[Link], nodes: int = NODES) -> Network:
    """The nodes with most flags between them, in the order of their keys. Flags within a node count for its load."""
    load: Counter[object] = Counter()
    between: dict[tuple[object, object], Counter[str]] = {}
    for link in links:
        for key in {link.a, link.b}:
            load[key] += link.count
        between.setdefault((link.a, link.b), Counter())[link.type] += link.count
    heaviest = sorted(load, key=lambda key: (-load[key], str(key)))[:nodes]
    keys = tuple(sorted(heaviest, key=str))
    place = {key: at for at, key in enumerate(keys)}
    edges = [
        Edge(place[a], place[b], types.total(), max(TYPE_COLOURS, key=lambda type_: types[type_]))
        for (a, b), types in between.items()
        if a != b and a in place and b in place
    ]
    edges.sort(key=lambda edge: (-edge.count, edge.a, edge.b))
    return Network(keys, tuple(load[key] for key in keys), tuple(edges))


def place_nodes(network: Network) -> np.ndarray:
    """Where the nodes stand: float64 (n, 2) within the unit square.

    Springs along the edges and repulsion between all nodes, cooling down (Fruchterman and Reingold 1991), from a
    circle in the order of the keys: no chance is involved.
    """
    count = len(network.keys)
    angle = 2 * np.pi * np.arange(count) / max(count, 1)
    # Not quite a circle: on one, forces may balance without order.
    at = np.column_stack([np.cos(angle), np.sin(angle)]) * (0.5 + 0.02 * np.arange(count) / max(count, 1))[:, None]
    if count < 3:
        return 0.5 + at / 2
    pull = np.zeros((count, count))
    for edge in network.edges[:EDGES]:
        pull[edge.a, edge.b] = pull[edge.b, edge.a] = 0.5 + 0.5 * np.log1p(edge.count)
    ideal = 1.0 / np.sqrt(count)
    for step in range(STEPS):
        apart = at[:, None, :] - at[None, :, :]
        distance = np.maximum(np.sqrt((apart**2).sum(axis=2)), 1e-3)
        force = ideal**2 / distance**2 - pull * distance / ideal
        np.fill_diagonal(force, 0.0)
        move = (apart * force[:, :, None]).sum(axis=1) - 0.8 * at
        length = np.maximum(np.sqrt((move**2).sum(axis=1, keepdims=True)), 1e-9)
        at = at + move / length * np.minimum(length, 0.12 * (1 - step / STEPS))
    low, high = at.min(axis=0), at.max(axis=0)
    return (at - low) / np.maximum(high - low, 1e-9)


def network_chart(
    t: Language, network: Network, names: Mapping[object, str], ways: Mapping[tuple[object, ...], str]
) -> go.Figure:
    """Nodes as large as their load, edges as wide as the flags between, coloured by the commonest type. `ways` leads
    from a node (key,) and an edge (key, key) to its flags."""
    figure = go.Figure()
    at = place_nodes(network)
    drawn = network.edges[:EDGES]
    for type_ in TYPE_COLOURS:
        own = [edge for edge in drawn if edge.type == type_]
        for width in sorted({width_of(edge.count) for edge in own}):
            lines = [edge for edge in own if width_of(edge.count) == width]
            first = width == min(width_of(edge.count) for edge in own)
            figure.add_scatter(
                x=[value for edge in lines for value in (at[edge.a, 0], at[edge.b, 0], None)],
                y=[value for edge in lines for value in (at[edge.a, 1], at[edge.b, 1], None)],
                mode="lines",
                line={"color": TYPE_COLOURS[type_], "width": width},
                opacity=0.75,
                name=t.name("types", type_),
                legendgroup=type_,
                showlegend=first,
                hoverinfo="skip",
            )
    labels = [shorten(names[key], LONGEST_NAME).translate(NO_TAGS) for key in network.keys]
    add_handles(t, figure, network, at, labels, ways)
    add_nodes(t, figure, network, at, labels, ways)
    figure.update_xaxes(visible=False, range=[-0.12, 1.12])
    figure.update_yaxes(visible=False, range=[-0.08, 1.1])
    return lay_out(figure, 300 + 10 * len(network.keys))


def width_of(count: int) -> float:
    """One of a few widths: 1, up to 3, up to 10, more."""
    return WIDTHS[0 if count <= 1 else 1 if count <= 3 else 2 if count <= 10 else 3]


def add_handles(
    t: Language,
    figure: go.Figure,
    network: Network,
    at: np.ndarray,
    labels: Sequence[str],
    ways: Mapping[tuple[object, ...], str],
) -> None:
    """A point in the middle of each edge: lines themselves cannot be pointed at."""
    drawn = network.edges[:EDGES]
    middle = [(at[edge.a] + at[edge.b]) / 2 for edge in drawn]
    figure.add_scatter(
        x=[point[0] for point in middle],
        y=[point[1] for point in middle],
        mode="markers",
        marker={"size": 9, "color": [TYPE_COLOURS[edge.type] for edge in drawn], "line": {"width": 1, "color": GROUND}},
        customdata=[ways[network.keys[edge.a], network.keys[edge.b]] for edge in drawn],
        text=[
            t("overview.edge", a=labels[edge.a], b=labels[edge.b], count=edge.count, type=t.name("types", edge.type))
            for edge in drawn
        ],
        hovertemplate="%{text}<extra></extra>",
        showlegend=False,
    )


def add_nodes(
    t: Language,
    figure: go.Figure,
    network: Network,
    at: np.ndarray,
    labels: Sequence[str],
    ways: Mapping[tuple[object, ...], str],
) -> None:
    """The nodes under their names."""
    figure.add_scatter(
        x=at[:, 0],
        y=at[:, 1],
        mode="markers+text",
        text=labels,
        textposition="top center",
        marker={
            "size": [10 + 4 * float(np.log1p(load)) for load in network.load],
            "color": "#64748b",
            "line": {"width": 1.5, "color": GROUND},
        },
        customdata=[ways[key,] for key in network.keys],
        hovertext=[
            t("overview.node", name=label, count=load) for label, load in zip(labels, network.load, strict=True)
        ],
        hovertemplate="%{hovertext}<extra></extra>",
        showlegend=False,
    )
