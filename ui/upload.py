"""Ladda upp: files into the store, with progress, what was guessed of each, and what could not be read and why."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr
from sqlalchemy.orm import Session

from analyzer.store.convert import document_of
from analyzer.store.queries import OPEN, ConflictFilter, conflict_count, signals_of
from analyzer.store.schema import DocumentRow
from ui.filters import LEAST, Scope
from ui.frame import LONG, QUICK, House
from ui.jobs import Job
from ui.progress_lines import progress_lines
from ui.review import ReviewPage
from ui.sides import row_title

DOCUMENT_COLUMNS = ("title", "issuer", "level", "date", "registration_number")


class UploadPage:
    """The components of the page and what happens between them."""

    def __init__(self, house: House) -> None:
        self.house = house
        t = self.t = house.t
        self.taken = gr.State(Scope())
        gr.Markdown(t("upload.intro"))
        self.files = gr.File(file_count="multiple", label=t("upload.files"), elem_id="upload-files", height=200)
        self.start = gr.Button(t("upload.start"), variant="primary", elem_id="upload-start")
        self.progress = gr.Markdown(elem_classes="live", elem_id="upload-progress")
        with gr.Column(visible=False) as self.skipped_box:
            self.skipped = gr.Dataframe(
                headers=[t("upload.file"), t("upload.reason")],
                label=t("upload.skipped"),
                interactive=False,
                wrap=True,
                datatype="str",
                buttons=[],
                elem_id="upload-skipped",
            )
        with gr.Column(visible=False) as self.done_box:
            self.to_flags = gr.Button(t("upload.to_flags"), variant="primary")
            self.documents = gr.Dataframe(
                headers=[
                    *(t(f"documents.{column}") for column in DOCUMENT_COLUMNS),
                    t("upload.signals"),
                    t("upload.warnings"),
                ],
                label=t("upload.documents"),
                interactive=False,
                wrap=True,
                datatype="str",
                buttons=[],
                elem_id="upload-documents",
            )
            gr.Markdown(t("upload.correct"), elem_classes="muted")
        self.start.click(self.take_in, [self.files], self.outputs, **LONG)

    @property
    def outputs(self) -> list[Any]:
        """What `take_in` gives values for."""
        return [
            self.files,
            self.progress,
            self.skipped_box,
            self.skipped,
            self.done_box,
            self.documents,
            self.taken,
        ]

    def connect_review(self, tabs: gr.Tabs, review: ReviewPage) -> None:
        """The way to the flags of what was taken in."""

        def handle(taken: Scope) -> list[Any]:
            return [gr.Tabs(selected="review"), *review.bar.preset(taken)]

        chosen = self.to_flags.click(handle, [self.taken], [tabs, *review.bar.preset_outputs], **QUICK)
        chosen.then(review.refill, review.bar.inputs, review.outputs, **QUICK)

    def take_in(self, files: list[str] | None) -> Iterator[list[Any]]:
        """Run a scan of the files and tell how it goes."""
        if not files:
            yield [None, self.t("upload.none_chosen"), *self.boxes([], []), Scope()]
            return
        job = self.house.jobs.start("scan", [Path(file) for file in files])
        for moved in self.house.jobs.watch(job):
            if not moved.finished:
                yield [None, progress_lines(self.t, moved), *self.boxes([], []), Scope()]
        yield self.outcome(job)

    def boxes(self, skipped: list[list[str]], documents: list[list[str]]) -> list[Any]:
        """Both tables, each shown where it has rows."""
        return [gr.Column(visible=bool(skipped)), skipped, gr.Column(visible=bool(documents)), documents]

    def outcome(self, job: Job) -> list[Any]:
        """Values for `outputs` when the job has ended."""
        if job.state != "done":
            return [None, job.message or self.t("upload.broken"), *self.boxes([], []), Scope()]
        ids, skipped = job.result["documents"], job.result["skipped"]
        told = self.t(
            "upload.done",
            seconds=self.t.number(job.result["seconds"], 1),
            documents=self.t.number(len(ids)),
            skipped=self.t.number(len(skipped)),
        )
        with self.house.session() as session:
            rows = [session.get_one(DocumentRow, document_id) for document_id in ids]
            chosen = ConflictFilter(statuses=(OPEN,), documents=ids, least_probability=LEAST / 100)
            count = conflict_count(session, chosen)
            documents = [self.document_row(session, row) for row in rows]
            label = ", ".join(row_title(self.t, row) for row in rows)
        flags = self.t("upload.flags", count=self.t.number(count), percent=self.t.percent(LEAST / 100))
        scope = Scope(tuple(ids), label=label)
        return [None, f"{told} {flags}", *self.boxes([list(item) for item in skipped], documents), scope]

    def document_row(self, session: Session, row: DocumentRow) -> list[str]:
        """What intake guessed of one document, its signals and warnings."""
        metadata = document_of(row).metadata
        facts = [getattr(metadata, column) or "" for column in DOCUMENT_COLUMNS]
        facts[0] = row_title(self.t, row)
        facts[2] = self.t.name("levels", metadata.level)
        return [*facts, str(len(signals_of(session, [row.id]))), " ".join(row.warnings)]
