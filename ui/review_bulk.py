"""One act on everything under the filter: counted, asked about, then done."""

from __future__ import annotations

from typing import Any

import gradio as gr
from sqlalchemy.orm import Session

from analyzer.review.assignments import assign, people
from analyzer.review.bulk import BulkPlan, Shifted, decide_all, plan_bulk
from analyzer.review.decisions import DISMISSAL_REASONS
from analyzer.store.flags import flag_ids
from ui.frame import QUICK, House, needs
from ui.plain import plain
from ui.queue import QueuePage

ASSIGN = "assign:"
DISMISS = "dismiss:"
PLAIN_ACTS = ("confirm", "duplicate", "unsure", "escalate")


class BulkPanel:
    """Chooses an act, counts what it would touch, and does it once that is confirmed."""

    def __init__(self, house: House, page: gr.State) -> None:
        self.house = house
        self.t = t = house.t
        #: What was counted and for which act, so that what is confirmed is what was asked about.
        self.counted = gr.State(None)
        with gr.Accordion(t("work.bulk"), open=False, elem_classes=needs("bulk")):
            self.act = gr.Dropdown(self.acts([]), value=None, label=t("work.bulk_act"), elem_id="bulk-act")
            self.decided = gr.Checkbox(False, label=t("work.bulk_decided"))
            self.comment = gr.Textbox(label=t("review.comment"), max_lines=2)
            self.count_button = gr.Button(t("work.bulk_count"), size="sm")
            self.question = gr.Markdown(elem_classes=["notice", "live"])
            with gr.Row(visible=False) as self.answers:
                self.confirm_button = gr.Button(t("work.bulk_confirm"), size="sm", variant="primary", min_width=100)
                self.cancel_button = gr.Button(t("review.cancel"), size="sm", min_width=80)
        self.count_button.click(self.count, [page, self.act, self.decided], self.outputs, **QUICK)
        self.done = self.confirm_button.click(
            self.confirm, [self.counted, self.comment], [*self.outputs, self.comment], **QUICK
        )
        self.cancel_button.click(self.clear, outputs=self.outputs, **QUICK)
        self.act.input(self.clear, outputs=self.outputs, **QUICK)
        self.decided.input(self.clear, outputs=self.outputs, **QUICK)

    @property
    def outputs(self) -> list[Any]:
        """What `clear` gives values for."""
        return [self.counted, self.question, self.answers]

    def acts(self, names: list[str]) -> list[tuple[str, str]]:
        """Every act by name: decisions, a dismissal for each reason, and whom to give the pairs to."""
        t = self.t
        dismissals = [
            (t("work.bulk_dismiss", reason=t.name("dismissals", reason)), DISMISS + reason)
            for reason in DISMISSAL_REASONS
        ]
        decisions = [(t(f"review.{act}"), act) for act in PLAIN_ACTS]
        given = [(t("work.bulk_assign", name=name), ASSIGN + name) for name in names]
        return [*dismissals, *decisions, *given, (t("work.bulk_unassign"), ASSIGN)]

    def act_name(self, act: str) -> str:
        """What the act is called, safe in Markdown."""
        if act.startswith(ASSIGN):
            name = act.removeprefix(ASSIGN)
            return plain(self.t("work.bulk_assign", name=name) if name else self.t("work.bulk_unassign"))
        return plain(dict((value, name) for name, value in self.acts([])).get(act, act))

    def choices(self, session: Session) -> list[Any]:
        """The acts with everybody to whom pairs can be given."""
        return [gr.Dropdown(choices=self.acts(people(session, [self.house.reviewer()])))]

    def clear(self) -> list[Any]:
        """Nothing counted and nothing asked."""
        return [None, "", gr.Row(visible=False)]

    def ask(self, plan: BulkPlan, act: str, lead: str = "") -> list[Any]:
        """The question, with the number; without answers where there is nothing to do."""
        if not plan.count:
            return [None, self.t("work.bulk_nothing"), gr.Row(visible=False)]
        question = self.t("work.bulk_question", count=self.t.number(plan.count), act=self.act_name(act))
        return [(plan, act), f"{lead} {question}".strip(), gr.Row(visible=True)]

    def count(self, page: QueuePage, act: str | None, decided: bool) -> list[Any]:
        """How many pairs of the whole filter the act would touch."""
        if not act:
            return [None, self.t("work.bulk_choose"), gr.Row(visible=False)]
        with self.house.session() as session:
            return self.ask(plan_bulk(session, page.chosen, decided=decided or act.startswith(ASSIGN)), act)

    def confirm(self, counted: tuple[BulkPlan, str] | None, comment: str) -> list[Any]:
        """Do it, unless the filter holds other pairs by now: then ask anew."""
        if counted is None:
            return [*self.clear(), comment]
        plan, act = counted
        with self.house.session() as session:
            try:
                batch = self.carry_out(session, plan, act, comment)
            except Shifted as shifted:
                return [*self.ask(shifted.plan, act, self.t("work.bulk_shifted")), comment]
            self.house.log(
                "assign all" if act.startswith(ASSIGN) else "decide all", batch or "", what=act, pairs=plan.count
            )
            session.commit()
        said = "work.bulk_assigned" if act.startswith(ASSIGN) else "work.bulk_done"
        told = self.t(said, count=self.t.number(plan.count), act=self.act_name(act))
        return [None, told, gr.Row(visible=False), ""]

    def carry_out(self, session: Session, plan: BulkPlan, act: str, comment: str) -> str | None:
        """Add the decisions or assignments. Returns the name of the decisions as one act."""
        reviewer = self.house.reviewer()
        if act.startswith(ASSIGN):
            self.house.require("assign")
            present = plan_bulk(session, plan.chosen, decided=True)
            if present.digest != plan.digest:
                raise Shifted(present)
            assign(session, flag_ids(session, plan.chosen), act.removeprefix(ASSIGN) or None, by=reviewer)
            return None
        decision, _, reason = act.partition(":")
        return decide_all(session, plan, reviewer=reviewer, decision=decision, reason=reason or None, comment=comment)
