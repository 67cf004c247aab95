"""The corpus as a user meets it: the built files through intake, and the keys."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from analyzer import intake
from analyzer.records import Document

CORPUS = Path(__file__).parents[2] / "corpus"


@pytest.fixture(scope="session")
def documents() -> dict[str, Document]:
    """File name → document, for examples and drafts; a file that intake skips fails here, by name."""
    paths, skipped = intake.list_files([CORPUS / "examples", CORPUS / "drafts"])
    assert not skipped
    results = list(intake.read_files(paths, workers=1))
    refused = [result for result in results if not isinstance(result, Document)]
    assert not refused
    return {Path(result.source).name: result for result in results if isinstance(result, Document)}


def read_key(name: str) -> list[dict[str, Any]]:
    """The pairs of one key."""
    with (CORPUS / "keys" / f"{name}.jsonl").open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


@pytest.fixture(scope="session")
def examples_key() -> list[dict[str, Any]]:
    return read_key("examples")


@pytest.fixture(scope="session")
def drafts_key() -> list[dict[str, Any]]:
    return read_key("drafts")
