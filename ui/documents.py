"""Dokument: what is in the store; one document with its signals marked, their frames, and its metadata to correct."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gradio as gr
from sqlalchemy.orm import Session

from analyzer.records import Metadata
from analyzer.store.convert import document_of
from analyzer.store.documents import correct_metadata
from analyzer.store.queries import count_signals, document_heads, find_documents
from analyzer.store.schema import DocumentRow
from ui.document_parts import head_lines, list_row, nearest_lines, passage_of
from ui.filters import Scope
from ui.frame import QUICK, House, needs
from ui.frames_table import COLUMNS, frame_headers, frame_row
from ui.metadata_form import DATES, FIELDS, build_fields, changes_of, form_values, unreadable_date
from ui.review import ReviewPage
from ui.search import SearchPanel
from ui.sides import marked_text, named_segments, row_title
from ui.signal_panel import hint_lines, panel_lines
from ui.stretches import marked_segments, read_part
from ui.ways import read_document_way

PAGE_SIZE = 50
#: Passages of a document shown at a time.
PART = 150


@dataclass(frozen=True, slots=True)
class Shelf:
    """The documents that a search found, and which part of them and of the open document is shown."""

    ids: tuple[int, ...] = ()
    first: int = 0
    part: int = 0


class DocumentsPage:
    """The components of the page and what happens between them."""

    def __init__(self, house: House) -> None:
        self.house = house
        t = self.t = house.t
        self.shelf = gr.State(Shelf())
        # The page's script writes the way of a clicked link here.
        self.way = gr.Textbox(elem_id="way-dokument", elem_classes="unseen", container=False, render=False)
        with gr.Accordion(t("search.title"), open=True, elem_classes="controls"):
            self.searching = SearchPanel(house)
        with gr.Row(equal_height=False):
            with gr.Column(scale=3, min_width=280):
                self.search = gr.Textbox(label=t("documents.search"), max_lines=1)
                self.position = gr.Markdown(elem_classes=["muted", "live"])
                self.list = gr.Radio([], label=t("documents.list"), elem_classes="queue", elem_id="documents")
                with gr.Row():
                    self.previous = gr.Button(t("documents.previous"), size="sm", min_width=80)
                    self.next = gr.Button(t("documents.next"), size="sm", min_width=80)
            with gr.Column(scale=9, min_width=600):
                self.head = gr.Markdown(elem_id="document-head")
                with gr.Column(visible=False) as self.body:
                    self.build_body()
        self.connect()

    def build_body(self) -> None:
        """Text, frames and metadata of the open document."""
        t = self.t
        with gr.Row():
            self.to_flags = gr.Button(t("documents.to_flags"), variant="primary", scale=0, min_width=280)
        with gr.Accordion(t("documents.metadata"), open=False):
            gr.Markdown(t("documents.metadata_hint"), elem_classes=["muted", needs("correct")])
            self.form = build_fields(t)
            self.save = gr.Button(t("documents.save"), scale=0, min_width=180, elem_classes=needs("correct"))
        self.notice = gr.Markdown(elem_classes=["notice", "live"])
        with gr.Row():
            self.part_note = gr.Markdown(elem_classes="muted")
            self.part_previous = gr.Button(t("documents.text_previous"), size="sm", scale=0, min_width=160)
            self.part_next = gr.Button(t("documents.text_next"), size="sm", scale=0, min_width=160)
        with gr.Row(equal_height=False, elem_classes="reading"):
            with gr.Column(scale=7, min_width=380):
                self.text = marked_text(t, t("documents.text"), elem_id="document-text")
            with gr.Column(scale=4, min_width=280, elem_classes="beside"):
                self.panel = gr.Markdown(elem_id="signal-frame", elem_classes="live")
                self.nearest = gr.Markdown(elem_id="signal-nearest", elem_classes="hits")
        # Never seen: the page's script hangs these short forms on the marks in the text.
        self.hints = gr.Markdown(elem_id="document-hints", elem_classes="unseen")
        self.frames = gr.Dataframe(
            headers=frame_headers(t),
            datatype="str",
            interactive=False,
            wrap=True,
            label=t("documents.signals"),
            buttons=[],
            column_widths=list(COLUMNS.values()),
            max_height=600,
            elem_id="document-signals",
        )

    @property
    def list_outputs(self) -> list[Any]:
        """What `fill_list` gives values for."""
        return [self.shelf, self.position, self.list]

    @property
    def text_outputs(self) -> list[Any]:
        """What `text_values` gives values for."""
        return [self.part_note, self.text, self.panel, self.nearest, self.hints, self.frames]

    @property
    def outputs(self) -> list[Any]:
        """What `open` gives values for."""
        return [self.shelf, self.head, self.body, self.notice, *self.form.values(), *self.text_outputs]

    def connect(self) -> None:
        """Which act leads to what."""
        self.search.submit(self.find, [self.search], self.list_outputs, **QUICK)
        for button, by in ((self.previous, -PAGE_SIZE), (self.next, PAGE_SIZE)):
            button.click(self.turning(by), [self.shelf], self.list_outputs, **QUICK)
        self.list.input(self.open, [self.shelf, self.list], self.outputs, **QUICK)
        for button, by in ((self.part_previous, -PART), (self.part_next, PART)):
            button.click(self.reading(by), [self.shelf, self.list], [self.shelf, *self.text_outputs], **QUICK)
        for component, handler in ((self.text, self.choose_stretch), (self.frames, self.choose_row)):
            # A quick reader clicks again before the answer is whole. By default that click is lost, and "always_last"
            # asks about the first place once more.
            every = {**QUICK, "trigger_mode": "multiple"}
            component.select(handler, [self.shelf, self.list], [self.text, self.panel, self.nearest], **every)
        self.save.click(self.keep, [self.shelf, self.list, *self.form.values()], self.outputs, **QUICK)

        self.searching.connect(self.list)

    def come_by(self, landing: Any) -> None:
        """Follow the address of the page itself, once what else happens on arrival has happened."""
        landing.then(self.arrive, None, [self.way], **QUICK)

    def arrive(self, request: gr.Request) -> Any:
        """The way to a document that the page's address tells, if it does."""
        address = f"?{request.query_params}"
        return address if read_document_way(address) else gr.skip()

    def follow(self, address: str) -> list[Any]:
        """Open the document that a way leads to, at its signal; nothing happens where it leads nowhere."""
        way = read_document_way((address or "").partition("#")[0])
        if way is None:
            return [gr.skip()] * (len(self.list_outputs) + len(self.outputs))
        document_id, signal = way
        with self.house.session() as session:
            ids = tuple(find_documents(session, ""))
            first = ids.index(document_id) // PAGE_SIZE * PAGE_SIZE if document_id in ids else 0
            listed = self.fill_list(session, Shelf(ids, first), document_id)
        notice = "" if document_id in ids else self.t("search.gone")
        opened = self.open(listed[0], document_id if document_id in ids else None, notice, signal)
        return [gr.Tabs(selected="documents"), *listed[1:], *opened]

    def connect_review(self, tabs: gr.Tabs, review: ReviewPage) -> None:
        """The way to the open document's flags, and the way here from elsewhere."""
        self.way.render()  # outside of the tabs: what a tab holds is there only once it has been opened
        followed = [tabs, *self.list_outputs[1:], *self.outputs]
        self.way.change(self.follow, [self.way], followed, **{**QUICK, "trigger_mode": "multiple"})

        def handle(document_id: int | None) -> list[Any]:
            with self.house.session() as session:
                row = session.get(DocumentRow, document_id) if document_id else None
                scope = Scope((row.id,), label=row_title(self.t, row)) if row else Scope()
            return [gr.Tabs(selected="review"), *review.bar.preset(scope)]

        chosen = self.to_flags.click(handle, [self.list], [tabs, *review.bar.preset_outputs], **QUICK)
        chosen.then(review.refill, review.bar.inputs, review.outputs, **QUICK)

    def find(self, words: str) -> list[Any]:
        """The documents with these words, from the first."""
        with self.house.session() as session:
            return self.fill_list(session, Shelf(tuple(find_documents(session, words or ""))))

    def turning(self, by: int) -> Any:
        """A handler that turns the page of the list."""

        def handle(shelf: Shelf) -> list[Any]:
            first = shelf.first + by
            if not 0 <= first < len(shelf.ids):
                first = shelf.first
            with self.house.session() as session:
                return self.fill_list(session, Shelf(shelf.ids, first))

        return handle

    def fill_list(self, session: Session, shelf: Shelf, chosen: int | None = None) -> list[Any]:
        """Values for `list_outputs`, a document of the list chosen or none."""
        ids = shelf.ids[shelf.first : shelf.first + PAGE_SIZE]
        if not ids:
            return [shelf, self.t("documents.none"), gr.Radio(choices=[], value=None)]
        rows = {row.id: row for row in document_heads(session, ids)}
        numbers = count_signals(session, ids)
        choices = [(list_row(self.t, rows[one], numbers.get(one, 0)), one) for one in ids if one in rows]
        place = {"first": shelf.first + 1, "last": shelf.first + len(ids), "total": len(shelf.ids)}
        position = self.t("documents.position", **{name: self.t.number(value) for name, value in place.items()})
        value = chosen if chosen in rows else None
        return [shelf, position, gr.Radio(choices=choices, value=value)]

    def open(self, shelf: Shelf, document_id: int | None, notice: str = "", signal: int | None = None) -> list[Any]:
        """Values for `outputs`: the chosen document from its first passage, or the part that a signal stands in."""
        with self.house.session() as session:
            row = session.get(DocumentRow, document_id) if document_id else None
            if row is None:
                nothing = [None] * len(self.text_outputs)
                head = notice or self.t("documents.choose")
                return [shelf, head, gr.Column(visible=False), "", *self.fields(None), *nothing]
            shelf = Shelf(shelf.ids, shelf.first, passage_of(session, row, signal) // PART * PART)
            head = head_lines(self.t, session, row)
            metadata = document_of(row).metadata
            text = self.text_values(session, row, shelf, signal)
            return [shelf, head, gr.Column(visible=True), notice, *self.fields(metadata), *text]

    def fields(self, metadata: Metadata | None) -> list[Any]:
        """The form filled in, to read only for those who may not correct it."""
        may = self.house.may("correct")
        return [gr.update(value=value, interactive=may) for value in form_values(metadata)]

    def text_values(self, session: Session, row: DocumentRow, shelf: Shelf, signal: int | None = None) -> list[Any]:
        """Values for `text_outputs`: one part of the text and the frames of the signals in it, one of them chosen."""
        part = read_part(session, row, shelf.part, PART)
        first, total = shelf.part + 1, len(part.document.passages)
        place = {"first": first, "last": shelf.part + len(part.passages), "total": total}
        note = self.t("documents.text_part", **{name: self.t.number(value) for name, value in place.items()})
        ordinals = {passage.ordinal for passage in part.passages}
        frames = [
            frame_row(self.t, signal, part.document.passages[signal.passage].paragraph)
            for signal in part.signals
            if signal.passage in ordinals
        ]
        chosen = [one for one in part.signals if one.ordinal == signal]
        marked = marked_segments(part.stretches, [one.ordinal for one in chosen])
        panel = [panel_lines(self.t, chosen), nearest_lines(self.t, session, row.id, chosen)]
        return [note, named_segments(self.t, marked), *panel, hint_lines(self.t, part), frames]

    def choose_stretch(self, shelf: Shelf, document_id: int | None, event: gr.SelectData) -> list[Any]:
        """The frames of the signals that the clicked stretch of text belongs to."""
        return self.show_frames(shelf, document_id, stretch=event.index)

    def choose_row(self, shelf: Shelf, document_id: int | None, event: gr.SelectData) -> list[Any]:
        """The frame of the signal whose row was clicked, wherever sorting has put it."""
        return self.show_frames(shelf, document_id, number=int(event.row_value[0]))

    def show_frames(
        self, shelf: Shelf, document_id: int | None, stretch: int | None = None, number: int = 0
    ) -> list[Any]:
        """Values for text, panel and neighbours: one signal by its number, or all that a stretch belongs to."""
        with self.house.session() as session:
            row = session.get(DocumentRow, document_id) if document_id else None
            if row is None:
                return [gr.skip()] * 3
            part = read_part(session, row, shelf.part, PART)
            chosen = part.signals_at(stretch) if stretch is not None else (number - 1,)
            signals = [signal for signal in part.signals if signal.ordinal in chosen]
            if not signals:
                return [gr.skip()] * 3
            nearest = nearest_lines(self.t, session, row.id, signals)
        text = named_segments(self.t, marked_segments(part.stretches, chosen))
        return [text, panel_lines(self.t, signals), nearest]

    def reading(self, by: int) -> Any:
        """A handler that turns to another part of the text."""

        def handle(shelf: Shelf, document_id: int | None) -> list[Any]:
            with self.house.session() as session:
                row = session.get(DocumentRow, document_id) if document_id else None
                if row is None:
                    return [shelf, *[gr.skip()] * len(self.text_outputs)]
                part = shelf.part + by
                if not 0 <= part < len(row.passages):
                    part = shelf.part
                moved = Shelf(shelf.ids, shelf.first, part)
                return [moved, *self.text_values(session, row, moved)]

        return handle

    def keep(self, shelf: Shelf, document_id: int | None, *values: Any) -> list[Any]:
        """Store what was corrected, and show the document anew."""
        given = dict(zip(FIELDS, values, strict=True))
        wrong = unreadable_date(given)
        if wrong:
            assert wrong in DATES
            notice = self.t("documents.wrong_date", field=self.t(f"documents.{wrong}"))
            return [shelf, gr.skip(), gr.skip(), notice, *(gr.skip() for _ in (*FIELDS, *self.text_outputs))]
        notice = self.t("documents.unchanged")
        with self.house.session() as session:
            row = session.get(DocumentRow, document_id) if document_id else None
            changes = changes_of(document_of(row).metadata, given) if row else {}
            if row and changes:
                correct_metadata(session, row.id, changes)
                self.house.log("correct", f"document {row.id}", fields=", ".join(sorted(changes)))
                session.commit()
                notice = self.t("documents.saved")
        return self.open(shelf, document_id, notice)
