"""When a side holds and when it is due, as day numbers; what its text says first, its frame and document next."""

from __future__ import annotations

import calendar as months_of
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from analyzer.scoring.numbers import load_units
from analyzer.scoring.words import Token

#: How many words before a date ("den" and the day's number left aside) may say what it bounds.
ROLE_REACH = 3


@dataclass(frozen=True, slots=True)
class Timing:
    """Day ordinals; infinite where the text states no bound, NaN where it states no due date."""

    first: float = -math.inf
    last: float = math.inf
    due: float = math.nan

    @property
    def stated(self) -> bool:
        return math.isfinite(self.first) or math.isfinite(self.last)


@dataclass(frozen=True, slots=True)
class Mention:
    first: int
    last: int
    token: int


def _days(year: int, month: int, last_month: int | None = None, day: int | None = None) -> tuple[int, int]:
    end = last_month or month
    length = months_of.monthrange(year, end)[1]
    if day:
        day = min(day, length)
        return date(year, month, day).toordinal(), date(year, month, day).toordinal()
    return date(year, month, 1).toordinal(), date(year, end, length).toordinal()


def _year(word: str) -> int | None:
    return int(word) if len(word) == 4 and word.isdecimal() and 1990 <= int(word) <= 2100 else None


def _months(words: Sequence[str], place: int) -> tuple[int, int] | None:
    """First and last month that a calendar word or "andra kvartalet" names."""
    units, word = load_units(), words[place]
    if word in units["month"]:
        return units["month"][word], units["month"][word]
    if word in units["season"]:
        first, last = units["season"][word]
        return first, last
    before = words[place - 1] if place else ""
    if word in units["span"] and before in units["ordinal"]:
        length = units["span"][word]
        number = units["ordinal"][before]
        number = 12 // length if number < 0 else number
        return ((number - 1) * length + 1, number * length) if number * length <= 12 else None
    return None


def read_mentions(words: Sequence[str], default_year: int | None) -> list[Mention]:
    """Dates, months, seasons, quarters and years. A month without a year takes the next one named, or the default."""
    years = [(place, year) for place, word in enumerate(words) if (year := _year(word))]
    used: set[int] = set()
    found = []
    for place in range(len(words)):
        span = _months(words, place)
        if span is None:
            continue
        near = next(((p, y) for p, y in years if 0 <= p - place <= 3), None)
        year = near[1] if near else next((y for _, y in years), default_year)
        used.update([near[0]] if near else [])
        if year is None:
            continue
        before = words[place - 1] if place else ""
        day = int(before) if before.isdecimal() and 1 <= int(before) <= 31 and span[0] == span[1] else None
        found.append(Mention(*_days(year, span[0], span[1], day), place))
    found += [Mention(*_days(year, 1, 12), place) for place, year in years if place not in used]
    return sorted(found, key=lambda mention: mention.token)


def read_timing(tokens: Sequence[Token], stated_on: str | None) -> Timing:
    """The interval in which the signal holds and its due date. `stated_on` gives a year to dates without one."""
    words = [token.word for token in tokens]
    roles = load_units()["role"]
    default = _year(stated_on[:4]) if stated_on else None
    firsts, lasts, due = [], [], []
    for mention in read_mentions(words, default):
        opening = mention.token
        while opening and (words[opening - 1] == "den" or words[opening - 1].isdecimal()):
            opening -= 1
        before = words[max(0, opening - ROLE_REACH) : opening]
        if "med" in before and "till" in before:
            lasts.append(mention.last)
        elif any(word in roles["start"] for word in before):
            firsts.append(mention.first)
        elif any(word in roles["deadline"] for word in before):
            due.append(mention.last)
        else:
            firsts.append(mention.first)
            lasts.append(mention.last)
    return Timing(min(firsts, default=-math.inf), max(lasts, default=math.inf), float(min(due)) if due else math.nan)
