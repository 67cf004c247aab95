"""The real collections, where they are at hand: every record comes out as a document or with a reason."""

from __future__ import annotations

import gzip
import json
import re
import unicodedata
from pathlib import Path

import pytest

from analyzer.intake import read_files
from analyzer.records import Document, Skipped

SHARED = Path(__file__).parents[3] / "shared" / "data"
ASSIGNMENTS = SHARED / "regeringsuppdrag.jsonl.gz"
STATUTES = SHARED / "sfs.jsonl.gz"

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not ASSIGNMENTS.exists(), reason="../shared/data is not here"),
]


def words(text: str) -> str:
    """Letters only: what no mending may change."""
    return re.sub(r"[\W\d_]+", "", unicodedata.normalize("NFC", text)).lower()


def test_all_assignments_come_in_and_no_word_is_lost() -> None:
    with gzip.open(ASSIGNMENTS, "rt", encoding="utf-8") as lines:
        source = [json.loads(line) for line in lines]
    results = list(read_files([ASSIGNMENTS]))
    assert len(results) == len(source) == 4_083
    for record, result in zip(source, results, strict=True):
        assert isinstance(result, Document)
        assert result.key.endswith(f"#{record['id']}")
        assert result.metadata.title and words(result.metadata.title) == words(record["title"])
        assert result.metadata.date == record["published"]
        assert all(result.text[p.start : p.end].strip() for p in result.passages)
        plain = re.sub(r"\]\([^)]*\)|<[^>]*>", "", record["text"])
        # Markers of items ("a)") are letters too; a hundredth covers them.
        assert abs(len(words(result.text)) - len(words(plain))) <= 12 + len(plain) // 100


@pytest.mark.slow
def test_statutes_with_a_body_come_in_and_the_others_are_named() -> None:
    with gzip.open(STATUTES, "rt", encoding="utf-8") as lines:
        bodies = sum(not line_has_only_front_matter(json.loads(line)["text"]) for line in lines)
    results = list(read_files([STATUTES]))
    documents = [result for result in results if isinstance(result, Document)]
    assert len(results) == 8_318
    assert len(documents) == bodies
    assert {result.code for result in results if isinstance(result, Skipped)} == {"empty"}
    assert sum(document.metadata.level in ("law", "ordinance") for document in documents) > 0.85 * bodies


def line_has_only_front_matter(text: str) -> bool:
    return text.startswith("---") and text.rstrip().endswith("---")
