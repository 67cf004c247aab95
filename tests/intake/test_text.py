"""Plain text and Markdown: blocks, exact offsets, and the noise of real exports."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.errors import ReadError

from .builders import outline, read


def test_markdown_gives_headings_paragraphs_and_nested_items() -> None:
    document = read(
        "plan.md",
        "# Plan\n\nPolisregionen ska\nöka närvaron.\n\n## Mål\n\nVi ska:\n\n"
        "* minska övertiden,\n  - särskilt nattetid\n* öka lagföringen\n",
    )
    assert outline(document) == [
        ("heading", "Plan"),
        ("paragraph", "Polisregionen ska öka närvaron."),
        ("heading", "Mål"),
        ("paragraph", "Vi ska:"),
        ("list_item", "minska övertiden,"),
        ("list_item", "särskilt nattetid"),
        ("list_item", "öka lagföringen"),
    ]
    assert [passage.depth for passage in document.passages[4:]] == [1, 2, 1]
    assert [passage.paragraph for passage in document.passages] == [1, 1, 2, 2, 3, 4, 5]
    assert document.passages[-1].heading_path == ("Plan", "Mål")
    assert document.passages[2].heading_path == ("Plan",)
    assert "• minska övertiden,\n• särskilt nattetid\n" in document.text


@pytest.mark.parametrize("marker", ["–", "•", "−", "·", "*", "-"])
def test_every_bullet_opens_an_item(marker: str) -> None:
    text = f"Myndigheten ska\n{marker} kartlägga behovet\nav utbildning,\n{marker} redovisa kostnaden.\n"
    for name in ("a.txt", "a.md"):
        assert outline(read(name, text)) == [
            ("paragraph", "Myndigheten ska"),
            ("list_item", "kartlägga behovet av utbildning,"),
            ("list_item", "redovisa kostnaden."),
        ]


def test_letters_and_numbers_open_items_only_in_order() -> None:
    document = read(
        "a.txt", "Chefen ska\n1. planera,\n2. följa upp senast den\n15. Detta är ingen punkt.\n\na) utse en ansvarig"
    )
    assert [text for kind, text in outline(document) if kind == "list_item"] == [
        "planera,",
        "följa upp senast den 15. Detta är ingen punkt.",
        "utse en ansvarig",
    ]


def test_numbers_run_together_in_one_item_are_parted() -> None:
    document = read("a.md", "Enheten ska\n\n1. förebygga brott, 2. utreda brott,\n\n3. ge stöd enligt 4 kap. 2 §.\n")
    assert [text for kind, text in outline(document) if kind == "list_item"] == [
        "förebygga brott,",
        "utreda brott,",
        "ge stöd enligt 4 kap. 2 §.",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "**Närmare om uppdraget**\n\nEnheten ska vara öppen.",
        "**Närmare om uppdraget**\nEnheten ska vara öppen.",
        "**Närmare om uppdraget**Enheten ska vara öppen.",
        "Närmare om uppdragetMyndigheten ska vara öppen.",
    ],
)
def test_headings_in_bold_or_glued_are_headings(text: str) -> None:
    kinds = outline(read("a.md", text))
    assert kinds[0] == ("heading", "Närmare om uppdraget")
    assert kinds[1][0] == "paragraph"


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("**Senast** den 1 mars ska planen lämnas.", "Senast den 1 mars ska planen lämnas."),
        ("**Enheten ska:** planera.", "Enheten ska: planera."),
        ("Ansvaret för eHälsa och ScanMed ligger kvar.", "Ansvaret för eHälsa och ScanMed ligger kvar."),
        (
            "Se www.exempel.Se eller 2.Del av planen ska ses över.",
            "Se www.exempel.Se eller 2.Del av planen ska ses över.",
        ),
        ("Allt lämnas tillKommunen senare.", "Allt lämnas till Kommunen senare."),
        ("Insatsen är slut.Uppdraget ska redovisas.", "Insatsen är slut. Uppdraget ska redovisas."),
        ("Arbets\u00adförmed\u00acling\u00a0ska", "Arbetsförmedling ska"),
        ("[Länken](https://exempel.test/a_b) ska *läsas* `noga` &amp; ofta.", "Länken ska läsas noga & ofta."),
    ],
)
def test_noise_is_mended_and_nothing_else(text: str, stored: str) -> None:
    document = read("a.md", text)
    assert document.text == stored
    assert [kind for kind, _ in outline(document)] == ["paragraph"]


def test_a_sentence_cut_in_two_is_joined() -> None:
    document = read(
        "a.md", "– analysera faktorer som\n\när viktiga,\n\n– peka ut områden\n\nska inte fogas till punkten."
    )
    assert [text for _, text in outline(document)] == [
        "analysera faktorer som är viktiga,",
        "peka ut områden",
        "ska inte fogas till punkten.",
    ]


def test_markdown_tables_name_their_columns_in_every_row() -> None:
    document = read("a.md", "| Indikator | Mål 2026 |\n|---|---|\n| Lagföring | 85 % |\n| Utfall | |\n")
    assert outline(document) == [
        ("table_row", "Indikator: Lagföring | Mål 2026: 85 %"),
        ("table_row", "Indikator: Utfall"),
    ]


def test_the_lines_of_a_head_stay_apart() -> None:
    head = "Datum: 2026-01-22\nDnr: A011.408/2026\nPolisregion Syd ska:\nmäta farten."
    for name in ("a.txt", "a.md"):
        assert [text for _, text in outline(read(name, head))] == [
            "Datum: 2026-01-22",
            "Dnr: A011.408/2026 Polisregion Syd ska: mäta farten.",
        ]


def test_front_matter_is_metadata_and_not_text() -> None:
    document = read("a.md", "---\nrubrik: Plan för trafik\nbeteckning: A1/2026\n---\nEnheten ska mäta farten.\n")
    assert document.text == "Enheten ska mäta farten."
    assert document.metadata.title == "Plan för trafik"
    assert document.metadata.registration_number == "A1/2026"


def test_a_rule_at_the_top_is_not_front_matter() -> None:
    assert "Enheten ska mäta." in read("a.md", "---\n\nEnheten ska mäta.\n\n---\n").text


def test_plain_text_headings_by_look() -> None:
    text = (
        "VERKSAMHETSPLAN 2026\n\n1 Inriktning\n"
        "Polisregionen ska bedriva ett långsiktigt arbete mot våld i nära relationer.\n\n"
        "1.1 Trafik\n\nEnheten ska mäta farten på de vägar där flest olyckor sker.\n\n"
        "Enheten ska\n\n- mäta,\n- redovisa.\n\nUppföljning\n===\n\nChefen följer upp."
    )
    document = read("a.txt", text)
    assert [text for kind, text in outline(document) if kind == "heading"] == [
        "VERKSAMHETSPLAN 2026",
        "1 Inriktning",
        "1.1 Trafik",
        "Uppföljning",
    ]
    assert ("paragraph", "Enheten ska") in outline(document)


@pytest.mark.parametrize(
    ("wrapped", "joined"),
    [
        ("Den synliga närva-\nron ska öka.", "Den synliga närvaron ska öka."),
        ("Både kort-\noch långsiktiga mål ska nås.", "Både kort- och långsiktiga mål ska nås."),
        ("Alla EU-\nregler ska följas.", "Alla EU-regler ska följas."),
        ("Målen gäller 2025 -\noch framåt.", "Målen gäller 2025 - och framåt."),
    ],
)
def test_wrapped_lines_are_joined(wrapped: str, joined: str) -> None:
    assert read("a.txt", wrapped).text == joined


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "latin-1", "cp1252"]
)
def test_encodings_give_the_same_text(encoding: str) -> None:
    text = "Åklagare och polis ska öka samverkan på området."
    assert read("a.txt", text.encode(encoding)).text == text


def test_broken_utf8_is_read_with_a_warning() -> None:
    data = "Polisen ska öka närvaron på gator och på torg. Åtgärder följs.".encode().replace("Å".encode(), b"\xc3")
    document = read("a.txt", data)
    assert "Polisen ska öka närvaron" in document.text
    assert any("avkoda" in warning for warning in document.warnings)


def test_decomposed_letters_are_composed_and_hash_alike() -> None:
    decomposed = read("a.txt", "Polisen ska go\u0308ra mer a\u030at va\u030ald.\r\n")
    composed = read("b.md", "Polisen ska göra mer åt våld.")
    assert decomposed.text == composed.text
    assert decomposed.sha256 == composed.sha256 == hashlib.sha256(composed.text.encode()).hexdigest()


@pytest.mark.parametrize(
    ("character", "word"),
    [
        ("\u202e", "skrivriktning"),
        ("\u2066", "skrivriktning"),
        ("\u200b", "nollbredd"),
        ("\U000e0041", "nollbredd"),
        ("\x00", "styrtecken"),
    ],
)
def test_what_cannot_be_seen_is_removed_and_reported(character: str, word: str) -> None:
    document = read("a.txt", f"Polisen ska{character} öka närvaron.")
    assert document.text == "Polisen ska öka närvaron."
    assert any(word in warning for warning in document.warnings)


@given(st.text(max_size=400))
@settings(max_examples=150, deadline=None)
def test_any_text_gives_exact_passages_or_a_named_refusal(text: str) -> None:
    for name in ("a.md", "a.txt", "a.html"):
        try:
            document = read(name, text.encode("utf-8", "surrogatepass"))
        except ReadError as error:
            assert error.code in ("empty", "not_what_it_says")
            continue
        end = 0
        for ordinal, passage in enumerate(document.passages):
            assert passage.ordinal == ordinal
            assert end <= passage.start < passage.end <= len(document.text)
            cut = document.text[passage.start : passage.end]
            assert cut == cut.strip() and "\n" not in cut
            end = passage.end
        assert end == len(document.text)


@given(
    st.lists(
        st.sampled_from(["Polisen ska vara synlig.", "* punkt", "# Rubrik", "1. steg", "> citat", "| a | b |", "text"]),
        min_size=1,
    )
)
@settings(max_examples=100, deadline=None)
def test_no_word_of_markdown_is_lost(lines: list[str]) -> None:
    stored = read("a.md", "\n\n".join(lines)).text
    for word in ("synlig.", "punkt", "Rubrik", "steg", "citat"):
        assert stored.count(word) == sum(line.count(word) for line in lines)
