"""The shipped judge on pairs written for the tests."""

from __future__ import annotations

import itertools
import shutil
from pathlib import Path

import numpy as np
import pytest

from analyzer.errors import ModelError
from analyzer.matching.encoder import embedding_text, load_encoder
from analyzer.records import CONFLICT_TYPES, PAIR_TYPES
from analyzer.scoring import Judge, load_judge
from analyzer.scoring.classifier import Among
from analyzer.scoring.judge import FOLDER, share_duplicates
from analyzer.scoring.reasons import REASONS, load_texts
from analyzer.second_reader import load_second_reader
from models.manifest import verify
from tests.scoring.sides import make_side

TEXTS = (
    "Hamnpolisen ska hålla receptionen i Tallvik öppen alla dagar under 2026.",
    "Receptionen i Tallvik ska hållas stängd på helger under 2026.",
    "Minst 40 procent av ärendena ska avgöras inom två veckor.",
    "Högst 25 procent av ärendena får avgöras inom två veckor.",
    "Spanarna ska i första hand utreda båtstölder före allt annat.",
    "Spanarna ska före allt annat utreda skadegörelse vid kajerna.",
    "Chefen för hamnen beslutar om avgifter.",
    "Regeringen uppdrar åt Statskontoret att redovisa uppdraget senast den 1 mars 2026.",
)


@pytest.fixture(scope="module")
def judge() -> Judge:
    return load_judge()


def all_pairs() -> tuple[np.ndarray, np.ndarray]:
    pairs = np.array(list(itertools.permutations(range(len(TEXTS)), 2)))
    return pairs[:, 0], pairs[:, 1]


@pytest.mark.parametrize("among", ["pairs", "candidates"])
def test_swapped_sides_get_the_same_verdict_with_evidence_swapped(judge: Judge, among: Among) -> None:
    prepared = judge.prepare([make_side(text) for text in TEXTS])
    a, b = all_pairs()
    forth, back = judge.judge(prepared, a, b, among=among), judge.judge(prepared, b, a, among=among)
    for one, other in zip(forth, back, strict=True):
        assert (one.probability, one.type, one.grade, one.reasons) == (
            other.probability,
            other.type,
            other.grade,
            other.reasons,
        )
        assert (one.evidence_a, one.evidence_b) == (other.evidence_b, other.evidence_a)


@pytest.mark.parametrize("among", ["pairs", "candidates"])
def test_verdicts_hold_together(judge: Judge, among: Among) -> None:
    sides = [make_side(text) for text in TEXTS]
    prepared = judge.prepare(sides)
    a, b = all_pairs()
    verdicts = judge.judge(prepared, a, b, among=among)
    chances = judge.probabilities(prepared, a, b, among=among)
    np.testing.assert_array_equal(chances, [v.probability for v in verdicts])
    for row, verdict in enumerate(verdicts):
        assert sum(verdict.type_probabilities.values()) == pytest.approx(1.0, abs=1e-5)
        assert set(verdict.type_probabilities) == set(PAIR_TYPES)
        assert all(share >= 0 for share in verdict.type_probabilities.values())
        assert (verdict.grade > 0) == (verdict.type in CONFLICT_TYPES)
        if among == "pairs":
            assert (verdict.grade > 0) == (verdict.probability >= 0.5)
        for side, span in ((a[row], verdict.evidence_a), (b[row], verdict.evidence_b)):
            assert span is not None and sides[side].text[span.start : span.end] == span.text
        assert all(reason.text and "{" not in reason.text for reason in verdict.reasons)


def test_plain_conflicts_come_before_unrelated_pairs(judge: Judge) -> None:
    prepared = judge.prepare([make_side(text, addressee="Hamnpolisen") for text in TEXTS])
    # As pairs are judged in use: with the second reader.
    reader = load_second_reader()
    conflicts = judge.probabilities(prepared, np.array([0, 2, 4]), np.array([1, 3, 5]), reader=reader)
    unrelated = judge.probabilities(prepared, np.array([0, 1, 6]), np.array([6, 6, 7]), reader=reader)
    assert np.median(conflicts) > unrelated.max()


