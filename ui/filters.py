"""The filters above the list of flags."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr
from sqlalchemy.orm import Session

from analyzer.records import CONFLICT_TYPES, LEVELS
from analyzer.review.assignments import people
from analyzer.review.order import SORTS
from analyzer.review.standing import DISAGREED
from analyzer.store.narrowing import units_in_use
from analyzer.store.queries import OPEN, ConflictFilter, find_documents
from ui.frame import House
from ui.plain import plain

TYPES = (*CONFLICT_TYPES, "duplicate")
STATUSES = (OPEN, DISAGREED, "confirm", "dismiss", "duplicate", "unsure", "escalate")
#: An id that no document has: a search that found nothing must show nothing.
NO_DOCUMENT = -1
#: Per cent from which pairs are counted as flags until the reader says otherwise. The queue itself hides none: it is
#: ranked, and at the share of conflicts that a scan expects even a good guess is a small number.
LEAST = 10
#: Whose pairs: the reader's own, and nobody's. No account name has such a sign.
ME, NOBODY = "@me", "@nobody"
DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")


@dataclass(frozen=True, slots=True)
class Scope:
    """Documents or signals that another page has sent the reader to look at. Empty: all."""

    documents: tuple[int, ...] = ()
    both_sides: bool = False
    label: str = ""
    signals: tuple[int, ...] = ()
    #: Two documents, one on each side; a unit on either side, or two, one on each, as the overview tells units.
    between: tuple[int, int] | None = None
    units: tuple[str, ...] = ()
    unit_depth: int = 0

    @property
    def is_set(self) -> bool:
        """Whether it leaves anything out."""
        return bool(self.documents or self.signals or self.between or self.units)


class FilterBar:
    """Every filter of the queue with its order; and the scope that another page set."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.t = t = house.t
        self.scope = gr.State(Scope())
        with gr.Row(equal_height=True, elem_classes="filters"):
            self.types = self.many("types", t("review.types"), TYPES, min_width=180)
            self.statuses = self.many("statuses", t("review.statuses"), STATUSES, value=[OPEN], min_width=160)
            grades = [(t("review.any_grade"), 0), (t.name("grades", "2"), 2), (t.name("grades", "1"), 1)]
            self.grade = gr.Dropdown(grades, value=0, label=t("review.grade"), min_width=110)
            self.least = gr.Slider(0, 100, value=0, step=1, label=t("review.least"), min_width=230)
            hint = t("review.document_hint")
            self.document = gr.Textbox(label=t("review.document"), placeholder=hint, min_width=200, max_lines=1)
            self.words = gr.Textbox(label=t("review.words"), min_width=140, max_lines=1, elem_id="words")
        self.more = gr.Accordion(t("work.more_filters"), open=False)
        with self.more, gr.Row(equal_height=True, elem_classes="filters"):
            self.units = gr.Dropdown([], multiselect=True, label=t("work.units"), min_width=200)
            self.levels = self.many("levels", t("work.levels"), LEVELS, min_width=160)
            day = t("work.date_hint")
            self.date_from = gr.Textbox(label=t("work.date_from"), placeholder=day, min_width=110, max_lines=1)
            self.date_to = gr.Textbox(label=t("work.date_to"), placeholder=day, min_width=110, max_lines=1)
            self.assigned = gr.Dropdown(self.whose([]), value="", label=t("work.assigned"), min_width=150)
            self.sort = gr.Dropdown(t.choices("sorts", SORTS), value=SORTS[0], label=t("work.sort"), min_width=170)
            forced = house.settings.two_readers
            self.two = gr.Checkbox(forced, label=t("work.two_readers"), interactive=not forced, min_width=150)
        with gr.Row(visible=False, elem_classes="scope") as self.scope_row:
            self.scope_note = gr.Markdown()
            self.scope_clear = gr.Button(t("review.scope_clear"), size="sm", scale=0)

    def many(self, table: str, label: str, keys: Sequence[str], **more: Any) -> gr.Dropdown:
        """A choice of several of the program's own words."""
        return gr.Dropdown(self.t.choices(table, keys), multiselect=True, label=label, **more)

    def whose(self, names: Sequence[str]) -> list[tuple[str, str]]:
        """Choices of whose pairs to show."""
        own = [(self.t("work.anybody"), ""), (self.t("work.me"), ME), (self.t("work.nobody"), NOBODY)]
        return [*own, *((name, name) for name in names)]

    @property
    def by_name(self) -> dict[str, Any]:
        """The components by their names in a saved view, in the order of `read`."""
        return {
            "types": self.types,
            "statuses": self.statuses,
            "grade": self.grade,
            "least": self.least,
            "document": self.document,
            "words": self.words,
            "units": self.units,
            "levels": self.levels,
            "date_from": self.date_from,
            "date_to": self.date_to,
            "assigned": self.assigned,
            "sort": self.sort,
            "two": self.two,
        }

    @property
    def inputs(self) -> list[Any]:
        """Inputs of `read`, in its order."""
        return [*self.by_name.values(), self.scope]

    @property
    def changes(self) -> list[Any]:
        """The events by which a reader changes the filter."""
        chosen = (self.types, self.statuses, self.grade, self.units, self.levels, self.assigned, self.sort, self.two)
        typed = (self.document, self.words, self.date_from, self.date_to)
        return [
            *(component.input for component in chosen), self.least.release, *(box.submit for box in typed)
        ]  # fmt: skip

    def read(self, session: Session, *values: Any) -> ConflictFilter:
        """The store's filter for what is set on the page.

        Raises:
            gr.Error: a date cannot be read.
        """
        *plain_values, scope = values
        told = dict(zip(self.by_name, plain_values, strict=True))
        documents = scope.documents
        if (told["document"] or "").strip():
            found = set(find_documents(session, told["document"]))
            documents = tuple(sorted(found & set(documents) if documents else found)) or (NO_DOCUMENT,)
        types, statuses = tuple(told["types"] or ()), tuple(told["statuses"] or ())
        reading = bool(told["two"] or self.house.settings.two_readers)
        assigned = told["assigned"] or ""
        return ConflictFilter(
            types=types,
            statuses=statuses,
            least_probability=(told["least"] or 0) / 100,
            grade=told["grade"] or None,
            documents=documents,
            both_sides=scope.both_sides,
            signals=scope.signals,
            between=scope.between,
            at_units=scope.units,
            unit_depth=scope.unit_depth,
            words=told["words"] or "",
            duplicates="duplicate" in types,
            levels=tuple(told["levels"] or ()),
            units=tuple(told["units"] or ()),
            date_from=self.read_date(told["date_from"]),
            date_to=self.read_date(told["date_to"]),
            assignee=self.house.reviewer() if assigned == ME else assigned if assigned != NOBODY else None,
            unassigned=assigned == NOBODY,
            # What others disagree on or have decided one may look at; what is open, only until one has read it.
            unread_by=self.house.reviewer() if reading and set(statuses) <= {OPEN} else None,
            reading=reading,
            sort=told["sort"] or SORTS[0],
        )

    def read_date(self, words: str | None) -> str | None:
        """A date as typed: a year, a month or a day."""
        tidy = (words or "").strip()
        if tidy and not DATE.fullmatch(tidy):
            raise self.house.failure(self.t("work.wrong_date", date=tidy))
        return tidy or None

    @property
    def preset_outputs(self) -> list[Any]:
        """What `preset` gives values for."""
        return [*self.inputs, self.scope_row, self.scope_note]

    def preset(
        self,
        scope: Scope,
        *,
        types: Sequence[str] = (),
        grade: int = 0,
        least: float = 0,
        units: Sequence[str] = (),
        levels: Sequence[str] = (),
    ) -> list[Any]:
        """Values that set the whole filter as another page wants it: open flags within a scope."""
        wanted = {"types": list(types), "grade": grade, "least": least, "units": list(units), "levels": list(levels)}
        return self.values_of(wanted, scope)

    def values_of(self, wanted: Mapping[str, Any], scope: Scope | None = None) -> list[Any]:
        """Values for `preset_outputs`: what is wanted by name, everything else as it is to begin with."""
        scope = scope or Scope()
        blank = {
            "types": [],
            "statuses": [OPEN],
            "grade": 0,
            "least": 0,
            "document": "",
            "words": "",
            "units": [],
            "levels": [],
            "date_from": "",
            "date_to": "",
            "assigned": "",
            "sort": SORTS[0],
            "two": self.house.settings.two_readers,
        }
        values = blank | {name: value for name, value in wanted.items() if name in blank}
        note = self.t("review.scope", label=plain(scope.label)) if scope.is_set else ""
        return [*values.values(), scope, gr.Row(visible=scope.is_set), note]

    def clear_scope(self) -> list[Any]:
        """Values for `preset_outputs` that set everything as it is to begin with."""
        return self.preset(Scope())

    @property
    def choice_outputs(self) -> list[Any]:
        """What `choices` gives values for."""
        return [self.units, self.assigned]

    def choices(self, session: Session) -> list[Any]:
        """Units and people as the store knows them now."""
        return [
            gr.Dropdown(choices=units_in_use(session)),
            gr.Dropdown(choices=self.whose(people(session, [self.house.reviewer()]))),
        ]
