"""Plots of a judge against labelled pairs as PNG: how far its probabilities can be believed, and its ROC curve.

Drawn with Pillow, which comes with the interface's library, so that no plotting library is needed for two diagrams.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from unicodedata import normalize

import numpy as np
from PIL import Image, ImageDraw, ImageFont
from sklearn.metrics import roc_curve

from analyzer.errors import UsageError
from analyzer.evaluation.metrics import BINS, calibration_error, roc_area
from analyzer.records import Verdict
from analyzer.scoring.pairs import LabelledPair

#: Pixels: the whole picture, and the square that holds the unit square.
SIZE, LEFT, TOP, SIDE = (640, 690), 80, 60, 520
#: Drawn so many times larger and then made smaller, for smooth lines.
FINER = 3
#: Colours of the finished picture; more make the file larger and nothing clearer.
SHADES = 64
INK, FAINT, PAPER = (40, 40, 40), (222, 222, 222), (255, 255, 255)
#: Told apart by people who do not see all colours (Okabe and Ito 2008).
COLOURS = ((0, 114, 178), (213, 94, 0))
BARS = (205, 222, 234)
STEPS = 5
#: Letters of a title that fit.
LONGEST = 62
#: Part of the height that the bars of counts may fill.
BAR_HEIGHT = 0.15

RING, DOTS = "\u030a", "\u0308"

Points = Sequence[tuple[float, float]]


class UnitPlot:
    """A diagram over the unit square; values go from 0 to 1 on both axes."""

    def __init__(self, title: str, across: str, up: str) -> None:
        self.image = Image.new("RGB", (SIZE[0] * FINER, SIZE[1] * FINER), PAPER)
        self.draw = ImageDraw.Draw(self.image)
        for step in range(STEPS + 1):
            value = step / STEPS
            self.line([(value, 0), (value, 1)], FAINT, 1)
            self.line([(0, value), (1, value)], FAINT, 1)
            self.text((LEFT + value * SIDE, TOP + SIDE + 8), number(value, 1), "ma")
            self.text((LEFT - 10, TOP + (1 - value) * SIDE), number(value, 1), "rm")
        self.line([(0, 0), (1, 1)], INK, 1)
        self.text((LEFT, 22), title[:LONGEST], "lm", 18)
        self.text((LEFT + SIDE / 2, TOP + SIDE + 32), across, "ma")
        self.text((LEFT, TOP - 6), up, "ls", 13)

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Where a point of the unit square lies in the large picture."""
        return (LEFT + x * SIDE) * FINER, (TOP + (1 - y) * SIDE) * FINER

    def line(self, points: Points, colour: tuple[int, int, int], width: int) -> None:
        """A line through the points."""
        self.draw.line([self.place(x, y) for x, y in points], colour, width * FINER, "curve")

    def dots(self, points: Points, colour: tuple[int, int, int], radius: int = 5) -> None:
        """A dot at each point."""
        for x, y in points:
            self.draw.circle(self.place(x, y), radius * FINER, colour)

    def bar(self, first: float, last: float, height: float) -> None:
        """A bar from the bottom between two values."""
        left, top = self.place(first, height)
        right, bottom = self.place(last, 0)
        self.draw.rectangle((left + FINER, top, right - FINER, bottom), BARS)

    def text(self, at: tuple[float, float], words: str, anchor: str, size: int = 14) -> None:
        """Words at a place in pixels of the finished picture; `anchor` as Pillow has it: one of lmr, one of ams."""
        font = ImageFont.load_default(size * FINER)
        ascent, descent = font.getmetrics()  # type: ignore[union-attr]
        letters = "".join(normalize("NFD", letter)[0] for letter in normalize("NFC", words))
        x = at[0] * FINER - font.getlength(letters) * {"l": 0, "m": 0.5, "r": 1}[anchor[0]]
        y = at[1] * FINER + {"a": ascent, "m": (ascent - descent) / 2, "s": 0}[anchor[1]]
        self.draw.text((x, y), letters, INK, font, "ls")
        for place, letter in enumerate(normalize("NFC", words)):
            marks = normalize("NFD", letter)[1:]
            if marks:
                left, top, right, _ = font.getbbox(letters[place], anchor="ls")
                middle = x + font.getlength(letters[:place]) + (left + right) / 2
                self.mark((middle, y + top), marks[0], size * FINER)

    def mark(self, at: tuple[float, float], mark: str, size: int) -> None:
        """Ring or dots over a letter whose upper middle is `at`: Pillow's own font has letters of ASCII only."""
        if mark == RING:
            self.draw.circle((at[0], at[1] - 0.15 * size), 0.1 * size, outline=INK, width=max(1, size // 16))
        elif mark == DOTS:
            for aside in (-0.12, 0.12):
                self.draw.circle((at[0] + aside * size, at[1] - 0.13 * size), 0.06 * size, INK)

    def legend(self, row: int, colour: tuple[int, int, int], words: str) -> None:
        """What a colour stands for, under the diagram."""
        y = TOP + SIDE + 66 + 22 * row
        self.draw.rectangle([(LEFT * FINER, (y - 5) * FINER), ((LEFT + 22) * FINER, (y + 5) * FINER)], colour)
        self.text((LEFT + 32, y), words, "lm")

    def save(self, path: Path) -> None:
        """Write the picture.

        Raises:
            UsageError: the file cannot be written.
        """
        picture = self.image.resize(SIZE, Image.Resampling.LANCZOS).quantize(SHADES)
        try:
            picture.save(path, optimize=True)
        except OSError as error:
            raise UsageError(f"{path} går inte att skriva ({error.strerror}); ange en annan mapp.") from error


def number(value: float, digits: int) -> str:
    """A number as Swedish writes it."""
    return f"{value:.{digits}f}".replace(".", ",")


def reliability(labels: np.ndarray, probabilities: np.ndarray) -> list[tuple[float, float, float, float]]:
    """For each bin with pairs its first value, mean probability, share of conflicts, and share of all pairs."""
    bins = np.minimum((probabilities * BINS).astype(int), BINS - 1)
    return [
        (at / BINS, float(probabilities[own].mean()), float(labels[own].mean()), float(own.mean()))
        for at in range(BINS)
        if (own := bins == at).any()
    ]


def draw_reliability(path: Path, name: str, labels: np.ndarray, probabilities: np.ndarray) -> None:
    """Stated probability against the share that are conflicts; a judge to be believed follows the diagonal."""
    plot = UnitPlot(f"{name}: går sannolikheterna att lita på?", "angiven sannolikhet", "andel som är konflikter")
    found = reliability(labels, probabilities)
    most = max(share for *_, share in found)
    for first, _, _, share in found:
        plot.bar(first, first + 1 / BINS, BAR_HEIGHT * share / most)
    points = [(stated, true) for _, stated, true, _ in found]
    plot.line(points, COLOURS[0], 2)
    plot.dots(points, COLOURS[0])
    error = number(calibration_error(labels, probabilities), 3)
    plot.legend(0, COLOURS[0], f"bedömaren, {len(labels)} par (ECE {error})")
    plot.legend(1, BARS, f"hur paren fördelar sig, högst stapel {number(100 * most, 0)} %")
    plot.save(path)


def draw_roc(path: Path, name: str, groups: Sequence[tuple[str, np.ndarray, np.ndarray]]) -> None:
    """The ROC curve of each (name, labels, probabilities) that has both conflicts and others."""
    plot = UnitPlot(f"{name}: hittade mot falska (ROC)", "andel av icke-konflikterna som flaggas", "andel hittade")
    for row, (group, labels, probabilities) in enumerate(groups):
        area = roc_area(labels, probabilities)
        if area is None:
            plot.legend(row, COLOURS[row], f"{group}: bara ett slag av par")
            continue
        wrong, right, _ = roc_curve(labels, probabilities)
        plot.line(list(zip(wrong.tolist(), right.tolist(), strict=True)), COLOURS[row], 2)
        plot.legend(row, COLOURS[row], f"{group}, {len(labels)} par (yta {number(area, 3)})")
    plot.save(path)


def drawn_values(
    pairs: Sequence[LabelledPair], verdicts: Sequence[Verdict]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Labels, probabilities and "is natural", each (n,), as `draw_plots` takes them."""
    return (
        np.array([pair.conflict for pair in pairs], bool),
        np.array([verdict.probability for verdict in verdicts]),
        np.array([pair.source == "natural" for pair in pairs], bool),
    )


def draw_plots(folder: Path, name: str, labels: np.ndarray, probabilities: np.ndarray, natural: np.ndarray) -> None:
    """Both plots of one file as `NAME_reliability.png` and `NAME_roc.png`.

    Args:
        labels: bool (n,). probabilities: (n,). natural: bool (n,), neighbours in real documents, which are easy.
    """
    groups = [("alla par", labels, probabilities)]
    if 0 < natural.sum() < len(natural):
        groups.append(("svåra par", labels[~natural], probabilities[~natural]))
    draw_reliability(folder / f"{name}_reliability.png", name, labels, probabilities)
    draw_roc(folder / f"{name}_roc.png", name, groups)
