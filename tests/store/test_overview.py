"""The overview's counts against the queue's: what a cell says is what its filter lets through."""

from __future__ import annotations

import random
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import combinations

import pytest
from sqlalchemy import insert, select
from sqlalchemy.orm import Session, sessionmaker

from analyzer.records import CONFLICT_TYPES, LEVELS, Frame
from analyzer.review.order import level_bits
from analyzer.store.load import count_load
from analyzer.store.overview import (
    AS_NAMED,
    REGIONS,
    count_kinds,
    count_levels,
    count_standings,
    count_waiting,
    decisions_by_day,
    document_kinds,
    document_links,
    documents_by_day,
    flags_by_day,
    heaviest_document_pairs,
    heaviest_documents,
    open_flags,
    unit_links,
)
from analyzer.store.queries import ConflictFilter, conflict_count
from analyzer.store.schema import (
    AssessmentRow,
    AssignmentRow,
    DocumentRow,
    PairRow,
    ReviewRow,
    SignalRow,
    StandingRow,
)
from analyzer.store.search_index import index_signals

UNITS = ("Polisregion Syd", "Polisregion Nord", "LPO Ystad", "Polisområde Malmö", "Polismyndigheten", "Gruppen X")
START = datetime(2026, 1, 5, 12, tzinfo=UTC)
LEAST = 0.3


def fill(sessions: sessionmaker[Session], documents: int, signals: int, pairs: int, seed: int = 3) -> None:
    """A store of random flags, put in as rows: the last document is replaced, one pair in five decided."""
    draw = random.Random(seed)
    with sessions.begin() as session:
        session.execute(insert(DocumentRow), [document_values(draw, at, documents) for at in range(1, documents + 1)])
        session.execute(insert(SignalRow), [signal_values(draw, at, documents) for at in range(1, signals + 1)])
        chosen: set[tuple[int, int]] = set()
        while len(chosen) < pairs:
            one, two = sorted(draw.sample(range(1, signals + 1), 2))
            chosen.add((one, two))
        session.execute(
            insert(PairRow),
            [
                {"id": at, "a_id": a, "b_id": b, "key": f"p{at}", "rules": 1}
                for at, (a, b) in enumerate(sorted(chosen), 1)
            ],
        )
        session.execute(insert(AssessmentRow), [assessment_values(draw, at) for at in range(1, pairs + 1)])
        decided = range(5, pairs + 1, 5)
        session.execute(insert(ReviewRow), [review_values(at, number) for number, at in enumerate(decided, 1)])
        session.execute(
            insert(StandingRow),
            [
                {"pair_key": f"p{at}", "status": STANDINGS[number % len(STANDINGS)], "review_id": number, "readers": 0}
                for number, at in enumerate(decided, 1)
            ],
        )
        for at in range(0, signals, 2000):
            index_signals(session, session.scalars(select(SignalRow).offset(at).limit(2000)).all())


STANDINGS = ("confirm", "dismiss", "open", "disagreed")


def document_values(draw: random.Random, at: int, last: int) -> dict[str, object]:
    level = draw.choice([*LEVELS, None])
    return {
        "id": at,
        "key": f"d{at}",
        "version": 1,
        "sha256": f"{at:064}",
        "source": f"d{at}.pdf",
        "text": "",
        "passages": [],
        "warnings": [],
        "guessed": {
            "title": f"Dokument {at}",
            "level": level,
            "document_type": draw.choice(["beslut", None]),
            "addressees": ["Regeringen"] if at == 2 else [],
        },
        "corrected": {"level": "local"} if at == 1 else {},
        "reader": "r",
        "status": "replaced" if at == last else "active",
        "added_at": START + timedelta(days=at),
    }


