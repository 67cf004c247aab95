"""The trained second opinion: when it is asked, how it weighs, and that it keeps orders."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest
import spacy

from analyzer.errors import ModelError
from analyzer.records import Document, Metadata, Passage
from analyzer.signals.clues import read_clues
from analyzer.signals.detection import Setting
from analyzer.signals.detector import Detector, decide_trained, is_doubtful, load_detector, save_detector
from analyzer.signals.finding import Candidate, trust_rules
from analyzer.signals.predicates import read_predicate
from analyzer.signals.reader import build_reader
from analyzer.signals.words import read_words
from models.train.signals import cross_validate, fit, fold_of
from models.train.signals_data import Labelled, collect_candidates, label_cases

_NLP = spacy.blank("sv")


def candidate(text: str, *, genre: str = "governing", lead: str = "", verdict: bool = True) -> Candidate:
    words = read_words(_NLP.make_doc(text))
    setting = Setting(genre)  # type: ignore[arg-type]
    return Candidate(0, len(text), words, read_predicate(words, 0, len(words)), setting, lead, verdict)


DOUBTFUL = candidate("Hamnchefen beslutar om kranarna.")


def test_only_the_present_tense_of_a_governing_document_is_doubtful() -> None:
    assert is_doubtful(DOUBTFUL)
    assert not is_doubtful(replace(DOUBTFUL, verdict=False))
    assert not is_doubtful(replace(DOUBTFUL, lead="governs"))
    assert not is_doubtful(candidate("Hamnchefen beslutar om kranarna.", genre="describing"))
    assert not is_doubtful(candidate("Hamnchefen ska besluta om kranarna."))


def test_probability_is_the_logistic_of_the_sum_of_weights() -> None:
    clues = read_clues(DOUBTFUL)
    assert "lemma=besluta" in clues and "main:hamnche" in clues
    twice = next((clue for clue in clues if clues.count(clue) > 1), clues[0])
    detector = Detector(-1.0, {"lemma=besluta": 0.75, twice: 0.5, "absent": 9.0}, 0.5)
    total = -1.0 + 0.75 + 0.5 * clues.count(twice)
    assert detector.probability(DOUBTFUL) == pytest.approx(1 / (1 + math.exp(-total)))


def test_threshold_decides_only_where_it_is_asked() -> None:
    never = Detector(-50.0, {}, 0.5)
    assert not never.decide(DOUBTFUL)
    assert never.decide(replace(DOUBTFUL, lead="governs"))
    assert not Detector(50.0, {}, 0.5).decide(replace(DOUBTFUL, verdict=False))


def test_a_detector_saved_and_read_again_is_the_same(tmp_path: Path) -> None:
    save_detector(Detector(0.5, {"b": 1.0, "å": -2.5}, 0.1), tmp_path)
    first = (tmp_path / "detector.json").read_bytes()
    save_detector(Detector(0.5, {"å": -2.5, "b": 1.0}, 0.1), tmp_path)
    assert (tmp_path / "detector.json").read_bytes() == first


def test_a_folder_outside_the_manifest_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError):
        load_detector(tmp_path)


@pytest.mark.parametrize(
    "text", ["Hamnchefen beslutar om kranarna.", "Ansökan lämnas senast den 1 mars.", "Nattpasset bemannas av två."]
)
def test_the_shipped_detector_keeps_orders(text: str) -> None:
    assert decide_trained(candidate(text))


def test_the_shipped_detector_drops_prose_of_news() -> None:
    text = "I dag presenterar regeringen 500 miljoner kronor till Ukraina och EU:s nya insatser för fred i världen."
    assert is_doubtful(candidate(text)) and not decide_trained(candidate(text))


def test_a_reader_without_what_was_trained_trusts_the_rules() -> None:
    assert build_reader(trained=False).nlp.get_pipe("styrsignal_signals").decide is trust_rules  # type: ignore[attr-defined]


def plan(text: str) -> Document:
    return Document("k", "k.txt", "0", text, (Passage(0, "paragraph", 0, len(text)),), Metadata(title="Hamnplan"))


def test_candidates_are_collected_without_changing_the_reader() -> None:
    reader = build_reader(trained=False)
    text = "Hamnchefen beslutar om kranarna. Hamnen ska muddras. Kranarna är gula."
    assert [c.words.text for c in collect_candidates(reader, plan(text))] == ["Hamnchefen beslutar om kranarna."]
    assert [s.quote for s in reader.read(plan(text))] == ["Hamnchefen beslutar om kranarna.", "Hamnen ska muddras."]


def test_passages_label_what_is_marked() -> None:
    text = "# Hamnplan\n\nHamnchefen beslutar om kranarna.\n\nLotsen beslutar om lanternan.\n"
    case = {"id": "x", "text": text, "signals": [{"quote": "Hamnchefen beslutar om kranarna"}]}
    rows = list(label_cases(build_reader(trained=False), [case]))
    assert [(row.steers, row.group) for row in rows] == [(True, "x"), (False, "x")]


def test_training_learns_what_tells_orders_from_prose() -> None:
    rows = [
        Labelled(
            candidate(f"{who} {verb} om kran {number}."),
            verb == "beslutar",
            "sides" if verb == "beslutar" else "press",
            f"{who}{number}",
        )
        for who in ("Hamnchefen", "Lotsen", "Kaptenen")
        for verb in ("beslutar", "berättar")
        for number in range(20)
    ]
    detector = fit(rows)
    assert detector.weights["lemma=besluta"] > 0
    assert detector.probability(candidate("Hamnchefen beslutar om kran 7.")) > 0.5
    assert fit(rows) == detector
    assert {fold_of(row.group) for row in rows} == set(range(5))
    assert any("sides" in line and "(1.000)" in line for line in cross_validate(rows))
