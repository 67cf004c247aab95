"""The organisation tree: names, ancestors, and how two scopes meet."""

from __future__ import annotations

import pytest

from analyzer.signals.organisation import ancestors, canonical, find_units, load_units, scope_relation


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Noa", "Nationella operativa avdelningen"),
        ("NFC", "Nationellt forensiskt centrum"),
        ("Region Syd", "Polisregion Syd"),
        ("LPO Malmö Norr", "Lokalpolisområde Malmö Norr"),
        ("lokalpolisområde Norrvik", "Lokalpolisområde Norrvik"),
        ("Brottsförebyggande rådet (Brå)", "Brottsförebyggande rådet"),
        ("Statens skolverk", "Skolverket"),
        ("Verket för innovationssystem (Vinnova)", "Verket för innovationssystem"),
        ("Norrviks hamnråd", "Norrviks hamnråd"),
    ],
)
def test_canonical(written: str, name: str) -> None:
    assert canonical(written) == name


def test_ancestors_run_from_the_nearest_to_the_government() -> None:
    assert ancestors("LPO Malmö Norr") == (
        "Polisområde Malmö",
        "Polisregion Syd",
        "Polisregionerna",
        "Polismyndigheten",
        "Regeringen",
    )
    assert ancestors("Norrviks hamnråd") == ()


def test_a_name_outside_the_tree_lies_under_the_unit_it_names() -> None:
    assert ancestors("Trafikgruppen vid kajen i polisregion Mitt")[0] == "Polisregion Mitt"
    assert find_units("Utredarna i polisområde Örebro") == ("Utredningssektionerna", "Polisområde Örebro")


RELATIONS = [
    ("Region Syd", "Polisregion Syd", "same"),
    ("Region Syd", "Polismyndigheten", "nested"),
    ("LPO Malmö Norr", "Region Syd", "nested"),
    ("Polisregionerna", "Region Nord", "nested"),
    ("Polisregionerna", "LPO Malmö Norr", "nested"),
    ("lokalpolisområdena", "Region Syd", "nested"),
    ("Lokalpolisområdena", "LPO Malmö Norr", "nested"),
    ("Utredningssektionerna", "Polisområde Örebro", "nested"),
    ("Region Syd", "Region Nord", "sibling"),
    ("Polisområde Örebro", "Polisområde Värmland", "sibling"),
    ("Noa", "NFC", "sibling"),
    ("Tullverket", "Kustbevakningen", "sibling"),
    ("LPO Malmö Norr", "Region Nord", "disjoint"),
    ("Polisområde Örebro", "Tullverket", "disjoint"),
    ("Norrviks hamnråd", "Region Syd", "unknown"),
    ("Länsstyrelserna", "Länsstyrelsen i Örebro län", "nested"),
]


@pytest.mark.parametrize(("a", "b", "relation"), RELATIONS)
def test_scope_relation_is_symmetric(a: str, b: str, relation: str) -> None:
    assert scope_relation([a], [b]) == relation
    assert scope_relation([b], [a]) == relation


def test_the_closest_relation_of_several_counts() -> None:
    assert scope_relation(["Tullverket", "Region Syd"], ["Region Syd"]) == "same"
    assert scope_relation([], ["Region Syd"]) == "unknown"


def test_the_tree_has_no_cycles() -> None:
    for name in load_units():
        assert name not in ancestors(name)
