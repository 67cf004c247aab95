"""What the features say of pairs whose relation is plain to see."""

from __future__ import annotations

import numpy as np
import pytest

from analyzer.scoring import features
from analyzer.scoring.features import (
    amounts,
    clause,
    core,
    direction,
    mandate,
    modality,
    opposites,
    rank,
    timing,
    unmatched,
)
from tests.scoring.sides import columns, make_side, prepare_texts

TEXTS = (
    "Hamnkontoret ska hålla slussen öppen minst 40 timmar i veckan.",
    "Hamnkontoret ska hålla slussen stängd och öppen högst 30 timmar i veckan under juli 2026.",
    "Lotsarna får inte använda slussen, utom vid isläge.",
    "Vid isläge ska lotsarna i första hand använda slussen före allt annat.",
    "Hamnchefen beslutar om avgifter för bryggplatser.",
    "Marinbyrån beslutar om avgifter för bryggplatser från och med 2028.",
)


def test_every_family_gives_one_finite_column_a_name() -> None:
    prepared = prepare_texts(*TEXTS)
    a, b = np.repeat(np.arange(6), 6), np.tile(np.arange(6), 6)
    for family in features.FAMILIES:
        values = family.compute(prepared, a, b)
        assert values.shape == (36, len(family.NAMES)), family
        assert values.dtype == np.float32 and np.isfinite(values).all()
    assert len(set(features.NAMES)) == len(features.NAMES)


def test_swapping_the_sides_changes_nothing() -> None:
    prepared = prepare_texts(*TEXTS)
    a, b = np.repeat(np.arange(6), 6), np.tile(np.arange(6), 6)
    there, back = features.compute(prepared, a, b), features.compute(prepared, b, a)
    differ = [features.NAMES[c] for c in np.flatnonzero(np.abs(there - back).max(axis=0) > 1e-5)]
    assert differ == []


def test_a_pair_is_the_same_alone_and_in_a_block() -> None:
    prepared = prepare_texts(*TEXTS)
    a, b = np.repeat(np.arange(6), 6), np.tile(np.arange(6), 6)
    block = features.compute(prepared, a, b)
    for row in (1, 8, 29):
        alone = features.compute(prepared, a[row : row + 1], b[row : row + 1])
        np.testing.assert_allclose(alone[0], block[row], atol=1e-5)


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ("Kajen ska ha minst 40 platser.", "Kajen ska ha högst 30 platser.", True),
        ("Kajen ska ha minst 40 platser.", "Kajen ska ha minst 30 platser.", False),
        ("Kajen ska ha minst 14 platser per år.", "Kajen ska ha högst åtta platser per år.", True),
        ("Bron får kosta högst 2 miljoner kronor.", "Bron får kosta minst 900 000 kronor.", False),
        ("Svar ges inom 2 dagar.", "Svar ges tidigast efter 3 veckor.", True),
    ],
)
def test_limits_that_do_not_meet(one: str, other: str, apart: bool) -> None:
    found = columns(prepare_texts(one, other), amounts)[0]
    assert bool(found["amount_limits_do_not_meet"]) is apart


def test_equal_values_in_other_words_are_equal() -> None:
    found = columns(prepare_texts("Hälften av kajerna målas.", "50 procent av kajerna målas."), amounts)[0]
    assert found["amount_all_equal"] == 1 and found["amount_differs"] == 0


def test_two_limits_of_the_same_kind_are_told_apart() -> None:
    found = columns(prepare_texts("Högst 5 procent får vara sena.", "Högst 8 procent får vara sena."), amounts)[0]
    assert found["amount_same_kind_of_limit"] == 1 and found["amount_limits_do_not_meet"] == 0


def test_times_that_do_not_meet() -> None:
    prepared = prepare_texts("Bron stängs under 2024.", "Bron stängs från och med 2026.", "Bron stängs under 2026.")
    apart, meet = columns(prepared, timing, ((0, 1), (1, 2)))
    assert apart["time_apart"] == 1 and apart["time_gap_years"] == pytest.approx(1.0, abs=0.01)
    assert meet["time_apart"] == 0


def test_due_dates_for_one_thing() -> None:
    prepared = prepare_texts("Planen lämnas senast den 1 mars 2026.", "Planen lämnas senast den 30 juni 2026.")
    found = columns(prepared, timing)[0]
    assert found["due_differs"] == 1 and found["due_quarters_apart"] == pytest.approx(121 / 91, abs=0.01)


def test_a_ban_that_meets_a_duty() -> None:
    prepared = prepare_texts("Båtarna får inte förtöjas vid norra kajen.", "Båtarna ska förtöjas vid norra kajen.")
    assert columns(prepared, modality)[0]["ban_against_duty_same_thing"] > 0.9
    assert columns(prepared, core)[0]["core_copy_negated"] == 1


def test_opposite_directions() -> None:
    prepared = prepare_texts("Hamnen ska öka antalet turer.", "Hamnen ska minska antalet turer.")
    assert columns(prepared, direction)[0]["words_up_against_down"] == 1


def test_negation_turns_a_pole() -> None:
    prepared = prepare_texts("Slussen ska öppnas.", "Slussen ska inte öppnas.")
    assert columns(prepared, opposites)[0]["opposite_open"] > 0


def test_rival_ranks() -> None:
    prepared = prepare_texts(
        "Lotsarna tar tankfartyg före allt annat.", "Lotsarna tar färjor före allt annat.", "Lotsarna tar färjor."
    )
    both, single = columns(prepared, rank, ((0, 1), (0, 2)))
    assert both["rank_rival"] == 1 and single["rank_rival"] == 0 and single["rank_words_top_one"] == 1


def test_one_task_given_to_two_parties() -> None:
    prepared = prepare_texts(TEXTS[4], TEXTS[5])
    found = columns(prepared, mandate)[0]
    assert found["decide_both"] == 1


def test_what_is_excepted_is_what_the_other_side_is_about() -> None:
    prepared = prepare_texts(TEXTS[2], TEXTS[3], "Kontoret ska måla räcken.")
    carved, not_carved = columns(prepared, clause, ((0, 1), (0, 2)))
    assert carved["clause_exception_met"] > not_carved["clause_exception_met"]


def test_other_places_are_seen() -> None:
    prepared = prepare_texts("Kranen i Tallvik ska målas.", "Kranen i Granhamn ska målas.")
    assert columns(prepared, unmatched)[0]["name_disjoint"] == 1


def test_addressees_decide_the_scope() -> None:
    from analyzer.scoring.features import scope

    sides = [
        make_side("Polisregionen ska öka bemanningen.", addressee=name)
        for name in ("Polisregion Syd", "Polisregion Nord", "Polisregion Syd")
    ]
    siblings, same = columns(prepare_texts(*sides), scope, ((0, 1), (0, 2)))
    assert siblings["addressee_sibling"] == 1 and same["addressee_same"] == 1
