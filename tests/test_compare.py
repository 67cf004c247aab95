"""Comparing signals: the same demand twice is no conflict, whatever the judge thinks of its wording."""

from __future__ import annotations

import numpy as np
import pytest

from analyzer.compare import choose_best, same_demand
from analyzer.matching.candidates import Candidates
from analyzer.records import Frame, Side


def side(text: str, *addressee: str) -> Side:
    """A side with nothing but its words and whom they bind."""
    return Side(text, Frame(addressee=addressee))


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (side("Uppdraget  ska redovisas, senast i mars", "Brå"), True),
        (side("Uppdraget ska redovisas senast i april.", "Brå"), False),
        (side("Uppdraget ska redovisas senast i mars.", "Polismyndigheten"), False),
    ],
)
def test_same_words_to_the_same_addressee(other, expected):
    sides = [side("Uppdraget ska redovisas senast i mars.", "Brå"), other]
    assert same_demand(sides, np.array([0]), np.array([1])).tolist() == [expected]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (
            ("Polismyndigheten ska öka närvaron.", "Polismyndigheten"),
            ("Regionen ska öka närvaron.", "Polisregion Syd"),
            True,
        ),
        (
            ("Polisregion Nord ska öka närvaron.", "Polisregion Nord"),
            ("Regionen ska öka närvaron.", "Polisregion Syd"),
            False,
        ),
        (
            ("Polismyndigheten ska öka närvaron.", "Polismyndigheten"),
            ("Regionen ska minska den.", "Polisregion Syd"),
            False,
        ),
        (("Skolan ska leda arbetet.", "Skolan"), ("Socialtjänsten ska leda arbetet.", "Socialtjänsten"), False),
    ],
)
def test_a_unit_that_repeats_what_its_superior_is_told(one, other, expected):
    assert same_demand([side(*one), side(*other)], np.array([0]), np.array([1])).tolist() == [expected]


def test_the_best_are_kept_and_so_many_at_least() -> None:
    candidates = Candidates(np.array([0, 0, 1, 1, 2]), np.array([1, 2, 2, 3, 3]), np.zeros(5, np.uint32))
    odds = np.array([1.0, 3.0, 1.0, -np.inf, -2.0])
    for least, floor, expected in (
        (0, 0.5, [1, 0, 2]),
        (2, 2.0, [1, 0]),
        (1, 2.0, [1]),
        (4, 0.5, [1, 0, 2, 4]),
        (9, 5.0, [1, 0, 2, 4]),
        (0, 5.0, []),
    ):
        assert choose_best(candidates, odds, least, floor).tolist() == expected
    nothing = np.full(5, -np.inf)
    assert choose_best(candidates, nothing, 3, 0.0).tolist() == []
