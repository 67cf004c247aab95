"""Two passages side by side: the panels, and what goes into them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import gradio as gr

from analyzer.records import Metadata, Reason
from analyzer.store.convert import metadata_from
from analyzer.store.schema import DocumentRow
from ui.language import Language
from ui.passages import Segment, SideView
from ui.plain import plain, shorten

MARK_COLOURS = {"evidence": "rgb(255, 213, 74)", "signal": "rgb(148, 190, 235)", "chosen": "rgb(37, 99, 235)"}


def marked_text(t: Language, label: str, **more: Any) -> gr.HighlightedText:
    """A component for marked passages; it shows text as text, whatever is in it."""
    colours = {t.name("marks", mark): colour for mark, colour in MARK_COLOURS.items()}
    return gr.HighlightedText(
        label=label, show_label=False, show_inline_category=False, color_map=colours, elem_classes="passage", **more
    )


def named_segments(t: Language, segments: Sequence[Segment]) -> list[tuple[str, str | None]]:
    """Segments with their marks named in the language of the page."""
    return [(text, t.name("marks", mark) or None) for text, mark in segments]


#: Gradio draws a large sign for "nothing"; a space is silent.
BLANK = [("\u00a0", None)]


class SidePanel:
    """One side: where it comes from, and the passage with signal and evidence marked."""

    def __init__(self, t: Language, name: str) -> None:
        self.t = t
        with gr.Column(elem_classes="side", min_width=280):
            self.origin = gr.Markdown(elem_classes="origin", container=False)
            self.text = marked_text(t, name, container=False)

    @property
    def outputs(self) -> list[gr.components.Component]:
        """The components that `fill` and `clear` give values for."""
        return [self.origin, self.text]

    def fill(self, side: SideView) -> list[Any]:
        """Values for `outputs`."""
        return [origin_lines(self.t, side), named_segments(self.t, side.segments)]

    def clear(self) -> list[Any]:
        """Values for `outputs` when no pair is shown."""
        return ["", BLANK]


def origin_lines(t: Language, side: SideView) -> str:
    """Title, issuer, level, date, place and headings, as safe Markdown."""
    title = title_of(t, side.metadata, side.source)
    facts = [plain(fact) for fact in facts_of(t, side.metadata)]
    # The outermost heading is often the title over again.
    headings = [f"*{plain(heading)}*" for heading in side.heading if heading != title]
    lines = [f"### {plain(title)}", " · ".join([*facts, place_of(t, side.page, side.paragraph)]), " › ".join(headings)]
    return "\n\n".join(line for line in lines if line)


def title_of(t: Language, metadata: Metadata, source: str) -> str:
    """The title, else the file's name."""
    return metadata.title or source.rsplit("/", 1)[-1] or t("side.untitled")


def row_title(t: Language, row: DocumentRow) -> str:
    """The title of a stored document."""
    return title_of(t, metadata_from({**row.guessed, **row.corrected}), row.source)


def facts_of(t: Language, metadata: Metadata) -> list[str]:
    """Issuer, level and date, each with a word where it is not known."""
    facts = [
        metadata.issuer or t("side.no_issuer"),
        t.name("levels", metadata.level),
        metadata.date or t("side.no_date"),
        metadata.registration_number or "",
    ]
    return [fact for fact in facts if fact]


def place_of(t: Language, page: int | None, paragraph: int) -> str:
    """Page where the format has pages, and paragraph."""
    pages = [t("side.page", number=page)] if page is not None else []
    return ", ".join([*pages, t("side.paragraph", number=paragraph)])


def reason_lines(t: Language, reasons: Sequence[Reason]) -> str:
    """Reasons with their weights, heaviest first as the judge gave them, as safe Markdown."""
    lines = [reason_line(t, reason) for reason in reasons]
    body = "\n".join(f"- {line}" for line in lines) if lines else t("review.no_reasons")
    return f"**{t('review.reasons')}**\n\n{body}"


def reason_line(t: Language, reason: Reason) -> str:
    """One reason with its weight, as safe Markdown."""
    return t("review.reason_weight", weight=t.signed(reason.weight), text=plain(reason.text))


def row_text(
    t: Language,
    *,
    share: float,
    type_: str,
    grade: int,
    titles: Sequence[str],
    status: str = "open",
    assignee: str | None = None,
) -> str:
    """One row of a list of pairs: chance and type, documents, what was decided, and whose it is."""
    head = t(
        "review.verdict", type=t.name("types", type_), percent=t.percent(share), grade=t.name("grades", str(grade))
    )
    one, two = (shorten(title, 48) for title in titles)
    names = t("review.within", document=one) if one == two else t("review.between", a=one, b=two)
    notes = [] if status == "open" else [f"{'≠' if status == 'disagreed' else '✓'} {t.name('statuses', status)}"]
    notes += [t("work.row_assignee", name=assignee)] if assignee else []
    return "\n".join([head, names, *([" · ".join(notes)] if notes else [])])
