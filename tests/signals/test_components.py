"""The spaCy side: components are found by name, work on plain text, and can be saved."""

from __future__ import annotations

from pathlib import Path

import pytest
import spacy
from spacy.tokens import Doc

from analyzer.signals.reader import COMPONENTS, parse_frame

TEXT = "Boverket ska mäta buller och föreslå vallar. Syftet är lugn."


def pipeline() -> spacy.language.Language:
    nlp = spacy.blank("sv")
    for name in COMPONENTS:
        nlp.add_pipe(name)
    return nlp


def found(doc: Doc, key: str = "signals") -> list[str]:
    return [span.text for span in doc.spans[key]]


def test_signals_are_a_span_group_with_frames_and_lead_ins() -> None:
    doc = pipeline()(TEXT)
    assert found(doc) == ["Boverket ska mäta buller", "föreslå vallar."]
    first, second = doc.spans["signals"]
    assert parse_frame(first._.frame).addressee == ("Boverket",)
    assert doc.text[slice(*second._.lead_in)] == "Boverket ska"


def test_pipeline_saved_and_loaded_finds_the_same(tmp_path: Path) -> None:
    nlp = pipeline()
    nlp.to_disk(tmp_path)
    loaded = spacy.load(tmp_path)
    assert found(loaded(TEXT)) == found(nlp(TEXT))
    before, after = nlp(TEXT), loaded(TEXT)
    assert [s._.frame for s in after.spans["signals"]] == [s._.frame for s in before.spans["signals"]]


def test_doc_saved_and_loaded_keeps_signals_and_frames() -> None:
    nlp = pipeline()
    doc = nlp(TEXT)
    again = Doc(nlp.vocab).from_bytes(doc.to_bytes())
    assert found(again) == found(doc)
    assert again.spans["signals"][0]._.frame["action"] == "mäta"


def test_span_key_is_configurable() -> None:
    nlp = spacy.blank("sv")
    for name in COMPONENTS:
        keyed = name in COMPONENTS[2:]
        nlp.add_pipe(name, config={"spans_key": "styrning"} if keyed else {})
    assert len(found(nlp(TEXT), "styrning")) == 2


@pytest.mark.parametrize("name", COMPONENTS)
def test_factory_is_registered(name: str) -> None:
    assert spacy.blank("sv").has_factory(name)
