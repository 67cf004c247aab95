"""What a second reader does to the judge's verdicts, and which pairs of a scan it reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from analyzer import compare as comparing
from analyzer.matching.encoder import embedding_text, load_encoder
from analyzer.records import Side
from analyzer.scoring import load_judge
from analyzer.scoring.company import Company, Stage
from analyzer.second_reader import load_second_reader
from analyzer.settings import Settings
from tests.scoring.sides import make_side

TEXTS = (
    "Hamnpolisen ska hålla receptionen i Tallvik öppen alla dagar under 2026.",
    "Receptionen i Tallvik ska hållas stängd på helger under 2026.",
    "Minst 40 procent av ärendena ska avgöras inom två veckor.",
    "Högst 25 procent av ärendena får avgöras inom två veckor.",
    "Chefen för hamnen beslutar om avgifter.",
)


class Certain:
    """Says the same of every pair and remembers how many it was asked about."""

    name = "certain"

    def __init__(self, odds: float) -> None:
        self.said, self.asked = odds, 0

    def odds(self, pairs: Sequence[tuple[Side, Side]]) -> np.ndarray:
        self.asked += len(pairs)
        return np.full(len(pairs), self.said)


def test_its_word_counts_and_is_named_among_the_reasons() -> None:
    judge = load_judge()
    prepared = judge.prepare([make_side(text) for text in TEXTS])
    a, b = np.array([0, 2]), np.array([1, 3])
    for odds, moved in ((4.0, 1), (-4.0, -1), (float("nan"), 0)):
        alone = judge.judge(prepared, a, b)
        verdicts = judge.judge(prepared, a, b, reader=Certain(odds))
        np.testing.assert_array_equal(
            judge.probabilities(prepared, a, b, reader=Certain(odds)), [one.probability for one in verdicts]
        )
        for before, after in zip(alone, verdicts, strict=True):
            assert np.sign(round(after.probability - before.probability, 6)) == moved
            weights = [reason.weight for reason in after.reasons if reason.code == "second_reader"]
            assert [np.sign(weight) for weight in weights] == [moved] * abs(moved)
            assert not [reason for reason in before.reasons if reason.code == "second_reader"]


def test_the_shipped_one_gives_the_same_verdict_both_ways_round() -> None:
    judge, reader = load_judge(), load_second_reader()
    prepared = judge.prepare([make_side(text) for text in TEXTS])
    a, b = np.array([0, 2, 0]), np.array([1, 3, 4])
    np.testing.assert_array_equal(
        judge.probabilities(prepared, a, b, reader=reader), judge.probabilities(prepared, b, a, reader=reader)
    )


@pytest.mark.parametrize("limit", [0, 2, 1000])
def test_a_scan_has_only_its_best_pairs_read_again(monkeypatch: pytest.MonkeyPatch, limit: int) -> None:
    reader = Certain(2.0)
    monkeypatch.setattr(comparing, "load_second_reader", lambda setting: reader)
    sides = [make_side(text) for text in TEXTS]
    vectors = load_encoder().encode([embedding_text(side) for side in sides])
    settings = Settings(second_reader_pairs=limit)
    found = comparing.compare(sides, vectors, np.arange(len(sides)), np.ones(len(sides), bool), load_judge(), settings)
    assert found.verdicts
    assert reader.asked == min(limit, len(found.verdicts))
    chances = [verdict.probability for verdict in found.verdicts]
    assert chances == sorted(chances, reverse=True)


def test_of_few_new_signals_few_pairs_are_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    assert [comparing.count_readings(fresh) for fresh in (1, 30, 100, 101, 500)] == [20, 30, 100, 103, 1300]
    monkeypatch.setattr(comparing, "READ_LEAST", 1)
    sides = [make_side(text) for text in TEXTS]
    vectors = load_encoder().encode([embedding_text(side) for side in sides])
    for count in (1, 2):
        reader = Certain(2.0)
        monkeypatch.setattr(comparing, "load_second_reader", lambda setting, reader=reader: reader)
        fresh = np.arange(len(sides)) < count
        found = comparing.compare(sides, vectors, np.arange(len(sides)), fresh, load_judge(), Settings())
        assert reader.asked == min(count, len(found.verdicts)) > 0


@pytest.mark.parametrize(("odds", "lowered"), [(-4.0, True), (4.0, False)])
def test_what_is_not_read_falls_as_far_as_what_was_read_beside_it(
    monkeypatch: pytest.MonkeyPatch, odds: float, lowered: bool
) -> None:
    monkeypatch.setattr(comparing, "load_second_reader", lambda setting: Certain(odds))
    monkeypatch.setattr(comparing, "LAST_READ", 1.0)
    monkeypatch.setattr(comparing, "LAST_LEAST", 2)
    sides = [make_side(text) for text in TEXTS]
    vectors, count = load_encoder().encode([embedding_text(side) for side in sides]), len(sides)
    # Without company, which lowers a pair when another of its sides' pairs rises.
    shipped, none = load_judge(), Stage(0.0, 0.0)
    judge = replace(shipped, classifier=replace(shipped.classifier, company=Company(none, none, (0.0, 0.0, 0.0))))
    alone, heard = (
        {
            (a, b): verdict.probability
            for a, b, verdict in zip(found.a.tolist(), found.b.tolist(), found.verdicts, strict=True)
        }
        for limit in (0, 2)
        for found in [
            comparing.compare(
                sides, vectors, np.arange(count), np.ones(count, bool), judge,
                Settings(second_reader_pairs=limit),
            )
        ]
    )  # fmt: skip
    read = sorted(alone, key=lambda pair: -alone[pair])[:2]
    for pair in set(alone) - set(read):
        assert (heard[pair] < alone[pair]) == lowered and (lowered or heard[pair] == alone[pair])


def test_clauses_of_two_decisions_are_no_pair_however_few_there_are() -> None:
    texts = ("Medlen betalas ut efter rekvisition i maj 2027.", "Medlen betalas ut utan rekvisition i maj 2027.")
    titles = ("Uppdrag att utveckla hamnarnas belysning", "Uppdrag att stärka elevers läsning")
    vectors = load_encoder().encode([*texts])
    for shown, expected in ((titles, []), ((titles[0], titles[0]), [(0, 1)])):
        sides = [replace(make_side(text), document=title) for text, title in zip(texts, shown, strict=True)]
        found = comparing.compare(sides, vectors, np.arange(2), np.ones(2, bool), load_judge(), Settings())
        assert list(zip(found.a.tolist(), found.b.tolist(), strict=True)) == expected
        assert found.counts["settled apart"] == 1 - len(expected)


def test_few_readings_say_nothing_of_the_rest() -> None:
    assert comparing.believe_unread(np.full(15, 0.5), np.full(15, 0.1)) == 0.0
    told = comparing.believe_unread(np.concatenate([np.full(500, 0.9), np.full(300, 0.5)]), np.full(800, 0.1))
    assert told == pytest.approx(np.log(1 / 9))
