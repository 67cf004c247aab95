"""Granska: the ranked list, one pair at a time, and decisions by button or key."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gradio as gr
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from analyzer.review.assignments import assign
from analyzer.review.decisions import Kind, Overtaken, decide, undo_last
from analyzer.review.drafts import save_draft
from analyzer.review.standing import ADJUDICATION, READING
from analyzer.store.flags import flag_rows
from analyzer.store.queries import ConflictFilter, ConflictView, conflict_by_id
from analyzer.store.schema import PairRow, ReviewRow
from ui.filters import FilterBar, Scope
from ui.frame import QUICK, House
from ui.plain import plain
from ui.queue import PAGE_SIZE, QueuePage, earlier_page, later_page, open_queue, step
from ui.review_bulk import BulkPanel
from ui.review_keys import KeysPanel
from ui.review_pair import AT_ONCE, PairPanel
from ui.review_people import PeoplePanel
from ui.review_saved import SavedViews
from ui.review_view import rows_choices


class ReviewPage:
    """The components of the page and what happens between them."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.t = house.t
        self.page = gr.State(QueuePage(ConflictFilter()))
        self.bar = FilterBar(house)
        with self.bar.more:
            self.saved = SavedViews(house, self.bar)
        with gr.Row(equal_height=False):
            with gr.Column(scale=3, min_width=280):
                self.build_list()
            with gr.Column(scale=9, min_width=600, elem_classes="pair"):
                self.pair = PairPanel(house)
                self.keys = KeysPanel(house, self.pair.buttons)
        self.connect()

    def build_list(self) -> None:
        """The list with its paging, and what is done with all of it."""
        t = self.t
        self.position = gr.Markdown(elem_classes=["muted", "live"])
        self.list = gr.Radio([], label=t("review.list"), elem_classes="queue", elem_id="queue")
        with gr.Row():
            self.earlier = gr.Button(t("review.earlier_page"), size="sm", min_width=80)
            self.later = gr.Button(t("review.later_page"), size="sm", min_width=80)
        self.bulk = BulkPanel(self.house, self.page)
        self.people = PeoplePanel(self.house)

    @property
    def outputs(self) -> list[Any]:
        """Everything that `show` gives values for, in its order."""
        return [self.page, self.position, self.list, self.pair.notice, *self.pair.outputs]

    @property
    def own_outputs(self) -> list[Any]:
        """What `own` gives values for."""
        return [*self.bar.choice_outputs, *self.saved.outputs, self.bulk.act, *self.keys.outputs]

    def connect(self) -> None:
        """Which act leads to what."""
        pair, refill = self.pair, {"fn": self.refill, "inputs": self.bar.inputs, "outputs": self.outputs, **QUICK}
        for change in self.bar.changes:
            change(**refill).then(self.bulk.clear, outputs=self.bulk.outputs, **QUICK)
        self.bar.scope_clear.click(self.bar.clear_scope, outputs=self.bar.preset_outputs, **QUICK).then(**refill)
        self.saved.chosen.then(**refill)
        self.bulk.done.then(**refill)
        place = [self.page, pair.shown, pair.seen, pair.comment]
        for listed in (self.list, pair.touching):
            listed.input(self.pick, [self.page, listed, pair.shown, pair.seen, pair.comment], self.outputs, **QUICK)
        pair.touching_all.click(self.scope_to_signals, [pair.shown], self.bar.preset_outputs, **QUICK).then(**refill)
        for button, turn in ((self.earlier, earlier_page), (self.later, later_page)):
            button.click(self.turning(turn), place, self.outputs, **QUICK)
        for action, by in (("next", 1), ("previous", -1)):
            pair.buttons[action].click(self.moving(by), place, self.outputs, **QUICK)
        for action in AT_ONCE:
            pair.buttons[action].click(self.deciding(action), place, self.outputs, **QUICK)
        for reason, button in pair.why_buttons.items():
            button.click(self.deciding("dismiss", reason), place, self.outputs, **QUICK)
        pair.buttons["dismiss"].click(self.ask_why, [pair.shown], [pair.why], **QUICK)
        pair.cancel.click(self.stop_asking, outputs=[pair.why], **QUICK)
        pair.settle.click(self.adjudicate, [*place, pair.settlement], self.outputs, **QUICK)
        pair.assignee.input(self.assign_pair, [pair.shown, pair.assignee], [pair.notice], **QUICK)
        # The page's script tells now and then that something has been typed; what it is stands in the comment's field.
        pair.typed.change(self.keep_draft, [pair.shown, pair.seen, pair.comment], trigger_mode="always_last", **QUICK)
        # Each press takes back one more, also while the page still shows the last; Gradio would drop it otherwise.
        pair.buttons["undo"].click(self.undo, [self.page], self.outputs, trigger_mode="multiple", **QUICK)
        gr.on(fn=self.own, inputs=[], outputs=self.own_outputs, **QUICK)

    def own(self) -> list[Any]:
        """What is each person's own or changes with the store: units, people, saved views, keys."""
        with self.house.session() as session:
            return [
                *self.bar.choices(session),
                *self.saved.fill(session),
                *self.bulk.choices(session),
                *self.keys.fill(session),
            ]

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

    def pick(
        self, page: QueuePage, pair_id: int | None, shown: int | None, seen: int | None, comment: str
    ) -> list[Any]:
        """The pair that was chosen in a list."""
        with self.house.session() as session:
            self.keep(session, shown, seen, comment)
            return self.show(session, page, pair_id)

    def scope_to_signals(self, shown: int | None) -> list[Any]:
        """Filters that show every flag on the two signals of the pair on the screen."""
        with self.house.session() as session:
            pair = session.get(PairRow, shown) if shown is not None else None
        if pair is None:
            return self.bar.clear_scope()
        scope = Scope(signals=(pair.a_id, pair.b_id), label=self.t("work.signals_of", number=pair.id))
        return self.bar.values_of({"statuses": []}, scope)

    def turning(self, turn: Callable[[Session, QueuePage], QueuePage | None]) -> Callable[..., list[Any]]:
        """A handler that turns the page."""

        def handle(page: QueuePage, shown: int | None, seen: int | None, comment: str) -> list[Any]:
            with self.house.session() as session:
                self.keep(session, shown, seen, comment)
                other = turn(session, page)
                if other is None:
                    return self.show(session, page, shown, self.t("review.at_end"))
                return self.show(session, other, other.ids[0])

        return handle

    def moving(self, by: int) -> Callable[..., list[Any]]:
        """A handler that shows the next or the previous pair."""

        def handle(page: QueuePage, shown: int | None, seen: int | None, comment: str) -> list[Any]:
            with self.house.session() as session:
                self.keep(session, shown, seen, comment)
                moved, pair_id = step(session, page, shown, by)
                if pair_id is None:
                    return self.show(session, page, shown, self.t("review.at_end"))
                return self.show(session, moved, pair_id)

        return handle

    def keep_draft(self, shown: int | None, seen: int | None, comment: str) -> None:
        """Keep what is being typed."""
        if shown is not None:
            with self.house.session() as session:
                save_draft(session, shown, self.house.reviewer(), comment or "", seen=seen or 0)
                session.commit()

    def keep(self, session: Session, shown: int | None, seen: int | None, comment: str) -> None:
        """Keep what was typed on a pair that is left: its last letters may not have been kept yet."""
        if shown is not None and (comment or "").strip() and self.house.may("decide"):
            save_draft(session, shown, self.house.reviewer(), comment, seen=seen or 0)
            session.commit()

    def deciding(self, decision: str, reason: str | None = None) -> Callable[..., list[Any]]:
        """A handler that adds a decision on the pair on the screen and goes on to the next."""

        def handle(page: QueuePage, shown: int | None, seen: int | None, comment: str) -> list[Any]:
            kind: Kind | None = READING if page.chosen.reading else None
            return self.add_decision(page, shown, seen, comment, decision, reason, kind)

        return handle

    def adjudicate(
        self, page: QueuePage, shown: int | None, seen: int | None, comment: str, settlement: str | None
    ) -> list[Any]:
        """Settle what two readers do not agree on."""
        if not settlement:
            raise self.house.failure(self.t("work.choose_settlement"))
        decision, _, reason = settlement.partition(":")
        return self.add_decision(page, shown, seen, comment, decision, reason or None, ADJUDICATION)

    def add_decision(
        self,
        page: QueuePage,
        shown: int | None,
        seen: int | None,
        comment: str,
        decision: str,
        reason: str | None,
        kind: Kind | None,
    ) -> list[Any]:
        """Decide on the pair on the screen and show the next; show it again where somebody else was first."""
        with self.house.session() as session:
            if shown is None or conflict_by_id(session, shown) is None:
                return self.show(session, page, shown)
            try:
                decide(
                    session,
                    shown,
                    reviewer=self.house.reviewer(),
                    decision=decision,
                    reason=reason,
                    comment=comment,
                    kind=kind,
                    seen=seen or 0,
                )
            except Overtaken as overtaken:
                return self.show(session, page, shown, self.overtaken_line(overtaken.act), comment)
            self.house.log(kind or "decide", f"pair {shown}", decision=decision, reason=reason)
            session.commit()
            moved, following = step(session, page, shown, 1)
            text = "review.decided" if following is not None else "review.decided_last"
            notice = self.t(text, status=self.t.name("statuses", decision), number=shown)
            return self.show(session, moved, following if following is not None else shown, notice)

    def overtaken_line(self, act: ReviewRow) -> str:
        """Who was first, and with what."""
        status = self.t.name("statuses", act.decision).lower()
        return self.t("work.overtaken", who=plain(act.reviewer), status=status)

    def ask_why(self, shown: int | None) -> Any:
        """Show the reasons for a dismissal, where there is something to dismiss."""
        return gr.Column(visible=shown is not None)

    def stop_asking(self) -> Any:
        """Hide them."""
        return gr.Column(visible=False)

    def assign_pair(self, shown: int | None, name: str | None) -> str:
        """Give the pair on the screen to somebody, or to nobody."""
        if shown is None:
            return ""
        with self.house.session() as session:
            assign(session, [shown], name or None, by=self.house.reviewer())
            self.house.log("assign", f"pair {shown}", to=name or "")
            session.commit()
        return self.t("work.pair_assigned" if name else "work.pair_unassigned", number=shown, name=plain(name))

    def undo(self, page: QueuePage) -> list[Any]:
        """Take back the reviewer's latest decision, or all that were made as one with it, and show its pair."""
        with self.house.session() as session:
            row = undo_last(session, self.house.reviewer())
            if row is None:
                return self.show(session, page, page.ids[0] if page.ids else None, self.t("review.nothing_to_undo"))
            self.house.log("undo", row.batch or f"pair {row.pair_id}")
            session.commit()
            view = conflict_by_id(session, row.pair_id)
            status = self.t.name("statuses", view.status if view else row.decision).lower()
            notice = self.t("review.undid", number=row.pair_id, status=status)
            if row.batch:
                count = session.scalar(select(func.count()).where(ReviewRow.batch == row.batch)) or 0
                notice = self.t("work.undid_batch", count=self.t.number(count))
            return self.show(session, page, row.pair_id, notice)

    def show(
        self,
        session: Session,
        page: QueuePage,
        pair_id: int | None,
        notice: str = "",
        comment: str | None = None,
    ) -> list[Any]:
        """Values for `outputs`: the page's list, and one pair."""
        view = conflict_by_id(session, pair_id) if pair_id is not None else None
        if pair_id is not None and view is None:
            notice = self.t("review.gone", number=pair_id)
        choices = rows_choices(self.t, flag_rows(session, page.ids))
        selected = pair_id if view is not None and pair_id in page.ids else None
        return [
            page,
            self.position_line(page),
            gr.Radio(choices=choices, value=selected),
            notice,
            *self.pair_values(session, view, page, comment),
        ]

    def pair_values(
        self, session: Session, view: ConflictView | None, page: QueuePage, comment: str | None
    ) -> list[Any]:
        """What is shown of the pair, or a hint where none is."""
        if view is not None:
            return self.pair.fill(session, view, comment)
        return self.pair.clear(self.t("review.choose") if page.ids else "")

    def position_line(self, page: QueuePage) -> str:
        """Which part of the whole list is shown."""
        if not page.ids:
            return self.t("review.no_flags")
        last = page.first + min(len(page.ids), PAGE_SIZE) - 1
        numbers = {"first": page.first, "last": last, "total": page.total}
        return self.t("review.position", **{name: self.t.number(value) for name, value in numbers.items()})