def signal_values(draw: random.Random, at: int, documents: int) -> dict[str, object]:
    frame = Frame(
        addressee=tuple(draw.sample(UNITS, draw.choice([0, 1, 1, 2, 3]))),
        priority=draw.choice(["none", "high", "absolute"]),
        deadline=draw.choice([None, "2026-06"]),
    )
    return {
        "id": at,
        "document_id": draw.randint(1, documents),
        "ordinal": at,
        "key": f"k{at}",
        "quote": f"Närvaron ska öka {at}.",
        "start": 0,
        "end": 1,
        "passage": 0,
        "heading": [],
        "frame": frame.as_json(),
    }


def assessment_values(draw: random.Random, at: int) -> dict[str, object]:
    return {
        "pair_id": at,
        "judge": "j",
        "probability": draw.random(),
        "type": draw.choice([*CONFLICT_TYPES, "duplicate"]),
        "grade": draw.choice([1, 2]),
        "levels": level_bits(draw.sample(LEVELS, draw.choice([0, 1, 2]))),
        "explanation": {},
        "assessed_at": START + timedelta(days=at % 20),
    }


def review_values(at: int, number: int) -> dict[str, object]:
    return {
        "id": number,
        "pair_key": f"p{at}",
        "pair_id": at,
        "reviewer": "anna",
        "decision": "reopen" if STANDINGS[number % len(STANDINGS)] == "open" else "confirm",
        "created_at": START + timedelta(days=number % 3),
    }


def flags(sessions: sessionmaker[Session], **wanted: object) -> int:
    """How many flags the queue has under a filter."""
    with sessions() as session:
        return conflict_count(session, ConflictFilter(statuses=("open",), least_probability=LEAST, **wanted))


@pytest.fixture
def filled(either: sessionmaker[Session]) -> sessionmaker[Session]:
    """Three hundred pairs over seven documents, one of them replaced."""
    fill(either, documents=7, signals=60, pairs=300)
    return either


def test_kinds_and_levels_are_those_of_the_queue(filled):
    with filled() as session, open_flags(session, LEAST):
        kinds, levels = count_kinds(session), count_levels(session)
    total = flags(filled)
    assert sum(kinds.values()) == sum(levels.values()) == total > 50
    for (type_, grade), count in kinds.items():
        assert flags(filled, types=[type_], grade=grade) == count
    for level in LEVELS:
        either_side = sum(count for pair, count in levels.items() if level in pair)
        assert flags(filled, levels=[level]) == either_side


def test_document_cells_are_what_their_filter_lets_through(filled):
    with filled() as session, open_flags(session, LEAST):
        shown, total = heaviest_documents(session, 4)
        links, pairs = document_links(session, shown), heaviest_document_pairs(session, 3)
        every, _total = heaviest_documents(session, 99)
        all_links = document_links(session, every)
    assert total == 6 and len(shown) == 4
    load = {one: flags(filled, documents=[one]) for one in range(1, 7)}
    assert every == sorted(load, key=lambda one: (-load[one], one)) and shown == every[:4]
    counted: Counter[tuple[int, int]] = Counter()
    for link in all_links:
        counted[link.a, link.b] += link.count
        assert link.a <= link.b
        assert flags(filled, between=(link.a, link.b), types=[link.type]) == link.count
    assert sum(counted.values()) == flags(filled)
    assert {(link.a, link.b) for link in links} == {pair for pair in counted if set(pair) <= set(shown)}
    best = sorted(counted.items(), key=lambda item: (-item[1], item[0]))[:3]
    assert pairs == [(a, b, count) for (a, b), count in best]


@pytest.mark.parametrize("depth", [0, REGIONS, AS_NAMED])
def test_unit_cells_are_what_their_filter_lets_through(filled, depth):
    with filled() as session, open_flags(session, LEAST):
        links = unit_links(session, depth)
    found = {(link.a, link.b) for link in links}
    units = {unit for pair in found for unit in pair}
    assert ("Lokalpolisområde Ystad" in units) == (depth == AS_NAMED)
    for link in links:
        wanted = {"at_units": (link.a, link.b), "unit_depth": depth, "types": [link.type]}
        assert flags(filled, **wanted) == link.count, link
    for a, b in combinations(sorted(units), 2):
        if (a, b) not in found and (b, a) not in found:
            assert flags(filled, at_units=(a, b), unit_depth=depth) == 0
    for unit in units:
        assert flags(filled, at_units=(unit,), unit_depth=depth) >= max(
            link.count for link in links if unit in (link.a, link.b)
        )


