"""Konton och logg: who may come in and as what, and what everybody has done. For administrators."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import gradio as gr
from sqlalchemy.orm import Session

from analyzer.accounts.audit import MOST_SHOWN, acts_in_log, audit_rows, check_audit
from analyzer.accounts.roles import ROLES
from analyzer.accounts.users import add_user, list_users, set_disabled, set_password, set_role
from ui.frame import QUICK, House
from ui.log_words import detail_words, object_words
from ui.plain import plain

USER_COLUMNS = ("name", "role", "state", "created")
LOG_COLUMNS = ("number", "at", "person", "act", "object", "details")
ACTIONS = ("add", "change_role", "change_password", "shut", "reopen")
ANY = ""


class AccountsPage:
    """The components of the page and what happens between them."""

    def __init__(self, house: House) -> None:
        self.house = house
        t = self.t = house.t
        gr.Markdown(t(f"accounts.mode_{house.settings.access}"))
        with gr.Row(equal_height=False):
            with gr.Column(scale=5, min_width=420):
                self.users = self.table("users", USER_COLUMNS, None)
                self.build_form()
            with gr.Column(scale=7, min_width=600):
                self.build_log()
        self.connect()

    def build_form(self) -> None:
        """One form for all that can be done with an account."""
        t = self.t
        self.name = gr.Textbox(label=t("accounts.name"), max_lines=1, elem_id="account-name")
        with gr.Row():
            self.role = gr.Dropdown(
                t.choices("roles", ROLES), value=ROLES[0], label=t("accounts.role"), elem_id="account-role"
            )
            self.password = gr.Textbox(
                label=t("accounts.password"), type="password", max_lines=1, elem_id="account-password"
            )
        with gr.Row():
            self.buttons = {
                act: gr.Button(
                    t(f"accounts.{act}"),
                    variant="primary" if act == "add" else "secondary",
                    size="sm",
                    scale=0,
                    min_width=120,
                    elem_id=f"account-{act}",
                )
                for act in ACTIONS
            }
        self.notice = gr.Markdown(elem_classes=["notice", "live"], elem_id="account-notice")

    def build_log(self) -> None:
        """The audit log with its filters."""
        t = self.t
        with gr.Row():
            self.person = gr.Textbox(label=t("accounts.person"), max_lines=1, min_width=140)
            self.act = gr.Dropdown([(t("accounts.any_act"), ANY)], value=ANY, label=t("accounts.act"), min_width=140)
            self.since = gr.Textbox(label=t("accounts.since"), placeholder="2026-01-31", max_lines=1, min_width=120)
        with gr.Row():
            self.show = gr.Button(t("accounts.show"), size="sm", scale=0, min_width=160, elem_id="log-show")
            self.chain = gr.Markdown(elem_classes="live", elem_id="log-chain")
        self.log = self.table("log", LOG_COLUMNS, ["7%", "16%", "19%", "17%", "16%", "25%"])

    def table(self, name: str, columns: tuple[str, ...], widths: list[str | int] | None) -> gr.Dataframe:
        """A table that is only read."""
        return gr.Dataframe(
            headers=[self.t(f"accounts.{column}") for column in columns],
            datatype="str",
            interactive=False,
            label=self.t(f"accounts.{name}"),
            wrap=True,
            buttons=[],
            column_widths=widths,
            elem_id=f"accounts-{name}",
        )

    @property
    def form_outputs(self) -> list[Any]:
        """What every act on an account gives values for."""
        return [self.notice, self.password, self.users]

    @property
    def log_outputs(self) -> list[Any]:
        """What `show_log` gives values for."""
        return [self.act, self.chain, self.log]

    @property
    def log_inputs(self) -> list[Any]:
        """The filters of the log."""
        return [self.person, self.act, self.since]

    def connect(self) -> None:
        """Which act leads to what; each shows its own row of the log."""
        form = [self.name, self.role, self.password]
        handlers = (self.add, self.change_role, self.change_password, self.shut, self.reopen)
        for button, handler in zip(self.buttons.values(), handlers, strict=True):
            done = button.click(handler, form, self.form_outputs, **QUICK)
            done.then(self.show_log, self.log_inputs, self.log_outputs, **QUICK)
        for event in (self.show.click, self.person.submit, self.since.submit, self.act.input):
            event(self.show_log, self.log_inputs, self.log_outputs, **QUICK)

    @property
    def outputs(self) -> list[Any]:
        """What `fill` gives values for."""
        return [self.users, *self.log_outputs]

    def fill(self, *filters: Any) -> list[Any]:
        """Accounts and log as they are now."""
        with self.house.session() as session:
            users = self.user_rows(session)
        return [users, *self.show_log(*filters)]

    def add(self, name: str, role: str, password: str) -> list[Any]:
        """A new account."""
        with self.house.session() as session:
            user = add_user(session, name, role, password)
            self.house.log("user_added", user.name, role=role)
            return self.done(session, "accounts.added", user.name)

    def change_role(self, name: str, role: str, _password: str) -> list[Any]:
        """Another role for an account."""
        with self.house.session() as session:
            user = set_role(session, name, role)
            self.house.log("role_changed", user.name, role=role)
            return self.done(session, "accounts.role_changed", user.name)

    def change_password(self, name: str, _role: str, password: str) -> list[Any]:
        """Another password for an account."""
        with self.house.session() as session:
            user = set_password(session, name, password)
            self.house.log("password_changed", user.name)
            return self.done(session, "accounts.password_changed", user.name)

    def shut(self, name: str, _role: str, _password: str) -> list[Any]:
        """Nobody comes in with the account any more."""
        with self.house.session() as session:
            user = set_disabled(session, name, True)
            self.house.log("user_shut", user.name)
            return self.done(session, "accounts.was_shut", user.name)

    def reopen(self, name: str, _role: str, _password: str) -> list[Any]:
        """A shut account is good again."""
        with self.house.session() as session:
            user = set_disabled(session, name, False)
            self.house.log("user_opened", user.name)
            return self.done(session, "accounts.was_opened", user.name)

    def done(self, session: Session, key: str, name: str) -> list[Any]:
        """Keep what was done, tell it, and empty the password's field."""
        session.commit()
        return [self.t(key, name=plain(name)), "", self.user_rows(session)]

    def user_rows(self, session: Session) -> list[list[str]]:
        """The table of accounts."""
        t = self.t
        return [
            [
                user.name,
                t.name("roles", user.role),
                t("accounts.closed") if user.disabled else t("accounts.open"),
                t.moment(user.created_at),
            ]
            for user in list_users(session)
        ]

    def show_log(self, person: str, act: str | None, since: str) -> list[Any]:
        """The latest rows under the filters, and whether the chain is whole."""
        t = self.t
        with self.house.session() as session:
            state = check_audit(session)
            rows = audit_rows(session, person=person or "", act=act or ANY, since=since or "")
            acts = acts_in_log(session)
        key = "accounts.chain_broken" if state.fault else "accounts.chain_whole"
        fault = t.name("chain", state.fault)
        told = t(key, rows=t.number(state.rows), hash=state.last_hash[:16], row=t.number(state.broken), fault=fault)
        choices = [(t("accounts.any_act"), ANY), *t.choices("acts", acts)]
        table = [
            [
                str(row.id),
                local_time(row.at),
                row.person,
                t.name("acts", row.act),
                object_words(t, row.object),
                detail_words(t, row.details),
            ]
            for row in rows
        ]
        return [gr.Dropdown(choices=choices, value=act or ANY), f"{told} {t('accounts.shown', most=MOST_SHOWN)}", table]


def local_time(moment: str) -> str:
    """Date and time of day where the server stands; the log's own text where somebody has spoilt it."""
    try:
        return datetime.fromisoformat(moment).astimezone().strftime("%Y-%m-%d %H:%M:%S")
    except ValueError:
        return moment
