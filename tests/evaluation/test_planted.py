"""Ranks of planted conflicts, on lists made by hand."""

from __future__ import annotations

import pytest

from analyzer.evaluation.planted import measure_planted


def side(file: str, quote: str, lead_in: str | None = None) -> dict[str, str | None]:
    """One side of a listed conflict."""
    return {"file": f"corpus/{file}", "quote": quote, "lead_in": lead_in}


KEY = [
    {"id": "k1", "a": {"file": "x.md", "quote": "Alla ska vara här."}, "b": {"file": "y.md", "quote": "öka."}},
    {"id": "k2", "a": {"file": "x.md", "quote": "Ingen ska vara där."}, "b": {"file": "y.md", "quote": "minska."}},
]


@pytest.mark.parametrize("swapped", [False, True])
def test_found_in_either_order_and_with_lead_in(swapped):
    a, b = side("x.md", "Alla ska vara här."), side("y.md", "öka.", "Regionen ska")
    other = side("z.md", "Något annat ska ske.")
    listed = [
        {"a": other, "b": b, "type": "target"},
        {"a": b, "b": a, "type": "resource"} if swapped else {"a": a, "b": b, "type": "resource"},
    ]
    key = [KEY[0] | {"type": "resource"}, KEY[1] | {"type": "none"}]
    figures = measure_planted(listed, key)
    assert figures["ranks"] == {"k1": 2, "k2": None}
    assert figures["within"]["N"] == {"conflicts": 0, "look_alikes": 0}
    assert figures["within"]["2N"] == {"conflicts": 1, "look_alikes": 0}
    assert (figures["type_right"], figures["type_of"]) == (1, 1)


def test_quote_of_another_file_does_not_count():
    listed = [{"a": side("w.md", "Alla ska vara här."), "b": side("y.md", "öka."), "type": "target"}]
    assert measure_planted(listed, [KEY[0] | {"type": "target"}])["ranks"] == {"k1": None}


def test_average_precision_counts_what_is_not_listed():
    wanted = [KEY[0] | {"type": "target"}, KEY[1] | {"type": "target"}]
    a, b = side("x.md", "Alla ska vara här."), side("y.md", "öka.")
    listed = [{"a": side("z.md", "Något annat."), "b": b, "type": "target"}, {"a": a, "b": b, "type": "target"}]
    assert measure_planted(listed, wanted)["average_precision"] == pytest.approx(0.25)
