"""The benchmark in small: it runs, adds up, and says what it was made from."""

from __future__ import annotations

import json

import numpy as np
import pytest

from analyzer.matching.library import read_library
from analyzer.matching.scope import read_party
from benchmarks.bench import bench, exponent, main
from benchmarks.synthetic import Recombined, cut_down, enlarge
from tests.matching.test_candidates import library
from tests.scale.answers import EXAMPLES


def test_growth_is_the_slope_of_logarithms():
    rows = [{"signals": n, "cpu": 3 * n**1.5} for n in (10, 100, 1000)]
    assert exponent(rows, "cpu") == pytest.approx(1.5)
    assert exponent(rows[:1], "cpu") is None


def test_larger_libraries_have_unit_vectors_and_frames_of_the_real_one():
    real = read_library(library(40, 1), np.arange(40))
    large = enlarge(real, 300, seed=1)
    assert (len(large), len(cut_down(real, 10))) == (300, 10)
    assert np.linalg.norm(large.towers, axis=1) == pytest.approx(np.ones(300), abs=1e-3)
    assert set(large.parties) <= set(real.parties)
    assert set(large.columns.action.tolist()) <= set(real.columns.action.tolist())
    assert (enlarge(real, 300, seed=1).rows == large.rows).all()
    assert cut_down(real, 10).words.shape[0] == 10


def test_recombined_sides_are_those_that_the_larger_library_is_made_of():
    real = library(40, 1)
    large, sides = enlarge(read_library(real, np.arange(40)), 300, seed=1), Recombined(real, 300, seed=1)
    assert len(sides) == 300 and large.parties == [read_party(side) for side in sides]
    words = read_library(list(sides), np.arange(300)).words
    assert abs(words - large.words).max() == 0


def test_figures_are_kept_and_told_after_each_measure(monkeypatch, capsys):
    row = {"signals": 10, "pairs": 20, "cpu": 4.0, "wall": 5.0, "peak_bytes": 2**20, "exact": True, "recall": 1.0}
    more = {"bytes_a_signal": 1.0, "again": row, "new_document": row, "stages": {"read": row | {"cpu": 2.0}}}
    answers = {"scan": row | more | {"database": "x.db"}, "search": row, "all_pairs": {"cpu": 20.0}}
    answers |= {"transformers": {"cpu": 200.0}, "limit": {"cpu": 2.0}}
    asked, kept = [], []

    def run(measure, *values):
        asked.append((measure, *values))
        return dict(answers[measure])

    def keep(found):
        kept.append(json.loads(json.dumps(found)))

    monkeypatch.setattr("benchmarks.bench.run", run)
    found = bench(EXAMPLES, [1.0, 0.1], [100], keep=keep)
    assert [one[0] for one in asked] == ["scan", "scan", "search", "all_pairs", "transformers", "limit"]
    assert all("x.db" in one for one in asked[2:]) and asked[4][2] == 20
    assert [len(one["scans"]) + len(one["searches"]) + len(one.get("others", ())) for one in kept] == [
        1,
        2,
        3,
        4,
        5,
        6,
        6,
    ]
    assert kept[-1] == found and list(found["ratios"].values()) == [10.0, 100.0, 2.0]
    told = capsys.readouterr().out
    assert told.count("scan: 10 signals") == 2 and "transformers: 200.0 s of processor" in told


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_small_bench_measures_every_stage(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("STYRSIGNAL_SECOND_READER", "none")
    monkeypatch.setenv("STYRSIGNAL_WORKERS", "1")
    main(
        [
            str(EXAMPLES),
            "--out",
            str(tmp_path),
            "--shares",
            "0.1",
            "--sizes",
            "150",
            "400",
            "--compared",
            "200",
            "--no-ratios",
        ]
    )
    found = json.loads((tmp_path / "bench.json").read_text(encoding="utf-8"))
    scan = found["scans"][0]
    assert scan["signals"] > 20 and scan["pairs"] > 20 and scan["bytes_a_signal"] > 1000
    assert {"read", "embed", "propose", "judge", "explain", "store"} <= set(scan["stages"])
    assert sum(stage["cpu"] for stage in scan["stages"].values()) <= scan["cpu"] + 0.01
    assert [row["signals"] for row in found["searches"]] == [150, 400]
    assert all(row["recall"] == 1.0 and row["exact"] for row in found["searches"])
    [compared] = found["compares"]
    assert (
        compared["signals"] == 200 and compared["kept"] > 0 and compared["cpu"] > 0 and compared["peak_bytes"] > 2**20
    )
    assert {"propose", "prepare", "judge", "explain"} <= set(compared["stages"])
    assert (tmp_path / "bench.png").stat().st_size > 5000
    assert "signals and" in capsys.readouterr().out
