"""Saved views: filters that a person has given a name."""

from __future__ import annotations

from typing import Any

import gradio as gr
from sqlalchemy.orm import Session

from analyzer.review.own import delete_view, load_view, save_view, view_names
from ui.filters import FilterBar, Scope
from ui.frame import QUICK, House
from ui.plain import plain


class SavedViews:
    """Choose, save and delete; `chosen` is the event after which the queue is read anew."""

    def __init__(self, house: House, bar: FilterBar) -> None:
        self.house = house
        self.t = t = house.t
        self.bar = bar
        with gr.Row(equal_height=True, elem_classes="views"):
            self.names = gr.Dropdown([], value=None, label=t("work.views"), min_width=180)
            self.name = gr.Textbox(label=t("work.view_name"), max_lines=1, min_width=160)
            self.save_button = gr.Button(t("work.save_view"), size="sm", min_width=100, scale=0)
            self.delete_button = gr.Button(t("work.delete_view"), size="sm", min_width=100, scale=0)
        self.notice = gr.Markdown(elem_classes=["notice", "live"])
        outputs = [self.names, self.notice]
        self.save_button.click(self.save, [self.name, *bar.inputs], outputs, **QUICK)
        self.delete_button.click(self.delete, [self.names], outputs, **QUICK)
        self.chosen = self.names.input(self.choose, [self.names, bar.scope], bar.preset_outputs, **QUICK)

    @property
    def outputs(self) -> list[Any]:
        """What `fill` gives values for."""
        return [self.names]

    def fill(self, session: Session) -> list[Any]:
        """The person's views by name."""
        return [gr.Dropdown(choices=list(view_names(session, self.house.reviewer())))]

    def choose(self, name: str | None, scope: Scope) -> list[Any]:
        """Set every filter as the view has it; documents that another page chose are let go."""
        with self.house.session() as session:
            wanted = load_view(session, self.house.reviewer(), name) if name else None
            return self.bar.values_of(wanted, None) if wanted is not None else self.bar.values_of({}, scope)

    def save(self, name: str, *filters: Any) -> list[Any]:
        """Keep the filters as they are set now."""
        values = dict(zip(self.bar.by_name, filters[:-1], strict=True))
        with self.house.session() as session:
            kept = save_view(session, self.house.reviewer(), name or "", values)
            self.house.log("preferences", "view")
            session.commit()
            choices = list(view_names(session, self.house.reviewer()))
        return [gr.Dropdown(choices=choices, value=kept), self.t("work.view_saved", name=plain(kept))]

    def delete(self, name: str | None) -> list[Any]:
        """Forget the chosen view; the filters stay as they are."""
        with self.house.session() as session:
            gone = bool(name) and delete_view(session, self.house.reviewer(), str(name))
            if gone:
                self.house.log("preferences", "view")
            session.commit()
            choices = list(view_names(session, self.house.reviewer()))
        said = self.t("work.view_deleted", name=plain(name)) if gone else self.t("work.no_view")
        return [gr.Dropdown(choices=choices, value=None), said]
