"""Assignments, shares, agreement, and what each person keeps."""

from __future__ import annotations

import pytest

from analyzer.errors import UsageError
from analyzer.review.agreement import agreement, measure
from analyzer.review.assignments import Share, assign, people, shares
from analyzer.review.decisions import decide
from analyzer.review.own import delete_view, load_view, preference, save_view, set_preference, view_names
from analyzer.store.flags import flag_ids
from analyzer.store.queries import ConflictFilter


def test_pairs_are_somebodys_or_nobodys(filled):
    with filled.begin() as session:
        assert assign(session, [1, 2, 3], "Anna", by="Stina") == 3
        assign(session, [3], "Bo", by="Stina")
        assign(session, [2], None, by="Stina")
        assert flag_ids(session, ConflictFilter(assignee="Anna")) == [1]
        assert flag_ids(session, ConflictFilter(assignee="Bo")) == [3]
        assert flag_ids(session, ConflictFilter(unassigned=True)) == [2, 4, 5, 6]
        assert people(session, ["Stina"]) == ["Anna", "Bo", "Stina"]


def test_a_share_is_done_when_decided_by_anybody_or_read_by_oneself(filled):
    with filled.begin() as session:
        assign(session, [1, 2, 3, 4], "Anna", by="Stina")
        decide(session, 1, reviewer="Bo", decision="confirm")
        decide(session, 2, reviewer="Anna", decision="confirm", kind="reading")
        decide(session, 3, reviewer="Bo", decision="confirm", kind="reading")
        assert shares(session) == [Share("Anna", 4, 2, 1), Share("Bo", 0, 0, 2)]


def test_kappa_is_that_of_the_textbook():
    """20 both yes, 15 both no, 5 + 10 apart: 35/50 agree, 0.5 by chance, kappa 0.4."""
    readings = [("yes", "yes")] * 20 + [("yes", "no")] * 5 + [("no", "yes")] * 10 + [("no", "no")] * 15
    found = measure(readings)
    assert (found.pairs, found.agreed, found.raw) == (50, 35, 0.7)
    assert found.kappa == pytest.approx(0.4)


def test_kappa_is_not_told_where_it_has_no_meaning():
    assert measure([("yes", "yes")] * 3).kappa is None
    assert measure([]).raw is None


def test_agreement_counts_pairs_that_two_have_read_also_once_adjudicated(filled):
    with filled.begin() as session:
        for pair_id, anna, bo in ((1, "confirm", "confirm"), (2, "confirm", "unsure"), (3, "unsure", "unsure")):
            decide(session, pair_id, reviewer="Bo", decision=bo, kind="reading")
            decide(session, pair_id, reviewer="Anna", decision=anna, kind="reading")
        decide(session, 4, reviewer="Anna", decision="confirm", kind="reading")
        decide(session, 2, reviewer="Stina", decision="confirm", kind="adjudication", comment="Ja.")
        found = agreement(session)
    assert set(found) == {"", "resource"}
    assert (found[""].pairs, found[""].agreed) == (3, 2)
    # Anna: 2 confirm, 1 unsure; Bo: 1 confirm, 2 unsure; by chance 4/9.
    assert found[""].kappa == pytest.approx((2 / 3 - 4 / 9) / (5 / 9))


def test_views_and_preferences_are_each_persons_own(filled):
    with filled.begin() as session:
        assert save_view(session, "Anna", "  Mina   tydliga ", {"grade": 2}) == "Mina tydliga"
        save_view(session, "Anna", "Mina tydliga", {"grade": 1})
        save_view(session, "Bo", "andra", {"grade": 2})
        assert view_names(session, "Anna") == ["Mina tydliga"]
        assert load_view(session, "Anna", "Mina tydliga") == {"grade": 1}
        assert load_view(session, "Anna", "andra") is None
        assert not delete_view(session, "Anna", "andra") and delete_view(session, "Anna", "Mina tydliga")
        assert view_names(session, "Anna") == [] and view_names(session, "Bo") == ["andra"]
        set_preference(session, "Anna", "keys", {"confirm": "y"})
        set_preference(session, "Anna", "keys", {"confirm": "x"})
        assert (preference(session, "Anna", "keys"), preference(session, "Bo", "keys")) == ({"confirm": "x"}, {})
        set_preference(session, "Anna", "keys", {})
        assert preference(session, "Anna", "keys") == {}


@pytest.mark.parametrize("name", ["", "   ", "x" * 121])
def test_a_view_needs_a_name_that_fits(filled, name):
    with filled.begin() as session, pytest.raises(UsageError):
        save_view(session, "Anna", name, {})
