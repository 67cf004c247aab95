"""Export: what the queue's filter lets through as a spreadsheet, a protocol or an action plan."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import gradio as gr
from sqlalchemy.orm import Session

from analyzer.reports.exports import render_export
from analyzer.reports.plan_document import CONFIRMED, write_plan
from analyzer.store.queries import ConflictFilter, conflict_count
from ui.filters import LEAST, FilterBar
from ui.frame import LONG, QUICK, House

#: What can be made, and what it is called. The part before the point tells a plan.
FILES = {
    "xlsx": "export.xlsx",
    "csv": "export.csv",
    "json": "export.json",
    "docx": "export.docx",
    "pdf": "export.pdf",
    "plan.docx": "export.plan_docx",
    "plan.pdf": "export.plan_pdf",
    "plan.xlsx": "export.plan_xlsx",
}
PLAN = "plan."
FILTERED, ALL = "filtered", "all"


class ExportPage:
    """The components of the page and what happens between them. `bar` is the filter of the review page."""

    def __init__(self, house: House, bar: FilterBar) -> None:
        self.house = house
        self.bar = bar
        t = self.t = house.t
        gr.Markdown(t("export.intro"))
        with gr.Row(equal_height=False):
            with gr.Column(min_width=320):
                choices = [(t(text), name) for name, text in FILES.items()]
                self.what = gr.Radio(choices, value="xlsx", label=t("export.what"), elem_id="export-what")
            with gr.Column(min_width=320):
                which = [(t("export.filtered"), FILTERED), (t("export.all"), ALL)]
                self.which = gr.Radio(which, value=FILTERED, label=t("export.which"), elem_id="export-which")
                self.count = gr.Markdown(elem_classes=["muted", "live"], elem_id="export-count")
                self.start = gr.Button(t("export.start"), variant="primary", elem_id="export-start")
                self.told = gr.Markdown(elem_classes=["notice", "live"], elem_id="export-told")
                self.link = gr.Button(
                    t("export.fetch"), link="", link_target="_self", visible=False, elem_id="export-fetch"
                )
        self.start.click(self.make, self.inputs, self.outputs, **LONG)
        for choice in (self.what, self.which):
            choice.input(self.tell, self.inputs, self.tell_outputs, **QUICK)

    @property
    def inputs(self) -> list[Any]:
        """What `make` and `tell` are given."""
        return [self.what, self.which, *self.bar.inputs]

    @property
    def outputs(self) -> list[Any]:
        """What `make` gives values for."""
        return [self.told, self.link]

    @property
    def tell_outputs(self) -> list[Any]:
        """What `tell` gives values for."""
        return [self.count, *self.outputs]

    def chosen(self, session: Session, what: str, which: str, filters: tuple[Any, ...]) -> ConflictFilter:
        """The filter to export under; a plan is made of confirmed conflicts whatever the queue shows."""
        filtered = self.bar.read(session, *filters) if which == FILTERED else ConflictFilter(duplicates=True)
        if not what.startswith(PLAN):
            return filtered
        if which == ALL:
            return CONFIRMED
        return replace(filtered, statuses=CONFIRMED.statuses, duplicates=True, unread_by=None, reading=False)

    def tell(self, what: str, which: str, *filters: Any) -> list[Any]:
        """How many conflicts a file would hold, from which chance on; what was made before is no longer chosen."""
        t = self.t
        with self.house.session() as session:
            chosen = self.chosen(session, what, which, filters)
            count = conflict_count(session, chosen)
        told = t("export.count_plan" if what.startswith(PLAN) else "export.count", count=t.number(count))
        if chosen.least_probability > 0:
            limit = t("export.counted_from", percent=t.percent(chosen.least_probability))
        else:
            limit = t("export.counted_any", percent=t.percent(LEAST / 100))
        return [f"{told} {limit}", "", gr.Button(visible=False)]

    def make(self, what: str, which: str, *filters: Any) -> list[Any]:
        """Make the file and offer it."""
        if what not in FILES:
            raise self.house.failure(self.t("export.choose"))
        format_ = what.removeprefix(PLAN)
        with self.house.session() as session:
            chosen = self.chosen(session, what, which, filters)
            write = write_plan if what.startswith(PLAN) else render_export
            content, count = write(session, chosen=chosen, format_=format_)
            self.house.log("export", what, pairs=count)
            session.commit()
        name = self.t("export.name_plan" if what.startswith(PLAN) else "export.name", day=date.today().isoformat())
        address = self.house.downloads.offer(self.house.reviewer(), name, format_, lambda: content)
        return [self.t("export.made", count=self.t.number(count)), gr.Button(visible=True, link=address)]
