"""Numbers of a side as comparable values: percent, kronor, hours, times a year, counts of something."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from analyzer.scoring.lexicon import FOLDER, load_lexicon
from analyzer.scoring.words import Token

UNITS = ("percent", "kronor", "hours", "per_year", "count")
#: Comparators: the value itself, at least it, at most it.
EXACT, MINIMUM, MAXIMUM = 0, 1, 2
LOOK_BACK = 4


@dataclass(frozen=True, slots=True)
class Amount:
    """One number. `noun` is the stem of what is counted ("" when the unit says it all); `token` its place."""

    value: float
    unit: int
    comparator: int
    noun: str
    token: int

    @property
    def low(self) -> float:
        return 0.0 if self.comparator == MAXIMUM else self.value

    @property
    def high(self) -> float:
        return 1e15 if self.comparator == MINIMUM else self.value


@lru_cache(maxsize=1)
def load_units() -> dict[str, Any]:
    return tomllib.loads((FOLDER / "units.toml").read_text(encoding="utf-8"))


def _value(word: str) -> float | None:
    if word[0].isdecimal():
        digits = word.replace(" ", "").replace("\u00a0", "").replace(",", ".")
        return float(digits) if digits.count(".") <= 1 and ":" not in digits else None
    return load_units()["number"].get(word)


def _comparator(tokens: Sequence[Token], place: int, reach: int) -> int:
    """Nearest limit word before the number, else just after it ("eller mer")."""
    lexicon = load_lexicon()
    low, high = lexicon.cue("minimum"), lexicon.cue("maximum")
    for token in [*reversed(tokens[max(0, place - LOOK_BACK) : place]), *tokens[place + 1 : place + 1 + reach]]:
        if high in token.classes and token.word != "under":
            return MAXIMUM
        if low in token.classes and token.word != "över":
            return MINIMUM
    return EXACT


def _is_date(words: Sequence[str], place: int, value: float) -> bool:
    months = load_units()["month"]
    following = words[place + 1] if place + 1 < len(words) else ""
    before = words[place - 1] if place else ""
    year = 1900 <= value <= 2100 and words[place].isdecimal() and len(words[place]) == 4
    section = (
        before in ("§", "kap", "artikel", "klockan", "kl", "vecka", "prioritet", "nivå", "dnr") or following == "§"
    )
    return year or following in months or section


def _measure(words: Sequence[str], place: int, value: float) -> tuple[float, int, int] | None:
    """(value in plain units, unit, words used after the number), or None when it is a bare count."""
    units = load_units()
    used, after = 0, list(words[place + 1 : place + 5]) + [""] * 4
    if after[0] in units["scale"]:
        value, used = value * units["scale"][after[0]], 1
    if after[0] in ("procent", "%", "procentenheter"):
        return value, 0, 1
    if after[used] in units["money"]["words"] or (used and after[0] in units["money"]["words"]):
        return value, 1, used + (after[used] in units["money"]["words"])
    if after[0] in units["share"]:
        return value * units["share"][after[0]], 0, 1
    if after[0] == "av" and (whole := _value(after[1]) if after[1] else None) and value < whole:
        return 100 * value / whole, 0, 2
    if after[0] in ("gång", "gånger", "tillfällen"):
        per = next((units["period_per_year"][w] for w in after[1:4] if w in units["period_per_year"]), 1.0)
        return value * per, 3, 3
    if after[0] in units["hours"]:
        return value * units["hours"][after[0]], 2, 1
    return None


def _word_amount(words: Sequence[str], place: int) -> tuple[float, int] | None:
    """Amounts written without a number: "kvartalsvis", "varje månad", "hälften", "var tionde", "en kvart"."""
    units, word = load_units(), words[place]
    following = words[place + 1] if place + 1 < len(words) else ""
    if word in ("varannan", "vartannat") and following in units["period_per_year"]:
        return units["period_per_year"][following] / 2, 3
    if word in units["per_year"] and word not in ("varannan", "vartannat"):
        return units["per_year"][word], 3
    if word in ("varje", "per") and following in units["period_per_year"]:
        before = words[place - 1] if place else ""
        counted = before in ("gång", "gånger") or (word == "per" and any(map(_value, words[max(0, place - 3) : place])))
        return None if counted else (units["period_per_year"][following], 3)
    if word in ("var", "vart") and following in units["share_of"]:
        return units["share_of"][following], 0
    if word in ("varannan", "vartannat"):
        return 50.0, 0
    if word in ("hälften", "halva"):
        return 50.0, 0
    if word == "hela" and following in ("sin", "arbetstiden", "tiden", "beloppet", "kapaciteten"):
        return 100.0, 0
    return (units["hours"][word], 2) if word in ("kvart", "halvtimme", "halvår") else None


def _names(token: Token) -> bool:
    """Whether a word after a number can be what is counted."""
    return token.content and token.kind > 1 and load_lexicon().acts.isdisjoint(token.classes)


def read_amounts(tokens: Sequence[Token]) -> tuple[Amount, ...]:
    """Every amount of the text in order; dates, section numbers and clock times are left out."""
    words = [token.word for token in tokens]
    found, taken = [], -1
    for place, word in enumerate(words):
        if place <= taken:
            continue
        written = _word_amount(words, place)
        if written:
            found.append(Amount(written[0], written[1], _comparator(tokens, place, 1), "", place))
            taken = place + 1
            continue
        value = _value(word)
        if value is None or _is_date(words, place, value):
            continue
        measure = _measure(words, place, value)
        if measure:
            amount, unit, used = measure
            found.append(Amount(amount, unit, _comparator(tokens, place, used + 3), "", place))
            taken = place + used
        elif word not in ("en", "ett", "ingen", "inga", "halv") or _comparator(tokens, place, 0):
            noun = next((t.stem for t in tokens[place + 1 : place + 3] if _names(t)), "")
            found.append(Amount(value, 4, _comparator(tokens, place, 2), noun, place))
    return tuple(found)
