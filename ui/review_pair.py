"""One pair on the review page: its components, and what goes into them."""

from __future__ import annotations

from typing import Any

import gradio as gr
from sqlalchemy.orm import Session

from analyzer.review.assignments import people
from analyzer.review.decisions import DISMISSAL_REASONS, history, last_act
from analyzer.review.drafts import load_draft
from analyzer.review.standing import DISAGREED
from analyzer.store.queries import ConflictView
from analyzer.store.schema import AssignmentRow
from ui.frame import House, key_button, needs
from ui.passages import stored_side
from ui.review_beside import dispute_lines, similar_lines, touching_choices, visible_acts
from ui.review_view import history_lines, judge_lines, verdict_lines
from ui.sides import SidePanel

#: Decisions that are made at once; a dismissal asks for its reason first.
AT_ONCE = ("confirm", "duplicate", "unsure", "escalate")
ACTIONS = ("confirm", "dismiss", "duplicate", "unsure", "escalate", "undo", "previous", "next", "note", "search")


class PairPanel:
    """Actions, verdict, both sides, reasons, history, and what stands beside the pair."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.t = house.t
        #: The pair on the screen and the latest act on it that the reader has seen. They live in the browser, so a
        #: decision always meets the pair as it was seen.
        self.shown = gr.Number(visible=False, precision=0)
        self.seen = gr.Number(visible=False, precision=0)
        self.build_actions()
        self.notice = gr.Markdown(elem_classes=["notice", "live"])
        self.verdict = gr.Markdown(elem_classes="verdict", elem_id="verdict")
        self.build_dispute()
        with gr.Row(equal_height=True):
            self.sides = (SidePanel(self.t, "A"), SidePanel(self.t, "B"))
        gr.Markdown(self.t("side.legend"), elem_classes=["legend", "muted"])
        self.build_about()

    def build_actions(self) -> None:
        """Buttons with their keys, and the reasons for a dismissal."""
        t = self.t
        with gr.Row(elem_classes="actions"):
            self.buttons = {
                action: key_button(t, action, variant="primary" if action == "confirm" else "secondary")
                for action in ACTIONS
            }
        with gr.Column(visible=False, elem_classes=["reasons", needs("decide")]) as self.why:
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

    def build_dispute(self) -> None:
        """Two readers who differ, and how a third settles it."""
        t = self.t
        dismissals = [
            (t("work.bulk_dismiss", reason=t.name("dismissals", reason)), f"dismiss:{reason}")
            for reason in DISMISSAL_REASONS
        ]
        verdicts = [(t(f"review.{action}"), action) for action in AT_ONCE]
        with gr.Column(visible=False, elem_classes="reasons") as self.dispute:
            self.readings = gr.Markdown()
            with gr.Row(visible=False, equal_height=True) as self.settling:
                self.settlement = gr.Dropdown(
                    [*verdicts, *dismissals], value=None, label=t("work.settlement"), min_width=200
                )
                self.settle = gr.Button(t("work.settle"), variant="primary", scale=0, min_width=120)

    def build_about(self) -> None:
        """Why it is flagged, what people say, what else there is."""
        t = self.t
        with gr.Row(equal_height=False):
            with gr.Column(min_width=280):
                self.reasons = gr.Markdown()
            with gr.Column(min_width=280):
                self.comment = gr.Textbox(
                    label=t("review.comment"), lines=2, max_lines=6, elem_id="comment", elem_classes=needs("decide")
                )
                told = ["unseen", needs("decide")]
                self.typed = gr.Textbox(elem_id="comment-typed", elem_classes=told, container=False)
                self.assignee = gr.Dropdown([(t("work.nobody"), "")], value="", label=t("work.assignee"))
                self.history = gr.Markdown(elem_id="history")
        with gr.Row(equal_height=False):
            with gr.Column(min_width=280):
                self.touching = gr.Radio([], label=t("work.touching"), elem_classes=["queue", "touching"])
                self.touching_all = gr.Button(t("work.touching_all"), size="sm", min_width=120)
            with gr.Column(min_width=280):
                self.similar = gr.Markdown(elem_id="similar")

    @property
    def outputs(self) -> list[Any]:
        """Everything that `fill` and `clear` give values for, in their order."""
        return [
            self.shown,
            self.seen,
            self.why,
            self.verdict,
            self.dispute,
            self.readings,
            self.settling,
            self.settlement,
            *self.sides[0].outputs,
            *self.sides[1].outputs,
            self.reasons,
            self.comment,
            self.assignee,
            self.history,
            self.touching,
            self.touching_all,
            self.similar,
        ]

    def fill(self, session: Session, view: ConflictView, comment: str | None = None) -> list[Any]:
        """The pair as this person may see it. `comment` stays in its box; None: what was typed on the pair before."""
        t, me, key = self.t, self.house.reviewer(), view.pair.key
        explanation = view.assessment.explanation
        acts = history(session, view.pair.id)
        visible, hidden = visible_acts(acts, me, view.status)
        disagreed, settles = view.status == DISAGREED, self.house.may("adjudicate")
        owner = session.get(AssignmentRow, key)
        touching = touching_choices(t, session, view.pair)
        return [
            view.pair.id,
            last_act(session, key),
            gr.Column(visible=False),
            verdict_lines(t, view),
            gr.Column(visible=disagreed),
            dispute_lines(t, acts, settles=settles) if disagreed else "",
            gr.Row(visible=disagreed and settles),
            None,
            *self.sides[0].fill(stored_side(view.a.document, view.a, explanation.get("evidence_a"))),
            *self.sides[1].fill(stored_side(view.b.document, view.b, explanation.get("evidence_b"))),
            judge_lines(t, view),
            load_draft(session, key, me) if comment is None else comment,
            self.owner_choice(session, owner.assignee if owner else ""),
            history_lines(t, visible, hidden),
            gr.Radio(choices=touching, value=None, visible=bool(touching)),
            gr.Button(visible=bool(touching)),
            similar_lines(t, session, view),
        ]

    def owner_choice(self, session: Session, owner: str) -> gr.Dropdown:
        """Whose the pair is, among everybody whose it could be; only who may assign can change it."""
        may = self.house.may("assign")
        names = (
            people(session, [self.house.reviewer(), *([owner] if owner else [])]) if may else [owner] if owner else []
        )
        choices = [(self.t("work.nobody"), ""), *((name, name) for name in names)]
        return gr.Dropdown(choices=choices, value=owner, interactive=may)

    def clear(self, hint: str) -> list[Any]:
        """The same places when no pair is shown, with a hint in place of the verdict."""
        hidden = gr.Column(visible=False)
        return [
            None,
            0,
            hidden,
            hint,
            gr.Column(visible=False),
            "",
            gr.Row(visible=False),
            None,
            *self.sides[0].clear(),
            *self.sides[1].clear(),
            "",
            "",
            gr.Dropdown(choices=[(self.t("work.nobody"), "")], value="", interactive=False),
            "",
            gr.Radio(choices=[], value=None, visible=False),
            gr.Button(visible=False),
            "",
        ]
