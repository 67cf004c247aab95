"""A second reader reads both signals of a pair together, slowly, and says how likely they conflict.

One protocol, made by the model that ships with the program (`shipped`), by any local cross-encoder folder
(`cross_encoder`), or by any chat model on the user's own network (`chat`). The judge takes a reader's odds as one voice
among others; only pairs worth it are read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Protocol, runtime_checkable

import numpy as np

from analyzer.records import Side

#: The setting that goes without a second reader.
NONE = "none"
SHIPPED = "shipped"
CHAT = "chat"


@runtime_checkable
class SecondReader(Protocol):
    """What every second reader offers. `name` changes whenever its answers would."""

    name: str

    def odds(self, pairs: Sequence[tuple[Side, Side]]) -> np.ndarray:
        """(n,) float64 log-odds of any conflict at an even prior; NaN where there is no answer.

        A pair's answer does not depend on the pairs around it.
        """
        ...


@dataclass(frozen=True, slots=True)
class Mark:
    """A piece of a side's text (`text[start:end]`) and the probability that it carries the conflict."""

    start: int
    end: int
    chance: float


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader makes of one pair: its log-odds, how likely each type would be were it a conflict (in the order of
    `CONFLICT_TYPES`, sum 1) and a duplicate were it none, and the pieces of either side in order."""

    odds: float
    types: tuple[float, ...]
    duplicate: float
    marks_a: tuple[Mark, ...]
    marks_b: tuple[Mark, ...]


@runtime_checkable
class MarkingReader(SecondReader, Protocol):
    """A second reader that also says which words carry the conflict."""

    def read(self, pairs: Sequence[tuple[Side, Side]]) -> list[Reading]:
        """One reading a pair; `odds` are those of `SecondReader.odds`."""
        ...


def read_both_ways(reader: MarkingReader, pairs: Sequence[tuple[Side, Side]]) -> list[Reading]:
    """The mean of two readings of each pair, in either order of its sides: what one order tempts a reader to, the other
    does not. Marks as in the given order where the other one saw the side cut off elsewhere."""
    given, turned = reader.read(pairs), reader.read([(b, a) for a, b in pairs])
    return [
        Reading(
            odds=(one.odds + other.odds) / 2,
            types=tuple((here + there) / 2 for here, there in zip(one.types, other.types, strict=True)),
            duplicate=(one.duplicate + other.duplicate) / 2,
            marks_a=_mean_marks(one.marks_a, other.marks_b),
            marks_b=_mean_marks(one.marks_b, other.marks_a),
        )
        for one, other in zip(given, turned, strict=True)
    ]


def _mean_marks(one: tuple[Mark, ...], other: tuple[Mark, ...]) -> tuple[Mark, ...]:
    if [(mark.start, mark.end) for mark in one] != [(mark.start, mark.end) for mark in other]:
        return one
    return tuple(replace(mark, chance=(mark.chance + again.chance) / 2) for mark, again in zip(one, other, strict=True))


def load_second_reader(setting: str = SHIPPED) -> SecondReader | None:
    """The reader that the setting `second_reader` names: "shipped", "none", "chat", or the folder of a cross-encoder.

    Raises ModelError when its files are missing or altered, UsageError when the settings of a chat model do not fit.
    """
    if setting == NONE:
        return None
    if setting == CHAT:
        from analyzer.second_reader.chat import ChatReader
        from analyzer.settings import load_settings

        # A new one each time: its limits and its account of failures are those of one run.
        return ChatReader.load(load_settings())
    return load_model(setting)


def second_reader_name(setting: str = SHIPPED) -> str:
    """The name of the reader that `setting` names, "none" without one; the shipped one is not loaded for it."""
    if setting == SHIPPED:
        from analyzer.second_reader.shipped import shipped_name

        return shipped_name()
    reader = load_second_reader(setting)
    return reader.name if reader else NONE


@lru_cache(maxsize=4)
def load_model(setting: str) -> SecondReader:
    """The shipped reader or a folder's, read once. Raises ModelError."""
    if setting == SHIPPED:
        from analyzer.second_reader.shipped import ShippedReader

        return ShippedReader.load()
    from analyzer.second_reader.cross_encoder import CrossEncoderReader

    return CrossEncoderReader.load(Path(setting))


__all__ = [
    *("CHAT", "NONE", "SHIPPED", "Mark", "MarkingReader", "Reading", "SecondReader"),
    *("load_second_reader", "read_both_ways", "second_reader_name"),
]
