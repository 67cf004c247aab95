"""Comparing signals: the same demand twice is no conflict, whatever the judge thinks of its wording."""

from __future__ import annotations

import numpy as np
import pytest

from analyzer.compare import same_demand
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
