"""What is kept of sides comes back as it was, and a library of kept and new sides is that of all read together."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest

from analyzer.matching.candidates import propose
from analyzer.matching.library import Library, read_library
from analyzer.matching.records import join, pack, unpack
from analyzer.records import Frame, Side
from tests.matching.test_candidates import library


def bank_of(count: int, seed: int) -> list[Side]:
    """Sides of some documents, one of which replaces another; one side says nothing."""
    bank = [replace(side, document=f"Plan {at % 9}", date="2024-05-01") for at, side in enumerate(library(count, seed))]
    bank[2] = replace(bank[2], replaces=("Plan 1",))
    bank[5] = Side("", Frame(), document="Plan 5")
    return bank


def named(side: Side) -> Side:
    return Side(
        "", Frame(), document=side.document, registration_number=side.registration_number, replaces=side.replaces
    )


def assert_same(one: Library, other: Library) -> None:
    for name in (field.name for field in fields(one.columns)):
        mine, theirs = getattr(one.columns, name), getattr(other.columns, name)
        assert mine.dtype == theirs.dtype
        # Sums over other blocks may round the other way in the last bit of a float16.
        assert np.allclose(mine, theirs, atol=2e-3) if mine.dtype == np.float32 else (mine == theirs).all()
    assert np.allclose(one.rows, other.rows, atol=2e-3)
    for bag in ("words", "titles"):
        assert np.allclose(getattr(one, bag).toarray(), getattr(other, bag).toarray(), atol=2e-3)
    assert one.parties == other.parties
    for name in ("party", "begins", "ends"):
        assert (getattr(one.scope, name) == getattr(other.scope, name)).all()
    assert (one.scope.tiers == other.scope.tiers).all()
    assert {at: rows.tolist() for at, rows in one.scope.replaced.items()} == {
        at: rows.tolist() for at, rows in other.scope.replaced.items()
    }


@pytest.mark.parametrize("new", [range(40, 50), range(3, 7), range(0)])
def test_kept_and_new_sides_make_the_library_of_all(new: range) -> None:
    bank, documents = bank_of(50, 3), np.arange(50)
    whole = read_library(bank, documents)
    kept = np.setdiff1d(np.arange(50), list(new))
    unpacked = unpack(pack(whole, kept), whole.rows.shape[1], whole.words.shape[1])
    fresh = read_library([bank[at] for at in new], documents[list(new)]) if new else None
    joined = join(fresh, unpacked, kept, [named(side) for side in bank], documents)
    assert_same(joined, whole)
    asking = np.isin(np.arange(50), list(new) or [49])
    vectors = np.ascontiguousarray(whole.meaning)
    one, other = (propose(bank, vectors, fresh=asking, neighbours=6, library=lib) for lib in (whole, joined))
    assert (one.a.tolist(), one.b.tolist(), one.rules.tolist()) == (
        other.a.tolist(),
        other.b.tolist(),
        other.rules.tolist(),
    )


def test_records_of_all_are_as_long_as_they_must_be() -> None:
    whole = read_library(bank_of(20, 1), np.arange(20))
    sizes = [len(record) for record in pack(whole, np.arange(20))]
    assert max(sizes) < 2 * whole.rows.shape[1] + 600
