"""Full-text search over the signals, and the neighbours of one: lists of links into the documents and the queue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import gradio as gr
from sqlalchemy.orm import Session

from analyzer.records import LEVELS
from analyzer.store.convert import metadata_of, signal_of
from analyzer.store.narrowing import units_in_use
from analyzer.store.nearest import nearest_signals
from analyzer.store.queries import OPEN, ConflictFilter, conflict_count
from analyzer.store.schema import SignalRow
from analyzer.store.search import PAGE, SearchFilter, Segment, cut_snippet, mark_terms, search
from ui.frame import QUICK, House
from ui.language import Language
from ui.plain import plain
from ui.sides import title_of
from ui.ways import Way, document_address

MODALITIES = ("obligation", "prohibition", "permission", "recommendation", "goal")
SNIPPET = 280


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its filters, and from where on the answers are shown."""

    words: str = ""
    chosen: SearchFilter = field(default_factory=SearchFilter)
    offset: int = 0


class SearchPanel:
    """The question, its filters, and a page of answers."""

    def __init__(self, house: House) -> None:
        self.house = house
        t = self.t = house.t
        self.asked = gr.State(Asked())
        with gr.Row(equal_height=True):
            hint = t("search.hint")
            self.words = gr.Textbox(label=t("search.words"), info=hint, max_lines=1, scale=4, elem_id="signal-search")
            self.units = gr.Dropdown([], multiselect=True, label=t("search.units"), min_width=200, scale=2)
            self.levels = gr.Dropdown(
                t.choices("levels", LEVELS), multiselect=True, label=t("search.levels"), min_width=150, scale=1
            )
            self.modalities = gr.Dropdown(
                t.choices("modalities", MODALITIES),
                multiselect=True,
                label=t("search.modalities"),
                min_width=150,
                scale=1,
            )
        with gr.Row():
            self.here = gr.Checkbox(label=t("search.here"), min_width=220, scale=0)
            self.go = gr.Button(t("search.go"), variant="primary", scale=0, min_width=120)
            self.note = gr.Markdown(elem_classes=["muted", "live"], elem_id="search-note")
            self.earlier = gr.Button(t("search.earlier"), size="sm", scale=0, min_width=130)
            self.later = gr.Button(t("search.later"), size="sm", scale=0, min_width=130)
        self.hits = gr.Markdown(elem_id="search-hits", elem_classes="hits")

    @property
    def outputs(self) -> list[Any]:
        """What `tell` gives values for."""
        return [self.asked, self.note, self.hits]

    def connect(self, document: Any) -> None:
        """Which act leads to what; `document` holds the id of the open document."""
        inputs = [self.words, self.units, self.levels, self.modalities, self.here, document]
        for event in (self.words.submit, self.go.click):
            event(self.ask, inputs, self.outputs, **QUICK)
        for button, by in ((self.earlier, -PAGE), (self.later, PAGE)):
            button.click(self.turning(by), [self.asked], self.outputs, **QUICK)
        self.units.focus(self.list_units, None, [self.units], **QUICK)

    def list_units(self) -> Any:
        """The units as the store knows them now."""
        with self.house.session() as session:
            return gr.Dropdown(choices=units_in_use(session))

    def ask(
        self,
        words: str | None,
        units: Sequence[str] | None,
        levels: Sequence[str] | None,
        modalities: Sequence[str] | None,
        here: bool,
        document_id: int | None,
    ) -> list[Any]:
        """The first answers."""
        documents = (document_id,) if here and document_id else ()
        chosen = SearchFilter(documents, tuple(units or ()), tuple(levels or ()), tuple(modalities or ()))
        return self.tell(Asked(words or "", chosen))

    def turning(self, by: int) -> Any:
        """A handler that turns the page of answers."""

        def handle(asked: Asked) -> list[Any]:
            return self.tell(replace(asked, offset=max(0, asked.offset + by)))

        return handle

    def tell(self, asked: Asked) -> list[Any]:
        """Values for `outputs`."""
        t = self.t
        with self.house.session() as session:
            page = search(session, asked.words, asked.chosen, offset=asked.offset)
            if not page.signals and page.total:  # turned past the end
                asked = replace(asked, offset=(page.total - 1) // PAGE * PAGE)
                page = search(session, asked.words, asked.chosen, offset=asked.offset)
            lines = []
            for row in page.signals:
                segments = mark_terms(" ".join(signal_of(row).text.split()), page.terms)
                lines.append(hit_line(t, row, marked_words(cut_snippet(segments, SNIPPET))))
        if not page.total:
            return [asked, t("search.none"), ""]
        place = {"first": asked.offset + 1, "last": asked.offset + len(lines), "total": page.total}
        note = t("search.found", **{name: t.number(value) for name, value in place.items()})
        return [asked, note, "\n".join(lines)]


def hit_line(t: Language, row: SignalRow, words: str, lead: str = "") -> str:
    """A signal as an item of a list: where it stands, as a link, and its words, which are safe Markdown already."""
    place = [title_of(t, metadata_of(row.document), row.document.source)]
    place += [t("side.page", number=row.page)] if row.page is not None else []
    return f"- {lead}[{plain(', '.join(place))}]({document_address(row.document_id, row.ordinal)})<br>{words}"


def marked_words(segments: Sequence[Segment]) -> str:
    """Pieces of text with what was asked for marked, as safe Markdown."""
    told = []
    for words, marked in segments:
        before, after = words[: len(words) - len(words.lstrip())], words[len(words.rstrip()) :]
        safe = plain(words)
        told.append(
            f"{' ' if before else ''}{f'<mark>{safe}</mark>' if marked else safe}{' ' if after and safe else ''}"
        )
    return "".join(told)


def neighbour_lines(t: Language, session: Session, signal_id: int) -> str:
    """The open flags of a signal, as a link, and the signals nearest to it in meaning, as safe Markdown."""
    flags = conflict_count(session, ConflictFilter(signals=(signal_id,), statuses=(OPEN,)))
    way = Way(signals=(signal_id,)).address
    lines = [f"[{plain(t('search.flags', count=flags))}]({way})" if flags else t("search.no_flags")]
    near = nearest_signals(session, signal_id)
    if not near:
        return "\n\n".join([*lines, t("search.no_nearest")])
    items = []
    for one in near:
        words = cut_snippet([(" ".join(signal_of(one.signal).text.split()), False)], SNIPPET // 2)
        items.append(hit_line(t, one.signal, marked_words(words), f"**{t.percent(max(0.0, one.similarity))}** "))
    return "\n\n".join([*lines, f"#### {t('search.nearest')}", "\n".join(items)])
