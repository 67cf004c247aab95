"""Glossing: what the glossary holds, what Swedish word formation adds, and what is left alone."""

from __future__ import annotations

import pytest

from analyzer.second_reader.gloss import Glossary
from analyzer.second_reader.shipped import FOLDER

GLOSSARY = Glossary(
    {"polis": "police", "patrull": "patrol", "tillåten": "allowed", "natt": "night", "timme": "hour", "ska": "shall"}
)


@pytest.mark.parametrize(
    ("text", "gloss"),
    [
        ("Polis ska patrull", "police shall patrol"),
        ("patrullen, patrullerna", "patrol , patrol"),
        ("timmar", "hour"),
        ("polispatrullens", "police patrol"),
        ("nattpolispatrull", "night police patrol"),
        ("otillåten", "not allowed"),
        ("15,5 timmar 2025:3", "15,5 hour 2025:3"),
        ("Xyzzy", "Xyzzy"),
        ("", ""),
        ("pa\u00adtrull", "patrol"),
    ],
)
def test_words_are_glossed(text: str, gloss: str) -> None:
    assert GLOSSARY.gloss(text) == gloss


def test_the_shipped_glossary_keeps_negation_limits_and_duties() -> None:
    shipped = Glossary.load(FOLDER / "gloss.tsv")
    gloss = shipped.gloss("Patrullerna får inte lånas ut utan att minst två poliser är kvar.")
    assert all(word in gloss for word in ("not", "at least", "two", "without", "may"))


def test_a_long_meaningless_word_ends() -> None:
    assert GLOSSARY.gloss("ab" * 2000) == "ab" * 2000
