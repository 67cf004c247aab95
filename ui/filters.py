"""The filters above the list of flags."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr
from sqlalchemy.orm import Session

from analyzer.records import CONFLICT_TYPES
from analyzer.store.queries import OPEN, ConflictFilter, find_documents
from ui.language import Language
from ui.plain import plain

TYPES = (*CONFLICT_TYPES, "duplicate")
STATUSES = (OPEN, "confirm", "dismiss", "duplicate", "unsure")
#: An id that no document has: a search that found nothing must show nothing.
NO_DOCUMENT = -1
#: Per cent from which pairs are counted as flags until the reader says otherwise. The queue itself hides none: it is
#: ranked, and at the share of conflicts that a scan expects even a good guess is a small number.
LEAST = 10


@dataclass(frozen=True, slots=True)
class Scope:
    """Documents that another page has sent the reader to look at. Empty: all."""

    documents: tuple[int, ...] = ()
    both_sides: bool = False
    label: str = ""


class FilterBar:
    """Type, status, grade, probability, document and words; and the scope that another page set."""

    def __init__(self, t: Language) -> None:
        self.t = t
        self.scope = gr.State(Scope())
        with gr.Row(equal_height=True, elem_classes="filters"):
            self.types = gr.Dropdown(
                t.choices("types", TYPES), multiselect=True, label=t("review.types"), min_width=180
            )
            self.statuses = gr.Dropdown(
                t.choices("statuses", STATUSES),
                value=[OPEN],
                multiselect=True,
                label=t("review.statuses"),
                min_width=160,
            )
            grades = [(t("review.any_grade"), 0), (t.name("grades", "2"), 2), (t.name("grades", "1"), 1)]
            self.grade = gr.Dropdown(grades, value=0, label=t("review.grade"), min_width=110)
            self.least = gr.Slider(0, 100, value=0, step=1, label=t("review.least"), min_width=230)
            hint = t("review.document_hint")
            self.document = gr.Textbox(label=t("review.document"), placeholder=hint, min_width=200, max_lines=1)
            self.words = gr.Textbox(label=t("review.words"), min_width=140, max_lines=1)
        with gr.Row(visible=False, elem_classes="scope") as self.scope_row:
            self.scope_note = gr.Markdown()
            self.scope_clear = gr.Button(t("review.scope_clear"), size="sm", scale=0)

    @property
    def inputs(self) -> list[Any]:
        """Inputs of `read`, in its order."""
        return [self.types, self.statuses, self.grade, self.least, self.document, self.words, self.scope]

    @property
    def changes(self) -> list[Any]:
        """The events by which a reader changes the filter."""
        inputs = [component.input for component in (self.types, self.statuses, self.grade)]
        return [*inputs, self.least.release, self.document.submit, self.words.submit]

    def read(
        self,
        session: Session,
        types: Sequence[str] | None,
        statuses: Sequence[str] | None,
        grade: int,
        least: float,
        document: str | None,
        words: str | None,
        scope: Scope,
    ) -> ConflictFilter:
        """The store's filter for what is set on the page."""
        documents = scope.documents
        if document and document.strip():
            found = set(find_documents(session, document))
            documents = tuple(sorted(found & set(documents) if documents else found)) or (NO_DOCUMENT,)
        return ConflictFilter(
            types=tuple(types or ()),
            statuses=tuple(statuses or ()),
            least_probability=(least or 0) / 100,
            grade=grade or None,
            documents=documents,
            both_sides=scope.both_sides,
            words=words or "",
            duplicates="duplicate" in (types or ()),
        )

    @property
    def preset_outputs(self) -> list[Any]:
        """What `preset` gives values for."""
        return [*self.inputs, self.scope_row, self.scope_note]

    def preset(self, scope: Scope, *, types: Sequence[str] = (), grade: int = 0, least: float = 0) -> list[Any]:
        """Values that set the whole filter as another page wants it: open flags within a scope."""
        note = self.t("review.scope", label=plain(scope.label)) if scope.documents else ""
        return [list(types), [OPEN], grade, least, "", "", scope, gr.Row(visible=bool(scope.documents)), note]
