"""Decisions of people: what is refused, what is kept, and undo."""

from __future__ import annotations

import pytest

from analyzer.errors import UsageError
from analyzer.review.decisions import count_decisions, decide, history, undo_last
from analyzer.store.queries import conflict_by_id
from tests.store.samples import embed_all, make_verdict, pair_up, store_sample


@pytest.fixture
def filled(sessions):
    """Three pairs."""
    store_sample(sessions, "a.md", ["Abc ska göras.", "Abc får inte göras.", "Def ska göras."])
    embed_all(sessions)
    pair_up(sessions, {(0, 1): make_verdict(0.9), (0, 2): make_verdict(0.8), (1, 2): make_verdict(0.7)})
    return sessions


@pytest.mark.parametrize(
    "act", [{"decision": "maybe"}, {"decision": "dismiss"}, {"decision": "dismiss", "reason": "because"}]
)
def test_unknown_decisions_and_dismissals_without_reason_are_refused(filled, act):
    with filled.begin() as session, pytest.raises(UsageError):
        decide(session, 1, reviewer="Anna", **act)


def test_unknown_pair_is_refused(filled):
    with filled.begin() as session, pytest.raises(UsageError, match="finns inte"):
        decide(session, 99, reviewer="Anna", decision="confirm")


def test_undo_goes_back_one_decision_at_a_time_and_keeps_all(filled):
    with filled.begin() as session:
        decide(session, 1, reviewer="Anna", decision="confirm")
        decide(session, 2, reviewer="Anna", decision="dismiss", reason="time")
        decide(session, 1, reviewer="Anna", decision="unsure")
        assert undo_last(session, "Anna").decision == "confirm"
        assert conflict_by_id(session, 1).status == "confirm"
        assert undo_last(session, "Anna").pair_id == 2
        assert conflict_by_id(session, 2).status == "open"
        assert undo_last(session, "Anna").pair_id == 1
        assert conflict_by_id(session, 1).status == "open"
        assert undo_last(session, "Anna") is None
        assert [row.decision for row in history(session, 1)] == ["confirm", "unsure", "confirm", "reopen"]


def test_undo_touches_only_ones_own_decisions(filled):
    with filled.begin() as session:
        decide(session, 1, reviewer="Anna", decision="confirm")
        decide(session, 2, reviewer="Bo", decision="confirm")
        assert undo_last(session, "Anna").pair_id == 1
        assert conflict_by_id(session, 2).status == "confirm"


def test_counts_go_by_the_latest_decision(filled):
    with filled.begin() as session:
        decide(session, 1, reviewer="Anna", decision="confirm")
        decide(session, 1, reviewer="Bo", decision="unsure")
        decide(session, 2, reviewer="Bo", decision="confirm")
        assert count_decisions(session) == {"unsure": 1, "confirm": 1}
