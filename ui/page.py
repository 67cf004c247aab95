"""Edits to Gradio's page: its language, our script, and none of the links that name other hosts."""

from __future__ import annotations

import re
from html import escape

from ui.language import load_language

#: Social-media tags of Gradio's template; they name foreign hosts and say nothing of this program.
SOCIAL_TAG = re.compile(r'\s*<meta\s+(?:property="og:|name="twitter:)[^>]*>', re.DOTALL)
OWN_FILES = "/eget"


def language_of(path: str) -> str:
    """The language of the page under this path."""
    return "en" if path == "/en" or path.startswith("/en/") else "sv"


def edit_page(html: str, path: str) -> str:
    """Swedish or English on the whole page, Gradio's own words included; our script before Gradio's."""
    if "window.gradio_config" not in html:  # a page of our own
        return html
    language = language_of(path)
    html = SOCIAL_TAG.sub("", html)
    html = re.sub(r'<html\s+lang="[^"]*"', f'<html lang="{language}"', html, count=1)
    more = escape(load_language(language)("app.more_pages"))
    own = (
        f'<script src="{OWN_FILES}/styrsignal.js" data-language="{language}" data-more="{more}"></script>'
        f'<script src="{OWN_FILES}/failures.js"></script>'
    )
    own += f'<script src="{OWN_FILES}/styrsignal-ways.js"></script><script src="{OWN_FILES}/drafts.js"></script>'
    return html.replace("<head>", f"<head>{own}", 1)
