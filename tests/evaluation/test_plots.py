"""Plots: the numbers behind them, and what can be seen in the pictures."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from analyzer.errors import UsageError
from analyzer.evaluation.plots import COLOURS, LEFT, SIDE, SIZE, TOP, UnitPlot, draw_plots, reliability

LABELS = np.array([True] * 30 + [False] * 70)
CHANCES = np.concatenate([np.linspace(0.3, 0.95, 30), np.linspace(0.02, 0.6, 70)])
NATURAL = np.arange(100) >= 80


def near(path: Path, x: float, y: float, colour: tuple[int, int, int]) -> bool:
    """Whether a pixel of about this colour lies within three pixels of a point of the unit square."""
    picture = np.asarray(Image.open(path).convert("RGB")).astype(int)
    across, down = round(LEFT + x * SIDE), round(TOP + (1 - y) * SIDE)
    around = picture[max(0, down - 3) : down + 4, max(0, across - 3) : across + 4]
    return bool((np.abs(around - np.array(colour)).max(axis=2) < 40).any())


def test_bins_hold_means_and_shares() -> None:
    labels, chances = np.array([True, False, True, True]), np.array([0.12, 0.18, 1.0, 0.95])
    found = reliability(labels, chances)
    assert [row[0] for row in found] == [0.1, 0.9]
    assert found[0][1:] == pytest.approx((0.15, 0.5, 0.5)) and found[1][1:] == pytest.approx((0.975, 1.0, 0.5))


def test_both_plots_of_a_file_show_its_points(tmp_path: Path) -> None:
    draw_plots(tmp_path, "hamn", LABELS, CHANCES, NATURAL)
    curve, roc = tmp_path / "hamn_reliability.png", tmp_path / "hamn_roc.png"
    for path in (curve, roc):
        with Image.open(path) as picture:
            assert picture.size == SIZE and picture.format == "PNG"
        assert path.stat().st_size < 40_000
    for _, stated, true, _ in reliability(LABELS, CHANCES):
        assert near(curve, stated, true, COLOURS[0])
    caught, false = (CHANCES[LABELS] >= 0.5).mean(), (CHANCES[~LABELS] >= 0.5).mean()
    assert near(roc, float(false), float(caught), COLOURS[0])
    hard = (CHANCES[~LABELS & ~NATURAL] >= 0.3).mean()
    assert near(roc, float(hard), 1.0, COLOURS[1])


def test_the_same_pairs_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        draw_plots(tmp_path / name, "hamn", LABELS, CHANCES, NATURAL)
    for path in sorted((tmp_path / "one").iterdir()):
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()


def test_one_kind_of_pairs_has_no_curve_but_a_picture(tmp_path: Path) -> None:
    draw_plots(tmp_path, "ensidig", np.zeros(12, bool), np.linspace(0, 0.4, 12), np.ones(12, bool))
    assert not near(tmp_path / "ensidig_roc.png", 0.1, 0.9, COLOURS[0])
    assert near(tmp_path / "ensidig_reliability.png", 0.2, 0.0, COLOURS[0])


def test_swedish_letters_differ_from_their_bases() -> None:
    pictures = []
    for word in ("aao", "åäö", "a\u030aa\u0308o\u0308"):
        plot = UnitPlot("", "", "")
        plot.text((300, 300), word, "lm")
        pictures.append(np.asarray(plot.image))
    assert (pictures[0] != pictures[1]).any() and (pictures[1] == pictures[2]).all()
    changed = np.argwhere((pictures[0] != pictures[1]).any(axis=2))
    assert len(np.unique(changed[:, 1])) > 20, "a ring and two pairs of dots"


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    from analyzer.cli.judging import evaluate

    (tmp_path / "fil").write_text("", encoding="utf-8")
    with pytest.raises(UsageError, match="går inte att skapa"):
        evaluate([tmp_path / "par.jsonl"], plots=tmp_path / "fil" / "bilder")


def test_a_picture_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="går inte att skriva"):
        draw_plots(tmp_path / "ingen", "hamn", LABELS, CHANCES, NATURAL)
