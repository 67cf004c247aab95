"""What every page is built with."""

from __future__ import annotations

import html
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import gradio as gr
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, sessionmaker

from analyzer.errors import StyrsignalError
from analyzer.settings import Settings
from analyzer.store.database import explain
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

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A session whose failures reach the visitor as one sentence.

        Raises:
            gr.Error: the store failed, or what was asked for cannot be done.
        """
        try:
            with self.sessions() as session:
                yield session
        except DBAPIError as error:
            raise self.failure(explain(self.sessions.kw["bind"].url, error)) from error
        except StyrsignalError as error:
            raise self.failure(str(error)) from error

    def failure(self, message: str) -> gr.Error:
        """An error that Gradio shows as a message; it would read the text as HTML."""
        return gr.Error(html.escape(message), title=self.t("app.failed"), print_exception=False)


def key_button(
    t: Language, action: str, *, variant: Literal["primary", "secondary"] = "secondary", **more: Any
) -> gr.Button:
    """A button of the review page that its keys press, the first of them shown."""
    keys = KEYS[action]
    label = t("review.key_label", text=t(f"review.{action}"), key=keys[0].capitalize())
    return gr.Button(
        label, variant=variant, elem_id=f"do-{action}", elem_classes=[f"key-{key}" for key in keys], **more
    )
