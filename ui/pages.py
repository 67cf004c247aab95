"""The pages as tabs of one application in one language, and what leads from one to another."""

from __future__ import annotations

from typing import Any

import gradio as gr

from ui.accounts import AccountsPage
from ui.blocks import GuardedBlocks
from ui.documents import DocumentsPage
from ui.draft import DraftPage
from ui.exports import ExportPage
from ui.frame import QUICK, House, lacks
from ui.login import LOGOUT
from ui.overview import OverviewPage
from ui.own_password import PASSWORD
from ui.plain import plain
from ui.review import ReviewPage
from ui.upload import UploadPage

#: The rights without which something on the pages is of no use. The style hides it: Gradio does not when a tab is
#: there already, and the pages are the same for everybody.
LIMITED = ("decide", "export", "upload", "correct", "bulk", "manage_users")


class Entrance:
    """Who has come, what they came for, and the way out."""

    def __init__(self, house: House) -> None:
        self.house = house
        t = self.t = house.t
        self.who = gr.Markdown(elem_classes="muted", elem_id="who")
        self.password = self.way_out("password.link", PASSWORD[t.code], "own-password", 110)
        self.leave = self.way_out("login.leave", LOGOUT[t.code], "log-out", 90)

    def way_out(self, text: str, address: str, name: str, width: int) -> gr.Button:
        """A link to a page of our own; there only where people log in here."""
        return gr.Button(
            self.t(text),
            link=address,
            link_target="_self",
            size="sm",
            scale=0,
            min_width=width,
            visible=False,
            elem_id=name,
        )

    def connect(self, pages: gr.Blocks, tabs: gr.Tabs, review: ReviewPage) -> None:
        """What happens when a page is loaded."""
        self.review = review
        pages.load(self.greet, None, [self.who, self.password, self.leave], **QUICK)
        self.landing = pages.load(self.arrive, review.bar.inputs, [tabs, *review.outputs], **QUICK)

    def greet(self) -> list[Any]:
        """The person's name and role, and only the tabs and controls that are of use to them."""
        t, visitor, mode = self.t, self.house.visitor(), self.house.access.mode
        who = ""
        if visitor is not None and mode != "open":
            who = t("login.who", name=plain(visitor.name), role=t.name("roles", visitor.role).lower())
        hidden = [lacks(right) for right in LIMITED if not self.house.may(right)]
        local = gr.Button(visible=mode == "local")
        return [gr.Markdown(who, elem_classes=["muted", *hidden]), local, local]

    def arrive(self, request: gr.Request, *filters: Any) -> list[Any]:
        """Open the pair that the address names, else the overview."""
        named = str(request.query_params.get("par", ""))
        pair_id = int(named) if named.isdecimal() and len(named) < 16 else None
        # Without a pair the tabs are left alone: the visitor may have chosen one meanwhile.
        return [gr.Tabs(selected="review") if pair_id else gr.skip(), *self.review.open_pair(pair_id, *filters)]


def build_pages(house: House) -> gr.Blocks:
    """Översikt, Granska, Dokument, Ladda upp, Pröva utkast, Konton och logg."""
    t = house.t
    with GuardedBlocks(
        title=t("app.title"), analytics_enabled=False, fill_width=True, delete_cache=(3600, 3600)
    ) as pages:
        pages.house = house
        with gr.Row(elem_classes="top"):
            with gr.Column(scale=0, min_width=130):
                gr.Markdown(f"# {t('app.title')}")
            gr.Markdown(t("app.intro"), elem_classes="muted")
            other = "/en/" if t.code == "sv" else "/"
            entrance = Entrance(house)
            gr.Button(t("app.other_language"), link=other, link_target="_self", size="sm", scale=0, min_width=90)
        with gr.Tabs() as tabs:
            with gr.Tab(t("tab.overview"), id="overview") as overview_tab:
                overview = OverviewPage(house)
            with gr.Tab(t("tab.review"), id="review"):
                review = ReviewPage(house)
            with gr.Tab(t("tab.documents"), id="documents") as documents_tab:
                documents = DocumentsPage(house)
            with gr.Tab(t("tab.upload"), id="upload"):
                upload = UploadPage(house)
            with gr.Tab(t("tab.draft"), id="draft"):
                DraftPage(house)
            with gr.Tab(t("tab.export"), id="export") as export_tab:
                export = ExportPage(house, review.bar)
            with gr.Tab(t("tab.accounts"), id="accounts") as accounts_tab:
                accounts = AccountsPage(house)
        overview.connect(tabs, review)
        documents.connect_review(tabs, review)
        upload.connect_review(tabs, review)
        # A tab tells that it is selected also when the page is loaded with it.
        overview_tab.select(overview.fill, overview.inputs, overview.outputs, **QUICK)
        documents_tab.select(documents.find, [documents.search], documents.list_outputs, **QUICK)
        export_tab.select(export.tell, export.inputs, export.tell_outputs, **QUICK)
        accounts_tab.select(accounts.fill, accounts.log_inputs, accounts.outputs, **QUICK)
        entrance.connect(pages, tabs, review)
        overview.come_by(entrance.landing)
        documents.come_by(entrance.landing)
    return pages
