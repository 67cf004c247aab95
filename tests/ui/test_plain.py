import html
import re

from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from tests.ui.planted import HOSTILE
from ui.plain import plain, shorten


def test_markup_is_shown_and_not_obeyed() -> None:
    page = MarkdownIt("commonmark", {"html": True, "linkify": False}).render(f"**Titel** {plain(HOSTILE)}")
    assert re.findall(r"<(\w+)", page) == ["p", "strong"]
    assert html.unescape(re.sub(r"</?(p|strong)>", "", page)).strip() == f"Titel {HOSTILE}"


@given(st.text(max_size=80))
def test_nothing_in_a_text_becomes_markup(text: str) -> None:
    safe = plain(text)
    assert html.unescape(re.sub(r"&#\d+;", "", safe)) == re.sub(r"&#\d+;", "", safe)
    assert not re.search(r"[<>\[\]()*_`~|\\!:@.\"']", safe)
    assert "\n" not in safe


def test_shorten_cuts_between_words_and_says_so() -> None:
    assert shorten("Verksamhetsplan för Öst", 30) == "Verksamhetsplan för Öst"
    assert shorten("Verksamhetsplan för polisregion Öst", 22) == "Verksamhetsplan för…"
    assert shorten("x" * 50, 10) == "x" * 9 + "…"
