"""Who has done how much, and how far two readers agree."""

from __future__ import annotations

import gradio as gr

from analyzer.review.agreement import Agreement, agreement
from analyzer.review.assignments import Share, shares
from ui.frame import QUICK, House
from ui.language import Language
from ui.plain import plain


class PeoplePanel:
    """Two tables, counted when asked for."""

    def __init__(self, house: House) -> None:
        self.house = house
        t = house.t
        with gr.Accordion(t("work.people"), open=False):
            self.show_button = gr.Button(t("work.people_show"), size="sm")
            self.table = gr.Markdown(elem_classes="people")
        self.show_button.click(self.show, outputs=[self.table], **QUICK)

    def show(self) -> str:
        """Shares and agreement as they are now."""
        with self.house.session() as session:
            return (
                f"{share_lines(self.house.t, shares(session))}\n\n{agreement_lines(self.house.t, agreement(session))}"
            )


def share_lines(t: Language, rows: list[Share]) -> str:
    """A table of what each person was given and has done."""
    if not rows:
        return t("work.no_shares")
    heads = [t("work.person"), t("work.assigned_count"), t("work.done_count"), t("work.acted_count")]
    lines = [
        [
            plain(row.person),
            t.number(row.assigned),
            f"{t.number(row.done)} ({t.percent(row.done / row.assigned)})" if row.assigned else "–",
            t.number(row.acted),
        ]
        for row in rows
    ]
    return table(heads, lines)


def agreement_lines(t: Language, found: dict[str, Agreement]) -> str:
    """A table of agreement in all and by type."""
    if not found[""].pairs:
        return t("work.no_agreement")
    heads = [t("overview.type"), t("work.read_twice"), t("work.agreed"), t("work.kappa")]
    lines = [
        [
            t.name("types", type_) if type_ else f"**{t('work.all_types')}**",
            t.number(row.pairs),
            f"{t.number(row.agreed)} ({t.percent(row.agreed / row.pairs)})",
            "–" if row.kappa is None else t.number(row.kappa, 2).replace("-", "−"),
        ]
        for type_, row in found.items()
    ]
    return f"{table(heads, lines)}\n\n{t('work.kappa_hint')}"


def table(heads: list[str], lines: list[list[str]]) -> str:
    """A Markdown table; the cells are Markdown already."""
    rows = [heads, ["---"] * len(heads), *lines]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)
