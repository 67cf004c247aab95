"""Search against a plain reading of every signal, on SQLite and, where it is at hand, on PostgreSQL."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session, sessionmaker

from analyzer.records import Frame
from analyzer.store.documents import store_document
from analyzer.store.schema import DocumentRow
from analyzer.store.search import SearchFilter, cut_snippet, mark_terms, read_terms, search
from analyzer.store.search_index import cut_words, stem_word
from tests.store.samples import READER, make_document, make_signals, store_sample

PLAN = [
    "Närvaron i utsatta områden ska öka till minst 40 poliser.",
    "Polisregionen ökade synligheten; närvaro dygnet runt är målet.",
    "Övertiden ska minska under året.",
    "Polisområdet ska stärka närvaron utan att öka övertiden.",
    "E-tjänsten ska vara öppen dygnet runt.",
]
RULES = ["Hästgruppen får inte avvecklas.", "Närvaro i arresten ska dokumenteras varje dygn."]


@pytest.fixture
def both(either: sessionmaker[Session]) -> sessionmaker[Session]:
    """A store with two documents, of either kind."""
    store_sample(either, "plan.md", PLAN)
    store_sample(either, "rules.md", RULES)
    return either


def quotes(sessions: sessionmaker[Session], asked: str, chosen: SearchFilter | None = None) -> set[str]:
    with sessions() as session:
        page = search(session, asked, chosen)
        assert page.total == len(page.signals)
        return {row.quote for row in page.signals}


def with_stems(*words: str) -> set[str]:
    """By a plain reading: the signals that hold a form of every word."""
    wanted = {stem_word(word) for word in words}
    return {one for one in PLAN + RULES if wanted <= {stem_word(word) for word in cut_words(one)}}


@pytest.mark.parametrize("asked", ["närvaro", "närvarons", "öka", "ÖKAR", "polis", "öka övertid", "dygnets", "40"])
def test_words_are_found_in_every_form(both, asked):
    expected = with_stems(*cut_words(asked))
    assert expected and quotes(both, asked) == expected


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ('"dygnet runt"', {PLAN[1], PLAN[4]}),
        ('"runt dygnet"', set()),
        ('"öka övertiden"', {PLAN[3]}),
        ('"öka övertid"', set()),
        ("närvaro -övertid", {PLAN[0], PLAN[1], RULES[1]}),
        ('närvaro -"dygnet runt"', {PLAN[0], PLAN[3], RULES[1]}),
        ("-närvaro", {PLAN[2], PLAN[4], RULES[0]}),
        ("polis*", {PLAN[0], PLAN[1], PLAN[3]}),
        ("polisområ*", {PLAN[3]}),
        ("e-tjänst", {PLAN[4]}),
        ("e-tjän*", {PLAN[4]}),
        ("o*", {PLAN[4]} - {PLAN[4]}),
        ("narvaro", set()),
        ("hund", set()),
        ("", set(PLAN + RULES)),
        ("*", set(PLAN + RULES)),
    ],
)
def test_the_language_of_questions(both, asked, expected):
    assert quotes(both, asked) == expected


HARD = ['"', "närvaro OR NOT (", "NEAR(a b)", "stems:x", "'; DROP TABLE signals", "a:*&!|<->", "\\'", "^", "ä" * 5000]


@pytest.mark.parametrize("asked", HARD)
def test_no_question_is_wrong(both, asked):
    quotes(both, asked)
    assert quotes(both, "hästgruppen") == {RULES[0]}


def test_filters(both):
    assert quotes(both, "närvaro", SearchFilter(documents=[2])) == {RULES[1]}
    assert quotes(both, "", SearchFilter(units=["Polismyndigheten"])) == set(PLAN + RULES)
    assert quotes(both, "", SearchFilter(units=["Polisregion Nord"])) == set()
    assert quotes(both, "närvaro", SearchFilter(levels=["regional"], modalities=["obligation"])) == with_stems(
        "närvaro"
    )
    assert quotes(both, "närvaro", SearchFilter(levels=["local"])) == set()
    assert quotes(both, "närvaro", SearchFilter(modalities=["goal"])) == set()


def test_levels_follow_the_document_where_the_frame_is_silent_and_corrections_count(both):
    document = make_document("brev.md", ["Kajen ska bevakas."])
    signal, *_rest = make_signals(document)
    silent = type(signal)(**{name: getattr(signal, name) for name in signal.__slots__} | {"frame": Frame()})
    with both.begin() as session:
        row, _outcome = store_document(session, document, [silent], READER)
        document_id = row.id
    assert quotes(both, "kajen", SearchFilter(levels=["regional"])) == {"Kajen ska bevakas."}
    with both.begin() as session:
        session.get_one(DocumentRow, document_id).corrected = {"level": "local"}
    assert quotes(both, "kajen", SearchFilter(levels=["local"])) == {"Kajen ska bevakas."}
    assert quotes(both, "kajen", SearchFilter(levels=["regional"])) == set()


def test_replaced_and_withdrawn_documents_are_not_found(both):
    store_sample(both, "rules.md", ["Hundgruppen får avvecklas."])
    assert quotes(both, "hästgruppen") == set()
    assert quotes(both, "hundgruppen") == {"Hundgruppen får avvecklas."}
    with both.begin() as session:
        session.get_one(DocumentRow, 1).status = "withdrawn"
    assert quotes(both, "övertid") == set()


def test_the_better_answer_comes_first_and_pages_join(both):
    store_sample(both, "long.md", [f"Post nummer {n} ska granskas av kansliet." for n in range(60)])
    store_sample(both, "short.md", ["Posten ska granskas, posten och åter posten."])
    with both() as session:
        pages = [search(session, "posten", offset=at) for at in (0, 50)]
    assert [page.total for page in pages] == [61, 61]
    assert [len(page.signals) for page in pages] == [50, 11]
    assert pages[0].signals[0].quote.startswith("Posten ska granskas, posten")
    assert len({row.id for page in pages for row in page.signals}) == 61


def test_a_damaged_index_is_mended_by_the_search_that_meets_it(sessions):
    store_sample(sessions, "plan.md", PLAN)
    with sessions.begin() as session:
        session.execute(text("DROP TABLE signal_search_data"))
    sessions.kw["bind"].dispose()
    assert quotes(sessions, "öka övertid") == {PLAN[3]}


def test_marks_stand_on_what_was_asked_for():
    def marked(asked: str, words: str) -> list[str]:
        segments = mark_terms(words, read_terms(asked))
        assert "".join(piece for piece, _marked in segments) == words
        return [piece for piece, is_marked in segments if is_marked]

    assert marked("närvaro", PLAN[0]) == ["Närvaron"]
    assert marked('"dygnet runt" -synlig', PLAN[1]) == ["dygnet", "runt"]
    assert marked("polis*", PLAN[3]) == ["Polisområdet"]
    assert marked("e-tjänst", PLAN[4]) == ["E", "tjänsten"]
    assert marked("hund", PLAN[0]) == []


@pytest.mark.parametrize("place", [0, 50, 399])
def test_a_snippet_holds_the_first_mark_between_whole_words(place):
    words = [f"ord{n:03}" for n in range(400)]
    words[place] = "närvaron"
    text_ = " ".join(words)
    snippet = cut_snippet(mark_terms(text_, read_terms("närvaro")), 120)
    told = "".join(piece for piece, _marked in snippet)
    assert ("närvaron", True) in snippet and len(told) <= 130
    assert set(told.split()) - {"…"} <= set(words)
    assert cut_snippet(mark_terms("kort", ()), 120) == [("kort", False)]
