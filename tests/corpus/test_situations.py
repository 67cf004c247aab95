"""The situations are what `models/train/situations.py` says, and surface statistics tell little about their labels."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from analyzer.errors import UsageError
from analyzer.evaluation import bias
from analyzer.evaluation.metrics import roc_area
from analyzer.records import CONFLICT_TYPES, LEVELS
from analyzer.scoring.pairs import LabelledPair
from models.train.situations import SITUATIONS, read_situations

PATHS = sorted(SITUATIONS.glob("*.jsonl"))
ROWS = [json.loads(line) for path in PATHS for line in path.read_text(encoding="utf-8").splitlines()]
KNOWN = {"texts", "document", "issuer", "level", "date", "addressee"}
WRITTEN = [path for path in PATHS if "record" not in json.loads(path.open(encoding="utf-8").readline())["a"]]


def test_every_line_holds_a_signal_and_six_partners() -> None:
    assert len({row["id"] for row in ROWS}) == len(ROWS) >= 500
    for row in ROWS:
        assert set(row["a"]) in (KNOWN, {"record", "parts", "addressee"}), row["id"]
        kinds = Counter("conflict" if partner["grade"] else partner["type"] for partner in row["partners"])
        assert kinds == {"conflict": 2, "none": 3, "duplicate": 1}, row["id"]
        for partner in row["partners"]:
            assert set(partner) == KNOWN | {"type", "grade"} and len(partner["texts"]) == 2, row["id"]
            assert partner["level"] in (*LEVELS, None) and partner["grade"] in (0, 1, 2), row["id"]
            assert partner["type"] in CONFLICT_TYPES or not partner["grade"], row["id"]


def test_no_text_stands_twice() -> None:
    texts = [text for row in ROWS for side in (row["a"], *row["partners"]) for text in side.get("texts", ())]
    assert len(set(texts)) == len(texts)


def test_all_types_of_conflict_are_told_about_equally_often() -> None:
    kinds = Counter(partner["type"] for row in ROWS for partner in row["partners"] if partner["grade"])
    assert min(kinds[kind] for kind in CONFLICT_TYPES) >= 0.5 * max(kinds.values())


@pytest.fixture(scope="module")
def drawn() -> list[LabelledPair]:
    chooser = random.Random(1)
    groups = [group for path in WRITTEN for one in read_situations(path) for group in one.by_partner]
    return [chooser.choice(group) for group in groups]


@pytest.mark.parametrize("statistic", bias.STATISTICS, ids=lambda statistic: statistic.__name__)
def test_the_surface_tells_nothing(drawn: list[LabelledPair], statistic: Callable[[str, str], float]) -> None:
    scores = np.array([statistic(pair.a.text, pair.b.text) for pair in drawn])
    area = roc_area(np.array([pair.conflict for pair in drawn]), scores)
    assert area is not None and bias.LOW <= area <= bias.HIGH


def test_pairs_of_a_situation_are_one_family() -> None:
    one = read_situations(WRITTEN[0])[0]
    drawn = one.draw(2, 3, random.Random(1))
    assert len(drawn) == 2 * 6 + 3 and len({pair.id for pair in drawn}) == len(drawn)
    assert {pair.family for pair in drawn} == {one.id}
    assert [len(group) for group in one.by_partner] == [6] * 6 and len(one.reworded) == 9
    assert all(pair.type == "duplicate" for pair in one.reworded)


def test_a_real_side_needs_the_data(tmp_path: Path) -> None:
    real = next(path for path in PATHS if path not in WRITTEN)
    with pytest.raises(UsageError, match="regeringsuppdrag"):
        read_situations(real)
