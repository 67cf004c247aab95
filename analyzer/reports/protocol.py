"""The protocol: one section a pair, with both quotes, the assessment, the advice and what was decided."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import fields
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from analyzer.errors import UsageError
from analyzer.reports.acts import NONE, Acts, acts_on
from analyzer.reports.clash import clash_blocks, clash_of, decision_line
from analyzer.reports.layout import Block, Bullets, Grid, Heading, Paragraph, Report, Run, say_named, say_plain
from analyzer.reports.names import LEVEL_NAMES, STATUS_NAMES, TYPE_NAMES, number, percent, say_text, text_table
from analyzer.reports.rendering import render_report
from analyzer.store.queries import ConflictFilter, ConflictView, conflict_count, conflict_page

#: Fields of the filter that leave nothing out.
NO_FILTER = ("sort", "reading", "unit_depth")
#: More pairs make a document that nobody opens and Word hardly can.
MOST_PAIRS = 2000


def write_protocol(session: Session, chosen: ConflictFilter, format_: str) -> tuple[bytes, int]:
    """The protocol of the pairs under the filter, and how many they are.

    Raises:
        UsageError: there are more than `MOST_PAIRS`.
    """
    count = conflict_count(session, chosen)
    if count > MOST_PAIRS:
        raise UsageError(
            f"Urvalet har {number(count)} par, och ett protokoll rymmer {number(MOST_PAIRS)}; "
            "snäva in urvalet, eller välj XLSX, CSV eller JSON."
        )
    views = conflict_page(session, chosen, limit=MOST_PAIRS)
    report = make_protocol(views, acts_on(session, views, chosen.unread_by), describe_filter(chosen), date.today())
    return render_report(report, format_), len(views)


def make_protocol(views: Sequence[ConflictView], acts: dict[str, Acts], chosen: str, day: date) -> Report:
    """The protocol as blocks; `chosen` is the filter in words."""
    subtitle = say_text("protocol.subtitle", count=number(len(views)), filter=chosen)
    return Report(say_text("protocol.title"), subtitle, day, tuple(protocol_blocks(views, acts)))


def protocol_blocks(views: Sequence[ConflictView], acts: dict[str, Acts]) -> Iterator[Block]:
    """A summary in two tables, then every pair."""
    if not views:
        yield say_plain(say_text("protocol.empty"))
        return
    yield say_plain(say_text("protocol.intro"))
    yield say_plain(say_text("common.advice_note"), muted=True)
    yield Heading(1, say_text("protocol.summary"))
    yield count_table("protocol.by_status", Counter(status_name(view.status) for view in views))
    yield count_table("protocol.by_type", Counter(TYPE_NAMES[view.assessment.type] for view in views))
    yield Heading(1, say_text("protocol.pairs"))
    for view in views:
        yield from pair_blocks(view, acts.get(view.pair.key, NONE))


def status_name(status: str) -> str:
    """What a status is called."""
    return STATUS_NAMES.get(status, status)


def count_table(key: str, counts: Counter[str]) -> Grid:
    """Names and how often each came, most first."""
    rows = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    headers = (say_text(key), say_text("protocol.count"))
    return Grid(headers, tuple((name, number(count)) for name, count in rows), (0.7, 0.3))


def pair_blocks(view: ConflictView, acts: Acts) -> Iterator[Block]:
    """One pair."""
    clash = clash_of(view)
    yield Heading(2, say_text("protocol.item", number=clash.number, head=clash.head))
    last = acts.last
    decided = decision_line(last) if last else say_text("protocol.undecided")
    yield say_named(say_text("protocol.status"), decided)
    yield from clash_blocks(clash)
    if len(acts.rows) > 1:
        yield Paragraph((Run(say_text("protocol.decisions"), bold=True),))
        yield Bullets(tuple(decision_line(row) for row in acts.rows))


def describe_filter(chosen: ConflictFilter) -> str:
    """The filter in words: every field that filters, also one that has no words of its own here."""
    empty = ConflictFilter()
    told = [
        describe_field(field.name, getattr(chosen, field.name))
        for field in fields(chosen)
        if field.name not in NO_FILTER and getattr(chosen, field.name) not in (getattr(empty, field.name), [], ())
    ]
    return ", ".join(told) or say_text("protocol.whole")


def describe_field(name: str, value: Any) -> str:
    """One field of the filter in words."""
    values = {
        "types": lambda: ", ".join(TYPE_NAMES.get(kind, kind).lower() for kind in value),
        "statuses": lambda: ", ".join(status_name(status).lower() for status in value),
        "least_probability": lambda: percent(value),
        "documents": lambda: number(len(value)),
        "signals": lambda: number(len(value)),
        "levels": lambda: ", ".join(LEVEL_NAMES.get(level, level) for level in value),
        "between": lambda: "",
    }
    text = values[name]() if name in values else ", ".join(value) if isinstance(value, list | tuple) else str(value)
    known = name if name in text_table("filter") else "other"
    return say_text(f"filter.{known}", name=name, value=text)
