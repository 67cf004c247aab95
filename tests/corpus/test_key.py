"""The keys say where each planted pair stands, and what it is by the annotation guidelines."""

from __future__ import annotations

from collections import Counter
from typing import Any

from analyzer.records import CONFLICT_TYPES, PAIR_TYPES, Document

Pairs = list[dict[str, Any]]


def test_every_quote_stands_once_in_its_document(
    documents: dict[str, Document], examples_key: Pairs, drafts_key: Pairs
) -> None:
    wrong = [
        (pair["id"], side, count)
        for pair in examples_key + drafts_key
        for side in "ab"
        if (count := documents[pair[side]["file"]].text.count(pair[side]["quote"])) != 1
    ]
    assert not wrong


def test_no_quote_crosses_a_passage(documents: dict[str, Document], examples_key: Pairs, drafts_key: Pairs) -> None:
    """A signal lies in one passage; a quote that crosses two was torn by a page break or a lost heading."""
    torn = []
    for pair in examples_key + drafts_key:
        for side in "ab":
            document, quote = documents[pair[side]["file"]], pair[side]["quote"]
            passages = (document.text[passage.start : passage.end] for passage in document.passages)
            if not any(quote in passage for passage in passages):
                torn.append((pair["id"], side))
    assert not torn


def test_pairs_are_well_formed(examples_key: Pairs, drafts_key: Pairs) -> None:
    pairs = examples_key + drafts_key
    assert max(Counter(pair["id"] for pair in pairs).values()) == 1
    sides = Counter(frozenset((pair[side]["file"], pair[side]["quote"]) for side in "ab") for pair in pairs)
    assert max(sides.values()) == 1
    assert all(len(side) == 2 for side in sides)
    for pair in pairs:
        assert pair["type"] in PAIR_TYPES
        assert pair["grade"] in ((1, 2) if pair["type"] in CONFLICT_TYPES else (0,)), pair["id"]
        assert pair["rationale"].endswith("."), pair["id"]


def test_enough_of_every_kind_is_planted(examples_key: Pairs) -> None:
    counts = Counter(pair["type"] for pair in examples_key)
    assert sum(counts[kind] for kind in CONFLICT_TYPES) >= 30
    assert min(counts[kind] for kind in CONFLICT_TYPES) >= 4
    assert counts["none"] + counts["duplicate"] >= 18
    assert {pair["grade"] for pair in examples_key} == {0, 1, 2}


def test_most_conflicts_go_across_documents_and_some_do_not(examples_key: Pairs) -> None:
    conflicts = [pair for pair in examples_key if pair["grade"]]
    within = sum(pair["a"]["file"] == pair["b"]["file"] for pair in conflicts)
    assert 2 <= within < len(conflicts) / 4


def test_every_example_takes_part(documents: dict[str, Document], examples_key: Pairs) -> None:
    named = {pair[side]["file"] for pair in examples_key for side in "ab"}
    assert named == {name for name in documents if not name.startswith("utkast-")}


def test_one_draft_collides_and_the_other_does_not(drafts_key: Pairs) -> None:
    assert all(pair["a"]["file"].startswith("utkast-") for pair in drafts_key)
    colliding = Counter(pair["a"]["file"] for pair in drafts_key if pair["grade"])
    assert set(colliding) == {"utkast-trygg-resa.docx"}
    stored = {(pair["b"]["file"], pair["b"]["quote"]) for pair in drafts_key if pair["grade"]}
    assert len(stored) >= 4
    assert "utkast-hittegods.md" in {pair["a"]["file"] for pair in drafts_key}
