"""Who has done how much, and how far readers agree with each other and with the program."""

from __future__ import annotations

import gradio as gr

from analyzer.review.agreement import Agreement, agreement
from analyzer.review.assignments import Share, shares
from analyzer.review.calibration import Calibration, calibration, prior_in_store
from ui.frame import QUICK, House
from ui.language import Language
from ui.plain import plain


class PeoplePanel:
    """Three tables, counted when asked for."""

    def __init__(self, house: House) -> None:
        self.house = house
        t = house.t
        with gr.Accordion(t("work.people"), open=False):
            self.show_button = gr.Button(t("work.people_show"), size="sm")
            self.table = gr.Markdown(elem_classes="people")
        self.show_button.click(self.show, outputs=[self.table], **QUICK)

    def show(self) -> str:
        """Shares and agreement as they are now."""
        t = self.house.t
        with self.house.session() as session:
            prior = prior_in_store(session, self.house.settings.candidate_prior)
            parts = (
                share_lines(t, shares(session)),
                agreement_lines(t, agreement(session)),
                calibration_lines(t, calibration(session), prior),
            )
        return "\n\n".join(parts)


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


def calibration_lines(t: Language, found: Calibration, prior: float) -> str:
    """A table of chances shown against what was confirmed, and the share of conflicts that fits the decisions."""
    title = f"#### {t('work.calibrated')}"
    if not found.bands:
        return f"{title}\n\n{t('work.no_decided')}"
    heads = [t("work.chance"), t("work.decided"), t("work.expected"), t("work.confirmed")]
    lines = [
        [
            f"{t.percent(band.low)}–{t.percent(band.high)}",
            t.number(band.decided),
            t.number(band.expected, 1),
            t.number(band.confirmed),
        ]
        for band in (*found.bands, found.whole)
    ]
    whole = found.whole
    hint = t("work.prior_fits")
    if found.certain:
        hint = t(
            "work.prior_other",
            fitting=f"{found.fitting(prior):g}",
            prior=f"{prior:g}",
            expected=t.number(whole.expected, 1),
            confirmed=t.number(whole.confirmed),
        )
    return f"{title}\n\n{table(heads, lines)}\n\n{hint}"


def table(heads: list[str], lines: list[list[str]]) -> str:
    """A Markdown table; the cells are Markdown already."""
    rows = [heads, ["---"] * len(heads), *lines]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)
