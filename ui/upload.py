"""Ladda upp: files are looked at, what they say of themselves is put right, and then they are taken in and compared."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr

from ui.filters import Scope
from ui.frame import LONG, QUICK, House
from ui.jobs import Job
from ui.metadata_form import FIELDS, build_fields, unreadable_date
from ui.plain import plain
from ui.progress_lines import progress_lines
from ui.review import ReviewPage
from ui.sides import title_of
from ui.upload_intake import OWN, VERSION, Intake
from ui.upload_outcome import DOCUMENT_COLUMNS, tell_outcome
from ui.uploads import Looked, TakeOrder


class UploadPage:
    """The components of the page and what happens between them."""

    def __init__(self, house: House) -> None:
        self.house = house
        t = self.t = house.t
        self.intake = gr.State(None)
        self.taken = gr.State(Scope())
        #: The document whose form is on the screen: when another is chosen, its values are kept first.
        self.shown = gr.State(None)
        gr.Markdown(t("upload.intro"))
        self.files = gr.File(file_count="multiple", label=t("upload.files"), elem_id="upload-files", height=200)
        self.start = gr.Button(t("upload.start"), variant="primary", elem_id="upload-start")
        self.progress = gr.Markdown(elem_classes="live", elem_id="upload-progress")
        with gr.Column(visible=False) as self.skipped_box:
            self.skipped = self.table(("upload.file", "upload.reason"), "upload.skipped", "upload-skipped")
        with gr.Column(visible=False) as self.form_box:
            self.build_form()
        with gr.Column(visible=False) as self.done_box:
            self.to_flags = gr.Button(t("upload.to_flags"), variant="primary")
            with gr.Column(visible=False) as self.collisions_box:
                columns = ("upload.own", "upload.other", "overview.type", "review.grade", "upload.chance")
                self.collisions = self.table(columns, "upload.collisions", "upload-collisions")
            facts = (*(f"documents.{name}" for name in DOCUMENT_COLUMNS), "upload.signals", "upload.warnings")
            self.documents = self.table(facts, "upload.documents", "upload-documents")
        self.connect()

    def table(self, columns: tuple[str, ...], label: str, elem_id: str) -> gr.Dataframe:
        """A table to read."""
        return gr.Dataframe(
            headers=[self.t(column) for column in columns],
            label=self.t(label),
            interactive=False,
            wrap=True,
            datatype="str",
            buttons=[],
            elem_id=elem_id,
        )

    def build_form(self) -> None:
        """What a document says of itself, one document at a time, and what to do with a name that is taken."""
        t = self.t
        gr.Markdown(t("upload.form_hint"))
        self.document = gr.Dropdown([], label=t("upload.document"), elem_id="upload-document")
        self.note = gr.Markdown(elem_classes="muted", elem_id="upload-note")
        choices = [(t("upload.version"), VERSION), (t("upload.separate"), OWN)]
        self.question = gr.Radio(choices, label=t("upload.question"), visible=False, elem_id="upload-question")
        self.form = build_fields(t)
        self.notice = gr.Markdown(elem_classes=["notice", "live"], elem_id="upload-notice")
        with gr.Row():
            self.save = gr.Button(t("upload.save"), variant="primary", elem_id="upload-save", scale=0, min_width=220)
            self.cancel = gr.Button(t("upload.cancel"), elem_id="upload-cancel", scale=0, min_width=160)

    @property
    def outputs(self) -> list[Any]:
        """Everything that a handler may give a value for; it answers with those that change."""
        return [
            *(
                self.intake,
                self.shown,
                self.taken,
                self.files,
                self.start,
                self.progress,
                self.skipped_box,
                self.skipped,
            ),
            *(self.form_box, self.document, self.note, self.question, *self.form.values(), self.notice),
            *(self.done_box, self.collisions_box, self.collisions, self.documents),
        ]

    def connect(self) -> None:
        """Which act leads to what."""
        form = list(self.form.values())
        self.start.click(self.look, [self.files, self.intake], self.outputs, **LONG)
        place = [self.intake, self.shown]
        self.document.input(self.pick, [*place, self.document, self.question, *form], self.outputs, **QUICK)
        self.save.click(self.take_in, [*place, self.question, *form], self.outputs, **LONG)
        self.cancel.click(self.give_up, [self.intake], self.outputs, **QUICK)

    def connect_review(self, tabs: gr.Tabs, review: ReviewPage) -> None:
        """The way to the flags of what was taken in."""

        def handle(taken: Scope) -> list[Any]:
            return [gr.Tabs(selected="review"), *review.bar.preset(taken)]

        chosen = self.to_flags.click(handle, [self.taken], [tabs, *review.bar.preset_outputs], **QUICK)
        chosen.then(review.refill, review.bar.inputs, review.outputs, **QUICK)

    def look(self, files: list[str] | None, before: Intake | None) -> Iterator[dict[Any, Any]]:
        """Read the files and show what they say of themselves; an upload that waited gives way."""
        if not files:
            yield {self.progress: self.t("upload.none_chosen")}
            return
        if before is not None:
            self.house.jobs.drop(before.job)
        job = self.house.jobs.start("read", [Path(file) for file in files])
        yield {**self.cleared(), self.progress: progress_lines(self.t, job)}
        for moved in self.house.jobs.watch(job):
            if not moved.finished:
                yield {self.progress: progress_lines(self.t, moved)}
        if job.state != "done":
            yield {self.progress: job.message or self.t("upload.broken")}
            return
        yield self.looked(Intake(job, job.result))

    def looked(self, intake: Intake) -> dict[Any, Any]:
        """What was found in the files, and the form of the first document."""
        t, answer = self.t, intake.answer
        shown = {
            self.skipped_box: gr.Column(visible=bool(answer.skipped)),
            self.skipped: [list(item) for item in answer.skipped],
        }
        if not answer.documents:
            self.house.jobs.drop(intake.job)
            return {**shown, self.progress: t("upload.nothing_readable")}
        numbers = {"documents": len(answer.documents) + answer.more, "skipped": len(answer.skipped)}
        told = [t("upload.looked", **{name: t.number(value) for name, value in numbers.items()})]
        if answer.more:
            told.append(t("upload.more", count=t.number(len(answer.documents))))
        if answer.questions:
            told.append(t("upload.asked", files=", ".join(plain(file) for file in answer.questions)))
        first = next((one for one in answer.documents if one.known == "other"), answer.documents[0])
        choices = [(self.document_name(one), one.key) for one in answer.documents]
        return {
            **shown,
            self.intake: intake,
            self.progress: " ".join(told),
            self.form_box: gr.Column(visible=True),
            self.document: gr.Dropdown(choices=choices, value=first.key),
            self.shown: first.key,
            **self.form_of(intake, first),
        }

    def document_name(self, one: Looked) -> str:
        """A document in the list: its title, and the file where that says more."""
        title = title_of(self.t, one.metadata, one.key)
        return title if title == one.file else f"{title} ({one.key})"

    def form_of(self, intake: Intake, one: Looked) -> dict[Any, Any]:
        """The form of one document, what is known of it, and the question where its name is taken."""
        t = self.t
        lines = [t("upload.note", file=plain(one.file), passages=t.number(one.passages))]
        if one.known != "new":
            key = "upload.known_same" if one.known == "same" else "upload.known_other"
            lines.append(t(key, title=plain(one.earlier), version=one.earlier_version))
        if one.warnings:
            lines.append(t("documents.warnings", list=plain(" ".join(one.warnings))))
        asked = one.file in intake.answer.questions
        return {
            self.note: "\n\n".join(lines),
            self.question: gr.Radio(visible=asked, value=intake.answers.get(one.file)),
            self.notice: "",
            **dict(zip(self.form.values(), intake.values_of(one), strict=True)),
        }

    def with_form(self, intake: Intake, key: str | None, values: tuple[str, ...]) -> Intake:
        """The upload with the form on the screen kept."""
        if intake.find(key) is None:
            return intake
        kept = {**intake.values, str(key): [value or "" for value in values]}
        return Intake(intake.job, intake.answer, kept, intake.answers)

    def pick(
        self, intake: Intake | None, before: str | None, key: str | None, choice: str | None, *values: str
    ) -> dict[Any, Any]:
        """Keep the form on the screen and the answer beside it, and show another document's.

        Gradio tells of one choice twice. The second time the form on the screen may still be that of the document
        before, and it must not be kept as that of the one chosen.
        """
        one = intake.find(key) if intake else None
        if intake is None or one is None or key == before:
            return {self.shown: key}
        intake = self.with_form(self.with_answer(intake, before, choice), before, values)
        return {self.intake: intake, self.shown: key, **self.form_of(intake, one)}

    def with_answer(self, intake: Intake, key: str | None, choice: str | None) -> Intake:
        """The upload with the answer on the screen kept, where the document shown is asked about."""
        one = intake.find(key)
        if one is None or choice not in (VERSION, OWN):
            return intake
        return Intake(intake.job, intake.answer, intake.values, {**intake.answers, one.file: choice})

    def fault(self, intake: Intake) -> tuple[Looked, str] | None:
        """The first document that cannot be taken in as it stands, and why."""
        for one in intake.answer.documents:
            wrong = unreadable_date(dict(zip(FIELDS, intake.values_of(one), strict=True)))
            if wrong:
                return one, self.t("documents.wrong_date", field=self.t(f"documents.{wrong}"))
            if one.file in intake.answer.questions and one.file not in intake.answers:
                return one, self.t("upload.unanswered", file=plain(one.file))
        return None

    def take_in(
        self, intake: Intake | None, shown: str | None, choice: str | None, *values: str
    ) -> Iterator[dict[Any, Any]]:
        """Take the upload in as the person has put it right, and tell how it goes.

        `choice` is the answer on the screen to a name that is taken.
        """
        if intake is None:
            yield {self.progress: self.t("upload.none_chosen")}
            return
        intake = self.with_form(self.with_answer(intake, shown, choice), shown, values)
        fault = self.fault(intake)
        if fault:
            one, why = fault
            place = {self.intake: intake, self.document: gr.Dropdown(value=one.key), self.shown: one.key}
            yield {**place, **self.form_of(intake, one), self.notice: why}
            return
        own = tuple(file for file, choice in intake.answers.items() if choice == OWN)
        corrections = intake.corrections()
        job = self.house.jobs.go_on(intake.job, "scan", TakeOrder(corrections, own))
        if job is None:
            yield {**self.cleared(), self.progress: self.t("upload.gone")}
            return
        self.house.log("upload", "begun", corrected=len(corrections))  # the page may be left before it has ended
        yield {**self.cleared(), self.progress: progress_lines(self.t, job)}
        for moved in self.house.jobs.watch(job):
            if not moved.finished:
                yield {self.progress: progress_lines(self.t, moved)}
        yield self.outcome(job, len(corrections))

    def outcome(self, job: Job, corrected: int) -> dict[Any, Any]:
        """What came of it."""
        if job.state != "done":
            return {self.progress: job.message or self.t("upload.broken")}
        with self.house.session() as session:
            came = tell_outcome(self.t, session, job.result)
            numbers = {"documents": len(came.documents), "skipped": len(came.skipped), "corrected": corrected}
            self.house.log("upload", **numbers)
            session.commit()
        return {
            self.progress: came.told,
            self.skipped_box: gr.Column(visible=bool(came.skipped)),
            self.skipped: came.skipped,
            self.done_box: gr.Column(visible=bool(came.documents)),
            self.collisions_box: gr.Column(visible=bool(came.collisions)),
            self.collisions: came.collisions,
            self.documents: came.documents,
            self.taken: came.scope,
        }

    def give_up(self, intake: Intake | None) -> dict[Any, Any]:
        """Forget the upload; nothing of it was stored."""
        if intake is not None:
            self.house.jobs.drop(intake.job)
        return {**self.cleared(), self.progress: self.t("upload.given_up")}

    def cleared(self) -> dict[Any, Any]:
        """The page without an upload that waits and without what came of the last."""
        hidden = gr.Column(visible=False)
        return {
            self.intake: None,
            self.shown: None,
            self.files: None,
            self.skipped_box: hidden,
            self.form_box: hidden,
            self.done_box: hidden,
            self.notice: "",
        }
