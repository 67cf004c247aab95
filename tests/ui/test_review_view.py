from dataclasses import replace

import pytest
from sqlalchemy.orm import Session, sessionmaker

from analyzer.store.documents import correct_metadata
from analyzer.store.queries import ConflictView, conflict_by_id
from tests.ui.planted import HOSTILE
from ui.language import load_language
from ui.review_view import advice_lines


def shown(session: Session, pair_id: int) -> ConflictView:
    view = conflict_by_id(session, pair_id)
    assert view is not None
    return view


@pytest.mark.parametrize(
    ("code", "prevails", "remedy"),
    [
        ("sv", "nationell nivå står över regional nivå", "till någon annan än Polisregion Öst"),
        ("en", "national level ranks above regional level", "to somebody other than Polisregion Öst"),
    ],
)
def test_advice_is_told_in_the_language_of_the_page(
    sessions: sessionmaker[Session], code: str, prevails: str, remedy: str
) -> None:
    with sessions() as session:
        heads_and_sentences = advice_lines(load_language(code), shown(session, 1)).split("\n\n")
    assert len(heads_and_sentences) == 4
    assert prevails in heads_and_sentences[1] and remedy in heads_and_sentences[3]


def test_without_advice_nothing_stands_there(sessions: sessionmaker[Session]) -> None:
    with sessions() as session:
        view = shown(session, 1)
        silent = replace(view, b=view.a)
        silent.assessment.type = "target"
        assert advice_lines(load_language("sv"), silent) == ""
        session.rollback()


def test_words_of_documents_are_only_words_in_advice(sessions: sessionmaker[Session]) -> None:
    with sessions() as session:
        plan = shown(session, 1).a.document
        correct_metadata(session, plan.id, {"title": HOSTILE, "replaces": ["Beslut om hushållning"]})
        session.flush()
        lines = advice_lines(load_language("sv"), shown(session, 1))
        session.rollback()
    assert "&#60;img src&#61;x" in lines and "ersätter Beslut om hushållning" in lines
    assert not {"<", "[", "]"} & set(lines)
