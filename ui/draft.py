"""Pröva utkast: one file against everything in force, without storing it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import gradio as gr

from analyzer.reports.draft_document import write_draft_report
from analyzer.scoring.advice import Advice, say
from analyzer.store.pairs import shown_type
from ui.filters import LEAST
from ui.frame import LONG, QUICK, House
from ui.language import Language
from ui.plain import plain
from ui.progress_lines import progress_lines
from ui.sides import SidePanel, reason_lines, row_text, title_of
from ui.worker import DraftAnswer, Finding

#: The formats of a report, and what its button says.
REPORTS = {"docx": "draft.report_docx", "pdf": "draft.report_pdf", "html": "draft.report_html"}


class DraftPage:
    """The components of the page and what happens between them."""

    def __init__(self, house: House) -> None:
        self.house = house
        t = self.t = house.t
        self.answer = gr.State(None)
        gr.Markdown(t("draft.intro"))
        with gr.Row(equal_height=False):
            self.file = gr.File(label=t("draft.file"), elem_id="draft-file", scale=3, height=170)
            with gr.Column(scale=1, min_width=220):
                self.least = gr.Slider(0, 100, value=LEAST, step=1, label=t("draft.least"))
                self.start = gr.Button(t("draft.start"), variant="primary", elem_id="draft-start")
        self.progress = gr.Markdown(elem_classes="live", elem_id="draft-progress")
        with gr.Row(visible=False, elem_id="draft-reports") as self.reports:
            self.links = {
                format_: gr.Button(t(text), link="", link_target="_self", size="sm", scale=0, min_width=150)
                for format_, text in REPORTS.items()
            }
        with gr.Row(visible=False, equal_height=False) as self.found:
            with gr.Column(scale=3, min_width=280):
                self.list = gr.Radio([], label=t("draft.list"), elem_classes="queue", elem_id="draft-list")
            with gr.Column(scale=9, min_width=600):
                with gr.Row(equal_height=True):
                    self.sides = (SidePanel(t, "A"), SidePanel(t, "B"))
                gr.Markdown(t("side.legend"), elem_classes=["legend", "muted"])
                self.reasons = gr.Markdown()
        self.start.click(self.check, [self.file, self.least], [self.file, *self.outputs], **LONG)
        self.least.release(self.limit, [self.answer, self.least], self.outputs, **QUICK)
        self.list.input(self.pick, [self.answer, self.list], self.pair_outputs, **QUICK)

    @property
    def pair_outputs(self) -> list[Any]:
        """What one finding gives values for."""
        return [*self.sides[0].outputs, *self.sides[1].outputs, self.reasons]

    @property
    def outputs(self) -> list[Any]:
        """What `limit` gives values for."""
        return [
            self.answer,
            self.progress,
            self.reports,
            *self.links.values(),
            self.found,
            self.list,
            *self.pair_outputs,
        ]

    def check(self, file: str | None, least: float) -> Iterator[list[Any]]:
        """Run the check and tell how it goes."""
        if not file:
            yield [None, *self.told(self.t("draft.none_chosen"))]
            return
        self.house.log("check_draft")
        job = self.house.jobs.start("draft", [Path(file)])
        for moved in self.house.jobs.watch(job):
            if not moved.finished:
                yield [None, *self.told(progress_lines(self.t, moved))]
        if job.state == "done":
            yield [None, *self.limit(job.result, least)]
        else:
            yield [None, *self.told(job.message or self.t("draft.broken"))]

    def told(self, text: str) -> list[Any]:
        """Values for `outputs` when there is only something to say."""
        none = gr.Row(visible=False)
        return [
            None,
            text,
            none,
            *(gr.skip() for _ in REPORTS),
            none,
            gr.Radio(choices=[], value=None),
            *self.no_pair(),
        ]

    def limit(self, answer: DraftAnswer | None, least: float) -> list[Any]:
        """Values for `outputs`: what was found from this chance of a conflict on."""
        if answer is None:
            return self.told("")
        shown = [at for at, one in enumerate(answer.findings) if is_shown(one, least / 100)]
        choices = [(self.list_row(answer.findings[at]), at) for at in shown]
        pair = self.pick(answer, shown[0]) if shown else self.no_pair()
        value = shown[0] if shown else None
        return [
            answer,
            self.summary(answer, len(shown), least / 100),
            gr.Row(visible=True),
            *self.report_links(answer, least / 100),
            gr.Row(visible=bool(shown)),
            gr.Radio(choices=choices, value=value),
            *pair,
        ]

    def report_links(self, answer: DraftAnswer, least: float) -> list[Any]:
        """A button for each format, under which the report is made when it is fetched."""
        summary = answer.summary
        name = self.t("draft.report_name", title=answer.title)
        return [
            gr.Button(
                link=self.house.downloads.offer(
                    self.house.reviewer(), name, format_, partial(write_draft_report, summary, format_, least)
                )
            )
            for format_ in REPORTS
        ]

    def summary(self, answer: DraftAnswer, count: int, share: float) -> str:
        """What was found, or that nothing was, and what it was compared to."""
        t = self.t
        lines = []
        if not answer.signals:
            lines.append(t("draft.no_signals"))
        else:
            key = "draft.found" if count else "draft.nothing"
            lines.append(t(key, title=plain(answer.title), count=t.number(count), percent=t.percent(share)))
            numbers = {"signals": answer.signals, "stored": answer.stored_signals, "candidates": answer.candidates}
            lines.append(t("draft.compared", **{name: t.number(value) for name, value in numbers.items()}))
        if not answer.stored_signals:
            lines.append(t("draft.empty_store"))
        if answer.summary.duplicates:
            lines.append(t("draft.duplicates", count=t.number(len(answer.summary.duplicates))))
        if answer.left_out:
            lines.append(t("draft.more", count=t.number(answer.left_out)))
        if answer.warnings:
            lines.append(t("draft.warnings", list=plain(" ".join(answer.warnings))))
        return "\n\n".join(lines)

    def list_row(self, finding: Finding) -> str:
        """One row of the list. A side without a document in the store is the draft itself."""
        verdict = finding.verdict
        titles = [
            title_of(self.t, side.metadata, side.source) if side.document_id is not None else self.t("draft.own")
            for side in (finding.a, finding.b)
        ]
        type_, grade = shown_type(verdict.type_probabilities), max(1, verdict.grade)
        return row_text(self.t, share=verdict.probability, type_=type_, grade=grade, titles=titles)

    def pick(self, answer: DraftAnswer, at: int | None) -> list[Any]:
        """Values for `pair_outputs`."""
        if answer is None or at is None:
            return self.no_pair()
        one = answer.findings[at]
        told = [reason_lines(self.t, one.verdict.reasons), advice_text(self.t, one.advice)]
        reasons = "\n\n".join(part for part in told if part)
        return [*self.sides[0].fill(one.a), *self.sides[1].fill(one.b), reasons]

    def no_pair(self) -> list[Any]:
        """Values for `pair_outputs` when no finding is shown."""
        return [*self.sides[0].clear(), *self.sides[1].clear(), ""]


def advice_text(t: Language, advice: Advice) -> str:
    """Which side prevails and what would remove the conflict, as safe Markdown; empty where neither can be told."""
    told = (("review.prevails", advice.why), ("review.remedy", advice.remedy))
    return "\n\n".join(f"**{t(head)}**\n\n{plain(say(note, t.tables))}" for head, note in told if note)


def is_shown(finding: Finding, least: float) -> bool:
    """Whether the finding is a conflict of at least this chance."""
    verdict = finding.verdict
    return verdict.probability >= least and shown_type(verdict.type_probabilities) != "duplicate"
