"""The measure of candidates counts what was planted and what it costs, and nothing else."""

from __future__ import annotations

import numpy as np
import pytest

from analyzer.evaluation.candidates import measure, print_misses, print_report
from analyzer.matching.candidates import RULES
from analyzer.records import Frame, Side
from analyzer.scoring.pairs import LabelledPair


def side(text: str, **slots: object) -> Side:
    return Side(text, Frame(addressee=("Polismyndigheten",), **slots))  # type: ignore[arg-type]


def test_planted_hits_misses_and_cost(capsys: pytest.CaptureFixture[str]) -> None:
    real = [side("Stalltjänsten ska ha tolv hästar."), side("Stalltjänsten ska ha tolv hästar.")]
    real += [side(text) for text in ("Granskogen ska gallras.", "Datorhallen ska kylas.", "Menyn ska tryckas om.")]
    ban = side("Hundekipage får inte användas vid matchen.", modality="prohibition")
    duty = side("Hundekipage ska användas vid matchen.")
    gone = side("Hundekipage ska användas vid matchen.", period=("2001-01-01", "2001-12-31"))
    new = side("Hundekipage får inte användas vid matchen.", modality="prohibition", period=("2030-01-01", None))
    planted = [
        LabelledPair("x-1", ban, duty, "contradiction", 2, source="written"),
        LabelledPair("x-2", gone, new, "contradiction", 2, source="written"),
    ]
    measured = measure(real, np.arange(len(real)), planted)
    assert measured.bits[0] & (1 << RULES.index("ban_meets_duty"))
    assert measured.bits[1] == 0
    assert measured.pairs == 1
    assert measured.per_signal == pytest.approx(2 / 5)
    assert measured.by_rule["near"][0] == 1
    print_report(measured, planted, ["one", "two"])
    print_misses(measured, planted, 5)
    printed = capsys.readouterr().out
    assert "contradiction    0.500  (2)" in printed
    assert "x-2" in printed
    assert "times do not meet" in printed


def test_others_stand_in_the_pool_and_count_for_nothing() -> None:
    real = [side("Stalltjänsten ska ha tolv hästar."), side("Granskogen ska gallras.")]
    a, b = side("Hundekipage får inte användas.", modality="prohibition"), side("Hundekipage ska användas.")
    planted = [LabelledPair("x-1", a, b, "contradiction", 2, source="written")]
    others = [LabelledPair(f"y-{n}", b, a, "contradiction", 2, source="written") for n in range(3)]
    alone, among = (measure(real, np.arange(2), planted, others=some) for some in ((), others))
    assert alone.bits.tolist() == among.bits.tolist()
    assert (alone.pairs, len(among.bits)) == (among.pairs, 1)
