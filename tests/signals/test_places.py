"""Where those who are charged work: plans of two regions speak of two different "Regionen"."""

import pytest

from analyzer.signals import load_reader
from analyzer.signals.organisation import find_places, places_apart, scope_relation


@pytest.mark.parametrize(
    ("names", "issuer", "places"),
    [
        (("Regionen",), "Polisregion Syd", ("Polisregion Syd",)),
        (("Områdespoliserna",), "Polisregion Syd", ("Polisregion Syd",)),
        (("Region Bergslagen",), "Polismyndigheten", ("Polisregion Bergslagen",)),
        (("Region Bergslagen",), "Polisregion Syd", ("Polisregion Bergslagen",)),
        (("Polisregionerna",), "Polismyndigheten", ()),
        (("Kommunen",), "Tallhamra kommun", ("Tallhamra kommun",)),
        (("Kliniken",), "Region Norrkust, akutkliniken", ("Region Norrkust",)),
        (("Parterna",), "Region Norrkust och Tallhamra kommun", ("Region Norrkust", "Tallhamra kommun")),
    ],
)
def test_names_tell_before_the_issuer(names: tuple[str, ...], issuer: str, places: tuple[str, ...]) -> None:
    assert find_places(names, issuer) == places


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ("Polisregion Syd", "Polisregion Väst", True),
        ("Polisregion Norrkust", "Polisregion Syd", True),
        ("Polisregion Syd", "Polisområde Malmö", False),
        ("Polisregion Väst", "Polisområde Malmö", True),
        ("Lokalpolisområde Storstad", "Polisregion Syd", False),
        ("Tallhamra kommun", "Ekhaga kommun", True),
        ("Tallhamra kommun", "Polisregion Syd", False),
    ],
)
def test_two_places_are_apart_only_where_that_is_known(one: str, other: str, apart: bool) -> None:
    assert places_apart((one,), (other,)) is apart
    assert places_apart((other,), (one,)) is apart


def test_a_district_that_the_tree_does_not_list_may_lie_in_any_region() -> None:
    assert scope_relation(("Polisområde Nordvik",), ("Polisregion Norrkust",)) == "unknown"
    assert scope_relation(("Polisområde Nordvik",), ("Polisområde Sydvik",)) == "sibling"


def test_regionen_is_the_region_whose_plan_it_stands_in() -> None:
    frame = load_reader().frame("Regionen ska öka närvaron.", issuer="Polisregion Syd")
    assert frame.addressee == ("Polisregion Syd",)
    frame = load_reader().frame("Regionen ska öka närvaron.", issuer="Polismyndigheten")
    assert frame.addressee == ("Regionen",)
