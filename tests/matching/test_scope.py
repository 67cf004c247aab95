"""The gate: who and when."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from analyzer.matching.scope import APART, MET, UNKNOWN, read_scope
from analyzer.records import Frame, Side
from analyzer.signals.organisation import scope_relation

TIER = {"same": MET, "nested": MET, "unknown": UNKNOWN, "sibling": APART, "disjoint": APART}


def side(*addressee: str, **fields: object) -> Side:
    frame = {name: fields.pop(name) for name in ("deadline", "period", "recurrence") if name in fields}
    return Side("Text.", Frame(addressee=addressee, **frame), **fields)  # type: ignore[arg-type]


def meets(a: Side, b: Side) -> bool:
    scope = read_scope([a, b])
    by_pair = bool(scope.meet(np.array([0]), np.array([1]))[0])
    tiers, is_open = scope.gate(np.array([0, 1]), slice(0, 2))
    assert tiers.shape == (2, 2)
    assert bool(is_open[0, 1]) == bool(is_open[1, 0]) == by_pair
    return by_pair


def test_tiers_are_those_of_the_organisation_tree() -> None:
    parties: list[tuple[str, ...]] = [
        (),
        ("Polismyndigheten",),
        ("Polisregion Syd",),
        ("Region Nord",),
        ("Polisregionerna",),
        ("lokalpolisområdena",),
        ("Lokalpolisområde Ekdalen", "Kriminalvården"),
        ("Gruppcheferna i polisregion Syd",),
        ("Utredarna i polisregion Syd",),
        ("Stiftelsen Eklunden",),
        ("Stiftelsen Björklunden",),
        ("Kriminalvården", "Stiftelsen Eklunden"),
        ("Regeringen",),
    ]
    scope = read_scope([side(*party) for party in parties])
    for (i, a), (j, b) in itertools.product(enumerate(parties), repeat=2):
        expected = TIER[scope_relation(a, b)] if i != j or not a else TIER[scope_relation(a, a)]
        assert scope.tiers[scope.party[i], scope.party[j]] == expected, (a, b)


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ({}, {}, True),
        ({"period": ("2021-01-01", "2021-12-31")}, {"period": ("2023-01-01", None)}, False),
        ({"period": ("2021-01-01", "2023-01-01")}, {"period": ("2023-01-01", None)}, True),
        ({"valid_to": "2020"}, {"valid_from": "2021"}, False),
        ({"valid_to": "2020"}, {"valid_from": "2020-12"}, True),
        ({"deadline": "2015-03-01"}, {"valid_from": "2020-01-01"}, False),
        ({"deadline": "2015-03-01"}, {"valid_from": "2015-09-01"}, True),
        ({"deadline": "2015-03-01", "recurrence": "årligen"}, {"valid_from": "2020-01-01"}, True),
    ],
)
def test_times_that_cannot_meet_close_the_gate(a: dict, b: dict, expected: bool) -> None:
    assert meets(side("Polismyndigheten", **a), side("Polismyndigheten", **b)) is expected
    assert meets(side("Polismyndigheten", **b), side("Polismyndigheten", **a)) is expected


def test_two_authorities_outside_the_tree_are_apart_and_others_unknown() -> None:
    scope = read_scope([side("Ekverket"), side("Myndigheten för ekar"), side("Ekverket"), side("Eksamordnaren")])
    tiers = scope.tiers[scope.party][:, scope.party]
    assert tiers.tolist() == [[2, 0, 2, 1], [0, 2, 0, 1], [2, 0, 2, 1], [1, 1, 1, 2]]


def test_an_assignment_is_over_when_its_last_report_was_due() -> None:
    errand = [
        side("Ekverket", document="Uppdrag att räkna ekar", date="2010-02", deadline=d) for d in ("2010-06-01", None)
    ]
    plan = [side("Ekverket", document="Plan för ekar", date="2010-02", deadline=d) for d in ("2010-06-01", None)]
    later = side("Ekverket", document="Strategi för ekar", date="2014-01-01")
    scope = read_scope([*errand, *plan, later], np.array([0, 0, 1, 1, 2]))
    assert scope.meet(np.arange(4), np.full(4, 4)).tolist() == [False, False, False, True]


def test_a_replaced_document_is_out_in_both_orders_but_others_stay() -> None:
    old = side("Polismyndigheten", document="Riktlinjer för hundtjänst", registration_number="A-1")
    new = side("Polismyndigheten", document="Nya riktlinjer", replaces=("riktlinjer för hundtjänst ",))
    by_number = side("Polismyndigheten", document="Tredje upplagan", replaces=("A-1",))
    assert not meets(old, new)
    assert not meets(by_number, old)
    assert meets(new, by_number)