def test_days_and_what_waits(filled):
    with filled.begin() as session:
        session.execute(
            insert(AssignmentRow),
            [{"pair_key": f"p{at}", "assignee": "bo", "assigned_by": "anna"} for at in (1, 5, 10, 15, 20)],
        )
    with filled() as session:
        with open_flags(session, LEAST):
            days = flags_by_day(session)
        assert sum(days.values()) == flags(filled)
        assert {day for day in days if day < "2026-01-08"} == {"2026-01-06", "2026-01-07"}
        assert documents_by_day(session) == {f"2026-01-{day:02}": 1 for day in range(6, 12)}
        assert sum(decisions_by_day(session).values()) == 45 and set(decisions_by_day(session)) == {
            "2026-01-05",
            "2026-01-06",
            "2026-01-07",
        }
        # Pair 5 is dismissed, 10 open again, 15 disagreed on, 20 confirmed.
        assert count_waiting(session) == {"assigned": 3, "disagreed": 15}
        assert count_standings(session) == {"confirm": 15, "dismiss": 15, "open": 15, "disagreed": 15}


def test_kinds_of_documents_and_load_of_units(filled):
    with filled() as session:
        kinds = document_kinds(session)
        load = {one.unit: one for one in count_load(session, REGIONS)}
        rows = session.scalars(select(SignalRow).where(SignalRow.document_id != 7)).all()
        levels = {row.id: {**row.guessed, **row.corrected}["level"] for row in session.scalars(select(DocumentRow))}
    assert sum(count for *_name, count in kinds) == 6 and ("beslut", "local") in {(one, two) for one, two, _n in kinds}
    south = {"Polisregion Syd", "LPO Ystad", "Polisområde Malmö"}
    asked = [row for row in rows if south & set(row.frame["addressee"])]
    told = load["Polisregion Syd"]
    assert told.signals == len(asked)
    assert told.priorities == sum(row.frame["priority"] != "none" for row in asked)
    assert told.deadlines == sum(row.frame["deadline"] is not None for row in asked)
    assert told.documents == len({row.document_id for row in asked})
    assert told.levels == len({levels[row.document_id] for row in asked} - {None}) > 1
    # What names nobody is asked of those to whom its document is addressed; else of nobody.
    nobody = Counter(row.document_id for row in rows if not row.frame["addressee"])
    assert load["Regeringen"].signals == nobody[2] > 0 and load[""].signals == nobody.total() - nobody[2]
    assert set(load) == {"Polisregion Syd", "Polisregion Nord", "Polismyndigheten", "Gruppen X", "Regeringen", ""}


def test_an_interrupted_count_leaves_nothing_behind(filled):
    with filled() as session:
        with pytest.raises(RuntimeError), open_flags(session, LEAST):
            raise RuntimeError("stopped")
        with open_flags(session, 0.99):
            assert sum(count_kinds(session).values()) == conflict_count(
                session, ConflictFilter(statuses=("open",), least_probability=0.99)
            )


@pytest.mark.slow
def test_a_hundred_thousand_pairs_are_counted_within_two_seconds(sessions):
    fill(sessions, documents=200, signals=10_000, pairs=100_000)
    with sessions() as session:
        begin = time.process_time()
        with open_flags(session, 0.1):
            count_kinds(session)
            count_levels(session)
            shown, _total = heaviest_documents(session, 60)
            document_links(session, shown)
            heaviest_document_pairs(session, 20)
            unit_links(session, REGIONS)
            flags_by_day(session)
        count_load(session, REGIONS)
        # Time of this process alone: the machine may be busy with other things.
        assert time.process_time() - begin < 2
