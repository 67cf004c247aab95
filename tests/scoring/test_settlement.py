"""Clauses on a decision's own money and papers: two of different matters are nothing to choose between."""

from __future__ import annotations

import numpy as np
import pytest

from analyzer.records import Frame, Side
from analyzer.scoring.settlement import find_errands, settle_apart

HARBOUR, PUPILS = "Uppdrag att utveckla hamnarnas belysning", "Uppdrag att stärka elevers läsning"
PAID = "Medlen betalas ut efter rekvisition senast den 3 november 2027."
CHARGED = "Kostnaderna ska belasta anslaget 9:9 Hamnar och farleder."


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ((HARBOUR, PAID), (PUPILS, "Medlen betalas ut i två delar utan rekvisition."), True),
        ((HARBOUR, CHARGED), (PUPILS, "För uppdraget får skolan använda högst 40 000 kronor."), True),
        ((HARBOUR, "Rekvisitionen ska hänvisa till diarienumret."), (PUPILS, PAID), True),
        ((HARBOUR, "Uppdraget ska redovisas till Regeringskansliet i mars."), (PUPILS, PAID), True),
        (
            (HARBOUR, "Kajverket ska redovisa sitt uppdrag till Regeringskansliet senast den 1 maj 2027."),
            (PUPILS, "En presentation av arbetet ska lämnas till Skoldepartementet den 3 juni 2027."),
            True,
        ),
        ((HARBOUR, "Slutredovisningen ska vara Hamndepartementet tillhanda i maj."), (PUPILS, PAID), True),
        (
            (HARBOUR, "Kajverket får under 2027 använda högst 2 kronor för att genomföra uppdraget."),
            (PUPILS, PAID),
            True,
        ),
        ((HARBOUR, "Kajverket ska redovisa kajernas skick till Regeringskansliet."), (PUPILS, PAID), False),
        # An amended decision on the same matter may well contradict the first.
        ((HARBOUR, PAID), ("Ändring av uppdraget att utveckla hamnarnas belysning", "Medlen återbetalas."), False),
        # A plan may speak of the money of any decision.
        ((HARBOUR, PAID), ("Betalningsplan 2027", "Medlen till hamnarna betalas ut varje kvartal."), False),
        # A demand on the work itself is no such clause, nor is one without a title.
        ((HARBOUR, PAID), (PUPILS, "Skolan ska inte betala för läromedel."), False),
        ((None, PAID), (None, CHARGED), False),
    ],
)
def test_clauses_of_different_matters_are_apart(one, other, expected):
    sides = [Side(text, Frame(), document=title) for title, text in (one, other)]
    a, b = np.array([0, 1]), np.array([1, 0])
    assert settle_apart(sides, a, b, find_errands(sides, a, b)).tolist() == [expected] * 2


def test_two_decisions_are_errands_in_one_matter_or_in_two():
    titles = [HARBOUR, PUPILS, f"Ändring av {HARBOUR.lower()}", "Verksamhetsplan för hamnen", None, HARBOUR]
    sides = [Side(PAID, Frame(), document=title) for title in titles]
    first = np.zeros(5, dtype=np.int64)
    assert find_errands(sides, first, np.arange(1, 6)).tolist() == [2, 1, 0, 0, 0]
