"""Pairs and assessments: order, renewal, filters, and that reviews outlive versions."""

from __future__ import annotations

import pytest

from analyzer.review.decisions import decide, history
from analyzer.store.active import load_active
from analyzer.store.pairs import shown_type, withdraw_assessments
from analyzer.store.queries import ConflictFilter, conflict_by_id, conflict_count, conflict_page
from tests.store.samples import COMPARISON, DIMENSION, ENCODER, embed_all, make_verdict, pair_up, store_sample


@pytest.fixture
def filled(sessions):
    """Two documents of two signals each, three pairs."""
    store_sample(sessions, "a.md", ["Abc ska göras.", "Abc får inte göras 100 %."], "Första")
    store_sample(sessions, "b.md", ["Def ska göras.", "Def ska minska."], "Andra")
    embed_all(sessions)
    pair_up(
        sessions,
        {
            (0, 1): make_verdict(0.4, "contradiction", 1),
            (0, 2): make_verdict(0.9),
            (1, 3): make_verdict(0.05, "duplicate", 0),
        },
    )
    return sessions


def page(sessions, **chosen):
    with sessions() as session:
        return conflict_page(session, ConflictFilter(**chosen))


def test_likeliest_first_and_no_duplicates_unless_asked(filled):
    assert [view.assessment.probability for view in page(filled)] == [0.9, 0.4]
    assert [view.assessment.type for view in page(filled, duplicates=True)] == [
        "resource",
        "contradiction",
        "duplicate",
    ]


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ({"types": ["contradiction"]}, [0.4]),
        ({"least_probability": 0.5}, [0.9]),
        ({"grade": 1}, [0.4]),
        ({"documents": [2]}, [0.9]),
        ({"words": "100 %"}, [0.4]),
        ({"words": "finns_inte"}, []),
        ({"statuses": ["open"]}, [0.9, 0.4]),
        ({"statuses": ["confirm"]}, []),
    ],
)
def test_filters(filled, chosen, expected):
    assert [view.assessment.probability for view in page(filled, **chosen)] == expected
    with filled() as session:
        assert conflict_count(session, ConflictFilter(**chosen)) == len(expected)


def test_latest_decision_is_the_status(filled):
    with filled.begin() as session:
        decide(session, 2, reviewer="Anna", decision="confirm")
        decide(session, 2, reviewer="Bo", decision="unsure", comment="fråga HR")
    with filled() as session:
        assert conflict_by_id(session, 2).status == "unsure"
        assert [row.decision for row in history(session, 2)] == ["confirm", "unsure"]
    assert [view.pair.id for view in page(filled, statuses=["open"])] == [1]
    assert [view.pair.id for view in page(filled, statuses=["unsure", "confirm"])] == [2]


def test_reviews_follow_unchanged_words_into_the_next_version(filled):
    with filled.begin() as session:
        decide(session, 2, reviewer="Anna", decision="confirm")
    store_sample(filled, "b.md", ["Def ska göras.", "Def ska öka."], "Andra")
    embed_all(filled)
    pair_up(filled, {(0, 2): make_verdict(0.8)})
    views = page(filled)
    assert {view.status for view in views if view.assessment.probability == 0.8} == {"confirm"}
    assert all(view.b.document.version == 2 for view in views if view.b.document.key == "b.md")


def test_assessments_are_withdrawn_and_renewed_but_pairs_and_reviews_stay(filled):
    with filled.begin() as session:
        decide(session, 2, reviewer="Anna", decision="confirm")
        active = load_active(session, encoder=ENCODER, dimension=DIMENSION, comparison=COMPARISON)
        withdraw_assessments(session, active.ids[2:3].tolist())
    assert [view.pair.id for view in page(filled)] == [1]
    pair_up(filled, {(0, 2): make_verdict(0.7)})
    renewed = [view for view in page(filled) if view.pair.id == 2]
    assert [(view.assessment.probability, view.status) for view in renewed] == [(0.7, "confirm")]


def test_vectors_of_another_encoder_do_not_count(filled):
    with filled() as session:
        active = load_active(session, encoder="another", dimension=8, comparison=COMPARISON)
    assert not active.embedded.any() and active.vectors.shape == (4, 8)


def test_shown_type_is_the_likeliest_conflict_unless_duplicate_outweighs_all():
    assert shown_type({"target": 0.1, "resource": 0.2, "none": 0.6, "duplicate": 0.1}) == "resource"
    assert shown_type({"target": 0.1, "resource": 0.2, "none": 0.3, "duplicate": 0.4}) == "duplicate"
