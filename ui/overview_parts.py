"""What the overview tells, put together from the store's counts: charts, the tables beside them, and their ways."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import plotly.graph_objects as go
from sqlalchemy.orm import Session

from analyzer.records import CONFLICT_TYPES, LEVELS
from analyzer.store import overview
from analyzer.store.convert import metadata_from
from analyzer.store.load import count_load
from analyzer.store.overview import Link
from ui.charts import HeatMap, bar_chart, graded_chart, heat_chart, load_chart, time_chart
from ui.language import Language
from ui.link_tables import link, markdown_table
from ui.network import EDGES, NODES, make_network, network_chart
from ui.plain import plain
from ui.sides import title_of
from ui.ways import Way

#: Documents or units in a heat map, and rows in a table.
MOST = 20
#: Weeks shown, the latest last.
WEEKS = 26


@dataclass(frozen=True, slots=True)
class Counted:
    """How the reader wants flags counted: from which per cent, units down to which depth of the organisation tree."""

    least: int
    depth: int

    def way(self, **fields: Any) -> str:
        """The address of the flags that a figure counted so stands for."""
        return Way(least=self.least, **fields).address


@dataclass(frozen=True, slots=True)
class Related:
    """Documents or units with flags: their links, names and ways."""

    links: Sequence[Link]
    names: Mapping[Any, str]
    ways: Mapping[tuple[Any, ...], str]
    #: How many have flags, whether shown or not.
    total: int


def related_documents(t: Language, session: Session, counted: Counted) -> Related:
    """The documents with most open flags."""
    shown, total = overview.heaviest_documents(session, NODES)
    links = overview.document_links(session, shown)
    ways = {(one,): counted.way(documents=(one,)) for one in shown}
    ways |= {(one.a, one.b): counted.way(documents=(one.a, one.b)) for one in links}
    return Related(links, document_titles(t, session, shown), ways, total)


def related_units(_t: Language, session: Session, counted: Counted) -> Related:
    """The units whose flags there are."""
    links = overview.unit_links(session, counted.depth)
    units = sorted({unit for one in links for unit in (one.a, one.b)})
    ways = {(one,): counted.way(units=(one,), depth=counted.depth) for one in units}
    ways |= {(one.a, one.b): counted.way(units=(one.a, one.b), depth=counted.depth) for one in links}
    return Related(links, {unit: unit for unit in units}, ways, len(units))


def document_titles(t: Language, session: Session, ids: Sequence[int]) -> dict[int, str]:
    """Titles of documents, without reading their text."""
    named = overview.document_names(session, ids)
    return {one: title_of(t, metadata_from(metadata), source) for one, (metadata, source) in named.items()}


def types_part(t: Language, session: Session, counted: Counted) -> tuple[go.Figure, str]:
    """Flags by type and grade."""
    kinds = overview.count_kinds(session)
    by_type: dict[str, Counter[int]] = {
        type_: Counter({grade: kinds.get((type_, grade), 0) for grade in (1, 2)}) for type_ in CONFLICT_TYPES
    }
    rows = [
        [
            link(t.name("types", type_), counted.way(type=type_)),
            *(linked_count(t, grades[grade], counted.way(type=type_, grade=grade)) for grade in (2, 1)),
            t.number(grades.total()),
        ]
        for type_, grades in by_type.items()
        if grades.total()
    ]
    headers = [t("overview.type"), t("overview.clear"), t("overview.tension"), t("overview.total")]
    return graded_chart(t, by_type, counted.least), markdown_table(headers, rows, numbers=3)


def linked_count(t: Language, count: int, address: str) -> str:
    """A number that leads to what it counts, if there is anything."""
    return link(t.number(count), address) if count else "0"


def levels_part(t: Language, session: Session, counted: Counted) -> tuple[go.Figure, str]:
    """Flags by the levels of their sides: one between two levels counts for both."""
    pairs = overview.count_levels(session)
    levels = {level: sum(count for pair, count in pairs.items() if level in pair) for level in LEVELS}
    across = {level: levels[level] - pairs.get((level, level), 0) for level in LEVELS}
    rows = [
        [
            link(t.name("levels", level).capitalize(), counted.way(level=level)),
            t.number(across[level]),
            t.number(levels[level]),
        ]
        for level in LEVELS
        if levels[level]
    ]
    headers = [t("overview.level"), t("overview.across"), t("overview.total")]
    chart = bar_chart(
        [t.name("levels", level).capitalize() for level in LEVELS],
        [levels[level] for level in LEVELS],
        [counted.way(level=level) for level in LEVELS],
    )
    return chart, markdown_table(headers, rows, numbers=2)


def heat_part(t: Language, related: Related) -> tuple[go.Figure, str]:
    """Each against each as a heat map, and what it leaves out."""
    heat = heat_map(related)
    note = t("overview.heat_limit", shown=len(heat.titles), total=t.number(heat.total)) if heat.cut else ""
    return heat_chart(t, heat), note


def heat_map(related: Related) -> HeatMap:
    """The heaviest, in the order of their keys."""
    shown = list(make_network(related.links, MOST).keys)
    between: Counter[tuple[Any, Any]] = Counter()
    for one in related.links:
        between[one.a, one.b] += one.count
    cells = [[min((a, b), (b, a)) for b in shown] for a in shown]
    return HeatMap(
        [related.names[key] for key in shown],
        [[between[cell] for cell in row] for row in cells],
        related.total,
        [[related.ways.get(cell, "") for cell in row] for row in cells],
    )


def pair_table(t: Language, related: Related, column: str) -> str:
    """The pairs with most flags between them, with the commonest type; `column` is the key of what they are."""
    between: dict[tuple[Any, Any], Counter[str]] = {}
    for one in related.links:
        between.setdefault((one.a, one.b), Counter())[one.type] += one.count
    heaviest = sorted(between.items(), key=lambda item: (-item[1].total(), str(item[0])))[:MOST]
    rows = [
        [
            plain(related.names[a]),
            t("overview.same") if a == b else plain(related.names[b]),
            t.name("types", max(CONFLICT_TYPES, key=lambda type_: types[type_])),
            linked_count(t, types.total(), related.ways[a, b]),
        ]
        for (a, b), types in heaviest
    ]
    headers = [t(column), t("overview.against"), t("overview.commonest"), t("overview.total")]
    return markdown_table(headers, rows)


def network_part(t: Language, related: Related) -> tuple[go.Figure, str]:
    """The network, and what it leaves out, in words."""
    network = make_network(related.links)
    left = []
    if len(network.keys) < related.total:
        left.append(t("overview.network_nodes", shown=len(network.keys), total=t.number(related.total)))
    if len(network.edges) > EDGES:
        left.append(t("overview.network_edges", shown=EDGES, total=t.number(len(network.edges))))
    return network_chart(t, network, related.names, related.ways), " ".join(left)


def week_of(day: str) -> str:
    """The ISO week of a day: "2026-05"."""
    year, week, _day = date.fromisoformat(day).isocalendar()
    return f"{year}-{week:02}"


def weeks_until(last: str, count: int) -> list[str]:
    """So many weeks up to and with that of a day."""
    end = date.fromisoformat(last)
    return [week_of((end - timedelta(weeks=back)).isoformat()) for back in reversed(range(count))]


def time_part(t: Language, session: Session) -> tuple[go.Figure, str]:
    """Documents, open flags and decisions week by week."""
    days = {
        "overview.came_in": overview.documents_by_day(session),
        "overview.flagged": overview.flags_by_day(session),
        "overview.decisions": overview.decisions_by_day(session),
    }
    told = sorted({day for counts in days.values() for day in counts})
    if not told:
        return time_chart(t, [], {key: [] for key in days}), ""
    span = (date.fromisoformat(told[-1]) - date.fromisoformat(told[0])).days // 7 + 2
    weeks = weeks_until(told[-1], min(WEEKS, span))
    series = {}
    for key, counts in days.items():
        by_week: Counter[str] = Counter()
        for day, count in counts.items():
            by_week[week_of(day)] += count
        series[key] = [by_week[week] for week in weeks]
    rows = [
        [week, *(t.number(values[at]) for values in series.values())]
        for at, week in enumerate(weeks)
        if any(values[at] for values in series.values())
    ]
    headers = [t("overview.week"), *(t(key) for key in series)]
    return time_chart(t, weeks, series), markdown_table(headers, rows[::-1], numbers=3)


def load_part(t: Language, session: Session, counted: Counted) -> tuple[go.Figure, str, str]:
    """What is asked of the units, and how many units are left out."""
    load = [one for one in count_load(session, counted.depth) if one.unit]
    shown = load[:MOST]
    ways = [counted.way(units=(one.unit,), depth=counted.depth) for one in shown]
    rows = [
        [
            link(one.unit, way),
            *(t.number(count) for count in (one.signals, one.priorities, one.deadlines, one.documents)),
        ]
        for one, way in zip(shown, ways, strict=True)
    ]
    columns = ("overview.unit", "overview.signals", "overview.priorities", "overview.deadlines", "overview.documents")
    headers = [t(column) for column in columns]
    note = t("overview.load_limit", shown=MOST, total=t.number(len(load))) if len(load) > MOST else ""
    return load_chart(t, shown, ways), markdown_table(headers, rows, numbers=4), note


def kinds_part(t: Language, session: Session) -> str:
    """What is in force, by kind and level."""
    rows = [
        [
            plain(kind.capitalize()) if kind else t("overview.unknown"),
            t.name("levels", level).capitalize() or t("overview.unknown"),
            t.number(n),
        ]
        for kind, level, n in sorted(overview.document_kinds(session), key=lambda item: (-item[2], item[:2]))[:MOST]
    ]
    return markdown_table([t("overview.kind"), t("overview.level"), t("overview.documents")], rows)
