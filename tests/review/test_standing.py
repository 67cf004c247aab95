"""Two independent readers: what makes a pair decided, disagreed or adjudicated; the tables agree with the acts."""

from __future__ import annotations

import random

import pytest
from sqlalchemy import select

from analyzer.errors import UsageError
from analyzer.review.decisions import DECISIONS, decide, last_act, read_by, undo_last
from analyzer.review.standing import fold
from analyzer.store.flags import flag_ids
from analyzer.store.queries import ConflictFilter, conflict_by_id
from analyzer.store.schema import PairRow, ReadingRow, ReviewRow, StandingRow


def read(session, pair_id, reviewer, decision, **more):
    return decide(session, pair_id, reviewer=reviewer, decision=decision, kind="reading", **more)


def status(session, pair_id):
    return conflict_by_id(session, pair_id).status


def unread(session, person):
    return flag_ids(session, ConflictFilter(statuses=("open",), unread_by=person))


def test_one_reading_leaves_a_pair_open_for_somebody_else(filled):
    with filled.begin() as session:
        read(session, 1, "Anna", "confirm")
        assert status(session, 1) == "open"
        assert 1 not in unread(session, "Anna")
        assert 1 in unread(session, "Bo")


def test_two_who_say_the_same_decide_a_pair(filled):
    with filled.begin() as session:
        read(session, 1, "Anna", "confirm")
        read(session, 1, "Bo", "confirm")
        assert status(session, 1) == "confirm"
        assert 1 not in unread(session, "Cecilia")


def test_the_same_person_twice_is_one_reader(filled):
    with filled.begin() as session:
        read(session, 1, "Anna", "confirm")
        read(session, 1, "Anna", "unsure")
        assert status(session, 1) == "open"
        assert 1 in unread(session, "Bo")


def test_two_who_differ_are_adjudicated_with_a_reason(filled):
    with filled.begin() as session:
        read(session, 1, "Anna", "confirm")
        read(session, 1, "Bo", "dismiss", reason="time")
        assert status(session, 1) == "disagreed"
        assert flag_ids(session, ConflictFilter(statuses=("disagreed",))) == [1]
        with pytest.raises(UsageError, match="motiveras"):
            decide(session, 1, reviewer="Stina", decision="confirm", kind="adjudication", comment=" ")
        decide(session, 1, reviewer="Stina", decision="confirm", kind="adjudication", comment="Tiderna möts visst.")
        assert status(session, 1) == "confirm"
        assert flag_ids(session, ConflictFilter(statuses=("disagreed",))) == []


def test_only_what_is_disagreed_on_is_adjudicated(filled):
    with filled.begin() as session:
        read(session, 1, "Anna", "confirm")
        with pytest.raises(UsageError, match="väntar inte"):
            decide(session, 1, reviewer="Stina", decision="confirm", kind="adjudication", comment="Så är det.")


def test_a_changed_reading_can_end_a_disagreement_and_undo_brings_it_back(filled):
    with filled.begin() as session:
        read(session, 1, "Anna", "confirm")
        read(session, 1, "Bo", "unsure")
        read(session, 1, "Bo", "confirm")
        assert status(session, 1) == "confirm"
        undo_last(session, "Bo")
        assert status(session, 1) == "disagreed"
        undo_last(session, "Bo")
        assert status(session, 1) == "open"
        assert not read_by(session, session.get_one(PairRow, 1).key, "Bo")


def test_undone_adjudication_is_a_disagreement_again(filled):
    with filled.begin() as session:
        read(session, 1, "Anna", "confirm")
        read(session, 1, "Bo", "unsure")
        decide(session, 1, reviewer="Stina", decision="unsure", kind="adjudication", comment="Vi vet inte.")
        undo_last(session, "Stina")
        assert status(session, 1) == "disagreed"


def test_reading_what_is_decided_changes_nothing_until_two_have(filled):
    with filled.begin() as session:
        decide(session, 1, reviewer="Anna", decision="confirm")
        read(session, 1, "Bo", "unsure")
        assert status(session, 1) == "confirm"
        read(session, 1, "Cecilia", "unsure")
        assert status(session, 1) == "unsure"


def test_another_first_reading_does_not_stop_a_reader_but_a_settled_pair_does(filled):
    with filled() as session:
        shown = last_act(session, session.get_one(PairRow, 1).key)
        read(session, 1, "Anna", "confirm", seen=shown)
        read(session, 1, "Bo", "unsure", seen=shown)
        session.commit()
        assert status(session, 1) == "disagreed"


def test_kept_standings_are_those_of_the_acts_whatever_people_do(filled):
    """The tables against a fold of all acts, after 400 random ones."""
    draw = random.Random(6)
    people = ["Anna", "Bo", "Cecilia"]
    with filled.begin() as session:
        for _ in range(400):
            person, pair_id = draw.choice(people), draw.randint(1, 6)
            act = draw.random()
            if act < 0.25:
                undo_last(session, person)
            elif act < 0.65:
                read(session, pair_id, person, draw.choice(["confirm", "unsure", "duplicate"]))
            elif status(session, pair_id) == "disagreed":
                decide(session, pair_id, reviewer=person, decision="confirm", kind="adjudication", comment="Så.")
            else:
                decide(session, pair_id, reviewer=person, decision=draw.choice(DECISIONS), reason="time")
        for key in session.scalars(select(ReviewRow.pair_key).distinct()).all():
            rows = session.scalars(select(ReviewRow).where(ReviewRow.pair_key == key).order_by(ReviewRow.id)).all()
            told = fold(rows)
            kept = session.get_one(StandingRow, key)
            assert (kept.status, kept.readers, kept.review_id) == (told.status, told.readers, rows[-1].id)
            readings = session.scalars(select(ReadingRow).where(ReadingRow.pair_key == key)).all()
            assert {(row.reviewer, row.decision) for row in readings} == {
                (row.reviewer, row.decision) for row in told.readings
            }
