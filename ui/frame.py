"""What every page is built with."""

from __future__ import annotations

import html
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import gradio as gr
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, sessionmaker

from analyzer.accounts.audit import append_audit
from analyzer.errors import StyrsignalError
from analyzer.settings import Settings
from analyzer.store.database import explain
from ui.access import ACTING, Access, Visitor
from ui.downloads import Downloads
from ui.jobs import Jobs
from ui.language import Language

KEYS: dict[str, list[str]] = tomllib.loads((Path(__file__).parent / "keys.toml").read_text(encoding="utf-8"))
#: Actions of the review page → the right that they ask for, where it is more than seeing.
KEY_RIGHTS = dict.fromkeys(("confirm", "dismiss", "duplicate", "unsure", "escalate", "undo", "note"), "decide")

#: Handlers that only read or add a row: many at a time, and at once.
QUICK: dict[str, Any] = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}
#: Handlers that follow a job: they hold their place in the queue while it runs.
LONG: dict[str, Any] = {"concurrency_limit": 8, "show_progress": "hidden", "api_visibility": "private"}


@dataclass(frozen=True, slots=True)
class Act:
    """One act that the audit log is about to get."""

    person: str
    act: str
    object_: str
    details: dict[str, Any]


#: Acts logged within the `House.session` that is open now.
NOTED: ContextVar[list[Act] | None] = ContextVar("noted", default=None)


@contextmanager
def noting(acts: list[Act]) -> Iterator[None]:
    """Let acts that are logged meanwhile wait in the list."""
    token = NOTED.set(acts)
    try:
        yield
    finally:
        NOTED.reset(token)


def write_acts(session: Session, acts: list[Act]) -> None:
    """Add the waiting acts to the session's transaction and empty the list."""
    waiting = list(acts)
    acts.clear()
    for one in waiting:
        append_audit(session, one.person, one.act, one.object_, **one.details)


@dataclass(frozen=True)
class House:
    """The store, the jobs and the language of one set of pages."""

    sessions: sessionmaker[Session]
    settings: Settings
    jobs: Jobs
    t: Language
    access: Access = None  # type: ignore[assignment]  # made of the two first where none is given
    downloads: Downloads = field(default_factory=Downloads)

    def __post_init__(self) -> None:
        if self.access is None:
            object.__setattr__(self, "access", Access(self.sessions, self.settings))

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A session whose failures reach the visitor as one sentence. What is logged within goes with its commits.

        Raises:
            gr.Error: the store failed, or what was asked for cannot be done.
        """
        acts: list[Act] = []
        try:
            with self.sessions() as session, noting(acts):
                event.listen(session, "before_commit", lambda session: write_acts(session, acts))
                yield session
                if acts:  # logged after the last commit, or without any
                    session.commit()
        except DBAPIError as error:
            raise self.failure(explain(self.sessions.kw["bind"].url, error)) from error
        except StyrsignalError as error:
            raise self.failure(str(error)) from error

    def visitor(self) -> Visitor | None:
        """The person for whom a handler runs; None outside of handlers."""
        return ACTING.get() or self.access.identify(None)

    def reviewer(self) -> str:
        """The name that this person's acts carry.

        Raises:
            gr.Error: nobody has come through the guard.
        """
        visitor = self.visitor()
        if visitor is None:
            raise self.refusal(None)
        return visitor.name

    def may(self, right: str) -> bool:
        """Whether the person for whom a handler runs has the right."""
        visitor = self.visitor()
        return visitor is not None and visitor.may(right)

    def require(self, right: str) -> None:
        """Stop a handler whose guard asks for less than what is wanted now.

        Raises:
            gr.Error: the person does not have the right.
        """
        if not self.may(right):
            raise self.refusal(self.visitor())

    def refusal(self, visitor: Visitor | None) -> gr.Error:
        """What somebody without the right is told."""
        if visitor is None:
            return self.failure(self.t("access.log_in_again"))
        return self.failure(self.t("access.denied", role=self.t.name("roles", visitor.role).lower()))

    def log(self, act: str, object_: str = "", /, **details: Any) -> None:
        """Write in the audit log what this person does: act, what it is done to, numbers and names, no document text.

        Within `session()` the row goes with the next commit, so that act and row are kept both or neither.
        """
        noted = Act(self.reviewer(), act, object_, details)
        acts = NOTED.get()
        if acts is not None:
            acts.append(noted)
            return
        with self.sessions.begin() as session:
            write_acts(session, [noted])

    def failure(self, message: str) -> gr.Error:
        """An error that Gradio shows as a message; it would read the text as HTML."""
        return gr.Error(html.escape(message), title=self.t("app.failed"), print_exception=False)


def key_button(
    t: Language, action: str, *, variant: Literal["primary", "secondary"] = "secondary", **more: Any
) -> gr.Button:
    """A button of the review page that its keys press, the first of them shown."""
    keys = KEYS[action]
    label = t("review.key_label", text=t(f"review.{action}"), key=keys[0].capitalize())
    return gr.Button(label, variant=variant, elem_id=f"do-{action}", elem_classes=key_classes(action, keys), **more)


def key_classes(action: str, keys: Sequence[str]) -> list[str]:
    """The classes by which the page's script finds the button of a key, and the style hides it from who may not."""
    return [*(f"key-{key}" for key in keys), *([needs(KEY_RIGHTS[action])] if action in KEY_RIGHTS else [])]


def needs(right: str) -> str:
    """The class of what is of use only with the right: the style hides it from everybody else."""
    return f"needs-{right.replace('_', '-')}"


def lacks(right: str) -> str:
    """The class that stands on the page of a person without the right."""
    return f"without-{right.replace('_', '-')}"
