"""`styrsignal search` over a store of our own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from analyzer.store.database import open_database
from tests.store.samples import store_sample

SENTENCES = ["Närvaron ska öka i första hand i city.", "Övertiden ska minska.", "Närvaro ska redovisas i oktober."]


@pytest.fixture
def store(tmp_path: Path) -> str:
    """A store with one document."""
    path = tmp_path / "search.db"
    store_sample(open_database(str(path)), "plan.md", SENTENCES, title="Plan <b>")
    return str(path)


def test_answers_are_told_and_counted(styrsignal, store):
    answer = styrsignal("search", "närvaro", "--db", store)
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.splitlines() == [f"Plan <b>: {SENTENCES[2]}", f"Plan <b>: {SENTENCES[0]}", "träffar: 2"]


def test_phrases_exclusions_and_units_in_json(styrsignal, store):
    for arguments, expected in (
        (["närvaron", "i första hand"], [0]),
        (["närvaro", "-oktober"], [0]),
        (['närvaro "ska redovisas"'], [2]),
        (["okto*", "--unit", "Polisregionerna"], [2]),
        (["okto*", "--unit", "Tullverket"], []),
    ):
        answer = styrsignal("search", *arguments, "--db", store, "--json", "-")
        told = json.loads(answer.stdout)
        assert [one["quote"] for one in told["signals"]] == [SENTENCES[at] for at in expected], arguments
        assert told["total"] == len(expected)


def test_what_is_not_shown_is_counted(styrsignal, store):
    answer = styrsignal("search", "ska", "--most", 1, "--db", store)
    assert answer.stdout.splitlines()[-1] == "träffar: 3, visade: 1"


def test_help_has_an_example(styrsignal):
    answer = styrsignal("search", "--help", COLUMNS="200")
    assert answer.returncode == 0 and "styrsignal search" in answer.stdout and "Exempel" in answer.stdout
