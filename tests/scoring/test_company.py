"""What the other pairs of two signals say of a pair: counted right, the same in any order, and told only where true."""

from __future__ import annotations

import numpy as np
import pytest

from analyzer.records import CONFLICT_TYPES, Reason, Verdict
from analyzer.scoring.company import (
    AGAINST,
    ERRANDS,
    FLOOR,
    FOR,
    SHARE,
    Company,
    Stage,
    find_beaten,
    read_rivals,
    weigh,
)
from analyzer.scoring.judge import load_judge

#: Pairs of signals 1, 2, 3 and 9, and their log-odds.
A, B = np.array([1, 1, 2, 1]), np.array([2, 3, 3, 9])
ODDS = np.array([1.0, 0.0, -1.0, 0.0])
NO_ERRANDS = np.zeros(4, dtype=np.int8)
EVEN = float(np.log(SHARE / (1 - SHARE)))


@pytest.fixture(scope="module")
def company() -> Company:
    return load_judge().classifier.company


def verdict(chance: float, duplicate: float = 0.01) -> Verdict:
    shares = {**dict.fromkeys(CONFLICT_TYPES, chance / 6), "duplicate": duplicate, "none": 1 - chance - duplicate}
    return Verdict(chance, "target", 1, shares, reasons=(Reason("same_matter", "…", 0.4),))


def test_the_heavier_side_counts_without_the_pair_itself() -> None:
    e = np.exp(ODDS)
    # Signal 1 has all but the third pair, 2 the first and third, 3 the second and third, 9 the last.
    expected = [max(e[1] + e[3], e[2]), max(e[0] + e[3], e[2]), max(e[0], e[1]), e[0] + e[1]]
    np.testing.assert_allclose(np.expm1(read_rivals(A, B, ODDS)), expected)
    assert find_beaten(A, B, ODDS).tolist() == [False, True, True, True]
    assert len(read_rivals(A[:0], B[:0], ODDS[:0])) == len(find_beaten(A[:0], B[:0], ODDS[:0])) == 0


def test_it_hangs_neither_on_the_order_of_pairs_nor_on_that_of_sides() -> None:
    turned = np.array([2, 0, 3, 1])
    np.testing.assert_allclose(read_rivals(B[turned], A[turned], ODDS[turned]), read_rivals(A, B, ODDS)[turned])


def test_a_stronger_rival_lowers_a_pair_and_a_far_one_does_not(company: Company) -> None:
    def third(rival: float) -> float:
        odds = np.array([rival, 2.0, 2.0]) - EVEN
        return float(weigh(np.array([1, 5, 1]), np.array([2, 6, 3]), odds, company.second)[2])

    alone, weak, strong = third(FLOOR - 1), third(-3.0), third(4.0)
    assert alone > strong + 0.5 and alone - 0.3 < weak <= alone
    assert alone == pytest.approx(third(FLOOR - 5))


def test_chances_move_and_shares_still_add_up(company: Company) -> None:
    verdicts = [verdict(0.6), verdict(0.3), verdict(0.0), verdict(0.001, duplicate=0.9)]
    found = company.judge(A, B, verdicts, NO_ERRANDS, SHARE, company.second)
    for before, after in zip(verdicts, found, strict=True):
        assert sum(after.type_probabilities.values()) == pytest.approx(1.0)
        conflict = sum(after.type_probabilities[name] for name in CONFLICT_TYPES)
        assert conflict == pytest.approx(after.probability, abs=1e-5) and 0.0 <= after.probability <= 1.0
        assert (after.type, after.grade) == (before.type, before.grade)
    assert found[3].type_probabilities["duplicate"] == pytest.approx(0.9, abs=0.02)
    assert company.judge(A[:0], B[:0], [], NO_ERRANDS[:0], SHARE, company.second) == []


def test_the_order_does_not_hang_on_the_share_of_conflicts(company: Company) -> None:
    odds = np.array([4.0, 3.0, 3.5, 6.0, 5.8])
    a, b = np.array([1, 1, 2, 4, 4]), np.array([2, 3, 3, 5, 6])
    chances = {}
    for prior in (0.0005, 0.004, 0.1):
        step = np.log(prior / (1 - prior))
        shown = [verdict(float(1 / (1 + np.exp(-(one + step)))), 0.0) for one in odds]
        chances[prior] = np.array(
            [one.probability for one in company.judge(a, b, shown, np.zeros(5, np.int8), prior, company.first)]
        )
    for prior, found in chances.items():
        assert np.argsort(-found).tolist() == np.argsort(-chances[0.004]).tolist()
        moved = np.log(found / (1 - found)) - np.log(prior / (1 - prior))
        np.testing.assert_allclose(moved, np.log(chances[0.004] / (1 - chances[0.004])) - EVEN, atol=0.02)


def test_a_reason_is_given_only_where_the_pair_shows_it() -> None:
    stage = Stage(-1.0, 0.3)
    company = Company(stage, stage, (0.0, -1.0, -2.0))
    a, b = np.array([1, 1, 7]), np.array([2, 3, 8])
    best, beaten, alone = company.judge(
        a, b, [verdict(0.8), verdict(0.4), verdict(0.3)], np.zeros(3, np.int8), SHARE, stage
    )
    told = {reason.code: reason for reason in beaten.reasons}
    assert told["company"].text == AGAINST and told["company"].weight < 0
    assert {reason.text for reason in alone.reasons if reason.code == "company"} == {FOR}
    # Its rival lowers the best one too, which no sentence would say.
    assert best.probability < 0.8 and "company" not in {reason.code for reason in best.reasons}
    weights = [abs(reason.weight) for reason in beaten.reasons]
    assert weights == sorted(weights, reverse=True) and len(beaten.reasons) == 2


def test_two_errands_are_lowered_say_so_and_are_weaker_rivals() -> None:
    company = Company(Stage(-1.0, 0.0), Stage(-1.0, 0.0), (0.0, -1.0, -2.0))
    a, b, shown = np.array([1, 1]), np.array([2, 3]), [verdict(0.5), verdict(0.5)]
    apart, other = company.judge(a, b, shown, np.array([2, 0]), SHARE, company.first)
    assert [reason.weight for reason in apart.reasons if reason.text == ERRANDS[2]] == [-2.0]
    assert "errands" not in {reason.code for reason in other.reasons}
    # Log-odds 0 and -2: the rivals' odds are 1 and exp(-2).
    assert apart.probability == pytest.approx(1 / (1 + np.exp(2 + np.log(2))), abs=1e-5)
    assert other.probability == pytest.approx(1 / (1 + np.exp(np.log1p(np.exp(-2)))), abs=1e-5)
