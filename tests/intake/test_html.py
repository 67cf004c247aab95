"""HTML: structure kept, furniture and active content left out."""

from __future__ import annotations

import pytest

from .builders import outline, read

PAGE = """<!doctype html><html lang="sv"><head><title>Plan – Polisen</title><meta name="DC.date" content="2026-02-03">
<style>p {color: red}</style></head><body><nav><a href="/">Start</a></nav><main><h1>Plan för
trafik</h1><p>Enheten <em>ska</em> m&auml;ta&nbsp;farten.<br>Chefen ska f&ouml;lja upp.</p><h2>Mål</h2>
<p><strong>Nykterhet</strong></p><p>Vi ska:</p><ul><li>öka kontrollerna<ul><li>på landsväg</li></ul></li>
<li><p>redovisa</p><p>Varje månad.</p></li></ul>
<ol start="3"><li>tredje</li><li>fjärde</li></ol>
<table><thead><tr><th>Indikator</th><th>Mål 2026</th></tr></thead>
<tbody><tr><td>Prov</td><td>minst 500</td></tr></tbody></table>
<p>– en sak<br>– en till</p><img src="http://exempel.test/x.png"></main></body></html>"""


def test_structure() -> None:
    document = read("a.html", PAGE)
    assert outline(document) == [
        ("heading", "Plan för trafik"),
        ("paragraph", "Enheten ska mäta farten. Chefen ska följa upp."),
        ("heading", "Mål"),
        ("heading", "Nykterhet"),
        ("paragraph", "Vi ska:"),
        ("list_item", "öka kontrollerna"),
        ("list_item", "på landsväg"),
        ("list_item", "redovisa"),
        ("paragraph", "Varje månad."),
        ("list_item", "tredje"),
        ("list_item", "fjärde"),
        ("table_row", "Indikator: Prov | Mål 2026: minst 500"),
        ("list_item", "en sak"),
        ("list_item", "en till"),
    ]
    assert [p.depth for p in document.passages if p.kind == "list_item"] == [1, 2, 1, 1, 1, 1, 1]
    assert "3. tredje\n4. fjärde" in document.text
    assert document.metadata.date == "2026-02-03"
    assert any("bilder" in warning for warning in document.warnings)


@pytest.mark.parametrize(
    "markup",
    [
        "<nav>Meny<main><p>Enheten ska mäta.</p></main>",
        "<p>Enheten ska mäta.<p hidden>Dolt</p><div style='display: none'>Dolt <div>mer</div></div>",
        "<p>Enheten ska mäta.<script>var x = '<p>nej</p>'</script><style>p{}</style>",
        "<table><tr><td><p>Enheten ska mäta.</p></td></tr></table>",
        "Enheten ska <b>mäta</b>.</div></p></ul></table>",
        "<td>Enheten ska mäta.</td>",
        "<!-- kommentar --><p>Enheten ska mäta.</p><![CDATA[x]]>",
    ],
)
def test_odd_markup_gives_the_text_and_only_that(markup: str) -> None:
    assert read("a.html", markup).text == "Enheten ska mäta."


def test_declared_encoding_is_honoured() -> None:
    page = '<meta charset="iso-8859-5"><p>Отдел ska mäta</p>'.replace("ä", "")
    assert read("a.html", page.encode("iso-8859-5")).text == "Отдел ska mta"


def test_rows_without_a_header_keep_their_cells() -> None:
    document = read(
        "a.html", "<table><tr><td>12 %</td><td>Enheten ska mäta.</td></tr><tr><td>3</td><td>b</td></tr></table>"
    )
    assert outline(document) == [("table_row", "12 % | Enheten ska mäta."), ("table_row", "3 | b")]
