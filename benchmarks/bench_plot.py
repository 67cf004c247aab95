"""The plot beside bench.json: seconds, memory and ratios, drawn with Pillow as the other plots of the project."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from analyzer.evaluation.plots import COLOURS, FAINT, INK, PAPER

WIDTH, HEIGHT, SIDE, LEFT, TOP = 1500, 520, 360, 90, 70
Series = dict[str, list[tuple[float, float]]]


def draw(found: dict[str, Any], path: Path) -> None:
    """Three panels as PNG: the scan by share of the corpus, the candidate search by size, and the ratios."""
    image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    canvas = ImageDraw.Draw(image)
    scans, searches = found["scans"], found["searches"]
    stages = dict.fromkeys(stage for scan in scans for stage in scan["stages"] if stage not in ("open", "end"))
    seconds: Series = {"in all": [(scan["signals"], scan["cpu"]) for scan in scans]}
    for stage in stages:
        seconds[stage] = [(scan["signals"], scan["stages"][stage]["cpu"]) for scan in scans if stage in scan["stages"]]
    panel(canvas, 0, "Scan: processor seconds by signals", seconds)
    growth: Series = {
        "seconds": [(row["signals"], row["cpu"]) for row in searches],
        "MB at most": [(row["signals"], row["peak_bytes"] / 2**20) for row in searches],
    }
    panel(canvas, 1, "Candidate search by signals (synthetic)", growth)
    write_ratios(canvas, 2, found)
    image.save(path, optimize=True)


def panel(canvas: ImageDraw.ImageDraw, number: int, title: str, series: Series) -> None:
    """Lines over two logarithmic axes."""
    left = LEFT + number * (WIDTH // 3)
    canvas.text((left, TOP - 30), title, INK, font(15), anchor="ls")
    points = [point for line in series.values() for point in line if min(point) > 0]
    if not points:
        return
    across, up = (bounds([point[axis] for point in points]) for axis in (0, 1))

    def place(point: tuple[float, float]) -> tuple[float, float]:
        x, y = (
            (math.log10(value) - low) / (high - low) for value, (low, high) in zip(point, (across, up), strict=True)
        )
        return left + x * SIDE, TOP + (1 - y) * SIDE

    for power in range(across[0], across[1] + 1):
        x, _ = place((10.0**power, 10.0 ** up[0]))
        canvas.line([(x, TOP), (x, TOP + SIDE)], FAINT)
        canvas.text((x, TOP + SIDE + 8), f"{10**power:g}", INK, font(12), anchor="ma")
    for power in range(up[0], up[1] + 1):
        _, y = place((10.0 ** across[0], 10.0**power))
        canvas.line([(left, y), (left + SIDE, y)], FAINT)
        canvas.text((left - 8, y), f"{10.0**power:g}", INK, font(12), anchor="rm")
    for at, (name, line) in enumerate(series.items()):
        colour = COLOURS[at % len(COLOURS)] if at < len(COLOURS) else shade(at)
        places = [place(point) for point in sorted(line) if min(point) > 0]
        if len(places) > 1:
            canvas.line(places, colour, 2)
        for x, y in places:
            canvas.ellipse([(x - 3, y - 3), (x + 3, y + 3)], colour)
        if places:
            x, y = places[-1]
            canvas.text((min(x + 6, left + SIDE + 6), y), name, colour, font(12), anchor="lm")


def write_ratios(canvas: ImageDraw.ImageDraw, number: int, found: dict[str, Any]) -> None:
    """Exponents and ratios in words."""
    left = LEFT + number * (WIDTH // 3)
    lines = [f"{name}: exponent {value}" for name, value in found["growth"].items()]
    lines += [f"{name}: {value}" for name, value in found.get("ratios", {}).items()]
    canvas.text((left, TOP - 30), "Growth and ratios", INK, font(15), anchor="ls")
    for at, line in enumerate(lines):
        canvas.text((left, TOP + 24 * at), line, INK, font(14))


def bounds(values: Sequence[float]) -> tuple[int, int]:
    """Whole powers of ten that enclose all values."""
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    return low, max(high, low + 1)


def shade(number: int) -> tuple[int, int, int]:
    """Greys and browns for the lesser lines."""
    return 60 + 30 * (number % 5), 90 + 20 * (number % 4), 70 + 35 * (number % 3)


def font(size: int) -> Any:
    """Pillow's own letters."""
    return ImageFont.load_default(size)
