"""Decisions of people: what is refused, what is kept, and undo."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from analyzer.errors import UsageError
from analyzer.review.decisions import Overtaken, count_decisions, decide, history, last_act, undo_last
from analyzer.store.queries import conflict_by_id
from analyzer.store.schema import PairRow


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


def test_undo_gives_back_what_others_had_decided_before(filled):
    with filled.begin() as session:
        decide(session, 1, reviewer="Bo", decision="confirm")
        decide(session, 1, reviewer="Anna", decision="unsure")
        assert undo_last(session, "Anna").decision == "confirm"
        assert conflict_by_id(session, 1).status == "confirm"


def test_undo_leaves_what_others_have_decided_since(filled):
    with filled.begin() as session:
        decide(session, 1, reviewer="Anna", decision="unsure")
        decide(session, 1, reviewer="Bo", decision="confirm")
        assert undo_last(session, "Anna").decision == "confirm"
        assert conflict_by_id(session, 1).status == "confirm"


def test_who_has_not_seen_the_latest_decision_is_told_and_decides_nothing(filled):
    with filled() as session:
        key = history_key(session, 1)
        shown = last_act(session, key)
        decide(session, 1, reviewer="Bo", decision="confirm", seen=shown)
        session.commit()
        with pytest.raises(Overtaken) as caught:
            decide(session, 1, reviewer="Anna", decision="dismiss", reason="time", seen=shown)
        assert (caught.value.act.reviewer, caught.value.act.decision) == ("Bo", "confirm")
        session.commit()
        assert [row.reviewer for row in history(session, 1)] == ["Bo"]
        decide(session, 1, reviewer="Anna", decision="dismiss", reason="time", seen=last_act(session, key))
        session.commit()
        assert conflict_by_id(session, 1).status == "dismiss"


def test_of_many_who_decide_at_once_only_the_first_is_taken(filled):
    def press(name):
        with filled() as session:
            try:
                decide(session, 1, reviewer=name, decision="confirm", seen=0)
                session.commit()
            except Overtaken:
                return False
            return True

    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(press, [f"Granskare {number}" for number in range(24)]))
    assert sum(taken) == 1
    with filled() as session:
        assert len(history(session, 1)) == 1


def history_key(session, pair_id):
    return session.get_one(PairRow, pair_id).key
