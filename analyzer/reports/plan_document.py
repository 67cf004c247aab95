"""The action plan as a document and as files: a first page with figures, then measures by unit and document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy.orm import Session

from analyzer.errors import UsageError
from analyzer.reports.action_plan import PlanItem, make_items, plan_row
from analyzer.reports.acts import acts_on
from analyzer.reports.exports import write_json_rows
from analyzer.reports.layout import (
    Block,
    Facts,
    Grid,
    Heading,
    NewPage,
    Quote,
    Report,
    say_named,
    say_plain,
)
from analyzer.reports.names import TYPE_NAMES, number, say_text, text_table
from analyzer.reports.protocol import MOST_PAIRS, describe_filter
from analyzer.reports.rendering import render_report
from analyzer.reports.sheets import write_xlsx
from analyzer.reports.steering_load import PlanLoad, measure_load
from analyzer.store.queries import ConflictFilter, conflict_count, conflict_page

PLAN_FORMATS = ("docx", "xlsx", "json", "pdf", "html")
PRIORITIES = ("high", "medium", "low")
#: Units in the first page's table; the files for programs have all.
MOST_UNITS = 15
SHEETS = ("Åtgärder", "Styrbelastning", "Sammanfattning")
CONFIRMED = ConflictFilter(statuses=("confirm",), duplicates=True)


def write_plan(session: Session, format_: str, chosen: ConflictFilter = CONFIRMED) -> tuple[bytes, int]:
    """The plan over the confirmed conflicts under the filter, and how many measures it has.

    Raises:
        UsageError: unknown format, or more conflicts than a document can hold.
    """
    if format_ not in PLAN_FORMATS:
        raise UsageError(f"Formatet {format_!r} finns inte; välj ett av {', '.join(PLAN_FORMATS)}.")
    if format_ not in ("xlsx", "json") and (count := conflict_count(session, chosen)) > MOST_PAIRS:
        raise UsageError(f"{number(count)} konflikter är fler än ett dokument rymmer; välj xlsx eller json.")
    views = conflict_page(session, chosen, limit=10_000_000)
    items = make_items(views, acts_on(session, views))
    loads = measure_load(session, views)
    if format_ == "json":
        return write_json_rows(plan_json(items, loads)), len(items)
    if format_ == "xlsx":
        return write_xlsx(plan_sheets(items, loads)), len(items)
    where = say_text("plan.filter_all") if chosen == CONFIRMED else describe_filter(chosen)
    return render_report(make_plan(items, loads, where, date.today()), format_), len(items)


def plan_json(items: Sequence[PlanItem], loads: Sequence[PlanLoad]) -> dict[str, Any]:
    """The plan for programs."""
    return {
        "summary": summary_of(items),
        "items": [{"number": at, **item.as_json()} for at, item in enumerate(items, 1)],
        "steering_load": [load.as_json() for load in loads],
    }


def plan_sheets(items: Sequence[PlanItem], loads: Sequence[PlanLoad]) -> dict[str, list[dict[str, Any]]]:
    """The plan as three sheets."""
    figures = figure_rows(items)
    return {
        SHEETS[0]: [plan_row(at, item) for at, item in enumerate(items, 1)],
        SHEETS[1]: [load_row(load) for load in loads],
        SHEETS[2]: [dict(zip(unit_headers(), row, strict=True)) for row in figures],
    }


def load_row(load: PlanLoad) -> dict[str, Any]:
    """A unit's load under Swedish column names."""
    values = load.as_json()
    return {name: values[key] for key, name in text_table("load_columns").items()}


def summary_of(items: Sequence[PlanItem]) -> dict[str, int]:
    """The figures of the first page."""
    priorities = Counter(item.priority for item in items)
    return {
        "items": len(items),
        "documents": len({item.document for item in items if item.document}),
        **{name: priorities[name] for name in PRIORITIES},
        "undecided": sum(item.document is None for item in items),
    }


def unit_headers() -> tuple[str, ...]:
    """Column names of the table of units."""
    return tuple(say_text(f"plan.{key}") for key in ("unit", "items", *PRIORITIES))


def figure_rows(items: Sequence[PlanItem]) -> list[tuple[str, int, int, int, int]]:
    """For each unit its measures, in all and by priority, in the order of the plan."""
    rows = []
    for unit in dict.fromkeys(item.unit for item in items):
        counts = Counter(item.priority for item in items if item.unit == unit)
        rows.append((unit, counts.total(), *(counts[name] for name in PRIORITIES)))
    return rows  # type: ignore[return-value]


