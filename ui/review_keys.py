"""Keys of the review page: shown on the buttons, and each person's own to change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import gradio as gr
from sqlalchemy.orm import Session

from analyzer.errors import UsageError
from analyzer.review.own import preference, set_preference
from ui.frame import KEY_RIGHTS, KEYS, QUICK, House, key_classes, needs
from ui.language import Language

PREFERENCE = "keys"
#: Always Escape: it also leaves a field.
FIXED = ("cancel",)
CHANGEABLE = tuple(action for action in KEYS if action not in FIXED)
#: What the reasons for a dismissal are chosen with.
DIGITS = "123456789"


def keys_of(session: Session, person: str) -> dict[str, list[str]]:
    """Action → its keys, as this person wants them."""
    return KEYS | {action: keys for action, keys in preference(session, person, PREFERENCE).items() if action in KEYS}


def check_keys(t: Language, typed: Mapping[str, str]) -> dict[str, list[str]]:
    """Action → keys as typed, separated by spaces.

    Raises:
        UsageError: an action has no key, a key is no single sign or is taken; the message names it.
    """
    found: dict[str, list[str]] = {}
    taken: dict[str, str] = {}
    for action, words in typed.items():
        keys = list(dict.fromkeys((words or "").lower().split()))
        if not keys:
            raise UsageError(t("work.key_missing", action=t(f"review.{action}")))
        for key in keys:
            if len(key) != 1 or key in DIGITS or not key.isprintable():
                raise UsageError(t("work.key_unusable", key=key, action=t(f"review.{action}")))
            if key in taken:
                other = t(f"review.{taken[key]}")
                raise UsageError(t("work.key_taken", key=key, action=t(f"review.{action}"), other=other))
            taken[key] = action
        found[action] = keys
    return found


def button_update(t: Language, action: str, keys: list[str]) -> gr.Button:
    """The button with these keys on it."""
    label = t("review.key_label", text=t(f"review.{action}"), key=keys[0].capitalize())
    return gr.Button(value=label, elem_classes=key_classes(action, keys))


def key_line(t: Language, keys: Mapping[str, list[str]]) -> str:
    """The keys of the page in one line. Character references: a key may be a sign that Markdown reads."""
    told = [f"{'/'.join(shown_key(key) for key in keys[action])} = {t(f'review.{action}')}" for action in keys]
    return t("review.keys", keys=" · ".join(told))


def shown_key(key: str) -> str:
    """A key as a reader knows it, safe in Markdown."""
    return key.capitalize() if key.isalnum() else f"&#{ord(key)};"


class KeysPanel:
    """The line of keys, and the form by which a person changes them. `buttons`: action → its button."""

    def __init__(self, house: House, buttons: Mapping[str, gr.Button]) -> None:
        self.house = house
        self.t = t = house.t
        self.buttons = buttons
        self.line = gr.Markdown(key_line(t, KEYS), elem_classes=["legend", "muted"])
        with gr.Accordion(t("work.change_keys"), open=False):
            gr.Markdown(t("work.keys_hint"), elem_classes="muted")
            with gr.Row():
                self.boxes = {
                    action: gr.Textbox(
                        " ".join(KEYS[action]),
                        label=t(f"review.{action}"),
                        max_lines=1,
                        min_width=110,
                        scale=1,
                        elem_classes=[needs(KEY_RIGHTS[action])] if action in KEY_RIGHTS else [],
                    )
                    for action in CHANGEABLE
                }
            with gr.Row():
                self.save_button = gr.Button(t("work.save_keys"), size="sm", scale=0, min_width=140)
                self.reset_button = gr.Button(t("work.reset_keys"), size="sm", scale=0, min_width=140)
            self.notice = gr.Markdown(elem_classes=["notice", "live"])
        self.save_button.click(self.save, list(self.boxes.values()), self.outputs, **QUICK)
        self.reset_button.click(self.reset, outputs=self.outputs, **QUICK)

    @property
    def outputs(self) -> list[Any]:
        """What `fill` gives values for."""
        return [*(self.buttons[action] for action in CHANGEABLE), *self.boxes.values(), self.line, self.notice]

    def fill(self, session: Session, notice: str = "") -> list[Any]:
        """Buttons, boxes and line as the person wants them."""
        keys = keys_of(session, self.house.reviewer())
        usable = {action: keys[action] for action in keys if self.house.may(KEY_RIGHTS.get(action, "see"))}
        return [
            *(button_update(self.t, action, keys[action]) for action in CHANGEABLE),
            *(" ".join(keys[action]) for action in CHANGEABLE),
            key_line(self.t, usable),
            notice,
        ]

    def save(self, *typed: str) -> list[Any]:
        """Keep the keys as typed."""
        with self.house.session() as session:
            chosen = check_keys(self.t, dict(zip(CHANGEABLE, typed, strict=True)))
            own = {action: keys for action, keys in chosen.items() if keys != KEYS[action]}
            set_preference(session, self.house.reviewer(), PREFERENCE, own)
            self.house.log("preferences", PREFERENCE)
            session.commit()
            return self.fill(session, self.t("work.keys_saved"))

    def reset(self) -> list[Any]:
        """The keys as they come with the program."""
        with self.house.session() as session:
            set_preference(session, self.house.reviewer(), PREFERENCE, {})
            self.house.log("preferences", PREFERENCE)
            session.commit()
            return self.fill(session, self.t("work.keys_reset"))
