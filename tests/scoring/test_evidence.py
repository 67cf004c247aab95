"""The best stretch against every stretch there is, and whole words of what a reader marks."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.scoring.evidence import best_stretch, marked_span
from analyzer.second_reader import Mark

CHANCES = st.lists(st.floats(0.01, 1), min_size=1, max_size=12)


@given(CHANCES, st.sampled_from([0.5, 1.0, 2.0]))
def test_best_stretch_is_the_brute_force_best(chances: list[float], sharpness: float) -> None:
    weights = [chance**sharpness for chance in chances]

    def expected(first: int, last: int) -> float:
        return 2 * sum(weights[first : last + 1]) / (last + 1 - first + sum(weights))

    best = max(expected(i, j) for i in range(len(chances)) for j in range(i, len(chances)))
    assert expected(*best_stretch(np.array(chances), sharpness)) == pytest.approx(best)


def test_sharper_stretches_are_shorter() -> None:
    chances = np.array([0.1, 0.3, 0.9, 0.9, 0.3, 0.1])
    assert best_stretch(chances, 0.5) == (1, 4) and best_stretch(chances, 2.0) == (2, 3)


def test_marked_words_are_whole_and_end_without_a_stop() -> None:
    text = "Regionen ska avdela tio utredare. Övrigt utgår."
    pieces = [(0, 8, 0.0), (8, 12, 0.1), (12, 16, 0.9), (16, 19, 0.2), (19, 23, 0.9), (23, 32, 0.9), (32, 33, 0.0)]
    span = marked_span(text, [Mark(*piece) for piece in pieces], lambda _, chances: best_stretch(chances, 1.0))
    assert span is not None and text[span.start : span.end] == span.text == "avdela tio utredare"
    assert marked_span(text, [], lambda _, chances: best_stretch(chances, 1.0)) is None
