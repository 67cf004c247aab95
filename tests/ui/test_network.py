import numpy as np

from analyzer.store.overview import Link
from ui.language import load_language
from ui.network import NODES, make_network, network_chart, place_nodes

LINKS = [Link(1, 2, "target", 3), Link(1, 2, "resource", 1), Link(2, 3, "priority", 1), Link(4, 4, "target", 9)]
#: Two clusters of five that one thin line joins.
CLUSTERS = [Link(f"{side}{a}", f"{side}{b}", "target", 5) for side in "xy" for a in range(5) for b in range(a + 1, 5)]
CLUSTERS.append(Link("x0", "y0", "priority", 1))


def test_nodes_carry_their_load_and_edges_their_commonest_type() -> None:
    network = make_network(LINKS)
    assert network.keys == (1, 2, 3, 4)
    assert network.load == (4, 5, 1, 9)
    assert [(edge.a, edge.b, edge.count, edge.type) for edge in network.edges] == [
        (0, 1, 4, "target"),
        (1, 2, 1, "priority"),
    ]


def test_the_heaviest_are_kept() -> None:
    network = make_network([Link(n, n + 1000, "target", n) for n in range(1, 200)], nodes=10)
    assert network.keys == tuple(sorted([*range(195, 200), *range(1195, 1200)], key=str))
    assert len(make_network([Link(n, n + 1, "target", 1) for n in range(500)]).keys) == NODES


def test_the_layout_is_the_same_every_time_and_keeps_clusters_together() -> None:
    network = make_network(CLUSTERS)
    at = place_nodes(network)
    assert np.array_equal(at, place_nodes(make_network(list(reversed(CLUSTERS)))))
    assert at.min() >= 0 and at.max() <= 1 and np.isfinite(at).all()
    distance = np.sqrt(((at[:, None] - at[None]) ** 2).sum(axis=2))
    own = np.array([str(key)[0] for key in network.keys])
    same = own[:, None] == own[None]
    off = ~np.eye(len(own), dtype=bool)
    assert distance[same & off].mean() < 0.6 * distance[~same].mean()
    assert distance[off].min() > 0.02


def test_few_nodes_and_none() -> None:
    assert place_nodes(make_network([])).shape == (0, 2)
    assert place_nodes(make_network(LINKS[:1])).shape == (2, 2)


def test_every_node_and_edge_leads_somewhere_and_names_hold_no_tags() -> None:
    network = make_network(LINKS)
    ways = {key: f"?{key}" for key in [*((one,) for one in network.keys), (1, 2), (2, 3)]}
    names = {1: "<b>ett</b>", 2: "två", 3: "tre", 4: "fyra"}
    figure = network_chart(load_language("sv"), network, names, ways)
    handles, nodes = figure.data[-2:]
    assert list(handles.customdata) == [ways[1, 2], ways[2, 3]]
    assert list(nodes.customdata) == [ways[key,] for key in network.keys]
    assert list(nodes.text) == ["‹b›ett‹/b›", "två", "tre", "fyra"]
    widths = {trace.line.width for trace in figure.data[:-2]}
    assert len(widths) == 2 and {trace.name for trace in figure.data[:-2]} == {
        "Oförenliga målvärden",
        "Prioriteringskonflikt",
    }
