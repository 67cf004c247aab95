"""What several have read of sides is what one would have read of them all."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from analyzer.records import Frame
from analyzer.scoring import features, load_judge
from analyzer.scoring.joining import join_parts
from tests.scoring.sides import make_side

TEXTS = (
    "Polisregion Syd ska öka antalet områdespoliser till minst 30 senast den 1 mars 2026.",
    "Antalet områdespoliser får vara högst 25.",
    "Handläggningstiderna ska kortas utan att kvaliteten försämras.",
    "",
    "Region Norrstrand ska minska övertiden med 15 procent och får inte låna ut poliser.",
    "Varje ärende ska utredas grundligt, oavsett hur lång tid det tar.",
    "Områdespoliserna ska minska antalet kontroller.",
)


@pytest.fixture(scope="module")
def sides():
    """Sides whose goals, titles and addressees differ from part to part."""
    found = [make_side(text, addressee=f"Enhet {at % 3}") for at, text in enumerate(TEXTS)]
    found[2] = replace(found[2], frame=Frame(goals=("speed+",), addressee=("Polismyndigheten",)), document="Plan 2026")
    found[5] = replace(found[5], frame=Frame(goals=("thoroughness+",), addressee=("Polismyndigheten",)))
    return found


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_parts_give_what_the_whole_gives(sides, size):
    judge = load_judge()
    whole = judge.prepare(sides)
    cuts = range(0, len(sides), size)
    joined = join_parts((judge.read_part(sides[at : at + size]) for at in cuts), sides, whole.meaning)
    a, b = np.triu_indices(len(sides), 1)
    np.testing.assert_array_equal(features.compute(joined, a, b), features.compute(whole, a, b))
    worded = (judge.classifier.worded(prepared, a, b) for prepared in (joined, whole))
    np.testing.assert_array_equal(*worded)
    assert judge.judge(joined, a, b, among="candidates") == judge.judge(whole, a, b, among="candidates")


def test_parts_must_be_as_many_as_their_meaning(sides):
    part = load_judge().read_part(sides)
    for count in (len(sides) - 1, len(sides) + 1):
        with pytest.raises(ValueError, match="vectors"):
            join_parts([part], sides, np.zeros((count, 3), np.float32))
