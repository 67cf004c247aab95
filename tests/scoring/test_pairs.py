"""Files of pairs: what is read, what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from analyzer.errors import UsageError
from analyzer.scoring.pairs import read_pairs


def write(path: Path, **changes: object) -> Path:
    side = {
        "text": "Kajen ska målas.",
        "document": "Plan",
        "issuer": None,
        "level": "regional",
        "date": None,
        "addressee": "Hamnen",
    }
    row = {"id": "x-012b", "a": side, "b": side, "type": "none", "grade": 0, **changes}
    path.write_text(json.dumps({k: v for k, v in row.items() if v != "absent"}) + "\n\n", encoding="utf-8")
    return path


def test_labels_are_optional_and_families_come_from_ids(tmp_path: Path) -> None:
    pair = read_pairs(write(tmp_path / "p.jsonl", type="absent", grade="absent"))[0]
    assert (pair.type, pair.grade, pair.family, pair.a.level) == (None, None, "x-012", "regional")


@pytest.mark.parametrize("changes", [{"type": "quarrel"}, {"a": "absent"}, {"b": {"text": 3}}])
def test_a_line_that_is_no_pair_is_named(tmp_path: Path, changes: dict[str, object]) -> None:
    with pytest.raises(UsageError, match="rad 1"):
        read_pairs(write(tmp_path / "p.jsonl", **changes))


def test_a_missing_file_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="borta"):
        read_pairs(tmp_path / "borta.jsonl")
