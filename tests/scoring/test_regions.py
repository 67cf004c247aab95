"""Two regions' own affairs are nothing to choose between, unless a text reaches beyond its region."""

from __future__ import annotations

import numpy as np
import pytest

from analyzer.records import Frame, Side
from analyzer.scoring.regions import regions_apart

MORE, FEWER = "Antalet omärkta bilar ska öka med åtta.", "Antalet omärkta bilar i regionen ska minska."


def side(text: str, issuer: str | None, *addressee: str) -> Side:
    return Side(text, Frame(addressee=addressee), issuer=issuer)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (side(MORE, "Polisregion Nord", "enheter"), side(FEWER, "Polisregion Mitt", "enheter"), True),
        (side(MORE, "Polisregion Nord", "enheter i region Nord"), side(FEWER, "Polisregion Mitt", "Chefer"), True),
        (side(MORE, "Region Halland", "Folktandvården"), side(FEWER, "Region Dalarna", "Folktandvården"), True),
        (side(MORE, "Boxholms kommun", "Gatukontoret"), side(FEWER, "Ydre kommun", "Gatukontoret"), True),
        # One region, a unit of it, or nobody known.
        (side(MORE, "Polisregion Nord", "enheter"), side(FEWER, "Polisregion Nord", "Chefer"), False),
        (side(MORE, "Region Halland", "Region Hallands förvaltningar"), side(FEWER, "Region Halland", "Vården"), False),
        (side(MORE, "Polisregion Nord", "enheter"), side(FEWER, None, "enheter"), False),
        (side(MORE, "Polisregion Nord"), side(FEWER, "Polisregion Mitt"), False),
        # What a superior demands of one region may well clash with another's plan.
        (side(MORE, "Polismyndigheten", "Polisregion Nord"), side(FEWER, "Polisregion Mitt", "enheter"), False),
        # A region and a municipality may share people and places.
        (side(MORE, "Region Halland", "Vården"), side(FEWER, "Ydre kommun", "Gatukontoret"), False),
        # A word that reaches beyond, the other's place, and a name in both texts.
        (
            side("Två bilar lånas ut till region Mitt.", "Polisregion Nord", "enheter"),
            side(FEWER, "Polisregion Mitt", "enheter"),
            False,
        ),
        (
            side("Sjöpolisen i Nord leder sökandet längs hela kusten.", "Polisregion Nord", "Sjöpolisen"),
            side("Sjöpolisen leder sökandet söder om Gävle.", "Polisregion Mitt", "Sjöpolisen"),
            False,
        ),
        (
            side("Bussen Ripan står i Umeå på onsdagar.", "Polisregion Nord", "Kontoren"),
            side("Ripans turer går måndag till fredag i Gävle.", "Polisregion Mitt", "Kontoren"),
            False,
        ),
    ],
)
def test_own_affairs_of_two_regions(one: Side, other: Side, expected: bool) -> None:
    assert regions_apart([one, other], np.array([0, 1]), np.array([1, 0])).tolist() == [expected] * 2
