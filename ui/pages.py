"""The pages as tabs of one application in one language, and what leads from one to another."""

from __future__ import annotations

from typing import Any

import gradio as gr

from ui.blocks import GuardedBlocks
from ui.documents import DocumentsPage
from ui.draft import DraftPage
from ui.frame import QUICK, House
from ui.overview import OverviewPage
from ui.review import ReviewPage
from ui.upload import UploadPage


def build_pages(house: House) -> gr.Blocks:
    """Översikt, Granska, Dokument, Ladda upp, Pröva utkast."""
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
        overview.connect(tabs, review)
        documents.connect_review(tabs, review)
        upload.connect_review(tabs, review)
        overview_tab.select(overview.fill, [overview.least], overview.outputs, **QUICK)
        documents_tab.select(documents.find, [documents.search], documents.list_outputs, **QUICK)

        def arrive(request: gr.Request, *filters: Any) -> list[Any]:
            """Open the pair that the address names, else the overview."""
            named = str(request.query_params.get("par", ""))
            pair_id = int(named) if named.isdecimal() and len(named) < 16 else None
            # Without a pair the tabs are left alone: the visitor may have chosen one meanwhile.
            return [gr.Tabs(selected="review") if pair_id else gr.skip(), *review.open_pair(pair_id, *filters)]

        pages.load(arrive, review.bar.inputs, [tabs, *review.outputs], **QUICK)
        pages.load(overview.fill, [overview.least], overview.outputs, **QUICK)
    return pages