def make_plan(items: Sequence[PlanItem], loads: Sequence[PlanLoad], where: str, day: date) -> Report:
    """The plan as blocks."""
    subtitle = say_text("plan.subtitle", count=number(len(items)), filter=where)
    return Report(say_text("plan.title"), subtitle, day, (*first_page(items, loads), *measures(items)))


def first_page(items: Sequence[PlanItem], loads: Sequence[PlanLoad]) -> Iterator[Block]:
    """Figures, measures by unit, and the load of the units most steered."""
    yield Heading(1, say_text("plan.summary"))
    if not items:
        yield say_plain(say_text("plan.empty"))
    else:
        yield say_plain(say_text("plan.intro"))
        yield say_plain(say_text("plan.figures", **{name: number(value) for name, value in summary_of(items).items()}))
        yield say_plain(say_text("plan.basis"), muted=True)
        yield Heading(2, say_text("plan.by_unit"))
        rows = tuple((unit, *map(number, counts)) for unit, *counts in figure_rows(items))
        yield Grid(unit_headers(), rows, (0.48, 0.13, 0.13, 0.13, 0.13))
    if loads:
        yield Heading(2, say_text("plan.load"))
        shown = [load_row(load) for load in loads[:MOST_UNITS]]
        yield say_plain(say_text("plan.load_intro", count=len(shown), total=number(len(loads))))
        cells = tuple(
            tuple(value if isinstance(value, str) else number(value) for value in row.values()) for row in shown
        )
        yield Grid(tuple(shown[0]), cells, (0.28, *(0.09,) * 8))


def load_table(loads: Sequence[PlanLoad]) -> Grid:
    """One row a unit, the figures that a page has room for."""
    heads = text_table("load_heads")
    values = [load.as_json() for load in loads]
    rows = tuple((one["unit"], *(number(one[key]) for key in list(heads)[1:])) for one in values)
    return Grid(tuple(heads.values()), rows, (0.34, *(0.11,) * 6))


def measures(items: Sequence[PlanItem]) -> Iterator[Block]:
    """Every measure: units as chapters, each on a new page, documents below them."""
    numbered = list(enumerate(items, 1))
    for unit, of_unit in groupby(numbered, key=lambda one: one[1].unit):
        yield NewPage()
        yield Heading(1, say_text("plan.group", unit=unit))
        for document, of_document in groupby(of_unit, key=lambda one: one[1].document):
            named = say_text("plan.document", document=document) if document else say_text("plan.undecided_document")
            yield Heading(2, named)
            for at, item in of_document:
                yield from measure_blocks(at, item)


def measure_blocks(at: int, item: PlanItem) -> Iterator[Block]:
    """One measure, with the lines that people fill in."""
    clash, priority = item.clash, text_table("priorities")[item.priority]
    kind = TYPE_NAMES[clash.kind].lower()
    yield Heading(3, say_text("plan.item", number=at, priority=priority, type=kind))
    yield say_named(say_text("plan.clash"), item.sentence)
    for letter, side in (("A", clash.a), ("B", clash.b)):
        yield Quote(say_text("common.side", letter=letter, title=side.title), side.runs, side.place)
    yield say_named(say_text("plan.measure"), item.measure)
    yield say_named(say_text("common.prevails"), clash.prevails or say_text("common.no_prevails"))
    score = f"{item.score:.1f}".replace(".", ",")
    rows = [
        (say_text("plan.decides"), item.decides),
        (say_text("plan.priority"), say_text("plan.priority_line", priority=priority, score=score)),
        (say_text("plan.responsible"), say_text("plan.to_fill")),
        (say_text("plan.due"), say_text("plan.to_fill")),
        (say_text("plan.status"), say_text("plan.not_begun")),
    ]
    if item.decided_by:
        rows.append((say_text("common.assessment"), decided_line(item)))
    yield Facts(tuple(rows))


def decided_line(item: PlanItem) -> str:
    """How sure the machine was, and who confirmed it with what comment."""
    confirmed = say_text("plan.confirmed", who=item.decided_by, when=item.decided_at)
    told = f"{item.clash.judged}. {confirmed}."
    return f"{told} {say_text('protocol.comment', text=item.comment)}" if item.comment else told
