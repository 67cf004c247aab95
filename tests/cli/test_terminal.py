"""What is said of files and records that gave nothing."""

from __future__ import annotations

import pytest

from analyzer.cli.terminal import tell_skipped
from analyzer.records import Skipped


def test_files_are_named_one_by_one_and_of_a_files_records_the_first(capsys: pytest.CaptureFixture[str]) -> None:
    records = [Skipped(f"nyckel.jsonl#rad {number}", "record", "fältet text saknas.") for number in range(1, 119)]
    tell_skipped([Skipped("brev.pdf", "empty", "Filen är tom."), *records, Skipped("a.jsonl#rad 1", "record", "Fel.")])
    told = capsys.readouterr().err.splitlines()
    assert told[0] == "hoppar över brev.pdf: Filen är tom."
    assert [line for line in told if "nyckel.jsonl" in line][4:] == [
        "hoppar över nyckel.jsonl#rad 5: fältet text saknas.",
        "hoppar över ytterligare 113 av posterna i nyckel.jsonl",
    ]
    assert sum("a.jsonl" in line for line in told) == 1 and len(told) == 8
