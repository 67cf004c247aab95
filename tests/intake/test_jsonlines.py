"""JSON Lines: one document a line, a bad line costs itself only, and sharing the work changes nothing."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from analyzer.intake import ReadLimits, read_bytes, read_files
from analyzer.intake.pool import read_upload
from analyzer.records import Document, Skipped

from .builders import records

GOOD = {
    "id": "uppdrag/1",
    "title": "Uppdrag om trafik",
    "text": "# Uppdrag\n\nEnheten ska mäta.",
    "published": "2024-06",
}


def test_fields_of_a_record_are_facts(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    statute = {
        "id": "2031:17",
        "title": "Förordning om mätning",
        "text": "#### 1 §\n\nMyndigheten ska mäta.",
        "department": "Justitiedepartementet",
        "issued": "2031-01-15",
        "in_force": "2031-03-01",
    }
    path.write_bytes(records({**GOOD, "kind": "regeringsuppdrag"}, statute))
    assignment, law = read_files([path])
    assert isinstance(assignment, Document) and isinstance(law, Document)
    assert assignment.key.endswith("a.jsonl#uppdrag/1")
    assert assignment.metadata.title == "Uppdrag om trafik"
    assert assignment.metadata.issuer == "Regeringen"
    assert assignment.metadata.document_type == "regeringsuppdrag"
    assert assignment.metadata.level == "government decision"
    assert assignment.metadata.date == "2024-06"
    assert law.metadata.issuer == "Justitiedepartementet"
    assert law.metadata.level == "ordinance"
    assert (law.metadata.date, law.metadata.valid_from) == ("2031-01-15", "2031-03-01")
    assert law.metadata.registration_number == "2031:17"


BAD_LINES = [
    ('{"id": "x", "text": ', "giltig JSON"),
    ("[1, 2]", "JSON-objekt"),
    ('{"text": "Enheten ska mäta."}', "id saknas"),
    ('{"id": {}, "text": "Enheten ska mäta."}', "id saknas"),
    ('{"id": "x"}', "text saknas"),
    ('{"id": "x", "text": 7}', "text saknas"),
    ("[" * 200_000, "giltig JSON"),
    (json.dumps(GOOD), "samma id"),
]


@pytest.mark.parametrize(("line", "reason"), BAD_LINES, ids=[reason for _, reason in BAD_LINES])
def test_a_bad_line_costs_itself_only(line: str, reason: str, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(records(GOOD, "", line, {**GOOD, "id": "uppdrag/2"}))
    before, bad, after = read_files([path])
    assert isinstance(before, Document) and isinstance(after, Document)
    assert isinstance(bad, Skipped)
    assert bad.code == "bad_record"
    assert reason in bad.reason
    assert "3" in bad.source or "samma" in reason


def test_an_empty_text_is_no_document(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(records({"id": "x", "text": "---\nrubrik: Lag\n---"}))
    (result,) = read_files([path])
    assert isinstance(result, Skipped) and result.code == "empty"
    assert result.source.endswith("#x")


def test_a_line_too_long_is_named_and_passed(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(records(GOOD, {"id": "y", "text": "ska " * 600_000}, {**GOOD, "id": "z"}))
    first, long, last = read_files([path], limits=ReadLimits(record_bytes=1 << 20))
    assert isinstance(first, Document) and isinstance(last, Document)
    assert isinstance(long, Skipped) and long.code == "bad_record"


def test_a_cut_gzip_gives_what_is_whole_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    whole = gzip.compress(records(*({**GOOD, "id": f"n{number}"} for number in range(2_000))))
    path.write_bytes(whole[: len(whole) // 2])
    *documents, last = read_files([path])
    assert documents and all(isinstance(document, Document) for document in documents)
    assert isinstance(last, Skipped) and last.code == "damaged"


def large_file(path: Path) -> Path:
    lines = [
        {"id": f"n{number}", "text": f"# Plan {number}\n\nEnheten ska mäta {'farten ' * 80}."} for number in range(600)
    ]
    path.write_bytes(records(*lines[:200], "sönder", *lines[200:]))
    return path


def test_sharing_the_work_changes_neither_order_nor_content(tmp_path: Path) -> None:
    path = large_file(tmp_path / "a.jsonl")
    assert path.stat().st_size > 1 << 18
    alone = list(read_files([path], workers=1))
    shared = list(read_files([path], workers=3))
    assert alone == shared
    assert len(alone) == 601
    assert isinstance(alone[200], Skipped)
    assert [result.key.rpartition("#")[2] for result in alone if isinstance(result, Document)] == [
        f"n{number}" for number in range(600)
    ]


def test_a_record_that_kills_its_reader_costs_itself_only(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    hostile = {"id": "tung", "text": "_*" * 400_000}
    path.write_bytes(records(GOOD, hostile, {**GOOD, "id": "uppdrag/2"}))
    before, dead, after = read_files([path], limits=ReadLimits(seconds=0.7))
    assert isinstance(before, Document) and isinstance(after, Document)
    assert isinstance(dead, Skipped) and dead.code == "timeout"
    assert after.key.endswith("uppdrag/2")


def test_results_can_be_left_early(tmp_path: Path) -> None:
    results = read_files([large_file(tmp_path / "a.jsonl")])
    assert isinstance(next(results), Document)
    results.close()


def test_an_uploaded_collection_gives_every_record() -> None:
    data = records(GOOD, {**GOOD, "id": "uppdrag/2"})
    assert [item.key for item in read_upload("a.jsonl", data) if isinstance(item, Document)] == [
        "a.jsonl#uppdrag/1",
        "a.jsonl#uppdrag/2",
    ]
    assert isinstance(read_bytes("a.jsonl.gz", gzip.compress(records(GOOD))), Document)
    several = read_bytes("a.jsonl", data)
    assert isinstance(several, Skipped) and several.code == "unsupported"
