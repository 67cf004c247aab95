"""The documents: size, formats, structure as intake sees it, and that the rendered files follow from their sources."""

from __future__ import annotations

import gzip
import io
import json
import re
import zipfile
from pathlib import Path

import pytest

from analyzer.records import Document
from corpus.build import build
from corpus.sources import read_sources

SHARED = Path(__file__).parents[3] / "shared" / "data"
#: Formulas such as "Uppdraget ska redovisas till Regeringskansliet (…) senast den" are shorter than this.
SHINGLE_WORDS = 12


def test_there_are_enough_documents_and_formats(documents: dict[str, Document]) -> None:
    examples = [name for name in documents if not name.startswith("utkast-")]
    assert len(examples) >= 16
    assert {Path(name).suffix for name in examples} == {".pdf", ".docx", ".odt", ".html", ".md", ".txt"}


def test_documents_are_of_readable_length(documents: dict[str, Document]) -> None:
    lengths = {name: len(document.text.split()) for name, document in documents.items()}
    assert not {name: length for name, length in lengths.items() if not 400 <= length <= 1200}


def test_rendered_files_follow_from_their_sources() -> None:
    """Zip archives are compared by their members, since their compression hangs on the version of zlib."""
    stale = [path.name for path, content in build().items() if _members(path.read_bytes()) != _members(content)]
    assert not stale


def _members(content: bytes) -> list[tuple[str, bytes]]:
    if not content.startswith(b"PK"):
        return [("", content)]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return [(name, archive.read(name)) for name in archive.namelist()]


def test_no_word_is_lost_on_the_way_through_a_format(documents: dict[str, Document]) -> None:
    """Every heading, paragraph and item of a source stands in the document, word for word and on one line."""
    lost = [
        (source.target.name, block.text)
        for source in read_sources()
        for block in source.blocks
        if block.text not in documents[source.target.name].text
    ]
    assert not lost


def test_headings_arrive_as_headings(documents: dict[str, Document]) -> None:
    for source in read_sources():
        document = documents[source.target.name]
        found = {document.text[p.start : p.end] for p in document.passages if p.kind == "heading"}
        assert {block.text for block in source.blocks if block.kind == "heading"} <= found, source.target.name


def test_tables_keep_their_cells(documents: dict[str, Document]) -> None:
    for source in read_sources():
        text = documents[source.target.name].text
        cells = [cell for block in source.blocks for row in block.rows for cell in row]
        assert not [cell for cell in cells if cell not in text], source.target.name


def test_one_decision_replaces_another(documents: dict[str, Document]) -> None:
    older = re.search(r"Diarienr: (\S+)", documents["09-noa-prioritering-2025.txt"].text)
    assert older
    assert re.search(rf"ersätter [^.]*{re.escape(older[1])}", documents["08-noa-prioritering-2026.pdf"].text)


@pytest.mark.shared
def test_the_words_are_our_own() -> None:
    """No run of twelve words is found in the texts that the models are trained on."""
    if not SHARED.is_dir():
        pytest.skip("../shared is not here, so there is nothing to compare with")
    ours = set().union(*(_shingles(source.body) for source in read_sources()))
    borrowed: set[str] = set()
    with gzip.open(SHARED / "regeringsuppdrag.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            borrowed |= ours & _shingles(json.loads(line)["text"])
    for path in sorted((SHARED / "pairs").glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            pair = json.loads(line)
            borrowed |= ours & (_shingles(pair["a"]["text"]) | _shingles(pair["b"]["text"]))
    assert not borrowed


def _shingles(text: str) -> set[str]:
    words = re.findall(r"\w+", text.replace("\u00ad", "").lower())
    return {" ".join(words[i : i + SHINGLE_WORDS]) for i in range(len(words) - SHINGLE_WORDS + 1)}
