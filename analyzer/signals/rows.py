"""Rows of tables: cells with their column, and what each column says of the signal that the row is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from analyzer.records import Frame
from analyzer.signals.actors import names_actor, read_actors
from analyzer.signals.dates import find_date_ranges, find_dates, read_timing
from analyzer.signals.frames import build_frame
from analyzer.signals.lexicon import load_lexicon
from analyzer.signals.predicates import read_predicate
from analyzer.signals.quantities import find_quantities
from analyzer.signals.subjects import Context
from analyzer.signals.words import Words, cut_words

#: What intake writes between the cells of a row.
BETWEEN = " | "
#: Characters of a column's heading, at most.
LONGEST_HEADING = 60


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell `text[start:end]` of a row; `value` is where its words begin behind the heading. `column` is a name of
    tables.toml, None outside the known ones."""

    start: int
    value: int
    end: int
    column: str | None


def read_cells(text: str) -> list[Cell]:
    """The cells of a row in order; a text without a separator is one cell."""
    cells = list(_cut_cells(text))
    goals, values = ([cell for cell in cells if cell.column == column] for column in ("goal", "value"))
    # A goal with a year in its heading, or a number in its words, is one itself.
    named = goals and not any(map(str.isdigit, text[goals[0].start : goals[0].end]))
    meant = {"goal": "indicator", "value": "goal"} if named and values else {}
    meant.setdefault("value", "outcome")
    return [replace(cell, column=meant.get(cell.column or "", cell.column)) for cell in cells]


def _cut_cells(text: str) -> Iterator[Cell]:
    start = 0
    for part in text.split(BETWEEN):
        end = start + len(part)
        heading, colon, _ = part.partition(":")
        labelled = bool(colon) and len(heading) <= LONGEST_HEADING
        value = start + len(heading) + 1 if labelled else start
        while value < end and text[value].isspace():
            value += 1
        yield Cell(start, value, end, _name_column(heading) if labelled else None)
        start = end + len(BETWEEN)


def _name_column(heading: str) -> str | None:
    """The column with the longest beginning that fits."""
    lexicon, name = load_lexicon("tables"), heading.lower().strip()
    fitting = [
        (len(beginning), column)
        for column, beginnings in lexicon["columns"].items()
        for beginning in beginnings
        if name.startswith(beginning) and not name.startswith(tuple(lexicon["exceptions"].get(column, ())))
    ]
    return max(fitting)[1] if fitting else None


def find_goal(text: str) -> tuple[int, int] | None:
    """The range of the goal that a row sets: from its start to its last cell before what was reached. None where no
    column is a goal with a value, or where the text is no row."""
    cells = read_cells(text)
    goal = next((at for at, cell in enumerate(cells) if cell.column == "goal" and cell.value < cell.end), None)
    if goal is None or len(cells) < 2:
        return None
    stop = next((at for at in range(goal + 1, len(cells)) if cells[at].column == "outcome"), len(cells))
    return (cells[0].start, cells[stop - 1].end)


def reports_outcome(text: str) -> bool:
    """Whether a row only tells what was reached: a column of outcomes and none that orders."""
    columns = {cell.column for cell in read_cells(text)}
    return "outcome" in columns and not columns & {"goal", "act"}


def build_row_frame(words: Words, context: Context) -> Frame:
    """The frame of a row: the columns fill the slots that they name, the whole row the rest."""
    frame = build_frame(words, read_predicate(words, 0, len(words)), context)
    cells = {cell.column: cell for cell in reversed(read_cells(words.text)) if cell.column and cell.value < cell.end}
    if "addressee" in cells:
        names = read_actors(words.text[cells["addressee"].value : cells["addressee"].end])
        frame = replace(frame, addressee=names) if names and names_actor(names[0]) else frame
    if "deadline" in cells:
        due = find_dates(words.text[cells["deadline"].value : cells["deadline"].end])
        frame = replace(frame, deadline=due[-1].last.isoformat(), period=None) if due else frame
    if "goal" in cells:
        return _set_goal(frame, words, cells)
    return _set_act(frame, words, cells["act"], context) if "act" in cells else frame


def _set_goal(frame: Frame, words: Words, cells: dict[str, Cell]) -> Frame:
    text, goal = words.text, cells["goal"]
    named = cells.get("indicator") or next((cell for cell in read_cells(text) if cell.column is None), None)
    value = text[goal.value : goal.end]
    return replace(
        frame,
        modality="goal",
        action=None,
        direction="none",
        object=text[named.value : named.end].strip() if named else None,
        quantity=find_quantities(value, find_date_ranges(value)),
        deadline=None,
        # What was reached in earlier years says nothing of when the goal holds.
        period=read_timing(text[goal.start : goal.end], [], delivers=False).period,
        condition=None,
    )


def _set_act(frame: Frame, words: Words, cell: Cell, context: Context) -> Frame:
    places = [at for at in range(len(words)) if cell.value <= words.starts[at] < cell.end]
    if not places:
        return frame
    own = cut_words(words, places[0], places[-1] + 1)
    act = build_frame(own, read_predicate(own, 0, len(own)), context)
    return replace(frame, modality=act.modality, action=act.action, direction=act.direction, object=act.object)
