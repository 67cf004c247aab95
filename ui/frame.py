"""What every page is built with."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr
from sqlalchemy.orm import Session, sessionmaker

from analyzer.settings import Settings
from ui.jobs import Jobs
from ui.language import Language

KEYS: dict[str, list[str]] = tomllib.loads((Path(__file__).parent / "keys.toml").read_text(encoding="utf-8"))

#: Handlers that only read or add a row: many at a time, and at once.
QUICK: dict[str, Any] = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}
#: Handlers that follow a job: they hold their place in the queue while it runs.
LONG: dict[str, Any] = {"concurrency_limit": 8, "show_progress": "hidden", "api_visibility": "private"}


@dataclass(frozen=True)
class House:
    """The store, the jobs and the language of one set of pages."""

    sessions: sessionmaker[Session]
    settings: Settings
    jobs: Jobs
    t: Language


def key_button(t: Language, action: str, *, variant: str = "secondary", **more: Any) -> gr.Button:
    """A button of the review page that its keys press, the first of them shown."""
    keys = KEYS[action]
    label = t("review.key_label", text=t(f"review.{action}"), key=keys[0].capitalize())
    return gr.Button(
        label, variant=variant, elem_id=f"do-{action}", elem_classes=[f"key-{key}" for key in keys], **more
    )
