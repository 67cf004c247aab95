"""The committed files: one plan in every format gives the same passages and the same metadata."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.errors import ReadError
from analyzer.intake import codes, list_files, read_files
from analyzer.records import Document
from tests.data.make_samples import EXPECTED, FOLDER, TITLE, main

from .builders import outline, read

FILES = sorted(path for path in FOLDER.glob("plan.*"))


@pytest.mark.parametrize("path", FILES, ids=[path.name for path in FILES])
def test_every_format_tells_the_same(path: Path) -> None:
    (document,) = read_files([path])
    assert isinstance(document, Document)
    # Plain text has no way to draw a table.
    assert outline(document) == (EXPECTED[:-1] if path.suffix == ".txt" else EXPECTED)
    metadata = document.metadata
    assert metadata.title == TITLE
    assert (metadata.issuer, metadata.level) == ("Polisregion Nord", "regional")
    assert (metadata.document_type, metadata.date) == ("verksamhetsplan", "2025-12-09")
    assert (metadata.valid_from, metadata.valid_to) == ("2026-01-01", "2026-12-31")
    assert metadata.registration_number == "A401.115/2025"
    assert metadata.addressees == ("Polisområde Norrbotten",)


def test_all_eight_formats_are_there() -> None:
    files, skipped = list_files([FOLDER])
    assert {path.name.partition(".")[2] for path in files if path.name.startswith("plan.")} == {
        "docx", "html", "jsonl", "jsonl.gz", "md", "odt", "pdf", "txt",
    }  # fmt: skip
    assert {item.code for item in skipped} <= {"unsupported", "hidden"}


@given(
    st.sampled_from([path for path in FILES if "json" not in path.name]),
    st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.binary(max_size=4), st.integers(0, 30)), max_size=6),
)
@settings(max_examples=150, deadline=None)
def test_changed_bytes_give_a_document_or_a_named_refusal(path: Path, changes: list[tuple[float, bytes, int]]) -> None:
    data = bytearray(path.read_bytes())
    for place, inserted, removed in changes:
        at = int(place * len(data))
        data[at : at + removed] = inserted
    try:
        document = read(path.name, bytes(data))
    except ReadError as error:
        assert error.code in codes()
    else:
        assert document.text and document.passages


def test_same_content_has_the_same_hash_whatever_the_file_is_called() -> None:
    results = read_files([FOLDER / name for name in ("plan.md", "plan.jsonl", "plan.html", "plan.docx")])
    assert len({result.sha256 for result in results if isinstance(result, Document)}) == 1


def test_the_files_are_what_the_script_makes(tmp_path: Path) -> None:
    main(tmp_path)
    for name in ("plan.md", "plan.txt", "plan.html", "plan.odt", "plan.jsonl", "plan.jsonl.gz"):
        assert (tmp_path / name).read_bytes() == (FOLDER / name).read_bytes()
