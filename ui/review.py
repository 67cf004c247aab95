"""Granska: the ranked list, one pair at a time, and decisions by button or key."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gradio as gr
from sqlalchemy.orm import Session

from analyzer.review.decisions import DISMISSAL_REASONS, decide, history, undo_last
from analyzer.store.queries import ConflictFilter, ConflictView, conflict_by_id, conflicts_by_ids, status_of
from ui.filters import FilterBar, Scope
from ui.frame import KEYS, QUICK, House, key_button
from ui.passages import stored_side
from ui.queue import PAGE_SIZE, QueuePage, earlier_page, later_page, open_queue, step
from ui.review_view import advice_lines, history_lines, list_choices, reasons_of, verdict_lines
from ui.sides import SidePanel, reason_lines

#: Buttons that decide at once; a dismissal asks for its reason first.
AT_ONCE = ("confirm", "duplicate", "unsure")


class ReviewPage:
    """The components of the page and what happens between them."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.t = house.t
        self.page = gr.State(QueuePage(ConflictFilter()))
        #: The pair on the screen. It lives in the browser, so a decision always meets the pair that was seen.
        self.shown = gr.Number(visible=False, precision=0)
        self.bar = FilterBar(house.t)
        with gr.Row(equal_height=False):
            with gr.Column(scale=3, min_width=280):
                self.build_list()
            with gr.Column(scale=9, min_width=600, elem_classes="pair"):
                self.build_pair()
        self.connect()

    def build_list(self) -> None:
        """The list with its paging."""
        t = self.t
        self.position = gr.Markdown(elem_classes=["muted", "live"])
        self.list = gr.Radio([], label=t("review.list"), elem_classes="queue", elem_id="queue")
        with gr.Row():
            self.earlier = gr.Button(t("review.earlier_page"), size="sm", min_width=80)
            self.later = gr.Button(t("review.later_page"), size="sm", min_width=80)

    def build_pair(self) -> None:
        """Actions, verdict, both sides, reasons and history."""
        t = self.t
        with gr.Row(elem_classes="actions"):
            self.buttons = {
                action: key_button(t, action, variant="primary" if action == "confirm" else "secondary")
                for action in ("confirm", "dismiss", "duplicate", "unsure", "undo", "previous", "next")
            }
        with gr.Column(visible=False, elem_classes="reasons") as self.why:
            gr.Markdown(t("review.why"))
            with gr.Row():
                self.why_buttons = {
                    reason: gr.Button(
                        t("review.key_label", text=t.name("dismissals", reason), key=number),
                        elem_id=f"why-{reason}",
                        elem_classes=[f"key-{number}"],
                        min_width=185,
                    )
                    for number, reason in enumerate(DISMISSAL_REASONS, start=1)
                }
                self.cancel = key_button(t, "cancel", min_width=185)
        self.notice = gr.Markdown(elem_classes=["notice", "live"])
        self.verdict = gr.Markdown(elem_classes="verdict", elem_id="verdict")
        with gr.Row(equal_height=True):
            self.sides = (SidePanel(t, "A"), SidePanel(t, "B"))
        gr.Markdown(t("side.legend"), elem_classes=["legend", "muted"])
        with gr.Row(equal_height=False):
            with gr.Column(min_width=280):
                self.reasons = gr.Markdown()
            with gr.Column(min_width=280):
                self.comment = gr.Textbox(label=t("review.comment"), lines=2, max_lines=6, elem_id="comment")
                self.history = gr.Markdown()
        gr.Markdown(t("review.keys", keys=self.key_line()), elem_classes=["legend", "muted"])

    def key_line(self) -> str:
        """All keys of the page in one line."""
        told = [
            f"{'/'.join(key.capitalize() for key in KEYS[action])} = {self.t(f'review.{action}')}" for action in KEYS
        ]
        return " · ".join(told)

    @property
    def outputs(self) -> list[Any]:
        """Everything that `show` gives values for, in its order."""
        return [
            self.page,
            self.shown,
            self.position,
            self.list,
            self.notice,
            self.why,
            self.verdict,
            *self.sides[0].outputs,
            *self.sides[1].outputs,
            self.reasons,
            self.history,
            self.comment,
        ]

    def connect(self) -> None:
        """Which act leads to what."""
        refill = {"fn": self.refill, "inputs": self.bar.inputs, "outputs": self.outputs, **QUICK}
        for change in self.bar.changes:
            change(**refill)
        self.bar.scope_clear.click(lambda: self.bar.preset(Scope()), outputs=self.bar.preset_outputs, **QUICK).then(
            **refill
        )
        place = [self.page, self.shown]
        self.list.input(self.pick, [self.page, self.list], self.outputs, **QUICK)
        for button, turn in ((self.earlier, earlier_page), (self.later, later_page)):
            button.click(self.turning(turn), place, self.outputs, **QUICK)
        for action, by in (("next", 1), ("previous", -1)):
            self.buttons[action].click(self.moving(by), place, self.outputs, **QUICK)
        for action in AT_ONCE:
            self.buttons[action].click(self.deciding(action), [*place, self.comment], self.outputs, **QUICK)
        for reason, button in self.why_buttons.items():
            button.click(self.deciding("dismiss", reason), [*place, self.comment], self.outputs, **QUICK)
        self.buttons["dismiss"].click(self.ask_why, [self.shown], [self.why], **QUICK)
        self.cancel.click(lambda: gr.Column(visible=False), outputs=[self.why], **QUICK)
        # Each press takes back one more, also while the page still shows the last; Gradio would drop it otherwise.
        self.buttons["undo"].click(self.undo, [self.page], self.outputs, trigger_mode="multiple", **QUICK)

    def refill(self, *filters: Any) -> list[Any]:
        """The first page under the filters, its first pair shown."""
        with self.house.session() as session:
            page = open_queue(session, self.bar.read(session, *filters))
            return self.show(session, page, page.ids[0] if page.ids else None)

    def open_pair(self, pair_id: int | None, *filters: Any) -> list[Any]:
        """The first page under the filters, but `pair_id` shown, which need not be on it."""
        with self.house.session() as session:
            page = open_queue(session, self.bar.read(session, *filters))
            return self.show(session, page, pair_id or (page.ids[0] if page.ids else None))

    def pick(self, page: QueuePage, pair_id: int | None) -> list[Any]:
        """The pair that was chosen in the list."""
        with self.house.session() as session:
            return self.show(session, page, pair_id)

    def turning(self, turn: Callable[[Session, QueuePage], QueuePage | None]) -> Callable[..., list[Any]]:
        """A handler that turns the page."""

        def handle(page: QueuePage, shown: int | None) -> list[Any]:
            with self.house.session() as session:
                other = turn(session, page)
                if other is None:
                    return self.show(session, page, shown, self.t("review.at_end"))
                return self.show(session, other, other.ids[0])

        return handle

    def moving(self, by: int) -> Callable[..., list[Any]]:
        """A handler that shows the next or the previous pair."""

        def handle(page: QueuePage, shown: int | None) -> list[Any]:
            with self.house.session() as session:
                moved, pair_id = step(session, page, shown, by)
                if pair_id is None:
                    return self.show(session, page, shown, self.t("review.at_end"))
                return self.show(session, moved, pair_id)

        return handle

    def deciding(self, decision: str, reason: str | None = None) -> Callable[..., list[Any]]:
        """A handler that adds a decision on the pair on the screen and goes on to the next."""

        def handle(page: QueuePage, shown: int | None, comment: str) -> list[Any]:
            with self.house.session() as session:
                if shown is None or conflict_by_id(session, shown) is None:
                    return self.show(session, page, shown)
                decide(
                    session,
                    shown,
                    reviewer=self.house.settings.reviewer,
                    decision=decision,
                    reason=reason,
                    comment=comment,
                )
                session.commit()
                moved, following = step(session, page, shown, 1)
                text = "review.decided" if following is not None else "review.decided_last"
                notice = self.t(text, status=self.t.name("statuses", decision), number=shown)
                return self.show(session, moved, following if following is not None else shown, notice)

        return handle

    def ask_why(self, shown: int | None) -> Any:
        """Show the reasons for a dismissal, where there is something to dismiss."""
        return gr.Column(visible=shown is not None)

    def undo(self, page: QueuePage) -> list[Any]:
        """Take back the reviewer's latest decision and show its pair."""
        with self.house.session() as session:
            row = undo_last(session, self.house.settings.reviewer)
            if row is None:
                return self.show(session, page, page.ids[0] if page.ids else None, self.t("review.nothing_to_undo"))
            session.commit()
            status = self.t.name("statuses", status_of(row.decision)).lower()
            return self.show(session, page, row.pair_id, self.t("review.undid", number=row.pair_id, status=status))

    def show(self, session: Session, page: QueuePage, pair_id: int | None, notice: str = "") -> list[Any]:
        """Values for `outputs`: the page's list, and one pair."""
        view = conflict_by_id(session, pair_id) if pair_id is not None else None
        if pair_id is not None and view is None:
            notice = self.t("review.gone", number=pair_id)
        choices = list_choices(self.t, conflicts_by_ids(session, page.ids))
        selected = pair_id if view is not None and pair_id in page.ids else None
        return [
            page,
            view.pair.id if view else None,
            self.position_line(page),
            gr.Radio(choices=choices, value=selected),
            notice,
            gr.Column(visible=False),
            *(self.pair_values(session, view) if view else self.no_pair(page)),
            "",
        ]

    def position_line(self, page: QueuePage) -> str:
        """Which part of the whole list is shown."""
        if not page.ids:
            return self.t("review.no_flags")
        last = page.first + min(len(page.ids), PAGE_SIZE) - 1
        numbers = {"first": page.first, "last": last, "total": page.total}
        return self.t("review.position", **{name: self.t.number(value) for name, value in numbers.items()})

    def pair_values(self, session: Session, view: ConflictView) -> list[Any]:
        """Verdict, both sides, reasons and history of one pair."""
        explanation = view.assessment.explanation
        return [
            verdict_lines(self.t, view),
            *self.sides[0].fill(stored_side(view.a.document, view.a, explanation.get("evidence_a"))),
            *self.sides[1].fill(stored_side(view.b.document, view.b, explanation.get("evidence_b"))),
            f"{reason_lines(self.t, reasons_of(view))}\n\n{advice_lines(self.t, view)}",
            history_lines(self.t, history(session, view.pair.id)),
        ]

    def no_pair(self, page: QueuePage) -> list[Any]:
        """The same places when no pair is shown."""
        return [self.t("review.choose") if page.ids else "", *self.sides[0].clear(), *self.sides[1].clear(), "", ""]
