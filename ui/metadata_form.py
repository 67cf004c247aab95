"""A document's metadata as a form: values in, corrections out."""

from __future__ import annotations

import re
from typing import Any

import gradio as gr

from analyzer.records import LEVELS, Metadata
from ui.language import Language

FIELDS = (
    "title",
    "issuer",
    "document_type",
    "level",
    "date",
    "valid_from",
    "valid_to",
    "registration_number",
    "addressees",
    "replaces",
)
LISTS = ("addressees", "replaces")
DATES = ("date", "valid_from", "valid_to")
DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")


def form_values(metadata: Metadata | None) -> list[str]:
    """What the form shows, in the order of `FIELDS`; lists have one entry a line."""
    if metadata is None:
        return [""] * len(FIELDS)
    values = [getattr(metadata, name) for name in FIELDS]
    return ["\n".join(value) if isinstance(value, tuple) else value or "" for value in values]


def parse_field(name: str, value: str | None) -> Any:
    """The value that a form field stands for: None where it is empty, a list where there may be many."""
    text = (value or "").strip()
    if name in LISTS:
        return [line.strip() for line in text.splitlines() if line.strip()]
    return text or None


def unreadable_date(given: dict[str, str | None]) -> str | None:
    """The first date field that holds no ISO date cut to the known precision."""
    for name in DATES:
        text = (given[name] or "").strip()
        if text and not DATE.fullmatch(text):
            return name
    return None


def changes_of(metadata: Metadata, given: dict[str, str | None]) -> dict[str, Any]:
    """Only the fields in which the form differs from what holds."""
    shown = dict(zip(FIELDS, form_values(metadata), strict=True))
    return {
        name: parse_field(name, given[name]) for name in FIELDS if (given[name] or "").strip() != shown[name].strip()
    }


def build_fields(t: Language) -> dict[str, Any]:
    """The inputs of the form in one row, by field."""
    levels = [(t("documents.unknown_level"), ""), *t.choices("levels", LEVELS)]
    form: dict[str, Any] = {}
    with gr.Row():
        for name in FIELDS:
            label = t(f"documents.{name}")
            if name == "level":
                form[name] = gr.Dropdown(levels, label=label, min_width=160)
            else:
                lines = 3 if name in LISTS else 1
                form[name] = gr.Textbox(label=label, lines=lines, max_lines=8, min_width=200)
    return form