def test_the_prior_moves_the_log_odds_and_not_the_type(judge: Judge) -> None:
    prepared = judge.prepare([make_side(text) for text in TEXTS])
    a, b = np.array([0]), np.array([1])
    even, rare = judge.judge(prepared, a, b)[0], judge.judge(prepared, a, b, prior=0.01)[0]
    odds = [v.probability / (1 - v.probability) for v in (even, rare)]
    assert odds[0] / odds[1] == pytest.approx(99, rel=1e-2)
    assert (even.type, even.grade) == (rare.type, rare.grade)


def test_among_candidates_a_stranger_is_rarer_than_a_conflict(judge: Judge) -> None:
    prepared = judge.prepare([make_side(text, addressee="Hamnpolisen") for text in TEXTS])
    a, b = np.triu_indices(len(TEXTS), 1)
    meant = {(0, 1), (2, 3), (4, 5)}
    chances = judge.probabilities(prepared, a, b, prior=0.02, among="candidates")
    best = np.argsort(-chances)[:4]
    assert len(meant & set(zip(a[best].tolist(), b[best].tolist(), strict=True))) >= 2


def test_vectors_that_the_caller_has_change_nothing(judge: Judge) -> None:
    sides = [make_side(text) for text in TEXTS]
    vectors = load_encoder().encode([embedding_text(side) for side in sides])
    given, own = judge.prepare(sides, vectors), judge.prepare(sides)
    a, b = all_pairs()
    np.testing.assert_array_equal(judge.probabilities(given, a, b), judge.probabilities(own, a, b))
    with pytest.raises(ValueError, match="rows of vectors"):
        judge.prepare(sides, vectors[1:])


def test_among_candidates_a_duplicate_outweighs_a_conflict_only_where_sides_meet(judge: Judge) -> None:
    """The store shows "duplicate" where that outweighs all conflict types together."""
    probability, repeats = np.full(3, 0.001), np.full(3, 0.9)
    balanced, meets = np.array([0.1, 0.1, 0.9]), np.array([0.95, 0.02, 0.95])
    found = share_duplicates(probability, balanced, repeats, meets, "candidates")
    assert (found > probability).tolist() == [True, False, False]


def test_rows_out_of_range_are_refused(judge: Judge) -> None:
    prepared = judge.prepare([make_side(TEXTS[0])])
    with pytest.raises(ValueError, match="row numbers"):
        judge.probabilities(prepared, np.array([0]), np.array([1]))
    with pytest.raises(ValueError, match="equally long"):
        judge.probabilities(prepared, np.array([0]), np.array([0, 0]))


def test_no_pairs_and_no_sides_give_nothing(judge: Judge) -> None:
    prepared = judge.prepare([])
    none = np.array([], int)
    assert judge.judge(prepared, none, none) == [] and len(judge.probabilities(prepared, none, none)) == 0


def test_an_empty_text_gets_a_verdict(judge: Judge) -> None:
    prepared = judge.prepare([make_side(""), make_side(TEXTS[0])])
    verdict = judge.judge(prepared, np.array([0]), np.array([1]))[0]
    assert verdict.evidence_a is None and 0 < verdict.probability < 1


def test_an_altered_weight_file_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "judge"
    shutil.copytree(FOLDER, folder)
    manifest = tmp_path / "manifest.json"
    shutil.copy(FOLDER.parent / "manifest.json", manifest)
    verify(folder, manifest)
    with (folder / "words.json").open("a") as stream:
        stream.write(" ")
    with pytest.raises(ModelError, match=r"words\.json"):
        verify(folder, manifest)


def test_every_reason_has_a_sentence_and_features_that_exist() -> None:
    from analyzer.scoring import features

    texts = load_texts()
    assert {function.__name__ for function in REASONS} == set(texts)
    for name, entry in texts.items():
        assert entry["speaks"] in ("for", "against", "either")
        for pattern in entry["features"]:
            assert any(known == pattern or known.startswith(pattern.rstrip("*")) for known in features.NAMES), (
                name,
                pattern,
            )


def test_a_reason_about_values_names_those_that_differ(judge: Judge) -> None:
    texts = (
        "Väntetiden på färjelinje 17 får under 2026 vara högst fyra timmar.",
        "Rederiet ska planera färjelinje 17 så att väntetiden blir minst sju timmar.",
    )
    prepared = judge.prepare([make_side(text) for text in texts])
    reasons = judge.judge(prepared, np.array([0]), np.array([1]))[0].reasons
    told = [reason.text for reason in reasons if reason.code == "limits_do_not_meet"]
    assert told and "fyra timmar" in told[0] and "sju timmar" in told[0] and "17" not in told[0]
