"""One act on a whole filter: counted first, never on more than was counted, undone as one."""

from __future__ import annotations

import pytest

from analyzer.errors import UsageError
from analyzer.review.bulk import Shifted, decide_all, plan_bulk
from analyzer.review.decisions import decide, history, undo_last
from analyzer.review.drafts import load_draft, save_draft
from analyzer.store.queries import ConflictFilter, conflict_page
from analyzer.store.schema import PairRow


def statuses(session):
    return {view.pair.id: view.status for view in conflict_page(session, ConflictFilter())}


def dismiss(session, plan, who="Anna"):
    return decide_all(session, plan, reviewer=who, decision="dismiss", reason="time", comment="alla gäller 2024")


def test_everything_open_under_the_filter_is_decided_and_nothing_else(filled):
    with filled.begin() as session:
        decide(session, 2, reviewer="Bo", decision="confirm")
        plan = plan_bulk(session, ConflictFilter(least_probability=0.55))
        assert plan.count == 3
        assert dismiss(session, plan)
        assert statuses(session) == {
            1: "dismiss", 2: "confirm", 3: "dismiss", 4: "dismiss", 5: "open", 6: "open"
        }  # fmt: skip
        (row,) = history(session, 3)
        assert (row.reason, row.comment, row.reviewer) == ("time", "alla gäller 2024", "Anna")


def test_one_undo_takes_all_of_it_back_and_the_next_goes_on_before_it(filled):
    with filled.begin() as session:
        decide(session, 5, reviewer="Anna", decision="confirm")
        decide(session, 2, reviewer="Bo", decision="confirm")
        dismiss(session, plan_bulk(session, ConflictFilter(), decided=True))
        assert set(statuses(session).values()) == {"dismiss"}
        row = undo_last(session, "Anna")
        assert row.batch and len({one.batch for one in history(session, 1)}) == 2
        assert statuses(session) == {1: "open", 2: "confirm", 3: "open", 4: "open", 5: "confirm", 6: "open"}
        assert undo_last(session, "Anna").pair_id == 5
        assert statuses(session)[5] == "open"
        assert undo_last(session, "Anna") is None


def test_a_filter_that_holds_other_pairs_than_were_counted_decides_nothing(filled):
    with filled() as session:
        plan = plan_bulk(session, ConflictFilter())
        decide(session, 1, reviewer="Bo", decision="confirm")
        session.commit()
        with pytest.raises(Shifted) as caught:
            dismiss(session, plan)
        session.commit()
        assert (plan.count, caught.value.plan.count) == (6, 5)
        assert sum(status != "open" for status in statuses(session).values()) == 1
        assert dismiss(session, caught.value.plan)
        session.commit()
        assert sum(status == "dismiss" for status in statuses(session).values()) == 5


def test_a_filter_of_decided_pairs_holds_nothing_unless_asked(filled):
    with filled.begin() as session:
        decide(session, 1, reviewer="Bo", decision="confirm")
        chosen = ConflictFilter(statuses=("confirm",))
        plan = plan_bulk(session, chosen)
        assert (plan.count, dismiss(session, plan)) == (0, None)
        assert plan_bulk(session, chosen, decided=True).count == 1


def test_dismissal_without_a_reason_is_refused(filled):
    with filled.begin() as session, pytest.raises(UsageError):
        decide_all(session, plan_bulk(session, ConflictFilter()), reviewer="Anna", decision="dismiss")


def test_as_one_of_two_readers_a_bulk_act_is_a_reading(filled):
    with filled.begin() as session:
        dismiss(session, plan_bulk(session, ConflictFilter(unread_by="Anna", reading=True)))
        assert set(statuses(session).values()) == {"open"}
        dismiss(session, plan_bulk(session, ConflictFilter(unread_by="Bo", reading=True)), "Bo")
        assert set(statuses(session).values()) == {"dismiss"}


def test_more_pairs_than_one_statement_takes(filled, monkeypatch):
    for module in ("bulk", "standing", "decisions"):
        monkeypatch.setattr(f"analyzer.review.{module}.BLOCK", 2)
    with filled.begin() as session:
        dismiss(session, plan_bulk(session, ConflictFilter()))
        assert set(statuses(session).values()) == {"dismiss"}
        undo_last(session, "Anna")
        assert set(statuses(session).values()) == {"open"}


def test_a_comment_being_written_is_kept_for_its_writer_until_the_decision(filled):
    with filled.begin() as session:
        key = session.get_one(PairRow, 1).key
        assert save_draft(session, 1, "Anna", "Krockar med", seen=0)
        assert save_draft(session, 1, "Anna", "Krockar med planen", seen=0)
        assert (load_draft(session, key, "Anna"), load_draft(session, key, "Bo")) == ("Krockar med planen", "")
        decide(session, 1, reviewer="Anna", decision="confirm", comment="Krockar med planen.")
        assert load_draft(session, key, "Anna") == ""
        assert not save_draft(session, 1, "Anna", "Krockar med planen", seen=0), "typed before the decision"
        assert load_draft(session, key, "Anna") == ""
        assert save_draft(session, 1, "Bo", "Nej", seen=0) and save_draft(session, 1, "Bo", " ", seen=0)
        assert load_draft(session, key, "Bo") == ""
        assert not save_draft(session, 99, "Bo", "Nej", seen=0)
